"""The test bench: worked examples as data, the history under a draft, who could be in an eligible region."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common.errors import Refused
from common.tasks import run_next
from common.viewer import Duty
from subsidies.models import BenchRun, RuleSetVersion, WorkedExample
from subsidies.partners.finder import Finder
from subsidies.rules.engine import judge
from subsidies.rules.facts import RegionFacts
from subsidies.rules.ruleset import Stage, parse
from subsidies.rules.verdict import Result
from subsidies.services import examples as own
from subsidies.services import studio
from subsidies.studio import content as edit
from subsidies.studio.bench import reach, reach_ready, timeless
from subsidies.studio.examples import examples, facts_of, run, run_all
from subsidies.studio.own_examples import own_outcomes
from tests.factories.subsidies import RuleSetVersionFactory, Scene
from tests.subsidies.rules.world import content
from tests.viewers import client_for, saved, viewer

EXAMPLES = {example["id"]: example for example in examples()}


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_each_worked_example_gives_what_the_specification_says(name):
    outcome = run(EXAMPLES[name], content(EXAMPLES[name]["program"]))
    assert outcome.agrees, f"{outcome.asked}: {outcome.actual}, not {outcome.expected}. {outcome.message}"


def test_every_number_of_the_specification_has_its_example():
    assert {name.rstrip("abcd") for name in EXAMPLES} == {f"W{number:02d}" for number in range(1, 34)}


def with_value(base, name, value):
    return {**base, "parameters": {**base["parameters"], name: {"value": value}}}


@pytest.mark.parametrize(
    ("name", "parameter", "value", "actual"),
    [
        ("W02a", "blank_share", "2/5", "適合"),
        ("W16a", "cap_yen", 5_000_000, "5,000,000円"),
        ("W27a", "report_days", 10, "2023年3月2日"),
        ("W28c", "rate_by_year", ["1/2"], "確定4,300,000円・返還2,100,000円"),
        ("W13a", "max_years", 4, "不適合"),
    ],
)
def test_an_example_follows_the_ruleset_it_is_asked_of(name, parameter, value, actual):
    outcome = run(EXAMPLES[name], with_value(content("acceleration"), parameter, value))
    assert (outcome.actual, outcome.agrees) == (actual, False)


def test_an_example_without_a_rule_of_its_kind_is_neither_right_nor_wrong():
    lacking = edit.without(content("acceleration"), "A-02")
    assert run(EXAMPLES["W01"], lacking).agrees is None
    off = edit.switched(content("acceleration"), "A-02", on=False)
    assert run(EXAMPLES["W01"], off).agrees is None
    assert len(run_all(lacking)) == len(EXAMPLES)


def test_the_facts_of_an_example_are_a_region_like_any_other():
    facts = facts_of(EXAMPLES["W03a"])
    assert isinstance(facts.region, RegionFacts)
    assert judge(parse(content("acceleration")), facts).find("A-02").result == Result.PASS


def test_without_its_own_years_a_program_judges_any_year():
    base = content("successor")
    rules = parse(timeless(base))
    assert [row.enabled for row in rules.row("C-10").rows] == [False, False]
    assert rules.row("C-09").values["last"] is None
    assert parse(base).row("C-09").values["last"] == 2029


@pytest.mark.django_db
def test_reach_names_the_best_answer_of_each_town_as_the_plain_engine_would():
    scene = Scene()
    version = scene.call.ruleset
    ready = reach_ready(version)
    found = reach(version, ready)
    assert {code: found["towns"][code] for code in (town.pk for town in scene.members)} == {
        "014281": "pass", "014273": "pass", "014290": "pass",
    }  # fmt: skip
    assert found["towns"]["012076"] == "fail"  # 帯広市 touches nobody here
    assert found["counts"] == {"pass": 3, "judge": 0, "no_data": 0, "fail": 0}
    finder = Finder("01", trial=version)
    question = {"program": "successor", "fiscal_year": 2026, "members": ["014281", "014273"]}
    facts = finder.desk.facts(finder.desk.read(question))
    assert judge(parse(version.content), facts, stages=(Stage.REGION,)).result == Result.PASS


@pytest.mark.django_db
def test_a_result_is_kept_for_what_was_tested_and_marked_when_the_draft_moves_on():
    scene = Scene()
    staff = saved(viewer(Duty.HS))
    draft = studio.copy_version(viewer=staff, version_id=scene.call.ruleset_id)
    client = client_for(staff)
    page = reverse("subsidies:studio_reach", args=[draft.pk])
    assert client.post(page).status_code == 302
    done = run_next("test", heartbeat=False)
    assert done is not None
    assert done.result["url"] == page
    assert "014281" in BenchRun.objects.get().result["towns"]
    assert "もう一度実行してください" not in client.get(page).content.decode()
    studio.change(
        version_id=draft.pk, viewer=staff, revision=0, title="数",
        by=lambda base: with_value(base, "blank_share", "1/3"),
    )  # fmt: skip
    assert "その後、案が変わっています" in client.get(page).content.decode()
    client.post(page)
    client.post(page)
    studio.change(
        version_id=draft.pk, viewer=staff, revision=1, title="数",
        by=lambda base: with_value(base, "blank_share", "1/4"),
    )  # fmt: skip
    refused = run_next("test", heartbeat=False)
    assert refused is not None
    assert "書き換えられました" in refused.progress_text
    assert run_next("test", heartbeat=False) is None, "two clicks made two tasks"


@pytest.mark.django_db
def test_an_own_example_is_asked_of_every_version_of_its_program():
    Scene()
    staff = saved(viewer(Duty.HS))
    version = studio.copy_version(viewer=staff, version_id=RuleSetVersion.objects.get().pk)
    values = own.ExampleInput("3町で申請できる", ("014281", "014273", "014290"), 2026, "pass")
    example = own.add_example(version_id=version.pk, viewer=staff, values=values)
    own.add_example(
        version_id=version.pk, viewer=staff, values=own.ExampleInput("割合", values.members, 2026, "pass", "N-12")
    )
    assert [outcome.agrees for _, outcome in own_outcomes(version)] == [True, True]
    version.content = edit.without(version.content, "N-12")
    assert [outcome.agrees for _, outcome in own_outcomes(version)] == [True, None]
    with pytest.raises(Refused, match="2つ以上"):
        own.add_example(version_id=version.pk, viewer=staff, values=own.ExampleInput("1町", ("014281",), 2026, "pass"))
    own.remove_example(version_id=version.pk, viewer=staff, example_id=example.pk)
    assert WorkedExample.objects.filter(removed_at=None).count() == 1
    with pytest.raises(Refused):
        own.remove_example(version_id=version.pk, viewer=staff, example_id=example.pk)


@pytest.mark.django_db
def test_an_example_is_typed_by_names_and_a_name_that_is_not_known_is_said():
    Scene()
    version = RuleSetVersionFactory()
    client = client_for(saved(viewer(Duty.HS)))
    page = reverse("subsidies:studio_bench", args=[version.pk])
    typed = {"title": "例", "members": "長沼町、由仁町", "fiscal_year": "R8", "expected": "pass", "rule": ""}
    refused = client.post(page, typed | {"members": "長沼町、どこか町"})
    assert refused.status_code == 422
    assert "「どこか町」という市町村は登録されていません" in refused.content.decode()
    assert client.post(page, typed).status_code == 302
    assert WorkedExample.objects.get().question["members"] == ["014281", "014273"]
