"""Every amount on its edge: just under, on, just over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subsidies.rules.facts import (
    AllotmentFacts,
    ChangeFacts,
    CostLineFacts,
)
from subsidies.rules.settlement import advance_limit_yen, withdraw_by

from .world import (
    FAIL,
    JUDGE,
    NO_DATA,
    PASS,
    WARN,
    application,
    costs,
    finding,
    result,
    rules,
    rules_with,
)


@pytest.mark.parametrize(("requested", "expected"), [(9_999_000, PASS), (10_000_000, PASS), (10_000_001, FAIL)])
def test_the_cap_of_a_region_includes_its_last_yen(requested, expected):
    facts = application(eligible=20_000_000, requested_yen=requested)
    assert result(facts, "A-11") == expected
    assert result(replace(facts, elsewhere_yen=1_000), "A-11") == (PASS if requested == 9_999_000 else FAIL)


def test_over_the_cap_says_by_how_much():
    facts = application(eligible=20_000_000, requested_yen=12_000_000)
    assert finding(facts, "A-11").nearest_change == {"reduce_by": 2_000_000, "request_at_most": 10_000_000}


@pytest.mark.parametrize(("split", "expected"), [(4_999_999, PASS), (5_000_000, PASS), (5_000_001, FAIL)])
def test_the_cap_of_a_member_includes_its_last_yen(split, expected):
    facts = application(program="model", eligible=15_000_000, requested_yen=split)
    mine = tuple(replace(item, split_yen=split if n == 0 else 0) for n, item in enumerate(facts.participants))
    assert result(replace(facts, participants=mine), "M-09") == expected


@pytest.mark.parametrize(("requested", "expected"), [(9_899_000, PASS), (9_900_000, WARN), (10_000_000, WARN)])
def test_a_request_near_the_cap_is_noticed_from_99_percent(requested, expected):
    assert result(application(eligible=10_000_000, requested_yen=requested), "A-14") == expected


@pytest.mark.parametrize(("committed", "expected"), [(8_999_999, PASS), (9_000_000, PASS), (9_000_001, FAIL)])
def test_the_last_yen_of_the_budget_may_be_decided(committed, expected):
    facts = application(eligible=1_000_000, allotment=AllotmentFacts(10_000_000, committed))
    assert result(facts, "C-01") == expected
    assert result(replace(facts, allotment=None), "C-01") == NO_DATA


@pytest.mark.parametrize(("amount", "expected"), [(1_234_000, PASS), (1_234_567, FAIL), (1_235_000, FAIL)])
def test_the_grant_is_cut_off_below_a_thousand_yen(amount, expected):
    facts = application(eligible=1_234_567, requested_yen=amount)
    assert result(facts, "C-06") == expected
    assert expected == PASS or finding(facts, "C-06").nearest_change["request_at_most"] == 1_234_000


def test_the_decided_amount_is_judged_in_place_of_the_requested_one():
    facts = application(eligible=2_000_000, requested_yen=3_000_000)
    assert result(facts, "C-06") == FAIL
    assert result(replace(facts, granted_yen=2_000_000), "C-06") == PASS


def test_costs_split_and_income_must_add_up():
    facts = application(eligible=2_000_000)
    assert result(facts, "C-11") == PASS
    assert "事業費" in finding(replace(facts, plan_total_yen=1), "C-11").message
    short = tuple(replace(item, split_yen=0) for item in facts.participants)
    assert finding(replace(facts, participants=short), "C-11").message == "配分額の合計と申請額が2,000,000円違います。"
    over = replace(facts, cost_lines=(CostLineFacts("委託料", 1_000_000, 2_000_000),))
    assert "対象経費が金額を超えて" in finding(over, "C-11").message
    negative = replace(facts, cost_lines=costs(("委託料", -1)))
    assert "負の値" in finding(negative, "C-11").message
    assert result(replace(facts, cost_lines=()), "C-11") == FAIL


def test_the_declaration_of_other_subsidies_is_asked_for_and_a_yes_is_noticed():
    facts = application()
    assert result(facts, "C-08") == PASS
    assert result(replace(facts, other_subsidy=None), "C-08") == NO_DATA
    assert result(replace(facts, other_subsidy=True), "C-08") == WARN
    line = replace(facts.cost_lines[0], other_subsidy=True)
    assert result(replace(facts, cost_lines=(line,)), "C-08") == WARN


@pytest.mark.parametrize(("limit", "expected"), [(None, JUDGE), (299_999, FAIL), (300_000, PASS), (300_001, PASS)])
def test_equipment_is_judged_until_a_limit_is_set(limit, expected):
    facts = application(program="successor", cost_lines=costs(("備品購入費", 300_000)))
    assert result(facts, "A-10", rules_with("successor", equipment_limit_yen=limit)) == expected


def test_hard_cost_is_judged_in_the_model_program_and_facilities_count_as_hard():
    facility = replace(costs(("委託料", 500_000))[0], hard=True)
    assert result(application(program="model", cost_lines=(facility,)), "M-12") == JUDGE
    assert result(application(cost_lines=(facility,)), "A-10") == FAIL
    assert result(application(cost_lines=(replace(facility, hard=None),)), "A-10") == NO_DATA
    assert result(application(cost_lines=(replace(facility, eligible_yen=0),)), "A-10") == PASS


@pytest.mark.parametrize(
    ("after", "expected"), [(1_200_000, PASS), (1_200_001, FAIL), (800_000, PASS), (799_999, FAIL)]
)
def test_a_change_of_twenty_percent_is_still_light(after, expected):
    change = ChangeFacts((("委託料", 1_000_000, after),), 1_000_000, 1_000_000)
    assert result(application(change=change), "C-13") == expected


@pytest.mark.parametrize(
    "change",
    [
        ChangeFacts((), 1_000_000, 1_000_001),
        ChangeFacts((("備品購入費", 0, 1),), 0, 0),
        ChangeFacts(projects_changed=("訓練",)),
        ChangeFacts(members_changed=("C町",)),
    ],
)
def test_more_money_a_new_category_project_or_member_is_no_light_change(change):
    assert result(application(change=change), "C-13") == FAIL


def test_nothing_changed_is_light():
    assert result(application(change=ChangeFacts((("委託料", 5, 5),), 5, 5)), "C-13") == PASS


def test_advance_and_withdrawal_follow_the_ruleset():
    assert advance_limit_yen(rules("acceleration"), 8_000_000) == 6_400_000
    assert advance_limit_yen(rules("acceleration"), 1_234_000) == 987_000
    assert withdraw_by(rules("acceleration"), date(2024, 5, 10)) == date(2024, 5, 20)
