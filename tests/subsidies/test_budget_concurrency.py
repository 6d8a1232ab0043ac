"""Adopting a simulation while others act, on a real PostgreSQL: one after the other, never half."""

from __future__ import annotations

import pytest

from common import audit
from common.errors import Conflict, Refused
from common.viewer import Duty
from subsidies.distribution import Method
from subsidies.models import Application, BudgetSimulation
from subsidies.services import simulations, submissions
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .test_concurrency import at_once, refusals

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def prepared(scene: Scene, count: int = 1) -> tuple[Application, list[BudgetSimulation]]:
    application = scene.application("hq_review", grant_yen=6_000_000)
    made = [
        simulations.simulate(
            call_id=application.call_id, viewer=saved(viewer(Duty.HS)), name=f"案{number}", method=Method.FULL
        )
        for number in range(count)
    ]
    return application, made


def test_of_two_simulations_adopted_at_once_one_stands_and_the_other_is_superseded():
    application, both = prepared(Scene(), 2)
    deciders = [saved(viewer(Duty.HM)) for _ in both]
    answers = at_once(
        *[
            lambda one=one, who=who: simulations.adopt(simulation_id=one.pk, viewer=who)
            for one, who in zip(both, deciders, strict=True)
        ]
    )
    assert all(isinstance(answer, BudgetSimulation) for answer in answers), answers
    states = sorted(BudgetSimulation.objects.values_list("state", flat=True))
    assert states == ["adopted", "superseded"]
    assert Application.objects.get(pk=application.pk).proposed_yen == 6_000_000
    assert audit.first_broken() is None


def test_one_simulation_is_adopted_once():
    _, [one] = prepared(Scene())
    deciders = [saved(viewer(Duty.HM)) for _ in range(2)]
    answers = at_once(*[lambda who=who: simulations.adopt(simulation_id=one.pk, viewer=who) for who in deciders])
    assert sum(isinstance(answer, BudgetSimulation) for answer in answers) == 1
    assert "採用できるのは検討中のもの" in str(refusals(answers)[0])


def test_a_withdrawal_beside_the_adoption_either_comes_first_and_is_named_or_comes_after():
    scene = Scene()
    application, [one] = prepared(scene)
    decider, approver = saved(viewer(Duty.HM)), scene.approver()
    answers = at_once(
        lambda: simulations.adopt(simulation_id=one.pk, viewer=decider),
        lambda: submissions.withdraw(application_id=application.pk, viewer=approver, reason="見直しのため。"),
    )
    assert isinstance(answers[1], Application)
    if isinstance(answers[0], Refused):
        assert "「取下げ」になり、配分の対象ではなくなりました" in str(answers[0])
        assert BudgetSimulation.objects.get().state == "open"
    else:
        assert BudgetSimulation.objects.get().state == "adopted"
    assert Application.objects.get(pk=application.pk).state == "withdrawn"


def test_two_savers_of_one_simulation_one_wins_and_the_other_reads_of_it():
    application, [one] = prepared(Scene())
    staff = [saved(viewer(Duty.HS)) for _ in range(2)]
    answers = at_once(
        *[
            lambda who=who, yen=yen: simulations.save_lines(
                simulation_id=one.pk, viewer=who, revision=1, amounts={application.pk: yen}, reasons={}
            )
            for who, yen in zip(staff, (1_000_000, 2_000_000), strict=True)
        ]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert one.lines.get().amount_yen in (1_000_000, 2_000_000)
