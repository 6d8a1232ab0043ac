"""The whole prefecture on one day: under which scheme each municipality works together, bureau by bureau."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.safestring import SafeString

from common.fiscal_year import FiscalYear
from common.maps import Look, Mark
from common.viewer import Viewer
from municipalities.maps import prefecture_map
from municipalities.models import Bureau, Jurisdiction, Municipality
from regions.models import NationalZone, Region, RegionMembership, ZoneMembership
from regions.scheme_status import scheme_statuses, zones_in_force
from subsidies.budget_chart import BudgetLine
from subsidies.duties import BUDGET
from subsidies.models import Application, CallAllotment, SupportYear
from subsidies.states import UNDER_REVIEW


class Frame(StrEnum):
    """Under what a municipality works together; each counts once, the first that fits."""

    HUB_URBAN = "hub_urban"
    SETTLEMENT = "settlement"
    REGION = "region"
    AFTER = "after"
    NONE = "none"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Frame.HUB_URBAN: "連携中枢都市圏",
    Frame.SETTLEMENT: "定住自立圏",
    Frame.REGION: "連携地域のみ（支援中）",
    Frame.AFTER: "連携地域のみ（支援の後）",
    Frame.NONE: "どの枠組みにも入らない",
}
LOOKS = {
    (Frame.HUB_URBAN, False): Look.HUB_URBAN,
    (Frame.HUB_URBAN, True): Look.REGION_HUB_URBAN,
    (Frame.SETTLEMENT, False): Look.SETTLEMENT,
    (Frame.SETTLEMENT, True): Look.REGION_SETTLEMENT,
    (Frame.REGION, False): Look.REGION,
    (Frame.AFTER, False): Look.AFTER,
    (Frame.NONE, False): Look.PLAIN,
}
CALLED_OUT = 4  # so few municipalities of a frame are named on the map


@dataclass(frozen=True)
class Place:
    """One municipality: its frame, whether it also belongs to a supported region, and the bureau over it."""

    code: str
    name: str
    bureau: str
    frame: Frame
    both: bool


@dataclass(frozen=True)
class BureauLine:
    """A bureau's municipalities by frame, and the regions it leads that are supported in the year."""

    name: str
    frames: dict[Frame, int]
    both: int
    regions: list[Region]

    @property
    def total(self) -> int:
        return sum(self.frames.values())

    @property
    def cells(self) -> list[int]:
        return [self.frames.get(frame, 0) for frame in Frame]


@dataclass(frozen=True)
class Overview:
    """The prefecture on the day."""

    prefecture: str
    name: str
    on: date
    places: list[Place]
    bureaus: list[BureauLine]
    zones: list[NationalZone]
    supported: list[Region]
    blank: int

    @property
    def counts(self) -> list[tuple[Frame, int]]:
        found = Counter(place.frame for place in self.places)
        return [(frame, found[frame]) for frame in Frame]

    @property
    def both(self) -> int:
        return sum(place.both for place in self.places)

    @property
    def working(self) -> int:
        """How many work together under any scheme, support that has ended included."""
        return sum(place.frame != Frame.NONE for place in self.places)

    @property
    def outside(self) -> list[Place]:
        return [place for place in self.places if place.frame == Frame.NONE]

    @property
    def hub_urban(self) -> list[NationalZone]:
        return [zone for zone in self.zones if zone.kind == NationalZone.Kind.HUB_URBAN]

    @property
    def settlement(self) -> list[NationalZone]:
        return [zone for zone in self.zones if zone.kind == NationalZone.Kind.SETTLEMENT]

    @property
    def total(self) -> BureauLine:
        frames: Counter[Frame] = Counter()
        for line in self.bureaus:
            frames.update(line.frames)
        return BureauLine("計", dict(frames), self.both, self.supported)

    @property
    def message(self) -> str:
        """179市町村のうち178市町村が、国か道の制度で広域連携に取り組む."""
        return f"{len(self.places)}市町村のうち{self.working}市町村が、国か道の制度で広域連携に取り組む"


def overview(prefecture: str, name: str, on: date) -> Overview:
    """Gather the prefecture as it stood on the day; the queries do not depend on the number of municipalities."""
    towns = list(Municipality.objects.existing(on).filter(prefecture=prefecture).order_by("code"))
    codes = [town.code for town in towns]
    bureaus = _bureaus(codes, on)
    zoned = _zoned(prefecture, on)
    support = dict(_support(prefecture, on))
    held = RegionMembership.objects.on(on).filter(region__in=support).values_list("municipality", "region")
    supported_in: defaultdict[str, set[bool]] = defaultdict(set)
    for code, region in held:
        supported_in[code].add(support[region])
    places = [
        _place(town, bureaus.get(town.code, ""), zoned.get(town.code, set()), supported_in[town.code]) for town in towns
    ]
    regions = Region.objects.filter(pk__in=[code for code, now in support.items() if now]).order_by("code")
    supported = list(regions.select_related("lead_bureau"))
    return Overview(
        prefecture=prefecture,
        name=name,
        on=on,
        places=places,
        bureaus=_lines(prefecture, places, supported),
        zones=list(zones_in_force(prefecture, on)),
        supported=supported,
        blank=sum(status.blank for status in scheme_statuses(codes, on).values()),
    )


