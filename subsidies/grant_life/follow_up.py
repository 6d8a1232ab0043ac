"""What is asked after the support, on the page of the grant."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer

from ..duties import FOLLOW_UP
from ..models import Application, FollowUp
from ..states import State
from .registry import Place, Topic, topics


@topics(Place.FOLLOW_UP)
def follow_up_of(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """支援後の状況, from the closed file on."""
    if application.state != State.CLOSED or not viewer.may(FOLLOW_UP):
        return
    begun = Q(fiscal_year__lte=int(FiscalYear.of(clock.today())))
    rows = FollowUp.objects.visible_to(viewer).filter(application=application)
    counts = rows.aggregate(
        every=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        waiting=Count("pk", filter=begun & Q(answered_at=None)),
    )
    if not counts["every"]:
        return
    standing = f"回答済 {counts['answered']}件／{counts['every']}件"
    mine = viewer.is_municipal and application.lead_id == viewer.office.code and bool(counts["waiting"])
    if counts["waiting"]:
        standing += f"　回答待ち {counts['waiting']}件"
    yield Topic("支援後の状況", reverse("subsidies:application_follow_up", args=[application.pk]), standing, mine)
