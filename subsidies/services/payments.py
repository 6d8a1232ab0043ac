"""Money out and back (T26, T33): claimed by the lead, approved by the decider, paid and recorded by accounting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from common.yen import show_yen

from ..books import closed_problem
from ..duties import PAYMENT
from ..issuing import issue_paper
from ..models import Application, Payment
from ..notifying import tell_payment
from ..rules.settlement import advance_limit_yen
from ..rulesets import rules_of
from ..settling import due_yen, paid_yen
from ..states import State
from ..workflow import Side
from .advance import locked, sits_in_authority, sits_on
from .progress import progress_accepted

OPEN = (Payment.State.CLAIMED, Payment.State.APPROVED)
PAPERS = {Payment.Kind.ADVANCE: "D-17", Payment.Kind.FINAL: "D-17b"}


@dataclass(frozen=True)
class ClaimInput:
    """What the lead writes into a claim; whole yen."""

    amount_yen: int
    reason: str = ""
    document_no: str = ""
    creditor_no: str = ""


@transaction.atomic
def prepare(*, application_id: int, values: ClaimInput, viewer: Viewer, revision: int = 0) -> Payment:
    """The lead's planner prepares a claim for the approver; its kind follows from where the grant stands.

    `revision` is that of the draft on the page, 0 where there was none. Raises Conflict when somebody else wrote it
    meanwhile, Refused as `claim` does.
    """
    application = locked(application_id, viewer)
    require(viewer, PAYMENT, Access.EDIT)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MP)):
        raise PermissionDenied("請求は、代表市町村の企画担当が準備します。")
    kind = kind_now(application)
    if kind is None:
        raise Refused("請求は、事業の実施中（概算払）と額の確定の後（精算払）に準備できます。")
    draft = _draft(application)
    if (draft.revision if draft else 0) != revision:
        raise Conflict(
            "ほかの人が請求の内容を書き換えました。下の「保存されている内容」を確かめて、もう一度保存してください。"
        )
    _check(application, kind, values)
    draft = draft or Payment(application=application, number=_next(application), state=Payment.State.DRAFT, revision=0)
    _write(draft, kind, values)
    draft.revision, draft.prepared_by_id = draft.revision + 1, viewer.person
    draft.save()
    _record(viewer, "payment.prepare", draft, f"{draft.get_kind_display()}の請求の準備")
    tell_payment(draft, "lead", (Duty.MA,), f"{draft.get_kind_display()}の請求の準備ができました")
    return draft


@transaction.atomic
def discard(*, application_id: int, viewer: Viewer) -> None:
    """The lead gives up a claim in preparation; nothing was claimed."""
    application = locked(application_id, viewer)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MP, Duty.MA)):
        raise PermissionDenied("準備中の請求は、代表市町村が取りやめます。")
    draft = _draft(application)
    if draft is None:
        raise Refused("準備中の請求はありません。")
    _record(viewer, "payment.discard", draft, f"{draft.get_kind_display()}の請求の準備の取りやめ")
    draft.delete()


@transaction.atomic
def claim(
    *, application_id: int, kind: str, amount_yen: int, viewer: Viewer, reason: str = "", document_no: str = "",
    creditor_no: str = "",
) -> Payment:  # fmt: skip
    """The lead's approver claims money: in advance while the work runs, the rest once the amount is fixed.

    What the planner prepared becomes the claim; its paper (D-17, D-17b) is issued with it. Raises Refused: another
    claim is open, more than the limit or than what is left, an advance without its reason.
    """
    application = locked(application_id, viewer)
    require(viewer, PAYMENT, Access.SUBMIT)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MA)):
        raise PermissionDenied("交付金は、代表市町村の承認者が請求します。")
    values = ClaimInput(amount_yen, reason, document_no, creditor_no)
    _check(application, kind, values)
    payment = _draft(application) or Payment(application=application, number=_next(application))
    _write(payment, kind, values)
    payment.state, payment.claimed_on, payment.claimed_by_id = Payment.State.CLAIMED, clock.today(), viewer.person
    payment.save()
    payment.document = issue_paper(PAPERS[Payment.Kind(kind)], application, viewer, payment=payment)
    payment.save(update_fields=["document"])
    _record(viewer, "payment.claim", payment, f"{payment.get_kind_display()}の請求")
    tell_payment(payment, "authority", (Duty.BM, Duty.HM), f"{payment.get_kind_display()}の請求がありました")
    return payment


@transaction.atomic
def take_back(*, application_id: int, number: int, viewer: Viewer) -> Payment:
    """The lead's approver takes a claim back that was not approved yet; it no longer counts against any limit."""
    application = locked(application_id, viewer)
    require(viewer, PAYMENT, Access.SUBMIT)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MA)):
        raise PermissionDenied("請求は、代表市町村の承認者が取り下げます。")
    payment = locking(application.payments).filter(number=number).first()
    if payment is None or payment.state != Payment.State.CLAIMED:
        raise Refused("取り下げられるのは、承認される前の請求です。すでに承認または不承認となった可能性があります。")
    payment.state = Payment.State.TAKEN_BACK
    payment.save(update_fields=["state"])
    _record(viewer, "payment.take_back", payment, f"{payment.get_kind_display()}の請求の取下げ")
    tell_payment(payment, "authority", (Duty.BM, Duty.HM), f"{payment.get_kind_display()}の請求が取り下げられました")
    return payment


