"""The list of applications, and the same rows as a sheet."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from common.access import needs
from common.request import Request
from common.sheets.exporting import Export, export_page

from ..application_list import PAGE_ROWS, Reading, applications, due_of, page_rows, with_row_facts
from ..batch_acts import acts_for
from ..duties import LIST, REGISTER
from ..forms.application_list import ListForm
from ..support_years import support_numbers
from ..worklist import case_page


@needs(LIST)
def application_list(request: Request) -> HttpResponse:
    """Applications that this person may know, filtered and sorted as the address says, 50 on a page."""
    viewer = request.viewer
    form = ListForm(request.GET, viewer)
    filters, order = form.filters(), form.order()
    page = Paginator(applications(viewer, filters, order), PAGE_ROWS).get_page(request.GET.get("page"))
    rows = page_rows(page.object_list, viewer, order)
    reading = Reading.of(viewer)
    years = support_numbers(rows, reading.rulesets)
    for row in rows:
        row.badge, row.due, row.support_year = reading.badge(row), due_of(row), years.get(row.pk)
    page.object_list = rows
    context = {
        "page": page,
        "form": form,
        "filters": filters,
        "sort": order,
        "counts": viewer.sees_internal,
        "case_page": case_page(viewer),
        "selects": bool(acts_for(viewer)),
        "register": viewer.may(REGISTER),
    }
    return render(request, "subsidies/application_list.html", context)


@needs(LIST)
def application_export(request: Request) -> HttpResponseBase:
    """The rows of the list, all pages, written out."""
    viewer, asked = request.viewer, ListForm(request.GET, request.viewer)
    rows = with_row_facts(applications(viewer, asked.filters(), asked.order()), viewer)
    trail = [("申請・交付決定", reverse("subsidies:application_list"))]
    return export_page(request, Export("申請一覧", Reading.of(viewer).columns(), rows, trail))


urls = [
    path("applications/", application_list, name="application_list"),
    path("applications/export/", application_export, name="application_export"),
]
