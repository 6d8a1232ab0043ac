"""A running grant is stopped (T24) or takes longer (T25): states, papers, days, who decides, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common import clock
from common.errors import Refused
from common.models import DocumentIssue, Notice
from subsidies.approved_plan import approved_plan, granted_plan
from subsidies.models import Application, ChangeRequest
from subsidies.services import change_decisions, changes, completion, due
from tests.factories.subsidies import Scene

from .change_cases import approved, at_work, begun, delayed, opined

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def one(scene: Scene) -> Application:
    return at_work(scene)


def now(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def beyond(application: Application, day: date) -> dict[str, object]:
    """What a planner types for a delay until that day."""
    return {"after": replace(approved_plan(application), end_on=day)}


class TestStop:
    def test_suspended_and_resumed(self, scene: Scene, one: Application):
        approved(scene, one, "suspend")
        assert now(one).state == "suspended"
        paper = DocumentIssue.objects.get(kind="D-14")
        assert paper.number is not None
        assert (paper.snapshot["act"], paper.snapshot["report_due_on"]) == ("中止", None)
        with pytest.raises(Refused, match="理由"):
            changes.resume(application_id=one.pk, viewer=scene.approver(), reason="")
        changes.resume(application_id=one.pk, viewer=scene.approver(), reason="講師が決まった。")
        assert now(one).state == "running"
        assert Notice.objects.filter(office_key="bureau:sorachi", title__contains="再開の届出").exists()

    def test_discontinued_the_work_done_is_reported(self, scene: Scene, one: Application):
        approved(scene, one, "discontinue")
        assert (now(one).state, now(one).finished_on) == ("report_due", clock.today())
        assert now(one).report.due_on == clock.today() + timedelta(days=30)
        assert {paper.kind for paper in DocumentIssue.objects.filter(kind__in=["D-13", "D-14"])} == {"D-13", "D-14"}

    def test_a_stop_approved_later_is_reported_within_thirty_days_of_the_approval(self, scene: Scene, one: Application):
        Application.objects.filter(pk=one.pk).update(start_on=clock.today() - timedelta(days=90))
        approved(scene, one, "discontinue", effective_on=clock.today() - timedelta(days=45))
        until = clock.today() + timedelta(days=30)
        assert (now(one).state, now(one).report.due_on) == ("report_due", until)
        assert DocumentIssue.objects.get(kind="D-14").snapshot["report_due_on"] == until.isoformat()

    def test_before_its_day_it_waits_as_discontinued(self, scene: Scene, one: Application):
        later = clock.today() + timedelta(days=10)
        approved(scene, one, "discontinue", effective_on=later)
        assert now(one).state == "discontinued"
        due.run_due(later - timedelta(days=1))
        assert now(one).state == "discontinued"
        assert due.run_due(later)["stopped"] == 1
        assert due.run_due(later)["stopped"] == 0
        assert (now(one).state, now(one).report.finished_on) == ("report_due", later)

    def test_a_suspended_work_that_is_given_up_and_refused_stays_suspended(self, scene: Scene, one: Application):
        approved(scene, one, "suspend")
        change = opined(scene, now(one), "discontinue")
        change_decisions.refuse(
            application_id=one.pk, number=change.number, reason="再開の見込みがある。", viewer=scene.head()
        )
        assert now(one).state == "suspended"

    def test_a_suspended_work_ends_with_its_period(self, scene: Scene, one: Application):
        approved(scene, one, "suspend")
        last = now(one).end_on
        assert last is not None
        due.run_due(last + timedelta(days=1))
        assert now(one).state == "report_due"

    def test_what_nobody_submitted_ends_with_the_work(self, scene: Scene, one: Application):
        change = begun(scene, one, "suspend")
        completion.complete(application_id=one.pk, finished_on=clock.today(), viewer=scene.planner())
        change.refresh_from_db()
        assert (now(one).state, change.state) == ("report_due", "withdrawn")
        assert "事業が終わったため" in change.answer

    def test_what_is_missing_is_said(self, scene: Scene, one: Application):
        change = begun(scene, one, "suspend", work_done="", spent_yen=None, effective_on=None)
        with pytest.raises(Refused) as refused:
            changes.submit(application_id=one.pk, number=change.number, viewer=scene.approver())
        said = "\n".join(refused.value.problems)
        assert "中止の日を入力" in said
        assert "これまでに実施した内容" in said
        assert "これまでに要した経費" in said
        assert now(one).state == "running"


class TestDelay:
    def test_within_the_year_the_bureau_confirms(self, scene: Scene, one: Application):
        Application.objects.filter(pk=one.pk).update(end_on=one.work_year.last_day - timedelta(days=40))
        change = delayed(scene, now(one))
        assert now(one).state == "delay_review"
        ref = {"application_id": one.pk, "number": change.number}
        change_decisions.opine(**ref, text="やむを得ないと認められる。", fits=True, viewer=scene.reviewer())
        with pytest.raises(PermissionDenied):
            change_decisions.approve(**ref, viewer=scene.decider())
        change_decisions.approve(**ref, viewer=scene.head())
        assert (now(one).state, now(one).end_on) == ("running", one.work_year.last_day)
        assert not now(one).carried_over
        assert granted_plan(now(one)).end_on == one.work_year.last_day - timedelta(days=40)
        assert DocumentIssue.objects.get(kind="D-15b").snapshot["carries_over"] is False

    def test_after_31_march_headquarters_carries_over(self, scene: Scene, one: Application):
        day = date(one.fiscal_year + 1, 6, 30)
        change = opined(scene, one, "delay", **beyond(one, day))
        ref = {"application_id": one.pk, "number": change.number}
        with pytest.raises(PermissionDenied):
            change_decisions.approve(**ref, viewer=scene.head())
        change_decisions.approve(**ref, viewer=scene.decider())
        grant = now(one)
        assert (grant.state, grant.end_on, grant.fiscal_year) == ("running", day, one.fiscal_year)
        assert grant.work_year.books_close_on == date(one.fiscal_year + 2, 5, 31)
        assert DocumentIssue.objects.get(kind="D-15b").snapshot["carries_over"] is True
        due.run_due(date(one.fiscal_year + 1, 4, 1))
        assert now(one).state == "running"
        with clock.standing_at(clock.at(day)):
            completion.complete(application_id=one.pk, finished_on=day, viewer=scene.planner())
        assert now(one).report.due_on == day + timedelta(days=30)

    def test_a_second_carry_over_is_refused(self, scene: Scene, one: Application):
        Application.objects.filter(pk=one.pk).update(carried_over=True, end_on=date(one.fiscal_year + 1, 6, 30))
        change = begun(scene, now(one), "delay", **beyond(now(one), date(one.fiscal_year + 2, 4, 1)))
        with pytest.raises(Refused, match="繰越は1回に限ります"):
            changes.submit(application_id=one.pk, number=change.number, viewer=scene.approver())

    @pytest.mark.parametrize(("days", "said"), [(0, "より後の日"), (400, "繰り越しても")])
    def test_a_wrong_day_is_refused(self, scene: Scene, one: Application, days: int, said: str):
        change = begun(scene, one, "delay", **beyond(one, one.work_year.last_day + timedelta(days=days)))
        with pytest.raises(Refused, match=said):
            changes.submit(application_id=one.pk, number=change.number, viewer=scene.approver())
        assert now(one).state == "running"
        assert ChangeRequest.objects.get().state == "draft"
