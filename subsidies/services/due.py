"""What time brings to applications: reminders of corrections (T11), the start (T21), the end of the work (T27, T28)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from common import audit, notices
from common.viewer import SYSTEM, Duty, OfficeKind, Viewer

from ..models import Application, CorrectionRound
from ..states import State
from ..workflow import Action
from . import completion
from .advance import advance, locked

REMIND_BEFORE = (14, 3, 0)  # days before a correction is due; domain.md §5


def run_due(on: date) -> dict[str, int]:
    """Start what begins on or before the day, remind of corrections. Idempotent; returns counts."""
    started = 0
    for pk in Application.objects.filter(state=State.GRANTED, start_on__lte=on).values_list("pk", flat=True):
        begin(application_id=pk, on=on)
        started += 1
    reminded = sum(_remind(current, on) for current in _open_rounds())
    return {"started": started, "reminded": reminded} | completion.run_due(on)


@transaction.atomic
def begin(*, application_id: int, on: date) -> Application:
    """The first day of the work has come (T21). Raises Refused before it."""
    return advance(locked(application_id, SYSTEM), Action.BEGIN, SYSTEM, on=on)


def _open_rounds() -> list[CorrectionRound]:
    rounds = CorrectionRound.objects.filter(resubmitted_at=None, application__state=State.RETURNED)
    return list(rounds.select_related("application__region"))


@transaction.atomic
def _remind(current: CorrectionRound, on: date) -> bool:
    """Remind the lead once on each of the days before and once after the due date."""
    left = (current.due_on - on).days
    due_today = left in REMIND_BEFORE or (left < 0 and (current.reminded_on or date.min) <= current.due_on)
    if not due_today or current.reminded_on == on:
        return False
    current.reminded_on = on
    current.save(update_fields=["reminded_on"])
    application = current.application
    when = "が過ぎています" if left < 0 else f"まであと{left}日です" if left else "は本日です"
    notices.send(
        f"{OfficeKind.MUNICIPALITY}:{application.lead_id}",
        (Duty.MP, Duty.MA),
        f"補正の期限{when}：{application.region.name}",
        subject=application,
    )
    audit.record(SYSTEM, "application.remind", application, "補正の督促", after={"due_on": current.due_on.isoformat()})
    return True


@transaction.atomic
def lapse(*, application_id: int, viewer: Viewer, reason: str = "") -> Application:
    """The bureau's decider confirms that a correction was not made in time (T11)."""
    application = locked(application_id, viewer)
    return advance(application, Action.LAPSE, viewer, reason=reason, changes={"due_on": None})


def lapses_from(current: CorrectionRound) -> date | None:
    """The first day on which the bureau may let the application lapse; None before the reminder."""
    return current.reminded_on + timedelta(days=7) if current.reminded_on else None
