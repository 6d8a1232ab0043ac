"""Money with several hands at once, on a real PostgreSQL: one after the other, never twice, never half."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.models import AuditEvent
from common.viewer import Duty, Viewer
from subsidies.models import Application, Batch, Payment, Settlement
from subsidies.services import batches, payments, settlements
from subsidies.settling import paid_yen
from tests.at_once import at_once
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .lives import assert_books_agree, lives
from .test_concurrency import refusals

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def ask(one: Application, viewer: Viewer, **more: Any) -> dict[str, Any]:
    return {"application_id": one.pk, "viewer": viewer} | more


def twin(scene: Scene, duty: Duty) -> list[Viewer]:
    """Two people of one post."""
    office = {"municipality": scene.members[0].code, "bureau": scene.bureau.code}
    return [saved(viewer(duty, **office)) for _ in range(2)]


def claimed(scene: Scene, one: Application, kind: str = "advance", amount: int = 1_000_000) -> Payment:
    return payments.claim(**ask(one, scene.approver()), kind=kind, amount_yen=amount, reason="会場費")


def test_of_two_claims_at_once_one_stands():
    scene = Scene()
    one = scene.application("running")
    answers = at_once(
        *(
            lambda who=who: payments.claim(**ask(one, who), kind="advance", amount_yen=3_000_000, reason="会場費")
            for who in twin(scene, Duty.MA)
        )
    )
    assert "支払の済んでいない請求があります" in str(refusals(answers)[0])
    assert Payment.objects.count() == 1
    assert_books_agree(one.call_id)


@pytest.mark.parametrize(
    ("duty", "act"),
    [(Duty.BM, "approve"), (Duty.AC, "pay")],
)
def test_approving_or_paying_twice_happens_once(duty: Duty, act: str):
    scene = Scene()
    one = scene.application("running")
    number = claimed(scene, one).number
    if act == "pay":
        payments.approve(**ask(one, scene.head()), number=number)
    acts: dict[str, Callable[[Viewer], object]] = {
        "approve": lambda who: payments.approve(**ask(one, who), number=number),
        "pay": lambda who: payments.record_paid(**ask(one, who), number=number, paid_on=clock.today()),
    }
    answers = at_once(*(lambda who=who: acts[act](who) for who in twin(scene, duty)))
    assert len(refusals(answers)) == 1
    assert AuditEvent.objects.filter(action=f"payment.{'paid' if act == 'pay' else act}").count() == 1
    assert_books_agree(one.call_id)


def test_taking_back_beside_approving_only_one_of_both_happens():
    scene = Scene()
    one = scene.application("running")
    number = claimed(scene, one).number
    approver, head = scene.approver(), scene.head()
    answers = at_once(
        lambda: payments.take_back(**ask(one, approver), number=number),
        lambda: payments.approve(**ask(one, head), number=number),
    )
    assert len(refusals(answers)) == 1
    assert Payment.objects.get().state in ("back", "approved")


def test_fixing_beside_an_approval_never_forgets_the_claim():
    scene = Scene()
    one = scene.application("running")
    number = claimed(scene, one).number
    for step in ("report_due", "reported", "inspected"):
        getattr(scene, f"_{step}")(one)
    first, second = twin(scene, Duty.BM)
    answers = at_once(
        lambda: payments.refuse(**ask(one, first), number=number, reason="確定の後に請求してください。"),
        lambda: settlements.fix(**ask(one, second)),
    )
    assert not isinstance(answers[0], Exception)
    assert isinstance(answers[1], Settlement | Refused)
    assert_books_agree(one.call_id)


def test_settling_twice_happens_once():
    scene = Scene()
    one = scene.application("fixed")
    number = claimed(scene, one, "final", 6_000_000).number
    payments.approve(**ask(one, scene.head()), number=number)
    payments.record_paid(**ask(one, scene.accountant()), number=number, paid_on=clock.today())
    answers = at_once(*(lambda who=who: settlements.settle(**ask(one, who)) for who in twin(scene, Duty.AC)))
    assert "行えません" in str(refusals(answers)[0])
    assert AuditEvent.objects.filter(action="application.settle").count() == 1


def test_two_batches_of_the_same_payments_pay_each_once():
    scene = Scene()
    one = scene.application("running")
    payments.approve(**ask(one, scene.head()), number=claimed(scene, one).number)
    given = {"paid_on": clock.today().isoformat()}
    answers = at_once(
        *(
            lambda who=who: batches.start(viewer=who, act="pay", parameters=given, application_ids=[one.pk])
            for who in twin(scene, Duty.AC)
        )
    )
    assert all(isinstance(answer, Batch) for answer in answers), answers
    results = sorted(row.state for answer in answers for row in answer.rows.all())  # type: ignore[union-attr]
    assert results == ["done", "refused"]
    assert paid_yen(one) == 1_000_000


def test_a_locked_claim_lets_rows_about_its_grant_be_written():
    """Who writes such a row may hold the head of the audit chain: waiting here for us, who want it next, is for ever."""
    scene = Scene()
    one = scene.application("running")
    number = claimed(scene, one).number
    accountant = scene.accountant()

    def opens() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        batches.note_opening(one, accountant)

    with transaction.atomic():
        assert locking(one.payments).filter(number=number).first()
        (answer,) = at_once(opens)
    assert answer is None


def test_random_hands_on_one_grant_at_once_leave_the_books_even():
    grant = lives(Random(7), 1)[0]
    call = grant.row.call_id
    for round_ in range(12):
        many = [type(grant)(grant.scene, grant.pk, Random(100 * round_ + hand)) for hand in range(3)]
        for one in many:
            one.acts()  # people are made before the threads start
        answers = at_once(*(lambda one=one: _try(one) for one in many))
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        assert_books_agree(call)
    assert audit.first_broken() is None


def _try(life: Any) -> str:
    name, act = life.random.choice(sorted(life.acts().items()))
    try:
        act()
    except Refused as refused:
        return f"{name}: {refused}"
    return name
