"""Who takes part, in which fields, with which KPIs and secretariats; what is left to people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subsidies.rules.facts import (
    CostSharingFacts,
    SelfRunningFacts,
    SupportFacts,
)

from .world import (
    FAIL,
    FULL_KPI,
    JUDGE,
    NO_DATA,
    NOT_APPLICABLE,
    PASS,
    WARN,
    application,
    finding,
    project,
    result,
)


def test_only_members_apply_and_the_lead_is_one_of_them():
    facts = application()
    assert result(facts, "C-02") == PASS
    stranger = finding(replace(facts, region_members=facts.region_members[1:]), "C-02")
    assert stranger.nearest_change == {"register_or_remove": ["A"]}
    assert result(replace(facts, lead="Z"), "C-02") == FAIL
    assert result(replace(facts, participants=facts.participants[:1]), "C-02") == FAIL
    assert result(replace(facts, participants=facts.participants[:2]), "C-02") == PASS


def test_demand_fields_come_only_with_a_core_field():
    alone = application(program="successor", projects=(project("販路", "産業振興"),))
    assert result(alone, "N-09") == FAIL
    assert "医療" in finding(alone, "N-09").nearest_change["add_project_in"]
    together = replace(alone, projects=(project("販路", "産業振興"), project("訓練", "防災")))
    assert result(together, "N-09") == PASS
    assert result(replace(together, projects=(project("x", "土地利用"), project("訓練", "防災"))), "N-09") == FAIL
    assert result(replace(together, projects=(project("x", ""), project("訓練", "防災"))), "N-09") == NO_DATA


def test_a_project_without_a_field_is_open_and_no_project_fails():
    assert result(application(projects=(project(main_field=""),)), "A-08") == NO_DATA
    assert result(application(projects=()), "A-08") == FAIL


@pytest.mark.parametrize("gap", ["baseline", "target", "yearly_targets", "data_source", "outcome"])
def test_an_outcome_kpi_lacks_nothing(gap):
    broken = replace(FULL_KPI, **{gap: () if gap == "yearly_targets" else False if gap == "outcome" else ""})
    facts = application(program="successor", projects=(project(kpis=(broken,)),))
    assert result(facts, "N-01") == FAIL
    assert result(replace(facts, projects=(project(kpis=(broken, FULL_KPI)),)), "N-01") == PASS
    acceleration = application(projects=(project(kpis=(broken,)),))
    assert result(acceleration, "A-17") == PASS
    assert result(application(projects=(project(),)), "A-17") == WARN


@pytest.mark.parametrize(
    ("secretariats", "expected"), [("AAABB", PASS), ("AAAAB", WARN), ("AAB", WARN), ("AB", PASS), ("A", NOT_APPLICABLE)]
)
def test_one_secretariat_may_have_sixty_percent_of_the_projects(secretariats, expected):
    projects = tuple(project(f"取組{n}", secretariat=code) for n, code in enumerate(secretariats))
    assert result(application(program="successor", projects=projects), "N-11") == expected


def test_every_participant_names_its_money_after_support_and_people_judge_it():
    facts = application(program="successor")
    assert facts.self_running is not None
    assert result(facts, "N-06") == JUDGE
    year = facts.region.fiscal_year
    for funding, expected in (
        (facts.self_running.funding[:-1], FAIL),
        ((), FAIL),
        (tuple((code, year, "負担金") for code in "ABC"), FAIL),
        (tuple((code, year + 1, "負担金") for code in "ABC"), JUDGE),
    ):
        assert result(replace(facts, self_running=SelfRunningFacts("続ける", funding)), "N-06") == expected
    outlook = application()
    assert result(outlook, "A-13") == JUDGE
    assert result(replace(outlook, self_running=SelfRunningFacts("　")), "A-13") == NO_DATA


def test_purpose_and_burden_are_for_people():
    facts = application()
    assert (result(facts, "A-09"), result(facts, "C-12")) == (JUDGE, JUDGE)
    assert result(replace(facts, purpose=" "), "A-09") == NO_DATA
    assert result(replace(facts, cost_sharing=CostSharingFacts()), "C-12") == NO_DATA
    assert "未合意：C町" in finding(replace(facts, cost_sharing=CostSharingFacts(True, ("A", "B"))), "C-12").message


def test_a_project_of_the_earlier_program_is_noticed_also_under_a_new_name():
    support = SupportFacts(earlier_projects=("地域医療対策事業",))
    same = application(projects=(project("地域医療対策事業"),), region_support=support)
    assert result(same, "A-16") == WARN
    renamed = application(projects=(project("医療", continues="地域医療対策事業"),), region_support=support)
    assert result(renamed, "A-16") == WARN
    assert result(application(region_support=support), "A-16") == PASS


def test_a_case_sheet_is_due_with_the_report():
    facts = application(program="successor")
    assert result(facts, "N-08") == PASS
    assert finding(replace(facts, case_sheets=()), "N-08").nearest_change == {"add_case_sheet_to": ["共同研修"]}


def test_newcomers_are_bound_by_an_amended_agreement_before_it_is_used():
    facts = application(region_fiscal_year=2022, region_support=SupportFacts((2021,), members=("A", "B")))
    found = finding(facts, "A-15")
    assert (found.result, found.inputs["joined"]) == (PASS, ["C"])
    assert facts.agreement is not None
    old = replace(facts.agreement, parties=("A", "B"))
    assert finding(replace(facts, agreement=old), "A-15").nearest_change == {"amend_agreement_for": ["C"]}
