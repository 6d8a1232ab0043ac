"""監査: one case on one line of time, and the package that is taken away (D-32)."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import require
from common.request import Request
from common.sheets.exporting import Export, export_page

from ..audit_trail import Entry, entries_of, events_of
from ..duties import AUDIT, DISCLOSURE
from ..exports import trail_columns
from ..models import Application, Package
from ..services import packages
from ..services.reviews import look_at_internal
from ..state_badges import badge
from ..worklist import case_page
from .finding import application_for


def case_audit(request: Request, pk: int) -> HttpResponse:
    """The line of time, narrowed to words where some are given; the look itself is an event."""
    application = _case(request, pk)
    look_at_internal(application, request.viewer, "監査の画面")
    words = request.GET.get("q", "").strip()
    every = entries_of(application)
    made = application.packages.filter(kind=Package.Kind.AUDIT)
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "case_page": case_page(request.viewer),
        "words": words,
        "entries": _about(every, words),
        "total": len(every),
        "may_disclose": request.viewer.may(DISCLOSURE),
        "packages": made.order_by("-id")[:20],
        "last": events_of(application).last(),
    }
    return render(request, "subsidies/case_audit.html", context)


def _about(entries: list[Entry], words: str) -> list[Entry]:
    """Those in which the words stand; a figure is found with and without its commas."""
    if not words:
        return entries
    plain = words.replace(",", "").replace("，", "").casefold()
    return [entry for entry in entries if plain in _text(entry)]


def _text(entry: Entry) -> str:
    amount = "" if entry.amount_yen is None else str(entry.amount_yen)
    parts = (entry.title, entry.who, entry.detail, entry.number, amount, entry.digest)
    return "\n".join(parts).replace(",", "").casefold()


def case_audit_export(request: Request, pk: int) -> HttpResponseBase:
    """The line of time, written out."""
    application = _case(request, pk)
    trail = [
        ("申請・交付決定", reverse("subsidies:application_list")),
        (application.region.name, reverse(case_page(request.viewer), args=[pk])),
        ("監査", reverse("subsidies:case_audit", args=[pk])),
    ]
    rows = entries_of(application)
    return export_page(request, Export(f"監査_{application.number}"[:40], trail_columns(), rows, trail))


@require_POST
def package_make(request: Request, pk: int) -> HttpResponse:
    """監査パッケージの作成."""
    _case(request, pk)
    packages.ask_audit(application_id=pk, viewer=request.viewer)
    messages.success(request, "監査パッケージの作成を始めました。できあがると、この画面からダウンロードできます。")
    return redirect("subsidies:case_audit", pk)


def package_download(request: Request, pk: int, package: int) -> HttpResponseBase:
    """Take the package away; the download is written down."""
    application = _case(request, pk)
    known = application.packages.filter(kind=Package.Kind.AUDIT, state=Package.State.MADE)
    return taken_away(get_object_or_404(known, pk=package), request)


def taken_away(package: Package, request: Request) -> FileResponse:
    """The ZIP as a download that no cache keeps. Raises Http404 where the storage lost it."""
    try:
        content = packages.take(package, request.viewer)
    except FileNotFoundError as lost:
        raise Http404("ファイルが見つかりません。") from lost
    response = FileResponse(content, as_attachment=True, filename=package.name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, AUDIT)
    return application


urls = [
    path("applications/<int:pk>/audit/", case_audit, name="case_audit"),
    path("applications/<int:pk>/audit/export/", case_audit_export, name="case_audit_export"),
    path("applications/<int:pk>/audit/package/", package_make, name="package_make"),
    path("applications/<int:pk>/audit/package/<int:package>/", package_download, name="package_download"),
]
