"""What a meeting leaves behind: attendance, minutes with decisions and open points, comments, confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from municipalities.models import Bureau

from .. import duties
from ..models import (
    AgendaItem,
    Attendance,
    ConferenceMeeting,
    MeetingDecision,
    MinutesComment,
    OpenPoint,
    PointProgress,
)
from ..papers import issue_paper
from ..papers.meeting import PARTS
from .conferences import CHANGED, meeting_for, members_of, only, tell_bureau, tell_members, unchanged_since

S = ConferenceMeeting.State
NO_OUTCOME = (
    "決定事項も継続する論点もありません。開くこと自体が目的にならないよう、どちらかを記録するか、"
    "ないまま確認する理由を入力してください。"
)


@dataclass(frozen=True)
class AttendanceDraft:
    """How a member took part; an empty state is not yet known. `person` is who came (職・氏名)."""

    state: str
    person: str = ""


@dataclass(frozen=True)
class PointDraft:
    """A point left open; `pk` is None for a new one. `owner` is who works on it."""

    text: str
    owner: str = ""
    due_on: date | None = None
    pk: int | None = None


@dataclass(frozen=True)
class ProgressDraft:
    """What the meeting said about a point that was carried into it."""

    note: str = ""
    closed: bool = False


@dataclass(frozen=True)
class MinutesDraft:
    """What a person typed about a meeting that was held.

    `items` are the minutes by the id of the agenda item, `carried` by the id of the point carried into the meeting.
    """

    held_on: date
    chair: str = ""
    recorder: str = ""
    items: Mapping[int, str] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()
    points: tuple[PointDraft, ...] = ()
    carried: Mapping[int, ProgressDraft] = field(default_factory=dict)
    without_outcome: str = ""


@transaction.atomic
def record_attendance(
    meeting_id: int, drafts: Mapping[int, AttendanceDraft], note: str, *, revision: int, viewer: Viewer
) -> ConferenceMeeting:
    """Write how each member (by id) takes part, and who else came. Raises Refused, Conflict."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED, S.HELD)
    if meeting.attendance_revision != revision:
        raise Conflict(CHANGED)
    members = {member.pk: member for member in members_of(meeting)}
    problems = []
    for pk, draft in drafts.items():
        if pk not in members:
            raise Refused("この日の構成員でない方が含まれています。画面を開き直してください。")
        if draft.state and draft.state not in Attendance.State.values:
            problems.append(f"{members[pk].name}：出欠を選んでください。")
        if draft.state == Attendance.State.SUBSTITUTE and not draft.person.strip():
            problems.append(f"{members[pk].name}：代理で出席した方の職・氏名を入力してください。")
        if not draft.state and draft.person.strip():
            problems.append(f"{members[pk].name}：出欠を選んでください。")
    if problems:
        raise Refused(*problems)
    before = dict(meeting.attendances.values_list("member__name", "state"))
    meeting.attendances.filter(member__in=[pk for pk, draft in drafts.items() if not draft.state]).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, member=members[pk], state=draft.state, person=draft.person.strip())
            for pk, draft in drafts.items()
            if draft.state
        ],
        update_conflicts=True,
        unique_fields=["meeting", "member"],
        update_fields=["state", "person"],
    )
    meeting.attendance_note = note.strip()
    meeting.attendance_revision += 1
    meeting.save(update_fields=["attendance_note", "attendance_revision"])
    after = dict(meeting.attendances.values_list("member__name", "state"))
    audit.record(viewer, "meeting.attendance", meeting, "検討会議の出欠を記録", before=before, after=after)
    return meeting


@transaction.atomic
def record_minutes(meeting_id: int, draft: MinutesDraft, *, revision: int, viewer: Viewer) -> ConferenceMeeting:
    """Write the minutes, or mend them until they are confirmed; the meeting is held from then on.

    Points of earlier meetings that are not mentioned stay open. Raises Refused, Conflict.
    """
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED, S.HELD)
    unchanged_since(meeting, revision)
    if draft.held_on > clock.today():
        raise Refused("開催日に将来の日は指定できません。")
    before = _state(meeting)
    meeting.state, meeting.held_on = S.HELD, draft.held_on
    meeting.chair, meeting.recorder = draft.chair.strip(), draft.recorder.strip()
    meeting.without_outcome = draft.without_outcome.strip()
    meeting.revision += 1
    meeting.save()
    _write_items(meeting, draft.items)
    meeting.decisions.all().delete()
    texts = [text.strip() for text in draft.decisions if text.strip()]
    MeetingDecision.objects.bulk_create(
        MeetingDecision(meeting=meeting, number=number, text=text) for number, text in enumerate(texts, 1)
    )
    _one_at_a_time(meeting)
    _write_points(meeting, draft.points)
    _write_carried(meeting, draft.carried)
    audit.record(viewer, "meeting.minutes", meeting, "検討会議の議事録を記録", before=before, after=_state(meeting))
    return meeting


