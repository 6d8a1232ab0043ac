"""The page of a grant's money: preparing, claiming, approving, recording, settling, and what each hand reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from common.fiscal_year import wareki
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Viewer
from subsidies.models import Application, Payment
from subsidies.services import payments
from tests.factories.subsidies import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]
CLAIM = {
    "amount_yen": "4,000,000",
    "reason": "年度当初に会場費を払うため。",
    "document_no": "企第210号",
    "creditor_no": "0012345",
}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def url(name: str, *args: int) -> str:
    return reverse(f"subsidies:{name}", args=args)


def claimed(scene: Scene, one: Application, amount: int = 1_000_000) -> Payment:
    return payments.claim(
        application_id=one.pk, kind="advance", amount_yen=amount, reason="会場費", viewer=scene.approver()
    )


def test_the_planner_prepares_and_the_approver_claims_with_a_paper(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    page = client_for(scene.planner()).post(url("payment_claim", one.pk), CLAIM | {"act": "keep", "revision": "0"})
    assert page.status_code == 302
    draft = Payment.objects.get()
    assert (draft.state, draft.claimed_on, draft.amount_yen) == ("draft", None, 4_000_000)
    approver = client_for(scene.approver())
    shown = approver.get(url("payment_claim", one.pk)).content.decode()
    assert "企画担当が準備した請求です" in shown
    assert 'value="4,000,000"' in shown
    assert approver.post(url("payment_claim", one.pk), CLAIM | {"act": "claim"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.document.kind) == ("claimed", 1, "D-17")
    assert draft.document.snapshot["rest_yen"] == 2_000_000
    assert Notice.objects.filter(office_key="bureau:sorachi", title__startswith="概算払の請求がありました").exists()


def test_what_is_in_preparation_nobody_else_reads(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    values = payments.ClaimInput(1_234_567, "会場費")
    payments.prepare(application_id=one.pk, values=values, viewer=scene.planner())
    for person in (scene.head(), scene.accountant(), scene.staff(), scene.planner("014273")):
        assert "1,234,567" not in client_for(person).get(url("application_payments", one.pk)).content.decode()
    assert "1,234,567" in client_for(scene.approver()).get(url("application_payments", one.pk)).content.decode()


def test_the_second_of_two_planners_keeps_what_was_typed(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    values = payments.ClaimInput(1_000_000, "先に書いた理由")
    payments.prepare(application_id=one.pk, values=values, viewer=scene.planner())
    answer = client_for(scene.planner()).post(url("payment_claim", one.pk), CLAIM | {"act": "keep", "revision": "0"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ほかの人が請求の内容を書き換えました" in page
    assert "先に書いた理由" in page
    assert CLAIM["reason"] in page
    assert Payment.objects.get().amount_yen == 1_000_000
    again = client_for(scene.planner()).post(url("payment_claim", one.pk), CLAIM | {"act": "keep", "revision": "1"})
    assert again.status_code == 302
    assert Payment.objects.get().revision == 2


def test_too_much_is_refused_and_what_was_typed_stays(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    client = client_for(scene.approver())
    answer = client.post(url("payment_claim", one.pk), CLAIM | {"amount_yen": "4,800,001", "act": "claim"})
    assert answer.status_code == 422
    assert "あと4,800,000円まで請求できます" in answer.content.decode()
    assert 'value="4,800,001"' in answer.content.decode()
    assert not Payment.objects.exists()
    assert not DocumentIssue.objects.filter(kind="D-17").exists()


def test_a_claim_is_taken_back_until_it_is_approved(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    first = claimed(scene, one)
    client = client_for(scene.approver())
    client.post(url("payment_take_back", one.pk, first.number))
    first.refresh_from_db()
    assert first.state == "back"
    assert payments.advance_left_yen(one) == 4_800_000
    second = claimed(scene, one)
    payments.approve(application_id=one.pk, number=second.number, viewer=scene.head())
    said = client.post(url("payment_take_back", one.pk, second.number), follow=True).content.decode()
    assert "承認される前の請求です" in said
    second.refresh_from_db()
    assert second.state == "approved"


def test_the_decider_reads_the_claim_and_approves_or_says_why_not(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    claim = claimed(scene, one)
    head, address = client_for(scene.head()), url("payment_decide", one.pk, claim.number)
    page = head.get(address).content.decode()
    assert "1,000,000円" in page
    assert "会場費" in page
    answer = head.post(address, {"act": "refuse", "reason": ""})
    assert answer.status_code == 422
    assert "承認しない理由を入力してください" in answer.content.decode()
    assert head.post(address, {"act": "approve"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert head.post(address, {"act": "approve"}).status_code == 422  # pressed twice
    assert AuditEvent.objects.filter(action="payment.approve").count() == 1


def test_accounting_records_the_day_once(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    claim = claimed(scene, one)
    payments.approve(application_id=one.pk, number=claim.number, viewer=scene.head())
    client, address = client_for(scene.accountant()), url("payment_record", one.pk, claim.number)
    assert "支払を記録する" in client.get(address).content.decode()
    wrong = client.post(address, {"paid_on": "令和90年1月1日"})
    assert wrong.status_code == 422

    day = wareki(clock.today())
    assert client.post(address, {"paid_on": day}).status_code == 302
    assert client.post(address, {"paid_on": day}).status_code == 422
    assert AuditEvent.objects.filter(action="payment.paid").count() == 1


def test_settling_is_offered_once_the_sums_are_even(scene: Scene, client_for: SignIn):
    one = scene.application("fixed")
    ask: dict[str, Any] = {"application_id": one.pk}
    client, address = client_for(scene.accountant()), url("application_payments", one.pk)
    assert "精算できます" not in client.get(address).content.decode()
    claim = payments.claim(**ask, kind="final", amount_yen=6_000_000, viewer=scene.approver())
    assert claim.document.kind == "D-17b"
    payments.approve(**ask, number=claim.number, viewer=scene.head())

    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    assert "精算できます" in client.get(address).content.decode()
    client.post(url("settlement_settle", one.pk))
    one.refresh_from_db()
    assert one.state == "settled"


def test_the_page_asks_the_same_questions_for_one_claim_and_for_many(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    client, address = client_for(scene.head()), url("application_payments", one.pk)
    counts = []
    for number in range(5):
        claim = claimed(scene, one, 100_000)
        payments.refuse(application_id=one.pk, number=claim.number, reason="見積書", viewer=scene.head())
        client.get(address)  # what lasts until the next act is gathered
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts += [len(asked)] if number in (0, 4) else []
    assert counts[0] == counts[1] <= 15
