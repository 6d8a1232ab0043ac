"""What bureau and headquarters do with an application, up to the decision, and each way it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common import audit, clock
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Duty
from subsidies.judging import latest_verdict
from subsidies.models import Application, BudgetEntry, SupportYear
from subsidies.rules.ruleset import Stage
from subsidies.services import approvals, consents, drafts, due, preconsultations, reviews, submissions
from subsidies.services.advance import open_actions
from subsidies.services.reviews import ItemInput
from subsidies.snapshots import content_of, differences
from subsidies.states import State
from subsidies.workflow import Action
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


class TestReview:
    def test_receiving_numbers_and_judges(self, scene: Scene):
        application = scene.application("bureau_review")
        assert application.receipt_number.endswith("号")
        assert application.received_on == clock.today()
        assert application.evaluations.count() == 2

    def test_paper_that_came_earlier_keeps_its_true_day(self, scene: Scene):
        application = scene.application("submitted")
        day = clock.today() - timedelta(days=2)
        reviews.receive(application_id=application.pk, viewer=scene.reviewer(), received_on=day)
        assert fresh(application).received_on == day

    def test_another_bureau_does_not_even_see_it(self, scene: Scene):
        application = scene.application("submitted")
        other = saved(viewer(Duty.BS, bureau="tokachi"))
        with pytest.raises(Application.DoesNotExist):
            reviews.receive(application_id=application.pk, viewer=other)

    def test_a_judgement_needs_a_reason_that_can_be_defended(self, scene: Scene):
        application = scene.application("bureau_review")
        rule = next(iter(scene_open(application)))
        with pytest.raises(Refused, match="20字以上"):
            reviews.judge_rule(
                application_id=application.pk, viewer=scene.reviewer(), rule=rule, holds=True, reason="よい"
            )

    def test_forwarding_waits_for_every_open_question(self, scene: Scene):
        application = scene.application("bureau_review")
        reviews.write_opinion(
            application_id=application.pk, viewer=scene.reviewer(), text="採択が適当。", priority="normal"
        )
        with pytest.raises(Refused) as refused:
            reviews.forward(application_id=application.pk, viewer=scene.head())
        assert all("判断が必要です" in problem for problem in refused.value.problems)

    def test_staff_do_not_forward(self, scene: Scene):
        application = scene.application("bureau_review")
        with pytest.raises(PermissionDenied):
            reviews.forward(application_id=application.pk, viewer=scene.reviewer())

    def test_forwarding_confirms_the_judgements_and_keeps_the_opinion_as_a_paper(self, scene: Scene):
        application = scene.application("hq_review")
        assert not application.judgements.filter(superseded_at=None, confirmed_at=None).exists()
        paper = DocumentIssue.objects.get(subject_id=str(application.pk), kind="D-04")
        assert paper.internal

    def test_notes_and_opinions_never_stand_on_a_towns_timeline(self, scene: Scene):
        application = scene.application("hq_review")
        reviews.write_note(application_id=application.pk, viewer=scene.staff(), text="内部の検討")
        titles = set(audit.timeline(application, internal=False).values_list("title", flat=True))
        assert "審査メモ" not in titles and "意見を記入" not in titles
        assert not any("判断" in title for title in titles)
        assert "審査メモ" in set(audit.timeline(application, internal=True).values_list("title", flat=True))

    def test_a_town_writes_no_note(self, scene: Scene):
        application = scene.application("bureau_review")
        with pytest.raises(PermissionDenied):
            reviews.write_note(application_id=application.pk, viewer=scene.planner(), text="見せて")

    def test_headquarters_hands_back_inside_the_prefecture(self, scene: Scene):
        application = scene.application("hq_review")
        reviews.hand_back(application_id=application.pk, viewer=scene.staff(), reason="積算の根拠を確認されたい。")
        assert fresh(application).state == State.BUREAU_REVIEW
        told, inside = (
            set(audit.timeline(application, internal=internal).values_list("title", flat=True))
            for internal in (False, True)
        )
        assert "振興局への審査の差戻し" in inside - told

    def test_a_cut_needs_its_reason_and_stays_within_the_line(self, scene: Scene):
        application = scene.application("bureau_review")
        line = application.costs.get()
        with pytest.raises(Refused, match="理由"):
            reviews.reduce_line(
                application_id=application.pk, viewer=scene.reviewer(), cost_id=line.pk, amount_yen=1000, reason=""
            )
        with pytest.raises(Refused, match="以内"):
            reviews.reduce_line(
                application_id=application.pk,
                viewer=scene.reviewer(),
                cost_id=line.pk,
                amount_yen=line.eligible_yen + 1,
                reason="過大",
            )


class TestCorrection:
    def returned(self, scene: Scene) -> Application:
        application = scene.application("bureau_review")
        reviews.send_back_to_town(
            application_id=application.pk,
            viewer=scene.reviewer(),
            due_on=clock.today() + timedelta(days=7),
            items=[ItemInput("costs", "委託料の内訳を記入してください。"), ItemInput("basic", "  ")],
        )
        return fresh(application)

    def test_a_return_needs_an_item_and_a_day(self, scene: Scene):
        application = scene.application("bureau_review")
        with pytest.raises(Refused, match="1つ以上"):
            reviews.send_back_to_town(
                application_id=application.pk,
                viewer=scene.reviewer(),
                due_on=clock.today() + timedelta(days=7),
                items=[],
            )
        with pytest.raises(Refused, match="本日以後"):
            reviews.send_back_to_town(
                application_id=application.pk,
                viewer=scene.reviewer(),
                due_on=clock.today() - timedelta(days=1),
                items=[ItemInput("costs", "x")],
            )

    def test_empty_items_are_not_sent(self, scene: Scene):
        assert self.returned(scene).rounds.get().items.count() == 1

    def test_every_item_is_answered_before_it_comes_back(self, scene: Scene):
        application = self.returned(scene)
        with pytest.raises(Refused, match="回答が1件残っています"):
            submissions.resubmit(application_id=application.pk, viewer=scene.approver())

    def test_a_corrected_sentence_comes_back_without_new_consents_and_shows_its_difference(self, scene: Scene):
        application = self.returned(scene)
        drafts.save_basic(
            application_id=application.pk, viewer=scene.planner(), revision=None, values={"plan": "内訳を加えた計画。"}
        )
        self.answer(scene, application)
        submissions.resubmit(application_id=application.pk, viewer=scene.approver())
        first, second = application.snapshots.order_by("version")
        changed = [change.label for change in differences(first.data, second.data) if change.changed]
        assert changed == ["事業の内容"]
        assert fresh(application).state == State.SUBMITTED

    def test_a_changed_amount_goes_round_again(self, scene: Scene):
        application = self.returned(scene)
        scene.fill(application, 5_400_000)
        self.answer(scene, application)
        with pytest.raises(Refused, match="同意を取り直す"):
            submissions.resubmit(application_id=application.pk, viewer=scene.approver())
        consents.ask_again(application_id=application.pk, viewer=scene.planner())
        for town in scene.members:
            consents.agree(application_id=application.pk, viewer=scene.approver(town.pk), document_no="企第2号")
        submissions.resubmit(application_id=application.pk, viewer=scene.approver())
        assert fresh(application).state == State.SUBMITTED

    def test_the_form_that_came_back_takes_the_place_of_the_first(self, scene: Scene):
        application = self.returned(scene)
        self.answer(scene, application)
        submissions.resubmit(application_id=application.pk, viewer=scene.approver())
        first, second = DocumentIssue.objects.filter(subject_id=str(application.pk), kind="D-03").order_by("pk")
        assert (first.superseded_by, second.superseded_by) == (second, None)

    def test_the_receipt_number_stays_when_it_comes_back(self, scene: Scene):
        application = self.returned(scene)
        number = application.receipt_number
        self.answer(scene, application)
        submissions.resubmit(application_id=application.pk, viewer=scene.approver())
        reviews.receive(application_id=application.pk, viewer=scene.reviewer())
        assert fresh(application).receipt_number == number

    def test_it_lapses_seven_days_after_the_reminder_and_not_before(self, scene: Scene):
        application = self.returned(scene)
        due_on = application.rounds.get().due_on
        with clock.standing_at(clock.at(due_on + timedelta(days=1))), pytest.raises(Refused, match="督促"):
            due.lapse(application_id=application.pk, viewer=scene.head())
        with clock.standing_at(clock.at(due_on)):
            assert due.run_due(clock.today())["reminded"] == 1
            assert due.run_due(clock.today())["reminded"] == 0
        with clock.standing_at(clock.at(due_on + timedelta(days=6))), pytest.raises(Refused):
            due.lapse(application_id=application.pk, viewer=scene.head())
        with clock.standing_at(clock.at(due_on + timedelta(days=7))):
            due.run_due(clock.today())  # the reminder of that day does not put the lapse off
            due.lapse(application_id=application.pk, viewer=scene.head())
        assert fresh(application).state == State.LAPSED

    def answer(self, scene: Scene, application: Application) -> None:
        for item in application.rounds.get().items.all():
            reviews.answer_item(
                application_id=application.pk, viewer=scene.planner(), item_id=item.pk, answer="内訳を記入しました。"
            )


class TestDecision:
    def test_the_grant_is_numbered_committed_once_and_starts_the_clock_of_support(self, scene: Scene):
        application = scene.application("granted")
        decision = application.decisions.get()
        assert decision.document.kind == "D-08"
        assert decision.document.number.text.startswith("空地政第")
        assert BudgetEntry.objects.get().amount_yen == application.granted_yen
        allotment = scene.call.allotments.get()
        assert allotment.committed_yen == application.granted_yen
        assert SupportYear.objects.get(region=scene.region).fiscal_year == application.fiscal_year
        assert Notice.objects.filter(title__startswith="交付が決定しました").exists()

    def test_who_drafted_does_not_decide(self, scene: Scene):
        application = scene.application("hq_review")
        scene.judge_open(application, scene.staff(), Stage.HQ)
        reviews.write_opinion(application_id=application.pk, viewer=scene.staff(), text="支障ない。")
        both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
        approvals.draft(
            application_id=application.pk,
            viewer=both,
            act="grant",
            plan="交付する。",
            amount_yen=application.requested_yen,
        )
        with pytest.raises(Refused, match="起案した人は決裁できません"):
            approvals.decide(application_id=application.pk, viewer=both)
        approvals.decide(application_id=application.pk, viewer=scene.head())

    def test_nothing_is_drafted_before_headquarters_answered(self, scene: Scene):
        application = scene.application("hq_review")
        with pytest.raises(Refused, match="本庁の審査意見"):
            approvals.draft(
                application_id=application.pk,
                viewer=scene.reviewer(),
                act="grant",
                plan="交付する。",
                amount_yen=application.requested_yen,
            )

    def test_a_lower_amount_needs_reductions(self, scene: Scene):
        application = scene.application("hq_review")
        reviews.write_opinion(application_id=application.pk, viewer=scene.staff(), text="支障ない。")
        with pytest.raises(Refused, match="減額と理由"):
            approvals.draft(
                application_id=application.pk,
                viewer=scene.staff(),
                act="grant",
                plan="減額する。",
                amount_yen=1_000_000,
            )

    def test_sending_the_draft_back_needs_a_reason_and_leaves_no_route_open(self, scene: Scene):
        application = scene.application("approval")
        with pytest.raises(Refused, match="理由"):
            approvals.send_back(application_id=application.pk, viewer=scene.head(), reason="")
        approvals.send_back(application_id=application.pk, viewer=scene.head(), reason="条件の記載を補うこと。")
        assert fresh(application).state == State.HQ_REVIEW
        assert not application.routes.filter(state="circulating").exists()

    def test_a_refusal_carries_its_reason_and_commits_nothing(self, scene: Scene):
        application = scene.application("hq_review")
        reviews.write_opinion(
            application_id=application.pk, viewer=scene.staff(), text="採択は適当でない。", priority="against"
        )
        approvals.draft(
            application_id=application.pk, viewer=scene.reviewer(), act="refuse", plan="既存の取組と重なるため。"
        )
        decision = approvals.decide(application_id=application.pk, viewer=scene.head())
        assert decision.reason == "既存の取組と重なるため。"
        assert decision.document.kind == "D-09"
        assert not BudgetEntry.objects.exists()
        assert fresh(application).state == State.REFUSED

    def test_a_grant_withdrawn_in_time_gives_the_money_back(self, scene: Scene):
        application = scene.application("granted")
        with clock.standing_at(clock.at(clock.today() + timedelta(days=11))), pytest.raises(Refused, match="10日"):
            submissions.withdraw(
                application_id=application.pk, viewer=scene.approver(), reason="事業を取りやめるため。"
            )
        with clock.standing_at(clock.at(clock.today() + timedelta(days=10))):
            submissions.withdraw(
                application_id=application.pk, viewer=scene.approver(), reason="事業を取りやめるため。"
            )
        assert scene.call.allotments.get().committed_yen == 0
        assert [entry.kind for entry in BudgetEntry.objects.all()] == ["commit", "release"]

    def test_work_begins_on_its_first_day_and_only_once(self, scene: Scene):
        application = scene.application("granted")
        day = application.start_on
        assert due.run_due(day - timedelta(days=1))["started"] == 0
        assert due.run_due(day)["started"] == 1
        assert due.run_due(day)["started"] == 0
        assert fresh(application).state == State.RUNNING

    def test_after_the_books_are_closed_nothing_is_granted(self, scene: Scene):
        application = scene.application("approval")
        with (
            clock.standing_at(clock.at(clock.today().replace(year=2027, month=6, day=1))),
            pytest.raises(Refused, match="出納閉鎖"),
        ):
            approvals.decide(application_id=application.pk, viewer=scene.head())


class TestRequestPhase:
    @pytest.fixture
    def scene(self) -> Scene:
        return Scene(call=CallFactory(phases="both"))

    def test_a_selected_request_opens_the_formal_application_on_the_same_record(self, scene: Scene):
        application = scene.application("hq_review")
        assert application.phase == "request"
        scene.judge_open(application, scene.staff(), Stage.HQ)
        approvals.select(application_id=application.pk, viewer=scene.decider(), amount_yen=application.requested_yen)
        assert fresh(application).state == State.SELECTED
        approvals.open_grant_phase(application_id=application.pk, viewer=scene.planner())
        application = fresh(application)
        assert (application.state, application.phase) == (State.DRAFT, "grant")
        assert application.receipt_number == ""
        assert application.snapshots.count() == 2

    def test_headquarters_staff_do_not_select(self, scene: Scene):
        application = scene.application("hq_review")
        with pytest.raises(PermissionDenied):
            approvals.select(application_id=application.pk, viewer=scene.staff(), amount_yen=application.requested_yen)

    def test_not_selecting_needs_a_reason(self, scene: Scene):
        application = scene.application("hq_review")
        with pytest.raises(Refused, match="理由"):
            approvals.not_select(application_id=application.pk, viewer=scene.decider(), reason="")
        approvals.not_select(application_id=application.pk, viewer=scene.decider(), reason="既存の取組と重なるため。")
        assert fresh(application).state == State.NOT_SELECTED

    def test_selected_wishes_count_against_the_allotment(self, scene: Scene):
        application = scene.application("hq_review")
        scene.judge_open(application, scene.staff(), Stage.HQ)
        scene.call.allotments.update(amount_yen=application.requested_yen - 1)
        with pytest.raises(Refused, match="1円超えています"):
            approvals.select(
                application_id=application.pk, viewer=scene.decider(), amount_yen=application.requested_yen
            )

    @pytest.mark.parametrize(("state", "room"), [("selected", False), ("withdrawn", True), ("lapsed", True)])
    def test_a_promise_that_was_given_up_leaves_its_money_to_others(self, scene: Scene, state: str, room: bool):
        application = scene.application("hq_review")
        scene.judge_open(application, scene.staff(), Stage.HQ)
        scene.call.allotments.update(amount_yen=application.requested_yen)
        other = {
            field.attname: getattr(application, field.attname)
            for field in Application._meta.fields
            if field.attname not in ("id", "serial", "number", "evaluation_id")
        }
        Application.objects.create(**other | {"serial": 99, "number": "other", "state": state, "selected_yen": 1_000})
        chosen = {"application_id": application.pk, "viewer": scene.decider(), "amount_yen": application.requested_yen}
        if room:
            approvals.select(**chosen)
            assert fresh(application).state == State.SELECTED
        else:
            with pytest.raises(Refused, match="1,000円超えています"):
                approvals.select(**chosen)


def test_open_actions_are_those_of_ones_duty_and_office(scene: Scene):
    application = scene.application("submitted")
    assert open_actions(application, scene.approver()) == [Action.TAKE_BACK, Action.WITHDRAW]
    assert open_actions(application, scene.reviewer()) == [Action.RECEIVE]
    assert open_actions(application, scene.planner("014273")) == []
    assert open_actions(application, saved(viewer(Duty.AU))) == []


def test_the_content_of_an_application_survives_json(scene: Scene):
    application = scene.application("submitted")
    assert content_of(fresh(application)) == application.snapshots.get().data


def test_the_whole_story_leaves_an_unbroken_chain(scene: Scene):
    scene.application("granted")
    assert AuditEvent.objects.count() > 20
    assert audit.first_broken() is None


def test_a_consultation_is_closed_with_an_answer(scene: Scene):
    application = scene.application("preconsult")
    with pytest.raises(Refused, match="回答"):
        preconsultations.close(
            application_id=application.pk, viewer=scene.reviewer(), held_on=clock.today(), attendees="", answers=" "
        )


def scene_open(application: Application) -> list[str]:
    verdict = latest_verdict(fresh(application))
    assert verdict is not None
    return [finding.rule for finding in verdict.open_for(Stage.BUREAU)]
