"""検討会議 (D-26) in three parts: 次第 (D-26), 出席者名簿 (D-26b), 議事録 (D-26c)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from common import clock
from common.documents import Head
from common.fiscal_year import wareki
from common.models import StoredFile

from ..models import AgendaItem, Attendance, ConferenceMeeting, ConferenceMember, OpenPoint

LABELS = {"D-26": "次第", "D-26b": "出席者名簿", "D-26c": "議事録"}


@dataclass(frozen=True)
class When:
    """Day, hours and place as a paper says them; `hours` and `chair` may be empty."""

    day: date
    hours: str
    where: str
    chair: str


@dataclass(frozen=True)
class Item:
    """An item of the agenda; `papers` are names like 資料1 前進プラン案."""

    number: int
    title: str
    presenter: str
    papers: tuple[str, ...]
    minutes: str = ""


@dataclass(frozen=True)
class Point:
    """An open point: since when, who, until when, and what this meeting said about it (`said`)."""

    number: int
    text: str
    owner: str
    due_on: date | None
    raised_on: date | None = None
    said: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Row:
    """A member: kind, name, post, how it took part, and who came."""

    kind: str
    name: str
    post: str
    state: str
    person: str


@dataclass(frozen=True)
class Agenda:
    """D-26 次第."""

    head: Head
    when: When
    items: tuple[Item, ...]
    carried: tuple[Point, ...]


@dataclass(frozen=True)
class AttendanceList:
    """D-26b 出席者名簿; `counts` are pairs like (出席, 18)."""

    head: Head
    when: When
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]
    note: str


@dataclass(frozen=True)
class Minutes:
    """D-26c 議事録."""

    head: Head
    when: When
    recorder: str
    counts: tuple[tuple[str, int], ...]
    items: tuple[Item, ...]
    carried: tuple[Point, ...]
    decisions: tuple[str, ...]
    points: tuple[Point, ...]
    without_outcome: str
    confirmed_on: date | None
    equivalent: str


def agenda(meeting: ConferenceMeeting) -> Agenda:
    """The agenda, with the open points that come from earlier meetings."""
    return Agenda(_head(meeting, "D-26"), _when(meeting), _items(meeting, said=False), _carried(meeting))


def attendance_list(meeting: ConferenceMeeting) -> AttendanceList:
    """The list of members with how each took part; blank where it is not yet known."""
    rows, counts = _attendance(meeting)
    return AttendanceList(_head(meeting, "D-26b"), _when(meeting), rows, counts, meeting.attendance_note)


def minutes(meeting: ConferenceMeeting) -> Minutes:
    """The minutes: items, decisions, open points."""
    _, counts = _attendance(meeting)
    zone = meeting.equivalent_zone
    return Minutes(
        head=_head(meeting, "D-26c"),
        when=_when(meeting),
        recorder=meeting.recorder,
        counts=counts,
        items=_items(meeting, said=True),
        carried=_carried(meeting),
        decisions=tuple(meeting.decisions.values_list("text", flat=True)),
        points=tuple(
            Point(point.number, point.text, point.owner, point.due_on) for point in meeting.points_raised.all()
        ),
        without_outcome=meeting.without_outcome,
        confirmed_on=meeting.confirmed_on,
        equivalent=f"{zone.name}のビジョン懇談会" if zone else "",
    )


PARTS: dict[str, Callable[[ConferenceMeeting], Agenda | AttendanceList | Minutes]] = {
    "D-26": agenda,
    "D-26b": attendance_list,
    "D-26c": minutes,
}


def _head(meeting: ConferenceMeeting, kind: str) -> Head:
    label = LABELS[kind]
    return Head(
        title=f"{label}（{meeting.title}、{wareki(meeting.day)}）",
        heading=(f"{meeting.title}　{label}",),
        issued_on=clock.today(),
        sender=(meeting.bureau.name,),
        numbered=False,
    )


def _when(meeting: ConferenceMeeting) -> When:
    return When(meeting.day, meeting.hours, meeting.where, meeting.chair)


def _items(meeting: ConferenceMeeting, *, said: bool) -> tuple[Item, ...]:
    rows = list(meeting.items.all())
    papers = papers_of(rows)
    number, items = 0, []
    for place, row in enumerate(rows, 1):
        names = []
        for stored in papers.get(row.pk, []):
            number += 1
            names.append(f"資料{number}　{stored.label}")
        items.append(Item(place, row.title, row.presenter, tuple(names), row.minutes if said else ""))
    return tuple(items)


def papers_of(items: list[AgendaItem]) -> dict[int, list[StoredFile]]:
    """The papers of each item by its id, in one query; items without any are left out."""
    stored = StoredFile.objects.filter(
        subject_type=AgendaItem._meta.label_lower, subject_id__in=[str(item.pk) for item in items], removed_at=None
    )
    found: dict[int, list[StoredFile]] = {}
    for row in stored:
        found.setdefault(int(row.subject_id), []).append(row)
    return found


def _carried(meeting: ConferenceMeeting) -> tuple[Point, ...]:
    said = {row.point_id: row for row in meeting.points_taken_up.all()}
    return tuple(
        Point(
            number=point.number,
            text=point.text,
            owner=point.owner,
            due_on=point.due_on,
            raised_on=point.raised_at.held_on,
            said=said[point.pk].note if point.pk in said else "",
            closed=point.pk in said and said[point.pk].closed,
        )
        for point in OpenPoint.objects.carried_into(meeting).select_related("raised_at")
    )


def _attendance(meeting: ConferenceMeeting) -> tuple[tuple[Row, ...], tuple[tuple[str, int], ...]]:
    taken = {row.member_id: row for row in meeting.attendances.all()}
    rows = []
    for member in ConferenceMember.objects.of(meeting.bureau_id).on(meeting.day):
        row = taken.get(member.pk)
        state = row.get_state_display() if row else ""
        rows.append(Row(member.get_kind_display(), member.name, member.post, state, row.person if row else ""))
    counted = Counter(row.state for row in rows if row.state)
    return tuple(rows), tuple((label, counted[label]) for label in Attendance.State.labels if counted[label])
