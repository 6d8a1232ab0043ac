"""Which KPI actuals are still missing, as work: for the combined work list and the menu."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer

from . import duties
from .kpi_records import KpiRecord, records_of
from .models import Kpi, Region
from .querysets import CLOSED_STATES


@dataclass(frozen=True)
class ActualsDue:
    """The actuals that one region's KPIs still owe for the fiscal years that are over: one line of a work list.

    `years` are the fiscal years concerned, oldest first; `kpis` the ids of the KPIs; `since` the first day on which the
    oldest could be entered (1 April after its year). The page where they are entered is `regions:kpi_list`
    with the code of the region.
    """

    region: Region
    kpis: tuple[int, ...]
    years: tuple[int, ...]
    since: date

    @property
    def title(self) -> str:
        """KPIの実績の入力（令和7年度、3件）."""
        named = "・".join(FiscalYear(year).wareki for year in self.years)
        return f"KPIの実績の入力（{named}、{len(self.kpis)}件）"


def actuals_due(viewer: Viewer, *, assigned: Collection[int] | None = None, on: date | None = None) -> list[ActualsDue]:
    """Return what this person is asked to enter, one line a region, the longest waiting first.

    Asked are the planners of the municipality that keeps the initiative's office (事務局), or of the region's lead
    where the initiative names none; the other members may enter too, they are only not asked. A field officer may not
    edit here by herself: give the ids of the initiatives that are assigned to her as `assigned`
    (`subsidies.initiatives.assigned_to(viewer)`). Everyone else gets nothing. Regions that have ended, and years after
    an initiative's end, are not asked for. Five queries at most.
    """
    if not viewer.is_municipal:
        return []
    asked = _asked(viewer, assigned)
    if asked is None:
        return []
    own = Region.objects.of_member(viewer.office.code, on or clock.today()).acting()
    return due_lines(records_of(Kpi.objects.filter(asked, project__region__in=own), on))


def due_lines(records: Iterable[KpiRecord]) -> list[ActualsDue]:
    """Group the actuals that these KPIs owe by region, the longest waiting first."""
    found: dict[str, tuple[Region, list[int], set[int]]] = {}
    for record in records:
        if record.missing:
            region = record.kpi.project.region
            _, ids, years = found.setdefault(region.pk, (region, [], set()))
            ids.append(record.kpi.pk)
            years.update(record.missing)
    lines = [
        ActualsDue(region, tuple(ids), tuple(sorted(years)), FiscalYear(min(years) + 1).first_day)
        for region, ids, years in found.values()
    ]
    return sorted(lines, key=lambda line: (line.since, line.region.pk))


def is_asked(record: KpiRecord, viewer: Viewer, assigned: Collection[int]) -> bool:
    """Whether this person is asked for the actuals of the KPI, if her town belongs to its region today."""
    project, town = record.kpi.project, viewer.office.code
    if project.region.state in CLOSED_STATES:
        return False
    keeper = project.secretariat_id or project.region.lead_id
    return (viewer.may(duties.KPI, Access.EDIT) and keeper == town) or project.pk in assigned


def _asked(viewer: Viewer, assigned: Collection[int] | None) -> Q | None:
    """Whose KPIs: the town's own as a planner, the assigned ones as a field officer; None for nobody's."""
    town = viewer.office.code
    wanted: Q | None = None
    if viewer.may(duties.KPI, Access.EDIT):
        wanted = Q(project__secretariat=town) | Q(project__secretariat=None, project__region__lead=town)
    if assigned:
        given = Q(project__in=list(assigned))
        wanted = given if wanted is None else wanted | given
    return wanted
