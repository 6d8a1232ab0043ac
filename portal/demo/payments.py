"""Money on its way in the demo world: a claim that waits for the decider, one that accounting is to pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from subsidies.models import Application, Payment
from subsidies.services import payments
from subsidies.services.progress import progress_accepted
from subsidies.states import State

CREDITORS = {"012238": "0012238", "014281": "0014281"}  # made up
REASON = "会場費と講師の旅費を、研修の前に支払うため（デモ）。"
BUREAU_HEADS = {"nemuro": "nemuro-kyokucho", "sorachi": "sorachi-kyokucho"}


def make_payments(people: Mapping[str, Viewer], today: date) -> None:
    """The fixed grant's rest is approved and to be paid; of a running one an advance waits for the bureau's head."""
    for one in Application.objects.filter(state=State.FIXED).order_by("pk"):
        left = payments.final_left_yen(one)
        if left:
            number = _claim(one, Payment.Kind.FINAL, left, people, today - timedelta(days=4))
            with clock.standing_at(clock.at(today - timedelta(days=2), 14)):
                payments.approve(application_id=one.pk, number=number, viewer=people[BUREAU_HEADS[one.lead_bureau_id]])
    running = Application.objects.filter(state=State.RUNNING).order_by("pk").first()
    if running is not None and progress_accepted(running, today):
        amount = min(2_000_000, payments.advance_left_yen(running))
        _claim(running, Payment.Kind.ADVANCE, amount, people, today - timedelta(days=3))


def _claim(one: Application, kind: Payment.Kind, amount_yen: int, people: Mapping[str, Viewer], day: date) -> int:
    """The lead's approver claims on that day."""
    with clock.standing_at(clock.at(day, 10)):
        made = payments.claim(
            application_id=one.pk,
            kind=kind,
            amount_yen=amount_yen,
            reason=REASON if kind == Payment.Kind.ADVANCE else "",
            document_no=f"企第{300 + one.pk}号",
            creditor_no=CREDITORS.get(one.lead_id, ""),
            viewer=people[f"shonin-{one.lead_id}"],
        )
    return int(made.number)
