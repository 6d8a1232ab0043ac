"""Combining, severities, judgements, stages; what blocks which act; storing and judging again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from subsidies.rules.codec import decode, encode
from subsidies.rules.engine import Evaluation, judge
from subsidies.rules.facts import ApplicationFacts, RegionFacts
from subsidies.rules.kinds import KINDS
from subsidies.rules.kinds.base import kind
from subsidies.rules.ruleset import PATH, Stage, up_to
from subsidies.rules.verdict import RESULT_LABELS, Finding, Judgement, Result, all_of, any_of, passed

from .world import (
    FAIL,
    JUDGE,
    NO_DATA,
    NOT_APPLICABLE,
    PASS,
    WARN,
    application,
    ask,
    blank,
    finding,
    in_zone,
    linked,
    region,
    result,
    rules,
    rules_with,
)

REASON = "広域の医師確保を初めて共同で行い、他の地域の参考になる。"


@pytest.mark.parametrize(
    ("results", "together", "either"),
    [
        ([PASS, PASS], PASS, PASS),
        ([PASS, FAIL], FAIL, PASS),
        ([FAIL, NO_DATA, JUDGE], FAIL, JUDGE),
        ([NO_DATA, JUDGE, PASS], NO_DATA, PASS),
        ([JUDGE, PASS], JUDGE, PASS),
        ([NO_DATA, FAIL], FAIL, NO_DATA),
        ([WARN, PASS], PASS, PASS),
        ([WARN, FAIL], FAIL, PASS),
        ([NOT_APPLICABLE, PASS], PASS, PASS),
        ([NOT_APPLICABLE, FAIL], FAIL, FAIL),
        ([NOT_APPLICABLE], NOT_APPLICABLE, NOT_APPLICABLE),
        ([], NOT_APPLICABLE, NOT_APPLICABLE),
    ],
)
def test_unknown_never_becomes_yes_or_no(results, together, either):
    assert (all_of(results), any_of(results)) == (together, either)


def test_a_verdict_that_is_settled_does_not_depend_on_what_is_still_open():
    """Whatever the open answers turn out to be, a combined PASS or FAIL stays what it is."""
    for results in product(Result, repeat=3):
        for combine in (all_of, any_of):
            whole = combine(results)
            if whole not in (PASS, FAIL):
                continue
            for answers in product([PASS, FAIL], repeat=3):
                closed = [answer if item.is_open else item for item, answer in zip(results, answers, strict=True)]
                assert combine(closed) == whole, (results, closed)


def test_every_result_has_a_japanese_name():
    assert set(RESULT_LABELS) == set(Result)


def model_region():
    return region(linked([blank("A", people=(10_000, 7_200)), blank("B", people=(10_000, 6_000))]), "model")


def test_the_parts_of_a_combined_rule_are_found_by_their_ids_and_counted_once():
    verdict = ask(model_region(), up_to(Stage.REGION))
    assert [item.rule for item in verdict.findings] == ["M-01", "M-02", "M-03", "M-07"]
    assert [item.rule for item in verdict.walk()] == ["M-01", "M-02", "M-03", "M-04", "M-05a", "M-05b", "M-06", "M-07"]
    assert verdict.count(JUDGE) == 1
    assert verdict.result == JUDGE


def test_a_judgement_settles_an_open_answer_and_keeps_what_the_rule_said():
    facts = ApplicationFacts.of_region(model_region())
    yes = Judgement("M-05a", True, REASON, "審査担当", "bureau:sorachi", date(2015, 4, 20))
    found = finding(replace(facts, judgements=(yes,)), "M-05a")
    assert (found.result, found.automatic, found.judgement) == (PASS, JUDGE, yes)
    assert result(replace(facts, judgements=(yes,)), "M-03") == PASS
    no = replace(yes, holds=False)
    assert result(replace(facts, judgements=(no,)), "M-05a") == FAIL
    assert result(replace(facts, judgements=(no,)), "M-03") == JUDGE
    assert result(replace(facts, judgements=(no, yes)), "M-05a") == PASS


def test_no_judgement_overturns_what_the_numbers_say():
    facts = application([blank("A"), in_zone("B"), in_zone("C")])
    yes = Judgement("A-02", True, REASON)
    assert result(replace(facts, judgements=(yes,)), "A-02") == FAIL
    no = Judgement("A-12", False, REASON)
    assert result(replace(facts, judgements=(no,)), "A-12") == PASS


def test_a_pioneering_project_is_one_only_when_every_point_is_answered_yes():
    facts = ApplicationFacts.of_region(region(linked([in_zone("A"), in_zone("B")]), "model"))
    points = rules("model").value("pioneering_points")
    assert len(points) == 4

    def judged(holds: bool, **answers: bool) -> Finding:
        judgement = Judgement("M-06", holds, REASON, points=tuple(answers.items()))
        return finding(replace(facts, judgements=(judgement,)), "M-06")

    yes = dict.fromkeys(points, True)
    assert judged(True, **yes).result == PASS
    assert judged(True, **(yes | {points[0]: False})).result == FAIL
    assert judged(True, **{points[0]: True}).result == JUDGE
    assert judged(True).result == JUDGE
    assert judged(False, **yes).result == FAIL
    whole = replace(facts, judgements=(Judgement("M-06", True, REASON, points=tuple(yes.items())),))
    assert result(whole, "M-03") == PASS
    assert result(facts, "M-03") == JUDGE


def test_a_missing_fact_may_be_settled_by_a_person_with_a_reason():
    facts = replace(application(), other_subsidy=None)
    assert result(facts, "C-08") == NO_DATA
    yes = Judgement("C-08", True, REASON)
    assert result(replace(facts, judgements=(yes,)), "C-08") == PASS
    assert result(replace(facts, judgements=(replace(yes, holds=False),)), "C-08") == WARN


def test_only_a_fail_blocks_the_submission():
    facts = replace(application(), other_subsidy=None, projects=(replace(application().projects[0], main_field=""),))
    verdict = ask(facts, up_to(Stage.SUBMIT))
    assert verdict.find("A-08").result == NO_DATA
    assert verdict.blocking(Stage.SUBMIT) == ()


def test_the_bureau_settles_its_own_questions_and_headquarters_those_that_remain():
    facts = application()
    verdict = ask(facts, up_to(Stage.BUREAU))
    assert [item.rule for item in verdict.blocking(Stage.BUREAU)] == ["C-12", "A-09", "A-13"]
    judgements = tuple(Judgement(rule, True, REASON) for rule in ("C-12", "A-09", "A-13"))
    settled = ask(replace(facts, judgements=judgements), up_to(Stage.BUREAU))
    assert settled.blocking(Stage.BUREAU) == ()
    assert settled.result == PASS


def test_a_pioneering_project_waits_for_headquarters_and_does_not_hold_the_bureau():
    members = linked([in_zone("A", people=(10, 5)), in_zone("B", people=(10, 5))])
    judgements = tuple(Judgement(rule, True, REASON) for rule in ("C-12",))
    facts = application(members, "model", judgements=judgements)
    verdict = ask(facts, up_to(Stage.BUREAU))
    assert verdict.blocking(Stage.BUREAU) == ()
    assert [item.rule for item in ask(facts, up_to(Stage.HQ)).blocking(Stage.HQ)] == ["M-06"]


def test_an_exception_is_not_asked_for_where_the_rule_already_holds():
    members = linked([blank("A", people=(10, 5)), blank("B", people=(10, 5))])
    verdict = ask(application(members, "model"), up_to(Stage.HQ))
    assert verdict.find("M-03").result == PASS
    assert verdict.find("M-06").result == JUDGE
    assert "M-06" not in [item.rule for item in verdict.blocking(Stage.HQ)]


def test_nobody_judges_a_decline_that_cannot_help_any_more():
    members = linked([in_zone("A", people=(10_000, 7_200)), blank("B", people=(10, 5))])
    verdict = ask(region(members, "model"), up_to(Stage.REGION))
    assert (verdict.find("M-04").result, verdict.find("M-05a").result) == (FAIL, JUDGE)
    assert verdict.open_for(Stage.BUREAU) == ()
    assert [item.rule for item in verdict.open_for(Stage.HQ)] == ["M-06"]
    only_band = ask(model_region(), up_to(Stage.REGION))
    assert [item.rule for item in only_band.open_for(Stage.BUREAU)] == ["M-05a"]


def test_the_decision_is_blocked_by_the_budget_and_by_nothing_earlier_that_is_settled():
    facts = application()
    judgements = tuple(Judgement(rule, True, REASON) for rule in ("C-12", "A-09", "A-13"))
    assert facts.allotment is not None
    empty = replace(facts, judgements=judgements, allotment=replace(facts.allotment, committed_yen=50_000_000))
    assert [item.rule for item in ask(empty).blocking(Stage.DECIDE)] == ["C-01"]
    assert ask(empty).blocking(Stage.HQ) == ()
    assert ask(empty, up_to(Stage.HQ)).find("C-01") is None


def test_rules_of_other_stages_are_listed_as_coming_later():
    verdict = ask(model_region(), up_to(Stage.REGION))
    later = {item.rule: item.stage for item in verdict.later}
    assert later["M-11"] == Stage.SUBMIT
    assert later["M-12"] == Stage.BUREAU
    assert later["C-13"] == Stage.CHANGE
    assert set(later).isdisjoint({item.rule for item in verdict.findings})


def test_a_rule_that_stands_at_two_stages_is_asked_at_both():
    facts = application()
    assert ask(facts, (Stage.CHANGE,)).find("A-15").result == PASS
    assert ask(facts, up_to(Stage.BUREAU)).find("A-15").result == PASS


def test_a_demand_that_is_switched_off_does_not_apply():
    facts = application()
    off = rules_with("acceleration", forward_plan="none", kpi="none")
    assert result(replace(facts, forward_plan=None), "A-06", off) == NOT_APPLICABLE
    assert result(facts, "A-17", off) == NOT_APPLICABLE
    strict = rules_with("acceleration", conference="required")
    bare = replace(facts, conference=None)
    assert (result(bare, "A-07"), result(bare, "A-07", strict)) == (WARN, FAIL)
    assert "A-06" not in [item.rule for item in judge(off, facts, stages=(Stage.REGION,)).later]


def test_every_rule_of_the_domain_stands_once_in_its_program():
    ids = {name: [row.id for row in rules(name).walk()] for name in ("model", "acceleration", "successor")}
    assert all(len(set(found)) == len(found) for found in ids.values())
    every = set().union(*ids.values())
    common = {f"C-{n:02d}" for n in range(1, 14)}
    model = {f"M-{n:02d}" for n in range(1, 13) if n != 5} | {"M-05a", "M-05b"}
    acceleration = {f"A-{n:02d}" for n in range(1, 18)}
    successor = {f"N-{n:02d}" for n in range(1, 13)}
    assert (
        model <= set(ids["model"]) and acceleration <= set(ids["acceleration"]) and successor <= set(ids["successor"])
    )
    restated = {name: {rule for row in rules(name).walk() for rule in row.restates} for name in ids}
    assert every.union(*restated.values()) == common | model | acceleration | successor
    for name, found in ids.items():
        assert not restated[name] & set(found), "a requirement has one id"
        assert common <= restated[name] | set(found), name


@pytest.mark.parametrize(
    ("program", "stage", "expected"),
    [
        ("model", Stage.REGION, "M-01 M-02 M-03 M-04 M-05a M-05b M-07"),
        ("model", Stage.HQ, "M-06"),
        ("model", Stage.SUBMIT, "C-02 M-08 M-09 M-10 M-11 C-11"),
        ("model", Stage.BUREAU, "C-08 C-12 M-12"),
        ("acceleration", Stage.REGION, "A-01 A-02 A-03 A-04"),
        ("acceleration", Stage.SUBMIT, "C-02 A-05 A-06 A-08 A-10 A-11 A-12 C-11"),
        ("acceleration", Stage.BUREAU, "C-08 C-12 A-07 A-09 A-13 A-14 A-15 A-16 A-17"),
        ("acceleration", Stage.DECIDE, "C-01 C-06 C-07"),
        ("acceleration", Stage.CHANGE, "C-13"),
        ("successor", Stage.REGION, "N-12 N-03"),
        ("successor", Stage.SUBMIT, "C-02 C-03 C-04 N-04 N-09 N-01 N-02 N-06 N-07 A-10 C-09 C-10 C-11"),
        ("successor", Stage.BUREAU, "C-08 C-12 N-05 N-11"),
        ("successor", Stage.HQ, "N-10"),
        ("successor", Stage.REPORT, "N-08"),
    ],
)
def test_each_rule_is_asked_at_its_stage(program, stage, expected):
    assert [row.id for row in rules(program).walk() if row.stage == stage] == expected.split()


def test_every_finding_names_its_source_and_speaks():
    for program in ("model", "acceleration", "successor"):
        for found in ask(application(program=program), tuple(Stage)).walk():
            assert found.source and found.title and found.wording and found.message, found.rule
            assert found.message.endswith(("。", "）")), found.message


def test_a_bare_region_leaves_the_rest_open_and_says_why():
    verdict = ask(region(linked([blank("A"), blank("B")])), PATH)
    assert verdict.find("A-05").result == NO_DATA
    assert verdict.find("A-05").reason == "申請の内容がまだ入力されていません。"
    assert ask(region([]), up_to(Stage.REGION)).find("A-02").reason == "構成市町村がまだ選ばれていません。"


@pytest.mark.parametrize("program", ["model", "acceleration", "successor"])
def test_a_stored_evaluation_is_shown_and_judged_again_bit_for_bit(program):
    facts = application(program=program, judgements=(Judgement("C-12", True, REASON, on=date(2020, 5, 1)),))
    verdict = ask(facts, tuple(Stage))
    stored_facts, stored = json.dumps(facts.to_json()), json.dumps(verdict.to_json())
    assert Evaluation.from_json(json.loads(stored)) == verdict
    again = ApplicationFacts.from_json(json.loads(stored_facts))
    assert again == facts
    assert json.dumps(ask(again, tuple(Stage)).to_json()) == stored


def test_facts_written_before_a_field_existed_take_its_default_and_foreign_keys_are_refused():
    data = region([blank("A"), blank("B")]).to_json()
    del data["support"]
    assert RegionFacts.from_json(data).support.years == ()
    with pytest.raises(ValueError, match="unknown keys"):
        RegionFacts.from_json(data | {"weather": "fine"})
    del data["members"]
    with pytest.raises(ValueError, match="members is missing"):
        RegionFacts.from_json(data)


def test_json_holds_no_float_and_no_wrong_type():
    with pytest.raises(TypeError, match="float has no exact JSON form"):
        encode({"share": 0.5})
    assert encode(Fraction(2, 4)) == "1/2"
    assert encode(frozenset({"b", "a"})) == ["a", "b"]
    with pytest.raises(ValueError, match="fiscal_year"):
        RegionFacts.from_json(region([blank("A"), blank("B")]).to_json() | {"fiscal_year": "2020"})
    assert decode(Judgement, encode(Judgement("M-06", True, "理由"))) == Judgement("M-06", True, "理由")


def test_a_region_names_no_member_twice_and_its_hub_is_a_member():
    with pytest.raises(ValueError, match="同じ市町村が2回"):
        region([blank("A"), blank("A")])
    with pytest.raises(ValueError, match="中心都市は構成市町村から"):
        region([blank("A"), blank("B")], hub="C")


def test_a_kind_is_registered_once_and_explains_its_parameters():
    with pytest.raises(ValueError, match="registered twice"):
        kind("cap", "上限", "…")(lambda facts, values: passed(""))
    for item in KINDS.values():
        assert item.label and item.explanation and item.check.__doc__, item.name
        assert all(parameter.label for parameter in item.parameters)


def test_every_kind_is_used_by_a_ruleset():
    used = set()

    def collect(rows):
        for row in rows:
            used.update({row.kind.name} if row.kind else set())
            collect(row.rows)

    for program in ("model", "acceleration", "successor"):
        collect(rules(program).rows)
    assert used == set(KINDS)
