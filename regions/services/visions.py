"""Visions (地域連携ビジョン): a draft begun, shown, adopted, revised, received. Its parts are in `vision_parts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.errors import Refused
from common.viewer import Access, Viewer

from .. import duties
from ..models import Agreement, Field, Project, Region, Vision, VisionCost, VisionProject, VisionRole
from ..papers import issue_paper
from ..papers.vision import PAPER, vision_paper
from ..vision_check import lacks
from .access import region_for, require_lead, vision_for
from .projects import ProjectDraft, add_project
from .vision_parts import term_problems

S = Vision.State


@dataclass(frozen=True)
class VisionItemDraft:
    """An initiative as the vision describes it: one of the region's, or a `new` one that is added with it.

    `main_field` (a field code) assigns the field of one that is there already, empty leaves it; `costs` are whole yen
    by fiscal year, `parts` what each member does, by 6-digit code.
    """

    project_id: int | None = None
    outline: str = ""
    roles: str = ""
    costs: Mapping[int, int] = field(default_factory=dict)
    new: ProjectDraft | None = None
    main_field: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class VisionDraft:
    """What a person typed; the term is in fiscal years, both ends included."""

    title: str
    future_image: str
    term_from_fy: int
    term_to_fy: int
    issues: str = ""
    aims: str = ""
    agreement_id: int | None = None
    items: tuple[VisionItemDraft, ...] = ()


@transaction.atomic
def create_vision(region_code: str, draft: VisionDraft, *, viewer: Viewer) -> Vision:
    """Write the draft (案) of the next version. A version in the making blocks another one. Raises Refused."""
    region = region_for(viewer, region_code, duties.VISION, Access.EDIT)
    require_new_version(region)
    version = (region.visions.aggregate(last=Max("version"))["last"] or 0) + 1
    vision = Vision(region=region, version=version)
    _write(vision, draft, viewer)
    audit.record(viewer, "vision.create", region, f"ビジョン 第{version}版の案を作成", after=_state(vision))
    return vision


@transaction.atomic
def consult_vision(vision_id: int, *, viewer: Viewer) -> Vision:
    """Show the draft to the bureaus for their comments (協議). Raises Refused."""
    vision = vision_for(viewer, vision_id, Access.EDIT)
    _only(vision, S.DRAFT)
    vision.state = S.CONSULTED
    vision.save(update_fields=["state"])
    audit.record(viewer, "vision.consult", vision.region, f"ビジョン 第{vision.version}版の案を協議")
    return vision


@transaction.atomic
def adopt_vision(vision_id: int, *, adopted_on: date, viewer: Viewer) -> Vision:
    """Adopt the version: the act of the lead municipality's approver. The version before is 改定済.

    D-24 is issued as the region's own version stands that day (a zone's vision has its own paper). Raises Refused: what
    blocks adoption (`vision_check`), a day in the future, a character that cannot be printed.
    """
    vision = vision_for(viewer, vision_id, Access.SUBMIT)
    region = vision.region
    require_lead(viewer, region)
    if not viewer.is_municipal:
        raise PermissionDenied("ビジョンは代表市町村の承認者が策定します。")
    _only(vision, S.DRAFT, S.CONSULTED)
    problems = [] if adopted_on <= clock.today() else ["策定日に将来の日は指定できません。"]
    problems += [one.text for one in lacks(vision, adopted_on) if one.must]
    if problems:
        raise Refused(*problems)
    region.visions.filter(state=S.ADOPTED).update(state=S.REVISED)
    vision.state, vision.adopted_on = S.ADOPTED, adopted_on
    agreements = Agreement.objects.in_force(adopted_on).filter(region=region)
    vision.agreement = vision.agreement or agreements.order_by("-version").first()
    vision.save(update_fields=["state", "adopted_on", "agreement"])
    after: dict[str, object] = {"adopted_on": adopted_on, "term": [vision.term_from_fy, vision.term_to_fy]}
    if vision.equivalent_zone_id is None:
        document = issue_paper(
            PAPER, vision_paper(vision), subject=vision, office=viewer.office, viewer=viewer, on=adopted_on
        )
        after["document"] = document.pk
    audit.record(
        viewer,
        "vision.adopt",
        region,
        f"ビジョン 第{vision.version}版を策定",
        after=after,
    )
    return vision


@transaction.atomic
def revise(vision_id: int, *, viewer: Viewer) -> Vision:
    """Copy the adopted version with its initiatives to a new draft; it stays in force until that is adopted."""
    vision = vision_for(viewer, vision_id, Access.EDIT)
    _only(vision, S.ADOPTED)
    items = tuple(
        VisionItemDraft(
            project_id=item.project_id,
            outline=item.outline,
            roles=item.roles,
            parts={row.municipality_id: row.role for row in item.parts.all()},
            costs={cost.fiscal_year: cost.amount_yen for cost in item.costs.all()},
        )
        for item in vision.items.prefetch_related("costs", "parts")
    )
    draft = VisionDraft(
        title=vision.title,
        future_image=vision.future_image,
        term_from_fy=vision.term_from_fy,
        term_to_fy=vision.term_to_fy,
        issues=vision.issues,
        aims=vision.aims,
        agreement_id=vision.agreement_id,
        items=items,
    )
    copy = create_vision(vision.region_id, draft, viewer=viewer)
    if vision.equivalent_zone_id:
        copy.equivalent_zone_id, copy.reference = vision.equivalent_zone_id, vision.reference
        copy.save(update_fields=["equivalent_zone", "reference"])
    return copy


@transaction.atomic
def receive_vision(vision_id: int, *, received_on: date, viewer: Viewer) -> Vision:
    """Note the receipt by the lead bureau's head (受理). Raises Refused."""
    vision = vision_for(viewer, vision_id, Access.SUBMIT)
    if not viewer.is_bureau:
        raise PermissionDenied("受理は主管振興局が記録します。")
    _only(vision, S.ADOPTED)
    vision.received_on = received_on
    vision.save(update_fields=["received_on"])
    audit.record(viewer, "vision.receive", vision.region, f"ビジョン 第{vision.version}版を受理")
    return vision


