"""Meetings of the promotion conference: members, call, attendance, minutes, open points carried from one to the next."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from common import clock
from common.errors import Conflict, Refused
from common.models import DocumentIssue, Notice
from common.viewer import Duty
from regions import services
from regions.models import (
    AgendaItem,
    ConferenceMeeting,
    ConferenceMember,
    MeetingDecision,
    OpenPoint,
    PointProgress,
)
from regions.services import (
    AttendanceDraft,
    ItemDraft,
    MeetingDraft,
    MemberDraft,
    MinutesDraft,
    PointDraft,
    ProgressDraft,
)
from regions.services.due import run_due
from tests.factories.regions import ConferenceMeetingFactory, ConferenceMemberFactory, NationalZoneFactory
from tests.viewers import saved, viewer

DAY = date(2026, 10, 1)
CALL = MeetingDraft("空知地域 広域連携検討会議", date(2026, 12, 10), items=(ItemDraft("前進プラン（案）", "事務局"),))


@pytest.fixture
def members(world):
    rows = [MemberDraft("town", DAY, municipality=code, post="企画課長") for code in ("014281", "014273")]
    rows.append(MemberDraft("department", DAY, name="道 保健福祉部", post="課長"))
    services.set_members("sorachi", rows, viewer=world.reviewer())
    return {row.name: row for row in ConferenceMember.objects.all()}


@pytest.fixture
def planned(world, members):
    return services.schedule_meeting("sorachi", CALL, viewer=world.reviewer())


def held(world, day=DAY, **more):
    meeting = services.schedule_meeting("sorachi", replace(CALL, planned_on=day), viewer=world.reviewer())
    return services.record_minutes(meeting.pk, MinutesDraft(day, **more), revision=1, viewer=world.reviewer())


# -- members ---------------------------------------------------------------------------------------------------------


def test_members_are_a_dated_list_that_only_the_bureau_writes(world, members):
    assert [row.name for row in ConferenceMember.objects.of("sorachi").on(DAY)] == ["長沼町", "由仁町", "道 保健福祉部"]
    naganuma = members["長沼町"]
    rows = [
        MemberDraft("town", DAY, "014281", post="企画課長", valid_to=date(2026, 11, 1), pk=naganuma.pk),
        MemberDraft("town", date(2026, 11, 2), "014281", post="まちづくり課長"),
    ]
    services.set_members("sorachi", rows, viewer=world.reviewer())
    then = ConferenceMember.objects.of("sorachi").on(date(2026, 12, 1))
    assert [row.post for row in then] == ["まちづくり課長", "企画課長", "課長"]
    assert ConferenceMember.objects.of("sorachi").count() == 4, "whoever is not named again stays"
    for person in (world.planner(), world.head(), world.staff(), world.reviewer(world.nemuro)):
        with pytest.raises(PermissionDenied):
            services.set_members("sorachi", rows, viewer=person)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (MemberDraft("town", DAY), "1行目：市町村を選んで"),
        (MemberDraft("department", DAY, name=" "), "1行目：市町村でない構成員は、名称"),
        (MemberDraft("somebody", DAY, name="団体"), "1行目：区分"),
        (MemberDraft("other", DAY, name="団体", valid_to=date(2026, 9, 30)), "1行目：終わりの日"),
        (MemberDraft("other", DAY, name="団体", pk=999_999), "登録されていません"),
    ],
)
def test_a_member_that_cannot_be_is_refused(world, row, sentence):
    with pytest.raises(Refused, match=sentence):
        services.set_members("sorachi", [row], viewer=world.reviewer())
    assert not ConferenceMember.objects.exists()


def test_no_town_is_a_member_twice_on_one_day(world):
    twice = [MemberDraft("town", DAY, "014281"), MemberDraft("town", date(2026, 11, 1), "014281")]
    with pytest.raises(Refused, match="長沼町の期間が重なっています"):
        services.set_members("sorachi", twice, viewer=world.reviewer())


@pytest.mark.parametrize(
    "broken",
    [
        {"municipality": None},
        {"kind": "other"},
        {"valid_to": date(2015, 3, 31)},
        {"name": ""},
    ],
)
def test_what_a_member_must_be_stands_in_the_database(world, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        ConferenceMemberFactory(**({"bureau": world.sorachi, "municipality": world.yuni} | broken))


# -- the call ---------------------------------------------------------------------------------------------------------


def test_a_meeting_is_planned_with_its_agenda_and_its_members_are_invited_once(world, planned):
    assert [(item.number, item.title, item.presenter) for item in planned.items.all()] == [
        (1, "前進プラン（案）", "事務局")
    ]
    services.invite_members(planned.pk, viewer=world.reviewer())
    told = Notice.objects.filter(title__contains="検討会議の案内")
    assert {row.office_key for row in told} == {"municipality:014281", "municipality:014273", "prefecture:01"}
    assert {row.duties for row in told} == {"MA,MP", "SD"}
    with pytest.raises(Refused, match="すでに案内しています"):
        services.invite_members(planned.pk, viewer=world.reviewer())


def test_nobody_is_invited_to_a_meeting_without_agenda_members_or_future(world):
    empty = services.schedule_meeting(
        "sorachi", replace(CALL, planned_on=date(2026, 11, 20), items=()), viewer=world.reviewer()
    )
    with pytest.raises(Refused) as refused:
        services.invite_members(empty.pk, viewer=world.reviewer())
    assert [problem[:8] for problem in refused.value.problems] == [
        "開催予定日が過ぎ",
        "議題を1つ以上入",
        "検討会議の構成員",
    ]


def test_a_new_day_or_place_is_told_to_those_invited_and_another_chair_is_not(world, planned):
    staff = world.reviewer()
    services.invite_members(planned.pk, viewer=staff)
    items = tuple(ItemDraft(item.title, item.presenter, item.pk) for item in planned.items.all())
    services.update_meeting(planned.pk, replace(CALL, chair="局長", items=items), revision=1, viewer=staff)
    assert not Notice.objects.filter(title__contains="変わりました").exists()
    services.update_meeting(planned.pk, replace(CALL, place="2階会議室", items=items), revision=2, viewer=staff)
    assert Notice.objects.filter(title__contains="変わりました").count() == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "名称"),
        ({"mode": "mail"}, "方法"),
        ({"starts_at": time(15), "ends_at": time(14)}, "開始の時刻より前"),
        ({"ends_at": time(14)}, "開始の時刻を入力"),
        ({"items": (ItemDraft(" "),)}, "議題を入力"),
        ({"equivalent_zone": "nothing"}, "圏域"),
        ({"items": (ItemDraft("議題", pk=999_999),)}, "この会議にない議題"),
    ],
)
def test_a_call_that_cannot_be_is_refused_whole(world, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.schedule_meeting("sorachi", replace(CALL, **change), viewer=world.reviewer())
    assert not ConferenceMeeting.objects.exists()


def test_an_item_keeps_its_papers_when_it_moves_and_is_not_dropped_with_them(world, planned):
    staff, item = world.reviewer(), planned.items.get()
    upload = SimpleUploadedFile("資料.pdf", b"%PDF-1.4\n%%EOF\n")
    stored = services.add_paper(planned.pk, item.pk, upload, "前進プラン（案）", viewer=staff)
    moved = (ItemDraft("開会"), ItemDraft("前進プラン（案）について", pk=item.pk))
    services.update_meeting(planned.pk, replace(CALL, items=moved), revision=1, viewer=staff)
    item.refresh_from_db()
    assert (item.number, item.title) == (2, "前進プラン（案）について")
    with pytest.raises(Refused, match="資料が付いています"):
        services.update_meeting(planned.pk, replace(CALL, items=()), revision=2, viewer=staff)
    services.remove_paper(planned.pk, item.pk, stored.pk, viewer=staff)
    services.update_meeting(planned.pk, replace(CALL, items=()), revision=2, viewer=staff)
    assert not AgendaItem.objects.exists()


def test_who_saves_later_is_told(world, planned):
    services.update_meeting(planned.pk, CALL, revision=1, viewer=world.reviewer())
    with pytest.raises(Conflict):
        services.update_meeting(planned.pk, CALL, revision=1, viewer=world.reviewer())


def test_a_meeting_is_called_off_with_a_reason_that_the_invited_read(world, planned):
    staff = world.reviewer()
    with pytest.raises(Refused, match="理由"):
        services.cancel_meeting(planned.pk, " ", viewer=staff)
    services.invite_members(planned.pk, viewer=staff)
    services.cancel_meeting(planned.pk, "大雪のため", viewer=staff)
    assert Notice.objects.filter(title__contains="中止します").count() == 3
    for act in (
        lambda: services.update_meeting(planned.pk, CALL, revision=1, viewer=staff),
        lambda: services.record_minutes(planned.pk, MinutesDraft(DAY), revision=1, viewer=staff),
        lambda: services.record_attendance(planned.pk, {}, "", revision=1, viewer=staff),
    ):
        with pytest.raises(Refused, match="「中止」"):
            act()


def test_members_are_reminded_a_week_and_a_day_ahead_once_each(world, planned):
    told = lambda day: run_due(date(2026, 12, day))["regions_reminded"]  # noqa: E731
    assert told(3) == 0, "nobody was invited yet"
    services.invite_members(planned.pk, viewer=world.reviewer())
    assert [told(day) for day in (2, 3, 3, 9, 10)] == [0, 1, 0, 1, 0]
    reached = Notice.objects.filter(title__contains="あと7日").values_list("office_key", flat=True)
    assert sorted(reached) == ["bureau:sorachi", "municipality:014273", "municipality:014281", "prefecture:01"]


# -- attendance ------------------------------------------------------------------------------------------------------


def test_attendance_is_taken_from_the_list_of_that_day(world, planned, members):
    naganuma, yuni = members["長沼町"].pk, members["由仁町"].pk
    drafts = {naganuma: AttendanceDraft("present"), yuni: AttendanceDraft("substitute", "係長 山田")}
    services.record_attendance(planned.pk, drafts, "傍聴 1名", revision=1, viewer=world.reviewer())
    assert dict(planned.attendances.values_list("member__name", "state")) == {
        "長沼町": "present",
        "由仁町": "substitute",
    }
    services.record_attendance(planned.pk, {yuni: AttendanceDraft("")}, "", revision=2, viewer=world.reviewer())
    assert dict(planned.attendances.values_list("member__name", "state")) == {"長沼町": "present"}
    with pytest.raises(Conflict):
        services.record_attendance(planned.pk, drafts, "", revision=2, viewer=world.reviewer())


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (AttendanceDraft("substitute", " "), "長沼町：代理で出席した方"),
        (AttendanceDraft("asleep"), "長沼町：出欠を選んで"),
        (AttendanceDraft("", "係長"), "長沼町：出欠を選んで"),
    ],
)
def test_attendance_that_cannot_be_is_refused(world, planned, members, draft, sentence):
    with pytest.raises(Refused, match=sentence):
        services.record_attendance(planned.pk, {members["長沼町"].pk: draft}, "", revision=1, viewer=world.reviewer())


def test_whoever_left_the_conference_before_the_day_is_not_asked(world, planned, members):
    ConferenceMember.objects.filter(pk=members["由仁町"].pk).update(valid_to=date(2026, 11, 30))
    with pytest.raises(Refused, match="構成員でない"):
        services.record_attendance(
            planned.pk, {members["由仁町"].pk: AttendanceDraft("present")}, "", revision=1, viewer=world.reviewer()
        )


# -- minutes and points ----------------------------------------------------------------------------------------------


def test_minutes_hold_what_was_said_decided_and_left_open(world):
    meeting = held(world, decisions=("案を了承した。", " "), points=(PointDraft("負担割合", "関係市町村", DAY),))
    assert (meeting.state, meeting.held_on) == ("held", DAY)
    assert list(meeting.decisions.values_list("number", "text")) == [(1, "案を了承した。")]
    item = AgendaItem.objects.get(meeting=meeting)
    services.record_minutes(
        meeting.pk, MinutesDraft(DAY, items={item.pk: "意見なし"}), revision=2, viewer=world.reviewer()
    )
    item.refresh_from_db()
    assert item.minutes == "意見なし"
    assert not OpenPoint.objects.exists(), "a point not named again is taken out while the minutes are open"


def test_a_point_comes_to_every_later_meeting_until_one_closes_it(world):
    held(world, points=(PointDraft("負担割合", "関係市町村"), PointDraft("通信機器")))
    share, device = OpenPoint.objects.order_by("number")
    second = held(world, date(2026, 10, 20), points=(PointDraft("人員"),))
    third = services.schedule_meeting("sorachi", CALL, viewer=world.reviewer())

    def carried(meeting):
        return [point.number for point in OpenPoint.objects.carried_into(meeting)]

    assert carried(second) == [1, 2]
    assert carried(third) == [1, 2, 3], "numbers go on within the bureau"
    closing = MinutesDraft(
        date(2026, 10, 20),
        points=(PointDraft("人員", pk=OpenPoint.objects.get(number=3).pk),),
        carried={share.pk: ProgressDraft("均等割で合意", closed=True), device.pk: ProgressDraft("調査中")},
    )
    services.record_minutes(second.pk, closing, revision=2, viewer=world.reviewer())
    assert carried(second) == [1, 2], "the meeting that closed it still shows it"
    assert carried(third) == [2, 3]
    assert list(OpenPoint.objects.still_open().values_list("number", flat=True)) == [2, 3]
    assert not OpenPoint.objects.carried_into(ConferenceMeetingFactory(bureau=world.nemuro, planned_on=third.day))


def test_a_point_is_not_closed_without_how_nor_twice_nor_dropped_once_taken_up(world):
    first = held(world, points=(PointDraft("負担割合"),))
    point = OpenPoint.objects.get()
    second, third = held(world, date(2026, 10, 20)), held(world, date(2026, 10, 30))
    staff = world.reviewer()
    with pytest.raises(Refused, match="どう解決したか"):
        services.record_minutes(
            second.pk,
            MinutesDraft(second.day, carried={point.pk: ProgressDraft(closed=True)}),
            revision=2,
            viewer=staff,
        )
    done = {point.pk: ProgressDraft("合意", closed=True)}
    services.record_minutes(third.pk, MinutesDraft(third.day, carried=done), revision=2, viewer=staff)
    with pytest.raises(Refused, match="ほかの会議で完了"):
        services.record_minutes(second.pk, MinutesDraft(second.day, carried=done), revision=2, viewer=staff)
    with pytest.raises(Refused, match="後の会議で取り上げられている"):
        services.record_minutes(first.pk, MinutesDraft(first.day), revision=2, viewer=staff)
    with pytest.raises(Refused, match="引き継がれていない論点"):
        services.record_minutes(first.pk, MinutesDraft(first.day, points=(PointDraft("負担割合", pk=point.pk),),
                                                       carried=done), revision=2, viewer=staff)  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (MinutesDraft(date(2026, 11, 22)), "将来の日"),
        (MinutesDraft(DAY, items={999_999: "議事"}), "この会議にない議題"),
        (MinutesDraft(DAY, points=(PointDraft("論点", pk=999_999),)), "この会議にない論点"),
        (MinutesDraft(DAY, points=(PointDraft(" "),)), "論点の内容"),
    ],
)
def test_minutes_that_cannot_be_are_refused_whole(world, planned, draft, sentence):
    with pytest.raises(Refused, match=sentence):
        services.record_minutes(planned.pk, draft, revision=1, viewer=world.reviewer())
    planned.refresh_from_db()
    assert planned.state == "scheduled"


def test_what_points_and_progress_must_be_stands_in_the_database(world):
    meeting = held(world, decisions=("了承",), points=(PointDraft("負担割合"),))
    point = OpenPoint.objects.get()
    later = held(world, date(2026, 10, 20))
    PointProgress.objects.create(point=point, meeting=later, note="合意", closed=True)
    for broken in (
        lambda: PointProgress.objects.create(point=point, meeting=later, note="再び"),
        lambda: PointProgress.objects.create(point=point, meeting=held(world), note="二度", closed=True),
        lambda: PointProgress.objects.create(point=point, meeting=held(world), closed=True),
        lambda: OpenPoint.objects.create(bureau=world.sorachi, raised_at=meeting, number=1, text="同じ番号"),
        lambda: OpenPoint.objects.create(bureau=world.sorachi, raised_at=meeting, number=9, text=""),
        lambda: MeetingDecision.objects.create(meeting=meeting, number=1, text="同じ番号"),
        lambda: MeetingDecision.objects.create(meeting=meeting, number=2, text=""),
        lambda: AgendaItem.objects.create(meeting=meeting, number=2, title=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


# -- comments and confirmation ---------------------------------------------------------------------------------------


def test_members_comment_on_the_draft_once_it_was_shown_to_them(world, members):
    meeting = held(world, decisions=("了承",))
    with pytest.raises(Refused, match="まだ示されていません"):
        services.comment_minutes(meeting.pk, "追記を", viewer=world.planner())
    with pytest.raises(Refused, match="今日以後"):
        services.circulate_minutes(meeting.pk, comment_by=date(2026, 11, 20), viewer=world.reviewer())
    services.circulate_minutes(meeting.pk, comment_by=date(2026, 12, 5), viewer=world.reviewer())
    assert Notice.objects.filter(office_key="municipality:014281", title__contains="議事録案").exists()
    for person in (world.planner(), world.approver(world.yuni)):
        services.comment_minutes(meeting.pk, "追記を", viewer=person)
    assert Notice.objects.filter(office_key="bureau:sorachi", title__contains="意見").count() == 2
    with pytest.raises(Refused, match="意見を入力"):
        services.comment_minutes(meeting.pk, " ", viewer=world.planner())
    for person in (world.planner(world.kuriyama), saved(viewer(Duty.HS)), world.reviewer()):
        with pytest.raises(PermissionDenied):
            services.comment_minutes(meeting.pk, "追記を", viewer=person)


def test_the_decider_confirms_and_three_papers_are_frozen(world, members):
    meeting = held(world, decisions=("了承",))
    for person in (world.reviewer(), world.head(world.nemuro), world.decider()):
        with pytest.raises(PermissionDenied):
            services.confirm_minutes(meeting.pk, viewer=person)
    assert services.confirm_minutes(meeting.pk, viewer=world.head()).confirmed_on == clock.today()
    kinds = DocumentIssue.objects.filter(subject_id=str(meeting.pk)).values_list("kind", flat=True)
    assert sorted(kinds) == ["D-26", "D-26b", "D-26c"]
    with pytest.raises(Refused, match="「議事録確認済」"):
        services.record_minutes(meeting.pk, MinutesDraft(DAY), revision=2, viewer=world.reviewer())
    with pytest.raises(Refused, match="「議事録確認済」"):
        services.confirm_minutes(meeting.pk, viewer=world.head())


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ({}, False),
        ({"decisions": ("了承",)}, True),
        ({"points": (PointDraft("負担割合"),)}, True),
        ({"without_outcome": "顔合わせのため"}, True),
    ],
)
def test_a_meeting_that_led_to_nothing_needs_a_reason(world, more, may):
    meeting = held(world, **more)
    if may:
        assert services.confirm_minutes(meeting.pk, viewer=world.head()).state == "confirmed"
    else:
        with pytest.raises(Refused, match="目的にならないよう"):
            services.confirm_minutes(meeting.pk, viewer=world.head())


def test_taking_up_an_earlier_point_is_an_outcome(world):
    held(world, points=(PointDraft("負担割合"),))
    taken_up = {OpenPoint.objects.get().pk: ProgressDraft("調査中")}
    meeting = held(world, date(2026, 10, 20), carried=taken_up)
    assert services.confirm_minutes(meeting.pk, viewer=world.head()).state == "confirmed"


def test_the_roundtable_of_a_zone_counts_as_a_meeting(world):
    zone = NationalZoneFactory(hubs=[world.naganuma])
    draft = replace(CALL, planned_on=DAY, equivalent_zone=zone.pk)
    meeting = services.schedule_meeting("sorachi", draft, viewer=world.reviewer())
    services.record_minutes(meeting.pk, MinutesDraft(DAY), revision=1, viewer=world.reviewer())
    assert ConferenceMeeting.objects.held_between(DAY, DAY).get().equivalent_zone == zone


def test_only_the_bureau_itself_writes_and_a_stranger_does_not_know_a_meeting_to_come(world, planned):
    for person in (world.planner(), world.staff(), world.head()):
        with pytest.raises(PermissionDenied):
            services.update_meeting(planned.pk, CALL, revision=1, viewer=person)
    with pytest.raises(ConferenceMeeting.DoesNotExist):
        services.update_meeting(planned.pk, CALL, revision=1, viewer=world.reviewer(world.nemuro))
    with pytest.raises(PermissionDenied):
        services.schedule_meeting("sorachi", CALL, viewer=world.reviewer(world.nemuro))
