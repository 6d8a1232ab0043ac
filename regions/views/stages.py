"""Where regions stand: the matrix of regions × fields, the readings of one region, and the acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs
from common.errors import Refused
from common.fiscal_year import parse_day
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, OfficeKind, Viewer

from .. import duties, services
from ..forms import CommentForm, StagesForm
from ..meeting_exports import stage_columns, summary_columns
from ..models import Region, StageAssessment
from ..plan_overview import bureaus
from ..stage_matrix import NAMES, Matrix, Reading, all_fields, matrix_of, stage_name, summary_of, year_before
from .common import act, region_or_404


@dataclass(frozen=True)
class Question:
    """Which bureau (empty: all) and as of which day; `problem` says why the day could not be read."""

    bureau: str
    on: date
    problem: str = ""


@needs(duties.STAGE)
def stage_list(request: Request) -> HttpResponse:
    """The matrix with its summary; whoever reads the summary only (the association) gets that alone."""
    asked = _asked(request)
    matrix = _matrix(request.viewer, asked)
    only_summary = request.viewer.office.kind == OfficeKind.ASSOCIATION
    context = {
        "asked": asked,
        "before": year_before(asked.on),
        "matrix": matrix,
        "summary": summary_of(matrix, confirmed=only_summary),
        "only_summary": only_summary,
        "bureaus": [] if request.viewer.is_municipal else bureaus(),
        "stages": [stage_name(track, stage) for track, stage in NAMES],
    }
    return render(request, "regions/stage_list.html", context, status=422 if asked.problem else 200)


@needs(duties.STAGE)
def stage_export(request: Request) -> HttpResponseBase:
    """The cells of the matrix, one reading a row; for the association the summary."""
    matrix = _matrix(request.viewer, _asked(request))
    trail = [("ステージの状況", reverse("regions:stage_list"))]
    if request.viewer.office.kind == OfficeKind.ASSOCIATION:
        return export_page(
            request, Export("ステージの集計", summary_columns(), summary_of(matrix, confirmed=True), trail)
        )
    readings = [reading for cell in matrix.cells for _, reading in cell.readings if reading]
    return export_page(request, Export("ステージの状況", stage_columns(), readings, trail))


def region_stages(request: Request, code: str) -> HttpResponse:
    """All readings of one region, field by field, newest first, with what others say."""
    return _region(request, _region_or_404(request, code, Access.READ))


def stage_new(request: Request, code: str) -> HttpResponse:
    """Read the stages of several fields as the lead bureau."""
    region = region_or_404(request, code, duties.STAGE, Access.EDIT)
    if request.viewer.office.code != region.lead_bureau_id:
        raise PermissionDenied(f"ステージは、主管振興局（{region.lead_bureau.name}）が評価します。")
    policy_fields = all_fields()
    matrix = matrix_of([region], region.stages.by(clock.today()).select_related("field"), clock.today())
    latest: dict[tuple[str, str], Reading | None] = {}
    for cell in matrix.rows[0].cells:
        latest |= {(cell.field.pk, "municipal"): cell.municipal, (cell.field.pk, "prefecture"): cell.prefecture}
    proposed = {name: text for name, text in request.GET.items() if name.startswith("evidence-")}  # from another page
    form = StagesForm(
        request.POST or None,
        policy_fields=policy_fields,
        latest=latest,
        initial=proposed | {"assessed_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.assess_stages(
                region.pk, form.drafts, assessed_on=form.cleaned_data["assessed_on"], viewer=request.viewer
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:region_stages", region.pk)
    own = set(region.projects.values_list("main_field", flat=True)) | {field for field, _ in latest}
    lines = list(form.lines())
    far = [line for line in lines if line.field.pk not in own]
    context = {
        "form": form,
        "region": region,
        "near": [line for line in lines if line.field.pk in own],
        "far": far,
        "far_fields": len({line.field.pk for line in far}),
        "far_open": not own or any(line.stage.errors or line.evidence.errors for line in far),
    }
    return render(request, "regions/stage_form.html", context, status=422 if form.errors else 200)


@require_POST
def stage_confirm(request: Request, code: str) -> HttpResponse:
    """Confirm the open readings of the region."""
    region = _region_or_404(request, code, Access.SUBMIT)
    return act(
        request,
        lambda: services.confirm_stages(region.pk, viewer=request.viewer),
        "ステージの評価を確認しました。",
        "regions:region_stages",
        code,
    )


@require_POST
def stage_comment(request: Request, code: str) -> HttpResponse:
    """Say something about the readings."""
    region, form = _region_or_404(request, code, Access.COMMENT), CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment_stages(region.pk, form.cleaned_data["text"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:region_stages", code)
    return _region(request, region, comment=form, status=422)


def _region_or_404(request: Request, code: str, access: Access) -> Region:
    """The region; the association reads the summary of all regions only, and opinions are for whoever has a part."""
    region = region_or_404(request, code, duties.STAGE, access)
    if request.viewer.office.kind == OfficeKind.ASSOCIATION:
        raise PermissionDenied("団体の方は、ステージの集計だけを読めます。")
    if access == Access.COMMENT and not _own(request, region):
        raise PermissionDenied("ステージの評価への意見は、その地域の市町村と本庁が書きます。")
    return region


def _own(request: Request, region: Region) -> bool:
    return bool(Region.objects.own_to(request.viewer).filter(pk=region.pk).exists())


def _region(request: Request, region: Region, *, comment: CommentForm | None = None, status: int = 200) -> HttpResponse:
    viewer, today = request.viewer, clock.today()
    rows = list(region.stages.by(today).select_related("field", "assessed_by"))
    by_field: dict[str, list[StageAssessment]] = {}
    for row in sorted(rows, key=lambda one: (one.field.order, one.track, -one.assessed_on.toordinal())):
        by_field.setdefault(row.field.name, []).append(row)
    waiting = sum(1 for row in rows if row.confirmed_on is None)
    lead = viewer.office.code == region.lead_bureau_id
    comments = viewer.may(duties.STAGE, Access.COMMENT) and _own(request, region)
    context = {
        "region": region,
        "fields": [(name, readings[0].field_id, readings) for name, readings in by_field.items()],
        "comments": list(region.stage_comments.select_related("field")),
        "comment_form": (comment or CommentForm()) if comments else None,
        "may_assess": lead and viewer.may(duties.STAGE, Access.EDIT),
        "waiting": waiting,
        "may_confirm": waiting and (lead or viewer.is_prefecture) and viewer.may(duties.STAGE, Access.SUBMIT),
    }
    return render(request, "regions/region_stages.html", context, status=status)


def _asked(request: Request) -> Question:
    bureau, typed = request.GET.get("bureau"), request.GET.get("on", "").strip()
    if bureau is None:
        bureau = request.viewer.office.code if request.viewer.is_bureau else ""
    if not typed:
        return Question(bureau, clock.today())
    try:
        return Question(bureau, parse_day(typed))
    except ValueError as wrong:
        return Question(bureau, clock.today(), str(wrong))


def _matrix(viewer: Viewer, asked: Question) -> Matrix:
    """The matrix as this office may see it: two queries, however many regions and fields there are."""
    whole = viewer.office.kind in (OfficeKind.PREFECTURE, OfficeKind.ASSOCIATION)
    regions = Region.objects.visible_to(viewer) if whole else Region.objects.own_to(viewer)
    if asked.bureau and not viewer.is_municipal:
        regions = regions.touching(asked.bureau)
    readings = StageAssessment.objects.visible_to(viewer).by(asked.on).filter(region__in=regions)
    rows = regions.acting().select_related("lead_bureau").order_by("lead_bureau__order", "code")
    return matrix_of(rows, readings.select_related("field", "region"), asked.on)


urls = [
    path("stages/", stage_list, name="stage_list"),
    path("stages/export/", stage_export, name="stage_export"),
    path("regions/<str:code>/stages/", region_stages, name="region_stages"),
    path("regions/<str:code>/stages/new/", stage_new, name="stage_new"),
    path("regions/<str:code>/stages/confirm/", stage_confirm, name="stage_confirm"),
    path("regions/<str:code>/stages/comment/", stage_comment, name="stage_comment"),
]
