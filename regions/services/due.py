"""What time brings in this room: new names of regions, reminders of consents and meetings; part of `run_due`."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from common.viewer import SYSTEM

from ..models import Agreement
from .conferences import remind_members
from .consents import remind
from .regions import bear_names

REMIND_BEFORE = (7, 1, 0)  # days before the answer is due
REMIND_EVERY = 7  # days after that


def run_due(on: date) -> dict[str, int]:
    """Let regions bear their new names, remind of consents and of meetings. Idempotent; returns counts."""
    asked = Agreement.objects.filter(state=Agreement.State.CONSENT, answer_by__isnull=False).order_by("pk")
    reminded = sum(_remind(pk, on) for pk in asked.values_list("pk", flat=True))
    return {"renamed": bear_names(on), "consents_reminded": reminded, "meetings_reminded": remind_members(on)}


@transaction.atomic
def _remind(pk: int, on: date) -> int:
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=pk)
    if agreement.state != Agreement.State.CONSENT or agreement.answer_by is None:
        return 0
    left = (agreement.answer_by - on).days
    if left not in REMIND_BEFORE and not (left < 0 and left % REMIND_EVERY == 0):
        return 0
    return len(remind(agreement, on, SYSTEM))
