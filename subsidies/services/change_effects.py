"""What an approved or filed change does to the rows of the application; the plan that was granted stays as it was."""

from __future__ import annotations

from common import audit, clock
from common.locks import locking
from common.viewer import Viewer
from regions import services as regions

from ..approved_plan import Plan
from ..models import Application, ApplicationProject, ChangeRequest, CostLine, Participant, SelfRunningLine
from ..models.change import OPEN
from . import budget
from .support import note_support


def take_effect(application: Application, change: ChangeRequest, viewer: Viewer) -> None:
    """Carry out a change inside the caller's transaction: amount, period, budget, and rows for what is new.

    A new cost line becomes a `CostLine` of 0 yen, so that its actual cost can be reported; a new member takes part
    with 0 yen of the original split. Raises Refused where an increase does not fit into the budget.
    """
    plan = Plan.from_json(change.after)
    delta = plan.grant_yen - (application.granted_yen or 0)
    if delta > 0:
        budget.commit_more(application, viewer, delta)
    elif delta < 0:
        budget.release(application, viewer, -delta)
    application.granted_yen, application.end_on = plan.grant_yen, plan.end_on
    application.updated_at = clock.now()
    application.save(update_fields=["granted_yen", "end_on", "updated_at"])
    _new_lines(application, plan)
    _new_members(application, plan, change)
    known = set(application.items.values_list("project", flat=True))
    ApplicationProject.objects.bulk_create(
        ApplicationProject(application=application, project_id=project.id, order=len(known) + place)
        for place, project in enumerate(plan.projects, 1)
        if project.id not in known
    )
    regions.begin_projects([project.id for project in plan.projects], viewer=viewer)
    note_support(application)


def drop_open(application: Application, viewer: Viewer, reason: str) -> None:
    """Close a request that is still open when the work is over or the grant revoked; the towns read the reason."""
    for change in locking(application.changes).filter(state__in=OPEN):
        change.state, change.answer = ChangeRequest.State.WITHDRAWN, reason
        change.save(update_fields=["state", "answer"])
        audit.record(
            viewer, "change.drop", application, f"{change.get_kind_display()}の手続の終了（第{change.number}号）",
            after={"change": change.number}, reason=reason,
        )  # fmt: skip


def _new_lines(application: Application, plan: Plan) -> None:
    known = set(application.costs.values_list("number", flat=True))
    CostLine.objects.bulk_create(
        CostLine(
            application=application,
            number=line.number,
            category=line.category,
            description=line.description,
            project_id=line.project,
            member_id=line.member or None,
            amount_yen=0,
            eligible_yen=0,
            is_hard=line.category == CostLine.Category.CONSTRUCTION,
        )
        for line in plan.costs
        if line.number not in known
    )


def _new_members(application: Application, plan: Plan, change: ChangeRequest) -> None:
    known = set(application.parts.values_list("municipality", flat=True))
    SelfRunningLine.objects.bulk_create(
        SelfRunningLine(
            application=application,
            member_id=share.code,
            fiscal_year=application.fiscal_year + 1,
            funding=share.funding,
        )
        for share in plan.shares
        if share.code not in known and share.funding
    )
    Participant.objects.bulk_create(
        Participant(
            application=application,
            municipality_id=share.code,
            consent=Participant.Consent.AGREED,
            consented_on=change.consents[share.code]["on"],
            consented_by_id=change.submitted_by_id,
            consent_document_no=change.consents[share.code]["no"],
            consent_note=f"変更（第{change.number}号）で加わった。同意は代表市町村の申出による。",
            role=share.role,
        )
        for share in plan.shares
        if share.code not in known
    )
