"""Batch work: every row for itself, with its own result; decisions only on what was opened; receipts taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common import clock, tasks
from common.errors import Refused
from common.viewer import Duty, Viewer
from subsidies.models import Application, Batch, BudgetEntry, CaseOpening
from subsidies.services import batches, reviews
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def several(scene: Scene, until: str, count: int = 2, *, again: bool = False) -> list[Application]:
    """One application in each of so many rounds, told through the services; `again`: the present round has its one."""
    made = []
    for number in range(count):
        if number or again:
            scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={"sorachi": 20_000_000})
        made.append(scene.application(until, grant_yen=5_000_000))
    return made


def started(by: Viewer, act: str, cases: list[Application], /, **given: object) -> Batch:
    return batches.start(viewer=by, act=act, parameters=given, application_ids=[one.pk for one in cases])


def results(batch: Batch) -> list[tuple[str, str]]:
    return [(row.state, row.message) for row in batch.rows.all()]


def states() -> list[str]:
    return list(Application.objects.order_by("pk").values_list("state", flat=True))


def today() -> str:
    return clock.today().isoformat()


def test_what_works_is_done_and_what_does_not_says_why(scene):
    cases = several(scene, "submitted")
    reviews.receive(application_id=cases[0].pk, viewer=scene.reviewer())
    batch = started(scene.reviewer(), "receive", cases, received_on=today())
    first, second = results(batch)
    assert first == ("refused", "「振興局審査中」の申請には「受付」を行えません。")
    assert second[0] == "done"
    assert Application.objects.get(pk=cases[1].pk).receipt_number in second[1]
    assert states() == ["bureau_review", "bureau_review"]


def test_only_the_duty_of_the_act_begins_it_and_only_on_what_it_may_know(scene):
    [case] = several(scene, "submitted", 1)
    for other in (scene.head(), scene.staff(), saved(viewer(Duty.AU)), scene.planner()):
        with pytest.raises(PermissionDenied):
            started(other, "receive", [case], received_on=today())
    with pytest.raises(Refused, match="申請を選んでください"):
        started(saved(viewer(Duty.BS, bureau="oshima")), "receive", [case], received_on=today())


def test_what_the_service_refuses_is_the_message_of_the_row(scene):
    [case] = several(scene, "submitted", 1)
    batch = started(scene.reviewer(), "receive", [case], received_on=(clock.today() + timedelta(days=1)).isoformat())
    assert results(batch) == [("refused", "受付日は本日以前の日にしてください。")]
    assert states() == ["submitted"]


def test_refused_rows_are_tried_again_by_the_one_who_began(scene):
    [case] = several(scene, "submitted", 1)
    batch = started(scene.reviewer(), "return", [case], target="costs", items="内訳を書く",
                    due_on=today(), message="")  # fmt: skip
    assert results(batch)[0][0] == "refused"
    reviews.receive(application_id=case.pk, viewer=scene.reviewer())
    with pytest.raises(PermissionDenied):
        batches.retry(batch_id=batch.pk, viewer=saved(viewer(Duty.BS)))
    batches.retry(batch_id=batch.pk, viewer=saved_again(batch))
    assert results(batch) == [("done", "補正1件を付けて差し戻しました。")]
    with pytest.raises(Refused, match="やり直す行がありません"):
        batches.retry(batch_id=batch.pk, viewer=saved_again(batch))


def saved_again(batch: Batch) -> Viewer:
    """The person who began the batch."""
    return saved(viewer(Duty.BS, user_id=batch.by_id))


def test_receipts_of_today_are_taken_back_where_nothing_followed(scene):
    untouched, judged = several(scene, "submitted")
    batch = started(scene.reviewer(), "receive", [untouched, judged], received_on=today())
    reviews.write_note(application_id=judged.pk, viewer=scene.reviewer(), text="確認した。")
    assert batches.undo(batch_id=batch.pk, viewer=saved_again(batch)) == 1
    assert states() == ["submitted", "bureau_review"]
    first, second = results(batch)
    assert first == ("undone", "受付を取り消しました。")
    assert second == ("done", "受付の後に「審査メモ」を行っているため、受付を取り消せません。")
    again = Application.objects.get(pk=untouched.pk)
    assert (again.receipt_number, again.received_on) == ("", None)
    number = judged.receipt_number
    assert reviews.receive(application_id=again.pk, viewer=scene.reviewer()).receipt_number not in ("", number)


def test_a_receipt_of_yesterday_stands(scene):
    [case] = several(scene, "submitted", 1)
    batch = started(scene.reviewer(), "receive", [case], received_on=today())
    tomorrow = clock.at(clock.today() + timedelta(days=1))
    with clock.standing_at(tomorrow), pytest.raises(Refused, match="取り消せる行がありませんでした"):
        batches.undo(batch_id=batch.pk, viewer=saved_again(batch))
    assert results(batch) == [("done", "受付の取消しは、受け付けた日に限ります。")]
    assert states() == ["bureau_review"]


def test_equal_kinds_are_drafted_and_decided_together_but_only_what_was_opened(scene):
    cases = several(scene, "hq_review")
    for case in cases:
        scene.judge_open(case, scene.staff(), "hq")
        reviews.write_opinion(application_id=case.pk, viewer=scene.staff(), text="支障ない。")
    drafted = started(scene.reviewer(), "draft", cases, act="grant", plan="交付することとしたい。", conditions="")
    assert results(drafted) == [("done", "5,000,000円で起案しました。")] * 2
    head = scene.head()
    client = client_for(head)
    client.get(reverse("subsidies:decision_decide", args=[cases[0].pk]))
    assert list(CaseOpening.objects.values_list("application", "user")) == [(cases[0].pk, head.user_id)]
    decided = started(head, "approve", cases, act="grant", comment="")
    first, second = results(decided)
    assert first[0] == "done"
    assert second == (
        "refused",
        "この起案はまだ開いていません。決裁の画面で確かめてから、まとめて決裁してください。",
    )
    assert states() == ["granted", "approval"]
    assert BudgetEntry.objects.get().amount_yen == 5_000_000
    with pytest.raises(Refused, match="取り消せません"):
        batches.undo(batch_id=decided.pk, viewer=head)
    client.get(reverse("subsidies:decision_decide", args=[cases[1].pk]))
    other = started(head, "approve", cases[1:], act="refuse", comment="")
    assert "同じ処分のものだけ" in results(other)[0][1]


def test_a_long_batch_is_worked_off_by_the_worker_and_goes_on_where_it_stopped(scene, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    cases = several(scene, "submitted", 3)
    batch = started(scene.reviewer(), "receive", cases, received_on=today())
    assert {state for state, _ in results(batch)} == {"waiting"}
    done = reviews.receive
    calls: list[int] = []

    def breaks_once(**given: object) -> Application:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the machine stumbles")
        return done(**given)

    monkeypatch.setattr(reviews, "receive", breaks_once)
    tasks.run_next("worker-1", heartbeat=False)
    assert [state for state, _ in results(batch)] == ["done", "waiting", "waiting"]
    batches.work(batch.pk, scene.reviewer())
    assert [state for state, _ in results(batch)] == ["done"] * 3
    assert len(calls) == 4
