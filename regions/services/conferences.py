"""A bureau's promotion conference (検討会議): its members, and meetings up to the day they are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from common import audit, clock, files, notices
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.models import StoredFile
from common.viewer import Access, Duty, OfficeKind, Viewer
from municipalities.models import Bureau, Municipality

from .. import duties
from ..models import AgendaItem, ConferenceMeeting, ConferenceMember, NationalZone

S = ConferenceMeeting.State
CHANGED = (
    "ほかの人がこの会議の内容を更新しました。入力した内容はこの画面に残っています。"
    "下の「保存されている内容」と見比べて、もう一度保存してください。"
)


@dataclass(frozen=True)
class MemberDraft:
    """One line of the list of members; `pk` is None for a new one. A town is named by its code."""

    kind: str
    valid_from: date
    municipality: str = ""
    name: str = ""
    post: str = ""
    valid_to: date | None = None
    pk: int | None = None


@dataclass(frozen=True)
class ItemDraft:
    """One item of the agenda; `pk` is None for a new one."""

    title: str
    presenter: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class MeetingDraft:
    """What a person typed about a meeting to come. `equivalent_zone` is the code of a zone whose roundtable it is."""

    title: str
    planned_on: date
    mode: str = ConferenceMeeting.Mode.PLACE
    place: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    chair: str = ""
    equivalent_zone: str = ""
    items: tuple[ItemDraft, ...] = ()


@transaction.atomic
def set_members(bureau_code: str, drafts: Sequence[MemberDraft], *, viewer: Viewer) -> None:
    """Write the bureau's list of members: new lines are added, known ones changed, none is ever deleted.

    The order of the lines is the order of the list; members not named stay, after them.

    Raises PermissionDenied, Refused.
    """
    require(viewer, duties.CONFERENCE, Access.EDIT)
    require_own(viewer, bureau_code)
    held = {row.pk: row for row in locking(ConferenceMember.objects).filter(bureau=bureau_code)}
    before = [row.name for row in held.values()]
    towns = Municipality.objects.in_bulk({draft.municipality for draft in drafts if draft.municipality})
    problems: list[str] = []
    rows: list[ConferenceMember] = []
    for number, draft in enumerate(drafts, 1):
        row = ConferenceMember(bureau_id=bureau_code) if draft.pk is None else held.get(draft.pk)
        if row is None:
            raise Refused(f"{number}行目の構成員は、この検討会議に登録されていません。")
        town = towns.get(draft.municipality)
        problems += [f"{number}行目：{problem}" for problem in _wrong_member(draft, town)]
        row.kind, row.municipality, row.order = draft.kind, town, number
        row.name = town.name if town else draft.name.strip()
        row.post, row.valid_from, row.valid_to = draft.post.strip(), draft.valid_from, draft.valid_to
        rows.append(row)
    for number, row in enumerate((row for pk, row in held.items() if pk not in {one.pk for one in rows}), 1):
        row.order = len(drafts) + number
        rows.append(row)
    problems += _twice(rows)
    if problems:
        raise Refused(*problems)
    for row in rows:
        row.save()
    bureau = Bureau.objects.get(pk=bureau_code)
    after = {"members": [row.name for row in rows]}
    audit.record(
        viewer, "conference.members", bureau, "検討会議の構成員を変更", before={"members": before}, after=after
    )


def _wrong_member(draft: MemberDraft, town: Municipality | None) -> list[str]:
    problems = []
    if draft.kind not in ConferenceMember.Kind.values:
        problems.append("区分を選んでください。")
    if draft.kind == ConferenceMember.Kind.TOWN and town is None:
        problems.append("市町村を選んでください。")
    if draft.kind != ConferenceMember.Kind.TOWN and (town is not None or not draft.name.strip()):
        problems.append("市町村でない構成員は、名称を入力してください。")
    if draft.valid_to and draft.valid_to < draft.valid_from:
        problems.append("終わりの日が始まりの日より前です。")
    return problems


def _twice(rows: Sequence[ConferenceMember]) -> list[str]:
    """A sentence for each town that would be a member twice on one day."""
    problems = []
    for number, row in enumerate(rows):
        same = [one for one in rows[:number] if row.municipality_id and one.municipality_id == row.municipality_id]
        if any(one.valid_from <= (row.valid_to or date.max) and row.valid_from <= (one.valid_to or date.max)
               for one in same):  # fmt: skip
            problems.append(f"{row.name}の期間が重なっています。")
    return problems


@transaction.atomic
def schedule_meeting(bureau_code: str, draft: MeetingDraft, *, viewer: Viewer) -> ConferenceMeeting:
    """Plan a meeting with its agenda. Raises PermissionDenied, Refused."""
    require(viewer, duties.CONFERENCE, Access.EDIT)
    require_own(viewer, bureau_code)
    meeting = ConferenceMeeting(bureau=Bureau.objects.get(pk=bureau_code))
    _write(meeting, draft)
    audit.record(viewer, "meeting.schedule", meeting, "検討会議を予定", after=_state(meeting))
    return meeting


@transaction.atomic
def update_meeting(meeting_id: int, draft: MeetingDraft, *, revision: int, viewer: Viewer) -> ConferenceMeeting:
    """Change a meeting that is not held yet. Where the members were invited, a new day or place is told to them.

    Raises Refused, and Conflict where somebody saved since `revision` was read: then nothing is written.
    """
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED)
    unchanged_since(meeting, revision)
    before, when = _state(meeting), (meeting.planned_on, meeting.hours, meeting.where)
    meeting.revision += 1
    _write(meeting, draft)
    audit.record(viewer, "meeting.update", meeting, "検討会議の予定を変更", before=before, after=_state(meeting))
    if meeting.invited_at and when != (meeting.planned_on, meeting.hours, meeting.where):
        tell_members(meeting, f"検討会議の日時・場所が変わりました：{meeting.title}（{wareki(meeting.planned_on)}）")
    return meeting


@transaction.atomic
def cancel_meeting(meeting_id: int, reason: str, *, viewer: Viewer) -> ConferenceMeeting:
    """Call off a meeting that was planned; invited members are told. Raises Refused."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED)
    if not reason.strip():
        raise Refused("中止の理由を入力してください。")
    meeting.state, meeting.cancelled_because = S.CANCELLED, reason.strip()
    meeting.save(update_fields=["state", "cancelled_because"])
    audit.record(viewer, "meeting.cancel", meeting, "検討会議を中止", reason=meeting.cancelled_because)
    if meeting.invited_at:
        tell_members(meeting, f"検討会議を中止します：{meeting.title}（{wareki(meeting.planned_on)}の予定）")
    return meeting


