"""The initiatives a region can ask money for, with what its vision says of them, so that nobody types it again."""

from __future__ import annotations

from dataclasses import dataclass

from common import clock
from common.viewer import Duty, Viewer
from regions.models import Field, Project, Vision, VisionProject

from .models import Application, ApplicationProject

GONE = ("ended", "merged")


@dataclass(frozen=True)
class Proposal:
    """What the vision says of an initiative for the application's year: a first text, and the expected cost in yen
    (None where the vision gives none)."""

    text: str
    cost_yen: int | None


@dataclass(frozen=True)
class Listed:
    """An initiative; `in_vision` whether the region's vision lists it, `asked` whether this application asks for it.
    `asked_yen` is the sum of its cost lines here."""

    project: Project
    in_vision: bool
    asked: bool
    proposal: Proposal | None = None
    asked_yen: int = 0


def vision_of(application: Application) -> Vision | None:
    """The newest version adopted by today, as the rules read it (C-04); while none is, the newest being made."""
    rows = Vision.objects.filter(region=application.region_id)
    return rows.adopted(clock.today()).first() or rows.order_by("-version").first()


def initiatives_of(application: Application) -> list[Listed]:
    """Those of the vision first, in its order, then the region's others; ended ones only where asked for."""
    vision = vision_of(application)
    rows = vision.items.prefetch_related("costs", "parts__municipality") if vision else VisionProject.objects.none()
    items = {item.project_id: item for item in rows}
    place = {project: number for number, project in enumerate(items)}
    asked = {item.project_id for item in application.items.all()}
    spent: dict[int, int] = {}
    for line in application.costs.all():
        if line.project_id:
            spent[line.project_id] = spent.get(line.project_id, 0) + line.amount_yen
    projects = Project.objects.filter(region=application.region_id).select_related("main_field", "secretariat")
    found = [
        Listed(
            project,
            project.pk in items,
            project.pk in asked,
            _proposal(items[project.pk], project, application.fiscal_year) if project.pk in items else None,
            spent.get(project.pk, 0),
        )
        for project in projects.prefetch_related("fields", "participants")
        if project.state not in GONE or project.pk in asked
    ]
    return sorted(found, key=lambda one: (place.get(one.project.pk, len(place)), one.project.code))


def expected_of(application: Application) -> list[Listed]:
    """The initiatives asked for of which the vision expects a cost in this year, beside what is entered."""
    return [
        one for one in initiatives_of(application) if one.asked and one.proposal and one.proposal.cost_yen is not None
    ]


def _proposal(item: VisionProject, project: Project, year: int) -> Proposal:
    roles = [f"{part.municipality.name}：{part.role}" for part in item.parts.all()]
    said = "　".join(filter(None, [item.roles.strip(), *roles]))
    text = "\n".join(
        filter(None, [item.outline.strip() or project.outline.strip(), f"役割分担：{said}" if said else ""])
    )
    return Proposal(text, next((cost.amount_yen for cost in item.costs.all() if cost.fiscal_year == year), None))


def assigned_to(viewer: Viewer) -> set[int]:
    """The ids of the initiatives given to this field officer, in any application of her town that she may see."""
    if viewer.user_id is None or not viewer.has(Duty.MF):
        return set()
    items = ApplicationProject.objects.filter(
        assignees=viewer.works_as, application__in=Application.objects.visible_to(viewer)
    )
    return set(items.values_list("project", flat=True))


def fields_known() -> list[Field]:
    """Every policy field, in the order of the report."""
    return list(Field.objects.all())
