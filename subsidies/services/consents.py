"""Consent of every member to a joint application (T03–T05)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.viewer import SYSTEM, Access, Viewer

from ..duties import CONSENT
from ..models import Application, Participant
from ..snapshots import consent_key
from ..states import State
from ..workflow import Action
from .advance import advance, locked


@transaction.atomic
def ask(*, application_id: int, viewer: Viewer) -> Application:
    """Ask every member for consent (T03). A consent given for the same content stays valid."""
    application = locked(application_id, viewer)
    advance(application, Action.ASK_CONSENT, viewer)
    _ask_again(application)
    _ready_when_all(application)
    return application


@transaction.atomic
def ask_again(*, application_id: int, viewer: Viewer) -> Application:
    """While corrections are made: ask again those whose consent no longer fits the content (T10)."""
    application = locked(application_id, viewer)
    if application.state != State.RETURNED:
        raise Refused("再度の同意確認は、補正中の申請で行います。")
    if not (viewer.is_municipal and viewer.office.code == application.lead_id and viewer.may(CONSENT)):
        raise PermissionDenied
    count = _ask_again(application)
    audit.record(viewer, "application.ask_again", application, "構成市町村へ再度確認を依頼", after={"asked": count})
    return application


def outdated(application: Application) -> bool:
    """Say whether someone's consent was given for another content than the present one."""
    return application.parts.exclude(consented_content__in=["", consent_key(application)]).exists()


@transaction.atomic
def agree(*, application_id: int, viewer: Viewer, document_no: str = "", note: str = "") -> Application:
    """An approver of a member consents in her town's name."""
    application, part = _own_part(application_id, viewer)
    part.consent = Participant.Consent.AGREED
    part.consented_on, part.consented_by_id = clock.today(), viewer.user_id
    part.consent_document_no, part.consent_note = document_no.strip(), note.strip()
    part.consented_content = consent_key(application)
    part.save()
    audit.record(
        viewer,
        "application.agree",
        application,
        f"{viewer.office.name}が同意",
        after={"municipality": part.municipality_id, "document_no": part.consent_document_no},
    )
    _ready_when_all(application)
    return application


@transaction.atomic
def decline(*, application_id: int, viewer: Viewer, reason: str) -> Application:
    """An approver does not consent or asks for a change: the application goes back to the planner (T04)."""
    application, part = _own_part(application_id, viewer)
    if application.state == State.RETURNED:
        if not reason.strip():
            raise Refused("理由を入力してください。")
        audit.record(viewer, "application.decline", application, f"{viewer.office.name}が修正を求める", reason=reason)
    else:
        advance(application, Action.DECLINE, viewer, reason=reason, recorded={"municipality": part.municipality_id})
    part.consent, part.consent_note = Participant.Consent.REFUSED, reason.strip()
    part.consented_on = part.consented_by_id = None
    part.consented_content = ""
    part.save()
    return application


def _own_part(application_id: int, viewer: Viewer) -> tuple[Application, Participant]:
    application = locked(application_id, viewer)
    if not viewer.may(CONSENT, Access.SUBMIT):
        raise PermissionDenied
    part = application.parts.filter(municipality=viewer.office.code).first()
    if part is None:
        raise PermissionDenied
    if application.state not in (State.CONSENT, State.READY, State.RETURNED):
        raise Refused(f"「{application.get_state_display()}」の申請には同意の手続を行えません。")
    return application, part


def _ask_again(application: Application) -> int:
    """Put those to 確認中 whose consent is missing or was given for another content; return how many."""
    key = consent_key(application)
    stale = application.parts.exclude(consent=Participant.Consent.AGREED, consented_content=key)
    return stale.update(
        consent=Participant.Consent.ASKED, consented_on=None, consented_by=None, consented_content="", consent_note=""
    )


def _ready_when_all(application: Application) -> None:
    if application.state == State.CONSENT and not application.parts.exclude(consent="agreed").exists():
        advance(application, Action.ALL_AGREED, SYSTEM)
