"""The prefectural side in a real browser: the queue by keys, judging with and without scripts, return, forward, decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from common import clock
from common.fiscal_year import wareki
from common.viewer import Duty, Viewer
from scripts import chromium
from subsidies.models import Application
from subsidies.rules.ruleset import Stage
from subsidies.services import reviews
from tests.factories.subsidies import Scene
from tests.subsidies.test_application_list import copies
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "各町の議会で説明済みの財源であり、確実に続けられると認める。"


@dataclass
class Desk:
    """One person at the browser, in front of the portal."""

    context: BrowserContext
    page: Page
    address: str

    def sit(self, person: Viewer, path: str = "") -> Page:
        """Sign this person in and open a page."""
        self.page.wait_for_load_state("networkidle")  # the frame of the last page may still be on its way
        self.context.clear_cookies()
        sign_in(self.context, self.address, person)
        if path:
            self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def desk(transactional_db: None, context: BrowserContext, page: Page, live_server) -> Desk:
    return Desk(context, page, str(live_server.url))


@pytest.fixture
def bare(transactional_db: None, browser: Browser, live_server) -> Iterator[Desk]:
    """The same without any script."""
    with chromium.watched_context(browser, javascript=False) as (context, watch):
        yield Desk(context, context.new_page(), str(live_server.url))
        assert not watch.unexpected, "\n".join(watch.unexpected)


def judge(page: Page, rule: str, reason: str = REASON) -> None:
    box = page.locator(f"article#{rule}")
    box.get_by_label("適合", exact=True).check()
    box.get_by_label("理由").fill(reason)
    box.get_by_role("button", name="判断を記録する").click()


def test_keys_move_through_the_list_and_enter_opens_the_case(desk: Desk):
    scene = Scene()
    one = scene.application("bureau_review")
    second, third = copies(one, 2)
    page = desk.sit(scene.reviewer(), "/applications/")
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("tbody tr").nth(0).locator("th a")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.address}/applications/{second.pk}/review/")
    page.get_by_role("link", name="次の案件").click()
    expect(page).to_have_url(f"{desk.address}/applications/{third.pk}/review/")


def test_a_judgement_swaps_the_panel_and_the_bar_and_leaves_the_rest(desk: Desk):
    scene = Scene()
    one = scene.application("bureau_review")
    page = desk.sit(scene.reviewer(), f"/applications/{one.pk}/review/")
    page.locator("#id_note-text").fill("書きかけのメモ")
    judge(page, "C-12", "短い")
    expect(page.locator("article#C-12 .err")).to_contain_text("20字以上")
    expect(page.locator("#id_C-12-reason")).to_be_focused()
    judge(page, "C-12")
    expect(page.locator("#rules [role=status]")).to_contain_text("C-12 を「適合」と判断しました。")
    expect(page.locator("#dock")).to_contain_text("要判断1件の判断")
    expect(page.locator("#id_note-text")).to_have_value("書きかけのメモ")
    assert_accessible(page)
    assert one.judgements.get().rule == "C-12"


def test_without_scripts_the_whole_review_works(bare: Desk):
    scene = Scene()
    one = scene.application("submitted")
    page = bare.sit(scene.reviewer(), f"/applications/{one.pk}/review/")
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("受け付けました")).to_be_visible()
    for rule in ("N-06", "C-12"):
        judge(page, rule)
        expect(page.get_by_text(f"{rule} を「適合」と判断しました。")).to_be_visible()
    page.get_by_label("優先度").select_option(label="採択が適当")
    page.locator("#id_opinion-text").fill("採択が適当である。")
    page.get_by_role("button", name="意見を記録する").click()
    expect(page.locator("#dock")).to_contain_text("進達できます。")
    page = bare.sit(scene.head(), f"/applications/{one.pk}/forward/")
    page.get_by_role("button", name="進達する").click()
    expect(page.get_by_text("本庁へ進達しました。")).to_be_visible()
    assert Application.objects.get(pk=one.pk).state == "hq_review"


def test_a_blocked_button_says_why_and_does_nothing(desk: Desk):
    scene = Scene()
    one = scene.application("bureau_review")
    page = desk.sit(scene.head(), f"/applications/{one.pk}/forward/")
    page.get_by_role("button", name="進達する").click(force=True)
    expect(page.get_by_text("進達には要判断2件の判断と意見の記入が必要です。")).to_be_visible()
    assert Application.objects.get(pk=one.pk).state == "bureau_review"


def test_the_bureau_sends_back_with_items(desk: Desk):
    scene = Scene()
    one = scene.application("bureau_review")
    page = desk.sit(scene.reviewer(), f"/applications/{one.pk}/return/")
    page.get_by_role("button", name="差し戻す").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_label("1行目 箇所").select_option(label="経費")
    page.get_by_label("1行目 直していただきたいこと").fill("見積書を付けてください。")
    page.get_by_label("補正の期限").fill(wareki(clock.today() + timedelta(days=10)))
    assert_accessible(page)
    page.get_by_role("button", name="差し戻す").click()
    expect(page.get_by_text("補正1件を付けて差し戻しました。")).to_be_visible()
    expect(page.locator("#corrections")).to_contain_text("見積書を付けてください。")


def test_from_draft_to_numbered_decision(desk: Desk):
    scene = Scene()
    one = scene.application("hq_review")
    scene.judge_open(one, scene.staff(), Stage.HQ)
    reviews.write_opinion(application_id=one.pk, viewer=scene.staff(), text="支障ない。")
    department = saved(viewer(Duty.SD, section="情報政策課"))
    page = desk.sit(scene.reviewer(), f"/applications/{one.pk}/draft/")
    expect(page.get_by_label("交付決定額（円）")).to_have_value("6,000,000")
    page.get_by_label("情報政策課").check()
    assert_accessible(page)
    page.get_by_role("button", name="起案する").click()
    expect(page.get_by_text("起案しました。")).to_be_visible()
    page = desk.sit(scene.head(), f"/applications/{one.pk}/decide/")
    expect(page.frame_locator("iframe").get_by_text("金6,000,000円").first).to_be_visible()
    expect(page.locator(".dock")).to_contain_text("合議が済んでいません（情報政策課）。")
    page = desk.sit(department, f"/applications/{one.pk}/concur/")
    page.get_by_role("button", name="合議に同意する").click()
    expect(page.get_by_text("合議に同意しました。")).to_be_visible()
    page = desk.sit(scene.head(), f"/applications/{one.pk}/decide/")
    assert_accessible(page)
    page.get_by_role("button", name="決裁する").dblclick()
    expect(page.get_by_text("決裁しました。")).to_be_visible()
    number = one.decisions.get().document.number.text
    expect(page.get_by_role("cell", name=number)).to_be_visible()
    page = desk.sit(scene.planner(), f"/documents/{one.decisions.get().document_id}/")
    expect(page.frame_locator("iframe").get_by_text("金6,000,000円").first).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [1366, 683])
def test_nothing_for_axe_to_find_on_any_page_of_the_office(
    transactional_db: None, browser: Browser, live_server, width: int
):
    scene = Scene()
    reviewed, deciding = scene.application("bureau_review"), None
    deciding = copies(reviewed, 1)[0]
    Application.objects.filter(pk=deciding.pk).update(state="approval")
    paths = {
        scene.reviewer(): [
            "/applications/",
            "/applications/?q=nowhere",
            f"/applications/{reviewed.pk}/review/",
            f"/applications/{reviewed.pk}/documents/",
            "/programs/",
            "/programs/successor/",
            "/calls/",
        ],
        scene.head(): [f"/applications/{reviewed.pk}/forward/", f"/applications/{deciding.pk}/decide/"],
        scene.decider(): [f"/calls/{scene.call.pk}/"],
        scene.staff(): ["/calls/new/"],
    }
    with chromium.watched_context(browser, width=width) as (context, _):
        desk = Desk(context, context.new_page(), str(live_server.url))
        for person, addresses in paths.items():
            for path in addresses:
                page = desk.sit(person, path)
                assert_accessible(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
