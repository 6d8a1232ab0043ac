"""One initiative's part of an application: content, costs and KPIs, also by the field officer it is assigned to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.directory import field_officers
from common.errors import Refused
from common.viewer import Duty, Viewer
from regions import services as regions
from regions.models import Project
from regions.services import KpiDraft, ProjectDraft

from ..delegated import on_behalf, remark
from ..models import Application, ApplicationProject
from .drafts import editable, saved, write_costs

COST_FIELDS = (
    "category", "description", "quantity", "unit", "unit_price_yen", "amount_yen", "eligible_yen", "is_hard",
    "other_subsidy", "project_id", "member_id",
)  # fmt: skip

ASSIGNS = "事業担当は、この申請に参加する市町村の企画担当が選びます。"


@dataclass(frozen=True)
class KpiInput:
    """One KPI as typed; `number` is None for a new one."""

    project_id: int
    draft: KpiDraft
    number: int | None = None


@transaction.atomic
def save_item(
    *,
    application_id: int,
    viewer: Viewer,
    revision: int | None,
    item_id: int,
    content: str,
    scale: str,
    costs: Sequence[Mapping[str, Any]],
) -> Application:
    """Save this year's content of one initiative and its own cost lines; the lines of the others stay as they are."""
    application = editable(application_id, viewer, revision, item_id=item_id)
    item = application.items.select_related("project").get(pk=item_id)
    present = [{name: getattr(line, name) for name in COST_FIELDS} for line in application.costs.order_by("number")]
    own = [line for line in present if line["project_id"] == item.project_id]
    others = [line for line in present if line["project_id"] != item.project_id]
    before = {"content": item.content, "scale": item.scale, "costs": own}
    item.content, item.scale = content, scale
    item.save(update_fields=["content", "scale"])
    written = [{**line, "project_id": item.project_id} for line in costs]
    write_costs(application, [*others, *written])
    after = {"content": content, "scale": scale, "costs": written}
    saved(application, viewer, f"取組「{item.project.name}」を保存", before, after)
    return application


@transaction.atomic
def save_kpis(
    *,
    application_id: int,
    viewer: Viewer,
    kpis: Sequence[KpiInput],
    removed: Collection[tuple[int, int]] = (),
    item_id: int | None = None,
) -> list[int]:
    """Write the KPIs of the application's initiatives; `removed` are (project id, number). Returns their numbers.

    Raises Refused with the problems of each KPI, naming it; then nothing was written.
    """
    application = editable(application_id, viewer, item_id=item_id)
    items = application.items.all() if item_id is None else application.items.filter(pk=item_id)
    own = set(items.values_list("project", flat=True))
    if any(kpi.project_id not in own for kpi in kpis) or any(project not in own for project, _ in removed):
        raise PermissionDenied("この申請の取組のKPIだけを書けます。")
    numbers, problems = [], []
    typed_for = remark(on_behalf(application, viewer))
    for project, number in removed:
        regions.remove_kpi(project, number, viewer=viewer, entrusted=True, remark=typed_for)
    for kpi in kpis:
        try:
            written = regions.set_kpi(
                kpi.project_id, kpi.draft, viewer=viewer, number=kpi.number, entrusted=True, remark=typed_for
            )
        except Refused as refused:
            problems += [f"KPI「{kpi.draft.name}」：{problem}" for problem in refused.problems]
        else:
            numbers.append(int(written.number))
    if problems:
        raise Refused(*problems)
    return numbers


@transaction.atomic
def save_part(
    *,
    application_id: int,
    viewer: Viewer,
    revision: int | None,
    item_id: int,
    content: str,
    scale: str,
    costs: Sequence[Mapping[str, Any]],
    kpis: Sequence[KpiInput],
    removed: Collection[tuple[int, int]] = (),
) -> Application:
    """Save everything a field officer writes about her initiative, or nothing."""
    application = save_item(
        application_id=application_id,
        viewer=viewer,
        revision=revision,
        item_id=item_id,
        content=content,
        scale=scale,
        costs=costs,
    )
    save_kpis(application_id=application_id, viewer=viewer, kpis=kpis, removed=removed, item_id=item_id)
    return application


@transaction.atomic
def add_initiative(*, application_id: int, viewer: Viewer, draft: ProjectDraft) -> Project:
    """Register a new initiative of the region and ask money for it in this application."""
    application = editable(application_id, viewer)
    delegation = on_behalf(application, viewer)
    project = regions.add_project(
        application.region_id, draft, viewer=viewer, entrusted=delegation is not None, remark=remark(delegation)
    )
    order = application.items.count()
    ApplicationProject.objects.create(application=application, project=project, order=order, content=draft.outline)
    saved(application, viewer, f"取組「{project.name}」を加える", {"project": None}, {"project": project.pk})
    return project


@transaction.atomic
def assign(*, application_id: int, viewer: Viewer, chosen: Mapping[int, Collection[int]]) -> list[ApplicationProject]:
    """A planner gives initiatives' parts to field officers of her own town; `chosen` is item id → user ids.

    Officers whom planners of the other members chose stay. Returns the initiatives whose officers changed. Raises
    PermissionDenied (not a planner who may write), Refused (a person who is no field officer of this town).
    """
    application = editable(application_id, viewer)
    if not viewer.has(Duty.MP):
        raise PermissionDenied(ASSIGNS)
    own = {officer.user_id: officer.name for officer in field_officers(viewer.office.code)}
    if any(user_id not in own for user_ids in chosen.values() for user_id in user_ids):
        raise Refused(f"{viewer.office.name}の事業担当ではない人が含まれています。一覧から選び直してください。")
    changed = []
    for item in application.items.filter(pk__in=chosen).select_related("project").prefetch_related("assignees"):
        before = sorted(user.pk for user in item.assignees.all() if user.pk in own)
        after = sorted(set(chosen[item.pk]))
        if before == after:
            continue
        item.assignees.remove(*before)
        item.assignees.add(*after)
        names = "、".join(own[user_id] for user_id in after) or "なし"
        audit.record(
            viewer,
            "application.assign",
            application,
            f"取組「{item.project.name}」の事業担当（{viewer.office.name}）：{names}",
            before={"users": before},
            after={"users": after},
        )
        changed.append(item)
    return changed
