"""Simulating a round and adopting one: what is computed, what is refused, what the decision then starts from."""

from __future__ import annotations

from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from common import audit
from common.errors import Conflict, Refused
from common.viewer import Duty, Viewer
from subsidies.budget_round import round_of
from subsidies.distribution import Method
from subsidies.grants import proposal_of
from subsidies.models import Application, BudgetEntry, BudgetSimulation, CallAllotment, Decision
from subsidies.services import approvals, reviews, simulations, submissions
from subsidies.services.reviews import write_opinion
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
TOWNS = (
    (("014281", "長沼町"), ("014273", "由仁町"), ("014290", "栗山町")),
    (("012220", "三笠市"), ("012092", "夕張市"), ("012157", "美唄市")),
)
_names = count(1)


@pytest.fixture
def scenes() -> list[Scene]:
    first = Scene(budget_yen=9_000_000)
    return [first, Scene(call=first.call, towns=TOWNS[1], budget_yen=0)]


@pytest.fixture
def round_of_two(scenes) -> list[Application]:
    """8,000,000 and 4,000,000 are asked for, 9,000,000 are there."""
    return [
        scenes[0].application("hq_review", grant_yen=8_000_000),
        scenes[1].application("hq_review", grant_yen=4_000_000),
    ]


def staff() -> Viewer:
    return saved(viewer(Duty.HS))


def decider() -> Viewer:
    return saved(viewer(Duty.HM))


def simulated(one: Application, method: Method = Method.PRO_RATA, by: Viewer | None = None) -> BudgetSimulation:
    name = f"案{next(_names)}"
    return simulations.simulate(call_id=one.call_id, viewer=by or staff(), name=name, method=method)


def explained(simulation: BudgetSimulation) -> BudgetSimulation:
    reasons = {line.application_id: "予算の範囲内で按分したため" for line in simulation.lines.all()}
    return simulations.save_lines(
        simulation_id=simulation.pk, viewer=staff(), revision=simulation.revision, amounts={}, reasons=reasons
    )


def amounts(simulation: BudgetSimulation) -> list[int]:
    return [line.amount_yen for line in simulation.lines.order_by("application_id")]


def refusal(simulation: BudgetSimulation, by: Viewer | None = None) -> str:
    with pytest.raises(Refused) as refused:
        simulations.adopt(simulation_id=simulation.pk, viewer=by or decider())
    return str(refused.value)


def test_the_round_knows_its_undecided_applications_and_the_money_left(round_of_two):
    found = round_of(round_of_two[0].call)
    assert [(entry.requested_yen, entry.most_yen) for entry in found.entries] == [
        (8_000_000, 8_000_000),
        (4_000_000, 4_000_000),
    ]
    assert found.pots["sorachi"].available_yen == 9_000_000
    assert found.unit_yen == 1_000


def test_money_in_a_circulating_draft_is_promised_and_its_application_is_no_part_of_the_round(scenes):
    scenes[0].application("approval", grant_yen=6_000_000)
    other = scenes[1].application("hq_review", grant_yen=4_000_000)
    found = round_of(other.call)
    assert [entry.pk for entry in found.entries] == [other.pk]
    assert found.pots["sorachi"].available_yen == 3_000_000


def test_each_method_computes_its_amounts(round_of_two):
    first, second = round_of_two
    headquarters = staff()
    write_opinion(application_id=second.pk, viewer=headquarters, priority="high", text="先に採択すべきである。")
    assert amounts(simulated(first, Method.FULL)) == [8_000_000, 4_000_000]
    assert amounts(simulated(first, Method.PRO_RATA)) == [6_000_000, 3_000_000]
    assert amounts(simulated(first, Method.PRIORITY)) == [5_000_000, 4_000_000]
    assert amounts(simulated(first, Method.LEVEL)) == [5_000_000, 4_000_000]
    assert amounts(simulated(first, Method.HAND)) == [0, 0]


def test_whom_a_reviewer_finds_unfit_gets_nothing_from_a_method(round_of_two):
    first, second = round_of_two
    write_opinion(application_id=first.pk, viewer=staff(), priority="against", text="適当でない。")
    assert amounts(simulated(second, Method.PRO_RATA)) == [0, 4_000_000]


def test_only_staff_of_headquarters_prepare_and_only_its_decider_adopts(round_of_two):
    simulation = explained(simulated(round_of_two[0]))
    for other in (decider(), saved(viewer(Duty.BS)), saved(viewer(Duty.AU))):
        with pytest.raises(PermissionDenied):
            simulated(round_of_two[0], by=other)
    with pytest.raises(PermissionDenied):
        simulations.adopt(simulation_id=simulation.pk, viewer=staff())


