"""Visions: one version with its initiatives, the zone's vision in its place, two versions side by side, each act."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock, files
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.models import StoredFile
from common.request import Request
from common.viewer import Access

from .. import duties, services
from ..forms import DayForm, EquivalentPage, VisionBeginForm
from ..forms.visions import default_term
from ..models import Region, Vision, VisionProject
from ..papers.vision import PAPER, vision_paper
from ..vision_changes import compare
from ..vision_check import lacks
from ..zone_shares import zone_share, zone_shares
from .common import (
    act,
    opinions,
    plans_papers,
    region_or_404,
    require_lead_bureau,
    require_planner,
    require_town,
    vision_or_404,
)
from .papers import paper_answer


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
    """Begin the draft of the region's next version; it is then written part by part."""
    region = region_or_404(request, code, duties.VISION, Access.EDIT)
    require_planner(request, region)
    form = VisionBeginForm(
        request.POST or None, initial=VisionBeginForm.initial_of(region, FiscalYear.of(clock.today()))
    )
    if request.method == "POST" and form.is_valid():
        try:
            vision = services.create_vision(region.pk, form.draft, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:vision_edit", vision.pk)
    shares = [one for one in zone_shares(region.pk, clock.today()) if one.counts]
    context = {"form": form, "region": region, "shares": shares}
    return render(request, "regions/vision_form.html", context, status=200 if request.method == "GET" else 422)


def vision_pdf(request: Request, pk: int) -> HttpResponse:
    """D-24: as it was issued at adoption, marked 案 while it is made."""
    vision = vision_or_404(request, pk)
    back = reverse("regions:vision_detail", args=[pk])
    return paper_answer(request, PAPER, vision, lambda: vision_paper(vision), back=back)


def vision_compare(request: Request, pk: int) -> HttpResponse:
    """This version beside an earlier one, field by field; `?base=` names the other, without it the one before."""
    vision = vision_or_404(request, pk)
    rows = Vision.objects.visible_to(request.viewer).filter(region=vision.region_id, erased_on=None).exclude(pk=pk)
    others = list(rows.order_by("-version"))
    asked = request.GET.get("base", "")
    earlier = (row for row in others if row.version < vision.version)
    base = next((row for row in others if str(row.pk) == asked), None) or next(earlier, None)
    context = {
        "vision": vision,
        "region": vision.region,
        "base": base,
        "others": others,
        "comparison": compare(base, vision) if base else None,
    }
    return render(request, "regions/vision_compare.html", context)


def vision_copy(request: Request, pk: int, file: int) -> HttpResponseBase:
    """The copy of a zone's vision that was attached."""
    vision = vision_or_404(request, pk)
    stored = get_object_or_404(StoredFile.objects.of(vision).visible_to(request.viewer), pk=file)
    return files.download(stored, viewer=request.viewer)


def equivalent_new(request: Request, code: str) -> HttpResponse:
    """Register the vision of a national zone as the region's own, so that nobody writes twice."""
    region = region_or_404(request, code, duties.VISION, Access.EDIT)
    require_planner(request, region)
    return _equivalent(request, region, None)


def equivalent_edit(request: Request, pk: int) -> HttpResponse:
    """Change what was registered, before it is adopted."""
    vision = vision_or_404(request, pk, Access.EDIT)
    require_planner(request, vision.region)
    if not vision.is_open or not vision.equivalent_zone_id:
        return redirect("regions:vision_detail", pk)
    return _equivalent(request, vision.region, vision)


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
    return redirect("regions:vision_detail" if draft.equivalent_zone_id else "regions:vision_edit", draft.pk)


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
    signs = viewer.may(duties.VISION, Access.SUBMIT)
    may_adopt = vision.is_open and signs and viewer.office.code == region.lead_id
    may_receive = vision.state == S.ADOPTED and vision.received_on is None and signs
    may_receive = may_receive and viewer.office.code == region.lead_bureau_id
    today = clock.today()
    rows = vision.items.select_related("project__main_field", "project__secretariat")
    lines = [
        _line(item, vision.years)
        for item in rows.prefetch_related("costs", "parts__municipality", "project__participants", "project__kpis")
    ]
    missing = lacks(vision, today) if vision.is_open and (planner or may_adopt) else []
    versions = list(Vision.objects.visible_to(viewer).filter(region=region).order_by("-version"))
    context = {
        "vision": vision,
        "region": region,
        "lines": lines,
        "years": [FiscalYear(year) for year in vision.years],
        "totals": [sum(line.costs[n] or 0 for line in lines) for n in range(len(vision.years))],
        "total": sum(line.total for line in lines),
        "versions": versions,
        "earlier": next((row for row in versions if row.version < vision.version), None),
        "missing": missing,
        "must": [one for one in missing if one.must],
        "zone": vision.equivalent_zone,
        "share": zone_share(region.pk, vision.equivalent_zone_id, today) if vision.equivalent_zone_id else None,
        "copies": StoredFile.objects.of(vision) if vision.equivalent_zone_id else [],
        "may_edit": planner and vision.is_open,
        "may_consult": planner and vision.state == S.DRAFT,
        "may_revise": planner and vision.state == S.ADOPTED,
        "adopt_form": (adoption or DayForm(label="策定日", initial={"day": today})) if may_adopt else None,
        "receipt_form": (receipt or DayForm(label="受理日", initial={"day": today})) if may_receive else None,
        "refused": refused,
        **opinions(request, region, vision),
    }
    return render(request, "regions/vision_detail.html", context, status=status)


def _line(item: VisionProject, years: range) -> ItemLine:
    costs = {cost.fiscal_year: cost.amount_yen for cost in item.costs.all()}
    return ItemLine(item, [costs.get(year) for year in years])


def _equivalent(request: Request, region: Region, vision: Vision | None) -> HttpResponse:
    shares = zone_shares(region.pk, clock.today())
    counting = [one for one in shares if one.counts]
    initial = {"zone": counting[0].zone.pk if len(counting) == 1 else ""} | default_term(FiscalYear.of(clock.today()))
    page = EquivalentPage(region, shares, vision, initial=None if vision else initial)
    if request.method == "POST":
        page = EquivalentPage(region, shares, vision, request.POST, request.FILES, more=request.POST.get("more", ""))
        if "more" not in request.POST and page.is_valid():
            upload = page.main.cleaned_data["copy"]
            try:
                if vision is None:
                    saved = services.register_equivalent(region.pk, page.draft, upload=upload, viewer=request.viewer)
                else:
                    typed = request.POST.get("revision", "")
                    revision = int(typed) if typed.isdigit() else 0
                    saved = services.update_equivalent(
                        vision.pk, page.draft, revision=revision, upload=upload, viewer=request.viewer
                    )
            except (Refused, files.FileRefused) as refused:
                for text in refused.problems if isinstance(refused, Refused) else refused.messages:
                    page.main.add_error(None, text)
            else:
                return redirect("regions:vision_detail", saved.pk)
    context = {
        "page": page,
        "region": region,
        "vision": vision,
        "shares": shares,
        "counting": counting,
        "problems": page.problems if request.method == "POST" and "more" not in request.POST else [],
        "copies": StoredFile.objects.of(vision) if vision else [],
    }
    status = 422 if context["problems"] else 200
    return render(request, "regions/vision_equivalent.html", context, status=status)


urls = [
    path("visions/<int:pk>/", vision_detail, name="vision_detail"),
    path("visions/<int:pk>/vision.pdf", vision_pdf, name="vision_pdf"),
    path("visions/<int:pk>/compare/", vision_compare, name="vision_compare"),
    path("visions/<int:pk>/files/<int:file>/", vision_copy, name="vision_copy"),
    path("visions/<int:pk>/equivalent/", equivalent_edit, name="equivalent_edit"),
    path("visions/<int:pk>/consult/", vision_consult, name="vision_consult"),
    path("visions/<int:pk>/adopt/", vision_adopt, name="vision_adopt"),
    path("visions/<int:pk>/revise/", vision_revise, name="vision_revise"),
    path("visions/<int:pk>/receive/", vision_receive, name="vision_receive"),
    path("regions/<str:code>/visions/new/", vision_new, name="vision_new"),
    path("regions/<str:code>/visions/equivalent/", equivalent_new, name="equivalent_new"),
]
