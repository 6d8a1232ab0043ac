"""Money that has to come back stands in somebody's work list until it is back and the file is closed (T35, T36)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.models import DocumentIssue
from common.viewer import Viewer
from portal.worklist import items_for
from subsidies.models import Application
from subsidies.services import completion, payments, returns, revocations, settlements
from tests.factories.subsidies import Scene

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def labels(who: Viewer) -> list[str]:
    return [line.label for line in items_for(who)]


def advance(scene: Scene, one: Application, yen: int) -> None:
    by = {"application_id": one.pk}
    claim = payments.claim(**by, kind="advance", amount_yen=yen, reason="会場費を払うため。", viewer=scene.approver())
    payments.approve(**by, number=claim.number, viewer=scene.head())
    payments.record_paid(**by, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())


def revoke(scene: Scene, one: Application, **scope: object) -> None:
    by = {"application_id": one.pk}
    revocations.propose(**by, viewer=scene.reviewer(), ground="other_use", facts="別の事業に充てていた。", **scope)
    revocations.record_hearing(
        **by, viewer=scene.reviewer(), held_on=clock.today(), who="長沼町 課長", statement="誤りであった。"
    )
    revocations.decide(**by, viewer=scene.head())


def test_what_was_paid_beyond_the_fixed_amount_waits_for_the_decider_then_for_the_town(scene: Scene):
    one = scene.application("running")
    advance(scene, one, 4_800_000)
    scene._report_due(one)
    scene.report(one, actual_yen=3_500_000)
    completion.submit(application_id=one.pk, viewer=scene.approver())
    scene.inspect(one)
    settlements.fix(application_id=one.pk, viewer=scene.head())
    assert "要返還命令" in labels(scene.head())
    returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
    assert "要返還命令" not in labels(scene.head())
    assert "要返納" in labels(scene.planner())


def test_a_part_revoked_at_work_is_ordered_back_and_paid_back_while_the_work_goes_on(scene: Scene):
    one = scene.application("running")
    advance(scene, one, 4_800_000)
    revoke(scene, one, scope="part", revoked_yen=2_000_000)
    assert "要返還命令" in labels(scene.head())
    returns.order_return(application_id=one.pk, due_on=clock.today(), viewer=scene.head())
    assert "要返還命令" not in labels(scene.head())
    assert "要返納" in labels(scene.planner())


def test_a_revoked_grant_of_which_nothing_was_paid_waits_to_be_closed(scene: Scene, client_for: SignIn):
    one = scene.application("running")
    assert "要完結" not in labels(scene.reviewer())
    revoke(scene, one, scope="whole")
    assert "要返還命令" not in labels(scene.head())
    assert "要完結" in labels(scene.reviewer())
    DocumentIssue.objects.filter(pdf="").update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
    client = client_for(scene.reviewer())
    page = client.get(reverse("subsidies:application_close", args=[one.pk])).content.decode()
    assert "aria-disabled" not in page
    assert "精算が済んでいる" not in page
    client.post(reverse("subsidies:application_close", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "closed"
