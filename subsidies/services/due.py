"""What time brings to applications: their start (T21), their end (T27, T28) and that of support, reminders, T11."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from common import reminders
from common.viewer import SYSTEM, Viewer
from regions import services as regions

from .. import obligations  # noqa: F401  its sources are registered by being imported
from ..models import Application, CorrectionRound
from ..states import State
from ..workflow import Action
from . import change_decisions, completion, findings, support
from .advance import advance, locked, one_by_one


def run_due(on: date) -> dict[str, int]:
    """Start what begins on or before the day, end what is over, remind of what is owed. Idempotent; returns counts."""
    waiting = Application.objects.filter(state=State.GRANTED, start_on__lte=on).values_list("pk", flat=True)
    started = one_by_one(waiting, lambda pk: begin(application_id=pk, on=on))
    counts = (
        {"started": started, "released": support.run_due(on)}
        | change_decisions.run_due(on)
        | completion.run_due(on)
        | findings.run_due()
    )
    return counts | {"reminded": reminders.send_due(on, "subsidies")}


@transaction.atomic
def begin(*, application_id: int, on: date) -> Application:
    """The first day of the work has come (T21): its initiatives are carried out. Raises Refused before it."""
    application = advance(locked(application_id, SYSTEM), Action.BEGIN, SYSTEM, on=on)
    regions.begin_projects(application.items.values_list("project", flat=True), viewer=SYSTEM)
    return application


@transaction.atomic
def lapse(*, application_id: int, viewer: Viewer, reason: str = "") -> Application:
    """The bureau's decider confirms that a correction was not made in time (T11)."""
    application = locked(application_id, viewer)
    return advance(application, Action.LAPSE, viewer, reason=reason, changes={"due_on": None})


def lapses_from(current: CorrectionRound) -> date | None:
    """The first day on which the bureau may let the application lapse; None before the reminder."""
    return current.reminded_on + timedelta(days=7) if current.reminded_on else None
