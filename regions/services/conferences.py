"""Meetings of a bureau's promotion conference (検討会議): planned, held, minutes confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.viewer import Access, Viewer
from municipalities.models import Bureau

from .. import duties
from ..models import ConferenceMeeting

S = ConferenceMeeting.State


@dataclass(frozen=True)
class MeetingDraft:
    """What a person typed about a meeting that was held."""

    held_on: date
    place: str = ""
    agenda: str = ""
    attendance: str = ""
    decisions: str = ""
    open_points: str = ""


@transaction.atomic
def schedule_meeting(
    bureau_code: str, *, title: str, planned_on: date, viewer: Viewer, place: str = "", agenda: str = ""
) -> ConferenceMeeting:
    """Plan a meeting. Raises PermissionDenied, Refused."""
    require(viewer, duties.CONFERENCE, Access.EDIT)
    _require_own(viewer, bureau_code)
    if not title.strip():
        raise Refused("会議の名称を入力してください。")
    bureau = Bureau.objects.get(pk=bureau_code)
    meeting = ConferenceMeeting.objects.create(
        bureau=bureau, title=title.strip(), planned_on=planned_on, place=place.strip(), agenda=agenda.strip()
    )
    audit.record(viewer, "meeting.schedule", meeting, "検討会議を予定", after={"planned_on": planned_on})
    return meeting


@transaction.atomic
def record_meeting(meeting_id: int, draft: MeetingDraft, *, viewer: Viewer) -> ConferenceMeeting:
    """Record a meeting as held, or mend the record until the minutes are confirmed. Raises Refused."""
    meeting = _meeting_for(viewer, meeting_id, Access.EDIT)
    if meeting.state == S.CONFIRMED:
        raise Refused("議事録を確認済みの会議は変更できません。")
    if draft.held_on > clock.today():
        raise Refused("開催日に将来の日は指定できません。")
    before = {"state": meeting.state, "held_on": meeting.held_on}
    meeting.state, meeting.held_on = S.HELD, draft.held_on
    meeting.place = draft.place.strip() or meeting.place
    meeting.agenda = draft.agenda.strip() or meeting.agenda
    meeting.attendance, meeting.decisions = draft.attendance.strip(), draft.decisions.strip()
    meeting.open_points = draft.open_points.strip()
    meeting.save()
    after = {"state": meeting.state, "held_on": meeting.held_on}
    audit.record(viewer, "meeting.record", meeting, "検討会議の開催を記録", before=before, after=after)
    return meeting


@transaction.atomic
def record_held_meeting(bureau_code: str, draft: MeetingDraft, *, title: str, viewer: Viewer) -> ConferenceMeeting:
    """Record a meeting that nobody had planned here. Raises PermissionDenied, Refused."""
    meeting = schedule_meeting(bureau_code, title=title, planned_on=draft.held_on, viewer=viewer)
    return record_meeting(meeting.pk, draft, viewer=viewer)


@transaction.atomic
def confirm_minutes(meeting_id: int, *, viewer: Viewer) -> ConferenceMeeting:
    """Confirm the minutes: the act of the bureau's decider.

    A meeting without a decision or an open point is refused: the place must not become an end in itself
    (report of March 2024, 3(1)④).
    """
    meeting = _meeting_for(viewer, meeting_id, Access.SUBMIT)
    if meeting.state != S.HELD:
        raise Refused(f"「{meeting.get_state_display()}」の会議には行えません。")
    if not (meeting.decisions.strip() or meeting.open_points.strip()):
        raise Refused("決定事項か継続する論点のどちらかを記録してください。")
    meeting.state = S.CONFIRMED
    meeting.save(update_fields=["state"])
    audit.record(viewer, "meeting.confirm", meeting, "検討会議の議事録を確認")
    return meeting


def _meeting_for(viewer: Viewer, meeting_id: int, access: Access) -> ConferenceMeeting:
    meeting = ConferenceMeeting.objects.visible_to(viewer).select_for_update(of=("self",)).get(pk=meeting_id)
    require(viewer, duties.CONFERENCE, access)
    _require_own(viewer, meeting.bureau_id)
    return meeting


def _require_own(viewer: Viewer, bureau_code: str) -> None:
    if not (viewer.is_bureau and viewer.office.code == bureau_code):
        raise PermissionDenied("検討会議は、その振興局だけが記録できます。")
