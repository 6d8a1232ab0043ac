"""Change a number of a ruleset, and every verdict, page and paper follows; nothing of the old number is left."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from common.models import DocumentIssue
from common.viewer import Duty
from subsidies.rules.parameters import PARAMETERS
from subsidies.rules.ruleset import Row, parse
from subsidies.rules.values import Parameter, ValueType
from subsidies.studio.examples import examples, run
from subsidies.studio.problems import Known, Term, problems_in
from tests.factories.subsidies import CallFactory, RuleSetVersionFactory, Scene
from tests.subsidies.rules.world import content
from tests.viewers import client_for, viewer

ROOT = Path(__file__).parents[3]
ONE_WAY = {"cap_period": "the sources know no other", "rounding": "officials only cut off"}
"""Lines of the table with a single value."""


def others(parameter: Parameter, value: Any) -> list[Any]:
    """Other values that the line may hold, as a ruleset writes them."""
    if parameter.choices:
        return [one for one in parameter.choices if one != value]
    return [_other(parameter, value)]


def _other(parameter: Parameter, value: Any) -> Any:
    match parameter.type:
        case ValueType.SHARE:
            return "7/11" if value != Fraction(7, 11) else "5/11"
        case ValueType.SHARES:
            return ["7/11"]
        case ValueType.YEN | ValueType.COUNT | ValueType.YEARS | ValueType.DAYS | ValueType.YEAR:
            return (value or 0) + 7
        case ValueType.FISCAL_YEAR:
            return value - 7
        case ValueType.TEXTS:
            return ["別のもの"]
        case ValueType.MONTH_DAY:
            return "05-17"
        case _:
            return "別のもの"


def said(rows: tuple[Row, ...]) -> list[Any]:
    """Everything that rules judge and say by."""
    return [
        (
            row.id,
            row.title,
            row.wording,
            row.enabled,
            row.severity,
            sorted(map(str, row.values.items())),
            said(row.rows),
        )
        for row in rows
    ]


def read_by_code() -> set[str]:
    """The lines that pages, letters and deadlines ask for by name."""
    found = set()
    for path in [*(ROOT / "subsidies").rglob("*.py"), *(ROOT / "portal").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:\.value\(|settings\[|settings\.get\(|_plain\()"(\w+)"', text))
        found |= set(re.findall(r'"(decision_authority|year_counting|max_years)"', text))
    return found


READ_BY_CODE = read_by_code()
LINES = [
    (program, name)
    for program in ("model", "acceleration", "successor")
    for name in content(program)["parameters"]
    if name not in ONE_WAY
]


@pytest.mark.parametrize(("program", "name"), LINES)
def test_every_line_of_the_table_is_followed_by_a_rule_or_asked_for_by_name(program: str, name: str):
    """A demand that no rule follows (the model program asks for no KPI) is refused as soon as it asks for something."""
    if name in READ_BY_CODE:
        return
    before = parse(content(program))
    moved, told = [], []
    for value in others(PARAMETERS[name], before.value(name)):
        changed = content(program)
        changed["parameters"][name] = {"value": value}
        moved.append(said(parse(changed).rows) != said(before.rows))
        problems = problems_in(changed, Known(changed["fields"], ("ipss_h25", "ipss_h30", "ipss_r5")), Term(2000, None))
        told.append(any("これに従う要件がありません" in problem for problem in problems))
    assert any(moved) or any(told), f"{name} moves nothing"


@pytest.mark.parametrize(
    ("example", "parameter", "value", "expected"),
    [
        ("W01", "blank_share", "3/5", "不適合"),
        ("W04", "decline_threshold", "31/100", "要判断"),
        ("W06", "judge_from", "1/5", "要判断"),
        ("W10", "last_adoption_fy", 2018, "適合"),
        ("W11a", "max_years", 4, "適合"),
        ("W14b", "fy_to", 2025, "適合"),
        ("W15b", "cap_yen", 7_000_000, "適合"),
        ("W15a", "cap_basis", "per_region", "5,000,000円"),
        ("W16b", "rounding_unit", 100_000, "9,800,000円"),
        ("W18a", "fields", ["防災", "産業振興"], "適合"),
        ("W19b", "equipment_limit_yen", 300_000, "適合"),
        ("W22a", "contiguity", "required", "不適合"),
        ("W27b", "report_last_day", "03-31", "2023年3月31日"),
        ("W29a", "rate_by_year", ["10/10", "1/2"], "4,500,000円"),
        ("W29b", "kpi", "warn", "注意"),
        ("W30b", "exempt_field", "防災", "適合"),
        ("W33a", "decline_target_year", 2015, "不適合"),
    ],
)
def test_a_verdict_follows_its_number(example: str, parameter: str, value: Any, expected: str):
    case = next(one for one in examples() if one["id"] == example)
    changed = content(case["program"])
    if parameter == "fields":
        changed["fields"] = value
    else:
        changed["parameters"][parameter] = {"value": value}
    assert run(case, changed).actual == expected


CHANGED = {
    "blank_share": "2/7", "min_members": 3, "max_years": 6, "cap_yen": 8_100_000, "withdraw_days": 13,
    "report_days": 23, "retention_years": 8, "judgement_reason_chars": 31, "light_change_share": "17%",
    "secretariat_share_warn": "71%", "midterm_review_year": 4, "rate_by_year": ["9/10", "2/3"],
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.either_database
def test_pages_and_letters_follow_the_numbers_of_the_call():
    """One region asks under a ruleset in which every share, count and period is another one."""
    scene = Scene(call=CallFactory(ruleset=RuleSetVersionFactory(parameters=CHANGED)))
    town = client_for(scene.planner())
    program = town.get(reverse("subsidies:program_detail", args=["successor"])).content.decode()
    shown = (
        "2/7以上",
        "3市町村",
        "8,100,000円",
        "6年",
        "13日",
        "23日",
        "8年",
        "31字",
        "17％",
        "71％",
        "支援4年目",
        "9/10、2/3",
    )
    for text in shown:
        assert text in program, text
    application = scene.application("draft")
    costs = town.get(reverse("subsidies:draft_costs", args=[application.pk])).content.decode()
    assert "上限 8,100,000円（1地域あたり、年度ごと）" in costs
    members = "&".join(f"member={member.pk}" for member in scene.members)
    check = town.get(f"{reverse('subsidies:check')}?program=successor&year=2026&{members}").content.decode()
    assert "2/7" in check and "1/2以上" not in check


@pytest.mark.django_db
@pytest.mark.either_database
def test_a_letter_carries_the_periods_of_its_ruleset():
    scene = Scene(call=CallFactory(ruleset=RuleSetVersionFactory(parameters={"withdraw_days": 13, "max_years": 6})))
    scene.application("granted")
    letter = DocumentIssue.objects.get(kind="D-08").snapshot
    assert (letter["withdraw_days"], letter["support"]["max_years"]) == (13, 6)


@pytest.mark.django_db
@pytest.mark.either_database
def test_a_cap_by_heads_goes_by_the_people_of_those_who_take_part():
    """長沼町, 由仁町 and 栗山町 have 10,000 people each: 150円 a head is 4,500,000円."""
    numbers = {"cap_basis": "per_capita", "cap_yen": 150}
    scene = Scene(call=CallFactory(ruleset=RuleSetVersionFactory(parameters=numbers)))
    application = scene.application("draft")
    page = client_for(scene.planner()).get(reverse("subsidies:draft_costs", args=[application.pk])).content.decode()
    assert "4,500,000円まで" in page
    assert (
        "人口1人あたり"
        in client_for(viewer(Duty.MP)).get(reverse("subsidies:program_detail", args=["successor"])).content.decode()
    )
