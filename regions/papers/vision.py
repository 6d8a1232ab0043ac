"""地域連携ビジョン (D-24): who and until when, the people, future image, issues and aims, a page for each initiative,
the cost of all of them by year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common import clock
from common.documents import Head
from common.fiscal_year import FiscalYear
from municipalities.outlook import CENSUS, LATEST
from municipalities.paper_blocks import PeopleBlock, people_block, place_map
from municipalities.population import TARGET_YEAR, Population, change_text, populations
from municipalities.population_chart import show as draw_people

from ..karte import show, target_text
from ..membership import members_on
from ..models import Kpi, RegionMembership, Vision, VisionProject

PAPER = "D-24"
CHART_WIDTH = 1093


@dataclass(frozen=True)
class MemberRow:
    """A member (or all together): people in the base year and the target year, the change in percent as text."""

    name: str
    part: str
    base: int | None
    target: int | None
    change: str


@dataclass(frozen=True)
class RoleRow:
    """What one member does in an initiative."""

    who: str
    text: str


@dataclass(frozen=True)
class KpiRow:
    """An indicator as texts."""

    name: str
    unit: str
    kind: str
    baseline: str
    baseline_year: str
    target: str
    target_year: str
    data_source: str


@dataclass(frozen=True)
class Initiative:
    """One initiative on its own page; `costs` are whole yen by year of the term, None where none was given."""

    number: int
    name: str
    code: str
    fields: tuple[str, ...]
    secretariat: str
    participants: tuple[str, ...]
    running: str
    outline: str
    roles: str
    parts: tuple[RoleRow, ...]
    costs: tuple[int | None, ...]
    total_yen: int
    kpis: tuple[KpiRow, ...]
    self_running: str


@dataclass(frozen=True)
class VisionPaper:
    """D-24. `head.issued_on` is the day of adoption, blank in a draft; `years` are the western years of the term."""

    head: Head
    region: str
    version: int
    term: str
    agreement: str
    lead: str
    member_word: str
    members: tuple[MemberRow, ...]
    together: MemberRow | None
    base_year: int | None
    target_year: int
    people: PeopleBlock | None
    map_svg: str
    credits: tuple[str, ...]
    future_image: str
    issues: str
    aims: str
    years: tuple[int, ...]
    initiatives: tuple[Initiative, ...]
    totals: tuple[int, ...]
    total_yen: int


def vision_paper(vision: Vision) -> VisionPaper:
    """Fill D-24 from the rows as they are; members are those of the day of adoption, of today for a draft.

    A constant number of queries.
    """
    region, day = vision.region, vision.adopted_on or clock.today()
    members = members_on([region.pk], day)[region.pk]
    codes = [row.municipality_id for row in members]
    found = _people(codes)
    initiatives = tuple(
        _initiative(number, item, vision.years, members)
        for number, item in enumerate(
            vision.items.select_related("project__main_field", "project__secretariat").prefetch_related(
                "costs", "parts__municipality", "project__fields", "project__participants", "project__kpis"
            ),
            1,
        )
    )
    projected = found[1] if found else None
    people = draw_people(*found, region.name, width=CHART_WIDTH) if found else None
    totals = tuple(sum(one.costs[n] or 0 for one in initiatives) for n in range(len(vision.years)))
    return VisionPaper(
        head=Head(title=vision.title, heading=(vision.title,), issued_on=vision.adopted_on, numbered=False),
        region=region.name,
        version=vision.version,
        term=f"{FiscalYear(vision.term_from_fy).wareki}から{FiscalYear(vision.term_to_fy).wareki}まで",
        agreement=f"{vision.agreement.title}（第{vision.agreement.version}版）" if vision.agreement else "",
        lead=region.lead.name,
        member_word="市町村",
        members=tuple(_member(row, vision, projected) for row in members),
        together=_row("地域全体", "", projected, None) if projected else None,
        base_year=projected.series.base_year if projected else None,
        target_year=TARGET_YEAR,
        people=people_block(people) if people else None,
        map_svg=place_map(codes, f"{region.name}の位置。{'、'.join(row.municipality.name for row in members)}"),
        credits=people.credits if people else (),
        future_image=vision.future_image,
        issues=vision.issues,
        aims=vision.aims,
        years=tuple(vision.years),
        initiatives=initiatives,
        totals=totals,
        total_yen=sum(totals),
    )


def _people(codes: Sequence[str]) -> tuple[Population, Population] | None:
    """The census and the newest edition; None where either has nothing of these municipalities."""
    found = populations(codes) if codes else {}
    if CENSUS not in found or LATEST not in found:
        return None
    actual, projected = found[CENSUS], found[LATEST]
    known = any(figure.total is not None for figure in projected.together.values())
    return (actual, projected) if known else None


def _member(row: RegionMembership, vision: Vision, projected: Population | None) -> MemberRow:
    region = vision.region
    duties = {region.lead_id: "代表", region.secretariat_id: "事務局"}
    part = "代表・事務局" if region.lead_id == region.secretariat_id else ""
    part = part if part and row.municipality_id == region.lead_id else duties.get(row.municipality_id, "")
    return _row(row.municipality.name, part, projected, row.municipality_id)


def _row(name: str, part: str, projected: Population | None, code: str | None) -> MemberRow:
    if projected is None:
        return MemberRow(name, part, None, None, "－")
    base = projected.at(projected.series.base_year or 0, code).total
    return MemberRow(name, part, base, projected.at(TARGET_YEAR, code).total, change_text(projected.decline(code)))


def _initiative(number: int, item: VisionProject, years: range, members: Sequence[RegionMembership]) -> Initiative:
    project = item.project
    amounts = {cost.fiscal_year: cost.amount_yen for cost in item.costs.all()}
    costs = tuple(amounts.get(year) for year in years)
    fields = list(dict.fromkeys([*([project.main_field] if project.main_field else []), *project.fields.all()]))
    named = [town.name for town in project.participants.all()]
    first = FiscalYear(project.from_fy).wareki
    return Initiative(
        number=number,
        name=project.name,
        code=project.code,
        fields=tuple(field.name for field in fields),
        secretariat=project.secretariat.name if project.secretariat else "",
        participants=tuple(named or [row.municipality.name for row in members]),
        running=f"{first}から" + (f"{FiscalYear(project.to_fy).wareki}まで" if project.to_fy else ""),
        outline=item.outline,
        roles=item.roles,
        parts=tuple(RoleRow(row.municipality.name, row.role) for row in item.parts.all()),
        costs=costs,
        total_yen=sum(yen or 0 for yen in costs),
        kpis=tuple(_kpi(kpi) for kpi in project.kpis.all()),
        self_running=project.self_running_plan,
    )


def _kpi(kpi: Kpi) -> KpiRow:
    return KpiRow(
        name=f"{kpi.name}（累計）" if kpi.cumulative and "累計" not in kpi.name else kpi.name,
        unit=kpi.unit,
        kind=kpi.get_kind_display(),
        baseline="新規" if kpi.baseline_is_new else show(kpi.baseline),
        baseline_year=FiscalYear(kpi.baseline_fy).wareki if kpi.baseline_fy else "",
        target=target_text(kpi),
        target_year=FiscalYear(kpi.target_fy).wareki if kpi.target_fy else "",
        data_source=kpi.data_source,
    )
