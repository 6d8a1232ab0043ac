"""Drafting, circulating and deciding (T14–T18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from common import audit, clock
from common.directory import departments
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer
from common.yen import show_yen
from municipalities.models import Bureau
from regions import services as regions

from ..duties import APPROVAL
from ..grants import allocation_of
from ..issuing import issue_paper
from ..models import Application, ApprovalRoute, ApprovalStep, Decision
from ..notifying import tell_concurring, tell_objection
from ..rules.ruleset import Stage
from ..rulesets import rules_of
from ..snapshots import freeze
from ..states import State
from ..workflow import Action
from . import budget
from .advance import advance, locked
from .evaluations import evaluate
from .reviews import confirm_judgements
from .support import note_support

CONCURS = "合議は、起案で合議先とされた部局・振興局が行います。"


@transaction.atomic
def draft(
    *,
    application_id: int,
    viewer: Viewer,
    act: str,
    plan: str,
    amount_yen: int | None = None,
    conditions: str = "",
    concurring: Sequence[str] = (),
    external_number: str = "",
) -> ApprovalRoute:
    """Draft the disposition and put it into circulation (T15). `act` is grant or refuse.

    The 起案用紙 (D-05) can be read as a draft meanwhile; it is issued when the circulation ends, with every box filled.

    `concurring` are keys of sections that must agree (合議, `common.directory.Section`): other departments, accounting;
    concurring bureaus are added by themselves. Raises Refused for a key that no section has.
    """
    application = locked(application_id, viewer)
    act = ApprovalRoute.Act(act)
    if not plan.strip():
        raise Refused("処分の案と理由を入力してください。")
    if act == ApprovalRoute.Act.GRANT:
        check_amount(application, amount_yen)
    advance(application, Action.DRAFT_DECISION, viewer, act=act.value, amount_yen=amount_yen)
    rules = rules_of(application.call.ruleset)
    route = ApprovalRoute.objects.create(
        application=application,
        act=act,
        subject=f"{application.call.program.name}　{application.region.name}の{act.label}について",
        plan=plan.strip(),
        conditions=conditions.strip(),
        amount_yen=amount_yen if act == ApprovalRoute.Act.GRANT else None,
        retention_years=int(rules.value("retention_years")),
        external_number=external_number.strip(),
        drafted_by_id=viewer.person,
        drafted_who=viewer.label,
        drafted_at=clock.now(),
    )
    for order, (key, label, duty, kind) in enumerate(_circulation(application, concurring), 1):
        ApprovalStep.objects.create(route=route, order=order, kind=kind, office_key=key, duty=duty, label=label)
        if kind == ApprovalStep.Kind.CONCUR:
            tell_concurring(application, key.partition("/")[0], Duty(duty))
    evaluate(application, viewer, stage=Stage.DECIDE)
    return route


def check_amount(application: Application, amount_yen: int | None) -> None:
    """Raise Refused unless the amount may be proposed: above zero, within the request, every cut explained."""
    if amount_yen is None or amount_yen <= 0:
        raise Refused("交付決定額を入力してください。")
    if amount_yen > application.requested_yen:
        raise Refused(f"交付決定額は申請額{show_yen(application.requested_yen)}円以内にしてください。")
    allocated = allocation_of(application)
    if allocated is not None and amount_yen > allocated.amount_yen:
        raise Refused(
            f"採用した配分案「{allocated.simulation.name}」の{show_yen(allocated.amount_yen)}円以内にしてください。"
            "配分を変えるときは、募集の予算の画面で別の配分案を採用してください。"
        )
    explained = allocated.amount_yen if allocated is not None else application.requested_yen
    if amount_yen < explained and not application.reductions.exists():
        raise Refused("申請額から減額するときは、経費ごとに減額と理由を登録してください。")


def _circulation(application: Application, concurring: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """The turns of a circulation in order: concurring bureaus and departments, then the decider."""
    turns: list[tuple[str, str, str, str]] = []
    codes = [part.municipality_id for part in application.parts.all()]
    bureaus = Bureau.objects.filter(jurisdictions__municipality__in=codes, jurisdictions__valid_to=None)
    for bureau in bureaus.exclude(pk=application.lead_bureau_id).exclude(parent=application.lead_bureau_id).distinct():
        turns.append((f"{OfficeKind.BUREAU}:{bureau.pk}", bureau.name, Duty.BM, ApprovalStep.Kind.CONCUR))
    sections = {section.key: section for section in departments(application.region.prefecture_id)}
    for key in concurring:
        if key not in sections:
            raise Refused("合議先が見つかりません。一覧から選び直してください。")
        turns.append((key, sections[key].office.section, sections[key].duty, ApprovalStep.Kind.CONCUR))
    if rules_of(application.call.ruleset).value("decision_authority") == "bureau":
        head = application.lead_bureau
        turns.append((f"{OfficeKind.BUREAU}:{head.pk}", f"{head.name}　{head.head_title}", Duty.BM, "decide"))
    else:
        key = f"{OfficeKind.PREFECTURE}:{application.region.prefecture_id}"
        turns.append((key, "本庁　決裁者", Duty.HM, "decide"))
    return turns


@transaction.atomic
def concur(*, application_id: int, viewer: Viewer, comment: str = "") -> ApprovalStep:
    """A section of headquarters or a concurring bureau agrees to the draft (合議)."""
    application = locked(application_id, viewer)
    step = _own_turn(application, viewer)
    _close_step(step, viewer, ApprovalStep.Result.AGREED, comment)
    audit.record(viewer, "application.concur", application, f"合議（{step.label}）", reason=comment, internal=True)
    return step


@transaction.atomic
def object_to(*, application_id: int, viewer: Viewer, reason: str) -> ApprovalStep:
    """A section of headquarters or a concurring bureau does not agree (異議); the draft cannot be approved so.

    The drafter's bureau and the decider are told; who objected may still agree later. Raises Refused without a reason.
    """
    application = locked(application_id, viewer)
    step = _own_turn(application, viewer)
    if not reason.strip():
        raise Refused("異議の理由を入力してください。")
    _close_step(step, viewer, ApprovalStep.Result.OBJECTED, reason)
    audit.record(
        viewer, "application.object", application, f"合議で異議（{step.label}）", reason=reason.strip(), internal=True
    )
    tell_objection(application, step.label)
    return step


def _own_turn(application: Application, viewer: Viewer) -> ApprovalStep:
    """The turn of the viewer's office in the circulating draft. Raises PermissionDenied when it has none."""
    step = _turns(application, viewer).order_by("order").first() if application.state == State.APPROVAL else None
    if step is None:
        raise PermissionDenied(CONCURS)
    return step


