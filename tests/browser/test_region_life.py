"""The life of a region in a real browser, by keyboard: choose towns, propose, set up a sub-group, record its decision,
pause and resume; the hand-over from choosing to confirming. Every page passes axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts import demo
from scripts.screen_list import sessions

from .axe import assert_accessible
from .test_forecast import Desk

pytestmark = pytest.mark.browser


def press(page: Page, role: str, name: str) -> None:
    """Use a link, button or box by keyboard: focus and Enter, Space for what is ticked."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    target.focus()
    page.keyboard.press("Space" if role in ("checkbox", "radio") else "Enter")


def test_a_region_is_proposed_decides_rests_and_goes_on(
    demo_world: demo.World, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = demo.copy(demo_world, tmp_path_factory.mktemp("life") / "world")
    with demo.portal(world) as address:
        desk = Desk(browser, address, sessions(world))
        page = desk.of("naganuma-kikaku", "/regions/new/")
        assert_accessible(page)
        press(page, "checkbox", "南幌町")
        press(page, "button", "選んだ市町村で進む")
        expect(page.locator("h1")).to_have_text("地域を登録する")
        page.get_by_label("地域の名称").fill("長沼・南幌連携地域（試行）")
        assert_accessible(page)
        press(page, "button", "登録する")
        expect(page.locator("h1")).to_contain_text("長沼・南幌連携地域（試行）")
        region = page.url
        page.goto(f"{region}groups/new/")
        page.get_by_label("部会の名称").fill("窓口部会")
        for town in ("長沼町", "南幌町"):
            press(page, "checkbox", town)
        page.get_by_label("座長の市町村").select_option(label="長沼町")
        assert_accessible(page)
        press(page, "button", "保存する")
        page.get_by_label("件名").fill("共同窓口の試行")
        page.get_by_label("決定の内容").fill("令和9年度に試行することを決めた。")
        press(page, "button", "記録する")
        expect(page.locator("#decisions-title + *, .scroll").first).to_be_visible()
        expect(page.get_by_role("row", name="共同窓口の試行")).to_be_visible()
        assert_accessible(page)
        approver = desk.of("shonin-014281", region.removeprefix(address) + "state/")
        assert_accessible(approver)
        approver.get_by_role("radio").first.check()
        approver.get_by_label("理由").fill("担当者が足りないため。")
        press(approver, "button", "確定する")
        expect(approver.locator(".head")).to_contain_text("休止")
        approver.goto(f"{region}state/")
        approver.get_by_role("radio").first.check()
        approver.get_by_label("理由").fill("体制が整ったため。")
        press(approver, "button", "確定する")
        expect(approver.locator(".head")).to_contain_text("構想")
        for path in ("burden/", "posts/", "towns/", "edit/", ""):
            page.goto(region + path)
            assert_accessible(page)
        head = desk.of("shonin-012238", "/handovers/")
        assert_accessible(head)
        head.locator(".queue tbody th a").first.focus()
        head.keyboard.press("Enter")
        expect(head.locator("h1")).to_contain_text("異動の引継ぎ（")
        assert_accessible(head)
        head.get_by_role("button", name="確定する").click()
        expect(head.get_by_role("button", name="引継ぎを取り消す")).to_be_visible()
        assert_accessible(head)
        desk.close()
    demo.drop(world)