@transaction.atomic
def circulate_minutes(meeting_id: int, *, comment_by: date, viewer: Viewer) -> ConferenceMeeting:
    """Show the draft of the minutes to the members for their comments until a day. Raises Refused."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.HELD)
    if comment_by < clock.today():
        raise Refused("意見の期限には、今日以後の日を指定してください。")
    meeting.circulated_on, meeting.comment_by = clock.today(), comment_by
    meeting.save(update_fields=["circulated_on", "comment_by"])
    tell_members(meeting, f"議事録案を確かめてください：{meeting.title}")
    audit.record(viewer, "meeting.circulate", meeting, "議事録案を構成員に示す", after={"comment_by": comment_by})
    return meeting


@transaction.atomic
def comment_minutes(meeting_id: int, text: str, *, viewer: Viewer) -> MinutesComment:
    """Say something about the draft of the minutes as a member. Raises PermissionDenied, Refused."""
    meeting = locking(ConferenceMeeting.objects.visible_to(viewer)).get(pk=meeting_id)
    require(viewer, duties.CONFERENCE, Access.COMMENT)
    if not is_member(meeting, viewer):
        raise PermissionDenied("議事録案への意見は、検討会議の構成員が書きます。")
    only(meeting, S.HELD)
    if meeting.circulated_on is None:
        raise Refused("議事録案はまだ示されていません。")
    if not text.strip():
        raise Refused("意見を入力してください。")
    comment = MinutesComment.objects.create(
        meeting=meeting,
        office=viewer.office.full_name,
        office_key=viewer.office.key,
        text=text.strip(),
        written_at=clock.now(),
        written_by_id=viewer.person,
    )
    audit.record(viewer, "meeting.comment", meeting, "議事録案へ意見", after={"text": comment.text})
    tell_bureau(meeting, [Duty.BS], f"議事録案に{viewer.office.full_name}から意見がありました")
    return comment


@transaction.atomic
def confirm_minutes(meeting_id: int, *, viewer: Viewer) -> ConferenceMeeting:
    """Confirm the minutes: the act of the bureau's decider. Agenda, attendance and minutes (D-26) are frozen.

    A meeting without a decision and without an open point needs a reason: the place must not become an end in itself
    (report of March 2024, 3(1)④). Raises Refused.
    """
    meeting = meeting_for(viewer, meeting_id, Access.SUBMIT)
    only(meeting, S.HELD)
    if not (has_outcome(meeting) or meeting.without_outcome):
        raise Refused(NO_OUTCOME)
    meeting.state, meeting.confirmed_on = S.CONFIRMED, clock.today()
    meeting.save(update_fields=["state", "confirmed_on"])
    for kind, paper in PARTS.items():
        issue_paper(kind, paper(meeting), subject=meeting, office=viewer.office, viewer=viewer, on=clock.today())
    audit.record(viewer, "meeting.confirm", meeting, "検討会議の議事録を確認")
    tell_members(meeting, f"議事録が確定しました：{meeting.title}")
    return meeting


def has_outcome(meeting: ConferenceMeeting) -> bool:
    """Whether the meeting decided something, left a point open, or took up one of an earlier meeting."""
    return meeting.decisions.exists() or meeting.points_raised.exists() or meeting.points_taken_up.exists()


def is_member(meeting: ConferenceMeeting, viewer: Viewer) -> bool:
    """Whether the viewer's office belongs to the conference on the day of the meeting."""
    return any(member.told and member.told[0] == viewer.office.key for member in members_of(meeting))


def _write_items(meeting: ConferenceMeeting, texts: Mapping[int, str]) -> None:
    items = {item.pk: item for item in meeting.items.all()}
    if set(texts) - set(items):
        raise Refused("この会議にない議題が含まれています。画面を開き直してください。")
    for pk, text in texts.items():
        items[pk].minutes = text.strip()
    AgendaItem.objects.bulk_update([items[pk] for pk in texts], ["minutes"])


def _one_at_a_time(meeting: ConferenceMeeting) -> None:
    """Points belong to the bureau, not to one meeting: two meetings that write them at once wait for each other."""
    locking(Bureau.objects).get(pk=meeting.bureau_id)


def _write_points(meeting: ConferenceMeeting, drafts: Sequence[PointDraft]) -> None:
    """Keep the numbers of points that are named again; one that a later meeting took up is not dropped."""
    held = {point.pk: point for point in locking(meeting.points_raised)}
    kept = {draft.pk for draft in drafts if draft.pk}
    if kept - set(held):
        raise Refused("この会議にない論点が含まれています。画面を開き直してください。")
    for pk, point in held.items():
        if pk not in kept:
            if point.progress.exists():
                raise Refused(f"論点{point.number}は後の会議で取り上げられているため、削除できません。")
            point.delete()
    last = OpenPoint.objects.filter(bureau=meeting.bureau_id).aggregate(last=Max("number"))["last"] or 0
    for draft in drafts:
        if not draft.text.strip():
            raise Refused("継続する論点の内容を入力してください。")
        point = held[draft.pk] if draft.pk else OpenPoint(bureau_id=meeting.bureau_id, raised_at=meeting)
        if not draft.pk:
            last += 1
            point.number = last
        point.text, point.owner, point.due_on = draft.text.strip(), draft.owner.strip(), draft.due_on
        point.save()


def _write_carried(meeting: ConferenceMeeting, drafts: Mapping[int, ProgressDraft]) -> None:
    carried = {point.pk: point for point in OpenPoint.objects.carried_into(meeting)}
    for pk, draft in drafts.items():
        point = carried.get(pk)
        if point is None:
            raise Refused("この会議に引き継がれていない論点が含まれています。画面を開き直してください。")
        if draft.closed and not draft.note.strip():
            raise Refused(f"論点{point.number}を完了とするときは、どう解決したかを入力してください。")
        if draft.closed and point.progress.filter(closed=True).exclude(meeting=meeting).exists():
            raise Refused(f"論点{point.number}は、ほかの会議で完了しています。")
        if draft.note.strip():
            PointProgress.objects.update_or_create(
                point=point, meeting=meeting, defaults={"note": draft.note.strip(), "closed": draft.closed}
            )
        else:
            meeting.points_taken_up.filter(point=point).delete()


def _state(meeting: ConferenceMeeting) -> dict[str, object]:
    return {
        "state": meeting.state,
        "held_on": meeting.held_on,
        "decisions": list(meeting.decisions.values_list("text", flat=True)),
        "points": list(meeting.points_raised.values_list("text", flat=True)),
        "carried": list(meeting.points_taken_up.values_list("point__number", "note", "closed")),
    }
