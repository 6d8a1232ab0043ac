"""Forward plans (広域連携前進プラン) of a bureau: draft, discussion by the conference, adoption, receipt, revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from common import audit, clock, notices
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer
from municipalities.models import Bureau, Municipality

from .. import duties
from ..models import (
    ConferenceMeeting,
    Field,
    ForwardPlan,
    ForwardPlanInitiative,
    ForwardPlanRegion,
    NationalZone,
    PlanComment,
    Project,
    Region,
)
from ..papers import issue_paper
from ..papers.plan import PAPER, plan_paper

S = ForwardPlan.State
CHANGED = "ほかの人がこの前進プランを更新しました。最新の内容を確かめてから、もう一度行ってください。"


@dataclass(frozen=True)
class InitiativeDraft:
    """One initiative of the plan, counted for the prefecture's third indicator; field and region may be empty.

    `project` is the id of the region's initiative it is, 0 where it is none; then name, field and region may be left
    out and are taken from there.
    """

    name: str = ""
    field: str = ""
    region: str = ""
    project: int = 0


@dataclass(frozen=True)
class PlanDraft:
    """What a person typed; the term is in fiscal years, `regions` are region codes, `equivalent_zone` a zone code
    where a zone's own plan stands in for this one, with the reason."""

    title: str
    term_from_fy: int
    term_to_fy: int
    direction: str = ""
    regions: tuple[str, ...] = ()
    initiatives: tuple[InitiativeDraft, ...] = ()
    equivalent_zone: str = ""
    waiver_reason: str = ""


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
    _write(plan, draft, viewer)
    audit.record(viewer, "plan.create", plan, f"前進プラン 第{version}版の案を作成", after=_state(plan))
    return plan


@transaction.atomic
def update_plan(plan_id: int, draft: PlanDraft, *, revision: int, viewer: Viewer) -> ForwardPlan:
    """Change a version that is not adopted yet; one before the conference stays before it.

    Raises Refused, and Conflict where somebody saved since `revision` was read: then nothing is written.
    """
    plan = _plan_for(viewer, plan_id, Access.EDIT)
    _only(plan, S.DRAFT, S.CONFERENCE)
    if revision != plan.revision:
        raise Conflict(CHANGED)
    before = _state(plan)
    plan.revision += 1
    _write(plan, draft, viewer)
    audit.record(
        viewer, "plan.update", plan, f"前進プラン 第{plan.version}版の案を変更", before=before, after=_state(plan)
    )
    return plan


@transaction.atomic
def put_to_conference(plan_id: int, *, viewer: Viewer) -> ForwardPlan:
    """Show the draft to the promotion conference: from here the municipalities under the bureau read and comment."""
    plan = _plan_for(viewer, plan_id, Access.EDIT)
    _only(plan, S.DRAFT)
    plan.state = S.CONFERENCE
    plan.save(update_fields=["state"])
    audit.record(viewer, "plan.discuss", plan, f"前進プラン 第{plan.version}版の案を検討会議に示す")
    title = f"{plan.bureau.short_name}の前進プランの案に意見を求められています"
    for code in Municipality.objects.under(plan.bureau_id, clock.today()).values_list("pk", flat=True):
        _tell(f"{OfficeKind.MUNICIPALITY.value}:{code}", [Duty.MP, Duty.MA], title, plan)
    _tell(f"{OfficeKind.PREFECTURE.value}:{plan.bureau.prefecture_id}", [Duty.HS, Duty.SD], title, plan)
    return plan


@transaction.atomic
def comment_plan(plan_id: int, text: str, *, viewer: Viewer) -> PlanComment:
    """Say something about a plan as a municipality, a department or headquarters; the bureau is told."""
    plan = ForwardPlan.objects.visible_to(viewer).get(pk=plan_id)
    require(viewer, duties.FORWARD_PLAN, Access.COMMENT)
    if plan.state == S.REVISED:
        raise Refused("改定された版には意見を書けません。いまの版に書いてください。")
    if not text.strip():
        raise Refused("意見を入力してください。")
    comment = PlanComment.objects.create(
        plan=plan,
        office=viewer.office.full_name,
        office_key=viewer.office.key,
        text=text.strip(),
        written_at=clock.now(),
        written_by_id=viewer.person,
    )
    audit.record(viewer, "plan.comment", plan, f"前進プラン 第{plan.version}版へ意見", after={"text": comment.text})
    title = f"前進プラン 第{plan.version}版に{viewer.office.full_name}から意見がありました"
    _tell(f"{OfficeKind.BUREAU.value}:{plan.bureau_id}", [Duty.BS], title, plan)
    return comment


