"""Initiatives and their KPIs as a sheet brings them (I-09): many rows at once, in the caller's transaction.

What one row may not say is told by the checks of `regions.resources.kpi_plans` beforehand. One event for each region.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common import audit
from common.errors import Refused
from common.locks import locking
from common.viewer import Viewer

from ..models import Field, Kpi, Project, ProjectName, Region
from .kpis import KpiDraft, plan_problems, require_sheet_part, write_plan
from .sheets import BROUGHT_IN

Place = tuple[str, str]  # code of the region, code of the initiative
IN_USE = "取組「{name}」は{what}で使われているため、取り消せません。"


@dataclass(frozen=True)
class InitiativeRow:
    """What a sheet says of one initiative; `fields` are field codes, the main one first, None: not in the sheet."""

    name: str
    fields: tuple[str, ...]
    from_fy: int
    to_fy: int | None


def keep_plans(
    initiatives: Mapping[Place, InitiativeRow], kpis: Mapping[tuple[str, str, int], KpiDraft], *, viewer: Viewer
) -> None:
    """Write initiatives by region and code, and their KPIs by number. Raises PermissionDenied, Refused."""
    regions = _regions({region for region, _ in initiatives}, viewer)
    projects = _projects(initiatives)
    touched: dict[str, dict[str, list[int]]] = {code: {"projects": [], "kpis": []} for code in regions}
    for (code, number), row in initiatives.items():
        project = projects.get((code, number))
        if project is None:
            project = projects[code, number] = _new(regions[code], number, row)
        elif not _update(project, row):
            continue
        touched[code]["projects"].append(project.pk)
    known = {(kpi.project_id, kpi.number): kpi for kpi in Kpi.objects.filter(project__in=list(projects.values()))}
    for (code, place, kpi_number), draft in kpis.items():
        project = projects[code, place]
        if problems := plan_problems(draft):
            raise Refused(*(f"KPI「{draft.name}」：{text}" for text in problems))
        kpi = known.get((project.pk, kpi_number)) or Kpi(project=project, number=kpi_number)
        if write_plan(kpi, draft):
            touched[code]["kpis"].append(kpi.pk)
    _tell(touched, regions, "取組・KPIをExcelから取込", viewer)


def drop_plans(keys: Iterable[tuple[str, str, int | None]], *, viewer: Viewer) -> None:
    """Take KPIs out again, and initiatives that a sheet made and nothing else fills. Raises Refused where in use."""
    wanted = list(keys)
    regions = _regions({region for region, _, _ in wanted}, viewer)
    projects = _projects({(region, code) for region, code, _ in wanted})
    touched: dict[str, dict[str, list[int]]] = {code: {"projects": [], "kpis": []} for code in regions}
    for region, code, number in wanted:
        if number is None:
            continue
        kpi = projects[region, code].kpis.get(number=number)
        if kpi.actuals.exists():
            raise Refused(f"KPI「{kpi.name}」には実績が記録されているため、取り消せません。")
        touched[region]["kpis"].append(kpi.pk)
        kpi.delete()
    for (region, _), project in projects.items():
        if project.source != BROUGHT_IN or project.kpis.exists():
            continue
        if what := _use(project):
            raise Refused(IN_USE.format(name=project.name, what=what))
        touched[region]["projects"].append(project.pk)
        project.delete()
    _tell(touched, regions, "取組・KPIの取込を取消し", viewer)


def _regions(codes: Collection[str], viewer: Viewer) -> dict[str, Region]:
    found = locking(Region.objects).in_bulk(sorted(codes))
    require_sheet_part(viewer, list(found.values()))
    return found


def _projects(places: Collection[Place]) -> dict[Place, Project]:
    rows = Project.objects.select_related("region").filter(region__in={region for region, _ in places})
    return {(row.region_id, row.code): row for row in rows if (row.region_id, row.code) in places}


def _new(region: Region, code: str, row: InitiativeRow) -> Project:
    project = Project.objects.create(
        region=region,
        code=code,
        name=row.name,
        main_field_id=row.fields[0] if row.fields else None,
        from_fy=row.from_fy,
        to_fy=row.to_fy,
        source=BROUGHT_IN,
    )
    project.fields.set(Field.objects.filter(pk__in=row.fields))
    ProjectName.objects.create(project=project, name=row.name, from_fy=row.from_fy)
    return project


def _update(project: Project, row: InitiativeRow) -> bool:
    """Bring an initiative up to date; False where it stands so. From now on it is no longer the sheet's alone."""
    main = row.fields[0] if row.fields else None
    held = sorted(project.fields.values_list("pk", flat=True))
    same = (project.main_field_id, project.from_fy, project.to_fy) == (main, row.from_fy, row.to_fy)
    if same and held == sorted(row.fields):
        if project.source:
            Project.objects.filter(pk=project.pk).update(source="")
        return False
    project.main_field_id, project.from_fy, project.to_fy, project.source = main, row.from_fy, row.to_fy, ""
    project.save(update_fields=["main_field", "from_fy", "to_fy", "source"])
    project.fields.set(Field.objects.filter(pk__in=row.fields))
    return True


def _use(project: Project) -> str:
    """What refers to the initiative beside its names and fields, "" if nothing does."""
    relations: list[Any] = [one for one in Project._meta.related_objects if one.related_model is not ProjectName]
    for one in relations:
        if one.related_model._base_manager.filter(**{one.field.name: project}).exists():
            return str(one.related_model._meta.verbose_name)
    return ""


def _tell(
    touched: Mapping[str, Mapping[str, list[int]]], regions: Mapping[str, Region], title: str, viewer: Viewer
) -> None:
    for code, what in touched.items():
        if what["projects"] or what["kpis"]:
            counted = f"{title}（取組{len(what['projects'])}件、KPI{len(what['kpis'])}件）"
            audit.record(viewer, "kpi.import", regions[code], counted, after=dict(what))
