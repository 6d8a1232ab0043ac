"""The worked examples W01–W33 as data: fictional towns and applications, asked of any ruleset.

`fixtures/programs/examples.yaml` says what each asks and expects under its own program. An example asks a rule by its
kind, so that it can be asked of a ruleset whose rules bear other numbers; where a ruleset has no rule of that kind the
answer is None, which is neither right nor wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from ..rules.engine import ask_row
from ..rules.exact import yen_text
from ..rules.facts import (
    AgreementFacts,
    AllotmentFacts,
    ApplicationFacts,
    ChangeFacts,
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
    RegionType,
    SelfRunningFacts,
    SeriesMixedError,
    SupportFacts,
    VisionFacts,
    ZoneFacts,
    ZoneStatus,
)
from ..rules.ruleset import Row, RuleSet, parse
from ..rules.settlement import grant_terms, report_due, settle
from ..rules.verdict import RESULT_LABELS, Result
from .content import Content

FILE = Path(settings.BASE_DIR) / "fixtures" / "programs" / "examples.yaml"
ZONE = ZoneFacts("Z1", "中央定住自立圏", ZoneStatus.MEMBER_NEIGHBOUR)
SERIES, SERIES_NAME = "example", "計算例の推計"
PROJECT = "共同研修"
REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """One example under one ruleset. `actual` is None where the ruleset has nothing that answers it."""

    id: str
    title: str
    program: str
    asked: str
    expected: str
    actual: str | None
    message: str = ""

    @property
    def agrees(self) -> bool | None:
        return None if self.actual is None else self.actual == self.expected


@cache
def _file() -> Mapping[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def examples() -> list[Mapping[str, Any]]:
    """The examples in their order, as the file has them."""
    return list(_file()["examples"])


def run_all(content: Content) -> list[Outcome]:
    """Ask every example of a content that parses."""
    return [run(example, content) for example in examples()]


def run(example: Mapping[str, Any], content: Content) -> Outcome:
    """Ask one example. Raises RuleSetError for a content that does not parse."""
    rules = parse(_with(content, example.get("with") or {}))
    asked, expected, actual, message = _asked(example, rules)
    return Outcome(example["id"], example["title"], example["program"], asked, expected, actual, message)


def _with(content: Content, values: Mapping[str, Any]) -> Content:
    changed = copy.deepcopy(content)
    for name, value in values.items():
        if name in changed.get("parameters", {}):
            changed["parameters"][name] = {"value": value}
    return changed


def _asked(example: Mapping[str, Any], rules: RuleSet) -> tuple[str, str, str | None, str]:
    """What is asked, what is expected, what comes out (None: nothing answers it), and the sentence of the rule."""
    if "grant" in example:
        told = example["grant"]
        if rules.value("cap_basis") == "per_capita":
            return "交付できる額", yen_text(example["expect_yen"]), None, ""
        terms = grant_terms(
            rules,
            fiscal_year=example["fiscal_year"],
            supported=told.get("supported", ()),
            participants=told["participants"],
        )
        amount = terms.grant(eligible_yen=told["eligible"], other_income_yen=told.get("income", 0))
        return "交付できる額", yen_text(example["expect_yen"]), yen_text(amount), ""
    if "report_due" in example:
        due = report_due(rules, example["report_due"])
        return "実績報告の期限", _day(example["expect_day"]), _day(due), ""
    if "settle" in example:
        return "額の確定", example["expect"], _settled(example["settle"], rules), ""
    return _of_kind(example, rules)


def _of_kind(example: Mapping[str, Any], rules: RuleSet) -> tuple[str, str, str | None, str]:
    row = next((one for one in _rows(rules.rows) if one.kind and one.kind.name == example["kind"]), None)
    expected = "計算しない" if example["expect"] == REFUSED else RESULT_LABELS[Result(example["expect"])]
    if row is None or row.kind is None:
        return "", expected, None, ""
    asked = f"{row.id} {row.title}".strip()
    try:
        finding = ask_row(row, facts_of(example))
    except SeriesMixedError as mixed:
        return asked, expected, "計算しない", str(mixed)
    return asked, expected, finding.result.label, finding.message


def _rows(rows: tuple[Row, ...]) -> list[Row]:
    """Every enabled row with its parts."""
    return [one for row in rows if row.enabled for one in (row, *_rows(row.rows))]


def _settled(told: Mapping[str, int], rules: RuleSet) -> str:
    fixed = settle(
        granted_yen=told["granted"],
        actual_eligible_yen=told["actual"],
        other_income_yen=0,
        rate=rules.value("rate_by_year")[0],
        unit_yen=rules.value("rounding_unit"),
        paid_yen=told["paid"],
    )
    rest = f"返還{yen_text(fixed.to_return_yen)}" if fixed.to_return_yen else f"精算払{yen_text(fixed.to_pay_yen)}"
    return f"確定{yen_text(fixed.fixed_yen)}・{rest}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def facts_of(example: Mapping[str, Any]) -> ApplicationFacts:
    """The facts an example tells. Raises SeriesMixedError where its towns have two editions."""
    region = _region(example)
    return _application(region, example.get("application") or {})


def _region(example: Mapping[str, Any]) -> RegionFacts:
    year = example.get("fiscal_year", _file()["years"][example["program"]])
    members = _members(example)
    hub = example.get("hub", "")
    return RegionFacts(
        program=example["program"],
        fiscal_year=year,
        on=date(year, 4, 1),
        members=members,
        type=RegionType.HUB if hub else RegionType.FLAT,
        hub=hub,
        hub_designated=bool(example.get("designated")),
        series=SERIES,
        series_name=SERIES_NAME,
        lead_bureau_name="主管の振興局",
        support=SupportFacts(tuple(example.get("supported", ()))),
    )


def _members(example: Mapping[str, Any]) -> tuple[MemberFacts, ...]:
    names = _names(example)
    near: dict[str, set[str]] = {name.rstrip("*"): set() for name in names}
    if "edges" in example:
        for pair in example["edges"].split():
            one, other = pair.split("-")
            near[one].add(other)
            near[other].add(one)
    elif "near" in example:
        near = {name: set(str(others).split()) for name, others in example["near"].items()}
    else:
        plain = list(near)
        for one, other in pairwise(plain):
            near[one].add(other)
            near[other].add(one)
    people = example.get("people") or {}
    return tuple(
        _member(name, near[name.rstrip("*")], people, other_edition=bool(example.get("mixed")) and number > 0)
        for number, name in enumerate(names)
    )


def _names(example: Mapping[str, Any]) -> list[str]:
    if "edges" in example:
        return sorted({code for pair in example["edges"].split() for code in pair.split("-")})
    if "count" in example:
        blank, zone = example["count"].get("blank", 0), example["count"].get("zone", 0)
        return [f"T{number:02d}{'' if number <= blank else '*'}" for number in range(1, blank + zone + 1)]
    return str(example["towns"]).split()


def _member(name: str, near: set[str], people: Mapping[str, Any], *, other_edition: bool) -> MemberFacts:
    code, zoned = name.rstrip("*"), name.endswith("*")
    edition = f"{SERIES}-2" if other_edition else SERIES
    figures = people.get(code)
    base, target = _file()["projection"]["base"], _file()["projection"]["target"]
    return MemberFacts(
        code=code,
        name=code if len(code) > 3 or code[-1] in "市町村" else f"{code}町",
        status=ZoneStatus.MEMBER_NEIGHBOUR if zoned else ZoneStatus.NONE,
        zones=(ZONE,) if zoned else (),
        neighbours=tuple(sorted(near)),
        projection=figures
        and Projection(edition, f"{SERIES_NAME}（別の版）" if other_edition else SERIES_NAME, base,
                       ((base, figures[0]), (target, figures[1]))),
    )  # fmt: skip


def _application(region: RegionFacts, told: Mapping[str, Any]) -> ApplicationFacts:
    """An application in which everything is in order but what the example says."""
    year, codes = region.fiscal_year, [member.code for member in region.members]
    missing, left = set(told.get("missing", ())), set(told.get("left", ()))
    costs = [tuple(line) for line in told.get("costs", ())] or [("委託料", told.get("eligible", 0), PROJECT)]
    requested = told.get("requested", sum(line[1] for line in costs))
    share, rest = divmod(requested, len(codes))
    splits = told.get("splits") or {code: share + (rest if n == 0 else 0) for n, code in enumerate(codes)}
    refusing = set(told.get("not_consented", ()))
    before = date(year - 1, 2, 1)
    kpi = KpiFacts("修了者", True, "新規", "80以上", ((year, "20"),), "研修の記録")
    kpis = () if "kpis" in missing else (kpi,)
    projects = told.get("projects") or {PROJECT: ""}
    facts = ApplicationFacts(
        region=region,
        region_members=tuple(MunicipalityRef(one.code, one.name) for one in region.members if one.code not in left),
        participants=tuple(ParticipantFacts(one.code, one.name, True, splits[one.code]) for one in region.members),
        lead=codes[0],
        submitted_on=region.on,
        agreement=AgreementFacts(
            title="連携協定",
            in_force_on=None if refusing else before,
            consents=tuple(
                ConsentFacts(code, ConsentState.NONE if code in refusing else ConsentState.DONE, before)
                for code in codes
            ),
            parties=tuple(codes),
            framework=True,
        ),
        vision=VisionFacts("ビジョン", 1, before, year, year + 4, tuple(projects)),
        forward_plan=ForwardPlanFacts(
            "主管の振興局", 1, before, year, year + 4, lists_region=not told.get("not_listed")
        ),
        conference=ConferenceFacts((MeetingFacts(date(year - 1, 6, 1)),)),
        projects=tuple(ProjectFacts(name, field, secretariat=codes[0], kpis=kpis) for name, field in projects.items()),
        cost_lines=tuple(
            CostLineFacts(category, yen, yen, project=name, description=category) for category, yen, name in costs
        ),
        other_subsidy=False,
        requested_yen=requested,
        allotment=AllotmentFacts(10 * requested, 0),
        purpose="基幹的な行政サービスを担う職員を育てる。",
        starts_on=date(year, 6, 1),
        ends_on=date(year + 1, 2, 28),
        decision_expected_on=date(year, 5, 10),
        self_running=SelfRunningFacts("負担金で続ける。", tuple((code, year + 5, "負担金") for code in codes)),
        cost_sharing=CostSharingFacts(True, tuple(codes)),
        pre_consultations_closed_on=(before,),
        case_sheets=tuple(projects),
        change=ChangeFacts(members_changed=tuple(sorted(left))) if left else None,
    )
    if "vision" in missing:
        facts = replace(facts, vision=None)
    return replace(facts, forward_plan=None) if "forward_plan" in missing else facts
