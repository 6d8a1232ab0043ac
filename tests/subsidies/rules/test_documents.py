"""From which day to which day a paper counts, and what must stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from subsidies.rules.facts import (
    ConferenceFacts,
    ConsentState,
    EquivalenceFacts,
    MeetingFacts,
    SubgroupFacts,
)

from .world import (
    FAIL,
    JUDGE,
    NO_DATA,
    PASS,
    WARN,
    application,
    blank,
    finding,
    linked,
    result,
)


@pytest.mark.parametrize(("days", "expected"), [(-1, FAIL), (0, PASS), (1, PASS)])
def test_work_may_start_on_the_day_of_the_decision(days, expected):
    facts = application()
    assert facts.decision_expected_on is not None
    start = facts.decision_expected_on + timedelta(days=days)
    moved = replace(facts, starts_on=start)
    assert result(moved, "C-07") == expected
    assert result(replace(moved, early_start_approved=True), "C-07") == PASS


def test_work_ends_in_its_fiscal_year():
    facts = application(region_fiscal_year=2022)
    assert result(replace(facts, ends_on=date(2023, 3, 31)), "C-07") == PASS
    assert result(replace(facts, ends_on=date(2023, 4, 1)), "C-07") == FAIL
    assert result(replace(facts, ends_on=date(2022, 5, 31)), "C-07") == FAIL
    assert result(replace(facts, ends_on=None), "C-07") == NO_DATA


def test_an_agreement_counts_from_the_day_it_is_in_force_to_its_last_day():
    facts = application()
    assert facts.agreement is not None and facts.submitted_on is not None
    day = facts.submitted_on
    for in_force_on, ended_on, expected in (
        (day, None, PASS),
        (day + timedelta(days=1), None, FAIL),
        (day - timedelta(days=1), day, PASS),
        (day - timedelta(days=1), day - timedelta(days=1), FAIL),
        (None, None, FAIL),
    ):
        agreement = replace(facts.agreement, in_force_on=in_force_on, ended_on=ended_on)
        assert result(replace(facts, agreement=agreement), "A-05") == expected


def test_waiting_for_the_council_is_not_yet_consent():
    facts = application()
    assert facts.agreement is not None
    first = replace(facts.agreement.consents[0], state=ConsentState.COUNCIL)
    waiting = replace(facts.agreement, consents=(first, *facts.agreement.consents[1:]))
    found = finding(replace(facts, agreement=waiting), "A-05")
    assert found.result == FAIL
    assert "議決待ち：A町" in found.message


def test_the_agreement_covers_the_main_field_unless_it_is_a_framework():
    facts = application()
    assert facts.agreement is not None
    narrow = replace(facts.agreement, fields=("防災",))
    assert result(replace(facts, agreement=narrow), "A-05") == FAIL
    assert result(replace(facts, agreement=replace(narrow, fields=("教育",))), "A-05") == PASS
    successor = application(program="successor")
    assert successor.agreement is not None
    assert result(replace(successor, agreement=replace(successor.agreement, fields=("防災",))), "C-03") == PASS


def test_a_vision_must_be_adopted_cover_the_year_and_list_the_project():
    facts = application(region_fiscal_year=2022)
    assert facts.vision is not None and facts.submitted_on is not None
    for change, expected in (
        ({"last_year": 2022}, PASS),
        ({"last_year": 2021}, FAIL),
        ({"first_year": 2023}, FAIL),
        ({"projects": ()}, FAIL),
        ({"adopted_on": None}, FAIL),
        ({"adopted_on": facts.submitted_on + timedelta(days=1)}, FAIL),
    ):
        assert result(replace(facts, vision=replace(facts.vision, **change)), "A-05") == expected, change
    light = application(program="successor")
    assert light.vision is not None
    assert result(replace(light, vision=replace(light.vision, projects=())), "C-04") == PASS


@pytest.mark.parametrize(
    ("held", "expected"),
    [(date(2020, 3, 31), WARN), (date(2020, 4, 1), PASS), (date(2021, 4, 1), PASS), (date(2021, 4, 2), WARN)],
)
def test_the_conference_met_in_the_year_or_the_one_before_and_not_after_submission(held, expected):
    facts = application(region_fiscal_year=2021, conference=ConferenceFacts((MeetingFacts(held),)))
    assert facts.submitted_on == date(2021, 4, 1)
    assert result(facts, "A-07") == expected


def test_the_forward_plan_covers_the_year_and_lists_the_region():
    facts = application(region_fiscal_year=2022)
    assert facts.forward_plan is not None
    for change, expected in (
        ({"last_year": 2022}, PASS),
        ({"last_year": 2021}, FAIL),
        ({"first_year": 2023}, FAIL),
        ({"lists_region": False}, FAIL),
        ({"adopted_on": None}, FAIL),
    ):
        assert result(replace(facts, forward_plan=replace(facts.forward_plan, **change)), "A-06") == expected, change


def test_a_confirmed_zone_plan_stands_in_for_plan_and_conference():
    facts = replace(application(program="successor"), forward_plan=None, conference=ConferenceFacts())
    assert result(facts, "N-05") == FAIL
    registered = EquivalenceFacts("中央定住自立圏のプラン", confirmed=False)
    assert result(replace(facts, equivalence=registered), "N-05") == JUDGE
    assert result(replace(facts, equivalence=replace(registered, confirmed=True)), "N-05") == PASS


def test_a_subgroup_of_a_framework_needs_the_record_of_its_decision():
    facts = application(linked([blank(code) for code in "ABC"]), "successor")
    assert result(facts, "N-04") == PASS
    two = replace(facts, participants=facts.participants[:2])
    assert result(two, "N-04") == FAIL
    assert facts.submitted_on is not None
    decided = replace(two, subgroup=SubgroupFacts("防災部会", facts.submitted_on))
    assert result(decided, "N-04") == PASS
    assert result(replace(decided, participants=facts.participants[:1]), "N-04") == FAIL
    late = SubgroupFacts("防災部会", facts.submitted_on + timedelta(days=1))
    assert result(replace(two, subgroup=late), "N-04") == FAIL
    assert decided.agreement is not None
    assert result(replace(decided, agreement=replace(decided.agreement, framework=False)), "N-04") == FAIL


def test_a_consultation_must_be_closed_before_submission():
    facts = application(program="successor")
    assert facts.submitted_on is not None
    after = facts.submitted_on + timedelta(days=1)
    assert result(replace(facts, pre_consultations_closed_on=(facts.submitted_on,)), "N-07") == PASS
    assert result(replace(facts, pre_consultations_closed_on=(after,)), "N-07") == FAIL
    assert result(replace(facts, pre_consultations_closed_on=()), "N-07") == FAIL
