"""Revoking a grant (T35): proposed by staff, heard, agreed to where it is configured, decided by another person."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from common import audit, clock
from common.access import require
from common.directory import departments
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from common.yen import show_yen

from ..duties import REVOCATION
from ..issuing import issue_paper
from ..models import (
    Application,
    BudgetEntry,
    Decision,
    Revocation,
    RevocationConcurrence,
    Settlement,
)
from ..notifying import tell_revocation_concurring, tell_revocation_proposed, tell_revocation_sent_back
from ..settling import due_yen, paid_yen
from ..states import State
from ..workflow import STEPS, Action, Side
from . import budget
from .advance import advance, locked, sits_in_authority, sits_on
from .change_effects import drop_open
from .support import note_support

DRAFTERS = "取消しは、主管振興局または本庁の審査担当が起案します。"
LEAST_REASON = 10
"""Characters of a reason for not hearing the towns: a word alone is no reason."""


def action_of(scope: str) -> Action:
    """The step that a decision of this scope takes."""
    return Action.REVOKE if scope == Revocation.Scope.WHOLE else Action.REVOKE_PART


@transaction.atomic
def propose(
    *, application_id: int, viewer: Viewer, ground: str, scope: str, facts: str, revoked_yen: int | None = None
) -> Revocation:
    """Staff of the lead bureau or of headquarters propose to revoke a grant, wholly or in part (whole yen).

    Nothing changes for the towns. Raises Refused: a state without a grant to revoke, another proposal is open, no
    facts, no amount for a part or one that is not a part.
    """
    application = locked(application_id, viewer)
    _require_drafter(application, viewer)
    whole = due_yen(application)
    problems = []
    if scope not in Revocation.Scope.values or ground not in Revocation.Ground.values:
        raise Refused("取消しの範囲と事由を選んでください。")
    step = STEPS[action_of(scope)]
    if application.state not in step.sources:
        raise Refused(f"「{application.get_state_display()}」の申請には「{step.title}」を行えません。")
    if application.revocations.filter(state=Revocation.State.PROPOSED).exists():
        raise Refused("決裁を待つ取消しの案がすでにあります。")
    if not facts.strip():
        problems.append("事実の内容を入力してください。")
    if scope == Revocation.Scope.PART and not (revoked_yen and 0 < revoked_yen < whole):
        problems.append(f"一部を取り消す額は、1円以上で現在の額{show_yen(whole)}円より少なくしてください。")
    if problems:
        raise Refused(*problems)
    last = application.revocations.order_by("-number").values_list("number", flat=True).first() or 0
    made = Revocation.objects.create(
        application=application,
        number=last + 1,
        ground=ground,
        scope=scope,
        revoked_yen=revoked_yen if scope == Revocation.Scope.PART and revoked_yen else whole,
        facts=facts.strip(),
        drafted_by_id=viewer.person,
        drafted_who=viewer.label,
        drafted_at=clock.now(),
    )
    _circulate(made)
    _record(viewer, "revocation.propose", made, "取消しの起案", after={"scope": scope, "yen": made.revoked_yen})
    tell_revocation_proposed(application)
    return made


@transaction.atomic
def record_hearing(
    *,
    application_id: int,
    viewer: Viewer,
    held_on: date | None = None,
    who: str = "",
    statement: str = "",
    waived: str = "",
) -> Revocation:
    """Write down what the towns said on which day, or why they were not heard. Raises Refused with what is missing."""
    application = locked(application_id, viewer)
    _require_drafter(application, viewer)
    made = _open(application)
    problems = []
    if held_on is None and len(waived.strip()) < LEAST_REASON:
        problems.append(f"弁明を聴いた日か、機会を設けない理由（{LEAST_REASON}字以上）を入力してください。")
    if held_on is not None:
        if waived.strip():
            problems.append("弁明を聴いたときは、機会を設けない理由を空欄にしてください。")
        if held_on > clock.today():
            problems.append("弁明を聴いた日に将来の日は指定できません。")
        if not who.strip() or not statement.strip():
            problems.append("弁明した人と弁明の内容を入力してください。")
    if problems:
        raise Refused(*problems)
    made.hearing_on, made.hearing_who = held_on, who.strip() if held_on else ""
    made.hearing_statement = statement.strip() if held_on else ""
    made.hearing_waived, made.hearing_by = waived.strip(), viewer.label
    made.save()
    _record(viewer, "revocation.hear", made, "弁明の記録" if held_on else "弁明の機会を設けない理由の記録")
    return made


@transaction.atomic
def concur(*, application_id: int, viewer: Viewer, agrees: bool, comment: str = "") -> RevocationConcurrence:
    """A section that was asked agrees, or objects with a reason; who objected may still agree later."""
    application = locked(application_id, viewer)
    require(viewer, REVOCATION, Access.COMMENT)
    turn = own_turn(application, viewer)
    if turn is None:
        raise PermissionDenied("合議は、合議先とされた部局が行います。")
    if not agrees and not comment.strip():
        raise Refused("異議の理由を入力してください。")
    turn.result = RevocationConcurrence.Result.AGREED if agrees else RevocationConcurrence.Result.OBJECTED
    turn.who, turn.at, turn.comment = viewer.label, clock.now(), comment.strip()
    turn.save()
    title = f"取消しの合議{'' if agrees else 'で異議'}（{turn.label}）"
    _record(viewer, "revocation.concur", turn.revocation, title, reason=comment)
    return turn


@transaction.atomic
def send_back(*, application_id: int, viewer: Viewer, reason: str) -> Revocation:
    """The decider does not approve the proposal; the grant stands as it was."""
    application = locked(application_id, viewer)
    _require_decider(application, viewer)
    made = _open(application)
    if not reason.strip():
        raise Refused("差し戻す理由を入力してください。")
    _close(made, Revocation.State.SENT_BACK, viewer, reason)
    _record(viewer, "revocation.send_back", made, "取消しの案の差戻し", reason=reason)
    tell_revocation_sent_back(application)
    return made


@transaction.atomic
def decide(*, application_id: int, viewer: Viewer, answer: str = "") -> Decision:
    """Another person decides (T35): the budget is released, the notice D-22 numbered and issued, in one transaction.

    A part leaves the state as it is; the whole ends in 取消. Raises Refused with what is missing; of two deciders at
    once the second reads that no proposal is open.
    """
    application = locked(application_id, viewer)
    _require_decider(application, viewer)
    made = _open(application)
    before = due_yen(application)
    whole = made.scope == Revocation.Scope.WHOLE
    made.revoked_yen = before if whole else made.revoked_yen
    left = before - made.revoked_yen
    settlement = application.settlements.filter(superseded_by=None).first()
    changes = {"granted_yen": left} | ({"fixed_yen": left} if whole or settlement else {})
    advance(
        application,
        action_of(made.scope),
        viewer,
        reason=f"{made.get_ground_display()}：{made.facts}",
        changes=changes | ({"due_on": None} if whole else {}),
        recorded={"revocation": made.number, "revoked_yen": made.revoked_yen},
        revocation=made,
    )
    if whole:
        drop_open(application, viewer, "交付決定の全部が取り消されたため、手続を終了しました。")
    bound = BudgetEntry.objects.filter(application=application).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    if bound > left:
        budget.release(application, viewer, bound - left)
    if settlement is not None:
        supersede(settlement, viewer, fixed_yen=left, reason=f"交付決定の取消し（{made.get_scope_display()}）による。")
    note_support(application)
    decision = Decision.objects.create(
        application=application,
        kind=Decision.Kind.REVOKED,
        amount_yen=made.revoked_yen,
        reason=made.facts,
        decided_on=clock.today(),
        decided_at=clock.now(),
        decided_by_id=viewer.person,
    )
    made.decision = decision
    _close(made, Revocation.State.DECIDED, viewer, answer)
    decision.document = issue_paper("D-22", application, viewer, revocation=made, paid_yen=paid_yen(application))
    decision.save(update_fields=["document"])
    return decision


def supersede(old: Settlement, viewer: Viewer, *, fixed_yen: int, reason: str, **figures: int) -> Settlement:
    """Write the amount fixed anew beside the old one, which stays and is marked superseded.

    `figures` are eligible_yen and other_income_yen where they changed too.
    """
    new = Settlement(
        application=old.application,
        inspection_id=old.inspection_id,
        granted_yen=old.application.granted_yen or 0,
        eligible_yen=figures.get("eligible_yen", old.eligible_yen),
        other_income_yen=figures.get("other_income_yen", old.other_income_yen),
        rate=old.rate,
        fixed_yen=fixed_yen,
        paid_yen=paid_yen(old.application),
        reason=reason,
        fixed_on=clock.today(),
        fixed_at=clock.now(),
        fixed_by_id=viewer.person,
    )
    new.superseded_by = old  # two valid ones may not stand beside each other, not even for a moment
    new.save()
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    new.superseded_by = None
    new.save(update_fields=["superseded_by"])
    return new


def own_turn(application: Application, viewer: Viewer) -> RevocationConcurrence | None:
    """The turn of the viewer's section in the open proposal: not taken yet, or an objection it may still give up."""
    return RevocationConcurrence.objects.filter(
        revocation__application=application,
        revocation__state=Revocation.State.PROPOSED,
        result__in=[RevocationConcurrence.Result.WAITING, RevocationConcurrence.Result.OBJECTED],
        duty__in=[duty.value for duty in viewer.duties],
        office_key=f"{viewer.office.key}/{viewer.office.section}",
    ).first()


