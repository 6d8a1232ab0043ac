"""Whose KPIs a person may write: a member's planner all of the region, a field officer those assigned to her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common import clock
from common.viewer import Access, Viewer
from regions import duties
from regions.kpi_records import KpiRecord
from regions.models import Region
from regions.services.access import is_member
from subsidies.initiatives import assigned_to

WRITES = "KPIの計画と実績は、構成市町村の企画担当と、割り当てられた取組の事業担当が入力します。"


@dataclass(frozen=True)
class Hand:
    """What this person may write in one region: everything, or the initiatives with these ids."""

    everything: bool
    assigned: frozenset[int]

    @property
    def writes(self) -> bool:
        return self.everything or bool(self.assigned)

    def may_write(self, project_id: int) -> bool:
        """Whether plan and actuals of the initiative's KPIs are this person's to write."""
        return self.everything or project_id in self.assigned

    def entrusted(self, project_id: int) -> bool:
        """Whether she may only because it was assigned to her; what services ask to be told."""
        return not self.everything and project_id in self.assigned

    def writable(self, records: Iterable[KpiRecord]) -> set[int]:
        """The ids of the KPIs that this person may write."""
        return {record.kpi.pk for record in records if self.may_write(record.kpi.project_id)}


def hand_of(viewer: Viewer, region: Region) -> Hand:
    """Return what this person may write in the region today."""
    if not (viewer.is_municipal and is_member(region, viewer.office.code, clock.today())):
        return Hand(False, frozenset())
    if viewer.may(duties.KPI, Access.EDIT):
        return Hand(True, frozenset())
    given = assigned_to(viewer)
    return Hand(
        False, frozenset(region.projects.filter(pk__in=given).values_list("pk", flat=True)) if given else frozenset()
    )
