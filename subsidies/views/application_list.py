"""The list of applications, and the same rows as a sheet."""

from __future__ import annotations

from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path

from common import clock
from common.access import needs
from common.request import Request
from common.sheets.writing import Encoding, csv_lines, unwritable, xlsx

from ..application_list import PAGE_ROWS, Reading, applications, due_of, page_rows, with_row_facts
from ..duties import LIST
from ..forms.application_list import ListForm
from ..support_years import support_numbers
from ..worklist import case_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "form": form,
        "filters": filters,
        "sort": order,
        "kept": kept.urlencode(),
        "counts": viewer.sees_internal,
        "case_page": case_page(viewer),
    }
    return render(request, "subsidies/application_list.html", context)


@needs(LIST)
def application_export(request: Request, form: str) -> HttpResponseBase:
    """The rows of the list, all pages, as .xlsx (`xlsx`) or CSV (`utf8`, `cp932`).

    cp932 does not have every character: what is missing is listed first; `?gaps=ok` writes the file with 〓 instead.
    """
    viewer = request.viewer
    if form not in ("xlsx", "utf8", "cp932"):
        raise Http404
    asked = ListForm(request.GET, viewer)
    rows = with_row_facts(applications(viewer, asked.filters(), asked.order()), viewer)
    columns = Reading.of(viewer).columns()
    name = f"申請一覧_{clock.today():%Y%m%d}"
    if form == "xlsx":
        book = xlsx("申請一覧", columns, rows.iterator(chunk_size=2000))
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    encoding = Encoding.UTF8 if form == "utf8" else Encoding.CP932
    if encoding == Encoding.CP932 and "gaps" not in request.GET:
        missing = unwritable(columns, rows.iterator(chunk_size=2000))
        if missing:
            context = {"missing": missing, "kept": request.GET.urlencode()}
            return render(request, "subsidies/application_export_gaps.html", context)
    lines = csv_lines(columns, rows.iterator(chunk_size=2000), encoding)
    charset = "utf-8" if encoding == Encoding.UTF8 else "Shift_JIS"
    response = StreamingHttpResponse(lines, content_type=f"text/csv; charset={charset}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + '.csv')}"
    return response


urls = [
    path("applications/", application_list, name="application_list"),
    path("applications/export/<slug:form>/", application_export, name="application_export"),
]
