"""What the lead hands in to be paid: D-17 概算払請求書 and D-17b 精算払請求書."""

from __future__ import annotations

from dataclasses import replace

from ..models import Application, Decision, Payment
from ..settling import paid_yen
from . import sources
from .schema import Claim


def advance_claim(application: Application, *, payment: Payment) -> Claim:
    """D-17: how much of the grant is needed before the work is done, and why."""
    return _claim("D-17", "概算払請求書", application, payment)


def final_claim(application: Application, *, payment: Payment) -> Claim:
    """D-17b: exactly what is left of the fixed amount."""
    paper = _claim("D-17b", "精算払請求書", application, payment)
    fixed = application.fixed_yen or 0
    return replace(
        paper,
        fixed_yen=fixed,
        fixing=sources.decision_reference(application, Decision.Kind.FIXED),
        rest_yen=fixed - paper.received_yen - paper.claim_yen,
    )


def _claim(kind: str, label: str, application: Application, payment: Payment) -> Claim:
    decision = sources.decision_reference(application, Decision.Kind.GRANTED)
    if decision is None or application.granted_yen is None:
        raise ValueError("交付決定の前に請求書は作れません。")
    head = sources.form_head(kind, label, application)
    received = paid_yen(application)
    return Claim(
        head=replace(head, number=payment.document_no),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        title=application.title or application.region.name,
        projects=sources.projects_of(application),
        decision=decision,
        granted_yen=application.granted_yen,
        received_yen=received,
        claim_yen=payment.amount_yen,
        rest_yen=application.granted_yen - received - payment.amount_yen,
        number=payment.number,
        creditor=application.lead.name,
        creditor_no=payment.creditor_no,
        reason=payment.reason,
    )
