"""担当の取組: the initiatives given to a field officer, and what is asked of her for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from common.viewer import Duty, Viewer
from common.work import WorkItem
from regions.models import VisionProject
from subsidies.models import Application, ApplicationProject
from subsidies.state_badges import Badge, badge


@dataclass(frozen=True)
class Part:
    """One initiative in one application; `asks` are (what is asked of her, address), empty while nothing is."""

    name: str
    region: str
    number: str
    badge: Badge
    url: str
    asks: list[tuple[str, str]]


def parts_of(viewer: Viewer, waiting: Iterable[WorkItem]) -> list[Part]:
    """Return the initiatives given to this field officer, the newest application first; nothing for other duties.

    `waiting` is her work list: figures that are owed stand there by region.
    """
    if not viewer.has(Duty.MF) or viewer.user_id is None:
        return []
    owed = {item.url for item in waiting if item.kind == "KPI"}
    given = ApplicationProject.objects.filter(
        assignees=viewer.works_as, application__in=Application.objects.visible_to(viewer)
    ).select_related("project", "application__region", "application__call__ruleset")
    rows = list(given.order_by("-application__fiscal_year", "-application", "order"))
    visions = asked_in_visions({row.project_id for row in rows})
    parts = []
    for row in rows:
        case = row.application
        writes = reverse("subsidies:draft_item", args=[case.pk])
        kpis = reverse("regions:kpi_list", args=[case.region_id])
        asks = [("内容・経費・KPIを書く", writes)] if case.editable else []
        asks += [("KPIの実績を入力する", kpis)] if kpis in owed else []
        asks += [("ビジョンの記載を書く", visions[row.project_id])] if row.project_id in visions else []
        url = reverse("subsidies:application_detail", args=[case.pk])
        parts.append(Part(row.project.name, case.region.name, case.number, badge(case, viewer), url, asks))
    return parts


def asked_in_visions(projects: set[int]) -> dict[int, str]:
    """Return initiative → the page on which its words in the newest open version are written; one query."""
    rows = VisionProject.objects.filter(project__in=projects, vision__equivalent_zone=None).select_related("vision")
    found: dict[int, str] = {}
    for row in rows.order_by("-vision__version"):
        if row.vision.is_open:
            found.setdefault(row.project_id, reverse("regions:vision_own_item", args=[row.vision_id, row.pk]))
    return found
