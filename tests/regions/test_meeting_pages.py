"""The pages of conferences, plans and stages: what each role sees, two people at one part, and how often they ask."""

from __future__ import annotations

from datetime import date

import pytest

from common.viewer import Duty
from regions.models import Attendance, ConferenceMeeting, MinutesComment, OpenPoint, StageAssessment
from tests.factories.regions import (
    ConferenceMeetingFactory,
    ConferenceMemberFactory,
    FieldFactory,
    ForwardPlanFactory,
    RegionFactory,
)
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.either_database
DAY = date(2026, 10, 1)


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def held(world):
    """Held, with a decision and somebody's name; its minutes shown to nobody yet."""
    meeting = ConferenceMeetingFactory(
        bureau=world.sorachi, planned_on=DAY, held_on=DAY, state="held", items=["前進プラン"], decided=["案を了承した"]
    )
    member = ConferenceMemberFactory(bureau=world.sorachi, municipality=world.naganuma)
    Attendance.objects.create(meeting=meeting, member=member, state="substitute", person="係長 山田")
    return meeting


def test_a_meeting_goes_from_its_call_to_its_minutes(world):
    ConferenceMemberFactory(bureau=world.sorachi, municipality=world.naganuma)
    staff, head = client_for(world.reviewer()), client_for(world.head())
    call = {"title": "検討会議", "planned_on": "R8.11.20", "mode": "online", "items-0-title": "前進プラン案"}
    assert staff.post("/meetings/new/", call | {"planned_on": "いつか"}).status_code == 422
    address = staff.post("/meetings/new/", call).url
    meeting = ConferenceMeeting.objects.get()
    assert address == f"/meetings/{meeting.pk}/"
    staff.post(f"{address}attendance/", {"go": "everyone", "revision": "1"})
    assert meeting.attendances.get().state == "present"
    item = meeting.items.get()
    minutes = {
        "held_on": "R8.11.20",
        f"item_{item.pk}": "意見なし",
        "decisions-0-text": "了承",
        "points-0-text": "負担",
    }
    staff.post(f"{address}minutes/", minutes | {"revision": "1"})
    page = text_of(head.get(address))
    for words in ("意見なし", "了承", "負担", "出席 1", "議事録を確認する"):
        assert words in page
    head.post(f"{address}confirm/")
    meeting.refresh_from_db()
    assert meeting.state == "confirmed"
    assert staff.get(f"{address}minutes/").status_code == 302, "confirmed minutes are not written any more"
    for part in ("agenda", "attendance", "minutes"):
        assert staff.get(f"{address}{part}.pdf")["Content-Type"] == "application/pdf"
    following = text_of(staff.get(staff.post("/meetings/new/", call | {"planned_on": "R8.12.20"}).url))
    assert "負担" in following
    assert "引き継いだ論点" in following


def test_who_reads_a_draft_of_minutes_and_the_names_in_it(world, held):
    address = f"/meetings/{held.pk}/"
    association, stranger = saved(viewer(Duty.OB)), world.reviewer(world.nemuro)
    for person, minutes, names in [
        (world.reviewer(), True, True),
        (world.staff(), True, True),
        (world.planner(), False, True),
        (world.planner(world.kuriyama), False, False),
        (stranger, False, False),
        (association, False, False),
    ]:
        page = text_of(client_for(person).get(address))
        assert ("案を了承した" in page, "山田" in page) == (minutes, names), person.office
        for part, reads in (("minutes", minutes), ("attendance", names)):
            status = client_for(person).get(f"{address}{part}.pdf").status_code
            assert status == (200 if reads else 403), (person.office, part)
    ConferenceMeeting.objects.filter(pk=held.pk).update(circulated_on=DAY, comment_by=date(2026, 12, 1))
    MinutesComment.objects.create(
        meeting=held, office="由仁町", office_key="municipality:014273", text="追記を", written_at="2026-11-01T09:00Z",
        written_by_id=world.planner(world.yuni).person,
    )  # fmt: skip
    member = text_of(client_for(world.planner()).get(address))
    assert "案を了承した" in member
    assert "追記を" in member
    assert "意見を送る" in member
    assert "案を了承した" not in text_of(client_for(association).get(address))
    ConferenceMeeting.objects.filter(pk=held.pk).update(state="confirmed")
    page = text_of(client_for(association).get(address))
    assert ("案を了承した" in page, "山田" in page, "追記を" in page) == (True, False, False)


