"""The page on which a list is written out, by keyboard and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.viewer import Duty
from scripts import chromium
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.viewers import viewer

from .axe import violations
from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def towns(db: None) -> None:
    bureau = BureauFactory(code="nemuro", name="根室振興局")
    for code, name in (("016918", "別海町"), ("016926", "𠮷野町")):
        MunicipalityFactory(code=code, name=name, bureau=bureau)


def test_by_keyboard_from_the_list_to_the_file(
    page: Page, context: BrowserContext, live_server: LiveServer, towns: None
) -> None:
    sign_in(context, live_server.url, viewer(Duty.HS))
    page.goto(f"{live_server.url}/municipalities/?q=町")
    link = page.get_by_role("link", name="一覧を書き出す")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("市町村一覧の書き出し")
    expect(page.locator("#main")).to_contain_text("2件を書き出します")
    assert not violations(page)
    page.get_by_role("radio", name="Excel（.xlsx）").focus()
    page.keyboard.press("ArrowUp")  # round to the last one
    expect(page.get_by_role("radio", name="CSV（Shift_JIS）")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="団体コード")).not_to_be_checked()
    button = page.get_by_role("button", name="書き出す", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("次の文字は Shift_JIS で出力できません：𠮷（E-23）")
    expect(page.get_by_role("checkbox", name="団体コード")).not_to_be_checked()
    assert not violations(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="〓に置き換えて書き出す").press("Enter")
    text = download.value.path().read_bytes().decode("cp932")
    assert text.startswith("市町村名,ふりがな,")
    assert "〓野町" in text
    page.get_by_role("link", name="市町村と人口へ戻る").click()
    expect(page).to_have_url(f"{live_server.url}/municipalities/?q=%E7%94%BA")


def test_without_a_script(browser: Browser, live_server: LiveServer, towns: None) -> None:
    with chromium.watched_context(browser, javascript=False) as (context, _):
        sign_in(context, live_server.url, viewer(Duty.HS))
        page = context.new_page()
        page.goto(f"{live_server.url}/municipalities/export/")
        with page.expect_download() as download:
            page.get_by_role("button", name="書き出す", exact=True).click()
        assert download.value.suggested_filename.startswith("市町村一覧_")
        assert download.value.path().read_bytes().startswith(b"PK")
