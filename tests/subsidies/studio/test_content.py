"""The pure part of the studio: changes of a content, the difference in plain words, typed values, what is missing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from common.errors import Refused
from subsidies.rules.kinds import KINDS
from subsidies.rules.parameters import GROUPS, PARAMETERS
from subsidies.rules.ruleset import parse
from subsidies.rules.values import ValueType
from subsidies.studio import content as edit
from subsidies.studio.catalogue import catalogue, usual_row
from subsidies.studio.difference import difference
from subsidies.studio.problems import Known, Term, problems_in
from subsidies.studio.typed import as_typed, read_typed
from tests.subsidies.rules.world import content

KNOWN = Known(content("successor")["fields"], ("ipss_r5", "ipss_h30", "ipss_h25"))
TERM = Term(2025, 2029)


def lines(before, after) -> list[str]:
    return [change.text for change in difference(before, after)]


def with_value(base, name, value):
    return {**base, "parameters": {**base["parameters"], name: {**base["parameters"].get(name, {}), "value": value}}}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("cap_yen", 12_000_000, "上限額：1,000万円 → 1,200万円"),
        ("cap_yen", 12_345_678, "上限額：1,000万円 → 12,345,678円"),
        ("blank_share", "1/3", "国の制度を使えない市町村の割合：1/2 → 1/3"),
        ("fy_to", 2030, "実施期間の最終年度：令和11年度 → 令和12年度"),
        ("agreement", "required", "地域連携協定：大枠の協定で可 → 必須"),
        ("report_last_day", "04-15", "実績報告の最終期限：4月10日 → 4月15日"),
        ("rate_by_year", ["1/2"], "補助率（支援年目の順）：1/1、3/4、3/4、1/2、1/2 → 1/2"),
    ],
)
def test_a_number_that_changed_is_told_with_both_values(name, value, said):
    before = content("successor")
    assert lines(before, with_value(before, name, value)) == [said]


def test_what_is_the_same_is_not_told_however_it_is_written():
    before = content("successor")
    assert lines(before, with_value(before, "secretariat_share_warn", "3/5")) == []
    assert lines(before, before) == []


def test_the_difference_names_rules_fields_and_where_they_went():
    before = content("successor")
    after = edit.switched(before, "N-11", on=False)
    after = edit.combined(after, ["C-08", "C-12"], {"id": "X-1", "title": "まとめ"}, "any")
    after = edit.turned(after, "N-12")
    after = edit.without(after, "N-12.2")
    after["fields"] = [*after["fields"][1:], "水道"]
    assert lines(before, after) == [
        "水道を加えました",
        "医療を外しました",
        "要件N-12「対象地域」の組合せ：どれか1つを満たす → すべて満たす",
        "要件X-1「まとめ」を加えました",
        "要件C-08「他の補助との重複」の置き場所：単独の要件 → X-1",
        "要件C-12「負担・役割の公平」の置き場所：単独の要件 → X-1",
        "要件N-11「事務局の分担」を使わないことにしました",
        "要件N-12の中の「デジタル分野だけの取組」を除きました",
    ]


def test_switching_off_and_on_again_leaves_everything_as_it_was():
    before = content("acceleration")
    off = edit.switched(before, "A-02", on=False)
    assert not parse(off).row("A-02").enabled
    assert edit.switched(off, "A-02", on=True) == before


def test_combining_and_taking_apart_keeps_every_rule():
    before = content("successor")
    joined = edit.combined(
        before, ["C-08", "C-12"], {"id": "X-1", "title": "t", "wording": "w", "source": "s", "stage": "bureau"}, "all"
    )
    assert [row.id for row in parse(joined).row("X-1").rows] == ["C-08", "C-12"]
    apart = edit.taken_apart(joined, "X-1")
    assert {row.id for row in parse(apart).walk()} == {row.id for row in parse(before).walk()}
    parts = edit.taken_apart(before, "N-12")
    assert [row["id"] for row in parts["rules"][:3]] == ["N-12-1", "N-12-2", "N-12-3"]
    assert parse(parts).row("N-12-1").kind is KINDS["blank_share"]


@pytest.mark.parametrize(
    "change",
    [
        lambda base: edit.combined(base, ["C-08"], {"id": "X-1"}, "all"),
        lambda base: edit.combined(base, ["C-08", "nowhere"], {"id": "X-1"}, "all"),
        lambda base: edit.without(base, "X-9"),
        lambda base: edit.turned(base, "C-08"),
        lambda base: edit.taken_apart(base, "C-08"),
        lambda base: edit.with_added(base, {"id": "X-1"}, "C-08"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(change):
    base = content("successor")
    with pytest.raises(Refused):
        change(base)
    assert base == content("successor")


def test_the_last_part_of_a_combination_stays():
    base = edit.without(edit.without(content("successor"), "N-12.2"), "N-12.1")
    with pytest.raises(Refused, match="最後の1つ"):
        edit.without(base, "N-12.0")


def test_rows_move_among_their_neighbours_and_stop_at_the_ends():
    base = content("successor")
    ids = [row["id"] for row in base["rules"]]
    assert [row["id"] for row in edit.moved(base, "N-03", -1)["rules"]][:2] == ["N-03", "N-12"]
    assert [row["id"] for row in edit.moved(base, ids[0], -1)["rules"]] == ids
    assert [row["id"] for row in edit.moved(base, ids[-1], 1)["rules"]] == ids


@pytest.mark.parametrize("program", ["model", "acceleration", "successor"])
def test_what_the_inputs_show_is_read_back_exactly(program):
    rules = parse(content(program))
    for setting in rules.settings.values():
        typed = as_typed(setting.parameter, setting.value)
        if typed:
            assert read_typed(setting.parameter, typed) == setting.value, setting.parameter.name


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("cap_yen", "１，２００万円", 12_000_000),
        ("cap_yen", "12,000,000", 12_000_000),
        ("blank_share", "３３％", Fraction(33, 100)),
        ("blank_share", "1／3", Fraction(1, 3)),
        ("rate_by_year", "10/10、3/4 1/2", (Fraction(1), Fraction(3, 4), Fraction(1, 2))),
        ("fy_from", "Ｒ９", 2027),
        ("max_years", "5年", 5),
        ("report_last_day", "4月15日", "04-15"),
        ("hard_categories", "工事請負費\n備品購入費\n", ("工事請負費", "備品購入費")),
    ],
)
def test_what_officials_type_is_read(name, typed, value):
    assert read_typed(PARAMETERS[name], typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("cap_yen", "たくさん"),
        ("cap_yen", "-5"),
        ("cap_yen", "99999999999999"),
        ("blank_share", "0.5"),
        ("blank_share", "3/2"),
        ("blank_share", "1/0"),
        ("max_years", "0"),
        ("max_years", "1000"),
        ("rounding_unit", "0"),
        ("report_last_day", "13月1日"),
        ("fy_from", "そのうち"),
        ("cap_basis", "per_dog"),
        ("max_years", ""),
    ],
)
def test_what_cannot_be_meant_is_refused_in_japanese(name, typed):
    with pytest.raises(ValueError, match="。"):
        read_typed(PARAMETERS[name], typed)


SHARE = next(one for one in PARAMETERS.values() if one.type == ValueType.SHARE)


@drawn(st.fractions(min_value=0, max_value=1))
def test_any_share_survives_being_shown_and_typed(value):
    assert read_typed(SHARE, as_typed(SHARE, value)) == value


@drawn(st.integers(0, 10**12))
def test_any_amount_survives_being_shown_and_typed(amount):
    assert read_typed(PARAMETERS["cap_yen"], as_typed(PARAMETERS["cap_yen"], amount)) == amount


def test_every_parameter_stands_in_one_part_of_the_table():
    grouped = [name for _, names in GROUPS for name in names]
    assert sorted(grouped) == sorted(PARAMETERS)


def test_every_kind_is_offered_once_and_comes_with_words_where_any_program_uses_it():
    base = {"parameters": {}, "fields": [], "rules": []}
    offered = [offer.kind.name for _, offers in catalogue(base) for offer in offers]
    assert sorted(offered) == sorted(KINDS)
    row = usual_row(KINDS["cap"], base, [content("model")])
    assert (row["wording"], row["parameters"]) == (
        "交付額が1市町村あたり5,000,000円以内であること",
        {"basis": "per_member", "cap": 5_000_000},
    )
    here = content("successor")
    assert usual_row(KINDS["cap"], here, [content("model")])["parameters"]["cap"] == "$cap_yen"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda base: with_value(base, "fy_to", 2024), "「実施期間の最終年度」は「実施期間の初年度」以後"),
        (lambda base: with_value(base, "fy_to", 2031), "適用年度"),
        (lambda base: with_value(base, "last_adoption_fy", 2031), "「新規採択の最終年度」は実施期間の中"),
        (lambda base: with_value(base, "series", "ipss_x"), "登録されていない版"),
        (lambda base: with_value(base, "exempt_field", "宇宙"), "対象分野にありません"),
        (lambda base: with_value(base, "midterm_review_year", 6), "「中間評価を行う支援年目」"),
        (lambda base: {**base, "fields": [*base["fields"], "宇宙"]}, "「宇宙」は登録されていない分野"),
        (lambda base: edit.switched(base, "N-02", on=False), "交付額を計算する要件がありません"),
        (lambda base: edit.without(base, "C-01"), "予算の範囲を確かめる要件がありません"),
    ],
)
def test_a_ruleset_that_parses_but_is_of_no_use_is_not_ready(change, said):
    base = content("successor")
    assert problems_in(base, KNOWN, TERM) == []
    assert any(said in problem for problem in problems_in(change(base), KNOWN, TERM))