def drafts(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer is staff of the lead bureau or of headquarters; accounting only records receipts here."""
    return viewer.has(Duty.BS, Duty.HS) and sits_on(application, Side.DRAFTER, viewer)


def may_propose(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer could propose now: drafts in this office, and the state has a grant to revoke."""
    open_to = STEPS[Action.REVOKE].sources | STEPS[Action.REVOKE_PART].sources
    return (
        State(application.state) in open_to
        and drafts(application, viewer)
        and not application.revocations.filter(state=Revocation.State.PROPOSED).exists()
    )


def _circulate(made: Revocation) -> None:
    """Ask the sections that the prefecture's configuration names (`terms["revocation_concurs"]`, keys of sections)."""
    prefecture = made.application.region.prefecture
    wanted = prefecture.terms.get("revocation_concurs", [])
    for section in departments(prefecture.pk) if wanted else ():
        if section.key in wanted:
            RevocationConcurrence.objects.create(
                revocation=made, office_key=section.key, duty=section.duty, label=section.office.section
            )
            tell_revocation_concurring(made.application, section.office.key, section.duty)


def _require_drafter(application: Application, viewer: Viewer) -> None:
    require(viewer, REVOCATION, Access.EDIT)
    if not drafts(application, viewer):
        raise PermissionDenied(DRAFTERS)


def _require_decider(application: Application, viewer: Viewer) -> None:
    require(viewer, REVOCATION, Access.SUBMIT)
    if not sits_in_authority(application, viewer):
        raise PermissionDenied("取消しは、制度が定める決裁者（主管振興局または本庁）が決裁します。")


def _open(application: Application) -> Revocation:
    made = locking(application.revocations).filter(state=Revocation.State.PROPOSED).first()
    if made is None:
        raise Refused("決裁を待つ取消しの案がありません。ほかの人がすでに処理した可能性があります。")
    return made


def _close(made: Revocation, state: Revocation.State, viewer: Viewer, answer: str) -> None:
    made.state, made.answer = state, answer.strip()
    made.closed_by_id, made.closed_who, made.closed_at = viewer.person, viewer.label, clock.now()
    made.save()


def _record(
    viewer: Viewer,
    action: str,
    made: Revocation,
    title: str,
    *,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    kept = {"revocation": made.number} | (after or {})
    audit.record(viewer, action, made.application, title, after=kept, reason=reason.strip(), internal=True)
