"""The initiatives a region can ask money for, with what its vision says of them."""

from __future__ import annotations

from dataclasses import dataclass

from common.viewer import Duty, Viewer
from regions.models import Field, Project, Vision

from .models import Application, ApplicationProject

GONE = ("ended", "merged")


@dataclass(frozen=True)
class Listed:
    """An initiative; `in_vision` whether the newest vision lists it, `asked` whether this application asks for it."""

    project: Project
    in_vision: bool
    asked: bool


def initiatives_of(application: Application) -> list[Listed]:
    """Those of the newest vision first, in its order, then the region's others; ended ones only where asked for."""
    vision = Vision.objects.filter(region=application.region_id).order_by("-version").first()
    order = dict(vision.items.values_list("project", "order")) if vision else {}
    asked = {item.project_id for item in application.items.all()}
    rows = Project.objects.filter(region=application.region_id).select_related("main_field", "secretariat")
    found = [
        Listed(project, project.pk in order, project.pk in asked)
        for project in rows.prefetch_related("fields")
        if project.state not in GONE or project.pk in asked
    ]
    last = len(order)
    return sorted(found, key=lambda one: (order.get(one.project.pk, last + 1), one.project.code))


def assigned_to(viewer: Viewer) -> set[int]:
    """The ids of the initiatives given to this field officer, in any application of her town that she may see."""
    if viewer.user_id is None or not viewer.has(Duty.MF):
        return set()
    items = ApplicationProject.objects.filter(
        assignees=viewer.user_id, application__in=Application.objects.visible_to(viewer)
    )
    return set(items.values_list("project", flat=True))


def fields_known() -> list[Field]:
    """Every policy field, in the order of the report."""
    return list(Field.objects.all())