def test_two_people_at_one_simulation_do_not_overwrite_each_other(round_of_two):
    simulation = simulated(round_of_two[0])
    by = {"simulation_id": simulation.pk, "revision": simulation.revision, "reasons": {}}
    pk = round_of_two[0].pk
    simulations.save_lines(**by, viewer=staff(), amounts={pk: 5_000_000})
    with pytest.raises(Conflict, match="ほかの人がこの配分案を変更しました"):
        simulations.save_lines(**by, viewer=staff(), amounts={pk: 4_000_000})
    line = simulation.lines.get(application=pk)
    assert (line.amount_yen, line.by_hand) == (5_000_000, True)


def test_an_adopted_simulation_is_what_the_draft_starts_from(round_of_two):
    first, second = round_of_two
    simulations.adopt(simulation_id=explained(simulated(first)).pk, viewer=decider())
    for application, amount in ((first, 6_000_000), (second, 3_000_000)):
        application = Application.objects.get(pk=application.pk)
        assert application.proposed_yen == amount
        assert application.state == "hq_review"
        proposal = proposal_of(application)
        assert proposal is not None
        assert proposal.amount_yen == amount
    events = audit.timeline(first, internal=True).filter(action="application.allocate")
    assert events.get().reason == "予算の範囲内で按分したため"
    assert audit.first_broken() is None


def test_the_grant_of_an_adopted_amount_names_the_cut_in_its_letter(scenes, round_of_two):
    first = round_of_two[0]
    simulations.adopt(simulation_id=explained(simulated(first)).pk, viewer=decider())
    scenes[0].judge_open(first, scenes[0].staff(), "hq")
    write_opinion(application_id=first.pk, viewer=staff(), text="支障ない。")
    by = {"application_id": first.pk, "viewer": scenes[0].reviewer(), "act": "grant", "plan": "交付することとしたい。"}
    with pytest.raises(Refused, match="採用した配分案"):
        approvals.draft(**by, amount_yen=6_001_000)
    approvals.draft(**by, amount_yen=6_000_000)
    decision = approvals.decide(application_id=first.pk, viewer=scenes[0].head())
    assert decision.kind == Decision.Kind.GRANTED
    assert decision.document is not None
    data = decision.document.snapshot
    [row] = data["reductions"]
    assert (row["difference_yen"], row["reason"]) == (-2_000_000, "予算の範囲内で按分したため")
    assert data["eligible_cost_yen"] == 8_000_000
    assert data["amount_yen"] == 6_000_000


def test_who_prepared_a_simulation_does_not_adopt_it(round_of_two):
    both = saved(viewer(Duty.HS, Duty.HM))
    simulation = explained(simulated(round_of_two[0], by=both))
    assert "配分案を作った人は採用できません" in refusal(simulation, both)


def test_every_cut_needs_its_reason(round_of_two):
    assert refusal(simulated(round_of_two[0])).count("減額の理由を入力してください") == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({0: 8_000_000, 1: 1_001_000}, "空知総合振興局：配分できる額を1,000円超えています"),
        ({0: 8_001_000, 1: 0}, "申請額8,000,000円を1,000円超えています"),
        ({0: 1_000_500, 1: 0}, "1,000円単位にしてください"),
    ],
)
def test_what_does_not_hold_may_be_saved_but_not_adopted(round_of_two, given, sentence):
    simulation = simulated(round_of_two[0], Method.HAND)
    chosen = {round_of_two[at].pk: yen for at, yen in given.items()}
    simulations.save_lines(
        simulation_id=simulation.pk, viewer=staff(), revision=simulation.revision, amounts=chosen, reasons={}
    )
    simulation.refresh_from_db()
    assert sentence in refusal(explained(simulation))
    assert not Application.objects.filter(proposed_yen__in=given.values()).exclude(proposed_yen=8_000_000).exists()


def test_what_changed_since_is_named(scenes, round_of_two):
    first, second = round_of_two
    simulation = explained(simulated(first))
    submissions.withdraw(application_id=second.pk, viewer=scenes[1].approver(), reason="見直しのため。")
    said = refusal(simulation)
    assert f"（{second.number}）は「取下げ」になり、配分の対象ではなくなりました" in said
    Application.objects.filter(pk=first.pk).update(requested_yen=7_000_000)
    assert "申請額が8,000,000円から7,000,000円に変わりました" in refusal(simulation)


