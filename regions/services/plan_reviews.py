"""The yearly look at an adopted forward plan (年次の点検): how each initiative stands, and whether the plan goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import Access, Viewer

from .. import duties
from ..models import ConferenceMeeting, ForwardPlan, ForwardPlanReview, InitiativeProgress


@dataclass(frozen=True)
class ProgressOf:
    """How one initiative stands."""

    state: str
    note: str = ""


@dataclass(frozen=True)
class ReviewDraft:
    """What a person typed; `initiatives` by the id of the initiative, those without a state are left out."""

    reviewed_on: date
    summary: str
    result: str
    meeting: int | None = None
    initiatives: Mapping[int, ProgressOf] = field(default_factory=dict)


@transaction.atomic
def review_plan(plan_id: int, draft: ReviewDraft, *, viewer: Viewer) -> ForwardPlanReview:
    """Write this fiscal year's review of the adopted plan, or mend it while the year lasts. Raises Refused."""
    plan = locking(ForwardPlan.objects.visible_to(viewer)).get(pk=plan_id)
    require(viewer, duties.FORWARD_PLAN, Access.EDIT)
    if not (viewer.is_bureau and viewer.office.code == plan.bureau_id):
        raise PermissionDenied("前進プランの点検は、その振興局が行います。")
    if plan.state != ForwardPlan.State.ADOPTED:
        raise Refused(f"「{plan.get_state_display()}」の前進プランは点検できません。")
    year = FiscalYear.of(clock.today())
    known = set(plan.initiatives.values_list("pk", flat=True))
    given = {pk: row for pk, row in draft.initiatives.items() if row.state}
    held = ConferenceMeeting.objects.filter(bureau=plan.bureau_id, held_on__isnull=False)
    problems = []
    if not year.first_day <= draft.reviewed_on <= clock.today():
        problems.append(f"点検日は、{year.wareki}の今日までの日を指定してください。")
    if not draft.summary.strip():
        problems.append("進み具合と課題を入力してください。")
    if draft.result not in ForwardPlanReview.Result.values:
        problems.append("このまま進めるか、改定するかを選んでください。")
    if draft.meeting and not held.filter(pk=draft.meeting).exists():
        problems.append("この振興局の検討会議を選んでください。")
    if set(given) - known or any(row.state not in InitiativeProgress.State.values for row in given.values()):
        problems.append("この前進プランにない取組が含まれています。画面を開き直してください。")
    if problems:
        raise Refused(*problems)
    review, _ = ForwardPlanReview.objects.update_or_create(
        plan=plan,
        fiscal_year=int(year),
        defaults={
            "reviewed_on": draft.reviewed_on,
            "summary": draft.summary.strip(),
            "result": draft.result,
            "meeting_id": draft.meeting,
            "reviewed_by_id": viewer.person,
        },
    )
    review.lines.all().delete()
    InitiativeProgress.objects.bulk_create(
        InitiativeProgress(review=review, initiative_id=pk, state=row.state, note=row.note.strip())
        for pk, row in given.items()
    )
    audit.record(
        viewer,
        "plan.review",
        plan,
        f"前進プラン 第{plan.version}版を点検（{year.wareki}）",
        after={"result": draft.result, "summary": review.summary},
    )
    return review
