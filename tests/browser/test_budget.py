"""A round in a real browser: simulated three ways, compared and adopted; three receipts at once by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from common.viewer import Duty
from subsidies.models import Application, Batch
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_TOWNS = (("012220", "三笠市"), ("012092", "夕張市"), ("012157", "美唄市"))
REASON = "予算の範囲内で按分したため"


def simulate(page: Page, name: str, method: str) -> None:
    """From the budget to a new simulation."""
    page.get_by_role("link", name="配分案を作る").first.click()
    page.get_by_label("名称").fill(name)
    page.get_by_role("radio", name=method).check()
    page.get_by_role("button", name="配分案を作る").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"配分案「{name}」")


def test_a_round_is_simulated_compared_and_adopted(sit: Sit, live_server: LiveServer) -> None:
    scene = Scene(budget_yen=9_000_000)
    other = Scene(call=scene.call, towns=OTHER_TOWNS, budget_yen=0)
    first = scene.application("hq_review", grant_yen=8_000_000)
    second = other.application("hq_review", grant_yen=4_000_000)
    budget = f"/calls/{first.call_id}/budget/"
    page = sit(saved(viewer(Duty.HS)), budget)
    expect(page.locator("#main")).to_contain_text("配当を超過")
    assert_accessible(page)
    for name, method in (("優先度順の案", "優先度順"), ("均等な案", "上限をそろえる"), ("按分案", "按分")):
        simulate(page, name, method)
        page.get_by_role("button", name="保存して予算へ戻る").click()

    page.get_by_role("link", name="按分案").click()
    amount = page.locator(f"#id_amount_{first.pk}")
    expect(amount).to_have_value("6,000,000")
    amount.fill("6,500,000")
    state = page.locator("#sim-state")
    expect(state).to_contain_text("配分できる額を500,000円超えています")
    amount.fill("6,000千円")
    expect(state).not_to_contain_text("超えています")
    page.get_by_label("理由が空いている行に入れる理由").fill(REASON)
    page.get_by_role("button", name="空いている行に入れる").click()
    expect(state).to_contain_text("採用できる内容です")
    assert_accessible(page)

    page.get_by_role("link", name="予算", exact=True).click()
    page.get_by_role("button", name="選んだ案を並べて比べる").click()
    compared = page.get_by_role("table", name="申請ごとの配分額")
    expect(compared.get_by_role("columnheader")).to_have_count(5)
    expect(compared).to_contain_text("+2,000,000")
    assert_accessible(page)

    page = sit(saved(viewer(Duty.HM)), budget)
    page.get_by_role("link", name=re.compile("採用を決める.*按分案")).click()
    assert_accessible(page)
    page.get_by_role("button", name="この案を採用する").click()
    expect(page.locator("#main")).to_contain_text("配分案「按分案」を採用しました")
    proposed = Application.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert list(proposed.values_list("proposed_yen", flat=True)) == [6_000_000, 3_000_000]
    page.goto(f"{live_server.url}/ledger/")
    assert_accessible(page)


def test_three_applications_are_received_at_once_by_keyboard(sit: Sit) -> None:
    scene = Scene()
    cases = []
    for number in range(3):
        if number:
            scene.call = CallFactory(ruleset=scene.call.ruleset)
        cases.append(scene.application("submitted"))
    page = sit(scene.reviewer(), "/applications/")
    expect(page.locator(".queue tbody tr")).to_have_count(3)
    for _ in cases:
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("input[name=pk]:checked")).to_have_count(3)
    assert_accessible(page)
    press(page, "選んだ申請をまとめて処理する")
    expect(page.locator("#main")).to_contain_text("選んだ3件に同じ処理をします")
    assert_accessible(page)
    press(page, "どうなるか確かめる")
    expect(page.locator("#main")).to_contain_text("3件のうち3件が処理できる見込みです")
    press(page, "3件を受け付ける")
    expect(page.locator("#batch-rows")).to_contain_text("3件を処理しました")
    assert_accessible(page)
    assert set(Application.objects.values_list("state", flat=True)) == {"bureau_review"}
    assert Batch.objects.get().rows.filter(state="done").count() == 3


def press(page: Page, name: str) -> None:
    """Reach the button with the Tab key and press it with Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by Tab")
