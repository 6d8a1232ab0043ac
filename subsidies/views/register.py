"""交付金台帳 (D-31): every application with its dates, numbers and amounts, on the page, as paper and as sheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import audit, clock
from common.access import needs
from common.documents import DocumentError, pdf_answer, render_pdf, unissued
from common.request import Request
from common.sheets.exporting import Export, export_page

from ..duties import REGISTER
from ..forms.register import RegisterForm
from ..grant_register import grants, lines_of, register_columns, totals, with_life, with_money
from ..papers.register import KIND, TITLE, register_paper
from ..worklist import case_page

PAGE_ROWS = 50
AT_ONCE = 60  # lines that are drawn while the reader waits; about 30 ms each


@needs(REGISTER)
def register_list(request: Request) -> HttpResponse:
    """The lines that this office may know, with the sums of all of them."""
    form = RegisterForm(request.GET, request.viewer)
    filters = form.filters()
    rows = grants(request.viewer, filters)
    page = Paginator(with_money(rows), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "lines": list(lines_of(page.object_list)),
        "total": totals(rows),
        "case_page": case_page(request.viewer),
    }
    return render(request, "subsidies/register_list.html", context)


@needs(REGISTER)
def register_export(request: Request) -> HttpResponseBase:
    """The register with every date, number and amount, written out."""
    rows = with_life(grants(request.viewer, RegisterForm(request.GET, request.viewer).filters()))
    trail = [
        ("申請・交付決定", reverse("subsidies:application_list")),
        (TITLE, reverse("subsidies:register_list")),
    ]
    return export_page(request, Export(TITLE, register_columns(), rows, trail, read=lines_of))


@needs(REGISTER)
def register_pdf(request: Request) -> HttpResponse:
    """The register on A3 paper: drawn now where it is short, else by the worker."""
    form = RegisterForm(request.GET, request.viewer)
    rows = with_life(grants(request.viewer, form.filters()))
    paper = register_paper(lines_of(rows), form.scope(), clock.today(), request.viewer.office.name)
    query = request.GET.urlencode()
    try:
        data = render_pdf(KIND, paper) if len(paper["rows"]) <= AT_ONCE else unissued.kept(KIND, paper)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect(f"{reverse('subsidies:register_list')}?{query}")
    if data is None:
        address = f"{reverse('subsidies:register_pdf')}?{query}"
        said = f"{TITLE}（{len(paper['rows'])}件）を描いています。"
        task = unissued.draw_later(KIND, paper, address, request.viewer, said=said)
        return redirect("portal:task_detail", task.pk)
    audit.record(request.viewer, "list.export", ("list", TITLE), f"{paper['head']['title']}をPDFで書き出し")
    return pdf_answer(data, paper["head"]["title"])


urls = [
    path("register/", register_list, name="register_list"),
    path("register/export/", register_export, name="register_export"),
    path("register/register.pdf", register_pdf, name="register_pdf"),
]