@transaction.atomic
def invite_members(meeting_id: int, *, viewer: Viewer) -> ConferenceMeeting:
    """Send the invitation to every member of that day. Raises Refused (no agenda, no members, in the past)."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED)
    problems = []
    if meeting.invited_at:
        problems.append("すでに案内しています。日時や場所を変えると、構成員に自動で知らせます。")
    if meeting.planned_on < clock.today():
        problems.append("開催予定日が過ぎています。予定日を直してから案内してください。")
    if not meeting.items.exists():
        problems.append("議題を1つ以上入力してください。")
    if not members_of(meeting):
        problems.append("検討会議の構成員が登録されていません。先に構成員を登録してください。")
    if problems:
        raise Refused(*problems)
    meeting.invited_at = clock.now()
    meeting.save(update_fields=["invited_at"])
    told = tell_members(meeting, f"検討会議の案内：{meeting.title}（{wareki(meeting.planned_on)}）")
    audit.record(viewer, "meeting.invite", meeting, "検討会議を案内", after={"offices": told})
    return meeting


@transaction.atomic
def add_paper(meeting_id: int, item_id: int, upload: File, label: str, *, viewer: Viewer) -> StoredFile:
    """Attach a paper (資料) to an item of the agenda. Raises Refused, and FileRefused for the file itself."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED, S.HELD)
    item = AgendaItem.objects.get(pk=item_id, meeting=meeting)
    if not label.strip():
        raise Refused("資料の名前を入力してください。")
    return files.store(upload, subject=item, label=label.strip(), viewer=viewer)


@transaction.atomic
def remove_paper(meeting_id: int, item_id: int, file_id: int, *, viewer: Viewer) -> StoredFile:
    """Take a paper out of the agenda. Raises Refused."""
    meeting = meeting_for(viewer, meeting_id, Access.EDIT)
    only(meeting, S.SCHEDULED, S.HELD)
    stored = StoredFile.objects.of(AgendaItem.objects.get(pk=item_id, meeting=meeting)).get(pk=file_id)
    files.remove(stored, viewer=viewer)
    return stored


