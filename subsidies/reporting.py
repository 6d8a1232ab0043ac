"""A performance report as its pages show it: each line planned, changed and actual, with what differs and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from common.models import StoredFile
from common.viewer import Duty, Viewer

from .approved_plan import PlanCost, approved_costs, granted_plan
from .dossier import takes_part
from .evidence import evidence_of
from .kpi_actuals import KpiLine, kpi_lines
from .models import Application, CaseSheet, Inspection, Report, ReportCost, ReportShare, Settlement
from .rows import with_rows
from .settling import Reckoning, Sums, reckon, sums_of


@dataclass(frozen=True)
class Difference:
    """How far an actual figure is from the plan (whole yen); `word` and `mark` say it beside the number."""

    yen: int | None

    @property
    def word(self) -> str:
        if self.yen is None:
            return "未入力"
        return "計画どおり" if not self.yen else "計画より多い" if self.yen > 0 else "計画より少ない"

    @property
    def mark(self) -> str:
        """The kind of mark that the page draws: pass, warn or no_data."""
        return "no_data" if self.yen is None else "warn" if self.yen else "pass"


@dataclass(frozen=True)
class Line:
    """One cost line in its three columns (whole yen), with its files."""

    row: ReportCost
    granted_yen: int
    plan: PlanCost
    files: tuple[StoredFile, ...] = ()

    @property
    def number(self) -> int:
        return int(self.row.cost.number)

    @property
    def difference(self) -> Difference:
        actual = self.row.actual_yen
        return Difference(None if actual is None else actual - self.plan.amount_yen)

    @property
    def changed(self) -> bool:
        """Whether the plan was changed after the decision."""
        return self.granted_yen != self.plan.amount_yen


class ReportView:
    """Everything a page shows of one report. Figures are read when they are first asked for."""

    def __init__(self, application: Application, report: Report) -> None:
        self.application, self.report = with_rows(application), report

    @cached_property
    def lines(self) -> list[Line]:
        granted = {line.number: line.amount_yen for line in granted_plan(self.application).costs}
        planned = approved_costs(self.application)
        files: dict[int, list[StoredFile]] = {}
        for line, stored in evidence_of(self.report):
            files.setdefault(line.pk, []).append(stored)
        return [
            Line(row, granted.get(row.cost.number, 0), planned[row.cost.number], tuple(files.get(row.pk, ())))
            for row in self.report.costs.select_related("cost__project", "cost__member")
        ]

    @cached_property
    def sums(self) -> Sums:
        return sums_of(self.report)

    @cached_property
    def reckoning(self) -> Reckoning:
        """What the figures as reported would fix (W28)."""
        return reckon(
            self.application, eligible_yen=self.sums.eligible_yen, other_income_yen=self.sums.other_income_yen
        )

    @property
    def planned_yen(self) -> int:
        return sum(line.plan.amount_yen for line in self.lines)

    @property
    def difference(self) -> Difference:
        return Difference(self.sums.actual_yen - self.planned_yen)

    @property
    def changed(self) -> bool:
        """Whether any line was changed after the decision: then the third column is shown."""
        return any(line.changed for line in self.lines)

    @property
    def shares_left_yen(self) -> int:
        """What the members' shares still lack of the amount; negative where they are too much."""
        return self.reckoning.result.fixed_yen - self.sums.shares_yen

    @cached_property
    def shares(self) -> list[ReportShare]:
        return list(self.report.shares.select_related("municipality"))

    @cached_property
    def cases(self) -> list[CaseSheet]:
        return list(self.report.case_sheets.select_related("project"))

    @cached_property
    def kpis(self) -> list[KpiLine]:
        return kpi_lines(self.application)

    @cached_property
    def inspection(self) -> Inspection | None:
        return self.application.inspections.select_related("inspected_by").order_by("-number").first()

    @cached_property
    def settlement(self) -> Settlement | None:
        return self.application.settlements.filter(superseded_by=None).first()


def report_of(application: Application) -> Report | None:
    """The performance report of a grant; None before the work is over."""
    return getattr(application, "report", None)


def reads_content(application: Application, report: Report, viewer: Viewer) -> bool:
    """Whether the viewer reads what the towns typed: they themselves always, offices once it was submitted."""
    return report.submitted_at is not None or takes_part(application, viewer) or viewer.has(Duty.AU)


def may_write(application: Application, viewer: Viewer) -> bool:
    """Whether the viewer writes the report or part of it now."""
    from .services.completion import WRITABLE

    if application.state not in WRITABLE or not takes_part(application, viewer):
        return False
    assigned = viewer.has(Duty.MF) and application.items.filter(assignees=viewer.works_as).exists()
    return viewer.has(Duty.MP) or assigned
