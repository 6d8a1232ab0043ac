"""A return that comes in late: 延滞金 as advice, decided by the authority, paid, and only then a closed file (T36, T34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from common import clock
from common.errors import Refused
from common.models import DocumentIssue
from common.viewer import Viewer
from subsidies.closing import checks_of
from subsidies.models import Application, Payment, ReturnOrder
from subsidies.services import completion, payments, returns, settlements
from subsidies.worklist import items_for
from tests.factories.subsidies import Scene

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
LATE = 3_600  # 1,200,000 yen × 10.95 % × 10/365
DAYS = timedelta(days=10)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def ask(scene: Scene) -> dict[str, Any]:
    """An overpaid grant whose 1,200,000 yen came back ten days late; settled, not closed."""
    one = scene.application("running")
    by: dict[str, Any] = {"application_id": one.pk}
    claim = payments.claim(
        **by, kind="advance", amount_yen=4_800_000, reason="会場費を払うため。", viewer=scene.approver()
    )
    payments.approve(**by, number=claim.number, viewer=scene.head())
    payments.record_paid(**by, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    scene._report_due(one)
    scene.report(one, actual_yen=3_600_000)
    completion.submit(**by, viewer=scene.approver())
    scene.inspect(one)
    settlements.fix(**by, viewer=scene.head())
    order = returns.order_return(**by, due_on=clock.today(), viewer=scene.head())
    Payment.objects.filter(pk=order.pk).update(due_on=clock.today() - DAYS)
    payments.record_paid(**by, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
    settlements.settle(**by, viewer=scene.accountant())
    DocumentIssue.objects.update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
    return by | {"number": order.number}


def labels(who: Viewer) -> list[str]:
    return [item.label for item in items_for(who)]


def close(scene: Scene, ask: dict[str, Any]) -> None:
    settlements.close(application_id=ask["application_id"], viewer=scene.reviewer())


def test_the_file_waits_until_somebody_has_decided_and_the_towns_have_paid(scene: Scene, ask: dict[str, Any]):
    with pytest.raises(Refused, match=f"延滞金（参考計算{LATE:,}円）が未定です"):
        close(scene, ask)
    assert labels(scene.head()) == ["延滞金の決定"]
    assert labels(scene.reviewer()) == []
    application = Application.objects.get(pk=ask["application_id"])
    assert [(check.label, check.note) for check in checks_of(application) if not check.fulfilled] == [
        ("加算金・延滞金が定められ、納付されている", "決裁者が延滞金を定めてください。")
    ]
    order = returns.charge_late_interest(**ask, viewer=scene.head(), late_yen=LATE)
    assert (order.late_yen, order.late_advice["yen"], order.unpaid_yen) == (LATE, LATE, LATE)
    assert [line["days"] for line in order.late_advice["lines"]] == [10]
    assert labels(scene.head()) == []
    with pytest.raises(Refused, match=f"加算金・延滞金{LATE:,}円の納付がまだです"):
        close(scene, ask)
    returns.record_addition(**ask, viewer=scene.accountant(), paid_on=clock.today())
    close(scene, ask)
    assert Application.objects.get(pk=ask["application_id"]).state == "closed"


def test_another_amount_needs_its_reason_and_nothing_is_a_decision_too(scene: Scene, ask: dict[str, Any]):
    with pytest.raises(Refused, match=f"参考計算の{LATE:,}円と異なる額"):
        returns.charge_late_interest(**ask, viewer=scene.head(), late_yen=0, reason=" ")
    assert ReturnOrder.objects.get().late_yen is None
    reason = "災害により納付の窓口が閉鎖されていたため、徴しない。"
    returns.charge_late_interest(**ask, viewer=scene.head(), late_yen=0, reason=reason)
    assert ReturnOrder.objects.get().late_reason == reason
    with pytest.raises(Refused, match="すでに定められています"):
        returns.charge_late_interest(**ask, viewer=scene.head(), late_yen=LATE)
    close(scene, ask)


def test_only_the_authority_decides(scene: Scene, ask: dict[str, Any]):
    for person in (scene.reviewer(), scene.accountant(), scene.approver()):
        with pytest.raises(PermissionDenied):
            returns.charge_late_interest(**ask, viewer=person, late_yen=LATE)
    assert ReturnOrder.objects.get().late_yen is None


def test_the_decider_charges_it_in_the_browser(scene: Scene, ask: dict[str, Any], client_for: SignIn):
    pk, number = ask["application_id"], ask["number"]
    page, address = reverse("subsidies:case_return", args=[pk]), reverse("subsidies:return_late", args=[pk, number])
    head = client_for(scene.head())
    assert f"{LATE:,}" in head.get(page).content.decode()
    answer = head.post(address, {"late_yen": "3,000", "reason": ""})
    assert answer.status_code == 422
    assert 'value="3,000"' in answer.content.decode()
    assert head.post(address, {"late_yen": f"{LATE:,}", "reason": ""}).status_code == 302
    assert ReturnOrder.objects.get().late_yen == LATE
