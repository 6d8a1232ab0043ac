"""支払 across all grants: the heaps, the written list, several payments at once, closing; what waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from common.fiscal_year import wareki
from common.models import AuditEvent, DocumentIssue
from common.viewer import Viewer
from portal.deadlines import deadlines_for
from subsidies.closing import retention_of
from subsidies.models import Application, FollowUp, Payment
from subsidies.services import payments, settlements
from subsidies.worklist import items_for
from tests import exports
from tests.factories.subsidies import CallFactory, Scene

from .test_views_payments import claimed, url

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]
LIST = reverse("subsidies:payment_list")


def approved(scene: Scene, one: Application) -> Payment:
    claim = claimed(scene, one)
    return payments.approve(application_id=one.pk, number=claim.number, viewer=scene.head())


def another(scene: Scene) -> Application:
    """A grant of another round of the same region."""
    scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={"sorachi": 50_000_000})
    return scene.application("running")


def labels(person: Viewer) -> list[str]:
    return [item.label for item in items_for(person)]


def test_each_claim_lies_on_the_heap_of_what_it_waits_for(client_for: SignIn):
    scene = Scene()
    one = scene.application("running")
    client = client_for(scene.accountant())
    claim = claimed(scene, one)
    assert "支払待ち 0件" in client.get(LIST).content.decode()
    assert "承認待ち 1件（1,000,000円）" in client.get(LIST).content.decode()
    payments.approve(application_id=one.pk, number=claim.number, viewer=scene.head())
    page = client.get(LIST).content.decode()
    assert "支払待ち 1件（1,000,000円）" in page
    assert "支払を記録する" in page
    payments.record_paid(application_id=one.pk, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    assert "支払済 1件" in client.get(LIST).content.decode()
    assert "支払を記録する" not in client_for(scene.staff()).get(LIST).content.decode()


def test_the_list_for_the_accounting_system_names_creditor_and_amount_and_no_account(client_for: SignIn):
    scene = Scene()
    one = scene.application("running")
    claim = payments.claim(
        application_id=one.pk, kind="advance", amount_yen=1_234_567, reason="会場費", creditor_no="0012345",
        document_no="企第210号", viewer=scene.approver(),
    )  # fmt: skip
    payments.approve(application_id=one.pk, number=claim.number, viewer=scene.head())
    client = client_for(scene.accountant())
    (row,) = exports.rows(client, reverse("subsidies:payment_export") + "?tab=pay")
    assert (row["債権者番号"], row["金額（円）"], row["年度（西暦）"]) == ("0012345", "1234567", "2026")
    assert row["債権者"] == "長沼町"
    assert not any("口座" in heading for heading in row)
    assert exports.rows(client, reverse("subsidies:payment_export") + "?tab=paid") == []


def test_several_are_paid_at_once_and_a_wrong_row_spoils_no_other(client_for: SignIn):
    scene = Scene()
    first, second = scene.application("running"), another(scene)
    approved(scene, first)
    claimed(scene, second)  # not approved: it cannot be paid
    client = client_for(scene.accountant())
    assert 'name="act" value="pay"' in client.get(LIST).content.decode()
    given = {"act": "pay", "pk": [first.pk, second.pk], "paid_on": wareki(clock.today()), "step": "go"}
    said = client.post(reverse("subsidies:batch_new"), given, follow=True).content.decode()
    assert "概算払1,000,000円の支払を記録しました。" in said
    assert "支払待ちの請求がありません" in said
    states = dict(Payment.objects.values_list("application", "state"))
    assert states == {first.pk: "paid", second.pk: "claimed"}
    client.post(reverse("subsidies:batch_new"), given)  # pressed twice
    assert AuditEvent.objects.filter(action="payment.paid").count() == 1


def test_nobody_but_accounting_pays_several_at_once(client_for: SignIn):
    scene = Scene()
    one = scene.application("running")
    approved(scene, one)
    given = {"act": "pay", "pk": [one.pk], "paid_on": wareki(clock.today()), "step": "go"}
    for person in (scene.head(), scene.reviewer(), scene.staff()):
        client_for(person).post(reverse("subsidies:batch_new"), given)
    assert Payment.objects.get().state == "approved"


def test_the_list_asks_the_same_for_one_row_and_for_many(client_for: SignIn):
    scene = Scene()
    client = client_for(scene.accountant())
    approved(scene, scene.application("running"))
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(2):
        approved(scene, another(scene))
    client.get(LIST)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(one) == len(many) <= 15


def test_the_days_until_the_books_close_are_counted_and_then_the_way_out_is_named(client_for: SignIn, settings: Any):
    scene = Scene()
    one = scene.application("fixed")
    client = client_for(scene.approver())
    settings.DEMO_DATE = f"{one.fiscal_year + 1}-05-20"
    page = client.get(url("application_payments", one.pk)).content.decode()
    assert "この年度の支払は、出納閉鎖（" in page
    settings.DEMO_DATE = f"{one.fiscal_year + 1}-06-01"
    page = client.get(url("application_payments", one.pk)).content.decode()
    assert "過年度支出" in page
    answer = client.post(url("payment_claim", one.pk), {"document_no": "", "creditor_no": "", "act": "claim"})
    assert answer.status_code == 422
    assert "過年度支出" in answer.content.decode()
    assert not Payment.objects.exists()


def test_what_waits_moves_from_hand_to_hand():
    scene = Scene()
    one = scene.application("fixed")
    ask: dict[str, Any] = {"application_id": one.pk}
    assert "要請求" in labels(scene.planner())
    values = payments.ClaimInput(6_000_000)
    payments.prepare(**ask, values=values, viewer=scene.planner())
    assert "要請求" not in labels(scene.planner())
    assert "要請求" in labels(scene.approver())
    claim = payments.claim(**ask, kind="final", amount_yen=6_000_000, viewer=scene.approver())
    assert "要承認" in labels(scene.head())
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    assert labels(scene.accountant()) == ["要支払"]
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    assert labels(scene.accountant()) == ["要精算"]
    settlements.settle(**ask, viewer=scene.accountant())
    assert labels(scene.accountant()) == []
    assert "要完結" in labels(scene.reviewer())


def test_the_bureau_closes_after_a_look_at_what_must_be_in_order(client_for: SignIn):
    scene = Scene()
    one = scene.application("fixed")
    ask: dict[str, Any] = {"application_id": one.pk}
    client = client_for(scene.reviewer())
    assert "会計が精算すると完結できます" in client.get(url("application_close", one.pk)).content.decode()
    claim = payments.claim(**ask, kind="final", amount_yen=6_000_000, viewer=scene.approver())
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    settlements.settle(**ask, viewer=scene.accountant())
    page = client.get(url("application_close", one.pk)).content.decode()
    assert "作成中の文書" in page
    assert "新規採用職員の合同研修" in page
    assert client.post(url("application_close", one.pk)).status_code == 422
    assert not FollowUp.objects.exists()
    DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
    assert client_for(scene.head()).post(url("application_close", one.pk)).status_code == 403
    assert client.post(url("application_close", one.pk)).status_code == 302
    one.refresh_from_db()
    assert (one.state, FollowUp.objects.count()) == ("closed", 3)


def test_retention_counts_from_the_april_after_the_file_was_closed():
    one = Scene().application("draft")
    kept = retention_of(one, date(2024, 5, 20))
    assert (kept.years, kept.from_on, kept.until_on) == (5, date(2025, 4, 1), date(2030, 4, 1))


def test_the_day_of_a_return_stands_in_the_calendar_of_those_concerned():
    scene = Scene()
    one = scene.application("running")
    approved(scene, one)
    Payment.objects.update(kind="return", due_on=clock.today())
    text = "長沼・栗山連携地域 返還の期限"
    for person, reads in ((scene.accountant(), True), (scene.planner(), True), (scene.planner("014273"), False)):
        assert (text in [line.text for line in deadlines_for(person)]) is reads