def _turns(application: Application, viewer: Viewer) -> QuerySet[ApprovalStep]:
    """The turns that the viewer's office may take: not taken yet, or an objection that it may still give up."""
    return ApprovalStep.objects.filter(
        route__application=application,
        route__state=ApprovalRoute.State.CIRCULATING,
        kind=ApprovalStep.Kind.CONCUR,
        result__in=[ApprovalStep.Result.WAITING, ApprovalStep.Result.OBJECTED],
        duty__in=[duty.value for duty in viewer.duties],
        office_key__in=[viewer.office.key, f"{viewer.office.key}/{viewer.office.section}"],
    )


@transaction.atomic
def send_back(*, application_id: int, viewer: Viewer, reason: str) -> Application:
    """The decider sends the draft back to the review (T16)."""
    application = locked(application_id, viewer)
    advance(application, Action.SEND_BACK, viewer, reason=reason)
    route = locking(application.routes).get(state=ApprovalRoute.State.CIRCULATING)
    step = route.steps.filter(kind=ApprovalStep.Kind.DECIDE, result=ApprovalStep.Result.WAITING).first()
    if step:
        _close_step(step, viewer, ApprovalStep.Result.SENT_BACK, reason)
    _close_route(route, ApprovalRoute.State.SENT_BACK)
    issue_paper("D-05", application, viewer, route=route)
    return application


