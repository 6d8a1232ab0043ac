"""Notices that take a grant back, built from the revocation or the order: D-21 and D-22."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..models import Application, Decision, ReturnOrder, Revocation
from ..rules.returns import rate_text
from ..settling import due_yen, interest_rate
from ..settling import paid_yen as paid_so_far
from . import sources
from .schema import AdditionLine, Reference, ReturnNotice, RevocationNotice


def revocation(application: Application, *, revocation: Revocation, paid_yen: int) -> RevocationNotice:
    """D-22: which part is revoked on which ground, what is left, and what has to come back."""
    left = due_yen(application)
    head = sources.letter_head("D-22", "交付決定取消通知書", application, sources.authority(application))
    word = sources.member_word(part.municipality for part in sources.parts_of(application))
    return RevocationNotice(
        head=replace(head, copies_to=(f"構成{word}長",)),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_granted(application),
        projects=sources.projects_of(application),
        whole=revocation.scope == Revocation.Scope.WHOLE,
        ground=revocation.get_ground_display(),
        facts=revocation.facts,
        before_yen=left + revocation.revoked_yen,
        revoked_yen=revocation.revoked_yen,
        left_yen=left,
        paid_yen=paid_yen,
        to_return_yen=max(0, paid_yen - left),
        heard_on=revocation.hearing_on,
        instruction=sources.instruction("D-22", application),
    )


def return_order(application: Application, *, order: ReturnOrder) -> ReturnNotice:
    """D-21: how much has to come back until when, and what is added to it."""
    payment = order.payment
    if payment.due_on is None:
        raise ValueError("返納の期限が定まっていません。")
    rate = interest_rate(application)
    return ReturnNotice(
        head=sources.letter_head("D-21", "返還命令書", application, sources.authority(application)),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_granted(application),
        reason=payment.reason,
        due_yen=due_yen(application),
        paid_yen=paid_so_far(application),
        amount_yen=payment.amount_yen,
        due_on=payment.due_on,
        addition_yen=order.addition_yen,
        rate="" if rate is None else rate_text(rate),
        instruction=sources.instruction("D-21", application),
        addition_lines=_addition_lines(order),
    )


def _addition_lines(order: ReturnOrder) -> tuple[AdditionLine, ...]:
    """How the ordered 加算金 was calculated; nothing where another amount was ordered than the calculated one."""
    advice = order.advice or {}
    if not order.addition_yen or order.addition_yen != advice.get("yen"):
        return ()
    return tuple(
        AdditionLine(
            base_yen=line["base_yen"],
            first_on=date.fromisoformat(line["first_on"]),
            last_on=date.fromisoformat(line["last_on"]),
            days=line["days"],
            shown=line["shown"],
        )
        for line in advice["lines"]
    )


def _granted(application: Application) -> Reference:
    """The decision that granted it, with its number; the last one where a change replaced the first."""
    decision = application.decisions.filter(kind=Decision.Kind.GRANTED).order_by("-id").first()
    if decision is None:
        raise ValueError("交付の決定がありません。")
    return sources.reference_of(decision)
