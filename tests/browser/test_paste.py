"""Cells copied from a spreadsheet, pasted into the grids of the wizard with Ctrl+V."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from subsidies.models import Application
from tests.factories.subsidies import Scene

from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
LINES = (
    "節\t内容\t数量\t単位\t単価（円）\t金額（円）\t対象額（円）\t取組\t負担団体\tハード\t他の補助金\r\n"
    "旅費\t講師の旅費\t３\t人\t12,000\t\t\t{project}\t014273　由仁町\tソフト\tなし\r\n"
    '需用費\t"資料の""印刷""\r\n（製本を含む）"\t100\t部\t１，５００円\t150千円\t150000\t（共通）\t（共同）\tハード\tあり\r\n'
    "食糧費\t昼食\t\t\t\t９０００\t\t\t札幌市\t\t\tはみ出し\r\n"
)


def opened(page: Page, context: BrowserContext, live_server: LiveServer, scene: Scene, step: str) -> Application:
    """A planner's draft, open at a step, in a browser that may use the clipboard."""
    application = scene.application()
    sign_in(context, live_server.url, scene.planner())
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/applications/{application.pk}/edit/{step}/")
    return application


def paste(page: Page, field: Locator, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field.focus()
    page.keyboard.press("Control+v")


def value(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


def test_a_block_fills_to_the_right_and_down_and_ctrl_z_takes_it_back(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    scene = Scene()
    application = opened(page, context, live_server, scene, "costs")
    rows = page.locator('[data-grid="costs"] .grid__row')
    expect(rows).to_have_count(3)  # one line that stands, two empty ones
    paste(page, page.locator('[name="costs-1-category"]'), LINES.format(project="P-1　新規採用職員の合同研修"))
    expect(rows).to_have_count(4)
    told = page.locator("#pasted")
    expect(told).to_contain_text("3行、")
    expect(told).to_contain_text("見出しの行は除きました。")
    expect(told).to_contain_text("4行目「節」：「食糧費」は一覧にありません。")
    expect(told).to_contain_text("4行目「負担団体」：「札幌市」は一覧にありません。")
    expect(told).to_contain_text("表の右にはみ出す1列は貼り付けていません。")
    assert value(page, "costs-1-category") == "travel"
    assert value(page, "costs-1-project") == str(scene.project.pk)
    assert value(page, "costs-1-member") == "014273"
    assert value(page, "costs-2-description") == '資料の"印刷" （製本を含む）'
    assert (value(page, "costs-2-project"), value(page, "costs-2-member")) == ("", "")
    assert page.locator('[name="costs-2-is_hard"]').is_checked()
    assert not page.locator('[name="costs-1-is_hard"]').is_checked()
    assert value(page, "costs-3-description") == "昼食"

    page.keyboard.press("Control+z")
    expect(told).to_contain_text("貼り付けを取り消しました。")
    expect(rows).to_have_count(3)
    assert value(page, "costs-1-description") == ""
    assert not page.locator('[name="costs-2-is_hard"]').is_checked()

    two = "\r\n".join(LINES.format(project="").split("\r\n")[1:4])
    paste(page, page.locator('[name="costs-1-category"]'), two)
    page.get_by_role("button", name="保存して次へ：KPI").click()
    expect(page.get_by_role("heading", name="取組ごとに、成果を表す指標を書いてください")).to_be_visible()
    stored = application.costs.order_by("number").values_list("category", "quantity", "amount_yen", "is_hard")
    assert [(kind, int(count or 0), yen, hard) for kind, count, yen, hard in stored][1:] == [
        ("travel", 3, 36_000, False),
        ("supplies", 100, 150_000, True),
    ]


def test_one_cell_is_typed_as_ever_and_a_list_takes_it_too(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    scene = Scene()
    opened(page, context, live_server, scene, "costs")
    field = page.locator('[name="costs-1-description"]')
    paste(page, field, "講師の旅費\r\n")
    expect(field).to_have_value("講師の旅費")
    expect(page.locator("#pasted")).to_be_empty()
    paste(page, page.locator('[name="costs-1-member"]'), "14290")
    assert value(page, "costs-1-member") == "014290"


def test_kpis_take_the_columns_of_the_form(page: Page, context: BrowserContext, live_server: LiveServer) -> None:
    scene = Scene()
    opened(page, context, live_server, scene, "kpi")
    grid = f"kpi{scene.project.pk}"
    line = "空き家の数\t戸\tアウトカム\t減らす\t新規\t\t▲3,639\t以下\tR11\t各町の調査\t1\t2\t3\t4"
    paste(page, page.locator(f'[name="{grid}-0-name"]'), f"{line}\n{line.replace('空き家', '空き店舗')}\n")
    expect(page.locator(f'[data-grid="{grid}"] .grid__row')).to_have_count(2)
    assert value(page, f"{grid}-1-name") == "空き店舗の数"
    assert value(page, f"{grid}-1-direction") == "down"
    assert value(page, f"{grid}-0-data_source") == "各町の調査"
    page.get_by_role("button", name="保存して次へ：確認・同意").click()
    expect(page.locator("#main")).to_contain_text("空き店舗の数")
    assert sorted(scene.project.kpis.values_list("number", "target")) == [(1, -3639), (2, -3639)]
