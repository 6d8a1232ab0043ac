"""The record of one region (連携地域カルテ): who belongs, how many people, what they agreed on, what they do.

Plain values for the page and for paper D-27. What other rooms know (support, grants) is added by `portal`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q

from common import audit
from common.fiscal_year import FiscalYear, wareki
from common.models import AuditEvent
from common.viewer import Viewer
from municipalities.models import Municipality, PopulationFigure, PopulationSeries
from municipalities.population import Figure, Population

from . import duties
from .achievement import Achievement, Standing
from .kpi_records import KpiRecord, records_of, tally
from .models import (
    Agreement,
    Kpi,
    Project,
    Region,
    RegionLink,
    RegionMembership,
    RegionName,
    StageAssessment,
    Vision,
)
from .scheme_status import SchemeStatus, scheme_statuses

CENSUS, PROJECTION = "census", "ipss_r5"
BASE_YEAR, TARGET_YEAR = 2020, 2040
EVENTS = 12


@dataclass(frozen=True)
class People:
    """People in the base year and in 2040, and the decline as an exact fraction; None without data."""

    base: int | None
    target: int | None
    decline: Fraction | None

    @property
    def percent(self) -> Fraction | None:
        """The decline in percent."""
        return None if self.decline is None else self.decline * 100


@dataclass(frozen=True)
class MemberLine:
    """One member on the day."""

    town: Municipality
    joined_on: date
    sourced: bool
    scheme: SchemeStatus
    lead: bool
    secretariat: bool
    hub: bool
    people: People

    @property
    def joined_fy(self) -> FiscalYear:
        return FiscalYear.of(self.joined_on)


@dataclass(frozen=True)
class KpiLine:
    """One KPI with its latest actual and how far it has come."""

    record: KpiRecord

    @property
    def kpi(self) -> Kpi:
        return self.record.kpi

    @property
    def project(self) -> str:
        return self.kpi.project.name

    @property
    def actual_fy(self) -> int | None:
        return self.record.latest.fiscal_year if self.record.latest else None

    @property
    def actual(self) -> str:
        return show(self.record.latest.value) if self.record.latest else ""

    @property
    def achieved(self) -> Achievement | None:
        return self.record.achieved

    @property
    def baseline(self) -> str:
        return "新規" if self.kpi.baseline_is_new else show(self.kpi.baseline)

    @property
    def target(self) -> str:
        """180以上, 全数, …"""
        return target_text(self.kpi)

    @property
    def percent(self) -> Fraction | None:
        share = self.achieved.share if self.achieved else None
        return None if share is None else share * 100


@dataclass(frozen=True)
class Happening:
    """One line of the history: a day or a fiscal year in words, what happened, where it is written."""

    on: date
    when: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Karte:
    """Everything the page of a region shows, as far as this viewer may see it."""

    region: Region
    on: date
    name: str
    members: list[MemberLine]
    left: list[RegionMembership]
    census: Population | None
    projection: Population | None
    projects: list[Project]
    kpis: list[KpiLine]
    agreements: list[Agreement]
    visions: list[Vision]
    stages: list[StageAssessment]
    links: list[RegionLink]
    happenings: list[Happening]
    events: list[AuditEvent] = field(default_factory=list)

    @property
    def kpi_tally(self) -> dict[Standing, int]:
        """How many KPIs stand where."""
        return tally(line.record for line in self.kpis)

    @property
    def kinds(self) -> list[tuple[int, str]]:
        """[(1, 市), (4, 町)]: how the page counts the members."""
        endings = [line.town.name[-1] for line in self.members]
        return [(endings.count(kind), kind) for kind in "市町村" if kind in endings]

    @property
    def towns_word(self) -> str:
        """市町村, 市町, 町村 … as the members are."""
        return "".join(kind for _, kind in self.kinds) or "市町村"

    @property
    def together(self) -> People:
        """All members together; empty where one of them has no projection."""
        return _people(self.projection, None)

    @property
    def old_shares(self) -> tuple[Fraction, Fraction] | None:
        """The share of people of 65 and over in the base year (census) and in 2040, in percent."""
        if self.census is None or self.projection is None:
            return None
        now, then = self.census.at(BASE_YEAR).old_share, self.projection.at(TARGET_YEAR).old_share
        return None if now is None or then is None else (now * 100, then * 100)

    @property
    def predecessors(self) -> list[RegionLink]:
        return [link for link in self.links if link.successor_id == self.region.pk]

    @property
    def successors(self) -> list[RegionLink]:
        return [link for link in self.links if link.predecessor_id == self.region.pk]


def karte(region: Region, viewer: Viewer, on: date, *, own: bool) -> Karte:
    """Gather the record of a region as it stands on the day. The number of queries does not depend on its size.

    `region` comes from `visible_to(viewer)` with lead, secretariat, hub and lead bureau joined; `own` says whether the
    office has a part in it (`own_to`) and may see what was done when by whom.
    """
    rows = list(region.memberships.select_related("municipality").order_by("municipality", "joined_on"))
    held = [row for row in rows if row.joined_on <= on and (row.left_on is None or row.left_on >= on)]
    codes = [row.municipality_id for row in held]
    census, projection = _population(held, (CENSUS, PROJECTION))
    statuses = scheme_statuses(codes, on)
    names = list(region.names.all())
    agreements = _agreements(region, viewer)
    visions = _visions(region, viewer)
    projects = list(region.projects.select_related("main_field", "secretariat").prefetch_related("names"))
    return Karte(
        region=region,
        on=on,
        name=next((row.name for row in reversed(names) if row.valid_from <= on), region.name),
        members=[_member(region, row, statuses[row.municipality_id], projection) for row in held],
        left=[row for row in rows if row.left_on is not None and row.left_on < on],
        census=census,
        projection=projection,
        projects=projects,
        kpis=_kpis(region, viewer, on) if viewer.may(duties.KPI) else [],
        agreements=agreements,
        visions=visions,
        stages=_stages(region) if viewer.may(duties.STAGE) else [],
        links=list(
            RegionLink.objects.filter(Q(predecessor=region) | Q(successor=region)).select_related(
                "predecessor", "successor", "successor_zone"
            )
        ),
        happenings=_happenings(rows, names, agreements, visions),
        events=list(audit.timeline(region, internal=viewer.sees_internal)[:EVENTS]) if own else [],
    )


def _member(region: Region, row: RegionMembership, scheme: SchemeStatus, projection: Population | None) -> MemberLine:
    code = row.municipality_id
    return MemberLine(
        town=row.municipality,
        joined_on=row.joined_on,
        sourced=row.basis == "sourced",
        scheme=scheme,
        lead=code == region.lead_id,
        secretariat=code == region.secretariat_id,
        hub=code == region.hub_id,
        people=_people(projection, code),
    )


def _people(projection: Population | None, code: str | None) -> People:
    if projection is None:
        return People(None, None, None)
    base, target = projection.at(BASE_YEAR, code).total, projection.at(TARGET_YEAR, code).total
    return People(base, target, projection.decline(code, TARGET_YEAR))


def _population(rows: list[RegionMembership], series: tuple[str, ...]) -> list[Population | None]:
    """The people of these members in each series, in one query; None for a series that is not loaded."""
    codes = [row.municipality_id for row in rows]
    names = {row.municipality_id: row.municipality.name for row in rows}
    figures = PopulationFigure.objects.filter(series__in=series, municipality__in=codes).select_related(
        "series__source"
    )
    editions: dict[str, PopulationSeries] = {}
    found: dict[str, dict[str, dict[int, Figure]]] = {}
    for row in figures.select_related("series__source"):
        editions[row.series_id] = row.series
        by_town = found.setdefault(row.series_id, {code: {} for code in codes})
        by_town[row.municipality_id][row.year] = Figure(
            row.total, row.age_0_14, row.age_15_64, row.age_65_over, row.age_75_over, row.age_unknown
        )
    answer: list[Population | None] = []
    for code in series:
        if code not in found:
            answer.append(None)
            continue
        years = sorted({year for town in found[code].values() for year in town})
        answer.append(Population(editions[code], tuple(years), names, found[code]))
    return answer


def _agreements(region: Region, viewer: Viewer) -> list[Agreement]:
    if not viewer.may(duties.AGREEMENT):
        return []
    rows = Agreement.objects.visible_to(viewer).filter(region=region).with_progress(viewer)
    return list(rows.order_by("-version"))


def _visions(region: Region, viewer: Viewer) -> list[Vision]:
    if not viewer.may(duties.VISION):
        return []
    rows = Vision.objects.visible_to(viewer).filter(region=region).order_by("-version")
    return list(rows.annotate(listed=Count("items")))


def _kpis(region: Region, viewer: Viewer, on: date) -> list[KpiLine]:
    kpis = Kpi.objects.visible_to(viewer).filter(project__region=region)
    return [KpiLine(record) for record in records_of(kpis, on)]


def target_text(kpi: Kpi) -> str:
    """180以上, 25以上を維持, 全数, …"""
    qualifier = kpi.get_qualifier_display() if kpi.qualifier else ""
    if kpi.target is None and qualifier:
        return qualifier
    held = "を維持" if kpi.direction == Kpi.Direction.KEEP and kpi.qualifier not in ("", Kpi.Qualifier.KEEP) else ""
    return f"{show(kpi.target)}{qualifier}{held}"


def show(value: object) -> str:
    """Write a decimal as people do: 1,240 without zeros behind the point, minus as ▲; － for none."""
    if value is None:
        return "－"
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"▲{text[1:]}" if text.startswith("-") else text


def _stages(region: Region) -> list[StageAssessment]:
    """The latest reading of each field and track."""
    latest: dict[tuple[str, str], StageAssessment] = {}
    for row in region.stages.select_related("field").order_by("field__order", "track", "assessed_on"):
        latest[row.field_id, row.track] = row
    return list(latest.values())


def _happenings(
    rows: list[RegionMembership], names: list[RegionName], agreements: list[Agreement], visions: list[Vision]
) -> list[Happening]:
    """What the sources and the papers tell, newest first; drafts are not history."""
    first = min((row.joined_on for row in rows), default=None)
    found = [
        Happening(row.joined_on, _when(row.joined_on), f"{row.municipality.name}が加わる")
        for row in rows
        if row.joined_on != first
    ]
    found += [
        Happening(row.left_on, wareki(row.left_on), f"{row.municipality.name}が抜ける", row.reason)
        for row in rows
        if row.left_on is not None
    ]
    found += [
        Happening(row.valid_from, _when(row.valid_from), f"名称を{row.name}とする")
        for row in names
        if first is not None and row.valid_from > first
    ]
    found += [
        Happening(row.in_force_on, wareki(row.signed_on), f"「{row.title}」第{row.version}版を締結する", row.source)
        for row in agreements
        if row.in_force_on is not None
    ]
    found += [
        Happening(
            row.adopted_on,
            _month(row.adopted_on) if row.basis == "inferred" else wareki(row.adopted_on),
            f"「{row.title}」第{row.version}版を策定する" + ("（推定）" if row.basis == "inferred" else ""),
            row.source,
        )
        for row in visions
        if row.adopted_on is not None
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)


def _when(day: date) -> str:
    """A fiscal year where the day is its first (the sources name only years), the day itself otherwise."""
    return FiscalYear.of(day).wareki if (day.month, day.day) == (4, 1) else wareki(day)


def _month(day: date) -> str:
    return wareki(day).rsplit("月", 1)[0] + "月"
