"""The budget of a round (庁内限り): by bureau and by application, its simulations, and the ledger of commitments."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from common.access import needs
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.sheets.writing import Column
from common.viewer import Access

from ..budget_chart import BudgetLine, budget_chart
from ..budget_round import UNDECIDED
from ..call_budget import budget_of, total_of
from ..duties import BUDGET, LEDGER, PAYMENT
from ..exports import budget_columns
from ..forms.ledger import LedgerForm
from ..ledger import committed, entries, ledger_columns
from ..models import Application, BudgetSimulation, Call
from ..realism import questions_for
from ..worklist import case_page
from .simulations import call_for, trail_of

PAGE_ROWS = 50


def budget_detail(request: Request, pk: int) -> HttpResponse:
    """One round: the money by bureau and in all, its applications, and the simulations of its distribution."""
    call = call_for(request, pk)
    rows = budget_of(call)
    total = total_of(rows)
    bureau = next((row.bureau for row in rows if row.bureau.pk == request.GET.get("bureau")), None)
    shown = [row for row in rows if row.allotted_yen or row.applications]
    lines = [BudgetLine(row.bureau.name, row.allotted_yen, row.committed_yen, row.reviewed_yen) for row in shown]
    cases = list(_applications(request, call, bureau.pk if bureau else ""))
    open_cases = [row for row in cases if row.state in UNDECIDED]
    asked = questions_for(open_cases)
    simulations = BudgetSimulation.objects.visible_to(request.viewer).standing().filter(call=call)
    may_prepare = request.viewer.may(BUDGET, Access.EDIT)
    context = {
        "call": call,
        "rows": rows,
        "shown": shown,
        "total": total,
        "chart": budget_chart(lines, label="振興局別の配当、決定済の額、まだ決定していない申請の額"),
        "bureau": bureau,
        "applications": cases,
        "asked": [(row, asked[row.pk]) for row in open_cases if asked[row.pk]],
        "simulations": list(simulations.annotate(given_yen=Sum("lines__amount_yen"))),
        "case_page": case_page(request.viewer),
        "may_prepare": may_prepare,
        "may_adopt": request.viewer.may(BUDGET, Access.SUBMIT),
        "sees_all": request.viewer.may(LEDGER),
        "reads_payments": request.viewer.may(PAYMENT),
    }
    return render(request, "subsidies/budget_detail.html", context)


def _applications(request: Request, call: Call, bureau: str) -> QuerySet[Application]:
    rows: Any = Application.objects.visible_to(request.viewer).filter(call=call, submitted_at__isnull=False)
    if bureau:
        rows = rows.filter(lead_bureau=bureau)
    found: QuerySet[Application] = rows.for_list().select_related("evaluation", "call__ruleset")
    return found.order_by("lead_bureau__order", "submitted_at", "pk")


def call_budget(request: Request, pk: int) -> HttpResponseBase:
    """The budget of one call by bureau, written out."""
    call = call_for(request, pk)
    name = f"配当と残額_{call.program_id}_{call.fiscal_year}_{call.round}"
    return export_page(request, Export(name, budget_columns(), budget_of(call), trail_of(call)))


def budget_export(request: Request, pk: int) -> HttpResponseBase:
    """The applications of the round with their amounts, written out."""
    call = call_for(request, pk)
    rows = _applications(request, call, request.GET.get("bureau", ""))
    return export_page(request, Export("募集の申請と金額", _application_columns(), rows, trail_of(call)))


def _application_columns() -> list[Column[Any]]:
    return [
        Column("申請番号", lambda row: row.number, 22),
        Column("連携地域", lambda row: row.region.name, 28),
        Column("主管振興局", lambda row: row.lead_bureau.name, 18),
        Column("状態", lambda row: row.get_state_display(), 14),
        Column("申請額（円）", lambda row: row.requested_yen, 14),
        Column("交付予定額の案（円）", lambda row: row.proposed_yen, 18),
        Column("内定額（円）", lambda row: row.selected_yen, 14),
        Column("交付決定額（円）", lambda row: row.granted_yen, 16),
    ]


@needs(LEDGER)
def ledger_list(request: Request) -> HttpResponse:
    """The ledger: each commitment and release with the balance of its bureau after it."""
    form = LedgerForm(request.GET, request.viewer)
    filters = form.filters()
    rows = entries(request.viewer, filters)
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "total": committed(rows),
        "case_page": case_page(request.viewer),
    }
    return render(request, "subsidies/ledger_list.html", context)


@needs(LEDGER)
def ledger_export(request: Request) -> HttpResponseBase:
    """The ledger, written out."""
    rows = entries(request.viewer, LedgerForm(request.GET, request.viewer).filters())
    trail = [("募集と配分", reverse("subsidies:call_list")), ("予算の台帳", reverse("subsidies:ledger_list"))]
    return export_page(request, Export("予算の台帳", ledger_columns(), rows, trail))


urls = [
    path("calls/<int:pk>/budget/", budget_detail, name="budget_detail"),
    path("calls/<int:pk>/budget/export/", call_budget, name="call_budget"),
    path("calls/<int:pk>/budget/applications/export/", budget_export, name="budget_export"),
    path("ledger/", ledger_list, name="ledger_list"),
    path("ledger/export/", ledger_export, name="ledger_export"),
]
