"""The prefecture's side of a change: return, opinion, decision; what time brings to a discontinued work (T22–T25)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.viewer import SYSTEM, Access, Duty, Viewer

from ..changing import Weighed
from ..duties import CHANGE
from ..issuing import issue_paper
from ..models import Application, ChangeRequest, Decision
from ..notifying import tell_opined
from ..states import State
from ..workflow import Action, Side
from .advance import advance, locked, sits_on
from .change_effects import take_effect
from .changes import locked_change
from .completion import open_report

Kind, Phase = ChangeRequest.Kind, ChangeRequest.State
LEAST_WORDS = 20  # of an opinion that settles what the rules leave to a person
OPINES = "変更等についての意見は、主管振興局の審査担当が書きます。"


@transaction.atomic
def send_back(*, application_id: int, number: int, reason: str, viewer: Viewer) -> ChangeRequest:
    """The bureau's staff asks for a correction: the work goes on, the towns mend and submit again."""
    application, change = locked_change(application_id, number, viewer)
    _require_reviewer(application, change, viewer)
    suspended = change.began_from == State.SUSPENDED
    action = Action.RETURN_WHILE_SUSPENDED if suspended else Action.RETURN_CHANGE
    advance(application, action, viewer, reason=reason, recorded={"change": change.number})
    change.state, change.return_reason, change.returned_at = Phase.RETURNED, reason.strip(), clock.now()
    change.opinion, change.opinion_fits, change.opinion_by, change.opinion_who, change.opinion_at = (
        "", None, None, "", None)  # fmt: skip
    change.handed_at = None
    change.save()
    return change


@transaction.atomic
def opine(*, application_id: int, number: int, text: str, fits: bool, viewer: Viewer) -> ChangeRequest:
    """The bureau's staff writes its opinion, upon which somebody else decides.

    Where the change leaves something to a person's judgement, the opinion has at least 20 characters.
    """
    application, change = locked_change(application_id, number, viewer)
    _require_reviewer(application, change, viewer)
    if not text.strip():
        raise Refused("意見を入力してください。")
    if change.kind == Kind.CHANGE and len(text.strip()) < LEAST_WORDS and Weighed.of(change).opened:
        raise Refused(f"判断を要する要件があるため、意見は判断の理由を含めて{LEAST_WORDS}字以上で書いてください。")
    change.opinion, change.opinion_fits = text.strip(), fits
    change.opinion_by_id, change.opinion_who, change.opinion_at = viewer.person, viewer.label, clock.now()
    change.save(update_fields=["opinion", "opinion_fits", "opinion_by", "opinion_who", "opinion_at"])
    audit.record(
        viewer, "change.opine", application, f"変更等への意見（第{change.number}号）", internal=True,
        after={"change": change.number, "fits": fits},
    )  # fmt: skip
    tell_opined(application, change.get_kind_display(), carries_over=goes_to_headquarters(change))
    return change


@transaction.atomic
def approve(*, application_id: int, number: int, viewer: Viewer, comment: str = "") -> ChangeRequest:
    """Decide in the towns' favour and carry it out in one transaction.

    Of two deciders at once the second reads that nothing is under review any more. Raises Refused with what is
    missing (opinion, rules, money) and PermissionDenied.
    """
    application, change = locked_change(application_id, number, viewer)
    weighed = Weighed.of(change)
    action = approving(change)
    changes: dict[str, object] = {}
    if action == Action.CARRY_OVER:
        changes["carried_over"] = True
    if action == Action.APPROVE_DISCONTINUATION:
        changes["finished_on"] = change.effective_on
    advance(
        application, action, viewer, reason=comment, changes=changes, change=change, weighed=weighed,
        recorded={"change": change.number, "grant_yen": weighed.after.grant_yen},
    )  # fmt: skip
    _close(change, Phase.APPROVED, viewer, comment)
    match change.kind:
        case Kind.CHANGE:
            take_effect(application, change, viewer)
            _decide(application, change, viewer, Decision.Kind.CHANGED, "D-12", weighed.after.grant_yen)
        case Kind.DELAY:
            take_effect(application, change, viewer)
        case Kind.SUSPEND:
            _decide(application, change, viewer, Decision.Kind.SUSPENDED, "D-14", None)
        case Kind.DISCONTINUE:
            _decide(application, change, viewer, Decision.Kind.DISCONTINUED, "D-14", None)
            _report_stopped(application, clock.today())
    return change


