"""Forward plans of the bureaus."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs, require
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from municipalities.models import Bureau

from .. import duties, services
from ..exports import plan_columns
from ..forms import DayForm, InitiativeFormSet, PlanForm
from ..forms.visions import default_term
from ..models import ConferenceMeeting, ForwardPlan
from ..plan_overview import bureau_of, lines_for
from .common import act

MEETINGS = 10


@needs(duties.FORWARD_PLAN)
def plan_list(request: Request) -> HttpResponse:
    """Each bureau's plan, as far as this office may know it."""
    viewer = request.viewer
    lines = lines_for(viewer)
    context = {"lines": lines, "own": viewer.office.code if viewer.is_bureau else "", "edits": _edits(request)}
    return render(request, "regions/plan_list.html", context)


@needs(duties.FORWARD_PLAN)
def plan_export(request: Request) -> HttpResponseBase:
    """The plans of all bureaus, written out."""
    trail = [("前進プラン", reverse("regions:plan_list"))]
    return export_page(request, Export("前進プラン一覧", plan_columns(), lines_for(request.viewer), trail))


def plan_detail(request: Request, pk: int) -> HttpResponse:
    """One version: direction, regions, initiatives, meetings, and what this person may do."""
    return _detail(request, _plan(request, pk, Access.READ))


@needs(duties.FORWARD_PLAN, Access.EDIT)
def plan_new(request: Request) -> HttpResponse:
    """Write the draft of the own bureau's next version."""
    return _form(request, _own_bureau(request), None)


def plan_edit(request: Request, pk: int) -> HttpResponse:
    """Change a version that is not adopted yet."""
    plan = _plan(request, pk, Access.EDIT)
    _require_own(request, plan)
    return _form(request, plan.bureau, plan)


@require_POST
def plan_discuss(request: Request, pk: int) -> HttpResponse:
    """Note that the conference discussed the draft."""
    plan = _plan(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.confirm_discussion(plan.pk, viewer=request.viewer),
        "検討会議で協議済みとしました。管内の市町村に案が見えます。",
        "regions:plan_detail",
        pk,
    )


@require_POST
def plan_adopt(request: Request, pk: int) -> HttpResponse:
    """Adopt the version as the bureau's decider."""
    plan = _plan(request, pk, Access.SUBMIT)
    _require_own(request, plan)
    form = DayForm(request.POST, label="策定日")
    if form.is_valid():
        try:
            services.adopt_plan(plan.pk, adopted_on=form.cleaned_data["day"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:plan_detail", pk)
    return _detail(request, plan, adoption=form, status=422)


@require_POST
def plan_revise(request: Request, pk: int) -> HttpResponse:
    """Copy the adopted version to a new draft and open it."""
    plan = _plan(request, pk, Access.EDIT)
    _require_own(request, plan)
    try:
        draft = services.revise_plan(plan.pk, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, plan, refused=refused, status=422)
    return redirect("regions:plan_edit", draft.pk)


def _plan(request: Request, pk: int, access: Access) -> ForwardPlan:
    visible = ForwardPlan.objects.visible_to(request.viewer)
    plan: ForwardPlan = get_object_or_404(visible.select_related("bureau", "equivalent_zone"), pk=pk)
    require(request.viewer, duties.FORWARD_PLAN, access)
    return plan


def _require_own(request: Request, plan: ForwardPlan) -> None:
    if not (request.viewer.is_bureau and plan.bureau_id == request.viewer.office.code):
        raise PermissionDenied("前進プランは、その振興局だけが作成・変更できます。")


def _own_bureau(request: Request) -> Bureau:
    bureau = bureau_of(request.viewer)
    if bureau is None:
        raise Http404
    return bureau


def _edits(request: Request) -> bool:
    return request.viewer.is_bureau and request.viewer.may(duties.FORWARD_PLAN, Access.EDIT)


def _detail(
    request: Request,
    plan: ForwardPlan,
    *,
    adoption: DayForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, S = request.viewer, ForwardPlan.State  # noqa: N806
    own = viewer.is_bureau and viewer.office.code == plan.bureau_id
    open_version = plan.state in (S.DRAFT, S.CONFERENCE)
    edits = own and viewer.may(duties.FORWARD_PLAN, Access.EDIT)
    may_adopt = own and open_version and viewer.may(duties.FORWARD_PLAN, Access.SUBMIT)
    meetings = ConferenceMeeting.objects.visible_to(viewer).filter(bureau=plan.bureau_id)
    context = {
        "plan": plan,
        "listings": list(plan.listings.select_related("region__lead").order_by("region")),
        "initiatives": list(plan.initiatives.select_related("field", "region")),
        "meetings": list(meetings[:MEETINGS]) if viewer.may(duties.CONFERENCE) else [],
        "versions": ForwardPlan.objects.visible_to(viewer).filter(bureau=plan.bureau_id).order_by("-version"),
        "edits": edits,
        "may_edit": edits and open_version,
        "may_discuss": edits and plan.state == S.DRAFT,
        "may_revise": edits and plan.state == S.ADOPTED,
        "adopt_form": (adoption or DayForm(label="策定日", initial={"day": clock.today()})) if may_adopt else None,
        "refused": refused,
    }
    return render(request, "regions/plan_detail.html", context, status=status)


def _form(request: Request, bureau: Bureau, plan: ForwardPlan | None) -> HttpResponse:
    first: dict[str, object] = {"title": f"{bureau.short_name}地域 広域連携前進プラン"}
    initial = PlanForm.initial_of(plan) if plan else first | default_term(FiscalYear.of(clock.today()))
    rows = InitiativeFormSet.initial_of(plan) if plan else []
    form = PlanForm(request.POST or None, bureau=bureau.pk, prefecture=bureau.prefecture_id, initial=initial)
    initiatives = InitiativeFormSet(request.POST or None, bureau=bureau.pk, initial=rows)
    if request.method == "POST" and all([form.is_valid(), initiatives.is_valid()]):
        try:
            if plan is None:
                saved = services.create_plan(bureau.pk, form.draft(initiatives), viewer=request.viewer)
            else:
                saved = services.update_plan(plan.pk, form.draft(initiatives), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:plan_detail", saved.pk)
    status = 200 if request.method == "GET" else 422
    context = {"form": form, "initiatives": initiatives, "bureau": bureau, "plan": plan}
    return render(request, "regions/plan_form.html", context, status=status)


urls = [
    path("plans/", plan_list, name="plan_list"),
    path("plans/new/", plan_new, name="plan_new"),
    path("plans/export/", plan_export, name="plan_export"),
    path("plans/<int:pk>/", plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", plan_edit, name="plan_edit"),
    path("plans/<int:pk>/discuss/", plan_discuss, name="plan_discuss"),
    path("plans/<int:pk>/adopt/", plan_adopt, name="plan_adopt"),
    path("plans/<int:pk>/revise/", plan_revise, name="plan_revise"),
]
