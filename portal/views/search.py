"""The one box at the top: the page of answers, the answers while somebody types, and the list written out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from common.request import Request
from common.sheets.exporting import Export, export_page

from ..exports import search_columns
from ..search import KINDS, SHOWN, every_hit, perhaps_meant, search_for, suggestions


def search(request: Request) -> HttpResponse:
    """Everything by name, number, word or amount, as far as this person may know it; `kind` turns over one kind."""
    text = request.GET.get("q", "").strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    asked = request.GET.get("page", "1")
    page = max(1, int(asked)) if kind and asked.isdecimal() and len(asked) < 6 else 1
    groups = search_for(request.viewer, text, kind=kind, page=page)
    total = sum(group.total for group in groups)
    context = {
        "search_text": text,
        "groups": groups,
        "total": total,
        "capped": any(group.capped for group in groups),
        "kind": kind,
        "shown": SHOWN,
        "first": SHOWN * (page - 1) + 1,
        "before": page - 1,
        "after": page + 1 if kind and total > SHOWN * page else None,
        "perhaps": perhaps_meant(request.viewer, text) if text and not groups else [],
    }
    return render(request, "portal/search.html", context)


def search_answers(request: Request) -> HttpResponse:
    """The first answers under the box, while somebody types."""
    text = request.GET.get("q", "").strip()
    answers = suggestions(request.viewer, text) if len(text) > 1 else []
    return render(request, "portal/_answers.html", {"search_text": text, "answers": answers})


def search_export(request: Request) -> HttpResponseBase:
    """Everything that is found, not only the first of each kind, written out."""
    rows = list(every_hit(request.viewer, request.GET.get("q", "").strip()))
    return export_page(request, Export("検索結果", search_columns(), rows, [("検索", reverse("portal:search"))]))
