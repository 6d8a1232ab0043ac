"""KPIs: where they stand, the grid of a region, one indicator with its chart and its plan, what actuals rest on."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import audit, clock, files
from common.access import needs
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.merging import Typed
from common.models import AuditEvent, StoredFile
from common.part_forms import StepForm
from common.part_views import PartView
from common.request import Request
from common.sheets.exporting import Export, download, export_page
from regions import duties, services
from regions.achievement import Standing
from regions.forms import ActualsStep, PlanStep, ProjectChoice, RecordForm, path_years
from regions.kpi_chart import kpi_chart
from regions.kpi_records import records_of, tally
from regions.kpi_words import explanation, message
from regions.models import Kpi, Region
from regions.sheet_forms import actuals_form
from regions.views.common import region_or_404

from ..kpi_exports import kpi_columns
from ..kpi_grid import grid_rows, grid_years, year_lines_of
from ..kpi_hand import WRITES, Hand, hand_of
from ..kpi_rollup import Rollup

HISTORY = 20


@needs(duties.KPI)
def kpi_overview(request: Request) -> HttpResponse:
    """Where the KPIs stand: what is to be entered, by region, and by field and program for the prefecture."""
    rollup = Rollup(request.GET, request.viewer)
    return render(request, "portal/kpi_list.html", {"rollup": rollup, "form": rollup.form, "standings": list(Standing)})


@needs(duties.KPI)
def kpi_overview_export(request: Request) -> HttpResponseBase:
    """Every KPI that the page counts, written out."""
    rows = Rollup(request.GET, request.viewer).records
    columns = kpi_columns(evidence=request.viewer.is_prefecture)
    return export_page(request, Export("KPI一覧", columns, rows, [("KPI", reverse("portal:kpi_list"))]))


class GridView(PartView):
    """KPI × fiscal year: planned values and actuals; whoever may writes the actuals, also pasted from Excel."""

    template = "regions/kpi_list.html"

    def dispatch(self, request: Request, code: str) -> HttpResponse:  # type: ignore[override]
        self.request, self.region = request, region_or_404(request, code, duties.KPI)
        self.hand = hand_of(request.viewer, self.region)
        if request.method == "POST" and not self.hand.writes:
            raise PermissionDenied(WRITES)
        self.reload()
        return super().dispatch(request, code)  # type: ignore[return-value]

    def reload(self) -> None:
        self.records = records_of(_kpis(self.request, self.region))
        self.years = grid_years(self.records, FiscalYear.of(clock.today()))
        self.written = [year for year in self.years if year <= FiscalYear.of(clock.today())]

    def form(self, data: QueryDict | None = None) -> ActualsStep:
        return ActualsStep(self.records, self.written, self.hand.writable(self.records), data)

    @property
    def revision(self) -> int:
        return sum(record.kpi.revision for record in self.records)

    @property
    def saved_at(self) -> datetime | None:
        return max((record.kpi.changed_at for record in self.records if record.kpi.changed_at), default=None)

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        return _saves_of_others(self.request, self.region)

    def next_url(self) -> str:
        return reverse("regions:kpi_list", args=[self.region.pk])

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, ActualsStep)
        changed = services.record_actuals(
            list(form.entries),
            viewer=self.request.viewer,
            entrusted=self.hand.assigned,
            revisions={record.kpi.pk: record.kpi.revision for record in self.records},
        )
        if changed:
            messages.success(self.request, f"KPI{len(changed)}件の実績を保存しました。")

    def context(self, form: StepForm) -> dict[str, Any]:
        assert isinstance(form, ActualsStep)
        return {
            "region": self.region,
            "years": self.years,
            "rows": grid_rows(self.records, self.years, form),
            "hand": self.hand,
            "tally": tally(self.records),
            "this_year": FiscalYear.of(clock.today()),
        }


def kpi_export(request: Request, code: str) -> HttpResponseBase:
    """The KPIs of the region with their newest actual and where they stand, written out."""
    region = region_or_404(request, code, duties.KPI)
    rows, columns = records_of(_kpis(request, region)), kpi_columns(evidence=_own(request, region))
    trail = [(region.name, reverse("regions:region_detail", args=[code]))]
    trail.append(("KPI", reverse("regions:kpi_list", args=[code])))
    return export_page(request, Export(f"KPI一覧_{region.pk}", columns, rows, trail))


def kpi_form(request: Request, code: str) -> HttpResponseBase:
    """The actuals as they stand as a workbook to fill in and to bring back (I-10)."""
    region = region_or_404(request, code, duties.KPI)
    hand = hand_of(request.viewer, region)
    if not hand.everything:
        raise PermissionDenied("KPIの実績の様式は、構成市町村の企画担当が書き出します。")
    book = actuals_form(region, records_of(_kpis(request, region)))
    audit.record(request.viewer, "kpi.form", region, "KPIの実績の様式を書き出し")
    return download(f"KPI実績_{region.pk}_{clock.today():%Y%m%d}", book)


def kpi_detail(request: Request, code: str, pk: int) -> HttpResponse:
    """One indicator: where it stands, chart and table, how its achievement is computed; whoever may adds an actual."""
    region = region_or_404(request, code, duties.KPI)
    kpi = get_object_or_404(_kpis(request, region), pk=pk)
    hand = hand_of(request.viewer, region)
    if request.method == "POST" and not hand.may_write(kpi.project_id):
        raise PermissionDenied(WRITES)
    form = RecordForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _recorded(request, kpi, form, hand):
        return redirect("regions:kpi_detail", region.pk, kpi.pk)
    (record,) = records_of(_kpis(request, region).filter(pk=kpi.pk))
    own = _own(request, region)
    stored = StoredFile.objects.of(kpi).visible_to(request.viewer) if own else StoredFile.objects.none()
    context = {
        "region": region,
        "record": record,
        "kpi": record.kpi,
        "message": message(record),
        "explained": explanation(record),
        "chart": kpi_chart(record),
        "lines": year_lines_of(record, list(stored)),
        "form": form,
        "writes": hand.may_write(kpi.project_id),
        "own": own,
        "events": _events_of(region, kpi) if own else [],
    }
    return render(request, "regions/kpi_detail.html", context, status=422 if form.errors else 200)


def _recorded(request: Request, kpi: Kpi, form: RecordForm, hand: Hand) -> bool:
    """Write the actual and keep its file; what was refused stands above the form with what is saved now."""
    typed = dict(form.cleaned_data)
    upload, entrusted = typed.pop("upload"), hand.assigned
    seen = request.POST.get("revision", "")
    try:
        services.record_actual(
            kpi.pk,
            viewer=request.viewer,
            entrusted=entrusted,
            revision=int(seen) if seen.isdecimal() else None,
            **typed,
        )
        if upload:
            services.attach_evidence(
                kpi.pk, fiscal_year=typed["fiscal_year"], upload=upload, viewer=request.viewer, entrusted=entrusted
            )
    except Conflict as conflict:
        form.refuse(conflict)
        form.add_error(
            None, "下の表がいまの内容です。あなたの入力で保存するときは、もう一度「記録する」を押してください。"
        )
    except Refused as refused:
        form.refuse(refused)
    except files.FileRefused as refused:
        form.add_error("upload", refused)
    else:
        messages.success(request, f"{FiscalYear(typed['fiscal_year']).wareki}の実績を記録しました。")
        return True
    return False


class PlanView(PartView):
    """The plan of one indicator; what two people change is brought together as in an application."""

    template = "regions/kpi_form.html"

    def dispatch(self, request: Request, code: str, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.region = request, region_or_404(request, code, duties.KPI)
        self.pk, self.hand = pk, hand_of(request.viewer, self.region)
        self.reload()
        if not self.hand.may_write(self.kpi.project_id):
            raise PermissionDenied(WRITES)
        return super().dispatch(request, code, pk)  # type: ignore[return-value]

    def reload(self) -> None:
        self.kpi = get_object_or_404(_kpis(self.request, self.region).with_figures(), pk=self.pk)

    def form(self, data: QueryDict | None = None) -> PlanStep:
        return PlanStep(self.kpi, path_years(self.kpi, FiscalYear.of(clock.today())), data)

    @property
    def revision(self) -> int:
        return int(self.kpi.revision)

    @property
    def saved_at(self) -> datetime | None:
        return self.kpi.changed_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        return _saves_of_others(self.request, self.region)

    def next_url(self) -> str:
        return reverse("regions:kpi_detail", args=[self.region.pk, self.pk])

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, PlanStep)
        services.set_kpi(
            self.kpi.project_id,
            form.row.draft,
            viewer=self.request.viewer,
            number=self.kpi.number,
            revision=self.kpi.revision,
            entrusted=self.hand.entrusted(self.kpi.project_id),
        )
        messages.success(self.request, f"KPI「{form.row.draft.name}」の計画を保存しました。")

    def frame(self, base: Typed) -> dict[str, Any]:
        return super().frame(base) | {"region": self.region, "kpi": self.kpi}


def kpi_new(request: Request, code: str) -> HttpResponse:
    """Add an indicator to an initiative of the region."""
    region = region_or_404(request, code, duties.KPI)
    hand = hand_of(request.viewer, region)
    if not hand.writes:
        raise PermissionDenied(WRITES)
    projects = [row for row in region.projects.all() if hand.may_write(row.pk)]
    data = request.POST if request.method == "POST" else None
    choice = ProjectChoice(data, projects=projects, initial={"project": request.GET.get("project", "")})
    form = PlanStep(None, path_years(None, FiscalYear.of(clock.today())), data)
    valid = data is not None and all([choice.is_valid(), form.is_valid()])
    if valid:
        project = int(choice.cleaned_data["project"])
        try:
            kpi = services.set_kpi(project, form.row.draft, viewer=request.viewer, entrusted=hand.entrusted(project))
        except Refused as refused:
            choice.refuse(refused)
        else:
            messages.success(request, f"KPI「{kpi.name}」を登録しました。")
            return redirect("regions:kpi_detail", region.pk, kpi.pk)
    context = {"region": region, "form": form, "choice": choice, "kpi": None, "new": True, "projects": projects}
    return render(request, "regions/kpi_form.html", context, status=422 if data is not None else 200)


def kpi_remove(request: Request, code: str, pk: int) -> HttpResponse:
    """Ask once, then take an indicator without actuals out of the plan."""
    region = region_or_404(request, code, duties.KPI)
    kpi = get_object_or_404(_kpis(request, region), pk=pk)
    hand = hand_of(request.viewer, region)
    if not hand.may_write(kpi.project_id):
        raise PermissionDenied(WRITES)
    problems: list[str] = []
    if request.method == "POST":
        try:
            services.remove_kpi(
                kpi.project_id, kpi.number, viewer=request.viewer, entrusted=hand.entrusted(kpi.project_id)
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, f"KPI「{kpi.name}」を計画から外しました。")
            return redirect("regions:kpi_list", region.pk)
    context = {"region": region, "kpi": kpi, "problems": problems, "actuals": kpi.actuals.count()}
    return render(request, "regions/kpi_remove.html", context, status=422 if problems else 200)


def kpi_file(request: Request, code: str, pk: int, file: int) -> HttpResponseBase:
    """A file on which an actual rests: for offices that have a part in the region."""
    region = region_or_404(request, code, duties.KPI)
    kpi = get_object_or_404(_kpis(request, region), pk=pk)
    own = _own(request, region)
    stored = StoredFile.objects.of(kpi).visible_to(request.viewer) if own else StoredFile.objects.none()
    return files.download(get_object_or_404(stored, pk=file), viewer=request.viewer, inline=True)


@require_POST
def kpi_file_remove(request: Request, code: str, pk: int, file: int) -> HttpResponse:
    """Take such a file out of the page."""
    region = region_or_404(request, code, duties.KPI)
    kpi = get_object_or_404(_kpis(request, region), pk=pk)
    hand = hand_of(request.viewer, region)
    if not hand.may_write(kpi.project_id):
        raise PermissionDenied(WRITES)
    get_object_or_404(StoredFile.objects.of(kpi).visible_to(request.viewer), pk=file)
    stored = services.detach_evidence(kpi.pk, file, viewer=request.viewer, entrusted=hand.assigned)
    messages.success(request, f"「{stored.name}」を外しました。")
    return redirect("regions:kpi_detail", region.pk, kpi.pk)


def _kpis(request: Request, region: Region) -> Any:
    """The KPIs of the region that this office may know."""
    return Kpi.objects.visible_to(request.viewer).of_region(region.pk)


def _own(request: Request, region: Region) -> bool:
    """Whether the office has a part in the region and may see what its figures rest on."""
    return Region.objects.own_to(request.viewer).filter(pk=region.pk).exists()


def _events_of(region: Region, kpi: Kpi) -> list[AuditEvent]:
    """What was done to this KPI, newest first; imports name all KPIs that they wrote."""
    events = audit.timeline(region, internal=False).filter(action__startswith="kpi.")
    found = (one for one in events.iterator() if kpi.pk in (one.after.get("kpi"), *one.after.get("kpis", ())))
    return list(islice(found, HISTORY))


def _saves_of_others(request: Request, region: Region) -> QuerySet[AuditEvent]:
    events = audit.timeline(region, internal=False).filter(action__startswith="kpi.")
    return events.exclude(user_id=request.viewer.user_id)
