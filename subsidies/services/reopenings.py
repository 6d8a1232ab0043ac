"""A closed file fixed anew (T37): asked by a decider of headquarters, confirmed by a second one, the old marked."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from common import audit, clock, documents
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from common.yen import show_yen

from ..duties import REOPENING
from ..issuing import issue_paper
from ..models import Application, BudgetEntry, Decision, Reopening, Settlement
from ..notifying import tell_reopening_asked
from ..settling import reckon
from ..states import State
from ..workflow import Action, Side
from . import budget
from .advance import advance, locked, sits_on
from .revocations import supersede

ASKERS = "再確定は、本庁の決裁者が発議します。"
CONFIRMERS = "再確定は、発議した人とは別の、本庁または主管振興局の決裁者が確認します。"
LEAST_REASON = 10


@transaction.atomic
def ask(*, application_id: int, viewer: Viewer, reason: str, eligible_yen: int, other_income_yen: int) -> Reopening:
    """A decider of headquarters asks to fix a closed file anew with the amounts that hold now (whole yen).

    Raises Refused: not closed, asked already, no reason, more accepted than before, nothing that would change.
    """
    application = locked(application_id, viewer)
    if not may_ask(application, viewer):
        require(viewer, REOPENING, Access.EDIT)
        raise PermissionDenied(ASKERS)
    if application.state != State.CLOSED:
        raise Refused(f"「{application.get_state_display()}」の申請は再確定できません。完結した申請だけです。")
    if application.reopenings.filter(state=Reopening.State.ASKED).exists():
        raise Refused("確認を待つ再確定がすでにあります。")
    old = application.settlements.filter(superseded_by=None).first()
    if old is None:
        raise Refused("確定した額がありません。")
    problems = []
    if len(reason.strip()) < LEAST_REASON:
        problems.append(f"再確定の理由を{LEAST_REASON}字以上で入力してください。")
    figures = reckon(application, eligible_yen=eligible_yen, other_income_yen=other_income_yen)
    fixed = figures.result.fixed_yen
    if fixed > old.fixed_yen:
        problems.append(f"出納閉鎖の後なので、再確定の額は現在の確定額{show_yen(old.fixed_yen)}円以内になります。")
    if (eligible_yen, other_income_yen) == (old.eligible_yen, old.other_income_yen) and fixed == old.fixed_yen:
        problems.append("現在の確定と同じ額です。")
    if problems:
        raise Refused(*problems)
    last = application.reopenings.order_by("-number").values_list("number", flat=True).first() or 0
    made = Reopening.objects.create(
        application=application, number=last + 1, reason=reason.strip(), eligible_yen=eligible_yen,
        other_income_yen=other_income_yen, fixed_yen=fixed, asked_by_id=viewer.person, asked_who=viewer.label,
        asked_at=clock.now(),
    )  # fmt: skip
    audit.record(
        viewer,
        "reopening.ask",
        application,
        "再確定の発議",
        after={"fixed_yen": fixed},
        reason=made.reason,
        internal=True,
    )
    tell_reopening_asked(application)
    return made


@transaction.atomic
def confirm(*, application_id: int, viewer: Viewer, answer: str = "") -> Settlement:
    """A second decider confirms (T37): a new settlement and a new D-20 stand in the place of the old ones.

    Money follows as after any fixing: a return is ordered or the file is settled, and it is closed again.
    """
    application = locked(application_id, viewer)
    made = _asked(application, viewer)
    advance(
        application, Action.REOPEN, viewer, reason=made.reason,
        changes={"fixed_yen": made.fixed_yen, "closed_on": None},
        recorded={"reopening": made.number}, reopening=made,
    )  # fmt: skip
    old = application.settlements.get(superseded_by=None)
    new = supersede(
        old, viewer, fixed_yen=made.fixed_yen, reason=made.reason, eligible_yen=made.eligible_yen,
        other_income_yen=made.other_income_yen,
    )  # fmt: skip
    _decide(application, viewer, new)
    bound = BudgetEntry.objects.filter(application=application).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    if bound > new.fixed_yen:
        budget.release(application, viewer, bound - new.fixed_yen)
    made.settlement = new
    _close(made, Reopening.State.CONFIRMED, viewer, answer)
    return new


@transaction.atomic
def refuse(*, application_id: int, viewer: Viewer, answer: str) -> Reopening:
    """A second decider does not confirm; the file stays closed as it was."""
    application = locked(application_id, viewer)
    made = _asked(application, viewer)
    if not answer.strip():
        raise Refused("承認しない理由を入力してください。")
    if viewer.stands_for(made.asked_by_id):
        raise Refused("再確定を発議した人は確認できません。別の決裁者が確認してください。")
    _close(made, Reopening.State.REFUSED, viewer, answer)
    audit.record(viewer, "reopening.refuse", application, "再確定の不承認", reason=answer.strip(), internal=True)
    return made


def may_ask(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer is a decider of headquarters, where re-opening begins."""
    return viewer.may(REOPENING, Access.EDIT) and viewer.is_prefecture and viewer.has(Duty.HM)


def may_confirm(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer is a decider of headquarters or of the lead bureau."""
    return viewer.may(REOPENING, Access.SUBMIT) and sits_on(application, Side.SECOND_APPROVER, viewer)


def _decide(application: Application, viewer: Viewer, settlement: Settlement) -> None:
    """The new decision with its paper; the old decision and its paper are marked as replaced."""
    old = application.decisions.select_related("document").filter(
        kind=Decision.Kind.FIXED, superseded_by=None
    ).first()  # fmt: skip
    now = clock.now()
    new = Decision(
        application=application, kind=Decision.Kind.FIXED, amount_yen=settlement.fixed_yen, reason=settlement.reason,
        decided_on=clock.today(), decided_at=now, decided_by_id=viewer.person, superseded_by=old,
    )  # fmt: skip
    new.save()
    if old is not None:
        old.superseded_by = new
        old.save(update_fields=["superseded_by"])
    new.superseded_by = None
    new.document = issue_paper("D-20", application, viewer, settlement=settlement, replaces=old)
    new.save(update_fields=["superseded_by", "document"])
    if old is not None and old.document is not None:
        documents.supersede(old.document, new.document, viewer)


def _asked(application: Application, viewer: Viewer) -> Reopening:
    if not may_confirm(application, viewer):
        require(viewer, REOPENING, Access.SUBMIT)
        raise PermissionDenied(CONFIRMERS)
    made = locking(application.reopenings).filter(state=Reopening.State.ASKED).first()
    if made is None:
        raise Refused("確認を待つ再確定がありません。ほかの人がすでに処理した可能性があります。")
    return made


def _close(made: Reopening, state: Reopening.State, viewer: Viewer, answer: str) -> None:
    made.state, made.answer = state, answer.strip()
    made.closed_by_id, made.closed_who, made.closed_at = viewer.person, viewer.label, clock.now()
    made.save()
