"""Pre-consultation with the bureau while the application is still a draft (T02)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from common import clock
from common.errors import Refused
from common.viewer import Viewer

from ..issuing import issue_paper
from ..models import PreConsultation
from ..workflow import Action
from .advance import advance, locked


@transaction.atomic
def ask(*, application_id: int, viewer: Viewer, points: str) -> PreConsultation:
    """The planner of the lead asks the bureau for a consultation."""
    application = locked(application_id, viewer)
    if not points.strip():
        raise Refused("相談したいことを入力してください。")
    advance(application, Action.ASK_CONSULTATION, viewer, recorded={"points": points.strip()})
    return PreConsultation.objects.create(
        application=application, asked_on=clock.today(), asked_by_id=viewer.person, points=points.strip()
    )


@transaction.atomic
def close(
    *, application_id: int, viewer: Viewer, held_on: date, attendees: str, answers: str, next_action: str = ""
) -> PreConsultation:
    """The bureau records the consultation and gives the draft back (D-02)."""
    application = locked(application_id, viewer)
    if not answers.strip():
        raise Refused("回答・助言を入力してください。")
    if held_on > clock.today():
        raise Refused("協議日は本日以前の日にしてください。")
    advance(application, Action.CLOSE_CONSULTATION, viewer)
    consultation = application.consultations.filter(closed_on=None).order_by("-id").first()
    if consultation is None:
        raise Refused("申込みの記録がありません。")
    consultation.held_on, consultation.attendees = held_on, attendees.strip()
    consultation.answers, consultation.next_action = answers.strip(), next_action.strip()
    consultation.closed_on, consultation.closed_by_id = clock.today(), viewer.user_id
    consultation.save()
    issue_paper("D-02", application, viewer, consultation=consultation)
    return consultation
