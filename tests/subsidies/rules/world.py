"""Fictional municipalities and applications for the rules: the least that is valid, so that each test says the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from subsidies.rules.engine import Evaluation, judge
from subsidies.rules.facts import (
    AgreementFacts,
    AllotmentFacts,
    ApplicationFacts,
    ConferenceFacts,
    ConsentFacts,
    ConsentState,
    CostLineFacts,
    CostSharingFacts,
    ForwardPlanFacts,
    KpiFacts,
    MeetingFacts,
    MemberFacts,
    MunicipalityRef,
    ParticipantFacts,
    ProjectFacts,
    Projection,
    RegionFacts,
    SelfRunningFacts,
    VisionFacts,
    ZoneFacts,
    ZoneStatus,
)
from subsidies.rules.ruleset import PATH, RuleSet, Stage, parse
from subsidies.rules.verdict import Finding, Result

PROGRAMS = Path(__file__).parents[3] / "fixtures" / "programs"
PASS, FAIL, JUDGE, WARN, NO_DATA, NOT_APPLICABLE = (
    Result.PASS, Result.FAIL, Result.JUDGE, Result.WARN, Result.NO_DATA, Result.NOT_APPLICABLE,
)  # fmt: skip
FIRST_YEAR = {"model": 2015, "acceleration": 2020, "successor": 2025}
IN_ZONE = ZoneFacts("Z1", "中央定住自立圏", ZoneStatus.MEMBER_NEIGHBOUR)
HUB_OF_ZONE = ZoneFacts("Z1", "中央定住自立圏", ZoneStatus.MEMBER_HUB)


def content(program: str) -> dict[str, Any]:
    """The ruleset of the program as it stands in the fixtures, without what the program table takes."""
    loaded = yaml.safe_load((PROGRAMS / f"{program}.yaml").read_text(encoding="utf-8"))
    loaded.pop("about")
    return loaded


@cache
def rules(program: str) -> RuleSet:
    return parse(content(program))


def rules_with(program: str, **values: Any) -> RuleSet:
    """The ruleset with other parameters, as staff would change them."""
    changed = content(program)
    for name, value in values.items():
        changed["parameters"][name] = {"value": value}
    return parse(changed)


def town(
    code: str,
    status: ZoneStatus = ZoneStatus.NONE,
    *,
    people: tuple[int, int] | None = None,
    series: str = "ipss_h30",
    near: Iterable[str] = (),
    name: str = "",
) -> MemberFacts:
    """A municipality; `people` are those of 2015 and 2040; the code is any short text here."""
    zones = {ZoneStatus.MEMBER_NEIGHBOUR: (IN_ZONE,), ZoneStatus.MEMBER_HUB: (HUB_OF_ZONE,)}.get(status, ())
    return MemberFacts(
        code=code,
        name=name or f"{code}町",
        status=status,
        zones=zones,
        neighbours=tuple(sorted(near)),
        projection=people and Projection(series, f"{series}推計", 2015, ((2015, people[0]), (2040, people[1]))),
    )


def blank(code: str, **more: Any) -> MemberFacts:
    return town(code, ZoneStatus.NONE, **more)


def in_zone(code: str, **more: Any) -> MemberFacts:
    return town(code, ZoneStatus.MEMBER_NEIGHBOUR, **more)


def linked(members: Sequence[MemberFacts]) -> tuple[MemberFacts, ...]:
    """The municipalities in a row, each touching the next."""
    codes = [member.code for member in members]
    return tuple(
        replace(member, neighbours=tuple(sorted([*codes[max(0, n - 1) : n], *codes[n + 1 : n + 2]])))
        for n, member in enumerate(members)
    )


def region(members: Sequence[MemberFacts], program: str = "acceleration", **more: Any) -> RegionFacts:
    year = more.pop("fiscal_year", FIRST_YEAR[program])
    known = {"on": date(year, 4, 1), "series": "ipss_h30", "series_name": "平成30年推計", **more}
    return RegionFacts(program=program, fiscal_year=year, members=tuple(members), **known)


def ask(
    facts: RegionFacts | ApplicationFacts, stages: Sequence[Stage] = PATH, ruleset: RuleSet | None = None
) -> Evaluation:
    program = facts.program if isinstance(facts, RegionFacts) else facts.region.program
    return judge(ruleset or rules(program), facts, stages=stages)


def finding(facts: RegionFacts | ApplicationFacts, rule: str, ruleset: RuleSet | None = None) -> Finding:
    """What the rule says of these facts, whatever its stage."""
    found = ask(facts, tuple(Stage), ruleset).find(rule)
    assert found is not None, f"{rule} was not asked"
    return found


def result(facts: RegionFacts | ApplicationFacts, rule: str, ruleset: RuleSet | None = None) -> Result:
    return finding(facts, rule, ruleset).result


def project(name: str = "共同研修", main_field: str = "人材の育成", **more: Any) -> ProjectFacts:
    return ProjectFacts(name=name, main_field=main_field, **more)


FULL_KPI = KpiFacts("修了者", True, "新規", "80以上", ((2025, "20"), (2026, "40")), "研修の記録")


def costs(*lines: tuple[str, int] | CostLineFacts, name: str = "共同研修") -> tuple[CostLineFacts, ...]:
    """Cost lines, wholly eligible, from (節, yen)."""
    return tuple(
        line
        if isinstance(line, CostLineFacts)
        else CostLineFacts(line[0], line[1], line[1], project=name, description=line[0])
        for line in lines
    )


def application(
    members: Sequence[MemberFacts] | None = None,
    program: str = "acceleration",
    *,
    eligible: int = 1_000_000,
    **more: Any,
) -> ApplicationFacts:
    """An application with everything in order: consents, papers, one project, an even split.

    `eligible` is its only cost and, unless `requested_yen` says otherwise, what it asks for. `region_*` keywords go to
    the region (region_fiscal_year=2022).
    """
    about_region = {key.removeprefix("region_"): more.pop(key) for key in list(more) if key.startswith("region_")}
    chosen = members or linked([blank("A"), blank("B"), blank("C")])
    where = region(chosen, program, **about_region)
    year, on = where.fiscal_year, where.on
    requested = more.get("requested_yen", eligible)
    share, rest = divmod(requested or 0, len(chosen))
    codes = tuple(member.code for member in chosen)
    known: dict[str, Any] = {
        "region_members": tuple(MunicipalityRef(member.code, member.name) for member in chosen),
        "participants": tuple(
            ParticipantFacts(member.code, member.name, True, share + (rest if n == 0 else 0))
            for n, member in enumerate(chosen)
        ),
        "lead": codes[0],
        "submitted_on": on,
        "agreement": AgreementFacts(
            title="連携協定",
            in_force_on=date(year - 1, 2, 1),
            consents=tuple(ConsentFacts(code, ConsentState.DONE, date(year - 1, 2, 1)) for code in codes),
            parties=codes,
            framework=program == "successor",
        ),
        "vision": VisionFacts("ビジョン", 1, date(year - 1, 3, 1), year, year + 4, ("共同研修",)),
        "forward_plan": ForwardPlanFacts("空知総合振興局", 1, date(year - 1, 2, 10), year, year + 4, True),
        "conference": ConferenceFacts((MeetingFacts(date(year - 1, 6, 1)),)),
        "projects": (project(main_field="教育", kpis=(FULL_KPI,), secretariat=codes[0]),),
        "cost_lines": costs(("委託料", eligible)),
        "other_subsidy": False,
        "requested_yen": requested,
        "allotment": AllotmentFacts(50_000_000, 0),
        "purpose": "基幹的な行政サービスを担う職員を育てる。",
        "starts_on": date(year, 6, 1),
        "ends_on": date(year + 1, 2, 28),
        "decision_expected_on": date(year, 5, 10),
        "self_running": SelfRunningFacts(
            "負担金で続ける。", tuple((code, year + 5, "構成市町村の負担金") for code in codes)
        ),
        "cost_sharing": CostSharingFacts(True, codes),
        "pre_consultations_closed_on": (date(year - 1, 12, 1),),
        "case_sheets": ("共同研修",),
    }
    return ApplicationFacts(region=where, **(known | more))
