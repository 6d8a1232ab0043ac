"""Long work in the queue: done once, tried again, given up, never lost and never overtaken."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now

from common import tasks
from common.models import Notice, Task
from common.tasks import LeaseLost, Run, enqueue, run_next
from common.viewer import Duty

from ..viewers import saved, viewer
from . import sample_tasks


@pytest.mark.django_db
def test_a_task_runs_once_and_keeps_its_result_and_progress():
    queued = enqueue("sample.greet", {"name": "長沼町"})
    done = run_next("w1", heartbeat=False)
    assert done == queued
    assert (done.state, done.result, done.attempts) == (Task.State.DONE, {"text": "長沼町様"}, 1)
    assert (done.progress_done, done.progress_total, done.progress_text) == (1, 2, "1件目")
    assert done.finished
    assert run_next("w1", heartbeat=False) is None


@pytest.mark.django_db
def test_the_oldest_due_task_comes_first_and_a_delayed_one_waits():
    enqueue("sample.greet", {"name": "あとで"}, run_after=timedelta(hours=1))
    first, second = enqueue("sample.greet", {"name": "一"}), enqueue("sample.greet", {"name": "二"})
    assert [run_next("w1", heartbeat=False) for _ in range(3)] == [first, second, None]


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_when_queued_not_when_run():
    with pytest.raises(KeyError):
        enqueue("sample.unknown", {})


@pytest.mark.django_db
def test_a_kind_has_one_body():
    with pytest.raises(ValueError, match=r"sample\.greet"):
        tasks.task("sample.greet")(sample_tasks.greet)


@pytest.mark.django_db(transaction=True)
def test_work_asked_for_in_a_transaction_that_fails_never_exists():
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("sample.greet", {"name": "長沼町"})
        raise RuntimeError
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_a_double_click_makes_one_task_and_a_finished_one_may_be_asked_again():
    first = enqueue("sample.greet", {"name": "長沼町"}, dedupe_key="greet:1")
    assert enqueue("sample.greet", {"name": "長沼町"}, dedupe_key="greet:1") == first
    run_next("w1", heartbeat=False)
    assert enqueue("sample.greet", {"name": "長沼町"}, dedupe_key="greet:1") != first


@pytest.mark.django_db
def test_a_task_belongs_to_the_person_who_asked_for_it():
    reviewer = saved(viewer(Duty.BS))
    own = enqueue("sample.greet", {"name": "空知"}, viewer=reviewer)
    enqueue("sample.greet", {"name": "ほか"}, viewer=saved(viewer(Duty.HS)))
    enqueue("sample.greet", {"name": "時刻が来た"})
    assert list(Task.objects.visible_to(reviewer)) == [own]


@pytest.mark.django_db
def test_work_that_can_never_succeed_ends_at_once_with_its_sentence():
    enqueue("sample.refuse", {})
    ended = run_next("w1", heartbeat=False)
    assert (ended.state, ended.progress_text, ended.attempts) == (
        Task.State.DEAD,
        "取り込むシートがありません。",
        1,
    )


@pytest.mark.django_db
def test_a_failing_task_is_tried_three_times_with_growing_pauses_and_then_given_up():
    task = enqueue("sample.break", {})
    pauses = []
    for _ in range(2):
        failed = run_next("w1", heartbeat=False)
        assert failed.state == Task.State.FAILED
        assert run_next("w1", heartbeat=False) is None  # not before its pause is over
        pauses.append(Task.objects.filter(pk=task.pk, run_after__gt=Now() + timedelta(seconds=15)).exists())
        Task.objects.update(run_after=Now())
    given_up = run_next("w1", heartbeat=False)
    assert pauses == [False, True]
    assert (given_up.state, given_up.progress_text) == (Task.State.DEAD, tasks.GIVEN_UP)
    assert "the disk is gone" in given_up.error
    assert "the disk is gone" not in given_up.progress_text


@pytest.mark.django_db
def test_a_task_whose_workers_all_die_is_given_up_and_the_next_one_runs():
    poison = enqueue("sample.greet", {"name": "毒"})
    Task.objects.update(attempts=3, state=Task.State.RUNNING, worker="dead", lease_until=Now() - timedelta(seconds=1))
    healthy = enqueue("sample.greet", {"name": "薬"})
    assert run_next("w1", heartbeat=False) == healthy
    poison.refresh_from_db()
    assert (poison.state, poison.progress_text) == (Task.State.DEAD, tasks.KILLED_TOO_OFTEN)


@pytest.mark.django_db
def test_the_operator_can_have_a_given_up_task_tried_again_but_no_other():
    enqueue("sample.refuse", {})
    dead = run_next("w1", heartbeat=False)
    assert tasks.requeue(dead)
    assert not tasks.requeue(dead)
    assert run_next("w1", heartbeat=False).state == Task.State.DEAD


@pytest.mark.django_db
def test_a_held_task_is_left_alone_until_its_lease_runs_out():
    task = enqueue("sample.greet", {"name": "長沼町"})
    late = tasks._claim("late")
    assert run_next("w2", heartbeat=False) is None
    Task.objects.update(lease_until=Now() - timedelta(seconds=1))
    taken_over = run_next("w2", heartbeat=False)
    assert (taken_over, taken_over.worker, taken_over.fence) == (task, "w2", late.fence + 1)


@pytest.mark.django_db
def test_a_worker_that_was_overtaken_can_write_nothing():
    task = enqueue("sample.greet", {"name": "長沼町"})
    late = Run(tasks._claim("late"), heartbeat=False)
    Task.objects.update(lease_until=Now() - timedelta(seconds=1))
    run_next("w2", heartbeat=False)
    with pytest.raises(LeaseLost), late.atomic():
        Notice.objects.create(office_key="a", duties="", title="遅い", created_at=task.created_at)
    with pytest.raises(LeaseLost):
        late.progress(9, 9)
    late.finish(state=Task.State.DEAD, error="late")
    late.retry(timedelta(), "late")
    late.release()
    task.refresh_from_db()
    assert (task.state, task.worker, task.error) == (Task.State.DONE, "w2", "")
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_worker_told_to_stop_hands_its_task_back_untried(monkeypatch: pytest.MonkeyPatch):
    def told_to_stop(payload: dict[str, Any], run: Run) -> None:
        raise KeyboardInterrupt

    task = enqueue("sample.greet", {"name": "長沼町"})
    monkeypatch.setitem(tasks._kinds, "sample.greet", tasks.Kind(told_to_stop, "あいさつ", 3))
    with pytest.raises(KeyboardInterrupt):
        run_next("w1", heartbeat=False)
    task.refresh_from_db()
    assert (task.state, task.attempts) == (Task.State.QUEUED, 0)


@pytest.mark.django_db(transaction=True)
def test_the_worker_command_works_off_the_queue_and_ends():
    for name in "一二三":
        enqueue("sample.greet", {"name": name})
    call_command("worker", "--until-empty", stderr=io.StringIO())
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.DONE}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_workers_run_every_task_exactly_once(tmp_path: Path):
    file = tmp_path / "ran"
    for n in range(60):
        enqueue("sample.count", {"file": str(file), "n": n})

    def work(name: str) -> None:
        try:
            while run_next(name):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(file.read_text().split()) == Counter(str(n) for n in range(60))
    assert len(set(Task.objects.values_list("worker", flat=True))) > 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_task():
    found: list[int] = []
    start = threading.Barrier(4)

    def click() -> None:
        try:
            start.wait()
            found.append(enqueue("sample.greet", {"name": "長沼町"}, dedupe_key="same").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == Task.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_a_slow_task_and_shows_its_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(tasks, "LEASE", timedelta(seconds=0.4))
    hold, started = tmp_path / "hold", tmp_path / "started"
    hold.touch()
    task = enqueue("sample.write", {"office_key": "o", "hold": str(hold), "started": str(started)})

    def work() -> None:
        try:
            run_next("slow")
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        _wait_for(started.exists)
        time.sleep(1)  # several leases
        assert run_next("other") is None
        task.refresh_from_db()
        assert (task.worker, task.progress_text) == ("slow", "待っています")
    finally:
        hold.unlink()
        thread.join()
    task.refresh_from_db()
    assert task.state == Task.State.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path):
    hold, started = tmp_path / "hold", tmp_path / "started"
    hold.touch()
    task = enqueue("sample.write", {"office_key": "o", "hold": str(hold), "started": str(started)})
    process = _worker_process()
    try:
        _wait_for(started.exists)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    task.refresh_from_db()
    assert task.state == Task.State.RUNNING
    hold.unlink()
    Task.objects.update(lease_until=Now() - timedelta(seconds=1))  # a minute passes
    done = run_next("w2")
    assert (done.state, done.attempts, Notice.objects.count()) == (Task.State.DONE, 2, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_process_asked_to_end_hands_its_task_back(tmp_path: Path):
    hold, started = tmp_path / "hold", tmp_path / "started"
    hold.touch()
    task = enqueue("sample.write", {"office_key": "o", "hold": str(hold), "started": str(started)})
    process = _worker_process()
    try:
        _wait_for(started.exists)
        process.terminate()
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
    task.refresh_from_db()
    assert (task.state, task.attempts) == (Task.State.QUEUED, 0)


def _worker_process() -> subprocess.Popen[bytes]:
    """Start `manage.py worker` on this test's database, with the sample bodies known to it."""
    database = connection.settings_dict
    code = (
        "import django; django.setup()\n"
        "import tests.common.sample_tasks\n"
        "from django.core.management import call_command\n"
        "call_command('worker')"
    )
    url = f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment)


def _wait_for(happened: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