def overview_map(found: Overview, *, paper: bool = False) -> SafeString:
    """Draw the prefecture by frame; the few that are in none, or only after support, are named.

    Each municipality leads to its page; not so on `paper`.
    """
    marks = {place.code: Mark(LOOKS[place.frame, place.both]) for place in found.places}
    titles = {place.code: place.frame.label + ("、連携地域" if place.both else "") for place in found.places}
    callouts: dict[str, str] = {}
    for frame, text in ((Frame.NONE, "枠組みなし"), (Frame.AFTER, "支援の後")):
        few = [place for place in found.places if place.frame == frame]
        if len(few) <= CALLED_OUT:
            callouts |= {place.code: f"{place.name}\n{text}" for place in few}
    told = "、".join(f"{frame.label}{count}" for frame, count in found.counts)
    label = f"{found.name}{len(found.places)}市町村の広域連携の枠組み。{told}"
    links = {
        place.code: reverse("municipalities:municipality_detail", args=[place.code])
        for place in (() if paper else found.places)
    }
    return prefecture_map(
        found.prefecture, marks, label=label, titles=titles, callouts=callouts, links=links, paper=paper
    )


def budget(prefecture: str, year: FiscalYear, viewer: Viewer) -> list[BudgetLine]:
    """Return the year by bureau (庁内限り): all for headquarters, its own for a bureau, nothing for others."""
    if not (viewer.sees_internal and viewer.may(BUDGET)):
        return []
    allotments = CallAllotment.objects.filter(call__fiscal_year=year, bureau__prefecture=prefecture)
    if viewer.is_bureau:
        allotments = allotments.filter(bureau=viewer.office.code)
    sums = allotments.values("bureau", "bureau__name").annotate(
        allotted=Sum("amount_yen"), granted=Sum("committed_yen")
    )
    reviewed = dict(
        Application.objects.visible_to(viewer)
        .filter(fiscal_year=year, state__in=UNDER_REVIEW)
        .values("lead_bureau")
        .annotate(asked=Sum("requested_yen"))
        .values_list("lead_bureau", "asked")
    )
    return [
        BudgetLine(row["bureau__name"], row["allotted"], row["granted"], reviewed.get(row["bureau"], 0))
        for row in sums.order_by("bureau__order")
    ]


def _place(town: Municipality, bureau: str, zones: set[str], regions: set[bool]) -> Place:
    if NationalZone.Kind.HUB_URBAN in zones:
        frame = Frame.HUB_URBAN
    elif zones:
        frame = Frame.SETTLEMENT
    elif regions:
        frame = Frame.REGION if True in regions else Frame.AFTER
    else:
        frame = Frame.NONE
    return Place(town.code, town.name, bureau, frame, bool(zones) and True in regions)


def _zoned(prefecture: str, on: date) -> dict[str, set[str]]:
    """The kinds of zones that each municipality is in on the day."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = ZoneMembership.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=on), zone__prefecture=prefecture, in_force_by__lte=on
    )
    for code, kind in rows.values_list("municipality", "zone__kind"):
        found[code].add(kind)
    return found


def _support(prefecture: str, on: date) -> list[tuple[str, bool]]:
    """(region, supported in the fiscal year of the day) of each region supported up to then."""
    year = FiscalYear.of(on)
    rows = SupportYear.objects.filter(region__prefecture=prefecture, fiscal_year__lte=year)
    years: defaultdict[str, set[int]] = defaultdict(set)
    for region, fiscal_year in rows.values_list("region", "fiscal_year"):
        years[region].add(fiscal_year)
    return [(region, year in found) for region, found in years.items()]


def _bureaus(codes: list[str], on: date) -> dict[str, str]:
    """The bureau over each municipality on the day; a branch counts for its office."""
    held = Jurisdiction.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), municipality__in=codes, valid_from__lte=on
    ).select_related("bureau")
    return {row.municipality_id: row.bureau.parent_id or row.bureau_id for row in held}


def _lines(prefecture: str, places: list[Place], supported: list[Region]) -> list[BureauLine]:
    frames: defaultdict[str, Counter[Frame]] = defaultdict(Counter)
    both: Counter[str] = Counter()
    for place in places:
        frames[place.bureau][place.frame] += 1
        both[place.bureau] += place.both
    return [
        BureauLine(
            bureau.name,
            dict(frames[bureau.pk]),
            both[bureau.pk],
            [region for region in supported if bureau.pk in (region.lead_bureau_id, region.lead_bureau.parent_id)],
        )
        for bureau in Bureau.objects.filter(prefecture=prefecture, parent=None).order_by("order")
    ]
