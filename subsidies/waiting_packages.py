"""Disclosures that wait: for a decider of headquarters who did not prepare them. No errand of a single case."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localdate

from common import clock
from common.reminders import kinds
from common.viewer import Access, Viewer
from common.work import WorkItem

from .duties import DISCLOSURE
from .models import Package


def disclosures_waiting(viewer: Viewer) -> list[WorkItem]:
    """Return the disclosures this decider may approve, the oldest first; one query for a decider, none for others."""
    if not (viewer.is_prefecture and viewer.may(DISCLOSURE, Access.SUBMIT)):
        return []
    rows = Package.objects.visible_to(viewer).filter(state=Package.State.ASKED).annotate(many=Count("applications"))
    return [_item(row) for row in rows.order_by("asked_at") if not viewer.stands_for(row.asked_by_id)]


def _item(row: Any) -> WorkItem:
    asked_on = localdate(row.asked_at)
    due = kinds()["disclosure"].due_from(asked_on)
    late = due < clock.today()
    return WorkItem(
        pk=row.pk,
        due=due,
        label="期限超過" if late else "要承認",
        shape="late" if late else "ours",
        title="情報公開用の書き出し",
        subtitle=f"{row.many}件の申請　{row.asked_who}",
        url=reverse("subsidies:disclosure_detail", args=[row.pk]),
        waiting_days=max(0, (clock.today() - asked_on).days),
        kind="情報公開",
    )
