"""Two people at the same moment, on a real PostgreSQL: one wins, the other reads why, nothing is half done."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from common import audit, redoing
from common.errors import Refused
from common.locks import locking
from common.models import DocumentIssue, NumberEntry
from common.viewer import Duty, Viewer
from municipalities.models import Bureau
from regions.models import Region
from subsidies.models import Application, BudgetEntry, CallAllotment, Decision
from subsidies.services import approvals, batches, reviews, submissions
from tests.at_once import at_once
from tests.factories.subsidies import Scene
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def refusals(answers: list[Any]) -> list[Refused]:
    return [answer for answer in answers if isinstance(answer, Refused)]


def test_of_two_deciders_at_once_one_decides_and_the_other_reads_why():
    scene = Scene()
    application = scene.application("approval")
    heads = [scene.head(), saved(viewer(Duty.BM, bureau="sorachi"))]
    answers = at_once(
        *[lambda head=head: approvals.decide(application_id=application.pk, viewer=head) for head in heads]
    )
    assert sum(isinstance(answer, Decision) for answer in answers) == 1
    assert "決裁を待つ起案がありません" in str(refusals(answers)[0])
    assert BudgetEntry.objects.count() == 1
    assert DocumentIssue.objects.filter(kind="D-08").count() == 1
    assert audit.first_broken() is None


def test_the_last_yen_asked_for_twice_is_given_once():
    scene = Scene()
    first = scene.application("approval")
    other = Scene(
        call=scene.call, towns=(("012220", "三笠市"), ("012092", "夕張市"), ("012157", "美唄市")), budget_yen=0
    )
    second = other.application("approval")
    allotment = CallAllotment.objects.get(call=scene.call, bureau=Bureau.objects.get(pk="sorachi"))
    allotment.amount_yen = first.requested_yen + second.requested_yen - 1
    allotment.save()
    answers = at_once(
        lambda: approvals.decide(application_id=first.pk, viewer=scene.head()),
        lambda: approvals.decide(application_id=second.pk, viewer=scene.head()),
    )
    assert sum(isinstance(answer, Decision) for answer in answers) == 1
    assert len(refusals(answers)) == 1
    allotment.refresh_from_db()
    assert allotment.committed_yen == BudgetEntry.objects.get().amount_yen
    states = sorted(Application.objects.values_list("state", flat=True))
    assert states == ["approval", "granted"]
    assert DocumentIssue.objects.filter(kind="D-08").count() == 1


def test_a_double_click_on_submit_submits_once():
    scene = Scene()
    application = scene.application("ready")
    answers = at_once(*[lambda: submissions.submit(application_id=application.pk, viewer=scene.approver())] * 2)
    assert len(refusals(answers)) == 1
    assert application.snapshots.count() == 1


def test_two_reviewers_receiving_at_once_take_one_number():
    scene = Scene()
    application = scene.application("submitted")
    answers = at_once(
        *[
            lambda person=person: reviews.receive(application_id=application.pk, viewer=person)
            for person in (scene.reviewer(), saved(viewer(Duty.BS, bureau="sorachi")))
        ]
    )
    assert len(refusals(answers)) == 1
    assert NumberEntry.objects.filter(sequence__purpose="receipt").count() == 1


def test_a_withdrawal_and_a_decision_at_once_do_not_both_happen():
    scene = Scene()
    application = scene.application("approval")
    at_once(
        lambda: approvals.decide(application_id=application.pk, viewer=scene.head()),
        lambda: submissions.withdraw(application_id=application.pk, viewer=scene.approver(), reason="取りやめるため。"),
    )
    application.refresh_from_db()
    left = sum(BudgetEntry.objects.values_list("amount_yen", flat=True))
    assert left == (application.granted_yen if application.state == "granted" else 0)
    assert CallAllotment.objects.get().committed_yen == left
    assert audit.first_broken() is None


def by_hand(application: Application, head: Viewer) -> Callable[[], Any]:
    client = client_for(head)
    return lambda: client.post(f"/applications/{application.pk}/decide/", {"comment": "", "acting": ""}).status_code


def in_a_batch(application: Application, head: Viewer) -> Callable[[], Any]:
    batches.note_opening(application, head)
    given = {"act": "grant", "comment": ""}

    def decide() -> Any:
        batch = batches.start(viewer=head, act="approve", parameters=given, application_ids=[application.pk])
        return batch.rows.get().state

    return decide


@pytest.mark.parametrize(("way", "told"), [(by_hand, 302), (in_a_batch, "done")])
def test_a_decision_that_meets_a_deadlock_is_done_once_more(
    way: Callable[[Application, Viewer], Callable[[], Any]], told: object, monkeypatch: pytest.MonkeyPatch
):
    """Somebody has locked the region and wants the head of the audit chain, which the decision already holds."""
    scene = Scene()
    application = scene.application("approval")
    region = scene.region
    decide = way(application, scene.head())
    met: list[bool] = []
    was_deadlock = redoing.was_deadlock
    monkeypatch.setattr(redoing, "was_deadlock", lambda error: met.append(was_deadlock(error)) or met[-1])
    held = Event()

    def changes_the_region() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # the request is the one that is given up
            locking(Region.objects).get(pk=region.pk)
            held.set()
            _wait_for_somebody_who_waits(cursor)
            audit.record(scene.reviewer(), "region.rename", region, "名称の変更")

    def decides() -> Any:
        held.wait(30)
        return decide()

    other, answer = at_once(changes_the_region, decides)
    assert other is None
    assert answer == told
    assert met == [True]
    application.refresh_from_db()
    assert application.state == "granted"
    assert BudgetEntry.objects.count() == 1
    assert DocumentIssue.objects.filter(kind="D-08").count() == 1
    assert audit.first_broken() is None


def _wait_for_somebody_who_waits(cursor: Any) -> None:
    """Somebody of this database: other tests have theirs on the same server. Who is there is read anew each time."""
    waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    for _ in range(600):
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"{waiting} WHERE NOT granted AND datname = current_database()")
        if cursor.fetchone()[0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waited for the region")
