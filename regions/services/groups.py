"""Sub-groups (部会): set up, changed, ended; what they decide is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from common import audit, clock
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Viewer
from municipalities.models import Municipality

from .. import duties
from ..models import RegionMembership, SubGroup, SubGroupDecision
from .access import region_for
from .life import refuse_closed

FEWEST = 2  # a group of one is no group; how many an application needs says its ruleset (N-04)


@dataclass(frozen=True)
class GroupDraft:
    """What a person typed: `members` and `chair` are 6-digit codes, `projects` ids of the region's initiatives."""

    name: str
    chair: str
    members: tuple[str, ...]
    set_up_on: date
    projects: tuple[int, ...] = ()
    purpose: str = ""


@dataclass(frozen=True)
class DecisionDraft:
    """A decision as its record tells it; `attended` are 6-digit codes."""

    decided_on: date
    title: str
    text: str
    attended: tuple[str, ...]
    document_no: str = ""


@transaction.atomic
def set_up_group(region_code: str, draft: GroupDraft, *, viewer: Viewer) -> SubGroup:
    """Set up a sub-group of the region's members. Raises Refused."""
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    group = SubGroup(region=region)
    _write(group, draft)
    audit.record(viewer, "group.set_up", region, f"部会「{group.name}」を設置", after=_facts(group))
    return group


@transaction.atomic
def change_group(group_id: int, draft: GroupDraft, *, viewer: Viewer, revision: int) -> SubGroup:
    """Change members, chair, initiatives or the name of an acting sub-group. Raises Refused and Conflict."""
    group = _acting(group_id, viewer)
    if group.revision != revision:
        raise Conflict("ほかの人が先にこの部会を変えました。いまの内容を確かめて、もう一度保存してください。")
    before = _facts(group)
    group.revision += 1
    _write(group, draft)
    audit.record(
        viewer, "group.change", group.region, f"部会「{group.name}」を変更", before=before, after=_facts(group)
    )
    return group


@transaction.atomic
def end_group(group_id: int, *, ended_on: date, reason: str, viewer: Viewer) -> SubGroup:
    """Let a sub-group end; `ended_on` is its last day. Raises Refused."""
    group = _acting(group_id, viewer)
    problems = []
    if not reason.strip():
        problems.append("終了の理由を入力してください。")
    if ended_on > clock.today():
        problems.append("終了日に将来の日は指定できません。")
    if ended_on < group.set_up_on:
        problems.append("終了日は設置日以後の日にしてください。")
    if problems:
        raise Refused(*problems)
    group.ended_on, group.end_reason = ended_on, reason.strip()
    group.revision += 1
    group.save(update_fields=["ended_on", "end_reason", "revision"])
    audit.record(
        viewer,
        "group.end",
        group.region,
        f"部会「{group.name}」を終了",
        after={"ended_on": ended_on},
        reason=reason.strip(),
    )
    return group


@transaction.atomic
def record_decision(group_id: int, draft: DecisionDraft, *, viewer: Viewer) -> SubGroupDecision:
    """Write down what a sub-group decided; an application of the group names it (N-04). Raises Refused."""
    group = _acting(group_id, viewer)
    members = set(group.members.values_list("pk", flat=True))
    problems = [
        sentence
        for wrong, sentence in (
            (not draft.title.strip(), "件名を入力してください。"),
            (not draft.text.strip(), "決定の内容を入力してください。"),
            (draft.decided_on > clock.today(), "決定日に将来の日は指定できません。"),
            (draft.decided_on < group.set_up_on, "決定日は部会の設置日以後の日にしてください。"),
            (not draft.attended, "出席した市町村を選んでください。"),
            (not members.issuperset(draft.attended), "出席した市町村は、部会の参加市町村から選んでください。"),
        )
        if wrong
    ]
    if problems:
        raise Refused(*problems)
    decision = SubGroupDecision.objects.create(
        group=group,
        decided_on=draft.decided_on,
        title=draft.title.strip(),
        document_no=draft.document_no.strip(),
        text=draft.text.strip(),
        recorded_by_id=viewer.person,
        recorded_who=viewer.label,
    )
    decision.attended.set(Municipality.objects.filter(pk__in=draft.attended))
    audit.record(
        viewer,
        "group.decide",
        group.region,
        f"部会「{group.name}」の決定：{decision.title}",
        after={"decided_on": draft.decided_on, "attended": sorted(draft.attended)},
    )
    return decision


def _acting(group_id: int, viewer: Viewer) -> SubGroup:
    """The locked sub-group for an act of an office with a part in its region."""
    group = locking(SubGroup.objects.visible_to(viewer)).get(pk=group_id)
    region = region_for(viewer, group.region_id, duties.REGION, Access.EDIT)
    refuse_closed(region)
    group.region = region
    if group.ended_on is not None:
        raise Refused(f"部会「{group.name}」は終了しています。")
    return group


def _write(group: SubGroup, draft: GroupDraft) -> None:
    region = group.region
    held = RegionMembership.objects.on(clock.today()).filter(region=region)
    members = set(held.values_list("municipality", flat=True))
    projects = list(region.projects.filter(pk__in=draft.projects))
    twin = region.groups.acting().filter(name=draft.name.strip()).exclude(pk=group.pk)
    first = min(held.values_list("joined_on", flat=True), default=None)
    problems = [
        sentence
        for wrong, sentence in (
            (not draft.name.strip(), "部会の名称を入力してください。"),
            (twin.exists(), f"「{draft.name.strip()}」という部会は既にあります。"),
            (len(set(draft.members)) < FEWEST, f"参加市町村を{FEWEST}つ以上選んでください。"),
            (not members.issuperset(draft.members), "参加市町村は、いまの構成市町村から選んでください。"),
            (draft.chair not in draft.members, "座長の市町村は、参加市町村から選んでください。"),
            (len(projects) < len(set(draft.projects)), "受け持つ取組は、この地域の取組から選んでください。"),
            (draft.set_up_on > clock.today(), "設置日に将来の日は指定できません。"),
            (first is not None and draft.set_up_on < first, "設置日は、地域の構成の開始日以後の日にしてください。"),
        )
        if wrong
    ]
    if problems:
        raise Refused(*problems)
    group.name, group.chair_id, group.purpose = draft.name.strip(), draft.chair, draft.purpose.strip()
    group.set_up_on = draft.set_up_on
    group.save()
    group.members.set(Municipality.objects.filter(pk__in=draft.members))
    group.projects.set(projects)


def _facts(group: SubGroup) -> dict[str, object]:
    return {
        "name": group.name,
        "chair": group.chair_id,
        "members": sorted(group.members.values_list("pk", flat=True)),
        "projects": sorted(group.projects.values_list("code", flat=True)),
        "set_up_on": group.set_up_on,
    }
