"""Visions: one version with its initiatives, the form, and each act on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common import clock
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.request import Request
from common.viewer import Access

from .. import duties, services
from ..forms import DayForm, VisionForm, VisionItemFormSet
from ..forms.visions import default_term
from ..models import Region, Vision, VisionProject
from .common import (
    act,
    plans_papers,
    region_or_404,
    require_lead_bureau,
    require_planner,
    require_town,
    vision_or_404,
)


@dataclass(frozen=True)
class ItemLine:
    """An initiative of the vision with its cost in yen in each year of the term (None where none is given)."""

    item: VisionProject
    costs: list[int | None]

    @property
    def total(self) -> int:
        return sum(cost for cost in self.costs if cost is not None)


def vision_detail(request: Request, pk: int) -> HttpResponse:
    """One version: future image, initiatives with costs by year, the other versions, what this person may do."""
    return _detail(request, vision_or_404(request, pk))


def vision_new(request: Request, code: str) -> HttpResponse:
    """Write the draft of the region's next version."""
    region = region_or_404(request, code, duties.VISION, Access.EDIT)
    require_planner(request, region)
    return _form(request, region, None)


def vision_edit(request: Request, pk: int) -> HttpResponse:
    """Change a version that is not adopted yet."""
    vision = vision_or_404(request, pk, Access.EDIT)
    require_planner(request, vision.region)
    return _form(request, vision.region, vision)


@require_POST
def vision_consult(request: Request, pk: int) -> HttpResponse:
    """Show the draft to the bureaus for their comments."""
    vision = vision_or_404(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.consult_vision(vision.pk, viewer=request.viewer),
        "振興局へ案を示しました。",
        "regions:vision_detail",
        pk,
    )


@require_POST
def vision_adopt(request: Request, pk: int) -> HttpResponse:
    """Adopt the version as the lead municipality."""
    vision = vision_or_404(request, pk, Access.SUBMIT)
    require_town(request, "ビジョンの策定は、代表市町村の承認者が記録します。")
    form = DayForm(request.POST, label="策定日")
    if form.is_valid():
        try:
            services.adopt_vision(vision.pk, adopted_on=form.cleaned_data["day"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:vision_detail", pk)
    return _detail(request, vision, adoption=form, status=422)


@require_POST
def vision_revise(request: Request, pk: int) -> HttpResponse:
    """Copy the adopted version to a new draft and open it."""
    vision = vision_or_404(request, pk, Access.EDIT)
    try:
        draft = services.revise(vision.pk, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, vision, refused=refused, status=422)
    return redirect("regions:vision_edit", draft.pk)


@require_POST
def vision_receive(request: Request, pk: int) -> HttpResponse:
    """Note the receipt by the lead bureau."""
    vision = vision_or_404(request, pk, Access.SUBMIT)
    require_lead_bureau(request, vision.region)
    form = DayForm(request.POST, label="受理日")
    if form.is_valid():
        try:
            services.receive_vision(vision.pk, received_on=form.cleaned_data["day"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:vision_detail", pk)
    return _detail(request, vision, receipt=form, status=422)


def _detail(
    request: Request,
    vision: Vision,
    *,
    adoption: DayForm | None = None,
    receipt: DayForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, region, S = request.viewer, vision.region, Vision.State  # noqa: N806
    planner = plans_papers(request, region)
    open_version = vision.state in (S.DRAFT, S.CONSULTED)
    signs = viewer.may(duties.VISION, Access.SUBMIT)
    may_adopt = open_version and signs and viewer.office.code == region.lead_id
    may_receive = vision.state == S.ADOPTED and vision.received_on is None and signs
    may_receive = may_receive and viewer.office.code == region.lead_bureau_id
    today = {"day": clock.today()}
    years = range(vision.term_from_fy, vision.term_to_fy + 1)
    lines = [
        _line(item, years) for item in vision.items.select_related("project__main_field").prefetch_related("costs")
    ]
    context = {
        "vision": vision,
        "region": region,
        "lines": lines,
        "years": [FiscalYear(year) for year in years],
        "totals": [sum(line.costs[n] or 0 for line in lines) for n in range(len(years))],
        "total": sum(line.total for line in lines),
        "versions": Vision.objects.visible_to(viewer).filter(region=region).order_by("-version"),
        "may_edit": planner and open_version,
        "may_consult": planner and vision.state == S.DRAFT,
        "may_revise": planner and vision.state == S.ADOPTED,
        "adopt_form": (adoption or DayForm(label="策定日", initial=today)) if may_adopt else None,
        "receipt_form": (receipt or DayForm(label="受理日", initial=today)) if may_receive else None,
        "refused": refused,
    }
    return render(request, "regions/vision_detail.html", context, status=status)


def _line(item: VisionProject, years: range) -> ItemLine:
    costs = {cost.fiscal_year: cost.amount_yen for cost in item.costs.all()}
    return ItemLine(item, [costs.get(year) for year in years])


def _form(request: Request, region: Region, vision: Vision | None) -> HttpResponse:
    initial = VisionForm.initial_of(vision) if vision else default_term(FiscalYear.of(clock.today()))
    rows = VisionItemFormSet.initial_of(vision) if vision else []
    form = VisionForm(request.POST or None, region=region, initial=initial)
    items = VisionItemFormSet(request.POST or None, region=region, initial=rows)
    if request.method == "POST" and all([form.is_valid(), items.is_valid()]):
        try:
            if vision is None:
                saved = services.create_vision(region.pk, form.draft(items), viewer=request.viewer)
            else:
                saved = services.update_vision(vision.pk, form.draft(items), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:vision_detail", saved.pk)
    status = 200 if request.method == "GET" else 422
    context = {"form": form, "items": items, "region": region, "vision": vision}
    return render(request, "regions/vision_form.html", context, status=status)


urls = [
    path("visions/<int:pk>/", vision_detail, name="vision_detail"),
    path("visions/<int:pk>/edit/", vision_edit, name="vision_edit"),
    path("visions/<int:pk>/consult/", vision_consult, name="vision_consult"),
    path("visions/<int:pk>/adopt/", vision_adopt, name="vision_adopt"),
    path("visions/<int:pk>/revise/", vision_revise, name="vision_revise"),
    path("visions/<int:pk>/receive/", vision_receive, name="vision_receive"),
    path("regions/<str:code>/visions/new/", vision_new, name="vision_new"),
]
