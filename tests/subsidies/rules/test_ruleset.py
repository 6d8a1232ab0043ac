"""Reading a ruleset: every error names its row and key in Japanese, and nothing is guessed."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from subsidies.rules.parameters import PARAMETERS
from subsidies.rules.ruleset import DEMANDS, RuleSetError, Severity, Stage, parse
from subsidies.rules.values import Parameter, ValueType

from .world import content, rules

ROW = {
    "id": "A-02",
    "title": "割合",
    "wording": "市町村が{blank_share}以上であること",
    "source": "報告",
    "stage": "region",
    "kind": "blank_share",
    "parameters": {"at_least": "$blank_share", "undeclared_hub": "exclude"},
}
LEAST: dict[str, Any] = {
    "program": "p",
    "name": "事業",
    "version": 1,
    "parameters": {"blank_share": {"value": "1/2", "source": "報告"}, "kpi": {"value": "warn"}},
    "fields": ["医療"],
    "rules": [ROW],
}


def errors(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(RuleSetError) as wrong:
        parse({**deepcopy(LEAST), **changes})
    return wrong.value.errors


def row_errors(**changes: Any) -> tuple[str, ...]:
    return errors(rules=[{**deepcopy(ROW), **changes}])


def test_the_least_ruleset_is_read_exactly():
    ruleset = parse(LEAST)
    assert ruleset.value("blank_share") == Fraction(1, 2)
    assert ruleset.settings["blank_share"].source == "報告"
    row = ruleset.row("A-02")
    assert (row.stage, row.severity, row.judged_at) == (Stage.REGION, Severity.BLOCK, Stage.BUREAU)
    assert row.values == {"at_least": Fraction(1, 2), "undeclared_hub": "exclude"}
    assert row.wording == "市町村が1/2以上であること"
    with pytest.raises(KeyError):
        ruleset.row("Z-99")
    with pytest.raises(KeyError):
        ruleset.value("cap_yen")


def test_changing_the_table_changes_every_rule_that_names_it():
    changed = parse({**LEAST, "parameters": {"blank_share": "2/3"}})
    assert changed.row("A-02").values["at_least"] == Fraction(2, 3)
    assert changed.row("A-02").wording == "市町村が2/3以上であること"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"program": ""}, "「program」がありません。"),
        ({"name": None}, "「name」がありません。"),
        ({"version": 0}, "「version」は1以上の整数です。"),
        ({"version": True}, "「version」は1以上の整数です。"),
        ({"fields": []}, "「fields」に対象分野を並べてください。"),
        ({"fields": ["医療", "医療"]}, "「fields」に同じ分野が2回あります。"),
        ({"rules": []}, "「rules」に要件がありません。"),
        ({"rules": ["A-02"]}, "1番目の要件：項目と値で書いてください。"),
        ({"rules": [ROW, ROW]}, "要件「A-02」：同じ番号の要件が2つあります。"),
        ({"weather": "fine"}, "「weather」は使えない項目です。"),
        ({"parameters": ["blank_share"]}, "「parameters」は表で書いてください。"),
        ({"parameters": {"weather": 1}}, "パラメータ「weather」は登録されていない名前です。"),
        (
            {"parameters": {"cap_yen": {"value": 1, "unit": "円"}}},
            "パラメータ「cap_yen」：「unit」は使えない項目です。",
        ),
        ({"parameters": {"cap_yen": 1.5}}, "パラメータ「cap_yen」：小数は使えません（「1.5」）"),
        ({"parameters": {"cap_yen": -1}}, "パラメータ「cap_yen」：0以上の整数で書いてください（「-1」）。"),
        ({"parameters": {"blank_share": "半分"}}, "パラメータ「blank_share」：割合として読み取れません（「半分」）"),
        ({"parameters": {"blank_share": "3/2"}}, "パラメータ「blank_share」：割合は0以上1以下です（「3/2」）。"),
        ({"parameters": {"blank_share": "1/0"}}, "パラメータ「blank_share」：割合の分母が0です（「1/0」）。"),
        ({"parameters": {"blank_share": ""}}, "パラメータ「blank_share」：値がありません。"),
        ({"parameters": {"kpi": "always"}}, "パラメータ「kpi」：「always」は選べません。選べる値：required"),
        ({"parameters": {"report_last_day": "4月10日"}}, "パラメータ「report_last_day」：月日として読み取れません"),
        ({"parameters": {"fy_from": "昔"}}, "パラメータ「fy_from」：年度として読み取れません"),
        ({"parameters": {"rate_by_year": "1/2"}}, "パラメータ「rate_by_year」：割合を年目の順に並べてください"),
        ({"parameters": {"pioneering_points": ["a", "a"]}}, "パラメータ「pioneering_points」：同じ値が2回あります。"),
        ({"parameters": {"pioneering_points": "a"}}, "パラメータ「pioneering_points」：文字の並びで書いてください。"),
        ({"parameters": {"series": 25}}, "パラメータ「series」：文字で書いてください。"),
    ],
)
def test_what_is_wrong_with_the_ruleset_is_said(changes, message):
    assert any(message in error for error in errors(**changes)), errors(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "要件「A-02」：「title」がありません。"),
        ({"wording": None}, "要件「A-02」：「wording」がありません。"),
        ({"wording": "{cap_yen}以内"}, "要件「A-02」：「wording」のパラメータ「cap_yen」がこの制度にありません。"),
        ({"source": ""}, "要件「A-02」：「source」がありません。"),
        ({"stage": "dawn"}, "要件「A-02」：「stage」の「dawn」は段階の名前ではありません"),
        ({"also": ["dusk"]}, "要件「A-02」：「also」の「dusk」は段階の名前ではありません"),
        ({"judged_at": "noon"}, "要件「A-02」：「judged_at」の「noon」は段階の名前ではありません"),
        ({"severity": "loud"}, "要件「A-02」：「severity」の「loud」は使えません"),
        (
            {"severity": "$blank_share"},
            "要件「A-02」：「severity」の「$blank_share」は重さを決めるパラメータではありません。",
        ),
        (
            {"severity": "$contiguity"},
            "要件「A-02」：「severity」の「$contiguity」は重さを決めるパラメータではありません。",
        ),
        ({"kind": "magic"}, "要件「A-02」：「kind」の「magic」は登録されていない種類です。"),
        ({"parameters": {"at_least": "1/2"}}, "要件「A-02」の「undeclared_hub」：値がありません。"),
        (
            {"parameters": {"at_least": "$cap_yen"}},
            "要件「A-02」の「at_least」：パラメータ「cap_yen」がこの制度にありません。",
        ),
        ({"parameters": {"at_least": "$kpi"}}, "要件「A-02」の「at_least」：パラメータ「kpi」は成果指標（KPI）です。"),
        ({"parameters": {"at_leest": "1/2"}}, "要件「A-02」：「at_leest」は「blank_share」にない項目です。"),
        ({"parameters": ["1/2"]}, "要件「A-02」：「parameters」は表で書いてください。"),
        ({"when": ["kpi"]}, "要件「A-02」：「when」はパラメータと値で書いてください。"),
        ({"when": {"cap_yen": 1}}, "要件「A-02」：「when」のパラメータ「cap_yen」がこの制度にありません。"),
        ({"colour": "red"}, "要件「A-02」：「colour」は使えない項目です。"),
        ({"all": [ROW]}, "要件「A-02」：「kind」「all」「any」のどれか1つを書いてください。"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_id_and_key(changes, message):
    assert any(message in error for error in row_errors(**changes)), row_errors(**changes)


def test_all_errors_are_told_at_once():
    assert len(row_errors(title="", stage="dawn", kind="magic")) == 3


def test_a_combination_needs_rows_and_a_row_an_id():
    group = {key: ROW[key] for key in ("id", "title", "wording", "source", "stage")}
    assert "要件「A-02」：「any」に要件を並べてください。" in errors(rules=[{**group, "any": []}])
    assert any("「id」がありません" in error for error in errors(rules=[{**ROW, "id": ""}]))
    inner = {**ROW, "id": "A-03", "kind": "magic"}
    assert errors(rules=[{**group, "any": [inner]}]) == (
        "要件「A-03」：「kind」の「magic」は登録されていない種類です。",
    )
    part = {"kind": "magic"}
    assert errors(rules=[{**group, "all": [part]}]) == (
        "要件「A-02」の1番目：「kind」の「magic」は登録されていない種類です。",
    )


def test_a_part_without_an_id_takes_title_wording_source_and_stage_from_its_rule():
    group = {key: ROW[key] for key in ("id", "title", "wording", "source", "stage")}
    row = parse({**LEAST, "rules": [{**group, "all": [{"kind": "contiguity"}]}]}).row("A-02")
    assert [(part.id, part.title, part.source, part.stage) for part in row.rows] == [("", "割合", "報告", Stage.REGION)]
    assert [item.id for item in row.walk()] == ["A-02"]


def test_a_condition_on_the_table_switches_a_row_off():
    assert parse({**LEAST, "rules": [{**ROW, "when": {"kpi": ["warn", "required"]}}]}).row("A-02").enabled
    assert not parse({**LEAST, "rules": [{**ROW, "when": {"kpi": "required"}}]}).row("A-02").enabled


@pytest.mark.parametrize("program", ["model", "acceleration", "successor"])
def test_the_rulesets_of_the_fixtures_give_every_number_a_source(program):
    for name, setting in rules(program).settings.items():
        assert setting.source, name
        assert setting.parameter.read(setting.parameter.write(setting.value)) == setting.value
        assert setting.shown


def test_the_parameter_table_of_the_domain():
    table = {
        "model": (2015, 2019, 2017, 3, 5_000_000, "per_member", "none", "none", "judge", "per_member"),
        "acceleration": (2020, 2024, 2024, 5, 10_000_000, "per_region", "required", "warn", "exclude", "lead"),
        "successor": (
            2025,
            2029,
            2027,
            5,
            10_000_000,
            "per_region",
            "or_equivalent",
            "or_equivalent",
            "exclude",
            "lead",
        ),
    }
    names = (
        "fy_from", "fy_to", "last_adoption_fy", "max_years", "cap_yen", "cap_basis", "forward_plan", "conference",
        "hard_cost", "grantee_mode",
    )  # fmt: skip
    for program, values in table.items():
        assert tuple(rules(program).value(name) for name in names) == values
    shared = {
        "year_counting": "window", "rounding_unit": 1000, "rounding": "floor", "min_members": 2, "withdraw_days": 10,
        "report_days": 30, "report_last_day": "04-10", "light_change_share": Fraction(1, 5),
        "advance_limit_share": Fraction(4, 5), "undeclared_hub": "exclude", "reference_date": "application",
        "decision_authority": "bureau", "hq_review": "required",
    }  # fmt: skip
    for program in table:
        assert {name: rules(program).value(name) for name in shared} == shared
    assert rules("model").value("decline_threshold") == Fraction(3, 10)
    assert rules("model").value("judge_from") == Fraction(27, 100)
    assert rules("acceleration").value("cap_notice_share") == Fraction(99, 100)
    assert rules("successor").value("secretariat_share_warn") == Fraction(3, 5)
    assert rules("successor").value("rate_by_year") == (
        1,
        Fraction(3, 4),
        Fraction(3, 4),
        Fraction(1, 2),
        Fraction(1, 2),
    )
    series = {program: rules(program).value("series") for program in table}
    assert series == {"model": "ipss_h25", "acceleration": "ipss_h30", "successor": "ipss_r5"}


def test_the_fields_of_the_programs():
    model, acceleration, successor = (rules(program).fields for program in ("model", "acceleration", "successor"))
    assert (len(model), len(acceleration), len(successor)) == (12, 10, 11)
    assert "産業振興" in model and "産業振興" not in acceleration
    assert set(successor) - set(acceleration) == {"デジタル"}


def test_no_wording_repeats_a_number_of_the_table():
    """A wording that spells a number out would be wrong as soon as staff change it."""
    spelled = {"5,000,000", "10,000,000", "500万", "1,000万", "1/2", "27％", "99％", "60％"}
    for program in ("model", "acceleration", "successor"):
        for raw in content(program)["rules"]:
            assert not [number for number in spelled if number in raw["wording"]], raw["id"]


@pytest.mark.parametrize(
    ("kind", "raw", "value", "shown"),
    [
        (ValueType.SHARE, "30%", Fraction(3, 10), "30％"),
        (ValueType.SHARE, "29.5％", Fraction(59, 200), "29.5％"),
        (ValueType.SHARE, "1/2", Fraction(1, 2), "1/2"),
        (ValueType.SHARE, 1, Fraction(1), "1/1"),
        (ValueType.SHARE, "1/3", Fraction(1, 3), "1/3"),
        (ValueType.SHARE, "1/7", Fraction(1, 7), "1/7"),
        (ValueType.YEN, "10,000,000", 10_000_000, "10,000,000円"),
        (ValueType.FISCAL_YEAR, "R6", 2024, "令和6年度"),
        (ValueType.MONTH_DAY, "04-10", "04-10", "4月10日"),
        (ValueType.TEXTS, ["a", "b"], ("a", "b"), "a、b"),
        (ValueType.YEARS, 3, 3, "3年"),
    ],
)
def test_values_are_read_exactly_and_shown_as_officials_write_them(kind, raw, value, shown):
    parameter = Parameter("x", kind, "値")
    assert parameter.read(raw) == value
    assert parameter.show(value) == shown
    assert parameter.read(parameter.write(value)) == value


def test_every_demand_that_a_parameter_offers_has_a_weight():
    demands = (
        "agreement",
        "vision",
        "forward_plan",
        "conference",
        "kpi",
        "self_running_plan",
        "hard_cost",
        "contiguity",
    )
    for name in demands:
        assert set(PARAMETERS[name].choices) <= set(DEMANDS), name


def test_empty_is_allowed_only_where_the_parameter_says_so():
    assert PARAMETERS["equipment_limit_yen"].read(None) is None
    assert PARAMETERS["equipment_limit_yen"].show(None) == "－"
    with pytest.raises(ValueError, match="値がありません"):
        PARAMETERS["cap_yen"].read(None)
