"""The published history of the closed programs, judged again by their rulesets.

Every region and fiscal year of support becomes one application with what the sources tell of it. What they do not
tell is named and leads to NO_DATA or JUDGE, never to a silent PASS; what is assumed is listed (推定). Territory is
looked at on 1 April, papers at the end of the fiscal year, because agreements were signed during it (rulings
"History"). Reads everything once, whatever the number of regions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from common.fiscal_year import FiscalYear
from regions.models import Agreement, Project, RegionLink, RegionMembership, RegionName, Vision
from regions.models.region import Basis

from .models import Program, SupportYear
from .questions import Desk, findings_json
from .rules.engine import Evaluation, judge
from .rules.facts import (
    AgreementFacts,
    ApplicationFacts,
    MunicipalityRef,
    ParticipantFacts,
    ProjectFacts,
    SupportFacts,
)
from .rules.gather import agreement_facts, vision_facts
from .rules.ruleset import PATH, RuleSet

HISTORICAL = (SupportYear.Basis.SOURCED, SupportYear.Basis.INFERRED)
NOT_TOLD = {
    "agreement": "地域連携協定",
    "vision": "地域連携ビジョン",
    "forward_plan": "広域連携前進プランへの記載",
    "conference": "検討会議の開催",
    "equivalence": "同等のプラン",
    "lead": "代表市町村",
    "cost_lines": "経費の明細",
    "income_lines": "収入の明細",
    "requested_yen": "申請額",
    "other_subsidy": "他の補助金の有無",
    "allotment": "予算の配分額",
    "purpose": "申請の目的",
    "starts_on": "事業の開始日",
    "ends_on": "事業の終了日",
    "decision_expected_on": "交付決定の日",
    "self_running": "自走化の見通し",
    "cost_sharing": "費用負担の合意",
    "subgroup": "部会",
    "pre_consultations_closed_on": "事前協議",
    "midterm_review": "中間評価",
    "change": "変更の内容",
    "case_sheets": "事例シート",
    "project_fields": "取組の分野",
    "kpis": "成果指標（KPI）",
}
"""What no source tells of a past application, as `ApplicationFacts.unknown` names it, and what it is called."""


@dataclass(frozen=True)
class PastApplication:
    """One region in one fiscal year of support, with its verdict and what had to be assumed."""

    region: str
    name: str
    fiscal_year: FiscalYear
    members: tuple[str, ...]
    assumed: tuple[str, ...]
    verdict: Evaluation
    facts: ApplicationFacts


class History:
    """All past support with the regions and papers behind it."""

    def __init__(self) -> None:
        rows = SupportYear.objects.filter(basis__in=HISTORICAL).select_related("region")
        self.support = list(rows.prefetch_related("projects__names").order_by("program", "region", "fiscal_year"))
        regions = {row.region_id for row in self.support}
        self.desk = Desk()
        self.members: dict[str, list[RegionMembership]] = defaultdict(list)
        for member in RegionMembership.objects.filter(region__in=regions).order_by("municipality"):
            self.members[member.region_id].append(member)
        self.names: dict[str, list[RegionName]] = defaultdict(list)
        for name in RegionName.objects.filter(region__in=regions).order_by("valid_from"):
            self.names[name.region_id].append(name)
        self.agreements: dict[str, list[Agreement]] = defaultdict(list)
        for agreement in Agreement.objects.filter(region__in=regions).prefetch_related("consents", "fields"):
            self.agreements[agreement.region_id].append(agreement)
        self.visions: dict[str, list[Vision]] = defaultdict(list)
        for vision in Vision.objects.filter(region__in=regions).prefetch_related("items__project"):
            self.visions[vision.region_id].append(vision)
        self.before: dict[str, set[str]] = defaultdict(set)
        for earlier, later in RegionLink.objects.filter(successor__in=regions).values_list("predecessor", "successor"):
            self.before[later].add(earlier)

    def of(self, program: str) -> list[SupportYear]:
        """The region-years of one program, by region and year."""
        return [row for row in self.support if row.program_id == program]

    def members_in(self, region: str, year: int) -> list[RegionMembership]:
        """Who belonged at the end of the fiscal year, in code order."""
        last = FiscalYear(year).last_day
        return [
            row
            for row in self.members[region]
            if row.joined_on <= last and (row.left_on is None or row.left_on >= last)
        ]

    def application(self, row: SupportYear, rules: RuleSet | None = None) -> PastApplication:
        """Judge one region-year, under the rules of its own time unless others are given.

        Every historical region is taken as flat (rulings "Rules" 5).
        """
        year, region = FiscalYear(row.fiscal_year), row.region
        members = self.members_in(region.code, year)
        codes = tuple(member.municipality_id for member in members)
        rules = rules or self.desk.rules(row.program_id, year)
        where = self.desk.ground.region(
            codes,
            program=row.program_id,
            fiscal_year=year,
            on=year.first_day,
            series=rules.value("series"),
            type_assumed=True,
            code=region.code,
            name=region.name,
            support=self._support(row),
        )
        names = [MunicipalityRef(member.code, member.name) for member in where.members]
        told: dict[str, Any] = {
            "region_members": tuple(names),
            "participants": tuple(ParticipantFacts(item.code, item.name) for item in names),
            "submitted_on": year.last_day,
            "projects": tuple(ProjectFacts(name_in(project, year)) for project in row.projects.all()),
        }
        if agreement := agreement_facts(self.agreements[region.code], year.last_day):
            told["agreement"] = _as_signed(agreement, names)
        if vision := vision_facts(self.visions[region.code], year.last_day):
            told["vision"] = vision
        unknown = {name: f"{label}は出典に記載がありません。" for name, label in NOT_TOLD.items() if name not in told}
        facts = ApplicationFacts(region=where, unknown=unknown, **told)
        verdict = judge(rules, facts, stages=PATH)
        borne = [name.name for name in self.names[region.code] if name.valid_from <= year.last_day]
        return PastApplication(
            region=region.code,
            name=borne[-1] if borne else region.name,
            fiscal_year=year,
            members=codes,
            assumed=_assumed(row, members),
            verdict=verdict,
            facts=facts,
        )

    def _support(self, row: SupportYear) -> SupportFacts:
        """The region's earlier years in this program, and what it or its predecessor did under another one."""
        earlier = [
            other
            for other in self.support
            if other.program_id == row.program_id
            and other.region_id == row.region_id
            and other.fiscal_year < row.fiscal_year
        ]
        family = {row.region_id, *self.before[row.region_id]}
        elsewhere = [
            name_in(project, other.fiscal_year)
            for other in self.support
            if other.program_id != row.program_id and other.region_id in family and other.fiscal_year < row.fiscal_year
            for project in other.projects.all()
        ]
        last = max((other.fiscal_year for other in earlier), default=None)
        members = () if last is None else tuple(item.municipality_id for item in self.members_in(row.region_id, last))
        return SupportFacts(
            years=tuple(other.fiscal_year for other in earlier),
            members=members,
            earlier_projects=tuple(dict.fromkeys(elsewhere)),
            note="推定" if any(other.basis == SupportYear.Basis.INFERRED for other in (*earlier, row)) else "",
        )


