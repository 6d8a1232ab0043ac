"""Notices of a decision: 内定, 不採択, 交付決定, 不交付決定."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Sum

from common.documents import Head

from ..models import Application, Decision
from . import sources
from .schema import GrantDecision, Rejection, Selection


def grant_decision(application: Application, *, decision: Decision) -> GrantDecision:
    """D-08 交付決定通知書: what was decided, under which conditions, with the share of each member."""
    if application.start_on is None or application.end_on is None or decision.amount_yen is None:
        raise ValueError("実施期間と交付決定額が定まっていません。")
    reductions = sources.reductions_of(application)
    totals = application.costs.aggregate(amount=Sum("amount_yen"), eligible=Sum("eligible_yen"))
    cut = sum(row.difference_yen for row in reductions)
    return GrantDecision(
        head=sources.letter_head("D-08", "交付決定通知書", application, sources.authority(application)),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        application=sources.application_reference(application),
        projects=sources.projects_of(application),
        total_cost_yen=totals["amount"] or 0,
        eligible_cost_yen=(totals["eligible"] or 0) + cut,
        amount_yen=decision.amount_yen,
        start_on=application.start_on,
        end_on=application.end_on,
        conditions=sources.conditions_of(application, decision.conditions),
        support=sources.support_of(application),
        split=sources.split_of(application, decision.amount_yen, "交付決定額"),
        reductions=reductions + sources.allocation_row(application, decision.amount_yen),
        withdraw_days=sources.number(application, "withdraw_days"),
    )


def selection(application: Application, *, decision: Decision) -> Selection:
    """D-06 内定通知書: the amount in view and what the region does next."""
    if decision.amount_yen is None:
        raise ValueError("内定額が定まっていません。")
    return Selection(
        head=_with_copies(
            sources.letter_head("D-06", "内定通知書", application, sources.bureau_head(application)), application
        ),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        application=sources.application_reference(application),
        projects=sources.projects_of(application),
        requested_yen=application.requested_yen,
        amount_yen=decision.amount_yen,
        next_steps=(
            "内定額の範囲で交付申請書を作成し、構成市町村の同意を得て提出してください。",
            "内定は交付を約束するものではなく、交付の決定は交付申請の審査の後に行います。",
        ),
        apply_by=decision.apply_by,
        support=sources.support_of(application),
        reductions=sources.reductions_of(application) + sources.allocation_row(application, decision.amount_yen),
        conditions=tuple(line.strip() for line in decision.conditions.splitlines() if line.strip()),
    )


def rejection(application: Application, *, decision: Decision) -> Rejection:
    """D-07 不採択通知書 or D-09 不交付決定通知書, with the reason."""
    refused = decision.kind == Decision.Kind.REFUSED
    kind, label = ("D-09", "不交付決定通知書") if refused else ("D-07", "不採択通知書")
    sender = sources.authority(application) if refused else sources.bureau_head(application)
    return Rejection(
        head=_with_copies(sources.letter_head(kind, label, application, sender), application),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        application=sources.application_reference(application),
        projects=sources.projects_of(application),
        requested_yen=application.requested_yen,
        reason=decision.reason,
        next_steps=(f"内容についての相談は、{application.lead_bureau.name}で受け付けます。",),
    )


def _with_copies(head: Head, application: Application) -> Head:
    """The letter goes to the lead; the other members get a copy."""
    word = sources.member_word(part.municipality for part in sources.parts_of(application))
    return replace(head, copies_to=(f"構成{word}長",))
