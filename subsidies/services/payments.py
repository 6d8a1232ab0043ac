"""Money out and back (T26, T33): claimed by the lead, approved by the decider, paid and recorded by accounting."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.fiscal_year import wareki
from common.viewer import Access, Duty, Viewer
from common.yen import show_yen

from ..duties import PAYMENT
from ..models import Application, Payment
from ..rules.settlement import advance_limit_yen
from ..rulesets import rules_of
from ..settling import paid_yen
from ..states import State
from ..workflow import Side
from .advance import locked, sits_in_authority, sits_on

OPEN = (Payment.State.CLAIMED, Payment.State.APPROVED)


@transaction.atomic
def claim(
    *, application_id: int, kind: str, amount_yen: int, viewer: Viewer, reason: str = "", document_no: str = "",
    creditor_no: str = "",
) -> Payment:  # fmt: skip
    """The lead's approver claims money: in advance while the work runs, the rest once the amount is fixed.

    Raises Refused: another claim is open, more than the limit or than what is left, an advance without its reason.
    """
    application = locked(application_id, viewer)
    require(viewer, PAYMENT, Access.SUBMIT)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MA)):
        raise PermissionDenied("交付金は、代表市町村の承認者が請求します。")
    problems = _advance_problems(application, amount_yen, reason) if kind == Payment.Kind.ADVANCE else (
        _final_problems(application, amount_yen))  # fmt: skip
    if application.payments.filter(state__in=OPEN).exists():
        problems.append("支払の済んでいない請求があります。")
    if problems:
        raise Refused(*problems)
    payment = Payment.objects.create(
        application=application,
        number=_next(application),
        kind=kind,
        amount_yen=amount_yen,
        reason=reason.strip(),
        document_no=document_no.strip(),
        creditor_no=creditor_no.strip(),
        claimed_on=clock.today(),
        claimed_by_id=viewer.person,
    )
    _record(viewer, "payment.claim", payment, f"{payment.get_kind_display()}の請求")
    return payment


@transaction.atomic
def approve(*, application_id: int, number: int, viewer: Viewer) -> Payment:
    """The decider approves a claim; accounting pays it. Raises Refused when it was dealt with meanwhile."""
    application = locked(application_id, viewer)
    payment = _waiting_for_decider(application, number, viewer)
    payment.state, payment.approved_on, payment.approved_by_id = Payment.State.APPROVED, clock.today(), viewer.person
    payment.save(update_fields=["state", "approved_on", "approved_by"])
    _record(viewer, "payment.approve", payment, f"{payment.get_kind_display()}の承認")
    return payment


@transaction.atomic
def refuse(*, application_id: int, number: int, reason: str, viewer: Viewer) -> Payment:
    """The decider does not approve a claim, with the reason that the lead reads."""
    application = locked(application_id, viewer)
    payment = _waiting_for_decider(application, number, viewer)
    if not reason.strip():
        raise Refused("承認しない理由を入力してください。")
    payment.state, payment.answer = Payment.State.REFUSED, reason.strip()
    payment.save(update_fields=["state", "answer"])
    _record(viewer, "payment.refuse", payment, f"{payment.get_kind_display()}の不承認", reason=reason)
    return payment


@transaction.atomic
def record_paid(*, application_id: int, number: int, paid_on: date, viewer: Viewer) -> Payment:
    """Accounting records that money went out, or came back (返納).

    Raises Refused: not approved, a day outside the books of the fiscal year, recorded by who approved it.
    """
    application = locked(application_id, viewer)
    require(viewer, PAYMENT, Access.EDIT)
    if not (viewer.is_prefecture and viewer.has(Duty.AC)):
        raise PermissionDenied("支払は、会計の担当者が記録します。")
    payment = application.payments.select_for_update().filter(number=number).first()
    if payment is None or payment.state != Payment.State.APPROVED:
        raise Refused("支払待ちの請求ではありません。ほかの人がすでに処理した可能性があります。")
    books = application.work_year.books_close_on
    problems = []
    if paid_on > clock.today():
        problems.append("支払日に将来の日は指定できません。")
    if payment.approved_on is not None and paid_on < payment.approved_on:
        problems.append("支払日が承認日より前です。")
    if payment.kind != Payment.Kind.RETURN and paid_on > books:
        problems.append(f"出納閉鎖（{wareki(books)}）を過ぎた日の支払は記録できません。")
    if payment.approved_by_id == viewer.user_id:
        problems.append("承認した人は支払を記録できません。")
    if problems:
        raise Refused(*problems)
    payment.state, payment.paid_on, payment.recorded_by_id = Payment.State.PAID, paid_on, viewer.person
    payment.save(update_fields=["state", "paid_on", "recorded_by"])
    word = "返納の記録" if payment.kind == Payment.Kind.RETURN else f"{payment.get_kind_display()}の支払の記録"
    _record(viewer, "payment.paid", payment, word)
    return payment


def advance_left_yen(application: Application) -> int:
    """How much may still be claimed in advance (T26): the ruleset's share of the grant less what was claimed."""
    limit = advance_limit_yen(rules_of(application.call.ruleset), application.granted_yen or 0)
    claimed = application.payments.filter(kind=Payment.Kind.ADVANCE).exclude(state=Payment.State.REFUSED)
    return max(0, limit - (claimed.aggregate(yen=Sum("amount_yen"))["yen"] or 0))


def _advance_problems(application: Application, amount_yen: int, reason: str) -> list[str]:
    problems = []
    if application.state != State.RUNNING:
        problems.append("概算払は、事業の実施中に請求できます。")
    if not reason.strip():
        problems.append("概算払を必要とする理由を入力してください。")
    left = advance_left_yen(application)
    if not 0 < amount_yen <= left:
        problems.append(f"概算払は、あと{show_yen(left)}円まで請求できます。")
    return problems


def _final_problems(application: Application, amount_yen: int) -> list[str]:
    if application.state != State.FIXED:
        return ["精算払は、額の確定の後に請求できます。"]
    left = (application.fixed_yen or 0) - paid_yen(application)
    if amount_yen != left or left <= 0:
        return [f"精算払の額は、確定額から支払済額を除いた{show_yen(max(0, left))}円です。"]
    return []


def _waiting_for_decider(application: Application, number: int, viewer: Viewer) -> Payment:
    require(viewer, PAYMENT, Access.SUBMIT)
    if not sits_in_authority(application, viewer):
        raise PermissionDenied("請求は、決定権者が承認します。")
    payment = application.payments.select_for_update().filter(number=number).first()
    if payment is None or payment.state != Payment.State.CLAIMED:
        raise Refused("承認を待つ請求ではありません。ほかの人がすでに処理した可能性があります。")
    return payment


def _next(application: Application) -> int:
    return (application.payments.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _record(viewer: Viewer, action: str, payment: Payment, title: str, reason: str = "") -> None:
    after = {"number": payment.number, "state": payment.state, "amount_yen": payment.amount_yen}
    audit.record(viewer, action, payment.application, title, after=after, reason=reason.strip())
