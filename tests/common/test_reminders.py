"""What is owed until a day: each step once, to the right people, made up for after a standstill, void when it moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from common import clock, reminders
from common.models import AuditEvent, Notice, Reminder
from common.reminders import Obligation, kinds, send_due
from common.viewer import SYSTEM, Duty
from portal.deadlines import REGISTERED
from tests.at_once import at_once
from tests.viewers import viewer

DUE = date(2026, 12, 18)
TOWN, BUREAU = "municipality:014281", "bureau:sorachi"


@pytest.fixture
def case(monkeypatch):
    """One report that 長沼町 owes, as the only obligation there is; its due date can be moved."""
    facts = {"due_on": DUE, "since": date(2026, 11, 1), "open": True}

    def named(viewer, on):
        if facts["open"]:
            parties = {"lead": (TOWN,), "bureau": (BUREAU,)}
            about = ("subsidies.report", 7)
            yield Obligation(
                "report", about, facts["due_on"], "南空知", "/applications/1/", parties, since=facts["since"]
            )

    monkeypatch.setattr(reminders, "_sources", {"report": named})
    return facts


def run(*left: int) -> list[int]:
    return [send_due(DUE - timedelta(days=days)) for days in left]


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("id").values_list("office_key", "duties"))


def test_every_kind_of_the_table_has_a_source_and_the_other_way_round():
    assert REGISTERED
    assert reminders.sources() == set(kinds())


def test_every_party_of_the_table_hears_in_an_office_that_has_the_duty():
    assert all(kind.owes and kind.steps and kind.label for kind in kinds().values())
    assert kinds()["report"].steps == (-14, -3, 0, 7)


@pytest.mark.django_db
class TestSteps:
    def test_fourteen_three_nought_and_seven_each_once_however_often_it_runs(self, case):
        assert run(15, 14, 14, 13, 4, 3, 3, 2, 1, 0, 0, -1, -6, -7, -7, -8, -30) == [
            0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
        ]  # fmt: skip
        assert list(Reminder.objects.order_by("id").values_list("step", flat=True)) == [-14, -3, 0, 7]
        assert AuditEvent.objects.filter(action="reminder.send").count() == 4

    def test_who_owes_hears_first_the_approver_on_the_day_and_the_bureau_decides_a_week_later(self, case):
        run(14)
        assert told() == [(TOWN, "MP")]
        run(0)
        assert told()[1:] == [(TOWN, "MA,MP")]
        run(-7)
        assert told()[2:] == [(TOWN, "MA,MP"), (BUREAU, "BM")]
        titles = list(Notice.objects.order_by("id").values_list("title", flat=True))
        assert titles[0] == "実績報告の期限まであと14日です：南空知"
        assert titles[1] == "実績報告の期限は本日です：南空知"
        assert titles[2] == "実績報告の期限が7日過ぎています：南空知"

    def test_after_days_without_a_run_only_the_latest_step_goes_out(self, case):
        assert run(-2) == [1]
        assert list(Reminder.objects.values_list("step", flat=True)) == [0]
        assert "2日過ぎています" in Notice.objects.get().title
        assert run(-3) == [0]

    def test_what_lies_long_back_is_let_lie(self, case):
        assert run(-18) == [0]
        assert run(-17) == [1]

    def test_a_due_date_that_moves_begins_anew_and_its_old_steps_are_void(self, case):
        run(14, 3)
        case["due_on"] = DUE + timedelta(days=20)
        assert run(2, 0, -5) == [0, 0, 0]
        assert run(-6) == [1]  # fourteen days before the new day
        assert Reminder.objects.filter(due_on=DUE).count() == 2

    def test_whoever_was_just_asked_is_not_reminded_of_the_step_before(self, case):
        case["since"] = DUE - timedelta(days=9)
        assert run(9, 8, 4) == [0, 0, 0]
        assert run(3) == [1]

    def test_what_was_done_is_called_to_mind_no_more(self, case):
        run(14)
        case["open"] = False
        assert run(3, 0, -7) == [0, 0, 0]

    def test_who_owes_it_reads_it_and_the_bureau_only_where_it_asks_for_more(self, case):
        planner, head = viewer(Duty.MP), viewer(Duty.BM)
        assert [one.text for one in reminders.owed(planner, DUE)] == ["南空知 実績報告の期限"]
        assert reminders.owed(viewer(Duty.MP, municipality="012238"), DUE) == []
        assert reminders.owed(head, DUE) == []
        assert len(reminders.owed(head, DUE, above=True)) == 1
        assert reminders.owed(planner, DUE + timedelta(days=1)) == []

    def test_the_database_itself_keeps_a_step_from_being_written_twice(self, case):
        run(3)
        row = Reminder.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_machines_at_the_same_moment_send_each_step_once(case):
    with clock.standing_at(clock.at(DUE)):
        answers = at_once(*[lambda: send_due(DUE)] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert Notice.objects.count() == Reminder.objects.count() == 1
    assert SYSTEM.user_id is None
