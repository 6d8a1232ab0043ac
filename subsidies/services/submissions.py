"""Submitting, taking back, resubmitting and withdrawing (T06, T07, T10, T19, T20)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.viewer import Duty, Viewer

from ..issuing import issue_paper
from ..models import Application
from ..rules.ruleset import Stage
from ..snapshots import freeze
from ..states import BEFORE_SUBMISSION, State
from ..workflow import Action
from . import budget
from .advance import advance, locked
from .consents import outdated
from .evaluations import evaluate
from .support import note_support, undo_support


@transaction.atomic
def submit(*, application_id: int, viewer: Viewer, document_no: str = "") -> Application:
    """The approver of the lead submits in the region's name: content, verdict and paper are frozen (T06)."""
    application = locked(application_id, viewer)
    changes: dict[str, object] = {"submitted_at": clock.now(), "submitted_by_id": viewer.user_id, "due_on": None}
    if document_no.strip():
        changes["lead_document_no"] = document_no.strip()
    advance(application, Action.SUBMIT, viewer, changes=changes)
    _freeze_and_issue(application, viewer)
    return application


@transaction.atomic
def take_back(*, application_id: int, viewer: Viewer) -> Application:
    """Take an application back before anyone received it (T07)."""
    application = locked(application_id, viewer)
    return advance(application, Action.TAKE_BACK, viewer)


@transaction.atomic
def resubmit(*, application_id: int, viewer: Viewer) -> Application:
    """Submit again after correction (T10). Consents are asked anew only where amount, members or projects changed."""
    application = locked(application_id, viewer)
    if outdated(application):
        raise Refused("金額・構成・取組が変わったため、構成市町村の同意を取り直す必要があります。")
    advance(application, Action.RESUBMIT, viewer, changes={"due_on": None})
    application.rounds.filter(resubmitted_at=None).update(resubmitted_at=clock.now())
    _freeze_and_issue(application, viewer)
    return application


@transaction.atomic
def withdraw(*, application_id: int, viewer: Viewer, reason: str = "") -> Application:
    """Withdraw before the decision (T19), or within the days that the ruleset gives after it (T20).

    A grant that is withdrawn comes to 0 yen: what was bound goes back, and its year counts as no year of support.
    """
    application = locked(application_id, viewer)
    granted, held_yen = application.state == State.GRANTED, application.granted_yen or 0
    advance(
        application,
        Action.WITHDRAW_GRANT if granted else Action.WITHDRAW,
        viewer,
        reason=reason,
        changes={"due_on": None} | ({"granted_yen": 0} if granted else {}),
    )
    application.routes.filter(state="circulating").update(state="sent_back", closed_at=clock.now())
    if granted:
        budget.release(application, viewer, held_yen)
        note_support(application)
        undo_support(application, viewer)
    if application.submitted_at is not None:
        issue_paper("D-10", application, viewer, reason=reason, granted_yen=held_yen)
    return application


@transaction.atomic
def admit_late(*, application_id: int, viewer: Viewer, reason: str) -> Application:
    """The bureau's decider admits a submission after the deadline, with a reason (T06)."""
    if not (viewer.has(Duty.BM) and viewer.is_bureau):
        raise PermissionDenied
    waiting = Application.objects.filter(lead_bureau=viewer.office.code, state__in=BEFORE_SUBMISSION)
    application = locking(waiting).get(pk=application_id)
    if not reason.strip():
        raise Refused("締切後の受理を認める理由を入力してください。")
    application.late_admitted, application.late_reason = True, reason.strip()
    application.save(update_fields=["late_admitted", "late_reason"])
    audit.record(viewer, "application.admit_late", application, "締切後の受理を承認", reason=reason)
    return application


def _freeze_and_issue(application: Application, viewer: Viewer) -> None:
    freeze(application, viewer)
    evaluate(application, viewer, stage=Stage.SUBMIT)
    issue_paper("D-01" if application.phase == Application.Phase.REQUEST else "D-03", application, viewer)
