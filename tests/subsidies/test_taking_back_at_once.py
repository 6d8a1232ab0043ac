"""Two people at the same moment, on a real PostgreSQL: a grant is revoked once, money is ordered back once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from common import audit, clock
from common.errors import Refused
from common.models import DocumentIssue
from common.viewer import Duty
from subsidies.models import BudgetEntry, CallAllotment, Decision, Payment
from subsidies.services import payments, returns, revocations
from tests.at_once import at_once
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_deciders_at_once_one_revokes_and_one_orders_the_return():
    scene = Scene()
    one = scene.application("running")
    ask: dict[str, Any] = {"application_id": one.pk}
    claim = payments.claim(**ask, kind="advance", amount_yen=2_000_000, reason="会場費", viewer=scene.approver())
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    revocations.propose(**ask, viewer=scene.reviewer(), ground="falsehood", scope="whole", facts="虚偽の見積書。")
    revocations.record_hearing(**ask, viewer=scene.reviewer(), waived="町が書面で事実を認めているため。")
    heads = [scene.head(), saved(viewer(Duty.BM, bureau="sorachi"))]
    answers = at_once(*[lambda head=head: revocations.decide(**ask, viewer=head) for head in heads])
    assert sum(isinstance(answer, Decision) for answer in answers) == 1
    assert "取消しの案がありません" in str(next(answer for answer in answers if isinstance(answer, Refused)))
    due = clock.today() + timedelta(days=20)
    answers = at_once(*[lambda head=head: returns.order_return(**ask, due_on=due, viewer=head) for head in heads])
    assert sum(isinstance(answer, Payment) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert DocumentIssue.objects.filter(kind="D-22").count() == DocumentIssue.objects.filter(kind="D-21").count() == 1
    assert BudgetEntry.objects.aggregate(yen=Sum("amount_yen"))["yen"] == 0
    assert CallAllotment.objects.get(call=one.call, bureau="sorachi").committed_yen == 0
    assert audit.first_broken() is None
