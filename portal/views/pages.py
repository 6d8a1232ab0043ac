"""The start page and the worklist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Absence
from common import audit, clock, notices
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from common.work import WorkItem
from regions.duties import AGREEMENT
from subsidies.worklist import done_lately, waiting_on_others

from ..deadlines import deadlines_for
from ..exports import work_columns
from ..field_work import parts_of
from ..records import groups_for
from ..worklist import items_for

ON_START_PAGE = 8
PER_PAGE = 20
NOTICES = 5

FILTERS: dict[str, tuple[str, Callable[[WorkItem], bool]]] = {
    "": ("すべて", lambda item: True),
    "late": ("期限超過", lambda item: item.late),
    "soon": ("3日以内", lambda item: item.soon),
    "judge": ("要判断あり", lambda item: bool(item.judge)),
    "old": ("旧年度", lambda item: item.old_year),
}


@dataclass(frozen=True)
class FilterLink:
    """One filter above a list, with how many rows it leaves."""

    label: str
    url: str
    current: bool
    count: int


def home(request: Request) -> HttpResponse:
    """What waits, until when, and what is new: the first thing a person sees in the morning."""
    position = audit.position()
    mine = items_for(request.viewer, position)
    context = _shown(request, mine, position) | {"rows": mine[:ON_START_PAGE], "parts": parts_of(request.viewer, mine)}
    context["deputies"] = [one for one in request.viewers if one.deputy_for and one.post_key != request.viewer.post_key]
    context["back_from"] = _back_from(request)
    page = render(request, "portal/home.html", context)
    if unread := [notice for notice in context["notices"] if not notice.read]:
        notices.mark_read(request.viewer, unread)
    return page


def records(request: Request) -> HttpResponse:
    """年度と記録: the way to the year's turn, payments, registers and what is kept."""
    return render(request, "portal/records.html", {"groups": groups_for(request.viewer)})


def worklist(request: Request) -> HttpResponse:
    """Everything that waits for this post, filtered and page by page."""
    position = audit.position()
    mine = items_for(request.viewer, position)
    wanted = request.GET.get("show", "")
    kinds = {item.kind: item.kind for item in mine if item.kind}
    page = _page(_narrowed(mine, wanted), request.GET)
    links = [
        FilterLink(label, f"?show={key}" if key else "?", wanted == key, sum(map(test, mine)))
        for key, (label, test) in FILTERS.items()
        if key != "old" or any(map(test, mine))
    ]
    links += [
        FilterLink(kind, "?" + _query(kind), wanted == kind, sum(item.kind == kind for item in mine)) for kind in kinds
    ]
    context = _shown(request, mine, position) | {"rows": page.object_list, "page_obj": page, "filters": links}
    return render(request, "portal/worklist.html", context)


def worklist_export(request: Request) -> HttpResponseBase:
    """What waits for this post, narrowed as the page, written out."""
    rows = _narrowed(items_for(request.viewer), request.GET.get("show", ""))
    trail = [("未処理一覧", reverse("portal:worklist"))]
    return export_page(request, Export("未処理一覧", work_columns(request.viewer), rows, trail))


def _narrowed(items: list[WorkItem], wanted: str) -> list[WorkItem]:
    """The items under a filter, or of a kind."""
    test = FILTERS[wanted][1] if wanted in FILTERS else lambda item: item.kind == wanted
    return [item for item in items if test(item)]


def _shown(request: Request, mine: list[WorkItem], position: int) -> dict[str, Any]:
    """Return what the start page and the worklist share."""
    asked = request.viewer.is_municipal and request.viewer.may(AGREEMENT, Access.SUBMIT)
    consents = sum((item.kind, item.label) == ("協定", "要同意") for item in mine) if asked else 0
    request.counts = {"work": len(mine), "agreements": consents}
    return {
        "now": clock.now(),
        "mine": len(mine),
        "late": sum(item.late for item in mine),
        "soon": sum(item.soon for item in mine),
        "old_year": sum(item.old_year for item in mine),
        "first": mine[0] if mine else None,
        "waiting": waiting_on_others(request.viewer),
        "done": done_lately(request.viewer),
        "deadlines": deadlines_for(request.viewer, position),
        "notices": list(notices.for_viewer(request.viewer)[:NOTICES]),
    }


def _back_from(request: Request) -> list[Absence]:
    """Absences of this person that are over and whose deputy's work she has not looked at."""
    if request.viewer.deputy_for is not None:
        return []
    return list(Absence.objects.to_read(request.viewer.user_id, clock.today()).select_related("deputy")[:1])


def _page(rows: Sequence[WorkItem], query: QueryDict) -> Page:
    return Paginator(rows, PER_PAGE).get_page(query.get("page"))


def _query(kind: str) -> str:
    query = QueryDict(mutable=True)
    query["show"] = kind
    return query.urlencode()
