"""Facts of any set of municipalities for the rules: names, bureaus, borders, national schemes, population.

One question reads what it needs; many questions (a batch, the replay, a search) read everything once. The number of
queries does not depend on the number of municipalities.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from municipalities.models import Adjacency, Jurisdiction, Municipality, PopulationFigure, PopulationSeries
from regions.membership import hub_plans
from regions.models import UndeclaredHub, ZoneMembership, ZoneStatusOverride
from regions.scheme_status import SchemeStatus, scheme_statuses

from .rules.facts import (
    MemberFacts,
    Projection,
    RegionFacts,
    RegionType,
    SupportFacts,
    ZoneFacts,
    ZoneStatus,
)


@dataclass(frozen=True, slots=True)
class _Bureau:
    code: str
    name: str
    valid_from: date
    valid_to: date | None


class Ground:
    """Names, bureaus, borders, schemes and population of municipalities.

    Without `codes` it reads all of Japan at the first question and keeps it: right for many questions, and for
    telling which codes exist. With `codes` it reads these municipalities and their neighbours only. With a
    `prefecture` it reads its municipalities, for several questions about one day.
    """

    def __init__(self, codes: Collection[str] | None = None, *, prefecture: str = "") -> None:
        self._everything = codes is None and not prefecture
        self._prefecture = prefecture
        self.neighbours: dict[str, set[str]] = defaultdict(set)
        borders = Adjacency.objects.all()
        if prefecture:
            borders = borders.filter(Q(a__prefecture=prefecture) | Q(b__prefecture=prefecture))
        elif codes is not None:
            borders = borders.filter(Q(a__in=codes) | Q(b__in=codes))
        for a, b in borders.values_list("a", "b"):
            self.neighbours[a].add(b)
            self.neighbours[b].add(a)
        towns = Municipality.objects.filter(northern_territory=False).order_by("code")
        held = Jurisdiction.objects.order_by("valid_from")
        if prefecture:
            across = {code for code in self.neighbours if code[:2] != prefecture}
            towns = towns.filter(Q(prefecture=prefecture) | Q(pk__in=across))
            held = held.filter(municipality__prefecture=prefecture)
        elif codes is not None:
            near = set(codes).union(*(self.neighbours[code] for code in codes))
            towns, held = towns.filter(pk__in=near), held.filter(municipality__in=near)
        self.names: dict[str, str] = dict(towns.values_list("code", "name"))
        self._bureaus: dict[str, list[_Bureau]] = defaultdict(list)
        columns = ("municipality", "bureau", "bureau__name", "valid_from", "valid_to")
        for code, bureau, name, first, last in held.values_list(*columns):
            self._bureaus[code].append(_Bureau(bureau, name, first, last))
        self._series: dict[str, PopulationSeries] = {}
        self._totals: dict[str, dict[str, dict[int, int]]] = {}
        self._epochs: list[date] | None = None
        self._statuses: dict[tuple[int, str], dict[str, SchemeStatus]] = {}
        self._days: dict[date, dict[str, SchemeStatus]] = {}
        self._hubs: dict[tuple[str, date], str] = {}

    def bureau_on(self, code: str, on: date) -> tuple[str, str]:
        """The code and name of the bureau of a municipality on the day; empty where there is none."""
        for held in self._bureaus.get(code, ()):
            if held.valid_from <= on and (held.valid_to is None or on <= held.valid_to):
                return held.code, held.name
        return "", ""

    def know_series(self, editions: Mapping[str, PopulationSeries]) -> None:
        """Take over series that were read already."""
        self._series |= editions

    def series(self, code: str) -> PopulationSeries:
        """The series with this code. Raises PopulationSeries.DoesNotExist."""
        if code not in self._series:
            self._series[code] = PopulationSeries.objects.get(pk=code)
        return self._series[code]

    def region(
        self,
        members: Sequence[str],
        *,
        program: str,
        fiscal_year: int,
        on: date,
        series: str,
        type: RegionType = RegionType.FLAT,
        type_assumed: bool = False,
        hub: str = "",
        lead: str = "",
        code: str = "",
        name: str = "",
        support: SupportFacts | None = None,
    ) -> RegionFacts:
        """Facts of these municipalities (6-digit codes, all known here) as a region of the program.

        `lead` decides the lead bureau; without it the first member does. Raises ValueError where members repeat or
        the hub is not one of them.
        """
        around = set[str]().union(*(self.neighbours[code] for code in members)).difference(members)
        around &= self.names.keys()
        statuses = self._statuses_on([*members, *sorted(around)], on)
        totals, edition = self._totals_of(series, members), self.series(series)
        bureau, bureau_name = self.bureau_on(lead or members[0], on) if members else ("", "")
        plan = self._hub_plan(hub, on) if hub else ""
        return RegionFacts(
            program=program,
            fiscal_year=fiscal_year,
            on=on,
            members=tuple(self._member(item, on, statuses[item], edition, totals) for item in members),
            type=type,
            type_assumed=type_assumed,
            hub=hub,
            hub_designated=bool(plan),
            hub_plan=plan,
            series=series,
            series_name=edition.name,
            lead_bureau=bureau,
            lead_bureau_name=bureau_name,
            code=code,
            name=name,
            outside=tuple(self._neighbour(item, statuses[item], members) for item in sorted(around)),
            support=support or SupportFacts(),
        )

    def _member(
        self,
        code: str,
        on: date,
        status: SchemeStatus,
        edition: PopulationSeries,
        totals: Mapping[str, dict[int, int]],
    ) -> MemberFacts:
        bureau, bureau_name = self.bureau_on(code, on)
        known = totals.get(code)
        return MemberFacts(
            code=code,
            name=self.names[code],
            status=ZoneStatus(status.scheme.value),
            bureau=bureau,
            bureau_name=bureau_name,
            zones=_zones(status),
            status_overridden=status.overridden,
            status_note=status.note,
            neighbours=tuple(sorted(self.neighbours[code])),
            projection=Projection(edition.code, edition.name, edition.base_year or 0, tuple(sorted(known.items())))
            if known and edition.base_year
            else None,
            projection_note="" if known else f"{edition.name}に登録なし",
        )

    def _neighbour(self, code: str, status: SchemeStatus, members: Iterable[str]) -> MemberFacts:
        """A municipality outside as far as the nearest change needs it: only its borders with members."""
        return MemberFacts(
            code=code,
            name=self.names[code],
            status=ZoneStatus(status.scheme.value),
            zones=_zones(status),
            neighbours=tuple(sorted(self.neighbours[code].intersection(members))),
        )

    def _totals_of(self, series: str, codes: Iterable[str]) -> Mapping[str, dict[int, int]]:
        """People by code and year; a figure that was not published is left out."""
        if series in self._totals:
            return self._totals[series]
        figures = PopulationFigure.objects.filter(series=series, total__isnull=False)
        if self._prefecture:
            figures = figures.filter(municipality__prefecture=self._prefecture)
        elif not self._everything:
            figures = figures.filter(municipality__in=list(codes))
        totals: dict[str, dict[int, int]] = defaultdict(dict)
        for code, year, total in figures.values_list("municipality", "year", "total"):
            totals[code][year] = int(total or 0)
        if self._everything or self._prefecture:
            self._totals[series] = totals
        return totals

    def statuses(self, on: date) -> Mapping[str, SchemeStatus]:
        """The scheme status of every municipality known here on the day; asked once and kept."""
        if on not in self._days:
            self._days[on] = scheme_statuses(self.names, on)
        return self._days[on]

    def _statuses_on(self, codes: Sequence[str], on: date) -> Mapping[str, SchemeStatus]:
        """The scheme status of each on the day, kept for all days on which nothing changes."""
        if self._prefecture:
            return self.statuses(on)
        if not self._everything:
            return scheme_statuses(codes, on)
        if self._epochs is None:
            self._epochs = _days_of_change()
        epoch = bisect_right(self._epochs, on)
        found: dict[str, SchemeStatus] = {}
        for prefecture in {code[:2] for code in codes}:
            if (epoch, prefecture) not in self._statuses:
                there = [code for code in self.names if code[:2] == prefecture]
                self._statuses[epoch, prefecture] = scheme_statuses(there, on)
            found |= self._statuses[epoch, prefecture]
        return found

    def _hub_plan(self, hub: str, on: date) -> str:
        if (hub, on) not in self._hubs:
            self._hubs[hub, on] = hub_plans([hub], on).get(hub, "")
        return self._hubs[hub, on]


def _zones(status: SchemeStatus) -> tuple[ZoneFacts, ...]:
    return tuple(
        ZoneFacts(zone.code, zone.name, ZoneStatus.MEMBER_HUB if zone.hub else ZoneStatus.MEMBER_NEIGHBOUR)
        for zone in status.zones
    )


def _days_of_change() -> list[date]:
    """Every day on which the scheme status of some municipality may change, ascending."""
    days: set[date | None] = set()
    for model, first, last in (
        (ZoneMembership, "in_force_by", "ended_on"),
        (ZoneStatusOverride, "valid_from", "valid_to"),
        (UndeclaredHub, "valid_from", "valid_to"),
    ):
        for start, end in model._default_manager.values_list(first, last):
            days |= {start, end + timedelta(days=1) if end else None}
    return sorted(day for day in days if day is not None)
