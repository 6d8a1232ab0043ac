"""Revocation and return on the page of a granted application (T35, T36)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.fiscal_year import wareki
from common.viewer import Access, Viewer
from common.yen import show_yen

from ..duties import REVOCATION
from ..models import Application, Revocation
from ..services.advance import open_actions, sits_in_authority
from ..services.revocations import may_propose
from ..settling import to_return_yen
from ..workflow import Action
from .registry import Offer, Place, Topic, offers, topics


@topics(Place.REVOCATION)
def revocation_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """取消し: towns read of it once it is decided, offices from the proposal on."""
    if not viewer.may(REVOCATION):
        return
    last = application.revocations.order_by("-number").first()
    if last is None or (last.state != Revocation.State.DECIDED and not viewer.sees_internal):
        last = application.revocations.filter(state=Revocation.State.DECIDED).order_by("-number").first()
    if last is not None:
        decides = viewer.may(REVOCATION, Access.SUBMIT) and sits_in_authority(application, viewer)
        waits = last.state == Revocation.State.PROPOSED
        standing = f"{last.get_state_display()}（{last.get_scope_display()}、{show_yen(last.revoked_yen)}円）"
        yield Topic("交付決定の取消し", _url(application, "case_revocation"), standing, due=waits and decides)


@topics(Place.RETURN)
def return_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """返還: what has to come back, and until when."""
    if not viewer.may(REVOCATION):
        return
    order = application.return_orders.select_related("payment").order_by("-id").first()
    owed = to_return_yen(application)
    if order is not None and order.payment.paid_on is None and order.payment.due_on is not None:
        standing = f"返還命令中　{show_yen(order.payment.amount_yen)}円　期限 {wareki(order.payment.due_on)}"
        yield Topic("返還", _url(application, "case_return"), standing, due=viewer.is_municipal)
    elif owed and _may_order(application, viewer):
        yield Topic("返還", _url(application, "case_return"), f"返還を命じる額 {show_yen(owed)}円", due=True)
    elif order is not None and order.payment.paid_on is not None:
        unpaid = f"　加算金・延滞金 {show_yen(order.unpaid_yen)}円が未納" if order.unpaid_yen else ""
        standing = f"返納済　{show_yen(order.payment.amount_yen)}円{unpaid}"
        yield Topic("返還", _url(application, "case_return"), standing, due=bool(unpaid) and viewer.is_municipal)


@offers
def revocation_offers(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """Who may propose, and who has to decide, finds the button here."""
    if _may_order(application, viewer) and to_return_yen(application):
        yield Offer("返還を命じる", _url(application, "case_return"), main=True)
    if may_propose(application, viewer):
        yield Offer("取消しを起案する", _url(application, "revocation_propose"), stop=True)


def _may_order(application: Application, viewer: Viewer) -> bool:
    return bool({Action.ORDER_RETURN, Action.ORDER_PART_RETURN} & set(open_actions(application, viewer)))


def _url(application: Application, name: str) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk])
