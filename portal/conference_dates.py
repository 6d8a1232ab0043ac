"""The coming days of conferences and forward plans: meetings, opinions on minutes, open points, the yearly review."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from regions.duties import CONFERENCE, FORWARD_PLAN
from regions.models import ConferenceMeeting, ForwardPlan, OpenPoint

from .deadlines import SHOWN, Deadline, lasting

S = ConferenceMeeting.State


@lasting
def meetings_ahead(viewer: Viewer) -> Iterable[Deadline]:
    """Meetings of the own conference, and until when its members say something about the minutes."""
    if not (viewer.may(CONFERENCE) and (viewer.is_bureau or viewer.is_municipal)):
        return
    today = clock.today()
    for meeting in ConferenceMeeting.objects.visible_to(viewer).of_viewer(viewer).due_from(today)[:SHOWN]:
        url = reverse("regions:meeting_detail", args=[meeting.pk])
        if meeting.state == S.SCHEDULED:
            yield Deadline(meeting.planned_on, f"{meeting.title} 開催", url)
        elif meeting.comment_by is not None:
            yield Deadline(meeting.comment_by, f"{meeting.title} 議事録案への意見の期限", url)


@lasting
def points_due(viewer: Viewer) -> Iterable[Deadline]:
    """Until when the open points of the own conference are to be answered."""
    if not (viewer.is_bureau and viewer.may(CONFERENCE)):
        return
    rows = OpenPoint.objects.still_open().filter(bureau=viewer.office.code, due_on__gte=clock.today())
    for point in rows.order_by("due_on")[:SHOWN]:
        url = reverse("regions:meeting_detail", args=[point.raised_at_id])
        yield Deadline(point.due_on, f"継続する論点{point.number}（{point.owner or '担当なし'}）", url)


@lasting
def review_due(viewer: Viewer) -> Iterable[Deadline]:
    """The yearly review of the own plan, as long as this fiscal year has none."""
    if not (viewer.is_bureau and viewer.may(FORWARD_PLAN)):
        return
    year = FiscalYear.of(clock.today())
    plans = ForwardPlan.objects.filter(bureau=viewer.office.code, state=ForwardPlan.State.ADOPTED)
    for plan in plans.exclude(reviews__fiscal_year=int(year)).exclude(adopted_on__gte=year.first_day):
        yield Deadline(year.last_day, "前進プランの年次の点検", reverse("regions:plan_review", args=[plan.pk]))