@transaction.atomic
def adopt_plan(plan_id: int, *, adopted_on: date, viewer: Viewer, meeting_id: int | None = None) -> ForwardPlan:
    """Adopt the version: the act of the bureau's decider. D-25 is frozen; the version before is 改定済.

    `meeting_id` is the meeting that discussed it; only a plan for which a zone's plan stands in needs none.
    Raises Refused.
    """
    plan = _plan_for(viewer, plan_id, Access.SUBMIT)
    _only(plan, S.DRAFT, S.CONFERENCE)
    held = ConferenceMeeting.objects.filter(bureau=plan.bureau_id, state__in=["held", "confirmed"])
    meeting = held.filter(pk=meeting_id, held_on__lte=adopted_on).first() if meeting_id else None
    waived = plan.equivalent_zone_id is not None
    problems = []
    if adopted_on > clock.today():
        problems.append("策定日に将来の日は指定できません。")
    if not plan.direction.strip():
        problems.append("推進の方向を入力してください。")
    if not plan.listings.exists() and not waived:
        problems.append("対象とする連携地域を1つ以上選んでください。")
    if meeting is None and not waived:
        problems.append("協議した検討会議（策定日までに開いたもの）を選んでください。")
    if problems:
        raise Refused(*problems)
    ForwardPlan.objects.filter(bureau=plan.bureau_id, state=S.ADOPTED).update(state=S.REVISED)
    plan.state, plan.adopted_on, plan.discussed_at = S.ADOPTED, adopted_on, meeting
    plan.document = issue_paper(
        PAPER, plan_paper(plan), subject=plan, office=viewer.office, viewer=viewer, on=adopted_on
    )
    plan.save(update_fields=["state", "adopted_on", "discussed_at", "document"])
    audit.record(viewer, "plan.adopt", plan, f"前進プラン 第{plan.version}版を策定", after={"adopted_on": adopted_on})
    _tell(
        f"{OfficeKind.PREFECTURE.value}:{plan.bureau.prefecture_id}",
        [Duty.HS, Duty.HM],
        f"{plan.bureau.name}の前進プラン 第{plan.version}版が策定されました（受理待ち）",
        plan,
    )
    return plan


@transaction.atomic
def receive_plan(plan_id: int, *, received_on: date, viewer: Viewer) -> ForwardPlan:
    """Note that headquarters received the adopted plan: the act of its decider. Raises PermissionDenied, Refused."""
    plan = locking(ForwardPlan.objects.visible_to(viewer)).get(pk=plan_id)
    require(viewer, duties.FORWARD_PLAN, Access.SUBMIT)
    if not viewer.is_prefecture:
        raise PermissionDenied("前進プランの受理は、本庁が記録します。")
    _only(plan, S.ADOPTED)
    if plan.received_on:
        raise Refused("すでに受理しています。")
    if not (plan.adopted_on or date.max) <= received_on <= clock.today():
        raise Refused("受理日は、策定日から今日までの日を指定してください。")
    plan.received_on, plan.received_by_id = received_on, viewer.person
    plan.save(update_fields=["received_on", "received_by"])
    audit.record(viewer, "plan.receive", plan, f"前進プラン 第{plan.version}版を受理")
    title = f"前進プラン 第{plan.version}版が本庁で受理されました"
    _tell(f"{OfficeKind.BUREAU.value}:{plan.bureau_id}", [Duty.BS, Duty.BM], title, plan)
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
            InitiativeDraft(row.name, row.field_id or "", row.region_id or "", row.project_id or 0)
            for row in plan.initiatives.all()
        ),
        equivalent_zone=plan.equivalent_zone_id or "",
        waiver_reason=plan.waiver_reason,
    )
    return create_plan(plan.bureau_id, draft, viewer=viewer)


