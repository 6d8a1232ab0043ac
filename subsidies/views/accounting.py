"""支払: the list of accounting across all grants, written out for the accounting system."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.fiscal_year import FiscalYear
from common.request import Request
from common.sheets.exporting import Export, export_page

from ..books import WARNED
from ..duties import PAYMENT
from ..forms.payment_list import PaymentListForm
from ..payment_list import PAGE_ROWS, heaps, on_tab, payment_columns, payments, tab_of
from ..services.payments import may_pay


@needs(PAYMENT)
def payment_list(request: Request) -> HttpResponse:
    """Claims by what they wait for: to be paid, to come back, paid, to be approved; several are recorded at once."""
    form = PaymentListForm(request.GET, request.viewer)
    filters, tab = form.filters(), tab_of(request.GET.get("tab"))
    rows = payments(request.viewer, filters)
    pays = may_pay(request.viewer)
    year = FiscalYear.of(clock.today())
    closing = [
        (one, one.books_close_on)
        for one in (FiscalYear(year - 1), year)
        if timedelta(0) <= one.books_close_on - clock.today() <= WARNED
    ]
    context = {
        "form": form,
        "filters": filters,
        "tab": tab,
        "heaps": heaps(rows),
        "page": Paginator(on_tab(rows, tab), PAGE_ROWS).get_page(request.GET.get("page")),
        "selects": pays and tab.code == "pay",
        "pays": pays,
        "closing": closing,
        "query": _without_tab(request),
    }
    return render(request, "subsidies/payment_list.html", context)


@needs(PAYMENT)
def payment_export(request: Request) -> HttpResponseBase:
    """支払一覧 of the tab, written out for the accounting system."""
    tab = tab_of(request.GET.get("tab"))
    rows = on_tab(payments(request.viewer, PaymentListForm(request.GET, request.viewer).filters()), tab)
    trail = [("支払", reverse("subsidies:payment_list"))]
    return export_page(request, Export(f"支払一覧_{tab.label}", payment_columns(), rows, trail))


def _without_tab(request: Request) -> str:
    """The filters of the address, for the links to the other tabs."""
    query = request.GET.copy()
    for name in ("tab", "page"):
        query.pop(name, None)
    return query.urlencode()


urls = [
    path("payments/", payment_list, name="payment_list"),
    path("payments/export/", payment_export, name="payment_export"),
]
