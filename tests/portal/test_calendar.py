"""The year's calendar: the usual flow of the months, and the days of whoever looks."""

from datetime import date, timedelta

import pytest

from common import clock, reminders
from common.fiscal_year import FiscalYear
from common.viewer import Duty
from municipalities.models import Municipality, Prefecture
from portal.deadlines import deadlines_for
from portal.year_calendar import ORDER, calendar_of, cycles_of
from regions.models import OpenPoint
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.regions import ConferenceMeetingFactory, ConferenceMemberFactory, ForwardPlanFactory
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def world(settings):
    settings.DEMO_DATE = TODAY.isoformat()
    Prefecture.objects.get_or_create(code="01", defaults={"name": "北海道"})
    bureau = BureauFactory(code="sorachi", name="空知総合振興局", short_name="空知")
    MunicipalityFactory(code="014281", name="長沼町", bureau=bureau)
    return bureau


def person(duty, **more):
    return saved(viewer(duty, **more))


def days(who, year=2026):
    found = calendar_of(who, FiscalYear(year), TODAY)
    return {one.text: one.on for month in found.months for one in month.days}


def test_each_month_says_what_usually_happens_from_april_to_march():
    (grant,) = cycles_of([])
    assert list(grant.months) == list(ORDER)
    assert "前年度の最後の支払、出納閉鎖（31日）" in grant.months[5]
    assert any("実績報告（10日まで）" in text for text in grant.months[4])
    assert grant.months[7] == ()


def test_a_prefecture_that_decides_themes_together_has_their_cycle_too():
    _, theme = cycles_of(["theme"])
    assert any("ニーズ調査" in text for text in theme.months[4])
    assert any("第2回会議" in text for text in theme.months[2])
    Prefecture.objects.filter(pk="01").update(terms={"modules": ["theme"]})
    found = calendar_of(person(Duty.HS), FiscalYear(2026), TODAY)
    assert [cycle.key for cycle in found.cycles] == ["grant", "theme"]


def test_the_months_run_over_the_turn_of_the_year_and_the_present_one_is_marked():
    found = calendar_of(person(Duty.MP), FiscalYear(2026), TODAY)
    assert [month.first for month in found.months][::9] == [date(2026, 4, 1), date(2027, 1, 1)]
    assert [month.first.month for month in found.months if month.current] == [11]
    assert not any(month.current for month in calendar_of(person(Duty.MP), FiscalYear(2025), TODAY).months)


def test_meetings_and_plans_of_the_own_bureau_stand_in_their_months(world):
    far = BureauFactory(code="soya", name="宗谷総合振興局", short_name="宗谷")
    held = date(2026, 9, 8)
    ConferenceMeetingFactory(bureau=world, title="空知の会議", planned_on=held, held_on=held, state="held")
    ConferenceMeetingFactory(bureau=far, title="宗谷の会議", planned_on=held, held_on=held, state="held")
    called_off = {"state": "cancelled", "cancelled_because": "大雪"}
    ConferenceMeetingFactory(bureau=world, title="中止の会議", planned_on=held, **called_off)
    ForwardPlanFactory(bureau=world, version=2, adopted_on=date(2026, 6, 1))
    town = days(person(Duty.MP))
    assert (town["空知の会議 開催"], town["空知の前進プラン 第2版 策定"]) == (held, date(2026, 6, 1))
    assert "宗谷の会議 開催" not in town
    assert "中止の会議 開催" not in town
    assert {"空知の会議 開催", "宗谷の会議 開催"} <= set(days(person(Duty.HS)))
    assert "空知の会議 開催" not in days(person(Duty.MP), 2025)
    assert "空知の会議 開催" not in days(person(Duty.AC))


def test_the_start_page_names_meetings_opinions_points_and_the_yearly_review(world):
    soon = TODAY + timedelta(days=10)
    meeting = ConferenceMeetingFactory(
        bureau=world, title="会議", planned_on=date(2026, 9, 8), held_on=date(2026, 9, 8), state="held",
        circulated_on=TODAY, comment_by=soon,
    )  # fmt: skip
    ConferenceMeetingFactory(bureau=world, title="次の会議", planned_on=soon)
    ConferenceMemberFactory(bureau=world, municipality=Municipality.objects.get(pk="014281"))
    OpenPoint.objects.create(bureau=world, raised_at=meeting, number=4, text="論点", owner="企画課", due_on=soon)
    plan = ForwardPlanFactory(bureau=world, adopted_on=date(2025, 10, 1))
    texts = {one.text for one in deadlines_for(person(Duty.BS))}
    wanted = {"次の会議 開催", "継続する論点4（企画課） 回答の期限", "前進プラン 年次の点検の期限"}
    assert wanted <= texts
    town = {one.text for one in deadlines_for(person(Duty.MP))}
    assert town >= {"次の会議 開催", "会議 議事録案への意見の期限"}
    plan.reviews.create(
        fiscal_year=2026, reviewed_on=TODAY, summary="順調", result="goes_on", reviewed_by_id=person(Duty.BS).person
    )
    assert not any("年次の点検" in one.text for one in reminders.owed(person(Duty.BS), TODAY))


def test_the_page_answers_for_any_year_and_says_what_it_cannot_read(world):
    client = client_for(person(Duty.BS))
    assert "令和8年度（2026）" in client.get("/calendar/").content.decode()
    assert "令和7年度（2025）" in client.get("/calendar/?year=R7").content.decode()
    assert client.get("/calendar/?year=いつか").status_code == 422

    def grow() -> None:
        for number in range(30):
            ConferenceMeetingFactory(bureau=world, title=f"会議{number}", planned_on=clock.today())

    assert_same_queries(client, "/calendar/", grow)


def test_the_days_are_a_file_for_ones_own_calendar(world, settings):
    settings.PORTAL_URL = "https://portal.example.lg.jp"
    ConferenceMeetingFactory(bureau=world, title="会議、第1回; 空知", planned_on=date(2026, 12, 10))
    answer = client_for(person(Duty.BS)).get("/calendar/days.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261210" in unfolded
    assert "会議、第1回\\; 空知" in unfolded
    assert "URL:https://portal.example.lg.jp/meetings/" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("UID:") == len(set(days(person(Duty.BS)).items()))