def _plan_for(viewer: Viewer, plan_id: int, access: Access) -> ForwardPlan:
    plan = locking(ForwardPlan.objects.visible_to(viewer)).get(pk=plan_id)
    require(viewer, duties.FORWARD_PLAN, access)
    _require_own(viewer, plan.bureau_id)
    return plan


def _require_own(viewer: Viewer, bureau_code: str) -> None:
    if not (viewer.is_bureau and viewer.office.code == bureau_code):
        raise PermissionDenied("前進プランは、その振興局だけが作成・変更できます。")


def _write(plan: ForwardPlan, draft: PlanDraft, viewer: Viewer) -> None:
    rows = _initiatives(plan, draft)
    wanted = set(draft.regions) | {row.region for row in rows if row.region}
    known = set(Region.objects.touching(plan.bureau_id).filter(pk__in=wanted).values_list("pk", flat=True))
    fields = {row.field for row in rows if row.field}
    problems = []
    if not draft.title.strip():
        problems.append("題名を入力してください。")
    if draft.term_to_fy < draft.term_from_fy:
        problems.append("期間の終了年度が開始年度より前です。")
    if wanted - known:
        problems.append(f"管内の連携地域ではないものが含まれています（{'、'.join(sorted(wanted - known))}）。")
    if Field.objects.filter(pk__in=fields).count() < len(fields):
        problems.append("登録されていない分野が含まれています。")
    if any(not row.name.strip() for row in rows):
        problems.append("取組の名称を入力してください。")
    if draft.equivalent_zone and not NationalZone.objects.filter(pk=draft.equivalent_zone).exists():
        problems.append("登録されていない圏域です。")
    if draft.equivalent_zone and not draft.waiver_reason.strip():
        problems.append("圏域の計画を同等とみなす理由を入力してください。")
    if problems:
        raise Refused(*problems)
    plan.title, plan.direction = draft.title.strip(), draft.direction.strip()
    plan.term_from_fy, plan.term_to_fy = draft.term_from_fy, draft.term_to_fy
    plan.equivalent_zone_id = draft.equivalent_zone or None
    plan.waiver_reason = draft.waiver_reason.strip() if draft.equivalent_zone else ""
    plan.changed_at, plan.changed_by_id = clock.now(), viewer.person
    plan.save()
    plan.listings.all().delete()
    ForwardPlanRegion.objects.bulk_create(
        ForwardPlanRegion(plan=plan, region_id=code) for code in sorted(set(draft.regions))
    )
    plan.initiatives.all().delete()
    ForwardPlanInitiative.objects.bulk_create(
        ForwardPlanInitiative(
            plan=plan,
            number=number,
            name=row.name.strip(),
            field_id=row.field or None,
            region_id=row.region or None,
            project_id=row.project or None,
        )
        for number, row in enumerate(rows, 1)
    )


def _initiatives(plan: ForwardPlan, draft: PlanDraft) -> list[InitiativeDraft]:
    """The initiatives with what a region's initiative already says. Raises Refused for one that is not the bureau's."""
    regions = Region.objects.touching(plan.bureau_id)
    wanted = {row.project for row in draft.initiatives if row.project}
    projects = {row.pk: row for row in Project.objects.filter(pk__in=wanted, region__in=regions)}
    if wanted - set(projects):
        raise Refused("管内の連携地域の取組ではないものが含まれています。")
    if len(wanted) < sum(1 for row in draft.initiatives if row.project):
        raise Refused("同じ連携地域の取組が2回選ばれています。")
    found = []
    for row in draft.initiatives:
        project = projects.get(row.project)
        if project is None:
            found.append(row)
            continue
        field = row.field or project.main_field_id or ""
        found.append(InitiativeDraft(row.name.strip() or project.name, field, project.region_id, row.project))
    return found


def _tell(office_key: str, told: list[Duty], title: str, plan: ForwardPlan) -> None:
    notices.send(office_key, told, title, url=reverse("regions:plan_detail", args=[plan.pk]), subject=plan)


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
