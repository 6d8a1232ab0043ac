"""What waits for this person: one line per application, the nearest due date first, in few queries.

`portal` puts these lines beside those of the other rooms on the start page and in 未処理一覧.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from common import audit, clock
from common.viewer import Viewer
from common.work import WorkItem, by_due

from .application_list import due_of
from .duties import NOTE
from .models import Application
from .rulesets import decided_by_hq, traits
from .state_badges import LATE, OURS, THEM, badge
from .states import BEFORE_SUBMISSION, UNDER_REVIEW, State
from .support_years import support_numbers
from .waiting import REVIEW_PAGE, TOWN_PAGE, errands_of

RECENT = timedelta(days=7)
MANY = 300  # rows that are read at most to find the nearest due dates of what waits for others
DONE_WORDS = {
    "application.receive": "受付",
    "application.return": "差戻し",
    "application.forward": "進達",
    "application.hand_back": "審査差戻し",
    "application.select": "内定",
    "application.not_select": "不採択",
    "application.draft_decision": "起案",
    "application.send_back": "決裁差戻し",
    "application.grant": "交付決定",
    "application.refuse": "不交付決定",
    "application.concur": "合議",
    "application.object": "合議（異議）",
    "application.submit": "提出",
    "application.resubmit": "再提出",
    "application.revoke": "取消し",
    "application.revoke_part": "一部取消し",
    "application.order_return": "返還命令",
    "application.order_part_return": "返還命令",
    "application.reopen": "再確定",
    "application.close_consultation": "事前協議",
}


@dataclass(frozen=True)
class DoneItem:
    """Something this person's office did lately."""

    on: date
    label: str
    title: str
    url: str
    amount_yen: int
    who: str


def items_for(viewer: Viewer) -> list[WorkItem]:
    """Return what waits for this person, by due date (none last), then by how long it has waited."""
    rulesets = traits()
    by_hq = decided_by_hq(rulesets)
    errands = {errand.code: errand for errand in errands_of(viewer, by_hq)}
    rows = _rows(Application.objects.visible_to(viewer).waiting_for(viewer, by_hq))
    years = support_numbers(rows, rulesets)
    items = [
        _item(row, viewer, errands[row.errand].label, OURS, reverse(errands[row.errand].page, args=[row.pk]), years)
        for row in rows
    ]
    return sorted(items, key=by_due)


def count_for(viewer: Viewer) -> int:
    """Return how many applications wait for this person, as the menu shows it."""
    return Application.objects.visible_to(viewer).waiting_for(viewer, decided_by_hq()).count()


def waiting_on_others(viewer: Viewer, most: int = 20) -> list[WorkItem]:
    """Return this office's own applications that wait for somebody else, by due date; the longest waiting of many."""
    rulesets = traits()
    by_hq = decided_by_hq(rulesets)
    rows = Application.objects.visible_to(viewer).filter(state__in=(*BEFORE_SUBMISSION, *UNDER_REVIEW, State.RETURNED))
    if viewer.is_municipal:
        rows = rows.filter(parts__municipality=viewer.office.code)
    elif viewer.is_bureau:
        rows = rows.filter(lead_bureau=viewer.office.code)
    else:
        rows = rows.filter(state__in=(State.HQ_REVIEW, State.APPROVAL, State.RETURNED))
    mine = {row.pk for row in Application.objects.visible_to(viewer).waiting_for(viewer, by_hq).only("pk")}
    others = [row for row in _rows(rows.with_own_consent(viewer).order_by("state_since")[:MANY]) if row.pk not in mine]
    years = support_numbers(others, rulesets)
    page = case_page(viewer)
    items = []
    for row in others:
        said = badge(row, viewer, authority=rulesets[row.call.ruleset_id].authority)
        if said.shape in (THEM, LATE):
            items.append(_item(row, viewer, said.label, said.shape, reverse(page, args=[row.pk]), years))
    return sorted(items, key=by_due)[:most]


