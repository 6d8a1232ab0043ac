"""The prefecture-wide indicators (report of March 2024, table 10), computed for any day beside the official values.

Municipalities: members of a zone in force on the day, or of a region supported up to then. Regions: zones in force and
supported regions that no successor continues yet. Initiatives: those of the forward plans in force. So computed, the
ends of FY2014 and FY2022 give 12 and 28 regions, FY2019 and FY2022 give 158 and 178 municipalities, as published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from common.fiscal_year import FiscalYear
from municipalities.models import Municipality
from regions import history
from regions.models import ForwardPlan, ForwardPlanInitiative, RegionLink, RegionMembership, ZoneMembership
from regions.scheme_status import zones_in_force
from subsidies.models import SupportYear

SOURCE = "「今後の広域連携の推進のあり方について（報告）」令和6年3月 表10"
REGIONS, MUNICIPALITIES, INITIATIVES = "IND1", "IND2", "IND3"


@dataclass(frozen=True)
class Official:
    """A value as published: a number (None where the source writes a word), the word, and its fiscal year."""

    value: int | None
    text: str
    fiscal_year: int


@dataclass(frozen=True)
class Indicator:
    """One line of table 10; `computed` is None while nothing is entered from which it could be computed."""

    code: str
    name: str
    plan: str
    unit: str
    baseline: Official
    actual: Official
    target: Official
    goal: int
    computed: int | None

    @property
    def value(self) -> int:
        """What the page compares with the goal: computed where it can be, otherwise as published."""
        return self.actual.value or 0 if self.computed is None else self.computed

    @property
    def bar(self) -> Fraction:
        """How long the bar is, in percent of the cell."""
        return Fraction(100 * self.value, self._room)

    @property
    def line(self) -> Fraction:
        """Where the goal stands on the same scale."""
        return Fraction(100 * self.goal, self._room)

    @property
    def missing_text(self) -> str:
        """あと1市町村."""
        return f"あと{self.missing:,}{self.unit}"

    @property
    def _room(self) -> Fraction:
        return max(self.value, self.goal, 1) * Fraction(108, 100)

    @property
    def missing(self) -> int:
        """How many are still missing to the goal."""
        return max(self.goal - self.value, 0)


def indicators_on(prefecture: str, on: date) -> list[Indicator]:
    """Return the three indicators for the day; the official values are Hokkaido's and stand for no other prefecture."""
    if prefecture != history.PREFECTURE:
        return []
    every = Municipality.objects.existing(on).filter(prefecture=prefecture).count()
    computed = {
        REGIONS: len(region_keys(prefecture, on)),
        MUNICIPALITIES: len(municipality_codes(prefecture, on)),
        INITIATIVES: planned_initiatives(prefecture, on),
    }
    return [_indicator(row, computed[row["code"]], every) for row in history.indicators()]


def region_keys(prefecture: str, on: date) -> set[str]:
    """Return the codes of the zones in force and of the supported regions not yet continued by a successor."""
    zones = set(zones_in_force(prefecture, on).values_list("pk", flat=True))
    supported = {row["region"] for row in _supported(prefecture, on)}
    links = RegionLink.objects.filter(continued=True, predecessor__in=supported)
    continued = {
        link.predecessor_id for link in links if link.successor_id in supported or link.successor_zone_id in zones
    }
    return zones | (supported - continued)


def municipality_codes(prefecture: str, on: date) -> set[str]:
    """Return the 6-digit codes of the municipalities that work together under a national or prefectural scheme."""
    in_force = Q(ended_on=None) | Q(ended_on__gte=on)
    zones = ZoneMembership.objects.filter(in_force, zone__prefecture=prefecture, in_force_by__lte=on)
    regions = RegionMembership.objects.on(on).filter(region__in=_supported(prefecture, on))
    return {*zones.values_list("municipality", flat=True), *regions.values_list("municipality", flat=True)}


def planned_initiatives(prefecture: str, on: date) -> int | None:
    """Return how many initiatives the forward plans in force hold; None while no plan is entered.

    Of each bureau the latest version adopted by the day counts, if its term contains the fiscal year.
    """
    latest: dict[str, int] = {}
    fiscal_year = FiscalYear.of(on)
    for plan in ForwardPlan.objects.adopted(on).filter(bureau__prefecture=prefecture):
        latest.setdefault(plan.bureau_id, plan.pk if plan.term_from_fy <= fiscal_year <= plan.term_to_fy else 0)
    if not latest:
        return None
    return ForwardPlanInitiative.objects.filter(plan__in=latest.values()).count()


def _supported(prefecture: str, on: date) -> QuerySet[SupportYear, Any]:
    """The regions supported up to the day, as a question that another one may hold."""
    years = SupportYear.objects.filter(region__prefecture=prefecture, fiscal_year__lte=FiscalYear.of(on))
    return years.order_by().values("region")


def _indicator(row: dict, computed: int | None, every: int) -> Indicator:
    target = row["target"]
    goal = target["value"] if isinstance(target["value"], int) else every
    return Indicator(
        code=row["code"],
        name=row["name"],
        plan=row["plan"],
        unit=row["unit"],
        baseline=_official(row["baseline"], row["unit"]),
        actual=_official(row["actual"], row["unit"]),
        target=_official(target, row["unit"], every),
        goal=goal,
        computed=computed,
    )


def _official(told: dict, unit: str, every: int | None = None) -> Official:
    """12地域, 新規, 25地域以上を維持, 全市町村（179）."""
    value = told["value"]
    if not isinstance(value, int):
        return Official(None, f"{value}（{every}）" if every else str(value), told["fy"])
    qualifier = told.get("qualifier", "")
    return Official(value, f"{value}{unit}{qualifier}", told["fy"])
