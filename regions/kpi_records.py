"""KPIs with everything that is computed about them: plan, actuals, where they stand, what is still missing.

Reads few times however many KPIs there are. Pages, papers, exports and the roll-up all take their numbers from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Count

from common import clock
from common.fiscal_year import FiscalYear

from .achievement import (
    Achievement,
    Plan,
    Planned,
    Position,
    Standing,
    achievement,
    at_year,
    plan_of,
    planned,
    position,
)
from .models import Kpi, KpiActual, RegionMembership
from .querysets import CLOSED_STATES, KpiQuerySet

OF_MUNICIPALITIES = ("市町村", "市町", "町村", "自治体")  # units in which 全数 means every member of the region


@dataclass(frozen=True)
class KpiRecord:
    """One KPI on one day; `ended` is the last fiscal year that is over."""

    kpi: Kpi
    plan: Plan
    actuals: dict[int, KpiActual]
    ended: int

    @property
    def values(self) -> dict[int, Decimal]:
        """The actual values by fiscal year."""
        return {year: row.value for year, row in self.actuals.items()}

    @cached_property
    def position(self) -> Position:
        """Where the KPI stands."""
        return position(self.plan, self.values, ended=self.ended)

    @property
    def standing(self) -> Standing:
        return self.position.standing

    @property
    def latest(self) -> KpiActual | None:
        """The newest actual."""
        return self.actuals[max(self.actuals)] if self.actuals else None

    @cached_property
    def achieved(self) -> Achievement | None:
        """How far the newest actual has come; None without one."""
        return achievement(self.plan, self.latest.value) if self.latest else None

    @property
    def whole(self) -> Fraction | None:
        """What 全数 means in numbers, where the target names none itself."""
        return self.plan.target if self.kpi.target is None else None

    def planned(self, year: int) -> Planned | None:
        """The planned value of a fiscal year."""
        return planned(self.plan, year)

    def judged(self, year: int) -> Position | None:
        """The actual of one year against its plan; None without an actual."""
        return at_year(self.plan, year, self.actuals[year].value) if year in self.actuals else None

    @property
    def missing(self) -> tuple[int, ...]:
        """The ended years of which no actual is there."""
        return self.position.missing


def records_of(kpis: KpiQuerySet, on: date | None = None) -> list[KpiRecord]:
    """Read these KPIs with their figures (four queries, one more where 全数 counts members)."""
    day = on or clock.today()
    rows = list(kpis.with_figures())
    counted = {row.project.region_id for row in rows if row.target is None and row.unit in OF_MUNICIPALITIES}
    members = _members(counted, day) if counted else {}
    ended = FiscalYear.of(day) - 1
    return [_record(row, ended, members.get(row.project.region_id)) for row in rows]


def tally(records: Iterable[KpiRecord]) -> dict[Standing, int]:
    """How many KPIs stand where; every standing is there, also with 0."""
    found = Counter(record.standing for record in records)
    return {standing: found[standing] for standing in Standing}


def _record(row: Kpi, ended: int, members: int | None) -> KpiRecord:
    yearly = {target.fiscal_year: target.value for target in row.targets.all()}
    whole = members if row.unit in OF_MUNICIPALITIES else None
    plan = plan_of(row, yearly=yearly, whole=whole)
    actuals = {one.fiscal_year: one for one in row.actuals.all()}
    if row.project.region.state in CLOSED_STATES:  # such a region owes nothing any more: its last actual decides
        ended = max(actuals, default=0)
    return KpiRecord(row, plan, actuals, ended)


def _members(regions: set[str], day: date) -> dict[str, int]:
    held = RegionMembership.objects.on(day).filter(region__in=regions).order_by()
    return dict(held.values_list("region").annotate(many=Count("pk")))
