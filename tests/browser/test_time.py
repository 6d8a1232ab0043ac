"""Days away, a deputy, the rhythm of notices and the turn of the year in a real browser; axe finds nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from common.fiscal_year import FiscalYear, wareki
from common.viewer import Duty, Viewer
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in


@pytest.fixture
def people(transactional_db: None) -> dict[str, Viewer]:
    Scene().application("approval")
    return {
        "head": saved(viewer(Duty.BM, name="局長")),
        "colleague": saved(viewer(Duty.BS, name="主事")),
        "staff": saved(viewer(Duty.HS, name="審査担当")),
    }


def test_a_head_goes_away_her_deputy_takes_over_and_the_year_turns(
    people: dict[str, Viewer], context: BrowserContext, page: Page, live_server
) -> None:
    address, today = str(live_server.url), clock.today()
    sign_in(context, address, people["head"])
    page.goto(f"{address}/absences/new/")
    page.get_by_label("最初の日").fill(wareki(today))
    page.get_by_label("最後の日").fill(wareki(today + timedelta(days=2)))
    page.get_by_label("代理").select_option(label="主事（振興局 審査担当）")
    assert_accessible(page)
    page.get_by_role("button", name="登録する").press("Enter")
    expect(page.locator("h1")).to_have_text("局長さんの不在")
    assert_accessible(page)
    page.goto(f"{address}/absences/")
    expect(page.get_by_role("row", name="局長")).to_contain_text("不在中")
    assert_accessible(page)

    sign_in(context, address, people["colleague"])
    page.goto(address)
    assert_accessible(page)
    page.get_by_role("button", name="局長さんの代理に切り替える").first.press("Enter")
    expect(page.locator(".top summary")).to_contain_text("（局長さんの代理）")
    expect(page.locator("table.queue")).to_contain_text("要決裁")

    page.goto(f"{address}/notices/settings/")
    page.get_by_label("毎日1回").check()
    page.get_by_label("時刻").select_option(label="17時")
    assert_accessible(page)
    page.get_by_role("button", name="保存する").press("Enter")
    expect(page.get_by_label("毎日1回")).to_be_checked()

    sign_in(context, address, people["staff"])
    page.goto(f"{address}/rollover/{FiscalYear.of(today) + 1}/")
    assert_accessible(page)
    page.get_by_role("button", name="選んだ募集を準備する").press("Enter")
    expect(page.locator("main")).to_contain_text("募集を1件準備しました")
    page.get_by_role("button", name=re.compile("済みにする.*新年度の募集")).press("Enter")
    expect(page.locator("#calls").locator("xpath=..")).to_contain_text("済")
    page.goto(f"{address}/calendar/")
    assert_accessible(page)
