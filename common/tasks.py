"""Long work: a queue in the database, worked off by `manage.py worker` under leases.

A room registers its bodies in `<room>/tasks.py`::

    @task("documents.render", title="文書の作成")
    def render(payload: dict[str, Any], run: Run) -> dict[str, Any] | None: ...

and a service asks for the work inside its own transaction, so that it exists only if the change does::

    enqueue("documents.render", {"issue": 12}, viewer=viewer, dedupe_key="render:12")

What holds: one worker at a time per task (row lock and lease); a worker that is killed loses nothing, because its
lease runs out and another worker takes the task over; a worker that comes back late can write nothing (`Run.atomic`
compares the fence); a body that keeps failing ends as DEAD, where the operator sees it. Bodies must be idempotent.
Leases are measured by the database's clock, so machines need not agree on the time (and DEMO_DATE does not matter).
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from . import attempts, clock
from .errors import Refused
from .locks import locking
from .models import Task
from .viewer import Viewer

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BEAT_SECONDS = 1.0
FIRST_RETRY = timedelta(seconds=10)
UNEXPECTED = "処理の途中で問題が起きました。自動でやり直します。"
GIVEN_UP = "処理できませんでした。システム管理者に処理番号を伝えてください。"
KILLED_TOO_OFTEN = "処理が繰り返し中断されたため、打ち切りました。"

Body = Callable[[dict[str, Any], "Run"], dict[str, Any] | None]
GaveUp = Callable[[dict[str, Any], str, bool], None]


@dataclass(frozen=True)
class Kind:
    """A kind of task: what runs, what its owner reads as its name, how often it may be tried."""

    body: Body
    title: str
    max_attempts: int
    gave_up: GaveUp | None = None


_kinds: dict[str, Kind] = {}


class LeaseLost(Exception):
    """This worker was too slow: the task belongs to another one now, and nothing of this run is written."""


def task(
    kind: str, *, title: str = "処理", max_attempts: int = 3, gave_up: GaveUp | None = None
) -> Callable[[Body], Body]:
    """Register the body of a kind of task; `title` is its Japanese name. Raises ValueError if the kind is taken.

    `gave_up(payload, sentence, refused)` runs in the transaction in which a task ends as DEAD, so that its subject can
    say so; `refused` tells a refusal (with its sentence) from a fault.
    """

    def register(body: Body) -> Body:
        if kind in _kinds:
            raise ValueError(f"task kind {kind} is registered twice")
        _kinds[kind] = Kind(body, title, max_attempts, gave_up)
        return body

    return register


def title_of(kind: str) -> str:
    """Return the Japanese name of a kind of task, also for kinds that no longer exist."""
    return _kinds[kind].title if kind in _kinds else "処理"


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    viewer: Viewer | None = None,
    dedupe_key: str | None = None,
    run_after: timedelta | None = None,
) -> Task:
    """Put one piece of work in the queue, in the caller's transaction, and return its row.

    While a task with the same `dedupe_key` is unfinished, that one is returned instead: a double click makes one task.
    `run_after` delays the start. Raises KeyError for a kind nobody registered.
    """
    max_attempts = _kinds[kind].max_attempts
    while True:
        if dedupe_key and (waiting := Task.objects.filter(dedupe_key=dedupe_key).first()):
            return waiting
        try:
            with transaction.atomic():
                queued = Task.objects.create(
                    kind=kind,
                    payload=payload,
                    dedupe_key=dedupe_key,
                    max_attempts=max_attempts,
                    run_after=Now() + run_after if run_after else Now(),
                    created_by_id=viewer.user_id if viewer else None,
                    created_at=clock.now(),
                )
        except IntegrityError:
            if not dedupe_key:
                raise
            continue  # somebody queued the same work at this moment: look again
        queued.refresh_from_db(fields=["run_after"])
        return queued


def run_next(worker: str, *, heartbeat: bool = True) -> Task | None:
    """Claim the next due task, run it to its end and return it; None when nothing is due.

    `heartbeat=False` renews the lease only when the body reports progress and stays in this thread and connection
    (tests inside one transaction).
    """
    claimed = _claim(worker)
    if claimed is None:
        return None
    run = Run(claimed, heartbeat=heartbeat)
    try:
        with run.alive(), attempts.kept():
            result = _kinds[claimed.kind].body(claimed.payload, run)
    except LeaseLost:
        logger.warning("task %s: lease lost, nothing written", claimed.pk)
    except Refused as refused:  # this work can never succeed: its Japanese text is the answer, nothing is retried
        run.finish(state=Task.State.DEAD, progress_text=str(refused)[:200], error=str(refused), refused=True)
    except Exception:
        logger.exception("task %s (%s) failed", claimed.pk, claimed.kind)
        _retry_or_give_up(run, traceback.format_exc())
    except BaseException:  # the worker was told to stop: hand the task back, this try does not count
        run.release()
        raise
    else:
        run.finish(state=Task.State.DONE, result=result, error="")
    claimed.refresh_from_db()
    return claimed


@transaction.atomic
def requeue(task: Task) -> bool:
    """Give a task that ended as DEAD its tries back; False when it is not dead (any more)."""
    dead = Task.objects.filter(pk=task.pk, state=Task.State.DEAD)
    return bool(
        dead.update(state=Task.State.QUEUED, attempts=0, run_after=Now(), progress_text="", error="", finished_at=None)
    )


def worker_name() -> str:
    """Return a name no other worker has: host, process, and a random part against reused process numbers."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class Run:
    """One try at a task by one worker: what a body reports to, and what keeps the lease."""

    def __init__(self, task: Task, *, heartbeat: bool) -> None:
        self.task = task
        self._heartbeat = heartbeat
        self._mine = Task.objects.filter(
            pk=task.pk, worker=task.worker, fence=task.fence, state=Task.State.RUNNING
        ).order_by()
        self._progress: dict[str, Any] = {}
        self._ended = threading.Event()
        self._lost = threading.Event()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell the owner how far the work is (`done` of `total`, any unit). Raises LeaseLost to end a late run."""
        self._progress = {"progress_done": done, "progress_total": total, "progress_text": text[:200]}
        if not self._heartbeat:
            self._beat()
        if self._lost.is_set():
            raise LeaseLost(self.task.pk)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """A transaction that commits only while this worker still holds the task.

        Everything a body writes belongs in here. The fence is compared last, in the same transaction: a worker that
        was overtaken rolls back and raises LeaseLost.
        """
        with transaction.atomic():
            yield
            if not self._mine.update(lease_until=Now() + LEASE):
                self._lost.set()
                raise LeaseLost(self.task.pk)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Renew the lease from a second thread until the body ends."""
        if not self._heartbeat:
            yield
            return
        thread = threading.Thread(target=self._keep_beating, name=f"lease of task {self.task.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def finish(self, *, refused: bool = False, **values: Any) -> None:
        """Write the end of the task, unless another worker holds it by now."""
        with transaction.atomic():
            kept = self._mine.update(
                **(self._progress | values), dedupe_key=None, lease_until=None, finished_at=clock.now()
            )
            gave_up = _kinds[self.task.kind].gave_up
            if kept and gave_up and values["state"] == Task.State.DEAD:
                gave_up(self.task.payload, values["progress_text"], refused)
        if not kept:
            logger.warning("task %s: lease lost, its end is not written", self.task.pk)

    def retry(self, after: timedelta, error: str) -> None:
        """Put the task back for another try."""
        self._mine.update(
            state=Task.State.FAILED, lease_until=None, run_after=Now() + after, error=error, progress_text=UNEXPECTED
        )

    def release(self) -> None:
        """Hand the task back untried."""
        self._mine.update(state=Task.State.QUEUED, lease_until=None, attempts=F("attempts") - 1)

    def _keep_beating(self) -> None:
        written: dict[str, Any] = {}
        silent = 0.0
        try:
            while not self._ended.wait(BEAT_SECONDS):
                silent += BEAT_SECONDS
                if self._progress is written and silent < LEASE.total_seconds() / 4:
                    continue
                written, silent = self._progress, 0.0
                try:
                    self._beat()
                except DatabaseError:  # locked or away for a moment: the lease outlives several missed beats
                    logger.warning("task %s: heartbeat missed", self.task.pk, exc_info=True)
        finally:
            connection.close()

    def _beat(self) -> None:
        if not self._mine.update(lease_until=Now() + LEASE, **self._progress):
            self._lost.set()


def _claim(worker: str) -> Task | None:
    """Take the oldest due task (or one whose worker went silent) for this worker, or None."""
    with transaction.atomic():  # PostgreSQL: SKIP LOCKED; SQLite: BEGIN IMMEDIATE admits one claimer at a time
        claimed = locking(Task.objects.due(), skip_locked=True).first()
        if claimed is None:
            return None
        claimed.worker, claimed.fence = worker, claimed.fence + 1
        Task.objects.filter(pk=claimed.pk).update(
            state=Task.State.RUNNING,
            worker=worker,
            fence=claimed.fence,
            attempts=F("attempts") + 1,
            lease_until=Now() + LEASE,
        )
        claimed.attempts += 1
        claimed.state = Task.State.RUNNING
    if claimed.attempts > claimed.max_attempts:
        Run(claimed, heartbeat=False).finish(
            state=Task.State.DEAD, progress_text=KILLED_TOO_OFTEN, error="every worker that took it went silent"
        )
        return _claim(worker)
    return claimed


def _retry_or_give_up(run: Run, error: str) -> None:
    if run.task.attempts >= run.task.max_attempts:
        run.finish(state=Task.State.DEAD, progress_text=GIVEN_UP, error=error)
    else:
        run.retry(FIRST_RETRY * 2 ** (run.task.attempts - 1), error)
