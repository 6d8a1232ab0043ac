"""A bureau's meeting in a real browser: prepared, attendance taken by keyboard, minutes written, D-26 printed, and the
open point waiting in the next meeting."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from scripts import chromium, demo
from scripts.screen_list import sessions

from .axe import assert_accessible

POINT = "除雪車の共同利用をどの路線から始めるか"


@pytest.fixture
def page(demo_world: demo.World, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The reviewer of 根室 (five towns and three others in its conference) on a portal of her own."""
    world = demo.copy(demo_world, tmp_path_factory.mktemp("conference") / "world")
    with demo.portal(world) as address, chromium.watched_context(browser) as (context, watch):
        key = sessions(world)["nemuro-shinsa"]
        context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
        made = context.new_page()
        made.set_default_timeout(20_000)
        made.goto(f"{address}/meetings/")
        yield made
        assert not watch.unexpected, "\n" + "\n".join(watch.unexpected)
    demo.drop(world)


def look(page: Page) -> None:
    """Check the page with axe in a window so tall that the bar at its foot covers no field."""
    page.set_viewport_size({"width": chromium.DESK["width"], "height": 3000})
    assert_accessible(page)
    page.set_viewport_size(chromium.DESK)


def plan_meeting(page: Page, day: str) -> None:
    page.get_by_role("link", name="会議を予定する").click()
    page.get_by_label("開催予定日").fill(day)
    page.get_by_label("場所").fill("根室振興局 3階会議室")
    page.get_by_label("1行目 議題").fill("除雪の共同化について")
    look(page)
    page.get_by_role("button", name="予定する").click()
    expect(page.get_by_role("heading", name="議題")).to_be_visible()


def test_a_meeting_from_its_agenda_to_the_point_in_the_next_one(page: Page) -> None:
    look(page)
    plan_meeting(page, "R8.11.20")
    page.get_by_role("link", name="出欠をとる").click()
    look(page)
    groups = page.get_by_role("radiogroup")
    first = groups.first.get_by_role("radio")
    first.first.focus()
    page.keyboard.press("Space")  # 出席
    expect(first.first).to_be_checked()
    page.keyboard.press("ArrowRight")  # 代理
    expect(first.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("企画係長 デモ")
    page.keyboard.press("Tab")  # the next member
    page.keyboard.press("Space")
    expect(groups.nth(1).get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="未入力の構成員を出席にする").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(groups.count())
    page.get_by_role("button", name="出欠を保存する").click()
    expect(page.get_by_text("企画係長 デモ")).to_be_visible()

    page.get_by_role("link", name="議事録を書く").click()
    page.get_by_label("1　除雪の共同化について").fill("機械の空き時間を持ち寄る案を話し合った。")
    page.get_by_label("1行目 決定事項").fill("機械の一覧を作る。")
    page.get_by_label("1行目 論点").fill(POINT)
    page.get_by_label("1行目 担当").fill("地域政策課")
    page.get_by_label("論点1のこの会議での扱い").fill("職種を土木に決めた。")
    page.get_by_label("論点1を完了とする").check()
    look(page)
    page.get_by_role("button", name="議事録を保存する").click()
    expect(page.get_by_text("機械の一覧を作る。")).to_be_visible()
    look(page)
    for name, words in (("次第", "除雪の共同化"), ("出席者名簿", "企画係長"), ("議事録", POINT)):
        address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        answer = page.request.get(f"{page.url.split('/meetings/')[0]}{address}")
        assert answer.headers["content-type"] == "application/pdf"
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
        assert words in text.replace("\n", ""), name

    page.get_by_label("現在の位置").get_by_role("link", name="検討会議").click()
    plan_meeting(page, "R9.1.20")
    carried = page.get_by_role("table").filter(has_text=POINT)
    expect(carried).to_be_visible()
    expect(carried).not_to_contain_text("専門職員の共同採用")
    page.goto(page.url.split("/meetings/")[0] + "/calendar/")
    expect(page.get_by_text("根室地域 広域連携検討会議").first).to_be_visible()
    look(page)
    page.goto(page.url.split("/calendar/")[0] + "/stages/")
    look(page)