@transaction.atomic
def refuse(*, application_id: int, number: int, reason: str, viewer: Viewer) -> ChangeRequest:
    """Do not approve, with the reason that the towns read; the work goes on as it was granted."""
    application, change = locked_change(application_id, number, viewer)
    advance(application, refusing(change), viewer, reason=reason, change=change, recorded={"change": change.number})
    _close(change, Phase.REFUSED, viewer, reason)
    return change


def run_due(on: date) -> dict[str, int]:
    """Open the report of works whose day of discontinuation has come. Idempotent; counts."""
    waiting = Application.objects.filter(state=State.DISCONTINUED, finished_on__lte=on).values_list("pk", flat=True)
    done = 0
    for pk in list(waiting):
        with transaction.atomic():
            done += _report_stopped(locked(pk, SYSTEM), on)
    return {"stopped": done}


def approving(change: ChangeRequest) -> Action:
    """The step that approves it: of a delay beyond the fiscal year the carry-over by headquarters."""
    if change.kind == Kind.DELAY:
        return Action.CARRY_OVER if goes_to_headquarters(change) else Action.CONFIRM_DELAY
    return {
        Kind.CHANGE: Action.APPROVE_CHANGE,
        Kind.LIGHT: Action.APPROVE_CHANGE,  # filed, so the step refuses
        Kind.SUSPEND: Action.APPROVE_SUSPENSION,
        Kind.DISCONTINUE: Action.APPROVE_DISCONTINUATION,
    }[Kind(change.kind)]


def refusing(change: ChangeRequest) -> Action:
    """The step that refuses it and leaves the work where it was."""
    if change.kind == Kind.DELAY:
        return Action.REFUSE_CARRY_OVER if goes_to_headquarters(change) else Action.REFUSE_DELAY
    return Action.REFUSE_WHILE_SUSPENDED if change.began_from == State.SUSPENDED else Action.REFUSE_CHANGE


def goes_to_headquarters(change: ChangeRequest) -> bool:
    """Whether a delay ends after 31 March, so that headquarters decides about carrying it over."""
    return change.crosses_year


def may_opine(application: Application, viewer: Viewer) -> bool:
    """Whether this person writes the bureau's opinion: staff of the lead bureau."""
    return viewer.has(Duty.BS) and sits_on(application, Side.BUREAU, viewer)


def _require_reviewer(application: Application, change: ChangeRequest, viewer: Viewer) -> None:
    """Staff of the lead bureau on a request that is under review; an older request of the case is none."""
    require(viewer, CHANGE, Access.COMMENT)
    if not may_opine(application, viewer):
        raise PermissionDenied(OPINES)
    if change.state != Phase.SUBMITTED:
        raise Refused("審査中の申請ではありません。ほかの人がすでに処理した可能性があります。")


def _report_stopped(application: Application, on: date) -> bool:
    """Open the report of what was done, once the day of discontinuation has come."""
    finished = application.finished_on
    if finished is None or finished > on:
        return False
    advance(application, Action.REPORT_STOPPED, SYSTEM, on=on)
    decided = application.decisions.filter(kind=Decision.Kind.DISCONTINUED).order_by("-id").first()
    open_report(application, finished, approved_on=decided.decided_on if decided else None)
    return True


def _close(change: ChangeRequest, state: str, viewer: Viewer, words: str) -> None:
    change.state, change.answer = state, words.strip()
    change.closed_at, change.closed_by_id, change.closed_who = clock.now(), viewer.person, viewer.label
    change.save()


def _decide(
    application: Application, change: ChangeRequest, viewer: Viewer, kind: str, paper: str, amount_yen: int | None
) -> None:
    decision = Decision.objects.create(
        application=application,
        kind=kind,
        amount_yen=amount_yen,
        reason=change.answer,
        decided_on=clock.today(),
        decided_at=clock.now(),
        decided_by_id=viewer.person,
    )
    change.decision = decision
    change.save(update_fields=["decision"])
    decision.document = issue_paper(paper, application, viewer, change=change)
    decision.save(update_fields=["document"])
