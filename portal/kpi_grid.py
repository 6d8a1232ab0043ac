"""The grid of KPI × fiscal year and the table of one KPI, as their pages draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms.boundfield import BoundField

from common.fiscal_year import FiscalYear
from common.models import StoredFile
from regions.achievement import Basis, Planned, Position, Standing
from regions.forms import ActualsStep
from regions.karte import show, target_text
from regions.kpi_chart import kpi_years
from regions.kpi_records import KpiRecord
from regions.kpi_words import figure
from regions.models import KpiActual
from regions.services.kpis import evidence_label


@dataclass(frozen=True)
class Cell:
    """One KPI in one fiscal year; `value` and `evidence` are the fields of whoever may write here."""

    year: FiscalYear
    planned: Planned | None
    actual: KpiActual | None
    short: bool
    missing: bool
    value: BoundField | None = None
    evidence: BoundField | None = None

    @property
    def plan_text(self) -> str:
        return figure(self.planned.value) if self.planned else ""

    @property
    def on_line(self) -> bool:
        """Whether the planned value was not entered but lies on the line between its neighbours."""
        return self.planned is not None and self.planned.basis == Basis.LINE

    @property
    def actual_text(self) -> str:
        return show(self.actual.value) if self.actual else ""


@dataclass(frozen=True)
class GridRow:
    """One KPI with its cells."""

    record: KpiRecord
    cells: list[Cell]
    written: bool

    @property
    def baseline(self) -> str:
        return "新規" if self.record.kpi.baseline_is_new else show(self.record.kpi.baseline)

    @property
    def target(self) -> str:
        return target_text(self.record.kpi)


@dataclass(frozen=True)
class YearLine:
    """One year of the table beside a chart."""

    year: FiscalYear
    baseline: bool
    planned: Planned | None
    actual: KpiActual | None
    judged: Position | None
    missing: bool
    files: list[StoredFile]

    @property
    def plan_text(self) -> str:
        return figure(self.planned.value) if self.planned else "－"

    @property
    def on_line(self) -> bool:
        return self.planned is not None and self.planned.basis == Basis.LINE

    @property
    def gap_text(self) -> str:
        """+5 or ▲15: the actual less the plan; － where there is nothing to compare."""
        if self.actual is None or self.planned is None:
            return "－"
        gap = figure(type(self.planned.value)(self.actual.value) - self.planned.value)
        return gap if gap.startswith("▲") or gap in ("0",) else f"+{gap}"

    @property
    def short(self) -> bool:
        return self.judged is not None and self.judged.standing == Standing.SHORT


def grid_years(records: Sequence[KpiRecord], today: FiscalYear) -> list[FiscalYear]:
    """The columns: from the first expected year to the last target, with the present year in any case."""
    years = [int(today)]
    for record in records:
        plan = record.plan
        years += [year for year in (plan.first, plan.target_fy) if year is not None]
        years += [*plan.yearly, *record.actuals]
    return [FiscalYear(year) for year in range(min(years), max(years) + 1)]


def grid_rows(records: Sequence[KpiRecord], years: Sequence[FiscalYear], form: ActualsStep) -> list[GridRow]:
    """One row for each KPI, with the fields of the form where this person writes."""
    rows = []
    for record in records:
        cells = []
        for year in years:
            value, evidence = form.cell(record.kpi.pk, year) or (None, None)
            judged = record.judged(year)
            cells.append(
                Cell(
                    year,
                    record.planned(year),
                    record.actuals.get(year),
                    judged is not None and judged.standing == Standing.SHORT and year <= record.ended,
                    year in record.missing,
                    value,
                    evidence,
                )
            )
        rows.append(GridRow(record, cells, any(cell.value is not None for cell in cells)))
    return rows


def year_lines_of(record: KpiRecord, files: Sequence[StoredFile]) -> list[YearLine]:
    """The years of one KPI, from the baseline to the target."""
    by_label: dict[str, list[StoredFile]] = {}
    for stored in files:
        by_label.setdefault(stored.label, []).append(stored)
    return [
        YearLine(
            FiscalYear(year),
            year == record.kpi.baseline_fy,
            record.planned(year),
            record.actuals.get(year),
            record.judged(year),
            year in record.missing,
            by_label.get(evidence_label(year), []),
        )
        for year in kpi_years(record)
    ]
