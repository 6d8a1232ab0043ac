"""The turn of the year: every step as often as one likes, both years side by side until the books close."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common import clock
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.models import AuditEvent, NumberSequence
from common.viewer import Duty
from portal import services
from portal.models import RolloverStep
from portal.rollover import sections_of, year_to_turn
from portal.views.pages import FILTERS
from subsidies.models import Application, Call, RuleSetVersion
from subsidies.services.turning import a_year_later, copies_for, copy_calls
from subsidies.year_end import open_work
from tests.at_once import at_once
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db
OLD, NEW = 2026, 2027
Step = RolloverStep.Step


@pytest.fixture
def staff():
    return saved(viewer(Duty.HS))


@pytest.fixture
def scene(settings) -> Scene:
    settings.DEMO_DATE = "2027-03-20"
    with clock.standing_at(clock.at(date(2026, 11, 21))):
        return Scene()


def case_in(scene: Scene, state: str) -> Application:
    """An application that got there last autumn."""
    with clock.standing_at(clock.at(date(2026, 11, 21))):
        return scene.application(state)


def section(person, step):
    return {one.step: one for one in sections_of(person, FiscalYear(NEW))}[step]


@pytest.mark.parametrize(
    ("day", "year"), [("2026-11-21", 2026), ("2026-12-05", 2027), ("2027-03-31", 2027), ("2027-05-31", 2027)]
)
def test_the_next_year_is_prepared_from_december_on(day: str, year: int):
    assert year_to_turn(date.fromisoformat(day)) == year


class TestCalls:
    def copied(self, scene: Scene, person, **more) -> list[Call]:
        return copy_calls(**{"year": NEW, "chosen": [scene.call.pk], "with_allotments": False, "viewer": person} | more)

    def test_a_draft_is_made_a_year_later_and_never_twice(self, scene: Scene, staff):
        (made,) = self.copied(scene, staff)
        assert (made.fiscal_year, made.state, made.round) == (NEW, "preparing", scene.call.round)
        assert made.opens_on == a_year_later(scene.call.opens_on)
        assert made.closes_on == a_year_later(scene.call.closes_on)
        assert not made.allotments.exists()
        assert self.copied(scene, staff) == []
        assert Call.objects.filter(fiscal_year=NEW).count() == 1
        (shown,) = section(staff, Step.CALLS).copies
        assert (shown.made, shown.open) == (made, False)

    def test_allotments_come_along_only_where_that_was_chosen(self, scene: Scene, staff):
        (made,) = self.copied(scene, staff, with_allotments=True)
        amounts = lambda call: dict(call.allotments.values_list("bureau", "amount_yen"))  # noqa: E731
        assert amounts(made) == amounts(scene.call) != {}
        assert all(row.committed_yen == 0 for row in made.allotments.all())

    def test_a_program_whose_term_ends_is_named_and_not_copied(self, scene: Scene, staff):
        case_in(scene, "draft")
        RuleSetVersion.objects.filter(pk=scene.call.ruleset_id).update(effective_to_fy=OLD)
        with pytest.raises(Refused, match=r"令和9年度に適用するルールがない"):
            self.copied(scene, staff)
        (problem,) = section(staff, Step.RULES).problems
        assert "令和8年度まで" in problem
        (shown,) = copies_for(NEW, staff)
        assert (shown.ruleset, shown.open) == (None, False)

    @pytest.mark.parametrize("duty", [Duty.AD, Duty.AU, Duty.BS, Duty.MP])
    def test_only_headquarters_prepares_calls(self, scene: Scene, duty: Duty):
        with pytest.raises(PermissionDenied):
            self.copied(scene, saved(viewer(duty)))
        assert not Call.objects.filter(fiscal_year=NEW).exists()

    def test_a_leap_day_becomes_the_last_of_february(self):
        assert a_year_later(date(2028, 2, 29)) == date(2029, 2, 28)
        assert a_year_later(date(2027, 3, 1)) == date(2028, 3, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_makes_the_calls(settings):
    scene, one, other = Scene(), saved(viewer(Duty.HS)), saved(viewer(Duty.HM))
    year = scene.call.fiscal_year + 1
    acts = [
        lambda person=person: copy_calls(year=year, chosen=[scene.call.pk], with_allotments=False, viewer=person)
        for person in (one, other)
    ]
    assert sorted(len(made) for made in at_once(*acts)) == [0, 1]
    assert Call.objects.filter(fiscal_year=year).count() == 1


class TestNumbers:
    def test_each_sequence_goes_on_with_its_pattern_from_one_and_once(self, scene: Scene):
        NumberSequence.objects.create(
            office_key="bureau:sorachi", purpose="receipt", year=OLD, pattern="空地政収第{n}号", last_value=83
        )
        administrator = saved(viewer(Duty.AD))
        (before,) = section(administrator, Step.NUMBERS).problems
        assert "1件" in before
        assert [services.open_numbers(NEW, viewer=administrator) for _ in range(2)] == [1, 0]
        made = NumberSequence.objects.get(year=NEW)
        assert (made.pattern, made.last_value) == ("空地政収第{n}号", 0)
        assert not section(administrator, Step.NUMBERS).problems
        assert AuditEvent.objects.filter(action="numbers.open").count() == 1


class TestSteps:
    def test_done_names_who_and_when_and_can_be_taken_back(self, scene: Scene, staff):
        first = services.finish_step(NEW, Step.RULES, viewer=staff, note="要綱を確かめた")
        again = services.finish_step(NEW, Step.RULES, viewer=saved(viewer(Duty.HM)), note="二度目")
        assert (again.pk, again.done_who, again.note) == (first.pk, staff.label, "要綱を確かめた")
        assert section(staff, Step.RULES).word == "済"
        services.reopen_step(NEW, Step.RULES, viewer=staff)
        services.reopen_step(NEW, Step.RULES, viewer=staff)
        assert section(staff, Step.RULES).done is None
        actions = (
            AuditEvent.objects.filter(action__startswith="rollover.").order_by("id").values_list("action", flat=True)
        )
        assert list(actions) == ["rollover.done", "rollover.reopen"]

    def test_the_administrator_does_the_technical_part_alone(self, scene: Scene):
        administrator = saved(viewer(Duty.AD))
        assert [one.step for one in sections_of(administrator, FiscalYear(NEW))] == [Step.NUMBERS, Step.STAFF]
        services.finish_step(NEW, Step.NUMBERS, viewer=administrator)
        with pytest.raises(PermissionDenied, match="本庁 審査担当"):
            services.finish_step(NEW, Step.CALLS, viewer=administrator)
        with pytest.raises(PermissionDenied):
            services.finish_step(NEW, Step.NUMBERS, viewer=saved(viewer(Duty.AU)))


class TestOldYear:
    @pytest.mark.parametrize(
        ("day", "old"), [("2027-03-31", False), ("2027-04-01", True), ("2027-05-31", True), ("2027-06-01", False)]
    )
    def test_the_old_year_is_marked_from_april_until_the_books_close(self, scene: Scene, settings, day: str, old: bool):
        case = case_in(scene, "bureau_review")
        settings.DEMO_DATE = day
        client = client_for(scene.reviewer())
        for page in ("/", "/worklist/?show=old", "/applications/"):
            assert ("旧年度（出納閉鎖 5月31日まで）" in client.get(page).content.decode()) == old, page
        assert FiscalYear(case.fiscal_year).is_old(clock.today()) == old
        assert "old" in FILTERS

    def test_what_is_open_stands_under_the_day_by_which_it_has_to_happen(self, scene: Scene, settings, staff):
        case_in(scene, "running")
        days = [(one.until, one.total) for one in open_work(OLD, staff)]
        assert days == [
            (date(2027, 3, 31), 0), (date(2027, 3, 31), 1), (date(2027, 4, 10), 0), (date(2027, 5, 31), 0),
        ]  # fmt: skip
        Application.objects.update(state="reported")
        settings.DEMO_DATE = "2027-05-31"
        assert not section(staff, Step.WORK).problems
        settings.DEMO_DATE = "2027-06-01"
        (problem,) = section(staff, Step.WORK).problems
        assert "5月31日）を過ぎたものが1件" in problem

    def test_a_new_call_is_prepared_while_the_old_year_is_settled(self, scene: Scene, settings, staff):
        settings.DEMO_DATE = "2027-04-15"
        case_in(scene, "running")
        assert copy_calls(year=NEW, chosen=[scene.call.pk], with_allotments=False, viewer=staff)
        assert section(staff, Step.WORK).work[1].total == 1
        assert "両方の処理ができます" in client_for(staff).get("/rollover/").content.decode()


class TestPage:
    def test_each_step_is_done_on_the_page(self, scene: Scene, staff):
        client = client_for(staff)
        assert "令和9年度（2027）への年度更新" in client.get("/rollover/").content.decode()
        answer = client.post("/rollover/2027/calls/", {"call": scene.call.pk}, follow=True)
        assert "令和9年度の募集を1件準備しました" in answer.content.decode()
        again = client.post("/rollover/2027/calls/", {"call": scene.call.pk}, follow=True)
        assert "新しく準備する募集はありません" in again.content.decode()
        client.post("/rollover/2027/steps/calls/", {"note": "日程は課内で協議"})
        assert "日程は課内で協議" in client.get("/rollover/2027/").content.decode()
        client.post("/rollover/2027/steps/calls/", {"undo": "1"})
        assert not RolloverStep.objects.exists()
        assert client.post("/rollover/2027/steps/nothing/").status_code == 404
        assert client.get("/rollover/999/").status_code == 404

    def test_it_asks_as_often_for_many_calls(self, scene: Scene, staff):
        def grow() -> None:
            for number in range(2, 12):
                row = Call.objects.get(pk=scene.call.pk)
                row.pk, row.round = None, number
                row.save(force_insert=True)

        assert_same_queries(client_for(staff), "/rollover/2027/", grow, budget=25)
