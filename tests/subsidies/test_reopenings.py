"""A closed file fixed anew (T37): two people, the old marked, money back, closed again; what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from common import audit, clock
from common.documents import render_pdf
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, Notice
from common.viewer import Duty
from subsidies.models import Application, BudgetEntry, Decision, Settlement
from subsidies.services import payments, reopenings, returns, settlements
from subsidies.settling import paid_yen
from tests.common.pdf import text_of
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
GRANT = 6_000_000
REASON = "会計検査で、対象とならない会場費200,000円が含まれていたと指摘されたため。"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def drawn() -> None:
    """As the worker does."""
    DocumentIssue.objects.filter(pdf="").update(pdf="drawn.pdf", sha256="0" * 64, pages=1)


def closed(scene: Scene) -> Application:
    one = scene.application("fixed")
    ask: dict[str, Any] = {"application_id": one.pk}
    claim = payments.claim(**ask, kind="final", amount_yen=GRANT, viewer=scene.approver())
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    settlements.settle(**ask, viewer=scene.accountant())
    drawn()
    settlements.close(**ask, viewer=scene.reviewer())
    one.refresh_from_db()
    return one


def ask(scene: Scene, one: Application, **changed: Any) -> Any:
    given = {"reason": REASON, "eligible_yen": GRANT - 200_000, "other_income_yen": 0, "viewer": scene.decider()}
    return reopenings.ask(application_id=one.pk, **given | changed)


def test_it_is_fixed_anew_paid_back_and_closed_again(scene: Scene):
    one = closed(scene)
    made = ask(scene, one)
    assert (made.fixed_yen, Application.objects.get(pk=one.pk).state) == (5_800_000, "closed")
    assert Notice.objects.filter(title__startswith="確認を待つ再確定").exists()
    new = reopenings.confirm(application_id=one.pk, viewer=scene.head())
    one.refresh_from_db()
    assert (one.state, one.fixed_yen, one.closed_on) == ("fixed", 5_800_000, None)
    old = Settlement.objects.exclude(pk=new.pk).get()
    assert (old.superseded_by, old.fixed_yen, new.superseded_by) == (new, GRANT, None)
    first, second = Decision.objects.filter(application=one, kind="fixed").order_by("id")
    assert (first.superseded_by, second.superseded_by) == (second, None)
    assert first.document.superseded_by == second.document
    said = second.document.snapshot
    assert (said["reason"], said["replaces"]["number"], said["replaced_yen"]) == (
        REASON, first.document.number.text, GRANT)  # fmt: skip
    letter = text_of(render_pdf("D-20", said)).replace("\n", "")
    assert "これを改め、下記のとおり再確定したので、通知します" in letter
    assert all(word in letter for word in ("従前の確定額", "再確定の理由"))
    assert "実績の報告があった" not in letter
    assert first.document.snapshot["replaces"] is None
    by: dict[str, Any] = {"application_id": one.pk}
    order = returns.order_return(**by, due_on=clock.today(), viewer=scene.head())
    assert (order.amount_yen, order.return_order.addition_yen) == (200_000, 0)  # no revocation: no 加算金
    payments.record_paid(**by, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
    settlements.settle(**by, viewer=scene.accountant())
    drawn()
    settlements.close(**by, viewer=scene.reviewer())
    one.refresh_from_db()
    ledger = BudgetEntry.objects.filter(application=one).aggregate(yen=Sum("amount_yen"))["yen"]
    assert (one.state, paid_yen(one), ledger) == ("closed", 5_800_000, 5_800_000)
    assert audit.first_broken() is None


def test_what_is_refused_leaves_nothing_behind(scene: Scene):
    one = closed(scene)
    events = AuditEvent.objects.count()
    for said, changed in (
        ("10字以上", {"reason": "検査指摘"}),
        ("同じ額です", {"eligible_yen": GRANT}),
    ):
        with pytest.raises(Refused, match=said):
            ask(scene, one, **changed)
    for person in (scene.head(), scene.staff(), scene.reviewer(), scene.approver(), scene.accountant()):
        with pytest.raises(PermissionDenied):
            ask(scene, one, viewer=person)
    assert AuditEvent.objects.count() == events
    ask(scene, one)
    with pytest.raises(Refused, match="すでにあります"):
        ask(scene, one)
    by: dict[str, Any] = {"application_id": one.pk}
    with pytest.raises(Refused, match="発議した人は確認できません"):
        reopenings.confirm(**by, viewer=scene.decider())
    with pytest.raises(PermissionDenied):
        reopenings.confirm(**by, viewer=scene.reviewer())
    with pytest.raises(Application.DoesNotExist):
        reopenings.confirm(**by, viewer=saved(viewer(Duty.BM, bureau="oshima")))
    with pytest.raises(Refused, match="承認しない理由"):
        reopenings.refuse(**by, viewer=scene.head(), answer=" ")
    reopenings.refuse(**by, viewer=scene.head(), answer="指摘の根拠が足りない。")
    one.refresh_from_db()
    assert (one.state, one.fixed_yen, Settlement.objects.count()) == ("closed", GRANT, 1)


def test_only_a_closed_file_is_opened_again(scene: Scene):
    one = scene.application("fixed")
    with pytest.raises(Refused, match="完結した申請だけ"):
        ask(scene, one)