@transaction.atomic
def decide(*, application_id: int, viewer: Viewer, comment: str = "", acting: bool = False) -> Decision:
    """Approve the circulating draft and carry it out: 交付決定 (T17) or 不交付 (T18).

    The budget is committed, the decision numbered and its notice issued in one transaction. Raises Refused with what
    is missing; of two deciders at once the second reads that the draft is no longer in circulation.
    """
    application = locked(application_id, viewer)
    route = application.routes.filter(state=ApprovalRoute.State.CIRCULATING).first()
    if route is None:
        raise Refused("決裁を待つ起案がありません。ほかの人がすでに処理した可能性があります。")
    now, today = clock.now(), clock.today()
    granting = route.act == ApprovalRoute.Act.GRANT
    if granting:
        advance(
            application,
            Action.GRANT,
            viewer,
            changes={"granted_yen": route.amount_yen, "due_on": None},
            recorded={"route": route.pk},
            amount_yen=route.amount_yen,
        )
        budget.commit(application, viewer, route.amount_yen or 0)
    else:
        advance(application, Action.REFUSE, viewer, reason=route.plan, changes={"due_on": None})
    step = route.steps.get(kind=ApprovalStep.Kind.DECIDE)
    _close_step(step, viewer, ApprovalStep.Result.AGREED, comment, acting=acting)
    _close_route(route, ApprovalRoute.State.APPROVED)
    issue_paper("D-05", application, viewer, route=route)
    confirm_judgements(application, viewer)
    decision = Decision.objects.create(
        application=application,
        route=route,
        kind=Decision.Kind.GRANTED if granting else Decision.Kind.REFUSED,
        amount_yen=route.amount_yen,
        conditions=route.conditions,
        reason="" if granting else route.plan,
        decided_on=today,
        decided_at=now,
        decided_by_id=viewer.person,
    )
    decision.document = issue_paper("D-08" if granting else "D-09", application, viewer, decision=decision)
    decision.save(update_fields=["document"])
    if granting:
        note_support(application)
        regions.begin_support(application.region_id, viewer=viewer)
    return decision


@transaction.atomic
def select(
    *, application_id: int, viewer: Viewer, amount_yen: int, conditions: str = "", apply_by: date | None = None
) -> Decision:
    """Headquarters selects a request (内定, T14); `apply_by` is the last day for the formal application.

    Without one the formal application is handed in by the last day of the call.
    """
    application = locked(application_id, viewer)
    if apply_by is not None and apply_by < clock.today():
        raise Refused("交付申請の期限は本日以後の日にしてください。")
    check_amount(application, amount_yen)
    advance(
        application,
        Action.SELECT,
        viewer,
        changes={"selected_yen": amount_yen, "due_on": apply_by},
        act="select",
        amount_yen=amount_yen,
    )
    confirm_judgements(application, viewer)
    return _decision(
        application,
        viewer,
        Decision.Kind.SELECTED,
        "D-06",
        amount_yen=amount_yen,
        conditions=conditions,
        apply_by=apply_by,
    )


@transaction.atomic
def not_select(*, application_id: int, viewer: Viewer, reason: str) -> Decision:
    """Headquarters does not select a request (不採択, T14)."""
    application = locked(application_id, viewer)
    advance(application, Action.NOT_SELECT, viewer, reason=reason, changes={"due_on": None}, act="not_select")
    return _decision(application, viewer, Decision.Kind.NOT_SELECTED, "D-07", reason=reason)


@transaction.atomic
def open_grant_phase(*, application_id: int, viewer: Viewer) -> Application:
    """After 内定 the lead's planner opens the formal application on the same record, with everything copied."""
    application = locked(application_id, viewer)
    freeze(application, viewer)
    return advance(
        application,
        Action.OPEN_GRANT_PHASE,
        viewer,
        changes={"phase": Application.Phase.GRANT, "received_on": None, "receipt_number": "", "declared": False},
    )


def _decision(application: Application, viewer: Viewer, kind: Decision.Kind, paper: str, **values: object) -> Decision:
    decision = Decision.objects.create(
        application=application,
        kind=kind,
        decided_on=clock.today(),
        decided_at=clock.now(),
        decided_by_id=viewer.person,
        **values,
    )
    decision.document = issue_paper(paper, application, viewer, decision=decision)
    decision.save(update_fields=["document"])
    return decision


def _close_step(
    step: ApprovalStep, viewer: Viewer, result: ApprovalStep.Result, comment: str, *, acting: bool = False
) -> None:
    step.result, step.comment, step.acting = result, comment.strip(), acting or viewer.deputy_for is not None
    step.by_id, step.who, step.at = viewer.user_id, viewer.label, clock.now()
    step.save()


def _close_route(route: ApprovalRoute, state: ApprovalRoute.State) -> None:
    route.state, route.closed_at = state, clock.now()
    route.save(update_fields=["state", "closed_at"])


def may_concur(application: Application, viewer: Viewer) -> bool:
    """Say whether a 合議 of this draft waits for the viewer's office, or stands there as its objection."""
    return viewer.may(APPROVAL, Access.READ) and _turns(application, viewer).exists()