def name_in(project: Project, year: int) -> str:
    """What the initiative was called in the fiscal year."""
    names = [name.name for name in project.names.all() if name.from_fy <= year]
    return names[-1] if names else project.name


def _as_signed(agreement: AgreementFacts, members: Iterable[MunicipalityRef]) -> AgreementFacts:
    """An agreement as the sources tell it: of members who joined after it was signed they say nothing."""
    joined = [member.name for member in members if member.code not in agreement.parties]
    if not joined:
        return agreement
    reason = f"{'・'.join(joined)}が加わった後の協定は出典に記載がありません。"
    return replace(agreement, unknown={**agreement.unknown, "consents": reason, "parties": reason})


def _assumed(row: SupportYear, members: Iterable[RegionMembership]) -> tuple[str, ...]:
    return (
        "類型（フラットな連携とした）",
        *(("構成市町村",) if any(member.basis != Basis.SOURCED for member in members) else ()),
        *(("支援の年度",) if row.basis == SupportYear.Basis.INFERRED else ()),
    )


def replay(program: str = "") -> dict[str, Any]:
    """Judge the history of one program, or of every program; JSON with 5-digit codes.

    Raises ValueError (Japanese) for a program that does not exist.
    """
    known = list(Program.objects.order_by("order").values_list("code", "name"))
    if program and program not in dict(known):
        raise ValueError(f"制度「{program}」は登録されていません（{'、'.join(code for code, _ in known)}）。")
    history = History()
    return {"programs": [_program(history, code, name) for code, name in known if not program or code == program]}


def _program(history: History, code: str, name: str) -> dict[str, Any]:
    rows = history.of(code)
    years = sorted({row.fiscal_year for row in rows})
    first: dict[str, int] = {}
    for row in rows:
        first[row.region_id] = min(first.get(row.region_id, row.fiscal_year), row.fiscal_year)

    def towns(regions: Iterable[str], year: int) -> set[str]:
        return {member.municipality_id for region in regions for member in history.members_in(region, year)}

    def counted(regions: set[str], year: int) -> dict[str, int]:
        return {"fiscal_year": year, "regions": len(regions), "municipalities": len(towns(regions, year))}

    ever: set[str] = set().union(*(towns([row.region_id], row.fiscal_year) for row in rows)) if rows else set()
    started = {year: {region for region, start in first.items() if start == year} for year in years}
    supported = {year: {row.region_id for row in rows if row.fiscal_year == year} for year in years}
    assumed = {row.fiscal_year for row in rows if row.basis == SupportYear.Basis.INFERRED}
    answer = {
        "program": code,
        "name": name,
        "regions": len(first),
        "municipalities": len(ever),
        "started": [counted(regions, year) for year, regions in started.items() if regions],
        "by_year": [counted(regions, year) | {"assumed": year in assumed} for year, regions in supported.items()],
        "applications": [_application(history.application(row)) for row in rows],
    }
    return history.desk.short_codes(answer)  # type: ignore[no-any-return]


def _application(past: PastApplication) -> dict[str, Any]:
    return {
        "region": past.region,
        "name": past.name,
        "fiscal_year": int(past.fiscal_year),
        "members": list(past.members),
        "assumed": list(past.assumed),
        "result": past.verdict.result.value,
        "findings": findings_json(past.verdict.findings),
    }
