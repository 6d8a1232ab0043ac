"""Initiatives (取組) of a region: add, change, rename from a year on, close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer
from municipalities.models import Municipality

from .. import duties
from ..models import Field, Project, ProjectName, Region, RegionMembership
from .access import project_for, region_for

CLOSING = (Project.State.ENDED, Project.State.SELF_RUNNING, Project.State.MERGED)


@dataclass(frozen=True)
class ProjectDraft:
    """What a person typed. `main_field` and `fields` are field codes, `participants` 6-digit codes (empty: all
    members), `secretariat` a 6-digit code or empty."""

    name: str
    from_fy: int
    main_field: str = ""
    fields: tuple[str, ...] = ()
    outline: str = ""
    secretariat: str = ""
    participants: tuple[str, ...] = ()
    to_fy: int | None = None
    self_running_plan: str = ""

    def changed(self, **values: Any) -> ProjectDraft:
        """The same with other values, in the order in which stored ones are compared."""
        draft = replace(self, **values)
        fields = tuple(sorted({*draft.fields, draft.main_field} - {""}))
        return replace(draft, fields=fields, participants=tuple(sorted(draft.participants)))


def draft_of(project: Project) -> ProjectDraft:
    """The initiative as it is, to be changed in part."""
    return ProjectDraft(
        name=project.name,
        from_fy=project.from_fy,
        main_field=project.main_field_id or "",
        outline=project.outline,
        secretariat=project.secretariat_id or "",
        to_fy=project.to_fy,
        self_running_plan=project.self_running_plan,
    ).changed(
        fields=tuple(project.fields.values_list("pk", flat=True)),
        participants=tuple(project.participants.values_list("pk", flat=True)),
    )


@transaction.atomic
def add_project(
    region_code: str, draft: ProjectDraft, *, viewer: Viewer, entrusted: bool = False, remark: str = ""
) -> Project:
    """Add an initiative with the region's next code (A06-03). Raises Refused.

    `entrusted` says that the caller has made sure that a member let this person do it (staff of its bureau);
    `remark` is then added to the title in the timeline.
    """
    region = region_for(viewer, region_code, duties.VISION, Access.READ if entrusted else Access.EDIT)
    if region.state in (Region.State.ENDED, Region.State.NATIONAL):
        raise Refused(f"「{region.get_state_display()}」の地域には取組を追加できません。")
    project = Project(region=region, code=_next_code(region))
    _write(project, draft)
    ProjectName.objects.create(project=project, name=project.name, from_fy=project.from_fy)
    audit.record(viewer, "project.add", region, f"取組「{project.name}」を追加{remark}", after=_state(project))
    return project


@transaction.atomic
def update_project(project_id: int, draft: ProjectDraft, *, viewer: Viewer) -> Project:
    """Change an initiative; its name changes with `rename_project`. Raises Refused."""
    project = project_for(viewer, project_id, duties.VISION, Access.EDIT)
    if draft.name.strip() != project.name:
        raise Refused("名称の変更は、年度を指定して「名称を変更する」から行ってください。")
    before = _state(project)
    _write(project, draft)
    audit.record(
        viewer,
        "project.update",
        project.region,
        f"取組「{project.name}」を変更",
        before=before,
        after=_state(project),
    )
    return project


@transaction.atomic
def rename_project(project_id: int, *, name: str, from_fy: int, viewer: Viewer) -> Project:
    """Give the initiative a new name from a fiscal year on; earlier years keep the earlier name. Raises Refused."""
    project = project_for(viewer, project_id, duties.VISION, Access.EDIT)
    latest = project.names.last()
    if not name.strip():
        raise Refused("取組の名称を入力してください。")
    if latest is not None and latest.from_fy >= from_fy:
        raise Refused(f"いまの名称「{latest.name}」の開始年度より後の年度を指定してください。")
    ProjectName.objects.create(project=project, name=name.strip(), from_fy=from_fy)
    before = project.name
    if from_fy <= FiscalYear.of(clock.today()):
        project.name = name.strip()
        project.save(update_fields=["name"])
    audit.record(
        viewer,
        "project.rename",
        project.region,
        "取組の名称を変更",
        before={"name": before},
        after={"name": name.strip(), "from_fy": from_fy},
    )
    return project


@transaction.atomic
def close_project(project_id: int, *, state: str, to_fy: int, reason: str, viewer: Viewer) -> Project:
    """End the initiative, let it run by itself or merge it (終了・自走・統合). Raises Refused."""
    project = project_for(viewer, project_id, duties.VISION, Access.EDIT)
    if state not in CLOSING:
        raise Refused("終了、自走、統合のいずれかを選んでください。")
    if to_fy < project.from_fy:
        raise Refused("終了年度が開始年度より前です。")
    if not reason.strip():
        raise Refused("理由を入力してください。")
    until = None if state == Project.State.SELF_RUNNING else to_fy
    set_project_state(project, Project.State(state), until, reason=reason, viewer=viewer)
    return project


def set_project_state(
    project: Project, state: Project.State, to_fy: int | None, *, reason: str, viewer: Viewer
) -> None:
    """Write the state of a locked initiative with its last fiscal year (None: it goes on) and one audit event.

    Nothing else writes `Project.state` after it was added.
    """
    before = {"state": project.state, "to_fy": project.to_fy}
    project.state, project.to_fy = state, to_fy
    project.save(update_fields=["state", "to_fy"])
    audit.record(
        viewer,
        f"project.{'begin' if state == Project.State.RUNNING else 'close'}",
        project.region,
        f"取組「{project.name}」を{project.get_state_display()}とする",
        before=before,
        after={"state": state, "to_fy": to_fy},
        reason=reason,
    )


def _write(project: Project, draft: ProjectDraft) -> None:
    region = project.region
    members = set(
        RegionMembership.objects.on(clock.today()).filter(region=region).values_list("municipality", flat=True)
    )
    codes = list(dict.fromkeys(filter(None, (draft.main_field, *draft.fields))))
    fields = list(Field.objects.filter(pk__in=codes))
    problems = []
    if not draft.name.strip():
        problems.append("取組の名称を入力してください。")
    if len(fields) < len(codes):
        problems.append("登録されていない分野が含まれています。")
    if draft.to_fy is not None and draft.to_fy < draft.from_fy:
        problems.append("終了年度が開始年度より前です。")
    if not members.issuperset(draft.participants):
        problems.append("参加市町村は構成市町村から選んでください。")
    if draft.secretariat and draft.secretariat not in members:
        problems.append("事務局市町村は構成市町村から選んでください。")
    if problems:
        raise Refused(*problems)
    project.name, project.outline = draft.name.strip(), draft.outline.strip()
    project.main_field_id, project.secretariat_id = draft.main_field or None, draft.secretariat or None
    project.from_fy, project.to_fy = draft.from_fy, draft.to_fy
    project.self_running_plan = draft.self_running_plan.strip()
    project.save()
    project.fields.set(fields)
    project.participants.set(Municipality.objects.filter(pk__in=draft.participants))


def _next_code(region: Region) -> str:
    prefix = f"{region.code}-"
    tails = [code.removeprefix(prefix) for code in region.projects.values_list("code", flat=True)]
    last = max((int(tail) for tail in tails if tail.isdigit()), default=0)
    return f"{prefix}{last + 1:02}"


def _state(project: Project) -> dict[str, object]:
    return {
        "code": project.code,
        "name": project.name,
        "main_field": project.main_field_id,
        "fields": sorted(project.fields.values_list("pk", flat=True)),
        "participants": sorted(project.participants.values_list("pk", flat=True)),
        "from_fy": project.from_fy,
        "to_fy": project.to_fy,
    }
