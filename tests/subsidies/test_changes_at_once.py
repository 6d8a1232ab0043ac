"""Changes with several hands at once, on a real PostgreSQL: decided once, never beside the money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from common.errors import Refused
from common.models import DocumentIssue
from common.viewer import Duty, Viewer
from subsidies.approved_plan import approved_plan
from subsidies.models import Application, ChangeRequest, Payment
from subsidies.services import change_decisions, changes, payments, revocations
from tests.at_once import at_once
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .change_cases import asked, at_work, begun, opined, plan_of
from .lives import assert_books_agree
from .test_concurrency import refusals

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def twin(duty: Duty, **office: str) -> list[Viewer]:
    """Two people of one post."""
    return [saved(viewer(duty, **office)) for _ in range(2)]


def test_of_two_deciders_one_decides_and_the_other_reads_why():
    scene = Scene()
    one = at_work(scene)
    ask: dict[str, Any] = {"application_id": one.pk, "number": opined(scene, one, after=plan_of(one, 7_000_000)).number}
    first, second = twin(Duty.BM, bureau="sorachi")
    answers = at_once(
        lambda: change_decisions.approve(**ask, viewer=first),
        lambda: change_decisions.refuse(**ask, reason="予算がない。", viewer=second),
    )
    assert len(refusals(answers)) == 1, answers
    change = ChangeRequest.objects.get()
    approved = change.state == "approved"
    assert Application.objects.get(pk=one.pk).granted_yen == (7_000_000 if approved else 6_000_000)
    assert DocumentIssue.objects.filter(kind="D-12").count() == int(approved)
    assert_books_agree(one.call_id)


def test_two_headquarters_deciders_carry_over_once():
    scene = Scene()
    one = at_work(scene)
    late = replace(approved_plan(one), end_on=date(one.fiscal_year + 1, 6, 30))
    ask = {"application_id": one.pk, "number": opined(scene, one, "delay", after=late).number}
    deciders = twin(Duty.HM)
    answers = at_once(*(lambda who=who: change_decisions.approve(**ask, viewer=who) for who in deciders))
    assert len(refusals(answers)) == 1, answers
    assert Application.objects.get(pk=one.pk).carried_over
    assert ChangeRequest.objects.get().state == "approved"


def test_a_decrease_decided_beside_a_claim_never_leaves_a_claim_above_the_limit():
    scene = Scene()
    one = at_work(scene)
    number = opined(scene, one, after=plan_of(one, 4_000_000)).number
    head, approver = scene.head(), scene.approver()
    answers = at_once(
        lambda: change_decisions.approve(application_id=one.pk, number=number, viewer=head),
        lambda: payments.claim(
            application_id=one.pk, kind="advance", amount_yen=4_800_000, reason="会場費", viewer=approver
        ),
    )
    assert len(refusals(answers)) >= 1, answers
    open_yen = sum(Payment.objects.filter(state="claimed").values_list("amount_yen", flat=True))
    grant = Application.objects.get(pk=one.pk).granted_yen
    assert open_yen <= (grant or 0) * 80 // 100
    assert_books_agree(one.call_id)


def test_a_decision_beside_the_withdrawal_of_the_request_leaves_one_of_both():
    scene = Scene()
    one = at_work(scene)
    number = opined(scene, one, after=plan_of(one, 4_000_000)).number
    head, approver = scene.head(), scene.approver()
    answers = at_once(
        lambda: change_decisions.approve(application_id=one.pk, number=number, viewer=head),
        lambda: changes.withdraw(application_id=one.pk, number=number, reason="見直す。", viewer=approver),
    )
    assert len(refusals(answers)) == 1, answers
    change = ChangeRequest.objects.get()
    assert (change.state, Application.objects.get(pk=one.pk).granted_yen) in (
        ("approved", 4_000_000), ("withdrawn", 6_000_000))  # fmt: skip
    assert_books_agree(one.call_id)


def test_a_request_submitted_twice_is_one_paper():
    scene = Scene()
    one = at_work(scene)
    number = begun(scene, one, after=plan_of(one, 4_000_000)).number
    approvers = twin(Duty.MA, municipality=scene.members[0].code)
    answers = at_once(
        *(lambda who=who: changes.submit(application_id=one.pk, number=number, viewer=who) for who in approvers)
    )
    assert len(refusals(answers)) == 1, answers
    assert DocumentIssue.objects.filter(kind="D-11").count() == 1


def test_two_increases_of_two_grants_never_go_over_the_allotment():
    scene = Scene()
    one = at_work(scene)
    other = Scene(call=scene.call, towns=(("014303", "月形町"), ("014311", "浦臼町")))
    two = at_work(other)
    asks = [(where, opined(where, grant, after=plan_of(grant, 7_000_000)).number, grant) for where, grant in
            ((scene, one), (other, two))]  # fmt: skip
    scene.call.allotments.update(amount_yen=13_500_000)
    heads = twin(Duty.BM, bureau="sorachi")
    answers = at_once(
        *(
            lambda who=who, number=number, grant=grant: change_decisions.approve(
                application_id=grant.pk, number=number, viewer=who
            )
            for who, (_, number, grant) in zip(heads, asks, strict=True)
        )
    )
    assert len(refusals(answers)) == 1, answers
    assert "残額" in str(refusals(answers)[0])
    assert scene.call.allotments.get().committed_yen == 13_000_000
    assert_books_agree(one.call_id)


def test_revoked_beside_an_approval_no_request_stays_open():
    scene = Scene()
    one = at_work(scene)
    number = opined(scene, one, after=plan_of(one, 4_000_000)).number
    by = {"application_id": one.pk, "viewer": scene.reviewer()}
    revocations.propose(**by, ground="other_use", scope="whole", facts="目的のほかに使った。", revoked_yen=None)
    revocations.record_hearing(**by, held_on=one.start_on, who="長沼町 企画課長", statement="相違ない。")
    first, second = twin(Duty.BM, bureau="sorachi")
    answers = at_once(
        lambda: change_decisions.approve(application_id=one.pk, number=number, viewer=first),
        lambda: revocations.decide(application_id=one.pk, viewer=second),
    )
    assert not isinstance(answers[1], Exception), answers
    assert not isinstance(answers[0], Exception) or isinstance(answers[0], Refused)
    assert Application.objects.get(pk=one.pk).state == "revoked"
    assert not ChangeRequest.objects.filter(state__in=["draft", "submitted", "returned"]).exists()
    assert_books_agree(one.call_id)


def test_a_returned_request_is_not_decided_any_more():
    scene = Scene()
    one = at_work(scene)
    number = asked(scene, one, after=plan_of(one, 4_000_000)).number
    reviewers = twin(Duty.BS, bureau="sorachi")
    answers = at_once(
        lambda: change_decisions.send_back(
            application_id=one.pk, number=number, reason="積算を示してください。", viewer=reviewers[0]
        ),
        lambda: change_decisions.opine(
            application_id=one.pk,
            number=number,
            text="適当と認められる。減額であるため。",
            fits=True,
            viewer=reviewers[1],
        ),
    )
    assert len(refusals(answers)) <= 1, answers
    change = ChangeRequest.objects.get()
    assert (change.state, change.opinion) == ("returned", "")
    assert Application.objects.get(pk=one.pk).state == "running"
