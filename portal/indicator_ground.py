"""What the prefecture-wide indicators count on any day, and why (rulings, History): read once, asked for many days.

Regions: zones in force, and supported regions that no successor continues yet. Municipalities: members of a zone in
force, or of a region supported up to then. Initiatives: those of the forward plan in force of each bureau.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count

from common.fiscal_year import FiscalYear
from municipalities.models import Municipality
from regions.models import ForwardPlan, NationalZone, Region, RegionLink, RegionMembership, ZoneMembership
from subsidies.models import SupportYear


@dataclass(frozen=True)
class Thing:
    """A zone or a region that is counted: its code, name and kind, and since when."""

    code: str
    name: str
    kind: str
    since: str
    zone: bool = False


@dataclass(frozen=True)
class Continued:
    """A supported region that is not counted for itself because `successor` goes on with it."""

    code: str
    name: str
    successor: str
    note: str


@dataclass(frozen=True)
class PlanLine:
    """The forward plan of a bureau in force on the day, and how many initiatives it holds."""

    bureau: str
    title: str
    initiatives: int


@dataclass(frozen=True)
class Town:
    """A municipality, and through what it is counted: names of zones and regions; neither: it is not."""

    code: str
    name: str
    zones: tuple[str, ...]
    regions: tuple[str, ...]


class IndicatorGround:
    """Everything the three indicators of a prefecture rest on; six queries, whatever days are asked for."""

    def __init__(self, prefecture: str) -> None:
        self.prefecture = prefecture

    @cached_property
    def _zones(self) -> dict[str, NationalZone]:
        return NationalZone.objects.of_prefecture(self.prefecture).in_bulk()

    @cached_property
    def _zone_rows(self) -> list[tuple[str, str, date, date | None]]:
        rows = ZoneMembership.objects.filter(zone__prefecture=self.prefecture).order_by("in_force_by")
        return list(rows.values_list("zone", "municipality", "in_force_by", "ended_on"))

    @cached_property
    def _support(self) -> dict[str, tuple[str, list[int]]]:
        """Region → its name and the fiscal years of support."""
        rows = SupportYear.objects.filter(region__prefecture=self.prefecture).order_by("fiscal_year")
        found: dict[str, tuple[str, list[int]]] = {}
        for code, name, year in rows.values_list("region", "region__name", "fiscal_year"):
            found.setdefault(code, (name, []))[1].append(year)
        return found

    @cached_property
    def _links(self) -> list[RegionLink]:
        links = RegionLink.objects.filter(predecessor__prefecture=self.prefecture)
        return list(links.select_related("predecessor", "successor", "successor_zone").order_by("predecessor"))

    @cached_property
    def _members(self) -> list[tuple[str, str, date, date | None]]:
        rows = RegionMembership.objects.filter(region__prefecture=self.prefecture)
        return list(rows.values_list("region", "municipality", "joined_on", "left_on"))

    @cached_property
    def _plans(self) -> list[Any]:
        rows = ForwardPlan.objects.adopted(date.max).filter(bureau__prefecture=self.prefecture)
        return list(rows.select_related("bureau").annotate(many=Count("initiatives", distinct=True)))

    # -- the first indicator -----------------------------------------------------------------------------------------

    def region_keys(self, on: date) -> set[str]:
        """The codes that the first indicator counts."""
        zones, supported = self.zones_on(on), self.supported_on(on)
        return zones | (supported - {one.code for one in self.continued_on(on)})

    def zones_on(self, on: date) -> set[str]:
        """Zones with a membership in force whose successor is not in force yet."""
        held = {zone for zone, _, begin, end in self._zone_rows if begin <= on and (end is None or end >= on)}
        return {code for code in held if self._zones[code].successor_id not in held}

    def supported_on(self, on: date) -> set[str]:
        """Regions supported in the fiscal year of the day or before it."""
        year = FiscalYear.of(on)
        return {code for code, (_, years) in self._support.items() if years[0] <= year}

    def continued_on(self, on: date) -> list[Continued]:
        """Supported regions that a successor goes on with, itself supported or in force."""
        return [self._continued(link) for link in self._read(on) if link.continued]

    def side_by_side_on(self, on: date) -> list[Continued]:
        """Regions that have a successor but are counted beside it, because their members differ."""
        return [self._continued(link) for link in self._read(on) if not link.continued]

    def _read(self, on: date) -> Iterator[RegionLink]:
        """The links of which both ends count on the day."""
        zones, supported = self.zones_on(on), self.supported_on(on)
        for link in self._links:
            if link.predecessor_id in supported and (link.successor_id in supported or link.successor_zone_id in zones):
                yield link

    def _continued(self, link: RegionLink) -> Continued:
        after: Region | NationalZone | None = link.successor or link.successor_zone
        return Continued(link.predecessor_id, link.predecessor.name, after.name if after else "", link.note)

    def things_on(self, on: date) -> list[Thing]:
        """What the first indicator counts, zones first, in the order of their codes."""
        begins: dict[str, date] = {}
        for zone, _, begin, _ in self._zone_rows:
            begins.setdefault(zone, begin)
        keys = self.region_keys(on)
        zones = [
            Thing(code, zone.name, zone.get_kind_display(), FiscalYear.of(begins[code]).wareki, True)
            for code, zone in sorted(self._zones.items())
            if code in keys
        ]
        regions = [
            Thing(code, name, "連携地域", FiscalYear(years[0]).wareki)
            for code, (name, years) in sorted(self._support.items())
            if code in keys
        ]
        return [*zones, *regions]

    # -- the second --------------------------------------------------------------------------------------------------

    def municipality_codes(self, on: date) -> set[str]:
        """The 6-digit codes that the second indicator counts."""
        return {code for codes in (self._by_zone(on), self._by_region(on)) for code in codes}

    def towns_on(self, on: date) -> list[Town]:
        """Every municipality with the zones and regions through which it is counted (one more query)."""
        zones, regions = self._by_zone(on), self._by_region(on)
        rows = Municipality.objects.existing(on).filter(prefecture=self.prefecture).order_by("code")
        return [
            Town(code, name, tuple(zones.get(code, ())), tuple(regions.get(code, ())))
            for code, name in rows.values_list("code", "name")
        ]

    def _by_zone(self, on: date) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for zone, town, begin, end in self._zone_rows:
            if begin <= on and (end is None or end >= on):
                found.setdefault(town, []).append(self._zones[zone].name)
        return found

    def _by_region(self, on: date) -> dict[str, list[str]]:
        supported, found = self.supported_on(on), dict[str, list[str]]()
        for region, town, joined, left in self._members:
            if region in supported and joined <= on and (left is None or left >= on):
                found.setdefault(town, []).append(self._support[region][0])
        return found

    # -- the third ---------------------------------------------------------------------------------------------------

    def plans_on(self, on: date) -> list[PlanLine] | None:
        """The plan in force of each bureau; None while no plan was adopted by the day.

        Of each bureau the latest version adopted by the day counts, if its term contains the fiscal year.
        """
        year, latest = FiscalYear.of(on), dict[str, Any]()
        for plan in self._plans:  # the highest version of a bureau first
            if plan.adopted_on is not None and plan.adopted_on <= on:
                latest.setdefault(plan.bureau_id, plan)
        if not latest:
            return None
        return [
            PlanLine(plan.bureau.name, f"{plan.title} 第{plan.version}版", plan.many)
            for plan in latest.values()
            if plan.term_from_fy <= year <= plan.term_to_fy
        ]

    def initiatives(self, on: date) -> int | None:
        """How many initiatives the forward plans in force hold; None while no plan is entered."""
        plans = self.plans_on(on)
        return None if plans is None else sum(plan.initiatives for plan in plans)
