"""連携地域カルテ (D-27): one region on two pages, from what `regions` and `subsidies` know of it.

The data of the paper is frozen like that of every other: what `karte` and `history_of` tell on the day, as far as the
reader may see it. Long lists are cut so that the paper keeps to its two pages, and say how much was left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from common.documents import Head, freeze
from common.fiscal_year import FiscalYear, wareki
from common.viewer import Viewer
from common.yen import show_thousands, show_yen
from municipalities import maps
from municipalities.paper_blocks import Fact, PeopleBlock, people_block, place_map
from municipalities.population import percent
from municipalities.population_chart import People, show
from regions import karte as record
from regions.models import Region, StageAssessment

from .region_history import BY_ITSELF, SUPPORTED, History, history_of, support_happenings, support_label

CHART_WIDTH = 1093
MOST_WORKS, MOST_KPIS, MOST_HAPPENINGS, MOST_YEARS, MOST_PAPERS, LONGEST_SOURCE = 10, 7, 8, 12, 3, 40
CELLS = {SUPPORTED: "●", BY_ITSELF: "○"}


@dataclass(frozen=True)
class MemberRow:
    """One member, or all together: people in base and target year, and the change in percent as text (▲26.7)."""

    name: str
    base: int | None
    target: int | None
    change: str
    joined: str = ""
    scheme: str = ""
    note: str = ""


@dataclass(frozen=True)
class Year:
    """A fiscal year as the head of a column: 令和6 / 2024."""

    name: str
    western: int


@dataclass(frozen=True)
class BandRow:
    """Neighbouring years of one program."""

    title: str
    years: int
    supported: bool


@dataclass(frozen=True)
class WorkRow:
    """An initiative: ● supported, ○ by itself, empty for each year."""

    name: str
    earlier: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class KpiRow:
    """An indicator as texts."""

    name: str
    project: str
    unit: str
    baseline: str
    actual: str
    target: str
    percent: str


@dataclass(frozen=True)
class StageRow:
    """The stage of one field on each track (市町村間, 道と市町村)."""

    field: str
    stages: tuple[str, ...]


@dataclass(frozen=True)
class PaperRow:
    """An agreement or a vision with its state and day."""

    title: str
    state: str
    day: str


@dataclass(frozen=True)
class HappeningRow:
    """One line of the history."""

    when: str
    text: str
    source: str


@dataclass(frozen=True)
class RegionSheet:
    """D-27. `more_…` count what did not fit."""

    head: Head
    code: str
    type: str
    bureau: str
    state: str
    support: str
    predecessors: tuple[str, ...]
    facts: tuple[Fact, ...]
    member_word: str
    base_year: int
    target_year: int
    members: tuple[MemberRow, ...]
    together: MemberRow
    left: tuple[str, ...]
    map_svg: str
    people: PeopleBlock | None
    missing: tuple[str, ...]
    credits: tuple[str, ...]
    years: tuple[Year, ...]
    bands: tuple[BandRow, ...]
    works: tuple[WorkRow, ...]
    money: tuple[str, ...]
    assumed: bool
    more_works: int
    kpis: tuple[KpiRow, ...]
    more_kpis: int
    tracks: tuple[str, ...]
    stages: tuple[StageRow, ...]
    papers: tuple[PaperRow, ...]
    happenings: tuple[HappeningRow, ...]
    more_happenings: int


def region_sheet(region: Region, viewer: Viewer, on: date) -> dict[str, Any]:
    """Return the snapshot of D-27 as this viewer may see it on the day; a constant number of queries.

    `region` comes from `visible_to(viewer)` with lead, secretariat, hub and lead bureau joined.
    """
    own = Region.objects.own_to(viewer).filter(pk=region.pk).exists()
    seen = record.karte(region, viewer, on, own=own)
    this_year = FiscalYear.of(on)
    history = history_of(region, seen.links, this_year, with_money=own)
    people = _people(seen)
    towns = [line.town for line in seen.members]
    told = "、".join(town.name for town in towns)
    happenings = sorted([*seen.happenings, *support_happenings(history.support)], key=lambda one: one.on, reverse=True)
    kept = slice(max(0, len(history.years) - MOST_YEARS), None)
    sheet = RegionSheet(
        head=Head(
            title=f"連携地域カルテ（{seen.name}、{wareki(on)}現在）",
            heading=(seen.name,),
            issued_on=on,
            sender=(region.lead_bureau.name,),
            numbered=False,
        ),
        code=region.pk,
        type=region.get_type_display(),
        bureau=region.lead_bureau.name,
        state=region.get_state_display(),
        support=support_label(history.support, this_year),
        predecessors=tuple(link.predecessor_id for link in seen.predecessors),
        facts=_facts(seen, history),
        member_word=seen.towns_word,
        base_year=record.BASE_YEAR,
        target_year=record.TARGET_YEAR,
        members=tuple(_member(line) for line in seen.members),
        together=_together(seen),
        left=tuple(f"{row.municipality.name}（{wareki(row.left_on)}）" for row in seen.left),
        map_svg=place_map([town.code for town in towns], f"{seen.name}の位置。{told}"),
        people=people_block(people) if people else None,
        missing=people.missing if people else (),
        credits=(*(people.credits if people else ()), maps.CREDIT),
        years=tuple(Year(year.wareki.removesuffix("年度"), int(year)) for year in history.years[kept]),
        bands=_bands(history, len(history.years[kept])),
        works=tuple(
            WorkRow(line.name, line.earlier, tuple(CELLS.get(cell, "") for cell in line.cells[kept]))
            for line in history.lines[:MOST_WORKS]
        ),
        money=tuple(state or show_thousands(amount) for amount, state in history.money[kept]),
        assumed=history.assumed,
        more_works=max(0, len(history.lines) - MOST_WORKS),
        kpis=tuple(_kpi(line) for line in seen.kpis[:MOST_KPIS]),
        more_kpis=max(0, len(seen.kpis) - MOST_KPIS),
        tracks=tuple(StageAssessment.Track.labels),
        stages=_stages(seen.stages),
        papers=_papers(seen),
        happenings=tuple(HappeningRow(one.when, one.text, _cut(one.source)) for one in happenings[:MOST_HAPPENINGS]),
        more_happenings=max(0, len(happenings) - MOST_HAPPENINGS),
    )
    return freeze(sheet)


def _facts(seen: record.Karte, history: History) -> tuple[Fact, ...]:
    together = seen.together
    facts = [
        Fact("構成", "".join(f"{count}{kind}" for count, kind in seen.kinds) or "－"),
        Fact(f"人口 {record.BASE_YEAR}年", _count(together.base), "人"),
        Fact(f"{record.TARGET_YEAR}年の推計", _count(together.target), "人", f"{_change(together.percent)}％"),
    ]
    if seen.old_shares:
        now, then = (percent(share / 100, 1) for share in seen.old_shares)
        facts.append(Fact(f"65歳以上 {record.BASE_YEAR}→{record.TARGET_YEAR}年", f"{now}→{then}", "％"))
    if history.first_granted:
        label = f"交付決定額 {history.first_granted.wareki}から"
        facts.append(Fact(label, show_thousands(history.granted_yen), "千円"))
    return tuple(facts)


def _member(line: record.MemberLine) -> MemberRow:
    roles = [name for name, held in (("代表", line.lead), ("事務局", line.secretariat), ("中心", line.hub)) if held]
    return MemberRow(
        name=line.town.name,
        base=line.people.base,
        target=line.people.target,
        change=_change(line.people.percent),
        joined=line.joined_fy.wareki + ("" if line.sourced else "（推定）"),
        scheme=line.scheme.label,
        note="・".join(roles),
    )


def _together(seen: record.Karte) -> MemberRow:
    together = seen.together
    return MemberRow("地域全体", together.base, together.target, _change(together.percent))


def _change(decline: Fraction | None) -> str:
    """▲26.7 for a decline of 26.7 %, +1.2 for growth, － for no value."""
    if decline is None:
        return "－"
    text = percent(abs(decline) / 100, 1)
    return text if not decline else f"▲{text}" if decline > 0 else f"+{text}"


def _people(seen: record.Karte) -> People | None:
    if seen.census is None or seen.projection is None:
        return None
    return show(seen.census, seen.projection, seen.name, width=CHART_WIDTH, uid="sheet")


def _bands(history: History, kept: int) -> tuple[BandRow, ...]:
    """The programs over the years that are shown: the oldest years fall away where there are too many."""
    rows: list[BandRow] = []
    room = kept
    for band in reversed(history.bands):
        if room <= 0:
            break
        rows.append(BandRow(band.title, min(band.years, room), band.supported))
        room -= band.years
    return tuple(reversed(rows))


def _kpi(line: record.KpiLine) -> KpiRow:
    kpi = line.kpi
    qualifier = kpi.get_qualifier_display() if kpi.qualifier else ""
    target = "" if kpi.target is None and qualifier else record.show(kpi.target)
    year = f"（{FiscalYear(line.actual_fy).short}）" if line.actual_fy else ""
    return KpiRow(
        name=kpi.name,
        project=line.project,
        unit=kpi.unit,
        baseline="新規" if kpi.baseline_is_new else record.show(kpi.baseline),
        actual=f"{line.actual}{year}" if line.actual else "－",
        target=target + qualifier,
        percent=_reached(line),
    )


def _reached(line: record.KpiLine) -> str:
    if line.percent is not None:
        return show_yen(int(line.percent))
    reached = line.achieved.reached if line.achieved else None
    return "－" if reached is None else "達成" if reached else "未達"


def _stages(rows: Sequence[StageAssessment]) -> tuple[StageRow, ...]:
    fields = list(dict.fromkeys(row.field.name for row in rows))
    found = {(row.field.name, row.track): f"第{row.stage}段階" for row in rows}
    tracks = StageAssessment.Track.values
    return tuple(StageRow(name, tuple(found.get((name, track), "－") for track in tracks)) for name in fields)


def _papers(seen: record.Karte) -> tuple[PaperRow, ...]:
    rows = [
        PaperRow(f"{row.title}　第{row.version}版", row.get_state_display(), wareki(row.in_force_on) or "－")
        for row in seen.agreements[:MOST_PAPERS]
    ]
    rows += [
        PaperRow(f"{row.title}　第{row.version}版", row.get_state_display(), wareki(row.adopted_on) or "－")
        for row in seen.visions[:MOST_PAPERS]
    ]
    return tuple(rows)


def _cut(source: str) -> str:
    """The beginning of a long source; the page of the region has all of it."""
    return source if len(source) <= LONGEST_SOURCE else f"{source[:LONGEST_SOURCE]}…"


def _count(value: int | None) -> str:
    return "－" if value is None else f"{value:,}"
