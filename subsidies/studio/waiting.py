"""What waits in the studio: proposals that a decider of headquarters publishes or gives back."""

from __future__ import annotations

from django.urls import reverse

from common import audit, clock
from common.viewer import Access, Viewer
from common.work import WorkItem

from ..duties import PROGRAM
from ..models import RuleSetVersion


def proposals_waiting(viewer: Viewer) -> list[WorkItem]:
    """The proposals this decider may publish: those in which she has not written herself, two queries at least."""
    if not (viewer.is_prefecture and viewer.may(PROGRAM, Access.SUBMIT)):
        return []
    rows = RuleSetVersion.objects.filter(
        state=RuleSetVersion.State.PROPOSED, program__prefecture=viewer.office.code
    ).exclude(writers=viewer.user_id)
    return [_item(row) for row in rows.select_related("program").order_by("pk")]


def _item(row: RuleSetVersion) -> WorkItem:
    proposed = audit.timeline(row, internal=True).filter(action="ruleset.propose").order_by("-id").first()
    return WorkItem(
        pk=row.pk,
        due=None,
        label="要決裁",
        shape="ours",
        title=row.program.name,
        subtitle=f"ルール 第{row.version}版の公開",
        url=reverse("subsidies:studio_detail", args=[row.pk]),
        waiting_days=max(0, (clock.now() - proposed.at).days) if proposed else 0,
        program=row.program.short_name,
        kind="制度",
    )