def test_a_new_request_is_named_and_computing_anew_takes_it_in(scenes):
    first = scenes[0].application("hq_review", grant_yen=8_000_000)
    simulation = explained(simulated(first))
    second = scenes[1].application("submitted", grant_yen=4_000_000)
    assert f"（{second.number}）が新たに提出されました" in refusal(simulation)
    again = simulations.compute(simulation_id=simulation.pk, viewer=staff(), method=Method.PRO_RATA)
    assert amounts(again) == [6_000_000, 3_000_000]
    assert again.lines.get(application=first).reason == "予算の範囲内で按分したため"


def test_less_allotted_than_distributed_refuses_the_adoption(round_of_two):
    simulation = explained(simulated(round_of_two[0]))
    CallAllotment.objects.update(amount_yen=8_000_000)
    assert "配分できる額を1,000,000円超えています" in refusal(simulation)


def test_an_adopted_simulation_is_frozen_and_the_next_one_replaces_it(round_of_two):
    first = explained(simulated(round_of_two[0]))
    simulations.adopt(simulation_id=first.pk, viewer=decider())
    first.refresh_from_db()
    with pytest.raises(Refused, match="採用"):
        simulations.save_lines(simulation_id=first.pk, viewer=staff(), revision=first.revision, amounts={}, reasons={})
    with pytest.raises(Refused, match="採用"):
        simulations.discard(simulation_id=first.pk, viewer=staff())
    second = simulations.copy(simulation_id=first.pk, viewer=staff(), name="写し")
    assert amounts(second) == amounts(first)
    simulations.adopt(simulation_id=second.pk, viewer=decider())
    first.refresh_from_db()
    assert first.state == BudgetSimulation.State.SUPERSEDED
    assert second.call.simulations.filter(state="adopted").count() == 1


def test_names_are_told_apart_and_a_discarded_one_gives_its_name_back(round_of_two):
    simulation = simulated(round_of_two[0])
    with pytest.raises(Refused, match="すでにあります"):
        simulations.copy(simulation_id=simulation.pk, viewer=staff(), name=simulation.name)
    simulations.discard(simulation_id=simulation.pk, viewer=staff())
    again = simulations.simulate(call_id=simulation.call_id, viewer=staff(), name=simulation.name, method=Method.LEVEL)
    renamed = simulations.rename(simulation_id=again.pk, viewer=staff(), name="均等案", note="小さい申請から")
    assert (renamed.name, renamed.note) == ("均等案", "小さい申請から")


def test_bureaus_know_what_was_adopted_and_towns_nothing(round_of_two):
    simulation = explained(simulated(round_of_two[0]))
    before = {Duty.HS: 1, Duty.AU: 1, Duty.BS: 0, Duty.AC: 0, Duty.MP: 0, Duty.MA: 0, Duty.OB: 0, Duty.AD: 0}
    for duty, seen in before.items():
        assert BudgetSimulation.objects.visible_to(viewer(duty)).count() == seen, duty
    simulations.adopt(simulation_id=simulation.pk, viewer=decider())
    for duty, seen in (before | {Duty.BS: 1, Duty.AC: 1}).items():
        assert BudgetSimulation.objects.visible_to(viewer(duty)).count() == seen, duty


# -- the ledger -------------------------------------------------------------------------------------------------------


def test_the_ledger_is_never_changed_and_its_sum_is_what_is_granted(scenes):
    granted = scenes[0].application("granted", grant_yen=5_000_000)
    taken_back = scenes[1].application("granted", grant_yen=2_000_000)
    submissions.withdraw(application_id=taken_back.pk, viewer=scenes[1].approver(), reason="事業をやめるため。")
    [allotment] = CallAllotment.objects.all()
    rows = list(BudgetEntry.objects.all())
    assert [(row.kind, row.amount_yen) for row in rows] == [
        ("commit", 5_000_000),
        ("commit", 2_000_000),
        ("release", -2_000_000),
    ]
    held = Application.objects.filter(state__in=["granted", "running"])
    assert sum(row.amount_yen for row in rows) == sum(row.granted_yen for row in held) == allotment.committed_yen
    assert {row.fiscal_year for row in rows} == {granted.fiscal_year}
    for act in (lambda: BudgetEntry.objects.update(amount_yen=1), lambda: BudgetEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="追記のみ"), transaction.atomic():
            act()
    assert BudgetEntry.objects.count() == 3


def test_reviews_still_cut_cost_lines_below_what_was_adopted(scenes, round_of_two):
    first = round_of_two[0]
    simulations.adopt(simulation_id=explained(simulated(first)).pk, viewer=decider())
    reviews.reduce_line(
        application_id=first.pk,
        viewer=staff(),
        cost_id=first.costs.get().pk,
        amount_yen=3_000_000,
        reason="単価が高い",
    )
    proposal = proposal_of(Application.objects.get(pk=first.pk))
    assert proposal is not None
    assert proposal.amount_yen == 5_000_000