@transaction.atomic
def approve(*, application_id: int, number: int, viewer: Viewer) -> Payment:
    """The decider approves a claim; accounting pays it. Raises Refused when it was dealt with meanwhile."""
    application = locked(application_id, viewer)
    payment = _waiting_for_decider(application, number, viewer)
    if problem := closed_problem(application, clock.today()):
        raise Refused(problem)
    payment.state, payment.approved_on, payment.approved_by_id = Payment.State.APPROVED, clock.today(), viewer.person
    payment.save(update_fields=["state", "approved_on", "approved_by"])
    _record(viewer, "payment.approve", payment, f"{payment.get_kind_display()}の承認")
    tell_payment(payment, "headquarters", (Duty.AC,), f"支払を待つ{payment.get_kind_display()}があります")
    tell_payment(payment, "lead", (Duty.MP, Duty.MA), f"{payment.get_kind_display()}の請求が承認されました")
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
    tell_payment(
        payment, "lead", (Duty.MP, Duty.MA), f"{payment.get_kind_display()}の請求は承認されませんでした", reason
    )
    return payment


@transaction.atomic
def record_paid(*, application_id: int, number: int, paid_on: date, viewer: Viewer) -> Payment:
    """Accounting records that money went out, or came back (返納).

    Raises Refused: not approved, a day outside the books of the fiscal year, recorded by who approved it.
    """
    application = locked(application_id, viewer)
    if not may_pay(viewer):
        raise PermissionDenied("支払は、会計の担当者が記録します。")
    payment = locking(application.payments).filter(number=number).first()
    if payment is None or payment.state != Payment.State.APPROVED:
        raise Refused("支払待ちの請求ではありません。ほかの人がすでに処理した可能性があります。")
    if problems := paying_problems(application, payment, paid_on, viewer):
        raise Refused(*problems)
    payment.state, payment.paid_on, payment.recorded_by_id = Payment.State.PAID, paid_on, viewer.person
    payment.save(update_fields=["state", "paid_on", "recorded_by"])
    word = "返納の記録" if payment.kind == Payment.Kind.RETURN else f"{payment.get_kind_display()}の支払の記録"
    _record(viewer, "payment.paid", payment, word)
    done = (
        "返納を確認しました" if payment.kind == Payment.Kind.RETURN else f"{payment.get_kind_display()}を支払いました"
    )
    tell_payment(payment, "lead", (Duty.MP, Duty.MA), done)
    return payment


def may_pay(viewer: Viewer) -> bool:
    """Whether this person records what left the books or came back: accounting at headquarters."""
    return viewer.is_prefecture and viewer.has(Duty.AC) and viewer.may(PAYMENT, Access.EDIT)


def paying_problems(application: Application, payment: Payment, paid_on: date, viewer: Viewer) -> list[str]:
    """What keeps this person from recording that day for an approved claim, in Japanese sentences."""
    problems = []
    if paid_on > clock.today():
        problems.append("支払日に将来の日は指定できません。")
    if payment.approved_on is not None and paid_on < payment.approved_on:
        problems.append("支払日が承認日より前です。")
    if payment.kind != Payment.Kind.RETURN:
        if problem := closed_problem(application, paid_on):
            problems.append(problem)
        if paid_yen(application) + payment.amount_yen > due_yen(application):
            problems.append("支払うと交付決定額（確定額）を超えます。取消しなどで額が変わった可能性があります。")
    if viewer.stands_for(payment.approved_by_id):
        problems.append("承認した人は支払を記録できません。")
    elif any(viewer.stands_for(row.fixed_by_id) for row in application.settlements.filter(superseded_by=None)):
        problems.append("額を確定した人は支払を記録できません。")
    return problems


