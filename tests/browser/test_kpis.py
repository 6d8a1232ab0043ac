"""Actuals in the grid of a region: pasted, taken back, moved through by keyboard, and two people in one cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.viewer import Duty
from regions import services
from regions.models import KpiActual
from regions.services import ActualEntry
from scripts import chromium
from tests.factories.regions import KpiFactory
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in
from .test_paste import paste, value

pytestmark = pytest.mark.django_db(transaction=True)


def test_actuals_are_pasted_saved_and_brought_together(
    page: Page, context: BrowserContext, live_server: LiveServer, watch: chromium.Watch
) -> None:
    scene = Scene()
    scene.project.kpis.all().delete()
    scene.project.from_fy = 2024
    scene.project.save()
    first, second = (
        KpiFactory(project=scene.project, number=number, name=name, baseline_fy=2023, data_source="参加者名簿")
        for number, name in ((1, "参加した職員"), (2, "研修の回数"))
    )
    sign_in(context, live_server.url, scene.planner())
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/regions/{scene.region.pk}/kpis/")
    assert_accessible(page)

    cell = page.locator(f'[name="a{first.pk}-2024"]')
    paste(page, cell, "R6\tR7\r\n６０\t90\r\n5\t▲1.5\r\n7\t8\r\n")
    told = page.locator("#pasted")
    expect(told).to_contain_text("2行、4欄に貼り付けました")
    expect(told).to_contain_text("見出しの行は除きました。")
    expect(told).to_contain_text("表の下にはみ出す1行は貼り付けていません。")
    assert value(page, f"a{second.pk}-2025") == "▲1.5"
    assert value(page, f"e{first.pk}-2024") == ""
    page.keyboard.press("Control+z")
    expect(told).to_contain_text("貼り付けを取り消しました。")
    assert value(page, f"a{second.pk}-2025") == ""

    paste(page, cell, "60\t90\r\n5\t6\r\n")
    cell.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'[name="a{second.pk}-2024"]')).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(f'[name="a{second.pk}-2024"]')).to_be_focused()
    page.get_by_role("button", name="実績を保存する").click()
    expect(page.locator("#main")).to_contain_text("KPI2件の実績を保存しました。")
    assert KpiActual.objects.count() == 4

    watch.allow("422")
    page.locator(f'[name="a{first.pk}-2025"]').fill("100")
    colleague = saved(viewer(Duty.MP, municipality="014273"))
    services.record_actuals([ActualEntry(first.pk, 2025, Decimal(95))], viewer=colleague)
    page.get_by_role("button", name="実績を保存する").click()
    clash = page.get_by_role("alert")
    expect(clash).to_contain_text("先に保存しました")
    expect(clash).to_contain_text("参加した職員　令和7年度の実績")
    expect(clash.get_by_role("row").nth(1)).to_contain_text("95")
    expect(clash.get_by_role("row").nth(1)).to_contain_text("100")
    assert first.actuals.get(fiscal_year=2025).value == 95
    page.get_by_role("button", name="あなたが入力した内容で保存する").click()
    expect(page.locator("#main")).to_contain_text("KPI1件の実績を保存しました。")
    assert first.actuals.get(fiscal_year=2025).value == 100

    page.get_by_role("link", name="参加した職員").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("参加した職員")
    expect(page.locator("figure.chart svg")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("令和7年度の実績100人は、計画の120人を20人下回っています。")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    page.goto(f"{live_server.url}/kpis/")
    expect(page.locator("#main")).to_contain_text("地域別")
    assert_accessible(page)
    page.goto(f"{live_server.url}/regions/{scene.region.pk}/kpis/{first.pk}/edit/")
    assert_accessible(page)
