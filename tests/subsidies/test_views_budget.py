"""Pages of a budget: who reads what, what is typed stays, and how often they ask the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from common import clock
from common.viewer import Duty, Viewer
from subsidies.call_budget import budget_of, total_of
from subsidies.distribution import Method
from subsidies.models import BudgetSimulation, Payment
from subsidies.services import payments, simulations
from subsidies.settling import paid_yen
from tests.factories.subsidies import Scene
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
OTHER_TOWNS = (("012220", "三笠市"), ("012092", "夕張市"), ("012157", "美唄市"))


@pytest.fixture(autouse=True)
def _cache() -> None:
    call_command("createcachetable")


def staff() -> Viewer:
    return saved(viewer(Duty.HS))


def made(scene: Scene, *names: str) -> list[BudgetSimulation]:
    return [
        simulations.simulate(call_id=scene.call.pk, viewer=staff(), name=name, method=Method.PRO_RATA) for name in names
    ]


def url(view: str, pk: int | None = None) -> str:
    return reverse(f"subsidies:{view}", args=[] if pk is None else [pk])


def test_pages_ask_as_often_for_many_as_for_few():
    scene = Scene(budget_yen=9_000_000)
    scene.application("granted", grant_yen=1_000_000)
    client = client_for(staff())
    second = Scene(call=scene.call, towns=OTHER_TOWNS, budget_yen=0)
    second.application("submitted", grant_yen=4_000_000)
    [one] = made(scene, "案1")
    pages = {
        url("budget_detail", scene.call.pk): 15,
        url("simulation_detail", one.pk): 14,
        url("ledger_list"): 10,
        url("batch_list"): 6,
    }

    def counts() -> dict[str, int]:
        asked = {}
        for page in pages:
            assert client.get(page).status_code == 200
            asked[page] = len(queries_of(lambda page=page: client.get(page)))
        return asked

    few = counts()
    third = Scene(call=scene.call, towns=(("014311", "浦臼町"), ("014320", "新十津川町"), ("014362", "雨竜町")),
                  budget_yen=0)  # fmt: skip
    third.application("submitted", grant_yen=3_000_000)
    simulations.compute(simulation_id=one.pk, viewer=staff(), method=Method.LEVEL)
    made(scene, "案2", "案3")
    assert counts() == few
    assert {page: count for page, count in few.items() if count > pages[page]} == {}
    compared = url("simulation_compare", scene.call.pk)
    assert client.get(compared).status_code == 200
    assert len(queries_of(lambda: client.get(compared))) <= 15


def test_the_budget_says_what_its_payments_are_and_towns_see_nothing():
    scene = Scene(budget_yen=9_000_000)
    scene.application("submitted", grant_yen=8_000_000)
    page = url("budget_detail", scene.call.pk)
    text = client_for(staff()).get(page).content.decode()
    assert "支払は実際に支払った額の合計" in text
    assert client_for(scene.planner()).get(page).status_code == 403


def test_what_is_typed_wrongly_stays_on_the_page_and_the_rest_is_saved():
    scene = Scene(budget_yen=9_000_000)
    case = scene.application("submitted", grant_yen=8_000_000)
    [one] = made(scene, "案1")
    client, page = client_for(staff()), url("simulation_detail", one.pk)
    base: dict[str, Any] = {"revision": "1", "base": "{}", "seen": "2026-01-01T00:00:00+09:00", "go": "here"}
    answer = client.post(page, base | {f"amount_{case.pk}": "八百万", f"reason_{case.pk}": "規模を見直すため"})
    assert answer.status_code == 422
    assert "八百万" in answer.content.decode()
    assert one.lines.get().amount_yen == 8_000_000
    assert one.lines.get().reason == "規模を見直すため"
    answer = client.post(page, base | {f"amount_{case.pk}": "7,000千円", f"reason_{case.pk}": "規模を見直すため"})
    assert answer.status_code == 302
    assert one.lines.get().amount_yen == 7_000_000


def test_a_refused_adoption_names_what_is_in_the_way():
    scene = Scene(budget_yen=5_000_000)
    case = scene.application("submitted", grant_yen=8_000_000)
    [one] = made(scene, "案1")
    client = client_for(saved(viewer(Duty.HM)))
    answer = client.post(url("simulation_adopt", one.pk))
    assert answer.status_code == 422
    assert f"（{case.number}）：減額の理由を入力してください。" in answer.content.decode()
    assert BudgetSimulation.objects.get().state == "open"


def test_what_was_paid_and_what_came_back_stand_beside_what_was_decided():
    scene = Scene()
    one = scene.application("running", grant_yen=6_000_000)
    ask: dict[str, Any] = {"application_id": one.pk}
    claim = payments.claim(**ask, kind="advance", amount_yen=1_234_567, reason="会場費", viewer=scene.approver())
    sorachi = lambda: next(row for row in budget_of(scene.call) if row.bureau.pk == "sorachi")  # noqa: E731
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    assert (sorachi().paid_yen, sorachi().returned_yen) == (0, 0)  # approved is not paid
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    Payment.objects.create(
        application=one, number=9, kind="return", state="paid", amount_yen=34_567, claimed_on=clock.today(),
        claimed_by_id=scene.head().user_id, approved_on=clock.today(), approved_by_id=scene.head().user_id,
        paid_on=clock.today(), recorded_by_id=scene.accountant().user_id,
    )  # fmt: skip
    assert (sorachi().paid_yen, sorachi().returned_yen, sorachi().committed_yen) == (1_234_567, 34_567, 6_000_000)
    total = total_of(budget_of(scene.call))
    assert (total.paid_yen, total.returned_yen) == (1_234_567, 34_567)
    assert total.paid_yen - total.returned_yen == paid_yen(one)
    page = client_for(staff()).get(url("budget_detail", scene.call.pk)).content.decode()
    assert "1,234,567" in page
    assert "返納 34,567" in page
