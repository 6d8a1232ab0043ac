"""The bureaus' conferences in the demo world: members, a meeting of last year, one with open points, one to come."""

from __future__ import annotations

from datetime import date, time, timedelta

from common import clock
from common.viewer import Viewer
from municipalities.models import Bureau, Municipality
from regions import services as regions
from regions.models import ConferenceMeeting, OpenPoint, Region
from regions.services import (
    AttendanceDraft,
    InitiativeDraft,
    ItemDraft,
    MeetingDraft,
    MemberDraft,
    MinutesDraft,
    PlanDraft,
    PointDraft,
    ProgressDraft,
    ReadingDraft,
)
from regions.services.conferences import members_of

from .regions import SINCE

BUREAUS = ("sorachi", "nemuro")
FIRST, LAST = SINCE + timedelta(days=180), 75  # a meeting of last year; days since the one of this year
ALSO_READ = ["disaster", "medical", "staff-exchange"]  # fields beside those of the initiatives
LATER = FIRST + timedelta(days=330)


def make_conferences(people: dict[str, Viewer], made: list[Region], today: date) -> None:
    """Each bureau's conference discusses the forward plan, meets again this year, and has a meeting ahead."""
    for code in BUREAUS:
        bureau = Bureau.objects.get(pk=code)
        staff, head = people[f"{code}-shinsa"], people[f"{code}-kyokucho"]
        own = [region for region in made if region.lead_bureau_id == code]
        with clock.standing_at(clock.at(SINCE)):
            _members(bureau, staff)
        with clock.standing_at(clock.at(FIRST - timedelta(days=14))):
            meeting = _call(bureau, staff, FIRST, ("広域連携前進プラン（案）について", "市町村の意向の把握について"))
            plan = regions.create_plan(code, _plan(bureau, own), viewer=staff)
            regions.put_to_conference(plan.pk, viewer=staff)
        with clock.standing_at(clock.at(FIRST)):
            _hold(meeting, staff)
        with clock.standing_at(clock.at(FIRST + timedelta(days=21))):
            regions.confirm_minutes(meeting.pk, viewer=head)
            regions.adopt_plan(plan.pk, adopted_on=clock.today(), meeting_id=meeting.pk, viewer=head)
        _read_stages(own, staff, head, today)
        this_year = today - timedelta(days=LAST)
        with clock.standing_at(clock.at(this_year - timedelta(days=14))):
            second = _call(
                bureau, staff, this_year, ("取組の進み具合について", "来年度の要望について"), mode="online", place=""
            )
        with clock.standing_at(clock.at(this_year)):
            _hold_again(second, staff)
            regions.circulate_minutes(second.pk, comment_by=today + timedelta(days=4), viewer=staff)
        with clock.standing_at(clock.at(today - timedelta(days=3))):
            _comment(second, people)
            coming = _call(
                bureau,
                staff,
                today + timedelta(days=19),
                ("引き継いだ論点について", "来年度の前進プランの点検について"),
            )
            regions.invite_members(coming.pk, viewer=staff)


def _members(bureau: Bureau, staff: Viewer) -> None:
    towns = Municipality.objects.under(bureau.pk, clock.today()).order_by("code")
    rows = [MemberDraft("town", SINCE, municipality=town.pk, post="企画担当課長") for town in towns]
    rows += [
        MemberDraft("department", SINCE, name=f"{bureau.name} 地域政策課", post="課長"),
        MemberDraft("department", SINCE, name="関係部局（例：地域医療担当）", post="担当課長"),
        MemberDraft("other", SINCE, name="デモ 地域交通事業者", post="代表"),
    ]
    regions.set_members(bureau.pk, rows, viewer=staff)


def _call(
    bureau: Bureau,
    staff: Viewer,
    on: date,
    items: tuple[str, ...],
    *,
    mode: str = "place",
    place: str = "2階会議室",
) -> ConferenceMeeting:
    draft = MeetingDraft(
        title=f"{bureau.short_name}地域 広域連携検討会議",
        planned_on=on,
        mode=mode,
        place=f"{bureau.name} {place}" if place else "",
        starts_at=time(13, 30),
        ends_at=time(15, 0),
        chair=f"{bureau.name}長",
        items=tuple(ItemDraft(title, "事務局") for title in items),
    )
    meeting = regions.schedule_meeting(bureau.pk, draft, viewer=staff)
    return ConferenceMeeting.objects.select_related("bureau", "equivalent_zone").get(pk=meeting.pk)


