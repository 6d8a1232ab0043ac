"""A running grant changes (T22, T23): light or not, the rules and the money asked again, who may, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from common import clock
from common.errors import Conflict, Refused
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Absentee, Duty, Viewer
from subsidies.approved_plan import Plan, PlanShare, approved_costs, approved_plan, granted_plan
from subsidies.changing import Weighed
from subsidies.models import Application, BudgetEntry, ChangeRequest, CostLine, Participant
from subsidies.services import change_decisions, changes, completion, payments
from subsidies.services.changes import ChangeDraft, Consent
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.subsidies import CallFactory, RuleSetVersionFactory, Scene, ruleset_content
from tests.viewers import saved, viewer

from .change_cases import approved, asked, at_work, begun, cost, opined, plan_of

pytestmark = pytest.mark.django_db
GRANT = 6_000_000


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def one(scene: Scene) -> Application:
    return at_work(scene)


def now(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def with_amended_agreements() -> dict[str, Any]:
    """The rules of the successor program with A-15 of the acceleration program."""
    row = next(rule for rule in ruleset_content("acceleration")["rules"] if rule.get("kind") == "membership_amended")
    content = ruleset_content("successor")
    return content | {"rules": [*content["rules"], row]}


def ledger(application: Application) -> int:
    return BudgetEntry.objects.filter(application=application).aggregate(yen=Sum("amount_yen"))["yen"]


def ref(application: Application, change: ChangeRequest) -> dict[str, Any]:
    return {"application_id": application.pk, "number": change.number}


class TestLight:
    @pytest.mark.parametrize(
        ("grant", "light"), [(4_800_000, True), (4_799_000, False), (6_000_000, True), (6_001_000, False)]
    )
    def test_twenty_percent_of_a_category_is_light_and_a_yen_more_is_not(
        self, scene: Scene, one: Application, grant: int, light: bool
    ):
        weighed = Weighed(one, approved_plan(one), plan_of(one, grant))
        assert weighed.is_light is light
        assert weighed.light is not None
        assert ("委託料", True) in [(name, "→" in text) for name, text in weighed.light.compared]

    def test_money_moved_to_a_new_category_needs_approval(self, one: Application):
        costs = (cost(5_500_000), cost(500_000, number=2, category="travel", description="講師の旅費"))
        weighed = Weighed(one, approved_plan(one), plan_of(one, GRANT, costs=costs))
        assert not weighed.is_light
        assert "旅費の増減が20％を超えます" in weighed.light.message

    def test_a_light_change_is_filed_and_counts_at_once(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 5_400_000))
        filed = changes.submit(**ref(one, change), viewer=scene.approver(), light=True)
        assert (filed.state, filed.kind) == ("filed", "light")
        assert (now(one).state, now(one).granted_yen) == ("running", 5_400_000)
        assert ledger(one) == 5_400_000
        assert Notice.objects.filter(office_key="bureau:sorachi", title__startswith="軽微な変更の届出").exists()
        assert not DocumentIssue.objects.filter(kind="D-11").exists()

    def test_small_steps_add_up_to_the_last_decision(self, scene: Scene, one: Application):
        first = begun(scene, one, after=plan_of(one, 5_000_000))
        changes.submit(**ref(one, first), viewer=scene.approver(), light=True)
        second = begun(scene, one, after=plan_of(one, 4_500_000))
        with pytest.raises(Refused, match="軽微な変更ではないため、届出では変更できません"):
            changes.submit(**ref(one, second), viewer=scene.approver(), light=True)
        assert now(one).granted_yen == 5_000_000

    def test_filing_what_is_not_light_is_refused(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 4_000_000))
        events = AuditEvent.objects.count()
        with pytest.raises(Refused, match="変更承認の申請が必要です"):
            changes.submit(**ref(one, change), viewer=scene.approver(), light=True)
        assert (now(one).state, ledger(one), AuditEvent.objects.count()) == ("running", GRANT, events)

    def test_applying_for_what_is_light_is_refused(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 5_400_000))
        with pytest.raises(Refused, match="届出で足ります"):
            changes.submit(**ref(one, change), viewer=scene.approver())


class TestApproval:
    def test_a_decrease_gives_back_to_the_budget_and_keeps_the_granted_plan(self, scene: Scene, one: Application):
        change = approved(scene, one, after=plan_of(one, 4_000_000))
        assert (now(one).state, now(one).granted_yen, ledger(one)) == ("running", 4_000_000, 4_000_000)
        assert CostLine.objects.get(application=one).amount_yen == GRANT
        assert granted_plan(now(one)).grant_yen == GRANT
        assert approved_costs(now(one))[1].amount_yen == 4_000_000
        paper = DocumentIssue.objects.get(kind="D-12")
        assert paper.number is not None
        assert change.decision.document == paper
        assert DocumentIssue.objects.get(kind="D-11").snapshot["grant"] == {
            "before_yen": GRANT, "after_yen": 4_000_000}  # fmt: skip

    def test_an_increase_is_bound_in_the_ledger(self, scene: Scene, one: Application):
        approved(scene, one, after=plan_of(one, 7_000_000))
        assert (now(one).granted_yen, ledger(one)) == (7_000_000, 7_000_000)
        assert [entry.kind for entry in BudgetEntry.objects.filter(application=one)] == ["commit", "increase"]
        assert scene.call.allotments.get().committed_yen == 7_000_000

    def test_an_increase_beyond_the_budget_is_refused(self, scene: Scene, one: Application):
        allotment = scene.call.allotments.get()
        allotment.amount_yen = 6_500_000
        allotment.save()
        change = begun(scene, one, after=plan_of(one, 7_000_000))
        with pytest.raises(Refused, match="予算の残額を500,000円超えています"):
            changes.submit(**ref(one, change), viewer=scene.approver())
        assert ledger(one) == GRANT

    def test_budget_spent_while_the_change_was_read_keeps_it_from_being_approved(self, scene: Scene, one: Application):
        change = opined(scene, one, after=plan_of(one, 7_000_000))
        allotment = scene.call.allotments.get()
        allotment.amount_yen = 6_500_000
        allotment.save()
        with pytest.raises(Refused, match="予算の残額を"):
            change_decisions.approve(**ref(one, change), viewer=scene.head())
        assert (now(one).state, ledger(one)) == ("change_review", GRANT)

    def test_a_change_never_goes_above_the_cap(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 10_001_000))
        with pytest.raises(Refused, match="10,000,000円以内"):
            changes.submit(**ref(one, change), viewer=scene.approver())

    def test_the_advance_limit_follows_the_changed_grant(self, scene: Scene, one: Application):
        approved(scene, one, after=plan_of(one, 4_000_000))
        assert payments.advance_left_yen(now(one)) == 3_200_000
        approved(scene, one, after=plan_of(one, 8_000_000))
        assert payments.advance_left_yen(now(one)) == 6_400_000

    def test_an_open_claim_above_the_new_limit_keeps_the_change_waiting(self, scene: Scene, one: Application):
        payments.claim(application_id=one.pk, kind="advance", amount_yen=4_800_000, reason="会場費の支払のため。",
                       viewer=scene.approver())  # fmt: skip
        change = begun(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(Refused, match="変更後の限度額3,200,000円を"):
            changes.submit(**ref(one, change), viewer=scene.approver())

    def test_a_claim_that_was_taken_back_or_is_being_prepared_keeps_no_change_waiting(
        self, scene: Scene, one: Application
    ):
        claim = payments.claim(application_id=one.pk, kind="advance", amount_yen=4_800_000, reason="会場費の支払のため。",
                               viewer=scene.approver())  # fmt: skip
        payments.take_back(application_id=one.pk, number=claim.number, viewer=scene.approver())
        values = payments.ClaimInput(4_800_000, "会場費の支払のため。")
        payments.prepare(application_id=one.pk, values=values, viewer=scene.planner())
        approved(scene, one, after=plan_of(one, 4_000_000))
        assert now(one).granted_yen == 4_000_000

    def test_a_deputy_of_the_one_who_wrote_the_opinion_does_not_decide(self, scene: Scene, one: Application):
        change = opined(scene, one, after=plan_of(one, 4_000_000))
        head, writer = scene.head(), scene.reviewer().person
        stands_in = Viewer(**(vars(head) | {"deputy_for": Absentee(writer, "審査担当")}))
        with pytest.raises(Refused, match="意見を書いた人は決裁できません"):
            change_decisions.approve(**ref(one, change), viewer=stands_in)

    def test_the_report_starts_from_the_changed_figures(self, scene: Scene, one: Application):
        costs = (cost(3_000_000), cost(1_000_000, number=2, category="travel", description="講師の旅費"))
        approved(scene, one, after=plan_of(one, 4_000_000, costs=costs))
        completion.complete(application_id=one.pk, finished_on=clock.today(), viewer=scene.planner())
        report = now(one).report
        assert [line.cost.number for line in report.costs.all()] == [1, 2]
        assert sum(share.planned_yen for share in report.shares.all()) == 4_000_000
        assert {number: line.amount_yen for number, line in approved_costs(now(one)).items()} == {
            1: 3_000_000, 2: 1_000_000}  # fmt: skip

    def test_refused_with_a_reason_the_work_goes_on_as_granted(self, scene: Scene, one: Application):
        change = opined(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(Refused, match="理由を入力"):
            change_decisions.refuse(**ref(one, change), reason=" ", viewer=scene.head())
        change_decisions.refuse(**ref(one, change), reason="減額の根拠が足りない。", viewer=scene.head())
        assert (now(one).state, now(one).granted_yen, ledger(one)) == ("running", GRANT, GRANT)
        assert approved_plan(now(one)).grant_yen == GRANT

    def test_returned_it_is_mended_and_submitted_as_a_second_version(self, scene: Scene, one: Application):
        change = asked(scene, one, after=plan_of(one, 4_000_000))
        change_decisions.send_back(**ref(one, change), reason="積算の根拠を書いてください。", viewer=scene.reviewer())
        change.refresh_from_db()
        assert (now(one).state, change.state) == ("running", "returned")
        draft = ChangeDraft(
            after=plan_of(one, 4_100_000), reason="根拠を足した。", effective_on=clock.today(),
            consents={town.code: Consent(clock.today(), "企第9号") for town in scene.members[1:]},
        )  # fmt: skip
        changes.write(**ref(one, change), draft=draft, revision=change.revision, viewer=scene.planner())
        changes.submit(**ref(one, change), viewer=scene.approver())
        versions = list(change.versions.order_by("version"))
        assert [version.data["after"]["grant_yen"] for version in versions] == [4_000_000, 4_100_000]
        assert DocumentIssue.objects.filter(kind="D-11").count() == 2

    def test_the_approver_takes_it_back_with_a_reason(self, scene: Scene, one: Application):
        change = asked(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(Refused, match="理由"):
            changes.withdraw(**ref(one, change), viewer=scene.approver())
        changes.withdraw(**ref(one, change), viewer=scene.approver(), reason="計画どおりできることになった。")
        change.refresh_from_db()
        assert (now(one).state, change.state) == ("running", "withdrawn")


class TestRefused:
    def test_a_second_open_request_is_refused_by_the_service_and_by_the_database(self, scene: Scene, one: Application):
        change = begun(scene, one)
        with pytest.raises(Refused, match=r"手続中のもの（第1号 変更、作成中）があります"):
            changes.start(application_id=one.pk, kind="delay", viewer=scene.planner())
        change.pk, change.number = None, 2
        with pytest.raises(IntegrityError, match=r"one_open_change|UNIQUE"), transaction.atomic():
            change.save(force_insert=True)

    def test_what_was_submitted_is_not_rewritten(self, scene: Scene, one: Application):
        change = asked(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(Refused, match="提出した書類は書き換えられません"):
            changes.write(**ref(one, change), revision=change.revision, viewer=scene.planner(),
                         draft=ChangeDraft(after=plan_of(one, 3_000_000)))  # fmt: skip
        assert Plan.from_json(ChangeRequest.objects.get().after).grant_yen == 4_000_000

    def test_who_wrote_the_opinion_does_not_decide(self, scene: Scene, one: Application):
        change = asked(scene, one, after=plan_of(one, 4_000_000))
        both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
        change_decisions.opine(**ref(one, change), text="適当と認められる。", fits=True, viewer=both)
        with pytest.raises(Refused, match="意見を書いた人は決裁できません"):
            change_decisions.approve(**ref(one, change), viewer=both)
        with pytest.raises(Refused, match="意見を書いた人は決裁できません"):
            change_decisions.refuse(**ref(one, change), reason="認めない。", viewer=both)
        assert now(one).state == "change_review"

    def test_nobody_decides_before_the_opinion(self, scene: Scene, one: Application):
        change = asked(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(Refused, match="振興局の意見がまだありません"):
            change_decisions.approve(**ref(one, change), viewer=scene.head())

    def test_an_older_request_is_not_mistaken_for_the_one_under_review(self, scene: Scene, one: Application):
        light = begun(scene, one, after=plan_of(one, 5_400_000))
        changes.submit(**ref(one, light), viewer=scene.approver(), light=True)
        change = opined(scene, now(one), after=plan_of(one, 4_000_000))
        for act in (
            lambda: change_decisions.send_back(**ref(one, light), reason="補正。", viewer=scene.reviewer()),
            lambda: change_decisions.approve(**ref(one, light), viewer=scene.head()),
            lambda: change_decisions.refuse(**ref(one, light), reason="不要。", viewer=scene.head()),
            lambda: changes.withdraw(**ref(one, light), reason="やめる。", viewer=scene.approver()),
        ):
            with pytest.raises(Refused):
                act()
        change.refresh_from_db()
        assert (now(one).state, change.state, now(one).granted_yen) == ("change_review", "submitted", 5_400_000)

    def test_a_light_decrease_waits_for_an_open_claim_above_its_limit(self, scene: Scene, one: Application):
        payments.claim(application_id=one.pk, kind="advance", amount_yen=4_800_000, reason="会場費の支払のため。",
                       viewer=scene.approver())  # fmt: skip
        change = begun(scene, one, after=plan_of(one, 5_400_000))
        with pytest.raises(Refused, match="支払の済んでいない概算払の請求があり"):
            changes.submit(**ref(one, change), viewer=scene.approver(), light=True)
        assert now(one).granted_yen == GRANT

    @pytest.mark.parametrize("who", ["planner", "reviewer", "decider", "approver"])
    def test_only_the_authority_decides(self, scene: Scene, one: Application, who: str):
        change = opined(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(PermissionDenied):
            change_decisions.approve(**ref(one, change), viewer=getattr(scene, who)())
        assert now(one).state == "change_review"

    def test_the_planner_does_not_submit_and_the_approver_does_not_write(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 4_000_000))
        with pytest.raises(PermissionDenied):
            changes.submit(**ref(one, change), viewer=scene.planner())
        with pytest.raises(PermissionDenied):
            changes.start(application_id=one.pk, kind="change", viewer=scene.approver())

    def test_a_stranger_does_not_know_it(self, scene: Scene, one: Application):
        change = begun(scene, one)
        stranger = saved(viewer(Duty.MP, municipality="012025"))
        with pytest.raises(Application.DoesNotExist):
            changes.withdraw(**ref(one, change), viewer=stranger)

    @pytest.mark.parametrize("state", ["granted", "report_due"])
    def test_only_running_work_is_changed(self, scene: Scene, state: str):
        one = scene.application(state)
        with pytest.raises(Refused, match="手続を始められません"):
            changes.start(application_id=one.pk, kind="change", viewer=scene.planner())

    def test_consents_are_asked_again_where_money_changes(self, scene: Scene, one: Application):
        change = begun(scene, one, after=plan_of(one, 4_000_000), consents={})
        with pytest.raises(Refused, match="2件：由仁町、栗山町"):
            changes.submit(**ref(one, change), viewer=scene.approver())

    def test_sums_that_do_not_add_up_are_refused_with_the_difference(self, scene: Scene, one: Application):
        plan = plan_of(one, 4_000_000)
        wrong = replace(plan, shares=(replace(plan.shares[0], split_yen=1), *plan.shares[1:]))
        change = begun(scene, one, after=wrong)
        with pytest.raises(Refused, match="配分の合計"):
            changes.submit(**ref(one, change), viewer=scene.approver())

    def test_of_two_planners_the_second_is_told(self, scene: Scene, one: Application):
        change = begun(scene, one)
        with pytest.raises(Conflict):
            changes.write(**ref(one, change), draft=ChangeDraft(after=plan_of(one, 1)), revision=1,
                         viewer=scene.planner("014273"))  # fmt: skip

    def test_an_end_after_the_year_belongs_to_a_delay(self, scene: Scene, one: Application):
        late = replace(plan_of(one, 4_000_000), end_on=one.work_year.last_day + timedelta(days=1))
        change = begun(scene, one, after=late)
        with pytest.raises(Refused, match="遅延等の報告で届け出てください"):
            changes.submit(**ref(one, change), viewer=scene.approver())


class TestMembers:
    """W24: a member leaves in the middle of the year."""

    def leaving(self, one: Application) -> Plan:
        plan = approved_plan(one)
        *others, last = plan.shares
        return replace(plan, shares=(*others, replace(last, until=clock.today())))

    def test_it_needs_approval_and_an_amended_agreement(self):
        scene = Scene(call=CallFactory(ruleset=RuleSetVersionFactory(version=2, content=with_amended_agreements())))
        one = at_work(scene)
        change = opined(scene, one, after=self.leaving(one))
        weighed = Weighed.of(change)
        assert "構成市町村（栗山町）が変わります" in weighed.light.message
        with pytest.raises(Refused, match="協定の改定が必要です"):
            change_decisions.approve(**ref(one, change), viewer=scene.head())
        scene.region.agreements.get().consents.get(municipality=scene.members[2]).delete()
        change_decisions.approve(**ref(one, change), viewer=scene.head())
        gone = next(share for share in approved_plan(now(one)).shares if share.code == scene.members[2].code)
        assert gone.until == clock.today()

    def test_past_split_and_cap_of_the_year_stay(self, scene: Scene, one: Application):
        weighed = Weighed(one, approved_plan(one), self.leaving(one))
        assert len(weighed.facts.participants) == 3
        assert weighed.facts.participants[2].split_yen == 2_000_000
        assert Participant.objects.get(application=one, municipality=scene.members[2]).split_yen == 2_000_000
        assert [share.name for share in weighed.leaving] == ["栗山町"]

    def test_a_member_that_joins_takes_part_with_nothing_of_the_first_split(self, scene: Scene, one: Application):
        new = MunicipalityFactory(code="014311", name="月形町", bureau=scene.bureau)
        plan = approved_plan(one)
        joined = replace(plan, shares=(
            replace(plan.shares[0], split_yen=1_000_000), *plan.shares[1:],
            PlanShare(new.code, new.name, 1_000_000, since=clock.today(), funding="一般財源"),
        ))  # fmt: skip
        scene.region.agreements.get().consents.create(
            municipality=new, state="done", agreed_on=clock.today(), document_no="企第3号"
        )
        agreed = {code: Consent(clock.today(), "企第9号") for code in ("014273", "014290", new.code)}
        approved(scene, one, after=joined, consents=agreed)
        part = Participant.objects.get(application=one, municipality=new)
        assert (part.split_yen, part.consent, part.consent_document_no) == (0, "agreed", "企第9号")
        assert Application.objects.visible_to(scene.planner(new.code)).filter(pk=one.pk).exists()
