"""The annual report (D-28): chapter by chapter as it stands, as a draft paper and workbook, and as it was issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.access import needs, require
from common.documents import DocumentError, mark_of, open_pdf, pdf_answer, reprint, unissued
from common.documents.issuing import draw_later as draw_issued_later
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.models import DocumentIssue
from common.request import Request
from common.sheets.exporting import Export, download, export_page
from common.sheets.writing import Column
from common.viewer import Access, Viewer

from ..annual.book import annual_book
from ..annual.publishing import issue_report, issued_reports, may_make
from ..annual.report import CHAPTERS, KIND, TITLE, annual_report, chapter_of, ground_of, years_to_tell
from ..duties import ANNUAL

NOT_ISSUED = "発行前の年次報告書は、本庁の担当者・決裁者と監査だけが見られます。"


@dataclass(frozen=True)
class YearLine:
    """One fiscal year of the list: what was issued of it, the newest first."""

    year: FiscalYear
    issued: list[DocumentIssue]

    @property
    def standing(self) -> DocumentIssue | None:
        """The one that holds: issued and not replaced."""
        return next((row for row in self.issued if row.superseded_by_id is None), None)


@needs(ANNUAL)
def annual_list(request: Request) -> HttpResponse:
    """The fiscal years: whoever makes the report sees all, others those that were issued."""
    context = {"lines": _lines(request.viewer), "makes": may_make(request.viewer)}
    return render(request, "portal/annual_list.html", context)


@needs(ANNUAL)
def annual_export(request: Request) -> HttpResponseBase:
    """The issued reports, written out as a list."""
    columns: list[Column[Any]] = [
        Column("年度（西暦）", lambda row: int(row.subject_id), 12),
        Column("年度", lambda row: FiscalYear(int(row.subject_id)).wareki, 12),
        Column("題名", lambda row: row.title, 40),
        Column("番号", lambda row: row.number.text if row.number else None, 20),
        Column("発行日", lambda row: row.issued_on, 12),
        Column("ページ（枚）", lambda row: row.pages, 12),
        Column("再発行（回）", lambda row: row.reprints, 12),
        Column("差替済", lambda row: row.superseded_by_id is not None, 10),
    ]
    rows = issued_reports(request.viewer).order_by("-issued_at", "-pk")
    trail = [("年次報告書", reverse("portal:annual_list"))]
    return export_page(request, Export("年次報告書の一覧", columns, rows, trail))


@needs(ANNUAL)
def annual_detail(request: Request, year: int) -> HttpResponse:
    """One year: its chapters, what was issued, what may be done."""
    fiscal_year = _year(request, year)
    context = {
        "year": fiscal_year,
        "title": TITLE,
        "chapters": [(key, name) for key, (name, _) in CHAPTERS.items()],
        "issued": list(issued_reports(request.viewer).filter(subject_id=str(year)).order_by("-issued_at", "-pk")),
        "may_issue": request.viewer.may(ANNUAL, Access.SUBMIT),
    }
    return render(request, "portal/annual_detail.html", context)


@needs(ANNUAL)
def annual_chapter(request: Request, year: int, key: str) -> HttpResponse:
    """One chapter as it stands today."""
    fiscal_year = _year(request, year)
    if key not in CHAPTERS:
        raise Http404
    ground = ground_of(fiscal_year, request.viewer)
    context = {
        "year": fiscal_year,
        "title": TITLE,
        "on": ground.on,
        "chapter": chapter_of(key, ground),
        "links": [
            _link(name, reverse("portal:annual_chapter", args=[year, one]), current=one == key)
            for one, (name, _) in CHAPTERS.items()
        ],
        "years": [
            _link(one.short, reverse("portal:annual_chapter", args=[int(one), key]), current=one == fiscal_year)
            for one in reversed(_years())
        ],
    }
    return render(request, "portal/annual_chapter.html", context)


@needs(ANNUAL)
def annual_draft_pdf(request: Request, year: int) -> HttpResponse:
    """The paper as it would be issued now, marked 案; drawn by the worker."""
    fiscal_year = _year(request, year)
    report = annual_report(fiscal_year, request.viewer)
    data = unissued.kept(KIND, report, draft=True)
    if data is None:
        address = reverse("portal:annual_draft_pdf", args=[year])
        said = f"{fiscal_year.wareki}の年次報告書の案を描いています。"
        task = unissued.draw_later(KIND, report, address, request.viewer, said=said, draft=True)
        return redirect("portal:task_detail", task.pk)
    return pdf_answer(data, f"（案）{report['head']['title']}")


@needs(ANNUAL)
def annual_draft_book(request: Request, year: int) -> FileResponse:
    """Every table of the report as it stands, one sheet each."""
    fiscal_year = _year(request, year)
    report = annual_report(fiscal_year, request.viewer)
    return _book(request, report, f"（案）{report['head']['title']}")


@require_POST
@needs(ANNUAL, Access.SUBMIT)
def annual_issue(request: Request, year: int) -> HttpResponse:
    """Issue the report of the year."""
    _year(request, year)
    try:
        document = issue_report(FiscalYear(year), request.viewer)
    except (Refused, PermissionDenied) as refused:
        messages.error(request, str(refused))
        return redirect("portal:annual_detail", year)
    messages.success(request, f"{document.title}を発行しました。PDFは数十秒でできます。")
    return redirect("portal:annual_paper", document.pk)


@needs(ANNUAL)
def annual_paper(request: Request, pk: int) -> HttpResponse:
    """An issued report, chapter by chapter (`?chapter=money`), as it was frozen."""
    paper = _paper(request, pk)
    chapters = {one["key"]: one for one in paper.snapshot["chapters"]}
    key = request.GET.get("chapter") or next(iter(chapters))
    if key not in chapters:
        raise Http404
    address = reverse("portal:annual_paper", args=[pk])
    context = {
        "paper": paper,
        "year": FiscalYear(int(paper.subject_id)),
        "title": TITLE,
        "mark": mark_of(paper),
        "chapter": chapters[key],
        "links": [
            _link(one["title"], f"{address}?chapter={name}", current=name == key) for name, one in chapters.items()
        ],
        "may_reprint": request.viewer.may(ANNUAL, Access.SUBMIT),
    }
    return render(request, "portal/annual_paper.html", context)


@needs(ANNUAL)
def annual_paper_pdf(request: Request, pk: int) -> HttpResponse:
    """The PDF as it was issued; while it is not drawn yet, the way to where its drawing can be followed."""
    paper = _paper(request, pk)
    if not paper.pdf:
        address = reverse("portal:annual_paper_pdf", args=[pk])
        return redirect("portal:task_detail", draw_issued_later(paper, request.viewer, address).pk)
    try:
        return pdf_answer(open_pdf(paper, request.viewer), paper.title)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect("portal:annual_paper", pk)


@needs(ANNUAL)
def annual_paper_book(request: Request, pk: int) -> FileResponse:
    """The tables of an issued report as a workbook."""
    paper = _paper(request, pk)
    return _book(request, paper.snapshot, paper.title)


@require_POST
@needs(ANNUAL, Access.SUBMIT)
def annual_paper_reprint(request: Request, pk: int) -> HttpResponse:
    """One more copy, marked 再発行 and counted."""
    paper = _paper(request, pk)
    return pdf_answer(reprint(paper, request.viewer), f"{paper.title}（再発行）")


def _lines(viewer: Viewer) -> list[YearLine]:
    issued: dict[int, list[DocumentIssue]] = {}
    for row in issued_reports(viewer).order_by("-issued_at", "-pk"):
        issued.setdefault(int(row.subject_id), []).append(row)
    if may_make(viewer):
        return [YearLine(year, issued.get(int(year), [])) for year in _years()]
    return [YearLine(FiscalYear(year), rows) for year, rows in sorted(issued.items(), reverse=True)]


def _years() -> list[FiscalYear]:
    return years_to_tell(settings.PREFECTURE_CODE, FiscalYear.of(clock.today()))


def _year(request: Request, year: int) -> FiscalYear:
    """The year of the address for whoever makes the report; 404 for a year without one."""
    if not may_make(request.viewer):
        raise PermissionDenied(NOT_ISSUED)
    if year not in _years():
        raise Http404
    return FiscalYear(year)


def _paper(request: Request, pk: int) -> DocumentIssue:
    paper: DocumentIssue = get_object_or_404(issued_reports(request.viewer), pk=pk)
    require(request.viewer, ANNUAL)
    return paper


def _link(label: str, url: str, *, current: bool) -> dict[str, Any]:
    """A line of components/filters.html."""
    return {"label": label, "url": url, "current": current, "count": None}


def _book(request: Request, report: dict[str, Any], title: str) -> FileResponse:
    audit.record(request.viewer, "list.export", ("list", TITLE), f"{title}を表計算ファイルで書き出し")
    return download(title, annual_book(report))


urls = [
    path("annual/", annual_list, name="annual_list"),
    path("annual/export/", annual_export, name="annual_export"),
    path("annual/<int:year>/", annual_detail, name="annual_detail"),
    path("annual/<int:year>/draft.pdf", annual_draft_pdf, name="annual_draft_pdf"),
    path("annual/<int:year>/draft.xlsx", annual_draft_book, name="annual_draft_book"),
    path("annual/<int:year>/issue/", annual_issue, name="annual_issue"),
    path("annual/<int:year>/<slug:key>/", annual_chapter, name="annual_chapter"),
    path("annual/issued/<int:pk>/", annual_paper, name="annual_paper"),
    path("annual/issued/<int:pk>/pdf/", annual_paper_pdf, name="annual_paper_pdf"),
    path("annual/issued/<int:pk>/tables.xlsx", annual_paper_book, name="annual_paper_book"),
    path("annual/issued/<int:pk>/reprint/", annual_paper_reprint, name="annual_paper_reprint"),
]
