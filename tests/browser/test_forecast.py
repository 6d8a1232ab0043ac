"""The forecast in a real browser: six towns at once, the paper, own words, two people at one draft, publication."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from scripts import chromium, demo
from scripts.screen_list import sessions

from .axe import assert_accessible

SIX = ("根室市", "別海町", "中標津町", "標津町", "羅臼町", "弟子屈町")


@pytest.fixture
def desk(demo_world: demo.World, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    world = demo.copy(demo_world, tmp_path_factory.mktemp("forecast") / "world")
    with demo.portal(world) as address:
        made = Desk(browser, address, sessions(world))
        yield made
        made.close()
    demo.drop(world)


class Desk:
    """A browser profile for each person, all at once."""

    def __init__(self, browser: Browser, address: str, keys: dict[str, str]) -> None:
        self.browser, self.address, self.keys = browser, address, keys
        self.stack, self.watches = ExitStack(), list[chromium.Watch]()

    def of(self, username: str, path: str) -> Page:
        context, watch = self.stack.enter_context(chromium.watched_context(self.browser))
        self.watches.append(watch)
        context.add_cookies([{"name": "sessionid", "value": self.keys[username], "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        answer = page.goto(self.address + path)
        assert answer is not None and answer.status == 200
        return page

    def close(self) -> None:
        problems = [line for watch in self.watches for line in watch.unexpected]
        self.stack.close()
        assert not problems, "\n" + "\n".join(problems)


def test_six_towns_from_the_menu_to_the_paper(desk: Desk) -> None:
    page = desk.of("nemuro-kikaku", "/")
    page.get_by_role("link", name="地域の未来予測").click()
    expect(page.locator(".facts")).to_contain_text("5市町村")  # the own town with its region
    page.locator("#choose > summary").click()
    page.locator("summary", has_text="管外の市町村を加える").click()
    page.locator("summary", has_text=re.compile("^釧路総合振興局")).click()
    page.get_by_label("弟子屈町", exact=True).check()
    page.get_by_role("button", name="この組合せで見る").click()
    expect(page.locator(".facts")).to_contain_text("78,726")
    for town in SIX:
        expect(page.locator("#towns")).to_contain_text(town)
    expect(page.locator("#services")).to_contain_text("話し合いの手がかり")
    expect(page.locator("#sources")).to_contain_text("平成25年3月推計に")
    assert_accessible(page)
    page.get_by_role("link", name="平成30年推計").click()
    expect(page.locator("#towns")).to_contain_text("基準は2015年")
    address = page.get_by_role("link", name="勉強会の資料（PDF）").get_attribute("href")
    answer = page.request.get(f"{desk.address}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
    assert "平成30年推計" in text
    assert all(town in text for town in SIX)


def test_two_people_write_one_forecast_and_the_approver_publishes_it(desk: Desk) -> None:
    planner = desk.of("nemuro-kikaku", "/forecasts/new/?member=012238&member=016918&series=ipss_r5")
    planner.get_by_label("題名").fill("根室市・別海町の勉強会")
    planner.get_by_label("1行目 優先課題").fill("通院の足")
    planner.get_by_label("1行目 分野").select_option(label="医療・福祉")
    planner.get_by_role("button", name="保存する").click()
    expect(planner.locator("#main")).to_contain_text("通院の足")
    path = planner.url.removeprefix(desk.address)
    field = desk.of("nemuro-jigyo", f"{path}edit/")
    planner.get_by_role("link", name="所見と優先課題を変える").click()
    planner.get_by_label("所見", exact=False).fill("企画の言葉")
    planner.get_by_role("button", name="保存する").click()
    expect(planner.locator("#main")).to_contain_text("企画の言葉")
    desk.watches[1].allow("422")
    field.get_by_label("所見", exact=False).fill("事業の言葉")
    field.get_by_role("button", name="保存する").click()
    expect(field.locator(".errors")).to_contain_text("ほかの人がこの未来予測を更新しました")
    expect(field.get_by_role("region", name="保存されている内容")).to_contain_text("企画の言葉")
    expect(field.get_by_label("所見", exact=False)).to_have_value("事業の言葉")
    assert_accessible(field)
    field.get_by_label("所見", exact=False).fill("企画の言葉と事業の言葉")
    field.get_by_role("button", name="保存する").click()
    expect(field.locator("#main")).to_contain_text("企画の言葉と事業の言葉")
    approver = desk.of("shonin-012238", path)
    approver.get_by_role("button", name="公表する").click()
    expect(approver.locator("#main")).to_contain_text("公表しました。")
    reader = desk.of("choson-kai", path)
    expect(reader.locator("#main")).to_contain_text("企画の言葉と事業の言葉")
    assert_accessible(reader)
