"""What the page of a meeting shows to whom: minutes while they are a draft, names of persons, the next step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from common.models import StoredFile
from common.viewer import Access, Viewer

from . import duties
from .models import (
    AgendaItem,
    Attendance,
    ConferenceMeeting,
    ConferenceMember,
    MeetingDecision,
    OpenPoint,
    PointProgress,
)
from .papers.meeting import papers_of
from .services.conferences import members_of

S = ConferenceMeeting.State


@dataclass(frozen=True)
class ItemLine:
    """An item of the agenda with its papers."""

    item: AgendaItem
    papers: list[StoredFile]


@dataclass(frozen=True)
class MemberLine:
    """A member with how it took part, if that is known."""

    member: ConferenceMember
    attendance: Attendance | None


@dataclass(frozen=True)
class PointLine:
    """A point carried into the meeting with what was said about it."""

    point: OpenPoint
    progress: PointProgress | None


class MeetingPage:
    """One meeting as one viewer may see it; what is asked for once is kept."""

    def __init__(self, meeting: ConferenceMeeting, viewer: Viewer) -> None:
        self.meeting, self.viewer = meeting, viewer

    @property
    def own(self) -> bool:
        """Whether the viewer's bureau holds the meeting."""
        return self.viewer.is_bureau and self.viewer.office.code == self.meeting.bureau_id

    @property
    def writes(self) -> bool:
        """Whether this person keeps the record of the meeting."""
        return self.own and self.viewer.may(duties.CONFERENCE, Access.EDIT)

    @cached_property
    def members(self) -> list[ConferenceMember]:
        return members_of(self.meeting)

    @cached_property
    def belongs(self) -> bool:
        """Whether the viewer's office is a member on the day."""
        return any(member.told and member.told[0] == self.viewer.office.key for member in self.members)

    @property
    def reads_minutes(self) -> bool:
        """Confirmed minutes everyone who may know the meeting; a draft the bureau, headquarters, and the members once
        it was shown to them."""
        if self.meeting.state == S.CONFIRMED or self.own or self.viewer.is_prefecture:
            return True
        return self.belongs and self.meeting.circulated_on is not None

    @property
    def reads_names(self) -> bool:
        """Names of persons stay with those who were there or look after it (domain §9, personal data)."""
        return self.own or self.viewer.is_prefecture or self.belongs

    @cached_property
    def items(self) -> list[ItemLine]:
        rows = list(self.meeting.items.all())
        papers = papers_of(rows)
        return [ItemLine(row, papers.get(row.pk, [])) for row in rows]

    @cached_property
    def attendance(self) -> list[MemberLine]:
        taken = {row.member_id: row for row in self.meeting.attendances.all()}
        return [MemberLine(member, taken.get(member.pk)) for member in self.members]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many members took part in which way; empty while nothing is known."""
        states = [line.attendance.state for line in self.attendance if line.attendance]
        return [(label, states.count(value)) for value, label in Attendance.State.choices if value in states]

    @cached_property
    def decisions(self) -> list[MeetingDecision]:
        return list(self.meeting.decisions.all())

    @cached_property
    def raised(self) -> list[OpenPoint]:
        return list(self.meeting.points_raised.all())

    @cached_property
    def carried(self) -> list[PointLine]:
        said = {row.point_id: row for row in self.meeting.points_taken_up.all()}
        points = OpenPoint.objects.carried_into(self.meeting).select_related("raised_at")
        return [PointLine(point, said.get(point.pk)) for point in points]

    @property
    def lacks_outcome(self) -> bool:
        """Held, and neither a decision nor a point to show for it (場の自己目的化)."""
        taken_up = any(line.progress for line in self.carried)
        return self.meeting.state == S.HELD and not (self.decisions or self.raised or taken_up)

    @property
    def may_comment(self) -> bool:
        """Whether this person may say something about the draft of the minutes now."""
        shown = self.meeting.state == S.HELD and self.meeting.circulated_on is not None
        return shown and self.belongs and self.viewer.may(duties.CONFERENCE, Access.COMMENT)

    @property
    def may_confirm(self) -> bool:
        return self.own and self.meeting.state == S.HELD and self.viewer.may(duties.CONFERENCE, Access.SUBMIT)

    def may_read(self, kind: str) -> bool:
        """Whether this person may print that part of D-26."""
        allowed = {"D-26": True, "D-26b": self.reads_names, "D-26c": self.reads_minutes and self.meeting.held_on}
        return bool(allowed[kind])
