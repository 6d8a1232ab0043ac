"""What the towns do with an application, from the first line to the submission, and each way it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common import audit, clock
from common.errors import Conflict, Refused
from common.models import DocumentIssue
from common.viewer import Duty
from subsidies.models import Application
from subsidies.services import consents, drafts, reviews, submissions
from subsidies.states import State
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


class TestStarting:
    def test_a_planner_of_a_member_starts_with_all_members_of_today(self, scene: Scene):
        application = scene.application(filled=False)
        assert set(application.parts.values_list("municipality", flat=True)) == {town.pk for town in scene.members}
        assert application.lead_bureau_id == scene.bureau.pk
        assert application.state == State.DRAFT

    def test_a_region_has_one_application_under_way_in_a_call(self, scene: Scene):
        first = scene.application(filled=False)
        with pytest.raises(Refused, match=first.number):
            scene.application(filled=False)

    def test_a_stranger_does_not_start(self, scene: Scene):
        stranger = saved(viewer(Duty.MP, municipality="012076"))
        with pytest.raises(PermissionDenied):
            drafts.start(call_id=scene.call.pk, region_code=scene.region.pk, viewer=stranger)

    def test_an_approver_does_not_write(self, scene: Scene):
        with pytest.raises(PermissionDenied):
            drafts.start(call_id=scene.call.pk, region_code=scene.region.pk, viewer=scene.approver())

    def test_a_closed_call_takes_nothing(self, scene: Scene):
        scene.call.state = "closed"
        scene.call.save()
        with pytest.raises(Refused, match="受付中ではありません"):
            scene.application()

    def test_copying_carries_texts_and_lines_but_no_dates_and_no_consents(self, scene: Scene):
        old = scene.application("ready")
        call = CallFactory(ruleset=scene.call.ruleset, fiscal_year=2027)
        new = drafts.start(call_id=call.pk, region_code=scene.region.pk, viewer=scene.planner(), copy_from=old.pk)
        assert new.purpose == old.purpose
        assert list(new.costs.values_list("amount_yen", flat=True)) == list(
            old.costs.values_list("amount_yen", flat=True)
        )
        assert new.start_on is None and not new.declared
        assert set(new.parts.values_list("consent", flat=True)) == {"none"}


class TestWriting:
    def test_two_planners_at_once_lose_nothing(self, scene: Scene):
        application = scene.application()
        values = {"purpose": "別の目的"}
        drafts.save_basic(
            application_id=application.pk, viewer=scene.planner(), revision=application.revision, values=values
        )
        with pytest.raises(Conflict, match="ほかの人がこの申請を更新しました"):
            drafts.save_basic(
                application_id=application.pk,
                viewer=scene.planner("014273"),
                revision=application.revision,
                values={"purpose": "後から来た目的"},
            )
        assert fresh(application).purpose == "別の目的"

    def test_what_was_submitted_is_not_written_any_more(self, scene: Scene):
        application = scene.application("submitted")
        with pytest.raises(Refused, match="書き換えられません"):
            drafts.save_basic(
                application_id=application.pk, viewer=scene.planner(), revision=None, values={"purpose": "x"}
            )

    def test_a_member_with_costs_cannot_be_dropped(self, scene: Scene):
        application = scene.application()
        keep = [town.pk for town in scene.members if town.pk != scene.members[0].pk]
        with pytest.raises(Refused, match="負担する経費があります"):
            drafts.save_members(
                application_id=application.pk,
                viewer=scene.planner("014273"),
                revision=None,
                codes=keep,
                lead=keep[0],
            )

    def test_every_saved_change_is_in_the_audit_chain(self, scene: Scene):
        application = scene.application()
        drafts.save_basic(
            application_id=application.pk, viewer=scene.planner(), revision=None, values={"purpose": "新しい目的"}
        )
        event = audit.timeline(application, internal=True)[0]
        assert event.after["purpose"] == "新しい目的"
        assert audit.first_broken() is None

    @pytest.mark.parametrize(
        ("total", "count", "expected"), [(10, 3, [4, 3, 3]), (9, 3, [3, 3, 3]), (2, 3, [1, 1, 0]), (0, 2, [0, 0])]
    )
    def test_an_even_split_always_adds_up(self, total: int, count: int, expected: list[int]):
        codes = [str(number) for number in range(count)]
        assert list(drafts.even_split(total, codes).values()) == expected


class TestConsent:
    def test_consent_is_asked_only_for_something_complete(self, scene: Scene):
        application = scene.application(filled=False)
        with pytest.raises(Refused) as refused:
            consents.ask(application_id=application.pk, viewer=scene.planner())
        assert any("取組を1つ以上" in problem for problem in refused.value.problems)
        assert any("経費を入力" in problem for problem in refused.value.problems)

    def test_a_split_that_does_not_add_up_is_named_with_its_difference(self, scene: Scene):
        application = scene.application()
        part = application.parts.first()
        part.split_yen -= 1
        part.save()
        with pytest.raises(Refused, match="差1円"):
            consents.ask(application_id=application.pk, viewer=scene.planner())

    def test_the_last_consent_makes_it_ready(self, scene: Scene):
        assert scene.application("ready").state == State.READY

    def test_one_missing_consent_blocks_submission_and_names_the_town(self, scene: Scene):
        application = scene.application("ready")
        application.parts.filter(municipality="014290").update(consent="asked", consented_on=None, consented_by=None)
        with pytest.raises(Refused, match="未同意の構成市町村があります（1件：栗山町）"):
            submissions.submit(application_id=application.pk, viewer=scene.approver())

    def test_declining_needs_a_reason_and_goes_back_to_the_planner(self, scene: Scene):
        application = scene.application("consent")
        with pytest.raises(Refused, match="理由"):
            consents.decline(application_id=application.pk, viewer=scene.approver("014290"), reason=" ")
        consents.decline(application_id=application.pk, viewer=scene.approver("014290"), reason="負担額を見直したい。")
        assert fresh(application).state == State.DRAFT
        assert application.parts.get(municipality="014290").consent == "refused"

    def test_consents_stay_when_only_a_sentence_changed(self, scene: Scene):
        application = scene.application("consent")
        consents.agree(application_id=application.pk, viewer=scene.approver("014273"), document_no="企第1号")
        consents.decline(
            application_id=application.pk, viewer=scene.approver("014290"), reason="目的の書き方を直してほしい。"
        )
        drafts.save_basic(
            application_id=application.pk, viewer=scene.planner(), revision=None, values={"purpose": "書き直した目的。"}
        )
        consents.ask(application_id=application.pk, viewer=scene.planner())
        assert application.parts.get(municipality="014273").consent == "agreed"
        assert application.parts.get(municipality="014290").consent == "asked"

    def test_consents_are_asked_again_when_an_amount_changed(self, scene: Scene):
        application = scene.application("consent")
        consents.agree(application_id=application.pk, viewer=scene.approver("014273"), document_no="企第1号")
        consents.decline(application_id=application.pk, viewer=scene.approver("014290"), reason="負担を見直したい。")
        scene.fill(application, 5_400_000)
        consents.ask(application_id=application.pk, viewer=scene.planner())
        assert set(application.parts.values_list("consent", flat=True)) == {"asked"}

    def test_nobody_consents_for_another_town(self, scene: Scene):
        application = scene.application("consent")
        stranger = saved(viewer(Duty.MA, municipality="012076"))
        with pytest.raises(Application.DoesNotExist):
            consents.agree(application_id=application.pk, viewer=stranger)


class TestSubmission:
    def test_content_verdict_and_paper_are_frozen(self, scene: Scene):
        application = scene.application("submitted")
        snapshot = application.snapshots.get()
        assert snapshot.version == 1
        assert snapshot.data["requested_yen"] == application.requested_yen
        assert application.evaluation is not None
        assert DocumentIssue.objects.filter(subject_id=str(application.pk), kind="D-03").count() == 1

    def test_a_failing_rule_blocks_and_says_which(self, scene: Scene):
        application = scene.application("ready")
        scene.project.kpis.all().delete()
        with pytest.raises(Refused, match="N-01"):
            submissions.submit(application_id=application.pk, viewer=scene.approver())

    def test_after_the_deadline_the_bureau_must_admit_it(self, scene: Scene):
        application = scene.application("ready")
        scene.call.closes_on = clock.today() - timedelta(days=1)
        scene.call.save()
        with pytest.raises(Refused, match="締切"):
            submissions.submit(application_id=application.pk, viewer=scene.approver())
        with pytest.raises(PermissionDenied):
            submissions.admit_late(application_id=application.pk, viewer=scene.reviewer(), reason="大雪のため。")
        with pytest.raises(Refused, match="理由"):
            submissions.admit_late(application_id=application.pk, viewer=scene.head(), reason="")
        submissions.admit_late(application_id=application.pk, viewer=scene.head(), reason="大雪で役場が閉庁したため。")
        submissions.submit(application_id=application.pk, viewer=scene.approver())
        assert fresh(application).state == State.SUBMITTED

    def test_only_the_lead_submits(self, scene: Scene):
        application = scene.application("ready")
        with pytest.raises(PermissionDenied):
            submissions.submit(application_id=application.pk, viewer=scene.approver("014273"))

    def test_it_can_be_taken_back_before_receipt_but_not_after(self, scene: Scene):
        application = scene.application("submitted")
        submissions.take_back(application_id=application.pk, viewer=scene.approver())
        assert fresh(application).state == State.DRAFT
        consents.ask(application_id=application.pk, viewer=scene.planner())
        submissions.submit(application_id=application.pk, viewer=scene.approver())
        reviews.receive(application_id=application.pk, viewer=scene.reviewer())
        with pytest.raises(Refused):
            submissions.take_back(application_id=application.pk, viewer=scene.approver())

    def test_withdrawing_after_receipt_needs_a_reason(self, scene: Scene):
        application = scene.application("bureau_review")
        with pytest.raises(Refused, match="理由が必要です"):
            submissions.withdraw(application_id=application.pk, viewer=scene.approver())
        submissions.withdraw(application_id=application.pk, viewer=scene.approver(), reason="事業を見直すため。")
        assert fresh(application).state == State.WITHDRAWN
        assert DocumentIssue.objects.filter(subject_id=str(application.pk), kind="D-10").exists()