def _attendance(meeting: ConferenceMeeting, staff: Viewer, usual: str) -> None:
    drafts = {}
    for number, member in enumerate(members_of(meeting)):
        state = "absent" if number % 9 == 8 else "substitute" if number % 7 == 3 else usual
        drafts[member.pk] = AttendanceDraft(state, "デモ 係長" if state == "substitute" else "")
    regions.record_attendance(meeting.pk, drafts, "", revision=1, viewer=staff)


def _hold(meeting: ConferenceMeeting, staff: Viewer) -> None:
    _attendance(meeting, staff, "present")
    said = ("事務局から前進プラン（案）を説明した。取組の数を増やすより続けられる形を大切にするとの意見があった。",
            "事業部局の理解が進まないため、他の地域の事例を示してほしいとの意見があった。")  # fmt: skip
    draft = MinutesDraft(
        held_on=clock.today(),
        chair=meeting.chair,
        recorder="デモ 地域政策課",
        items=dict(zip(meeting.items.values_list("pk", flat=True), said, strict=True)),
        decisions=("前進プラン（案）を了承した。", "進み具合を毎年この会議で確かめる。"),
        points=(
            PointDraft(
                "専門職員の共同採用を、どの職種から始めるか。", "地域政策課", clock.today() + timedelta(days=400)
            ),
            PointDraft("地域公共交通の負担割合の考え方。", "関係市町村", clock.today() + timedelta(days=330)),
        ),
    )
    regions.record_minutes(meeting.pk, draft, revision=1, viewer=staff)


def _hold_again(meeting: ConferenceMeeting, staff: Viewer) -> None:
    _attendance(meeting, staff, "online")
    said = ("各地域から進み具合を報告した。予定より遅れている取組も、地域の事情に応じて進めることを確認した。",
            "来年度の要望の方向を話し合った。")  # fmt: skip
    first, second = OpenPoint.objects.carried_into(meeting)
    draft = MinutesDraft(
        held_on=clock.today(),
        chair=meeting.chair,
        recorder="デモ 地域政策課",
        items=dict(zip(meeting.items.values_list("pk", flat=True), said, strict=True)),
        decisions=("来年度の要望の方向を確認した。",),
        points=(PointDraft("通信機器の更新時期を市町村の間でそろえられるか。", "企画担当者会議"),),
        carried={
            first.pk: ProgressDraft("職種ごとの欠員を次の会議までに調べる。"),
            second.pk: ProgressDraft("利用者数による案で合意した。", closed=True),
        },
    )
    regions.record_minutes(meeting.pk, draft, revision=1, viewer=staff)


def _comment(meeting: ConferenceMeeting, people: dict[str, Viewer]) -> None:
    planner = people["nemuro-kikaku" if meeting.bureau_id == "nemuro" else "naganuma-kikaku"]
    regions.comment_minutes(meeting.pk, "議題1の報告に、冬期の運行も検討中であることを加えてください。", viewer=planner)


def _plan(bureau: Bureau, own: list[Region]) -> PlanDraft:
    return PlanDraft(
        title=f"{bureau.name} 広域連携前進プラン（デモ）",
        term_from_fy=2025,
        term_to_fy=2029,
        direction="単独では続けにくい行政サービスを、隣り合う市町村と分担して守る。",
        regions=tuple(region.pk for region in own),
        initiatives=(
            *(
                InitiativeDraft(project=project.pk)
                for region in own
                for project in region.projects.filter(main_field__isnull=False)
            ),
            InitiativeDraft("市町村職員の広域連携研修"),
        ),
    )


def _read_stages(own: list[Region], staff: Viewer, head: Viewer, today: date) -> None:
    """Readings of last year, confirmed, and of this year: some fields came further, some took their time."""
    for day, confirmed in ((FIRST + timedelta(days=30), True), (today - timedelta(days=30), False)):
        with clock.standing_at(clock.at(day)):
            for place, region in enumerate(own):
                fields = [*region.projects.filter(main_field__isnull=False).values_list("main_field", flat=True)]
                fields += ALSO_READ[place % 2 :]
                drafts = [
                    ReadingDraft(field, "municipal", 1 if confirmed or (place + number) % 3 == 2 else 2,
                                 "構成市町村の担当者会議を定期に開いている。")
                    for number, field in enumerate(sorted(set(fields)))
                ]  # fmt: skip
                if drafts:
                    drafts.append(
                        ReadingDraft(drafts[0].field, "prefecture", 1, "道の研修に構成市町村の職員が参加した。")
                    )
                    regions.assess_stages(region.pk, drafts, assessed_on=day, viewer=staff)
                    if confirmed:
                        regions.confirm_stages(region.pk, viewer=head)
