"""Batch work: every row in its own transaction, so that what works is done and what does not says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.redoing import once_more
from common.tasks import enqueue
from common.viewer import Viewer, packed

from ..batch_acts import ACTS, NOT_YOURS
from ..models import Application, Batch, BatchRow, CaseOpening
from . import reviews

AT_ONCE = 10  # rows that are done while the person waits; more are worked off by the worker
MOST = 200
TASK = "subsidies.batch"
GONE = "申請が見つかりません。"

Atomic = Callable[[], AbstractContextManager[None]]
Tell = Callable[[int, int], None]


def note_opening(application: Application, viewer: Viewer) -> None:
    """Keep that this person opened the draft of a decision now. One query."""
    CaseOpening.objects.bulk_create(
        [CaseOpening(application=application, user_id=viewer.person, at=clock.now())],
        update_conflicts=True,
        unique_fields=["application", "user"],
        update_fields=["at"],
    )


def start(*, viewer: Viewer, act: str, parameters: Mapping[str, Any], application_ids: Sequence[int]) -> Batch:
    """Begin a batch on applications that this person may know; few are done at once, many by the worker.

    `parameters` are JSON values that the act takes (`batch_acts`). Raises PermissionDenied for an act of another duty,
    Refused without applications or with too many.
    """
    if act not in ACTS or not ACTS[act].may(viewer):
        raise PermissionDenied(NOT_YOURS)
    known = Application.objects.visible_to(viewer).filter(pk__in=application_ids)
    keys = set(known.values_list("pk", flat=True))
    chosen = [pk for pk in dict.fromkeys(application_ids) if pk in keys]
    if not chosen:
        raise Refused("申請を選んでください。")
    if len(chosen) > MOST:
        raise Refused(f"一度に処理できるのは{MOST}件までです。")
    with transaction.atomic():
        batch = Batch.objects.create(
            act=act,
            parameters=dict(parameters),
            office_key=viewer.office.key,
            by_id=viewer.person,
            who=viewer.label,
            at=clock.now(),
        )
        BatchRow.objects.bulk_create(BatchRow(batch=batch, application_id=pk) for pk in chosen)
        after = {"act": act, "applications": chosen}
        audit.record(viewer, "batch.start", batch, f"まとめて{batch.get_act_display()}", after=after, internal=True)
        if len(chosen) > AT_ONCE:
            _queue(batch, viewer)
    if len(chosen) <= AT_ONCE:
        work(batch.pk, viewer)
    return batch


def _queue(batch: Batch, viewer: Viewer) -> None:
    payload = {"batch": batch.pk, "viewer": packed(viewer)}
    enqueue(TASK, payload, viewer=viewer, dedupe_key=f"{TASK}:{batch.pk}")


def work(batch_id: int, viewer: Viewer, *, atomic: Atomic = transaction.atomic, tell: Tell | None = None) -> None:
    """Do every row that still waits. Doing it again after a break goes on where it stopped."""
    batch = Batch.objects.get(pk=batch_id)
    waiting = list(batch.rows.filter(state=BatchRow.State.WAITING).values_list("pk", flat=True))
    total = batch.rows.count()
    for number, pk in enumerate(waiting, total - len(waiting)):
        if tell:
            tell(number, total)
        once_more(partial(_do, batch, pk, viewer, atomic))


def _do(batch: Batch, pk: int, viewer: Viewer, atomic: Atomic) -> None:
    try:
        with atomic():
            row = locking(BatchRow.objects).get(pk=pk)
            if row.state == BatchRow.State.WAITING:
                message = ACTS[batch.act].does(row.application_id, viewer, batch.parameters)
                _close(row, BatchRow.State.DONE, message)
    except Refused as refused:
        said = "\n".join(refused.problems)
    except PermissionDenied as denied:
        said = str(denied) or NOT_YOURS
    except Application.DoesNotExist:
        said = GONE
    else:
        return
    with atomic():
        _close(locking(BatchRow.objects).get(pk=pk), BatchRow.State.REFUSED, said)


def _close(row: BatchRow, state: BatchRow.State, message: str) -> None:
    row.state, row.message, row.at = state, message, clock.now()
    row.save(update_fields=["state", "message", "at"])


def retry(*, batch_id: int, viewer: Viewer) -> Batch:
    """Try the rows again that were refused, with what was given then. Raises Refused where there are none."""
    with transaction.atomic():
        batch = _own(batch_id, viewer)
        again = batch.rows.filter(state=BatchRow.State.REFUSED).update(
            state=BatchRow.State.WAITING, message="", at=None
        )
        if not again:
            raise Refused("やり直す行がありません。")
        if again > AT_ONCE:
            _queue(batch, viewer)
    if again <= AT_ONCE:
        work(batch.pk, viewer)
    return batch


def undo(*, batch_id: int, viewer: Viewer) -> int:
    """Take back what may be taken back: receipts of today by which nothing was done yet. Return how many were.

    A row that cannot be taken back keeps its result and says why. Raises Refused for any other act.
    """
    with transaction.atomic():
        batch = _own(batch_id, viewer)
    if batch.act != Batch.Act.RECEIVE:
        raise Refused(f"「{batch.get_act_display()}」は取り消せません。")
    undone = 0
    for pk in batch.rows.filter(state=BatchRow.State.DONE).values_list("pk", flat=True):
        undone += _take_back(pk, viewer)
    if not undone:
        raise Refused("取り消せる行がありませんでした。理由は各行の内容にあります。")
    return undone


def _take_back(pk: int, viewer: Viewer) -> bool:
    try:
        with transaction.atomic():
            row = locking(BatchRow.objects).get(pk=pk)
            if row.state != BatchRow.State.DONE:
                return False
            reviews.undo_receipt(application_id=row.application_id, viewer=viewer)
            _close(row, BatchRow.State.UNDONE, "受付を取り消しました。")
    except Refused as refused:
        BatchRow.objects.filter(pk=pk).update(message="\n".join(refused.problems))
        return False
    return True


def _own(batch_id: int, viewer: Viewer) -> Batch:
    batch: Batch = locking(Batch.objects.visible_to(viewer)).get(pk=batch_id)
    if batch.by_id != viewer.user_id or not ACTS[batch.act].may(viewer):
        raise PermissionDenied("まとめて処理のやり直しと取消しは、処理した人が行います。")
    return batch
