"""The line that is left of a thing: what it was, for which years, which amounts, how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, Sum

from common import clock
from common.fiscal_year import FiscalYear
from regions.models import Agreement, ForwardPlan, Vision
from subsidies.grant_register import OUTCOMES
from subsidies.models import Application, Decision, Payment

from ..models import DisposalItem, DisposalList, Erased
from .extent import Amount


def entry_of(item: DisposalItem, thing: Any, standing: DisposalList, amount: Amount) -> Erased:
    """Return the unsaved line of a thing that still stands whole."""
    facts = FACTS[item.kind](thing)
    return Erased(
        item=item,
        kind=item.kind,
        ref=int(item.key),
        outcome=thing.get_state_display(),
        erased_on=clock.today(),
        erased_who=standing.carried_out_who,
        counts=amount.as_json,
        **facts,
    )


def _of_application(row: Application) -> dict[str, Any]:
    kind = Payment.Kind
    money = Payment.objects.filter(application=row, state=Payment.State.PAID).aggregate(
        paid=Sum("amount_yen", filter=Q(kind__in=[kind.ADVANCE, kind.FINAL])),
        back=Sum("amount_yen", filter=Q(kind=kind.RETURN)),
    )
    decisions = Decision.objects.filter(application=row, kind__in=OUTCOMES)
    decision = decisions.select_related("document__number").order_by("-pk").first()
    paper = decision.document if decision else None
    return {
        "region_name": row.region.name,
        "program": row.call.program.name,
        "bureau_name": row.lead_bureau.name,
        "lead": row.lead.name,
        "from_fy": row.fiscal_year,
        "to_fy": row.fiscal_year,
        "requested_yen": row.requested_yen,
        "granted_yen": row.granted_yen,
        "fixed_yen": row.fixed_yen,
        "paid_yen": money["paid"] or 0,
        "returned_yen": money["back"] or 0,
        "order_number": paper.number.text if paper and paper.number else "",
        "decided_on": decision.decided_on if decision else None,
    }


def _of_agreement(row: Agreement) -> dict[str, Any]:
    first, last = row.in_force_on or row.signed_on, row.ended_on
    years = [FiscalYear.of(day) for day in (first, last) if day]
    return _of_region(row) | {"from_fy": min(years), "to_fy": max(years), "decided_on": row.signed_on}


def _of_vision(row: Vision) -> dict[str, Any]:
    return _of_region(row) | {"from_fy": row.term_from_fy, "to_fy": row.term_to_fy, "decided_on": row.adopted_on}


def _of_region(row: Agreement | Vision) -> dict[str, Any]:
    lead = row.region.lead
    return {
        "region_name": row.region.name,
        "bureau_name": row.region.lead_bureau.name,
        "lead": lead.name if lead else "",
    }


def _of_plan(row: ForwardPlan) -> dict[str, Any]:
    return {
        "region_name": row.bureau.name,
        "bureau_name": row.bureau.name,
        "from_fy": row.term_from_fy,
        "to_fy": row.term_to_fy,
        "decided_on": row.adopted_on,
    }


FACTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "application": _of_application,
    "agreement": _of_agreement,
    "vision": _of_vision,
    "plan": _of_plan,
}
