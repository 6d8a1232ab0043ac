"""The money of a grant on its page: how it stands, and the acts of the town, the decider and accounting."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.viewer import Viewer
from common.yen import show_yen

from ..duties import PAYMENT
from ..models import Application, Payment
from .purse import Purse
from .registry import Offer, Place, Topic, offers, topics


@topics(Place.PAYMENTS)
def payments_of(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """支払: what was paid, and what it waits for."""
    if not viewer.may(PAYMENT):
        return
    purse = Purse(application, viewer)
    due = bool(purse.draft and purse.claims) or purse.may_settle
    standing = f"支払済 {show_yen(purse.money.paid_yen)}円"
    if (waiting := purse.waiting) is not None:
        standing = f"{waiting.get_kind_display()} {show_yen(waiting.amount_yen)}円が{_WORDS[waiting.state]}"
        due = purse.approves if waiting.state == Payment.State.CLAIMED else purse.pays
    elif purse.kind == Payment.Kind.FINAL and purse.most_yen:
        standing, due = f"精算払 {show_yen(purse.most_yen)}円を請求できます", purse.claims or purse.prepares
    elif purse.kind == Payment.Kind.ADVANCE and purse.most_yen:
        standing += f"　概算払はあと{show_yen(purse.most_yen)}円まで"
    yield Topic("支払", _url(application, "application_payments"), standing, due)


@offers
def money_acts(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """Claiming, approving, recording, settling: what this person may do with the money now."""
    if not viewer.may(PAYMENT):
        return
    purse = Purse(application, viewer)
    waiting = purse.waiting
    if purse.may_claim:
        final = purse.kind == Payment.Kind.FINAL
        yield Offer("精算払を請求する" if final else "概算払を請求する", _url(application, "payment_claim"), main=final)
    if waiting is not None and waiting.state == Payment.State.CLAIMED and purse.approves:
        yield Offer("請求を承認する", _url(application, "payment_decide", waiting.number), main=True)
    if waiting is not None and waiting.state == Payment.State.APPROVED and purse.pays:
        back = waiting.kind == Payment.Kind.RETURN
        label = "返納を記録する" if back else "支払を記録する"
        yield Offer(label, _url(application, "payment_record", waiting.number), main=True)
    if purse.may_settle:
        yield Offer("精算する", _url(application, "settlement_settle"), main=True, post=True)


_WORDS = {Payment.State.CLAIMED.value: "承認待ち", Payment.State.APPROVED.value: "支払・納付待ち"}


def _url(application: Application, name: str, *more: int) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk, *more])
