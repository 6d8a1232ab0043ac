"""Papers: the list of a case, each as a page and as PDF, reprints, and drafts before they are issued."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import require
from common.documents import (
    DocumentError,
    Mark,
    UnknownKind,
    mark_of,
    open_pdf,
    pdf_answer,
    render_html,
    render_pdf,
    reprint,
)
from common.models import DocumentIssue
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Duty

from ..duties import DOCUMENT, DRAFT
from ..exports import paper_columns
from ..issuing import PAPERS
from ..models import Application
from ..papers_access import bare_name, papers_of_case, papers_visible_to
from ..previews import draft_of, is_internal
from ..services.reviews import look_at_internal
from .finding import application_for


def document_list(request: Request, pk: int) -> HttpResponse:
    """The papers issued about a case, newest first, with number, date and whether they are 庁内限り."""
    application = application_for(request, pk)
    require(request.viewer, DOCUMENT)
    papers = papers_of_case(application, request.viewer)
    return render(request, "subsidies/document_list.html", {"application": application, "papers": papers})


def document_export(request: Request, pk: int) -> HttpResponseBase:
    """The papers issued about a case, written out as a list."""
    application = application_for(request, pk)
    require(request.viewer, DOCUMENT)
    trail = [
        ("申請・交付決定", reverse("subsidies:application_list")),
        (application.region.name, reverse("subsidies:application_detail", args=[pk])),
        ("文書", reverse("subsidies:document_list", args=[pk])),
    ]
    papers = papers_of_case(application, request.viewer)
    return export_page(request, Export(f"文書一覧_{application.number}"[:40], paper_columns(), papers, trail))


def document_preview(request: Request, pk: int) -> HttpResponse:
    """One paper with its number, its hash and its copies; the paper itself stands in a frame."""
    paper, application = _paper(request, pk)
    may_reprint = request.viewer.may(DOCUMENT, Access.EDIT)
    context = {"paper": paper, "name": bare_name(paper), "application": application, "may_reprint": may_reprint}
    return render(request, "subsidies/document_preview.html", context)


def _paper(request: Request, pk: int) -> tuple[DocumentIssue, Application]:
    paper = get_object_or_404(papers_visible_to(request.viewer), pk=pk)
    return paper, application_for(request, int(paper.subject_id))


def document_page(request: Request, pk: int) -> HttpResponse:
    """The paper as HTML, for the frame: style sheets of our own, no script. A look at 庁内限り is written down."""
    paper, application = _paper(request, pk)
    if paper.internal:
        look_at_internal(application, request.viewer, paper.title)
    return HttpResponse(render_html(paper.kind, paper.snapshot, mark_of(paper)))


def document_pdf(request: Request, pk: int) -> HttpResponse:
    """The PDF as it was issued, shown in the browser under its Japanese name."""
    paper, _ = _paper(request, pk)
    try:
        data = open_pdf(paper, request.viewer)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect("subsidies:document_preview", pk)
    return pdf_answer(data, paper.title)


@require_POST
def document_reprint(request: Request, pk: int) -> HttpResponse:
    """One more copy, marked 再発行 and counted."""
    paper, _ = _paper(request, pk)
    require(request.viewer, DOCUMENT, Access.EDIT)
    return pdf_answer(reprint(paper, request.viewer), f"{paper.title}（再発行）")


def paper_preview(request: Request, pk: int, kind: str) -> HttpResponse:
    """A paper as it would be issued now, marked 案, as a page for the frame."""
    data = _draft(request, pk, kind)
    return HttpResponse(render_html(kind, data, _mark(kind)))


def paper_preview_pdf(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same as PDF."""
    data = _draft(request, pk, kind)
    return pdf_answer(render_pdf(kind, data, mark=_mark(kind)), f"（案）{data['head']['title']}")


def _draft(request: Request, pk: int, kind: str) -> dict[str, Any]:
    application, viewer = application_for(request, pk), request.viewer
    if kind not in PAPERS:
        raise Http404
    if is_internal(kind):
        if not viewer.sees_internal:
            raise Http404
        require(viewer, DOCUMENT)
        look_at_internal(application, viewer, f"{kind}の案")
    elif not viewer.may(DRAFT) or (viewer.is_municipal and not viewer.has(Duty.MP, Duty.MA)):
        raise PermissionDenied(f"「{DRAFT.title}」を見る役割ではありません。")
    try:
        return draft_of(kind, application)
    except UnknownKind as unknown:
        raise Http404 from unknown


def _mark(kind: str) -> Mark:
    return Mark.DRAFT | Mark.INTERNAL if is_internal(kind) else Mark.DRAFT


urls = [
    path("applications/<int:pk>/documents/", document_list, name="document_list"),
    path("applications/<int:pk>/documents/export/", document_export, name="document_export"),
    path("applications/<int:pk>/preview/<slug:kind>/", paper_preview, name="paper_preview"),
    path("applications/<int:pk>/preview/<slug:kind>.pdf", paper_preview_pdf, name="paper_preview_pdf"),
    path("documents/<int:pk>/", document_preview, name="document_preview"),
    path("documents/<int:pk>/page/", document_page, name="document_page"),
    path("documents/<int:pk>/pdf/", document_pdf, name="document_pdf"),
    path("documents/<int:pk>/reprint/", document_reprint, name="document_reprint"),
]
