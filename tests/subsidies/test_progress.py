"""Progress reports: what is due when, who writes, what an advance waits for; and urging a late report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from common import audit, clock
from common.errors import Conflict, Refused
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Duty
from subsidies.models import Application, ProgressReport, Report
from subsidies.progress_days import wanted_of
from subsidies.services import due, progress, urging
from subsidies.services.progress import ItemInput, ProgressDraft, progress_accepted
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
DAYS = {"as_of": "09-30", "due": "10-31"}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def running(scene: Scene, first: date = date(2026, 7, 1), last: date = date(2027, 2, 26)) -> Application:
    """A grant at work between two days, in a prefecture that asks for progress by the end of October."""
    one = scene.application("running")
    Application.objects.filter(pk=one.pk).update(start_on=first, end_on=last, fiscal_year=2026)
    prefecture = one.region.prefecture
    prefecture.terms = {**prefecture.terms, "progress": DAYS}
    prefecture.save(update_fields=["terms"])
    return Application.objects.get(pk=one.pk)


class TestDue:
    def test_work_that_spans_the_day_owes_a_report(self, scene: Scene):
        wanted = wanted_of(running(scene))
        assert wanted is not None
        assert (wanted.as_of, wanted.due_on) == (date(2026, 9, 30), date(2026, 10, 31))

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2026, 10, 1), date(2027, 2, 26)), (date(2026, 7, 1), date(2026, 9, 30))]
    )
    def test_work_begun_later_or_ended_by_then_owes_none(self, scene: Scene, first: date, last: date):
        assert wanted_of(running(scene, first, last)) is None

    def test_work_that_is_carried_over_owes_another_in_its_second_year(self, scene: Scene):
        one = running(scene)
        year, last = one.fiscal_year, date(one.fiscal_year + 2, 1, 31)
        Application.objects.filter(pk=one.pk).update(carried_over=True, end_on=last)
        one.refresh_from_db()
        with clock.standing_at(clock.at(date(year + 1, 3, 31))):
            assert wanted_of(one).as_of == date(year, 9, 30)
        with clock.standing_at(clock.at(date(year + 1, 11, 1))):
            assert wanted_of(one).due_on == date(year + 1, 10, 31)
            assert not progress_accepted(one)

    def test_without_the_prefectures_days_nothing_is_due(self, scene: Scene):
        one = scene.application("running")
        assert wanted_of(one) is None
        assert progress_accepted(one)

    def test_an_advance_waits_for_the_report_only_after_its_day(self, scene: Scene):
        one = running(scene)
        assert progress_accepted(one, date(2026, 10, 31))
        assert not progress_accepted(one, date(2026, 11, 1))
        scene.progress(one)
        assert not progress_accepted(one)  # submitted is not yet accepted
        progress.accept(application_id=one.pk, as_of=clock.today(), viewer=scene.reviewer(), comment="確認した。")
        assert progress_accepted(Application.objects.get(pk=one.pk))


class TestWriting:
    def test_it_goes_out_with_its_paper_and_comes_back_with_what_is_missing(self, scene: Scene):
        one = running(scene)
        scene.progress(one)
        by: dict[str, Any] = {"application_id": one.pk, "as_of": clock.today()}
        assert DocumentIssue.objects.filter(kind="D-15", subject_id=str(one.pk)).count() == 1
        assert Notice.objects.filter(title__startswith="遂行状況が報告されました").exists()
        with pytest.raises(Refused, match="補ってほしいこと"):
            progress.send_back(**by, comment=" ", viewer=scene.reviewer())
        progress.send_back(**by, comment="支出の根拠を書いてください。", viewer=scene.reviewer())
        report = ProgressReport.objects.get(application=one)
        assert (report.state, report.comment) == ("draft", "支出の根拠を書いてください。")

    def test_what_is_missing_is_said_and_nothing_is_submitted(self, scene: Scene):
        one = running(scene)
        by: dict[str, Any] = {"application_id": one.pk, "as_of": clock.today()}
        progress.begin(**by, viewer=scene.planner())
        with pytest.raises(Refused) as refused:
            progress.submit(**by, viewer=scene.approver())
        said = "\n".join(refused.value.problems)
        assert "進み具合" in said
        assert "支出済額のない節" in said
        assert "今後の見通し" in said
        assert not DocumentIssue.objects.filter(kind="D-15").exists()

    def test_a_field_officer_tells_of_her_initiative_alone(self, scene: Scene):
        one = running(scene)
        by: dict[str, Any] = {"application_id": one.pk, "as_of": clock.today()}
        report = progress.begin(**by, viewer=scene.planner())
        officer, item = scene.field_officer(), one.items.get()
        draft = ProgressDraft(
            outlook="書けない", items={item.pk: ItemInput(30, "1回開いた。")}, spent={"commission": 1}
        )
        with pytest.raises((PermissionDenied, Application.DoesNotExist)):
            progress.save_progress(**by, draft=draft, revision=1, viewer=officer)
        item.assignees.add(officer.user_id)
        progress.save_progress(**by, draft=draft, revision=1, viewer=officer)
        report.refresh_from_db()
        assert report.items.get().done_percent == 30
        assert report.outlook == ""
        assert all(row.spent_yen is None for row in report.spent.all())
        with pytest.raises(Conflict):
            progress.save_progress(**by, draft=draft, revision=1, viewer=scene.planner())

    def test_illegal_acts_are_refused_and_leave_no_trace(self, scene: Scene):
        one = running(scene)
        by: dict[str, Any] = {"application_id": one.pk}
        events = AuditEvent.objects.count()
        today = clock.today()
        with pytest.raises(Refused, match="将来の日"):
            progress.begin(**by, as_of=today + timedelta(days=1), viewer=scene.planner())
        with pytest.raises(Refused, match="開始日"):
            progress.begin(**by, as_of=date(2026, 6, 30), viewer=scene.planner())
        for person in (scene.approver(), scene.reviewer(), scene.head()):
            with pytest.raises(PermissionDenied):
                progress.begin(**by, as_of=today, viewer=person)
        with pytest.raises(Application.DoesNotExist):
            progress.begin(**by, as_of=today, viewer=saved(viewer(Duty.MP, municipality="012238")))
        assert not ProgressReport.objects.exists()
        assert AuditEvent.objects.count() == events
        scene.progress(one)
        for person in (scene.planner(), scene.approver(), scene.head()):
            with pytest.raises(PermissionDenied):
                progress.accept(**by, as_of=today, viewer=person)
        with pytest.raises(Refused, match="すでに提出"):
            progress.submit(**by, as_of=today, viewer=scene.approver())


class TestUrging:
    def test_the_letter_names_both_days_and_goes_out_once_a_day(self, scene: Scene, settings: Any):
        one = scene.application("report_due")
        until = Report.objects.get(application=one).due_on
        later = until + timedelta(days=10)
        by: dict[str, Any] = {"application_id": one.pk, "viewer": scene.reviewer()}
        with pytest.raises(Refused, match="督促を行えません"):
            urging.urge(**by, new_due_on=later)
        settings.DEMO_DATE = (until + timedelta(days=1)).isoformat()
        due.run_due(clock.today())
        with pytest.raises(Refused, match="明日以後"):
            urging.urge(**by, new_due_on=clock.today())
        reminder = urging.urge(**by, new_due_on=later, text="お急ぎください。")
        assert (reminder.old_due_on, reminder.new_due_on) == (until, later)
        assert reminder.document is not None
        assert reminder.document.number is not None
        one.refresh_from_db()
        assert (one.report.due_on, one.due_on) == (later, later)
        with pytest.raises(Refused, match="本日はすでに督促"):
            urging.urge(**by, new_due_on=later + timedelta(days=1))
        assert one.report.reminders.count() == 1
        for person in (scene.planner(), scene.head()):
            with pytest.raises(PermissionDenied):
                urging.urge(application_id=one.pk, viewer=person, new_due_on=later)
        assert audit.first_broken() is None