def done_lately(viewer: Viewer, most: int = 20) -> list[DoneItem]:
    """Return what this office did with applications in the last week, newest first, from the audit events."""
    events = audit.of_office(
        viewer.office.key,
        "subsidies.application",
        list(DONE_WORDS),
        clock.now() - RECENT,
        internal=viewer.sees_internal,
    )[:most]
    pks = {int(event.subject_id) for event in events}
    rows = {row.pk: row for row in Application.objects.visible_to(viewer).filter(pk__in=pks).select_related("region")}
    page = case_page(viewer)
    return [
        DoneItem(
            on=timezone.localdate(event.at),
            label=DONE_WORDS[event.action],
            title=row.region.name,
            url=reverse(page, args=[row.pk]),
            amount_yen=row.requested_yen,
            who=event.who.removeprefix(viewer.office.name).strip(),
        )
        for event in events
        if (row := rows.get(int(event.subject_id))) is not None
    ]


@dataclass(frozen=True)
class Place:
    """Where a case stands in this person's queue: its line from 1 (None when it is not in it), and what comes next."""

    line: int | None
    total: int
    next_url: str


def case_page(viewer: Viewer) -> str:
    """The page (URL name) on which this person reads a case: reviewers the review, all others the application."""
    return REVIEW_PAGE if viewer.may(NOTE) else TOWN_PAGE


def place_of(application_id: int, viewer: Viewer) -> Place:
    """Return the place of an application in the queue, in the order of `items_for`. One query."""
    by_hq = decided_by_hq()
    rows = Application.objects.visible_to(viewer).waiting_for(viewer, by_hq).select_related("call")
    queue: list[Any] = sorted(
        rows.only("due_on", "state", "state_since", "call__closes_on", "call__decision_expected_on"), key=_row_by_due
    )
    index = next((number for number, row in enumerate(queue) if row.pk == application_id), None)
    following = [*queue[index + 1 :], *queue[:index]] if index is not None else queue
    errands = {errand.code: errand for errand in errands_of(viewer, by_hq)}
    url = reverse(errands[following[0].errand].page, args=[following[0].pk]) if following else ""
    return Place(None if index is None else index + 1, len(queue), url)


def _rows(applications: QuerySet[Application]) -> list[Any]:
    """The rows with how often they were returned, without their long texts."""
    rows = applications.select_related("call__program", "region").annotate(round_count=Count("rounds", distinct=True))
    return list(rows.defer("purpose", "plan", "self_running_plan", "cost_sharing_note"))


def _item(row: Any, viewer: Viewer, label: str, shape: str, url: str, years: dict[int, int]) -> WorkItem:
    due = due_of(row)
    late = due is not None and due < clock.today()
    counts = viewer.sees_internal and row.evaluation_id is not None
    return WorkItem(
        pk=row.pk,
        due=due,
        label="期限超過" if late and shape == OURS else label,
        shape=LATE if late and shape == OURS else shape,
        title=row.region.name,
        subtitle=subtitle(row, years.get(row.pk), row.round_count),
        url=url,
        program=row.call.program.short_name,
        fiscal_year=row.fiscal_year,
        amount_yen=row.requested_yen,
        waiting_days=_days_since(row),
        ng=row.fail_count if counts else None,
        judge=row.judge_count if counts else None,
    )


def subtitle(application: Application, year: int | None, rounds: int) -> str:
    """交付申請（4年目、補正2回目）."""
    notes = [note for note in (f"{year}年目" if year else "", f"補正{rounds}回目" if rounds else "") if note]
    return application.get_phase_display() + (f"（{'、'.join(notes)}）" if notes else "")


def _row_by_due(row: Any) -> tuple[date, int, int]:
    return due_of(row) or date.max, -_days_since(row), row.pk


def _days_since(row: Any) -> int:
    return (clock.today() - timezone.localdate(row.state_since)).days
