"""Forward plans (広域連携前進プラン) of a bureau: draft, discussion by the conference, adoption, revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.viewer import Access, Viewer
from municipalities.models import Bureau

from .. import duties
from ..models import Field, ForwardPlan, ForwardPlanInitiative, ForwardPlanRegion, NationalZone, Region

S = ForwardPlan.State


@dataclass(frozen=True)
class InitiativeDraft:
    """One initiative of the plan, counted for the prefecture's third indicator; field and region may be empty."""

    name: str
    field: str = ""
    region: str = ""


@dataclass(frozen=True)
class PlanDraft:
    """What a person typed; the term is in fiscal years, `regions` are region codes, `equivalent_zone` a zone code
    where a zone's own plan stands in for this one."""

    title: str
    term_from_fy: int
    term_to_fy: int
    direction: str = ""
    regions: tuple[str, ...] = ()
    initiatives: tuple[InitiativeDraft, ...] = ()
    equivalent_zone: str = ""


@transaction.atomic
def create_plan(bureau_code: str, draft: PlanDraft, *, viewer: Viewer) -> ForwardPlan:
    """Write the draft (案) of the bureau's next version. Raises PermissionDenied, Refused."""
    require(viewer, duties.FORWARD_PLAN, Access.EDIT)
    _require_own(viewer, bureau_code)
    bureau = Bureau.objects.get(pk=bureau_code)
    if bureau.plans.filter(state__in=[S.DRAFT, S.CONFERENCE]).exists():
        raise Refused("作成中の前進プランがあります。先にその版を策定するか、内容を変更してください。")
    version = (bureau.plans.aggregate(last=Max("version"))["last"] or 0) + 1
    plan = ForwardPlan(bureau=bureau, version=version)
    _write(plan, draft)
    audit.record(viewer, "plan.create", plan, f"前進プラン 第{version}版の案を作成", after=_state(plan))
    return plan


@transaction.atomic
def update_plan(plan_id: int, draft: PlanDraft, *, viewer: Viewer) -> ForwardPlan:
    """Change a version that is not adopted yet; what the conference discussed becomes a draft again."""
    plan = _plan_for(viewer, plan_id, Access.EDIT)
    _only(plan, S.DRAFT, S.CONFERENCE)
    before = _state(plan)
    plan.state = S.DRAFT
    _write(plan, draft)
    audit.record(
        viewer, "plan.update", plan, f"前進プラン 第{plan.version}版の案を変更", before=before, after=_state(plan)
    )
    return plan


@transaction.atomic
def confirm_discussion(plan_id: int, *, viewer: Viewer) -> ForwardPlan:
    """Note that the promotion conference discussed the draft; from here the municipalities see it."""
    plan = _plan_for(viewer, plan_id, Access.EDIT)
    _only(plan, S.DRAFT)
    plan.state = S.CONFERENCE
    plan.save(update_fields=["state"])
    audit.record(viewer, "plan.discuss", plan, f"前進プラン 第{plan.version}版の案を検討会議で協議")
    return plan


@transaction.atomic
def adopt_plan(plan_id: int, *, adopted_on: date, viewer: Viewer) -> ForwardPlan:
    """Adopt the version: the act of the bureau's decider. The version before is 改定済. Raises Refused."""
    plan = _plan_for(viewer, plan_id, Access.SUBMIT)
    _only(plan, S.DRAFT, S.CONFERENCE)
    problems = []
    if adopted_on > clock.today():
        problems.append("策定日に将来の日は指定できません。")
    if not plan.direction.strip():
        problems.append("推進の方向を入力してください。")
    if not plan.listings.exists() and plan.equivalent_zone_id is None:
        problems.append("対象とする連携地域を1つ以上選んでください。")
    if problems:
        raise Refused(*problems)
    ForwardPlan.objects.filter(bureau=plan.bureau_id, state=S.ADOPTED).update(state=S.REVISED)
    plan.state, plan.adopted_on = S.ADOPTED, adopted_on
    plan.save(update_fields=["state", "adopted_on"])
    audit.record(viewer, "plan.adopt", plan, f"前進プラン 第{plan.version}版を策定", after={"adopted_on": adopted_on})
    return plan


