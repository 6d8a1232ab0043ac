"""Disposal lists that wait: for the decision, or given back to those who prepare them."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from common import clock
from common.viewer import Access, Viewer
from common.work import WorkItem

from ..duties import RETENTION
from ..models import DisposalList


def lists_waiting(viewer: Viewer) -> list[WorkItem]:
    """Lists this person may decide (none she prepared), and for staff those that came back or wait to be erased."""
    decides = viewer.is_prefecture and viewer.may(RETENTION, Access.SUBMIT)
    prepares = viewer.is_prefecture and viewer.may(RETENTION, Access.EDIT)
    if not (decides or prepares):
        return []
    wanted = Q(state=DisposalList.State.PROPOSED) if decides else Q(pk=None)
    if prepares:
        wanted |= Q(state=DisposalList.State.DRAFT) & ~Q(sent_back_because="")
        wanted |= Q(state=DisposalList.State.DECIDED) & ~Q(decided_by=viewer.user_id)
    rows = DisposalList.objects.visible_to(viewer).filter(wanted)
    if decides:
        rows = rows.exclude(Q(state=DisposalList.State.PROPOSED) & Q(writers=viewer.user_id))
    return [_item(row) for row in rows.order_by("pk")]


LABELS = {"proposed": "要決裁", "draft": "差戻し", "decided": "要消去"}


def _item(row: DisposalList) -> WorkItem:
    decided = row.decided_at if row.state == DisposalList.State.DECIDED else None
    since = decided or row.proposed_at or row.created_at
    return WorkItem(
        pk=row.pk,
        due=None,
        label=LABELS[row.state],
        shape="ours",
        title=str(row),
        subtitle="決定した廃棄・移管の実施" if decided else "保存期間が終わったものの廃棄・移管",
        url=reverse("portal:disposal_detail", args=[row.pk]),
        waiting_days=max(0, (clock.now() - since).days),
        kind="廃棄",
    )