def members_of(meeting: ConferenceMeeting) -> list[ConferenceMember]:
    """The members on the day of the meeting, in their order."""
    return list(ConferenceMember.objects.of(meeting.bureau_id).on(meeting.day))


def tell_members(meeting: ConferenceMeeting, title: str) -> list[str]:
    """Leave a notice at every member's office that has a sign-in; return those offices."""
    told = dict(member.told for member in members_of(meeting) if member.told)
    url = reverse("regions:meeting_detail", args=[meeting.pk])
    for office, their_duties in told.items():
        notices.send(office, their_duties, title, url=url, subject=meeting)
    return sorted(told)


def tell_bureau(meeting: ConferenceMeeting, who: Sequence[Duty], title: str) -> None:
    """Leave a notice at the bureau that holds the meeting."""
    url = reverse("regions:meeting_detail", args=[meeting.pk])
    notices.send(f"{OfficeKind.BUREAU.value}:{meeting.bureau_id}", who, title, url=url, subject=meeting)


def meeting_for(viewer: Viewer, meeting_id: int, access: Access) -> ConferenceMeeting:
    """Return the locked meeting for an act of its own bureau."""
    meeting = locking(ConferenceMeeting.objects.visible_to(viewer)).get(pk=meeting_id)
    require(viewer, duties.CONFERENCE, access)
    require_own(viewer, meeting.bureau_id)
    return meeting


def require_own(viewer: Viewer, bureau_code: str) -> None:
    """Raise PermissionDenied unless this bureau acts."""
    if not (viewer.is_bureau and viewer.office.code == bureau_code):
        raise PermissionDenied("検討会議は、その振興局だけが記録できます。")


def only(meeting: ConferenceMeeting, *states: str) -> None:
    """Raise Refused unless the meeting is in one of the states."""
    if meeting.state not in states:
        raise Refused(f"「{meeting.get_state_display()}」の会議には行えません。")


def unchanged_since(meeting: ConferenceMeeting, revision: int) -> None:
    """Raise Conflict where somebody saved since the revision was read."""
    if meeting.revision != revision:
        raise Conflict(CHANGED)


def _write(meeting: ConferenceMeeting, draft: MeetingDraft) -> None:
    problems = []
    if not draft.title.strip():
        problems.append("会議の名称を入力してください。")
    if draft.mode not in ConferenceMeeting.Mode.values:
        problems.append("開催の方法を選んでください。")
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        problems.append("終了の時刻が開始の時刻より前です。")
    if draft.ends_at and draft.starts_at is None:
        problems.append("開始の時刻を入力してください。")
    if any(not item.title.strip() for item in draft.items):
        problems.append("議題を入力してください。")
    if draft.equivalent_zone and not NationalZone.objects.filter(pk=draft.equivalent_zone).exists():
        problems.append("登録されていない圏域です。")
    if problems:
        raise Refused(*problems)
    meeting.title, meeting.planned_on, meeting.mode = draft.title.strip(), draft.planned_on, draft.mode
    meeting.place, meeting.chair = draft.place.strip(), draft.chair.strip()
    meeting.starts_at, meeting.ends_at = draft.starts_at, draft.ends_at
    meeting.equivalent_zone_id = draft.equivalent_zone or None
    meeting.save()
    _write_items(meeting, draft.items)


def _write_items(meeting: ConferenceMeeting, drafts: Sequence[ItemDraft]) -> None:
    """Keep the items that are named again (their papers hang on them); an item with papers is not dropped."""
    held = {item.pk: item for item in meeting.items.all()}
    kept = {draft.pk for draft in drafts if draft.pk}
    if kept - set(held):
        raise Refused("この会議にない議題が含まれています。画面を開き直してください。")
    for pk, item in held.items():
        if pk not in kept:
            if StoredFile.objects.of(item).exists():
                raise Refused(f"議題「{item.title}」には資料が付いています。先に資料を外してください。")
            item.delete()
    for number, draft in enumerate(drafts, 1):
        item = held[draft.pk] if draft.pk else AgendaItem(meeting=meeting)
        item.number, item.title, item.presenter = number, draft.title.strip(), draft.presenter.strip()
        item.save()


def _state(meeting: ConferenceMeeting) -> dict[str, object]:
    return {
        "title": meeting.title,
        "planned_on": meeting.planned_on,
        "mode": meeting.mode,
        "place": meeting.place,
        "items": list(meeting.items.values_list("title", flat=True)),
    }
