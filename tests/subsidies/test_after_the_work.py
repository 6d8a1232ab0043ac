"""From the end of the work to the closed file (T27–T34, T36): figures, days, who may, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from common import audit, clock
from common.errors import Conflict, Refused
from common.models import DocumentIssue, Notice
from common.viewer import Absentee, Duty, Viewer
from subsidies.models import Application, BudgetEntry, Decision, FollowUp, Report
from subsidies.services import completion, due, payments, returns, settlements
from subsidies.services.advance import one_by_one
from subsidies.services.completion import CostInput, ReportDraft
from subsidies.settling import paid_yen
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
GRANT = 6_000_000


@pytest.fixture
def scene() -> Scene:
    return Scene()


def state(application: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)


def ledger(application: Application) -> int:
    return BudgetEntry.objects.filter(application=application).aggregate(yen=Sum("amount_yen"))["yen"]


def pay(scene: Scene, application: Application, kind: str, amount: int) -> None:
    """Claim, approve and pay."""
    ask: dict[str, Any] = {"application_id": application.pk}
    one = payments.claim(
        **ask, kind=kind, amount_yen=amount, reason="年度当初に会場費を払うため。", viewer=scene.approver()
    )
    payments.approve(**ask, number=one.number, viewer=scene.head())
    payments.record_paid(**ask, number=one.number, paid_on=clock.today(), viewer=scene.accountant())


class TestEndOfWork:
    def test_time_ends_the_work_and_opens_the_report_with_the_plans_lines(self, scene: Scene):
        one = scene.application("running")
        last = Application.objects.get(pk=one.pk).end_on or date.max
        assert due.run_due(last)["finished"] == 0
        assert due.run_due(last + timedelta(days=1))["finished"] == 1
        assert due.run_due(last + timedelta(days=1))["finished"] == 0
        one.refresh_from_db()
        assert (one.state, one.finished_on) == ("report_due", last)
        assert [line.cost.number for line in one.report.costs.all()] == [1]
        assert [share.planned_yen for share in one.report.shares.all()] == [2_000_000] * 3
        assert one.due_on == one.report.due_on

    def test_a_case_that_somebody_moved_meanwhile_keeps_no_other_waiting(self, scene: Scene):
        """The nightly run has both in hand; the lead completes the first before its turn comes."""
        first, second = (
            scene.application("running"),
            Scene(call=scene.call, towns=(("014303", "月形町"), ("014311", "浦臼町"))).application("running"),
        )
        after = max(one.end_on for one in (first, second)) + timedelta(days=1)
        Application.objects.filter(pk=first.pk).update(state="discontinued")
        done = one_by_one([first.pk, second.pk], lambda pk: completion.finish(application_id=pk, on=after))
        assert (done, state(first), state(second)) == (1, "discontinued", "report_due")

    @pytest.mark.parametrize(
        ("finished", "until"), [(date(2023, 2, 20), date(2023, 3, 22)), (date(2023, 3, 12), date(2023, 4, 10))]
    )
    def test_the_report_is_due_thirty_days_later_and_by_the_tenth_of_april(
        self, scene: Scene, finished: date, until: date
    ):
        one = scene.application("running")
        Application.objects.filter(pk=one.pk).update(
            fiscal_year=2022, start_on=date(2022, 6, 1), end_on=date(2023, 3, 31)
        )
        completion.complete(application_id=one.pk, finished_on=finished, viewer=scene.planner())
        assert Report.objects.get(application=one).due_on == until

    @pytest.mark.parametrize(("shift", "said"), [(1, "将来の日"), (-400, "開始日")])
    def test_a_wrong_day_of_completion_is_refused(self, scene: Scene, shift: int, said: str):
        one = scene.application("running")
        with pytest.raises(Refused, match=said):
            completion.complete(
                application_id=one.pk, finished_on=clock.today() + timedelta(days=shift), viewer=scene.planner()
            )
        assert state(one) == "running"
        assert not Report.objects.exists()

    def test_the_missed_day_is_noted_and_each_reminder_goes_out_once(self, scene: Scene):
        one = scene.application("report_due")
        until = one.report.due_on
        to_the_town = Notice.objects.filter(title__startswith="実績報告の期限", office_key__startswith="municipality:")
        told = to_the_town.count
        for before in (14, 3, 0):
            due.run_due(until - timedelta(days=before))
            due.run_due(until - timedelta(days=before))
        assert told() == 3
        due.run_due(until + timedelta(days=1))
        assert state(one) == "report_overdue"
        for after in (7, 7, 8, 20):
            due.run_due(until + timedelta(days=after))
        assert told() == 4 + to_the_town.filter(title__startswith="実績報告の期限が過ぎました").count()
        above = Notice.objects.filter(title__startswith="実績報告の期限が7日過ぎています", office_key="bureau:sorachi")
        assert [notice.duties for notice in above] == ["BM"]


class TestReport:
    def test_it_reaches_the_bureau_with_every_figure(self, scene: Scene):
        one = scene.application("reported")
        assert state(one) == "reported"
        assert one.report.state == "submitted"
        assert Notice.objects.filter(office_key="bureau:sorachi", title__startswith="実績報告が提出されました").exists()

    def test_what_is_missing_is_said_and_nothing_is_submitted(self, scene: Scene):
        one = scene.application("report_due")
        with pytest.raises(Refused) as refused:
            completion.submit(application_id=one.pk, viewer=scene.approver())
        said = "\n".join(refused.value.problems)
        assert "金額のない欄が4" in said
        assert "「実施した内容」" in said
        assert state(one) == "report_due"

    def test_shares_that_do_not_add_up_to_the_settlement_are_refused(self, scene: Scene):
        one = scene.application("report_due")
        scene.report(one, actual_yen=5_000_000)
        share = one.report.shares.first()
        share.actual_yen += 1
        share.save()
        with pytest.raises(Refused, match="一致しません"):
            completion.submit(application_id=one.pk, viewer=scene.approver())

    def test_of_two_planners_the_second_is_told_and_loses_nothing(self, scene: Scene):
        one = scene.application("report_due")
        by: dict[str, Any] = {"application_id": one.pk, "revision": 1}
        completion.save_report(**by, draft=ReportDraft(work_done="先に書いた。"), viewer=scene.planner())
        with pytest.raises(Conflict):
            completion.save_report(**by, draft=ReportDraft(work_done="後で書いた。"), viewer=scene.planner("014273"))
        assert Report.objects.get().work_done == "先に書いた。"

    def test_more_eligible_than_actual_is_refused_with_its_line(self, scene: Scene):
        one = scene.application("report_due")
        draft = ReportDraft(costs={1: CostInput(100, 101)})
        with pytest.raises(Refused, match="1行目：対象額は実績額以内"):
            completion.save_report(application_id=one.pk, draft=draft, revision=1, viewer=scene.planner())

    def test_a_stranger_and_other_duties_do_not_write(self, scene: Scene):
        one = scene.application("report_due")
        by: dict[str, Any] = {"application_id": one.pk, "draft": ReportDraft(), "revision": 1}
        for person in (scene.reviewer(), scene.approver(), scene.field_officer()):
            with pytest.raises((PermissionDenied, Application.DoesNotExist)):
                completion.save_report(**by, viewer=person)
        with pytest.raises(Application.DoesNotExist):
            completion.save_report(**by, viewer=saved(viewer(Duty.MP, municipality="012238")))

    def test_a_returned_report_is_answered_and_comes_back(self, scene: Scene):
        one = scene.application("reported")
        ask: dict[str, Any] = {"application_id": one.pk}
        completion.send_back(
            **ask, items=["領収書の日付を確かめてください。", " "], due_on=clock.today() + timedelta(days=7),
            viewer=scene.reviewer(),
        )  # fmt: skip
        assert state(one) == "report_returned"
        with pytest.raises(Refused, match="回答が1件残っています"):
            completion.submit(**ask, viewer=scene.approver())
        item = one.report.items.get()
        completion.answer_items(**ask, answers={item.pk: "4月20日に訂正しました。"}, viewer=scene.planner())
        completion.submit(**ask, viewer=scene.approver())
        assert state(one) == "reported"


class TestMoney:
    @pytest.mark.parametrize(
        ("actual", "fixed", "to_pay", "to_return"),
        [
            (6_100_000, 6_100_000, 0, 300_000),
            (7_500_000, 7_500_000, 1_100_000, 0),
            (8_600_000, 8_000_000, 1_600_000, 0),
        ],
    )
    def test_w28(self, actual: int, fixed: int, to_pay: int, to_return: int):
        scene = Scene()
        one = scene.application("running", grant_yen=8_000_000)
        pay(scene, one, "advance", 6_400_000)
        scene._report_due(one)
        scene.report(one, actual_yen=actual)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        settlement = settlements.fix(application_id=one.pk, viewer=scene.head())
        assert (settlement.fixed_yen, settlement.to_pay_yen, settlement.to_return_yen) == (fixed, to_pay, to_return)
        assert ledger(one) == fixed
        assert Decision.objects.get(application=one, kind="fixed").amount_yen == fixed

    def test_fees_lower_the_grant(self, scene: Scene):
        one = scene.application("report_due")
        scene.report(one, fee_yen=350_000)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        assert settlements.fix(application_id=one.pk, viewer=scene.head()).fixed_yen == GRANT - 350_000

    def test_an_advance_keeps_to_the_limit_and_needs_its_reason(self, scene: Scene):
        one = scene.application("running")
        ask: dict[str, Any] = {"application_id": one.pk, "kind": "advance", "viewer": scene.approver()}
        assert payments.advance_left_yen(one) == 4_800_000
        with pytest.raises(Refused, match="あと4,800,000円まで"):
            payments.claim(**ask, amount_yen=4_800_001, reason="会場費")
        with pytest.raises(Refused, match="理由"):
            payments.claim(**ask, amount_yen=1)
        payments.claim(**ask, amount_yen=4_000_000, reason="会場費")
        with pytest.raises(Refused, match="支払の済んでいない請求"):
            payments.claim(**ask, amount_yen=1, reason="会場費")

    def test_a_refused_claim_does_not_use_up_the_limit(self, scene: Scene):
        one = scene.application("running")
        ask: dict[str, Any] = {"application_id": one.pk}
        claim = payments.claim(**ask, kind="advance", amount_yen=4_800_000, reason="会場費", viewer=scene.approver())
        with pytest.raises(Refused, match="理由"):
            payments.refuse(**ask, number=claim.number, reason=" ", viewer=scene.head())
        payments.refuse(**ask, number=claim.number, reason="見積書が足りません。", viewer=scene.head())
        assert payments.advance_left_yen(one) == 4_800_000

    def test_each_hand_is_another_persons(self, scene: Scene):
        one = scene.application("running")
        ask: dict[str, Any] = {"application_id": one.pk}
        for person in (scene.planner(), scene.approver("014273"), scene.reviewer()):
            with pytest.raises(PermissionDenied):
                payments.claim(**ask, kind="advance", amount_yen=1, reason="会場費", viewer=person)
        claim = payments.claim(**ask, kind="advance", amount_yen=1_000_000, reason="会場費", viewer=scene.approver())
        for person in (scene.accountant(), scene.reviewer(), scene.approver()):
            with pytest.raises(PermissionDenied):
                payments.approve(**ask, number=claim.number, viewer=person)
        with pytest.raises(Refused, match="支払待ちの請求ではありません"):
            payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
        payments.approve(**ask, number=claim.number, viewer=scene.head())
        with pytest.raises(PermissionDenied):
            payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.head())
        with pytest.raises(Refused, match="将来の日"):
            payments.record_paid(
                **ask, number=claim.number, paid_on=clock.today() + timedelta(days=1), viewer=scene.accountant()
            )

    def test_nothing_is_paid_from_a_years_books_after_they_closed(self, scene: Scene, settings: Any):
        one = scene.application("fixed")
        ask: dict[str, Any] = {"application_id": one.pk}
        claim = payments.claim(**ask, kind="final", amount_yen=GRANT, viewer=scene.approver())
        payments.approve(**ask, number=claim.number, viewer=scene.head())
        settings.DEMO_DATE = f"{one.fiscal_year + 1}-06-01"
        with pytest.raises(Refused, match="出納閉鎖"):
            payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())

    def test_the_final_claim_is_exactly_what_is_left(self, scene: Scene):
        one = scene.application("fixed")
        ask: dict[str, Any] = {"application_id": one.pk, "kind": "final", "viewer": scene.approver()}
        for wrong in (GRANT - 1, GRANT + 1):
            with pytest.raises(Refused, match="6,000,000円です"):
                payments.claim(**ask, amount_yen=wrong)
        payments.claim(**ask, amount_yen=GRANT)


class TestFixing:
    def test_who_inspected_does_not_fix(self, scene: Scene):
        one = scene.application("reported")
        both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
        settlements.inspect(
            application_id=one.pk, method="desk", held_on=clock.today(), viewer=both,
            checks=[{"text": "証拠書類", "ok": True, "note": ""}],
        )  # fmt: skip
        with pytest.raises(Refused, match="検査した人は額を確定できません"):
            settlements.fix(application_id=one.pk, viewer=both)
        assert settlements.fix(application_id=one.pk, viewer=scene.head()).fixed_yen == GRANT

    def test_less_than_reported_needs_its_reason(self, scene: Scene):
        one = scene.application("reported")
        scene.inspect(one, eligible_yen=5_500_000)
        with pytest.raises(Refused, match="理由"):
            settlements.fix(application_id=one.pk, viewer=scene.head())
        done = settlements.fix(application_id=one.pk, viewer=scene.head(), reason="対象外の飲食費を除いた。")
        assert (done.fixed_yen, done.reason) == (5_500_000, "対象外の飲食費を除いた。")

    def test_an_inspection_before_the_day_of_the_report_is_refused_in_the_morning_too(self, scene: Scene):
        """Seven in the morning here is the day before by universal time."""
        one = scene.application("reported")
        morning = datetime.combine(clock.today(), time(7), clock.TOKYO)
        Report.objects.filter(application=one).update(submitted_at=morning)
        with pytest.raises(Refused, match="検査日が実績報告の提出より前"):
            settlements.inspect(
                application_id=one.pk, method="desk", held_on=clock.today() - timedelta(days=1),
                viewer=scene.reviewer(), checks=[{"text": "証拠書類", "ok": True, "note": ""}],
            )  # fmt: skip

    def test_neither_who_fixed_the_amount_nor_her_deputy_records_the_payment(self, scene: Scene):
        one = scene.application("fixed")
        ask: dict[str, Any] = {"application_id": one.pk}
        claim = payments.claim(**ask, kind="final", amount_yen=GRANT, viewer=scene.approver())
        payments.approve(**ask, number=claim.number, viewer=saved(viewer(Duty.BM, bureau="sorachi")))
        deputy = Viewer(**(vars(scene.accountant()) | {"deputy_for": Absentee(scene.head().person, "局長")}))
        with pytest.raises(Refused, match="額を確定した人は支払を記録できません"):
            payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=deputy)

    def test_more_than_reported_is_not_accepted(self, scene: Scene):
        one = scene.application("reported")
        with pytest.raises(Refused, match="報告された6,000,000円以内"):
            scene.inspect(one, eligible_yen=6_000_001)
        assert state(one) == "reported"

    def test_a_check_that_is_not_right_says_why(self, scene: Scene):
        one = scene.application("reported")
        with pytest.raises(Refused, match="「適」でない事項"):
            settlements.inspect(
                application_id=one.pk, method="desk", held_on=clock.today(), viewer=scene.reviewer(),
                checks=[{"text": "証拠書類", "ok": False, "note": ""}],
            )  # fmt: skip

    def test_an_open_claim_is_paid_first(self, scene: Scene):
        one = scene.application("running")
        payments.claim(
            application_id=one.pk, kind="advance", amount_yen=1_000_000, reason="会場費", viewer=scene.approver()
        )
        for step in ("report_due", "reported", "inspected"):
            getattr(scene, f"_{step}")(one)
        with pytest.raises(Refused, match="支払の済んでいない請求"):
            settlements.fix(application_id=one.pk, viewer=scene.head())


class TestClosing:
    def test_the_whole_way_to_the_closed_file(self, scene: Scene):
        one = scene.application("fixed")
        ask: dict[str, Any] = {"application_id": one.pk}
        with pytest.raises(Refused, match="6,000,000円がまだ支払われていません"):
            settlements.settle(**ask, viewer=scene.accountant())
        pay(scene, one, "final", GRANT)
        settlements.settle(**ask, viewer=scene.accountant())
        with pytest.raises(Refused, match="作成中の書類"):
            settlements.close(**ask, viewer=scene.reviewer())
        DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
        settlements.close(**ask, viewer=scene.reviewer())
        one.refresh_from_db()
        assert (one.state, one.closed_on) == ("closed", clock.today())
        years = sorted(FollowUp.objects.filter(application=one).values_list("fiscal_year", flat=True))
        assert years == [one.fiscal_year + after for after in (1, 2, 3)]
        assert audit.first_broken() is None

    def test_what_was_paid_too_much_comes_back_before_the_file_is_settled(self, scene: Scene):
        one = scene.application("running")
        pay(scene, one, "advance", 4_800_000)
        scene._report_due(one)
        scene.report(one, actual_yen=4_000_000)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        settlements.fix(application_id=one.pk, viewer=scene.head())
        ask: dict[str, Any] = {"application_id": one.pk}
        with pytest.raises(Refused, match="800,000円の返納がまだです"):
            settlements.settle(**ask, viewer=scene.accountant())
        order = returns.order_return(**ask, due_on=clock.today() + timedelta(days=20), viewer=scene.head())
        assert (order.amount_yen, state(one)) == (800_000, "return_ordered")
        payments.record_paid(**ask, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
        settlements.settle(**ask, viewer=scene.accountant())
        assert state(one) == "settled"
        assert paid_yen(one) == ledger(one) == 4_000_000

    def test_no_return_is_ordered_where_nothing_was_paid_too_much(self, scene: Scene):
        one = scene.application("fixed")
        with pytest.raises(Refused, match="超えて支払った額はありません"):
            returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert state(one) == "fixed"

    def test_a_grant_that_was_never_used_settles_at_nothing(self, scene: Scene):
        one = scene.application("report_due")
        scene.report(one, actual_yen=0)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        assert settlements.fix(application_id=one.pk, viewer=scene.head()).fixed_yen == 0
        settlements.settle(application_id=one.pk, viewer=scene.accountant())
        assert ledger(one) == 0