def kind_now(application: Application) -> Payment.Kind | None:
    """Which claim the state allows: in advance while the work runs, the rest once the amount is fixed."""
    kinds = {State.RUNNING: Payment.Kind.ADVANCE, State.FIXED: Payment.Kind.FINAL}
    return kinds.get(State(application.state))


def advance_left_yen(application: Application) -> int:
    """How much may still be claimed in advance (T26): the ruleset's share of the grant less what was claimed."""
    limit = advance_limit_yen(rules_of(application.call.ruleset), application.granted_yen or 0)
    claimed = application.payments.filter(kind=Payment.Kind.ADVANCE, state__in=(*OPEN, Payment.State.PAID))
    return max(0, limit - (claimed.aggregate(yen=Sum("amount_yen"))["yen"] or 0))


def final_left_yen(application: Application) -> int:
    """What is left to pay of the fixed amount, exactly what a final claim asks for; 0 before it is fixed."""
    return max(0, (application.fixed_yen or 0) - paid_yen(application)) if application.fixed_yen is not None else 0


def _check(application: Application, kind: str, values: ClaimInput) -> None:
    """Raise Refused with everything that keeps this claim from being made now."""
    problems = (
        _advance_problems(application, values)
        if kind == Payment.Kind.ADVANCE
        else _final_problems(application, values.amount_yen)
    )
    if application.payments.filter(state__in=OPEN).exists():
        problems.append("支払の済んでいない請求があります。")
    if problem := closed_problem(application, clock.today()):
        problems.append(problem)
    if problems:
        raise Refused(*problems)


def _advance_problems(application: Application, values: ClaimInput) -> list[str]:
    problems = []
    if application.state != State.RUNNING:
        problems.append("概算払は、事業の実施中に請求できます。")
    if not progress_accepted(application):
        problems.append(
            "提出期限の過ぎた遂行状況報告が、まだ確認されていません。振興局の確認を受けてから概算払を請求してください。"
        )
    if not values.reason.strip():
        problems.append("概算払を必要とする理由を入力してください。")
    left = advance_left_yen(application)
    if not 0 < values.amount_yen <= left:
        problems.append(f"概算払は、あと{show_yen(left)}円まで請求できます。")
    return problems


def _final_problems(application: Application, amount_yen: int) -> list[str]:
    if application.state != State.FIXED:
        return ["精算払は、額の確定の後に請求できます。"]
    left = final_left_yen(application)
    if amount_yen != left or left <= 0:
        return [f"精算払の額は、確定額から支払済額を除いた{show_yen(left)}円です。"]
    return []


def _draft(application: Application) -> Payment | None:
    return locking(application.payments).filter(state=Payment.State.DRAFT).first()


def _write(payment: Payment, kind: str, values: ClaimInput) -> None:
    payment.kind, payment.amount_yen = Payment.Kind(kind), values.amount_yen
    for name in ("reason", "document_no", "creditor_no"):
        setattr(payment, name, getattr(values, name).strip())


def _waiting_for_decider(application: Application, number: int, viewer: Viewer) -> Payment:
    require(viewer, PAYMENT, Access.SUBMIT)
    if not sits_in_authority(application, viewer):
        raise PermissionDenied("請求は、決定権者が承認します。")
    payment = locking(application.payments).filter(number=number).first()
    if payment is None or payment.state != Payment.State.CLAIMED:
        raise Refused("承認を待つ請求ではありません。ほかの人がすでに処理した可能性があります。")
    return payment


def _next(application: Application) -> int:
    return (application.payments.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _record(viewer: Viewer, action: str, payment: Payment, title: str, reason: str = "") -> None:
    after = {"number": payment.number, "state": payment.state, "amount_yen": payment.amount_yen}
    audit.record(viewer, action, payment.application, title, after=after, reason=reason.strip())
