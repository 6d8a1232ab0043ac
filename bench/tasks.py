"""What leases, fence and retries of long work cost beside a queue that loses the task of a killed worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from common import clock
from common.models import Task
from common.tasks import Run, enqueue, run_next, task

from .harness import Benchmark


@task("bench.nothing")
def nothing(payload: dict[str, Any], run: Run) -> None:
    """Do nothing, under a lease."""


def benchmarks() -> Iterator[Benchmark]:
    def leased() -> None:
        enqueue("bench.nothing", {})
        run_next("bench")

    def bare() -> None:
        Task.objects.create(kind="bench.bare", run_after=clock.now(), created_at=clock.now())
        with transaction.atomic():
            taken = Task.objects.select_for_update().filter(kind="bench.bare", state=Task.State.QUEUED).earliest("id")
            Task.objects.filter(pk=taken.pk).update(state=Task.State.RUNNING)
        Task.objects.filter(pk=taken.pk).update(state=Task.State.DONE, finished_at=clock.now())

    yield Benchmark("tasks.roundtrip", leased, "a queue without lease, fence and retries", bare, rounds=200)
