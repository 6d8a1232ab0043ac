"""Revoking a grant (T35): proposed, heard, decided by another; money, budget and paper follow; what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from common import audit, clock
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Duty
from subsidies.models import Application, BudgetEntry, Decision, Revocation, Settlement, SupportYear
from subsidies.services import completion, payments, returns, revocations, settlements
from subsidies.settling import paid_yen
from subsidies.workflow import STEPS, Action
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
GRANT = 6_000_000
FACTS = "研修の会場費として計上した経費を、別の事業の備品の購入に充てていた。"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def ledger(application: Application) -> int:
    return BudgetEntry.objects.filter(application=application).aggregate(yen=Sum("amount_yen"))["yen"]


def pay(scene: Scene, application: Application, kind: str, amount: int) -> None:
    """Claim, approve and pay."""
    ask: dict[str, Any] = {"application_id": application.pk}
    one = payments.claim(**ask, kind=kind, amount_yen=amount, reason="会場費を払うため。", viewer=scene.approver())
    payments.approve(**ask, number=one.number, viewer=scene.head())
    payments.record_paid(**ask, number=one.number, paid_on=clock.today(), viewer=scene.accountant())


def propose(scene: Scene, one: Application, **changed: Any) -> Revocation:
    given = {"ground": "other_use", "scope": "whole", "facts": FACTS, "viewer": scene.reviewer()} | changed
    return revocations.propose(application_id=one.pk, **given)


def hear(scene: Scene, one: Application) -> None:
    revocations.record_hearing(
        application_id=one.pk, viewer=scene.reviewer(), held_on=clock.today(), who="長沼町 企画財政課長",
        statement="会計の区分を誤った。故意ではない。",
    )  # fmt: skip


def revoke(scene: Scene, one: Application, **changed: Any) -> Decision:
    propose(scene, one, **changed)
    hear(scene, one)
    return revocations.decide(application_id=one.pk, viewer=scene.head())


class TestWhole:
    def test_everything_goes_back_to_the_budget_and_the_notice_is_numbered(self, scene: Scene):
        one = scene.application("running")
        decision = revoke(scene, one)
        one.refresh_from_db()
        assert (one.state, one.granted_yen, one.fixed_yen) == ("revoked", 0, 0)
        assert ledger(one) == 0
        assert (decision.kind, decision.amount_yen) == ("revoked", GRANT)
        paper = DocumentIssue.objects.get(kind="D-22")
        assert "指令" in paper.number.text
        assert paper.snapshot["facts"] == FACTS
        assert (paper.snapshot["whole"], paper.snapshot["left_yen"], paper.snapshot["to_return_yen"]) == (True, 0, 0)
        assert SupportYear.objects.get(source=one.number).amount_yen == 0
        told = Notice.objects.filter(title__startswith="交付の決定が取り消されました")
        assert {notice.office_key for notice in told} >= {f"municipality:{town.code}" for town in scene.members}
        assert audit.first_broken() is None

    def test_what_was_paid_is_ordered_back_and_the_file_closes(self, scene: Scene):
        one = scene.application("running")
        pay(scene, one, "advance", 2_000_000)
        revoke(scene, one)
        ask: dict[str, Any] = {"application_id": one.pk}
        with pytest.raises(Refused, match="2,000,000円の返還がまだです"):
            DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)
            settlements.close(**ask, viewer=scene.reviewer())
        order = returns.order_return(**ask, due_on=clock.today(), viewer=scene.head())
        payments.record_paid(**ask, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
        paper = DocumentIssue.objects.get(kind="D-21").snapshot
        assert [(line["base_yen"], line["days"], line["shown"]) for line in paper["addition_lines"]] == [
            (2_000_000, 1, "600.00")]  # fmt: skip
        with pytest.raises(Refused, match="加算金・延滞金600円の納付がまだです"):
            settlements.settle(**ask, viewer=scene.accountant())  # 2,000,000 × 10.95 % × 1/365
        returns.record_addition(**ask, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
        settlements.settle(**ask, viewer=scene.accountant())
        DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
        settlements.close(**ask, viewer=scene.reviewer())
        one.refresh_from_db()
        assert (one.state, paid_yen(one), ledger(one)) == ("closed", 0, 0)
        assert not one.follow_ups.exists()

    def test_a_grant_of_which_nothing_was_paid_closes_without_an_order(self, scene: Scene):
        one = scene.application("granted")
        revoke(scene, one)
        DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)
        with pytest.raises(Refused, match="超えて支払った額はありません"):
            returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        settlements.close(application_id=one.pk, viewer=scene.reviewer())
        assert Application.objects.get(pk=one.pk).state == "closed"

    def test_a_fixed_amount_is_superseded_by_nothing(self, scene: Scene):
        one = scene.application("fixed")
        revoke(scene, one)
        old, new = Settlement.objects.filter(application=one).order_by("id")
        assert (old.fixed_yen, old.superseded_by, new.fixed_yen, new.superseded_by) == (GRANT, new, 0, None)


class TestPart:
    def test_the_grant_is_less_and_the_work_goes_on(self, scene: Scene):
        one = scene.application("running")
        revoke(scene, one, scope="part", revoked_yen=1_500_000)
        one.refresh_from_db()
        assert (one.state, one.granted_yen, one.fixed_yen) == ("running", 4_500_000, None)
        assert ledger(one) == 4_500_000
        paper = DocumentIssue.objects.get(kind="D-22")
        assert (paper.snapshot["before_yen"], paper.snapshot["left_yen"]) == (GRANT, 4_500_000)

    def test_parts_may_follow_one_another(self, scene: Scene):
        one = scene.application("running")
        revoke(scene, one, scope="part", revoked_yen=1_000_000)
        revoke(scene, one, scope="part", revoked_yen=2_000_000)
        assert list(one.revocations.order_by("number").values_list("number", "state")) == [
            (1, "decided"), (2, "decided")]  # fmt: skip
        assert ledger(one) == 3_000_000

    def test_what_was_paid_beyond_it_comes_back_while_the_work_goes_on(self, scene: Scene):
        one = scene.application("running")
        pay(scene, one, "advance", 4_800_000)
        revoke(scene, one, scope="part", revoked_yen=2_000_000)
        order = returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert order.amount_yen == 800_000
        assert Application.objects.get(pk=one.pk).state == "running"
        payments.record_paid(
            application_id=one.pk, number=order.number, paid_on=clock.today(), viewer=scene.accountant()
        )
        assert paid_yen(one) == ledger(one) == 4_000_000

    def test_after_the_last_payment_it_leads_to_the_return_order(self, scene: Scene):
        one = scene.application("fixed")
        pay(scene, one, "final", GRANT)
        settlements.settle(application_id=one.pk, viewer=scene.accountant())
        revoke(scene, one, scope="part", revoked_yen=500_000)
        one.refresh_from_db()
        assert (one.state, one.fixed_yen) == ("settled", 5_500_000)
        returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert Application.objects.get(pk=one.pk).state == "return_ordered"
        assert DocumentIssue.objects.get(kind="D-21").snapshot["amount_yen"] == 500_000

    def test_what_was_merely_paid_beyond_the_fixed_amount_carries_no_addition(self, scene: Scene):
        """4,800,000 paid, 2,000,000 revoked, fixed at 3,500,000: of 1,300,000 only 800,000 were taken back."""
        one = scene.application("running")
        pay(scene, one, "advance", 4_800_000)
        revoke(scene, one, scope="part", revoked_yen=2_000_000)
        scene._report_due(one)
        scene.report(one, actual_yen=3_500_000)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        settlements.fix(application_id=one.pk, viewer=scene.head())
        order = returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert order.amount_yen == 1_300_000
        assert [line["base_yen"] for line in order.return_order.advice["lines"]] == [800_000]

    def test_one_order_answers_all_revocations_before_it(self, scene: Scene):
        """What is paid too much later is no money that an old revocation takes back."""
        one = scene.application("running")
        pay(scene, one, "advance", 4_800_000)
        for _ in range(2):
            revoke(scene, one, scope="part", revoked_yen=1_000_000)
        order = returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert order.amount_yen == 800_000
        payments.record_paid(
            application_id=one.pk, number=order.number, paid_on=clock.today(), viewer=scene.accountant()
        )
        scene._report_due(one)
        scene.report(one, actual_yen=3_500_000)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        scene.inspect(one)
        settlements.fix(application_id=one.pk, viewer=scene.head())
        second = returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
        assert (second.amount_yen, second.reason) == (500_000, "確定額を超えて支払われた額")
        assert (second.return_order.revocation, second.return_order.addition_yen) == (None, 0)

    @pytest.mark.parametrize("amount", [0, GRANT, GRANT + 1, None])
    def test_a_part_is_more_than_nothing_and_less_than_all(self, scene: Scene, amount: int | None):
        one = scene.application("running")
        with pytest.raises(Refused, match=r"1円以上で現在の額6,000,000円より少なく"):
            propose(scene, one, scope="part", revoked_yen=amount)


class TestRefused:
    def refused(self, one: Application, said: str, act: Any) -> None:
        """The act is refused with these words; nothing is written, not even an event of the act."""
        one.refresh_from_db()
        before = (one.state, ledger(one), Decision.objects.count(), AuditEvent.objects.count())
        with pytest.raises(Refused, match=said):
            act()
        one.refresh_from_db()
        assert (one.state, ledger(one), Decision.objects.count(), AuditEvent.objects.count()) == before

    def test_without_a_hearing(self, scene: Scene):
        one = scene.application("running")
        propose(scene, one)
        self.refused(
            one, "弁明の記録がありません", lambda: revocations.decide(application_id=one.pk, viewer=scene.head())
        )

    def test_a_waived_hearing_says_why(self, scene: Scene):
        one = scene.application("running")
        propose(scene, one)
        by: dict[str, Any] = {"application_id": one.pk, "viewer": scene.reviewer()}
        self.refused(one, "10字以上", lambda: revocations.record_hearing(**by, waived="不要"))
        revocations.record_hearing(**by, waived="町から書面で事実を認める届出があったため。")
        assert revocations.decide(application_id=one.pk, viewer=scene.head()).kind == "revoked"

    def test_by_who_proposed_it(self, scene: Scene):
        """One person may hold both duties; she still does not decide what she proposed, nor would the table hold it."""
        one = scene.application("running")
        both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
        propose(scene, one, viewer=both)
        hear(scene, one)
        self.refused(one, "起案した人は決裁できません", lambda: revocations.decide(application_id=one.pk, viewer=both))
        with pytest.raises(IntegrityError), transaction.atomic():
            Revocation.objects.update(closed_by=both.user_id)

    def test_with_an_open_claim(self, scene: Scene):
        one = scene.application("running")
        payments.claim(
            application_id=one.pk, kind="advance", amount_yen=1_000_000, reason="会場費", viewer=scene.approver()
        )
        propose(scene, one)
        hear(scene, one)
        self.refused(
            one, "支払の済んでいない請求", lambda: revocations.decide(application_id=one.pk, viewer=scene.head())
        )

    @pytest.mark.parametrize("until", ["draft", "bureau_review", "approval"])
    def test_before_there_is_a_grant(self, scene: Scene, until: str):
        one = scene.application(until)
        Application.objects.filter(pk=one.pk).update(submitted_at=clock.now(), submitted_by=scene.approver().user_id)
        with pytest.raises((Refused, Application.DoesNotExist)):
            propose(scene, one)
        assert not Revocation.objects.exists()

    def test_a_second_proposal_and_a_second_decision(self, scene: Scene):
        one = scene.application("running")
        propose(scene, one)
        self.refused(one, "すでにあります", lambda: propose(scene, one))
        hear(scene, one)
        revocations.decide(application_id=one.pk, viewer=scene.head())
        self.refused(one, "案がありません", lambda: revocations.decide(application_id=one.pk, viewer=scene.head()))

    def test_other_duties_and_strangers(self, scene: Scene):
        one = scene.application("running")
        for person in (scene.planner(), scene.approver(), scene.head(), scene.accountant()):
            with pytest.raises(PermissionDenied):
                propose(scene, one, viewer=person)
        with pytest.raises(Application.DoesNotExist):
            propose(scene, one, viewer=saved(viewer(Duty.BS, bureau="oshima")))
        propose(scene, one)
        hear(scene, one)
        for person in (scene.reviewer(), scene.approver(), scene.decider()):  # here the bureau decides
            with pytest.raises(PermissionDenied):
                revocations.decide(application_id=one.pk, viewer=person)
        assert Application.objects.get(pk=one.pk).state == "running"

    def test_sent_back_it_leaves_the_grant_as_it_was(self, scene: Scene):
        one = scene.application("running")
        propose(scene, one)
        by: dict[str, Any] = {"application_id": one.pk, "viewer": scene.head()}
        self.refused(one, "差し戻す理由", lambda: revocations.send_back(**by, reason=" "))
        revocations.send_back(**by, reason="事実の確認が足りない。")
        one.refresh_from_db()
        assert (one.state, one.granted_yen) == ("running", GRANT)
        assert propose(scene, one).number == 2


class TestConcurrence:
    def test_a_section_that_the_configuration_names_must_agree(self, scene: Scene, monkeypatch: pytest.MonkeyPatch):
        one = scene.application("running")
        department = saved(viewer(Duty.SD))
        key = f"{department.office.key}/{department.office.section}"
        prefecture = one.region.prefecture
        prefecture.terms = prefecture.terms | {"revocation_concurs": [key]}
        prefecture.save()
        from common.directory import Section

        monkeypatch.setattr(
            "subsidies.services.revocations.departments", lambda code: [Section(department.office, Duty.SD)]
        )
        propose(scene, one)
        hear(scene, one)
        decide = lambda: revocations.decide(application_id=one.pk, viewer=scene.head())  # noqa: E731
        with pytest.raises(Refused, match="合議が済んでいません"):
            decide()
        by: dict[str, Any] = {"application_id": one.pk, "viewer": department}
        with pytest.raises(Refused, match="異議の理由"):
            revocations.concur(**by, agrees=False)
        revocations.concur(**by, agrees=False, comment="事実が足りない。")
        with pytest.raises(Refused, match="から異議があります"):
            decide()
        revocations.concur(**by, agrees=True)
        with pytest.raises(PermissionDenied):
            revocations.concur(**by, agrees=True)
        assert decide().kind == "revoked"


def test_every_state_from_granted_to_settled_may_be_revoked():
    """domain.md T35; while a return is ordered its amount stands, so it is paid first."""
    whole = STEPS[Action.REVOKE].sources
    assert {"granted", "running", "change_review", "report_due", "inspected", "fixed", "settled"} <= whole
    assert not {"return_ordered", "closed", "revoked", "approval"} & whole