def require_new_version(region: Region) -> None:
    """Raise Refused where the region is closed or another version is in the making."""
    if region.state in (Region.State.ENDED, Region.State.NATIONAL):
        raise Refused(f"「{region.get_state_display()}」の地域ではビジョンを作成できません。")
    if region.visions.filter(state__in=[S.DRAFT, S.CONSULTED]).exists():
        raise Refused("作成中のビジョンがあります。先にその版を策定するか、内容を変更してください。")


def _write(vision: Vision, draft: VisionDraft, viewer: Viewer) -> None:
    problems = _problems(vision.region, draft)
    if problems:
        raise Refused(*problems)
    vision.title, vision.future_image = draft.title.strip(), draft.future_image.strip()
    vision.issues, vision.aims = draft.issues.strip(), draft.aims.strip()
    vision.term_from_fy, vision.term_to_fy = draft.term_from_fy, draft.term_to_fy
    vision.agreement_id = draft.agreement_id
    vision.save()
    for order, item in enumerate(draft.items, 1):
        row = VisionProject.objects.create(
            vision=vision, project=_project(vision.region, item, viewer), order=order,
            outline=item.outline.strip(), roles=item.roles.strip(),
        )  # fmt: skip
        VisionCost.objects.bulk_create(
            VisionCost(item=row, fiscal_year=year, amount_yen=yen) for year, yen in sorted(item.costs.items())
        )
        VisionRole.objects.bulk_create(
            VisionRole(item=row, municipality_id=code, role=role) for code, role in item.parts.items()
        )


def _project(region: Region, item: VisionItemDraft, viewer: Viewer) -> Project:
    """The initiative itself: added where it is new, given its field where it had none or another one."""
    if item.new is not None:
        return add_project(region.pk, item.new, viewer=viewer)
    project = Project.objects.get(pk=item.project_id or 0)
    if item.main_field and item.main_field != project.main_field_id:
        before = project.main_field_id
        project.main_field_id = item.main_field
        project.save(update_fields=["main_field"])
        project.fields.add(Field.objects.get(pk=item.main_field))
        audit.record(
            viewer,
            "project.field",
            region,
            f"取組「{project.name}」の主な分野を登録",
            before={"main_field": before},
            after={"main_field": item.main_field},
        )
    return project


def _problems(region: Region, draft: VisionDraft) -> list[str]:
    chosen = [item.project_id for item in draft.items if item.project_id is not None]
    named = {item.main_field for item in draft.items if item.main_field}
    own = set(Project.objects.filter(region=region, pk__in=chosen).values_list("pk", flat=True))
    years = [year for item in draft.items for year in item.costs]
    amounts = [yen for item in draft.items for yen in item.costs.values()]
    problems = []
    problems += term_problems(draft.title, draft.term_from_fy, draft.term_to_fy)
    if len(set(chosen)) < len(chosen):
        problems.append("同じ取組が2回載っています。")
    if any((item.project_id is None) == (item.new is None) for item in draft.items):
        problems.append("取組は、登録済みのものを選ぶか、新しい名称を入力してください。")
    if Field.objects.filter(pk__in=named).count() < len(named):
        problems.append("登録されていない分野が含まれています。")
    if not own.issuperset(chosen):
        problems.append("この地域の取組ではないものが含まれています。")
    if any(not draft.term_from_fy <= year <= draft.term_to_fy for year in years):
        problems.append("事業費の年度がビジョンの期間の外にあります。")
    if any(yen < 0 for yen in amounts):
        problems.append("事業費は0以上の整数（円）で入力してください。")
    if draft.agreement_id and not region.agreements.filter(pk=draft.agreement_id).exists():
        problems.append("この地域の協定ではありません。")
    return problems


def _only(vision: Vision, *states: str) -> None:
    if vision.state not in states:
        raise Refused(f"「{vision.get_state_display()}」のビジョンには行えません。")


def _state(vision: Vision) -> dict[str, object]:
    return {
        "version": vision.version,
        "title": vision.title,
        "term": [vision.term_from_fy, vision.term_to_fy],
        "projects": list(vision.items.values_list("project__code", flat=True)),
    }
