"""Findings on the page of a granted application, for offices only."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.viewer import Viewer

from ..duties import FINDING
from ..models import Application
from ..services.findings import may_conclude
from .registry import Place, Topic, topics


@topics(Place.FINDINGS)
def findings_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """所見（庁内限り）: how many wait for a conclusion."""
    if viewer.may(FINDING):
        waiting = application.findings.filter(conclusion="", gone_at=None).count()
        standing = f"結論を待つ所見 {waiting}件" if waiting else "決定の後に変わった要件はありません"
        due = bool(waiting) and may_conclude(application, viewer)
        yield Topic("所見（庁内限り）", reverse("subsidies:case_findings", args=[application.pk]), standing, due=due)
