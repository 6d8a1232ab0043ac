"""Notices of a decision: 内定, 不採択, 交付決定, 不交付決定."""

from __future__ import annotations

from django.db.models import Sum

from ..models import Application, Decision
from . import sources
from .schema import GrantDecision


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
        reductions=reductions,
        withdraw_days=sources.number(application, "withdraw_days"),
    )
