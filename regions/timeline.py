"""The life of a region or a zone across its predecessors and successors: lanes for one picture, lines for a table.

後志15 → 16 → 17町村, モデル → 加速化 across two regions, 上川中部 → 旭川大雪 for zones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from common.fiscal_year import FiscalYear, wareki
from common.viewer import Viewer

from .models import NationalZone, Region, RegionLink, RegionMembership, RegionName, RegionState, ZoneMembership

ONE_DAY = timedelta(days=1)
FARTHEST = 6  # links that are followed in each direction
SHADES = {
    Region.State.IDEA: "open",
    Region.State.FORMED: "light",
    Region.State.SUPPORTED: "dark",
    Region.State.SELF_RUNNING: "middle",
    Region.State.PAUSED: "grey",
}


@dataclass(frozen=True)
class Segment:
    """A stretch of a lane; `shade` is open, light, middle, dark or grey; both days count."""

    first: date
    last: date
    label: str
    shade: str


@dataclass(frozen=True)
class Lane:
    """One region, zone or kind of support: `names` above, `states` as a thin band below, `joins` as marks."""

    title: str
    names: list[Segment]
    states: list[Segment] = field(default_factory=list)
    joins: list[tuple[date, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """One line of the table; `sure` is False where the day is assumed (推定)."""

    on: date
    when: str
    subject: str
    text: str
    sure: bool = True


@dataclass(frozen=True)
class Timeline:
    """Everything for the picture and its table, from the first day to the day it is drawn."""

    first: date
    last: date
    lanes: list[Lane]
    events: list[Event]

    @property
    def told(self) -> str:
        """The picture in one sentence, for those who do not see it."""
        parts = [f"{lane.title}（{'→'.join(one.label for one in lane.names)}）" for lane in self.lanes]
        return f"{self.first.year}年から{self.last.year}年までのあゆみ。{'、'.join(parts)}"


def region_timeline(
    region: Region, viewer: Viewer, on: date, support: Sequence[tuple[str, date, date]] = ()
) -> Timeline | None:
    """Return the timeline of the region with those before and after it that this office may know.

    `support` are (program, first day, last day), as the room that grants tells them. None while nothing has begun.
    """
    codes, links = _chain(region.pk)
    regions = {row.pk: row for row in Region.objects.visible_to(viewer).filter(pk__in=codes)}
    zones = [link.successor_zone for link in links if link.successor_zone is not None]
    names, states, members = (_by_region(model, list(regions)) for model in (RegionName, RegionState, RegionMembership))
    lanes, events = [], []
    for code, row in regions.items():
        lane, told = _region_lane(row, names[code], states[code], members[code], on)
        if lane.names:
            lanes.append(lane)
            events += told
    for zone in {zone.pk: zone for zone in zones}.values():
        lane, told = _zone_lane(zone, list(zone.memberships.select_related("municipality")), on)
        lanes.append(lane)
        events += told
    lanes.sort(key=lambda lane: lane.names[0].first)
    if support:
        lanes.append(Lane("道の支援", [Segment(first, min(last, on), name, "dark") for name, first, last in support]))
    return _timeline(lanes, events, on)


def zone_timeline(zone: NationalZone, on: date) -> Timeline | None:
    """Return the timeline of the zone with those it took over from and went on in, and the regions that joined it."""
    found = [zone]
    if zone.successor is not None:
        found.append(zone.successor)
    found += list(NationalZone.objects.filter(successor=zone))
    links = RegionLink.objects.filter(successor_zone__in=found).select_related("predecessor")
    regions = {link.predecessor_id: link.predecessor for link in links}
    names, states, members = (_by_region(model, list(regions)) for model in (RegionName, RegionState, RegionMembership))
    held = defaultdict(list)
    for row in ZoneMembership.objects.filter(zone__in=found).select_related("municipality"):
        held[row.zone_id].append(row)
    lanes, events = [], []
    for one in {row.pk: row for row in found}.values():
        lane, told = _zone_lane(one, held[one.pk], on)
        lanes.append(lane)
        events += told
    for code, region in regions.items():
        lane, told = _region_lane(region, names[code], states[code], members[code], on)
        if lane.names:
            lanes.append(lane)
            events += told
    lanes.sort(key=lambda lane: lane.names[0].first)
    return _timeline(lanes, events, on)


def _timeline(lanes: list[Lane], events: list[Event], on: date) -> Timeline | None:
    if not lanes:
        return None
    first = min(lane.names[0].first for lane in lanes)
    return Timeline(FiscalYear.of(first).first_day, on, lanes, sorted(events, key=lambda one: (one.on, one.subject)))


def _chain(code: str) -> tuple[list[str], list[RegionLink]]:
    """The codes of the regions before and after this one, itself included, and the links between them."""
    codes, edge = {code}, {code}
    links: dict[int, RegionLink] = {}
    for _ in range(FARTHEST):
        rows = RegionLink.objects.filter(Q(predecessor__in=edge) | Q(successor__in=edge)).select_related(
            "successor_zone"
        )
        links |= {row.pk: row for row in rows}
        ends = {row.predecessor_id for row in links.values()} | {row.successor_id for row in links.values()} - {None}
        edge = {str(one) for one in ends} - codes
        codes |= edge
        if not edge:
            break
    return sorted(codes), list(links.values())


def _by_region(model: type, codes: list[str]) -> dict[str, list]:
    """The rows of a model by region, in their order, in one query."""
    rows = model._default_manager.filter(region__in=codes)  # type: ignore[attr-defined]
    if model is RegionMembership:
        rows = rows.select_related("municipality").order_by("joined_on", "municipality")
    found: dict[str, list] = defaultdict(list)
    for row in rows:
        found[row.region_id].append(row)
    return found


def _region_lane(
    region: Region,
    names: list[RegionName],
    states: list[RegionState],
    members: list[RegionMembership],
    on: date,
) -> tuple[Lane, list[Event]]:
    last = _last_day(states, on)
    spans = _spans([(row.valid_from, row.name) for row in names if row.valid_from <= on], last)
    shown = [Segment(first, end, name, "light") for first, end, name in spans]
    told = [
        (row.since, row.get_state_display(), SHADES.get(Region.State(row.state), ""))
        for row in states
        if row.since <= on
    ]
    bands = [
        Segment(first, end, label, shade)
        for (first, end, label), (_, _, shade) in zip(
            _spans([(day, label) for day, label, _ in told], last), told, strict=False
        )
        if shade
    ]
    begun = min((row.joined_on for row in members), default=None)
    joins = _grouped((row.joined_on, row.municipality.name) for row in members if row.joined_on != begun)
    events = []
    if begun is not None:
        founders = [row.municipality.name for row in members if row.joined_on == begun]
        sure = all(row.basis != "inferred" for row in members if row.joined_on == begun)
        words = f"{len(founders)}市町村で始まる（{'、'.join(founders)}）"
        events.append(Event(begun, _when(begun), region.name, words, sure))
    events += [Event(day, _when(day), region.name, f"{'、'.join(towns)}が加わる") for day, towns in joins]
    left = _grouped((row.left_on + ONE_DAY, row.municipality.name) for row in members if row.left_on is not None)
    events += [Event(day, _when(day), region.name, f"{'、'.join(towns)}が抜ける") for day, towns in left if day <= on]
    events += [
        Event(row.valid_from, _when(row.valid_from), region.name, f"名称を{row.name}とする")
        for row in names[1:]
        if row.valid_from <= on
    ]
    events += [
        Event(
            row.since,
            _when(row.since),
            region.name,
            row.get_state_display() + (f"：{row.reason}" if row.reason else ""),
            row.basis != "inferred",
        )
        for row in states
        if row.since <= on
    ]
    return Lane(
        f"{region.name}（{region.pk}）", shown, bands, [(day, f"＋{'・'.join(towns)}") for day, towns in joins]
    ), events


def _zone_lane(zone: NationalZone, members: list[ZoneMembership], on: date) -> tuple[Lane, list[Event]]:
    begun = zone.formed_on or zone.declared_on or min((row.in_force_by for row in members), default=on)
    last = min(zone.ended_on or on, on)
    name = f"{zone.get_kind_display()}"
    events = []
    if zone.declared_on:
        events.append(Event(zone.declared_on, wareki(zone.declared_on), zone.name, "中心市宣言"))
    if zone.formed_on:
        towns = len({row.municipality_id for row in members if row.in_force_by <= zone.formed_on})
        words = "形成協定・連携協約" + (f"（{towns}市町村）" if towns else "")
        events.append(Event(zone.formed_on, wareki(zone.formed_on), zone.name, words))
    later = _grouped((row.in_force_by, row.municipality.name) for row in members if row.in_force_by > begun)
    events += [Event(day, wareki(day), zone.name, f"{'、'.join(towns)}（この日までに構成）") for day, towns in later]
    if zone.ended_on:
        words = f"終了（{zone.successor.name}へ）" if zone.successor else "終了"
        events.append(Event(zone.ended_on, wareki(zone.ended_on), zone.name, words))
    return Lane(zone.name, [Segment(begun, max(last, begun), name, "middle")]), events


def _last_day(states: list[RegionState], on: date) -> date:
    """The last day of the lane: the day before it ended or moved on, else the day it is drawn."""
    over = [row.since for row in states if row.state in (Region.State.ENDED, Region.State.NATIONAL) and row.since <= on]
    return over[-1] - ONE_DAY if over else on


def _spans(starts: list[tuple[date, str]], last: date) -> list[tuple[date, date, str]]:
    """From the first days of what follows each other to (first, last, label)."""
    ends = [day - ONE_DAY for day, _ in starts[1:]] + [last]
    return [(day, max(end, day), label) for (day, label), end in zip(starts, ends, strict=True)]


def _grouped(rows: Iterable[tuple[date, str]]) -> list[tuple[date, list[str]]]:
    """Names of the same day together, by day."""
    found: dict[date, list[str]] = defaultdict(list)
    for day, name in rows:
        found[day].append(name)
    return sorted(found.items())


def _when(day: date) -> str:
    """A fiscal year where the day is its first (the sources name only years), the day itself otherwise."""
    return FiscalYear.of(day).wareki if (day.month, day.day) == (4, 1) else wareki(day)