@transaction.atomic
def revise_plan(plan_id: int, *, viewer: Viewer) -> ForwardPlan:
    """Copy the adopted version to a new draft; it stays in force until that is adopted. Raises Refused."""
    plan = _plan_for(viewer, plan_id, Access.EDIT)
    _only(plan, S.ADOPTED)
    draft = PlanDraft(
        title=plan.title,
        term_from_fy=plan.term_from_fy,
        term_to_fy=plan.term_to_fy,
        direction=plan.direction,
        regions=tuple(plan.listings.values_list("region", flat=True)),
        initiatives=tuple(
            InitiativeDraft(row.name, row.field_id or "", row.region_id or "") for row in plan.initiatives.all()
        ),
        equivalent_zone=plan.equivalent_zone_id or "",
    )
    return create_plan(plan.bureau_id, draft, viewer=viewer)


def _plan_for(viewer: Viewer, plan_id: int, access: Access) -> ForwardPlan:
    plan = ForwardPlan.objects.visible_to(viewer).select_for_update(of=("self",)).get(pk=plan_id)
    require(viewer, duties.FORWARD_PLAN, access)
    _require_own(viewer, plan.bureau_id)
    return plan


def _require_own(viewer: Viewer, bureau_code: str) -> None:
    if not (viewer.is_bureau and viewer.office.code == bureau_code):
        raise PermissionDenied("前進プランは、その振興局だけが作成・変更できます。")


def _write(plan: ForwardPlan, draft: PlanDraft) -> None:
    wanted = set(draft.regions) | {row.region for row in draft.initiatives if row.region}
    known = set(Region.objects.touching(plan.bureau_id).filter(pk__in=wanted).values_list("pk", flat=True))
    fields = {row.field for row in draft.initiatives if row.field}
    problems = []
    if not draft.title.strip():
        problems.append("題名を入力してください。")
    if draft.term_to_fy < draft.term_from_fy:
        problems.append("期間の終了年度が開始年度より前です。")
    if wanted - known:
        problems.append(f"管内の連携地域ではないものが含まれています（{'、'.join(sorted(wanted - known))}）。")
    if Field.objects.filter(pk__in=fields).count() < len(fields):
        problems.append("登録されていない分野が含まれています。")
    if any(not row.name.strip() for row in draft.initiatives):
        problems.append("取組の名称を入力してください。")
    if draft.equivalent_zone and not NationalZone.objects.filter(pk=draft.equivalent_zone).exists():
        problems.append("登録されていない圏域です。")
    if problems:
        raise Refused(*problems)
    plan.title, plan.direction = draft.title.strip(), draft.direction.strip()
    plan.term_from_fy, plan.term_to_fy = draft.term_from_fy, draft.term_to_fy
    plan.equivalent_zone_id = draft.equivalent_zone or None
    plan.save()
    plan.listings.all().delete()
    ForwardPlanRegion.objects.bulk_create(
        ForwardPlanRegion(plan=plan, region_id=code) for code in sorted(set(draft.regions))
    )
    plan.initiatives.all().delete()
    ForwardPlanInitiative.objects.bulk_create(
        ForwardPlanInitiative(
            plan=plan, number=number, name=row.name.strip(), field_id=row.field or None, region_id=row.region or None
        )
        for number, row in enumerate(draft.initiatives, 1)
    )


def _only(plan: ForwardPlan, *states: str) -> None:
    if plan.state not in states:
        raise Refused(f"「{plan.get_state_display()}」の前進プランには行えません。")


def _state(plan: ForwardPlan) -> dict[str, object]:
    return {
        "version": plan.version,
        "title": plan.title,
        "term": [plan.term_from_fy, plan.term_to_fy],
        "regions": sorted(plan.listings.values_list("region", flat=True)),
        "initiatives": list(plan.initiatives.values_list("name", flat=True)),
    }