def test_two_people_at_one_agenda_are_shown_both_texts_and_choose(world):
    meeting = ConferenceMeetingFactory(bureau=world.sorachi, planned_on=date(2026, 12, 10), title="検討会議")
    one, other = client_for(world.reviewer()), client_for(world.reviewer())
    address = f"/meetings/{meeting.pk}/edit/"
    call = {"title": "検討会議", "planned_on": "令和8年12月10日", "mode": "place", "revision": "1"}
    base = '{"title":["検討会議"],"planned_on":["令和8年12月10日"],"mode":["place"]}'
    one.post(address, call | {"place": "2階", "base": base})
    answer = other.post(address, call | {"place": "3階", "base": base, "chair": "局長"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "いま保存されている内容" in page and "2階" in page and "3階" in page
    other.post(address, call | {"place": "3階", "base": base, "chair": "局長", "use": "place"})
    meeting.refresh_from_db()
    assert (meeting.place, meeting.chair) == ("2階", "局長"), "what the other saved was chosen, the rest is kept"


def test_lists_ask_as_often_for_many_as_for_few(world, held):
    staff = client_for(world.reviewer())

    def grow() -> None:
        for number in range(15):
            OpenPoint.objects.create(bureau=world.sorachi, raised_at=held, number=number + 1, text="論点")
            ConferenceMemberFactory(bureau=world.sorachi)
            ConferenceMeetingFactory(bureau=world.sorachi, held_on=DAY, state="held", decided=["了承"])

    assert_same_queries(staff, "/meetings/", grow)


def test_a_meetings_page_asks_as_often_for_many_members_items_and_points(world, held):
    def grow() -> None:
        first = ConferenceMeetingFactory(bureau=world.sorachi, held_on=date(2026, 9, 1), state="held")
        for number in range(20):
            member = ConferenceMemberFactory(bureau=world.sorachi)
            Attendance.objects.create(meeting=held, member=member, state="present")
            OpenPoint.objects.create(bureau=world.sorachi, raised_at=first, number=number + 10, text="論点")
            held.items.create(number=number + 2, title="議題")

    client = client_for(world.reviewer())
    first = ConferenceMeetingFactory(bureau=world.sorachi, held_on=date(2026, 9, 2), state="held")
    OpenPoint.objects.create(bureau=world.sorachi, raised_at=first, number=1, text="論点")
    assert_same_queries(client, f"/meetings/{held.pk}/", grow, budget=20)


def test_the_matrix_of_the_whole_prefecture_asks_as_often_as_that_of_two_regions(world):
    fields = [FieldFactory(code=f"field-{number}", name=f"分野{number}", order=number) for number in range(17)]
    assessor = world.reviewer().person

    def add(regions: int) -> None:
        rows = []
        for _ in range(regions):
            region = RegionFactory(members=[world.naganuma, world.yuni], lead_bureau=world.sorachi)
            rows += [
                StageAssessment(
                    region=region, field=field, track=track, stage=1, assessed_on=day, evidence="会議録",
                    assessed_by_id=assessor,
                )
                for field in fields for track in ("municipal", "prefecture") for day in (DAY, date(2025, 9, 1))
            ]  # fmt: skip
        StageAssessment.objects.bulk_create(rows)

    add(2)
    assert_same_queries(client_for(world.staff()), "/stages/", lambda: add(30))


def test_the_matrix_shows_change_and_the_association_the_summary_only(world):
    assessor = world.reviewer().person
    for stage, day in ((1, date(2025, 6, 1)), (2, DAY)):
        StageAssessment.objects.create(
            region=world.region, field=world.disaster, track="municipal", stage=stage, assessed_on=day,
            evidence="毎年の共同訓練", assessed_by_id=assessor, confirmed_on=day, confirmed_by_id=assessor,
        )  # fmt: skip
    page = text_of(client_for(world.staff()).get("/stages/"))
    for words in ("防災", "（上がった）", "優劣を表すものではありません", "図６の名称"):
        assert words in page
    assert "毎年の共同訓練" in text_of(client_for(world.planner()).get(f"/regions/{world.region.pk}/stages/"))
    association = client_for(saved(viewer(Duty.OB)))
    summary = text_of(association.get("/stages/"))
    assert ("防災" in summary, world.region.name in summary) == (True, False)
    assert association.get(f"/regions/{world.region.pk}/stages/").status_code == 403
    assert client_for(world.staff()).get("/stages/?on=いつか").status_code == 422


def test_several_stages_are_read_in_one_form_and_confirmed(world):
    FieldFactory(code="medical", name="医療", order=1)
    staff, address = client_for(world.reviewer()), f"/regions/{world.region.pk}/stages/"
    typed = {"assessed_on": "R8.10.1", "stage-disaster-municipal": "2", "evidence-disaster-municipal": "訓練"}
    half = staff.post(f"{address}new/", typed | {"stage-medical-prefecture": "1"})
    assert (half.status_code, "根拠を入力してください。" in text_of(half)) == (422, True)
    staff.post(f"{address}new/", typed | {"stage-medical-prefecture": "1", "evidence-medical-prefecture": "会議"})
    assert StageAssessment.objects.count() == 2
    head = client_for(world.head())
    assert "確認を待つ評価が2件" in text_of(head.get(address))
    head.post(f"{address}confirm/")
    assert not StageAssessment.objects.filter(confirmed_on=None).exists()


def test_a_plan_shows_its_opinions_and_the_next_step_to_whom_it_concerns(world):
    plan = ForwardPlanFactory(bureau=world.sorachi, regions=[world.region])
    address = f"/plans/{plan.pk}/"
    client_for(world.planner()).post(f"{address}comment/", {"text": "取組を加えて"})
    for person, sees in [(world.reviewer(), True), (world.staff(), True), (world.reviewer(world.nemuro), False)]:
        assert ("取組を加えて" in text_of(client_for(person).get(address))) == sees, person.office
    decider = client_for(world.decider())
    assert "受理を記録する" in text_of(decider.get(address))
    assert decider.post(f"{address}receive/", {"day": "R8.11.22"}).status_code == 422
    decider.post(f"{address}receive/", {"day": "R8.11.20"})
    assert "本庁受理 令和8年11月20日" in text_of(decider.get(address))
    staff = client_for(world.reviewer())
    assert staff.get(f"{address}plan.pdf")["Content-Type"] == "application/pdf"
    assert staff.post(f"{address}review/", {"reviewed_on": "R8.11.20", "summary": ""}).status_code == 422
    staff.post(f"{address}review/", {"reviewed_on": "R8.11.20", "summary": "順調に進む", "result": "goes_on"})
    assert "順調に進む" in text_of(staff.get(address))
    staff.post(f"{address}revise/")
    second = world.sorachi.plans.get(version=2)
    assert "第1版（策定済）から第2版（案）へ" in text_of(staff.get(f"/plans/{second.pk}/compare/"))
