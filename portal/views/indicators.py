"""The prefecture-wide indicators: every year computed beside what was published, and what was counted."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import audit
from common.access import needs, require
from common.asked_day import day_asked
from common.errors import Conflict, Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from .. import services
from ..duties import INDICATORS
from ..exports import YEARS
from ..indicator_forms import OfficialForm, PlanForm
from ..indicator_ground import IndicatorGround
from ..indicators import counted_towns, explained, indicators_on, years_of
from ..models import PrefIndicator, PrefIndicatorPlan


@needs(INDICATORS)
def indicator_list(request: Request) -> HttpResponse:
    """The indicators on a day, each with its years and a sentence on how computed and official values relate."""
    on, ground = day_asked(request), IndicatorGround(settings.PREFECTURE_CODE)
    found = indicators_on(settings.PREFECTURE_CODE, on, viewer=request.viewer, ground=ground)
    lines = [(one, years_of(one.row, ground, on), explained(one.row, ground, on)) for one in found]
    return render(request, "portal/indicator_list.html", {"on": on, "lines": lines})


@needs(INDICATORS)
def indicator_export(request: Request) -> HttpResponseBase:
    """Every year of every indicator, written out."""
    on, ground = day_asked(request), IndicatorGround(settings.PREFECTURE_CODE)
    found = indicators_on(settings.PREFECTURE_CODE, on, viewer=request.viewer, ground=ground)
    rows = [(one.row, year) for one in found for year in years_of(one.row, ground, on)]
    trail = [("全道の指標", reverse("portal:indicator_list"))]
    return export_page(request, Export("全道の指標", YEARS, rows, trail))


@needs(INDICATORS)
def indicator_detail(request: Request, code: str) -> HttpResponse:
    """One indicator: what was counted on the day, by name; staff of headquarters enter the official values."""
    on, viewer = day_asked(request), request.viewer
    rows = PrefIndicator.objects.visible_to(viewer).with_values(viewer)
    row = get_object_or_404(rows, pk=code)
    if request.method == "POST":
        require(viewer, INDICATORS, Access.EDIT)
    form = OfficialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_official(code, viewer=viewer, **form.cleaned_data)
        except Refused as refused:  # a Conflict says what stands now
            form.refuse(refused)
            if isinstance(refused, Conflict):
                typed = request.POST.copy()
                typed["revision"] = str(_revision(row, form.cleaned_data["fiscal_year"]))
                form.data = typed
        else:
            messages.success(request, "公表値を登録しました。本庁の決裁者が確認すると、全員に表示されます。")
            return redirect("portal:indicator_detail", code)
    ground = IndicatorGround(row.prefecture_id)
    (one,) = [one for one in indicators_on(row.prefecture_id, on, viewer=viewer, ground=ground) if one.code == code]
    counted, others = counted_towns(ground, on) if row.measure == "municipalities" else ([], [])
    context = {
        "on": on,
        "one": one,
        "row": row,
        "years": years_of(row, ground, on),
        "explained": explained(row, ground, on),
        "things": ground.things_on(on) if row.measure == "regions" else [],
        "continued": ground.continued_on(on) if row.measure == "regions" else [],
        "beside": ground.side_by_side_on(on) if row.measure == "regions" else [],
        "towns": counted,
        "others": others,
        "plans": ground.plans_on(on) if row.measure == "initiatives" else None,
        "form": form if viewer.may(INDICATORS, Access.EDIT) else None,
        "may_confirm": viewer.may(INDICATORS, Access.SUBMIT),
        "events": audit.timeline(row, internal=False)[:10] if viewer.sees_internal else [],
    }
    return render(request, "portal/indicator_detail.html", context, status=422 if form.errors else 200)


@needs(INDICATORS)
def indicator_plan(request: Request, code: str) -> HttpResponse:
    """Baseline and target: what is in force, what was before, and another one that staff prepare."""
    viewer = request.viewer
    row = get_object_or_404(PrefIndicator.objects.visible_to(viewer), pk=code)
    if request.method == "POST":
        require(viewer, INDICATORS, Access.EDIT)
    form = PlanForm(request.POST if request.method == "POST" else None, indicator=row)
    if form.is_bound and form.is_valid():
        try:
            services.propose_plan(code, form.typed, viewer=viewer)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "案を登録しました。本庁の決裁者が確認すると、基準値・目標値が変わります。")
            return redirect("portal:indicator_plan", code)
    plans = list(row.plans.all()) if viewer.sees_internal else []
    waiting = next((plan for plan in plans if plan.state == PrefIndicatorPlan.State.WAITING), None)
    context = {
        "row": row,
        "waiting": waiting,
        "earlier": [plan for plan in plans if plan is not waiting],
        "form": form if viewer.may(INDICATORS, Access.EDIT) and waiting is None else None,
        "may_confirm": viewer.may(INDICATORS, Access.SUBMIT),
        "may_drop": viewer.may(INDICATORS, Access.EDIT) or viewer.may(INDICATORS, Access.SUBMIT),
        "own": waiting is not None and viewer.stands_for(waiting.entered_by_id),
    }
    return render(request, "portal/indicator_plan.html", context, status=422 if form.errors else 200)


@require_POST
@needs(INDICATORS)
def indicator_plan_decide(request: Request, code: str) -> HttpResponse:
    """Confirm what was prepared, or give it up, as the pressed button says."""
    viewer = request.viewer
    get_object_or_404(PrefIndicator.objects.visible_to(viewer), pk=code)
    if not viewer.may(INDICATORS, Access.EDIT):
        require(viewer, INDICATORS, Access.SUBMIT)
    asked = request.POST.get("plan", "")
    act, done = services.confirm_plan, "基準値・目標値を確認しました。"
    if request.POST.get("act") == "drop":
        act, done = services.drop_plan, "案を取りやめました。"
    try:
        act(code, plan_id=int(asked) if asked.isdecimal() else 0, viewer=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    except PermissionDenied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, done)
    return redirect("portal:indicator_plan", code)


@require_POST
def indicator_confirm(request: Request, code: str, year: int) -> HttpResponse:
    """Confirm an official value, so that everyone reads it."""
    require(request.viewer, INDICATORS)
    row = get_object_or_404(PrefIndicator.objects.visible_to(request.viewer), pk=code)
    require(request.viewer, INDICATORS, Access.SUBMIT)
    get_object_or_404(row.values, fiscal_year=year)
    seen = request.POST.get("revision", "")
    try:
        services.confirm_official(
            code, fiscal_year=year, viewer=request.viewer, revision=int(seen) if seen.isdecimal() else None
        )
    except Refused as refused:
        messages.error(request, str(refused))
    except PermissionDenied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, "公表値を確認しました。")
    return redirect("portal:indicator_detail", code)


def _revision(row: PrefIndicator, fiscal_year: int) -> int:
    """The revision that stands for the year, 0 where there is none."""
    return next((value.revision for value in row.values.filter(fiscal_year=fiscal_year)), 0)
