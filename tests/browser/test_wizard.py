"""The wizard in a real browser: it saves by itself, answers at once, loses nothing, and works by plain buttons too."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from common.viewer import Duty, Viewer
from regions.models import Agreement
from scripts import chromium
from subsidies.models import Application
from tests.factories.subsidies import DelegationFactory, Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in

STEPS = ("basic", "members", "projects", "costs", "kpi", "confirm")
AUTOSAVED = re.compile("に自動保存しました")


@dataclass
class Desk:
    """A person at the browser who writes one application."""

    context: BrowserContext
    page: Page
    address: str

    def sit(self, person: Viewer, application: Application, step: str) -> Page:
        self.context.clear_cookies()
        sign_in(self.context, self.address, person)
        self.open(application, step)
        return self.page

    def open(self, application: Application, step: str) -> None:
        answer = self.page.goto(f"{self.address}/applications/{application.pk}/edit/{step}/")
        assert answer is not None and answer.ok, (answer and answer.status, step)


@pytest.fixture
def desk(transactional_db: None, context: BrowserContext, page: Page, live_server) -> Desk:
    return Desk(context, page, str(live_server.url))


@pytest.fixture
def bare(transactional_db: None, browser: Browser, live_server) -> Iterator[Desk]:
    """The same without any script."""
    with chromium.watched_context(browser, javascript=False) as (context, watch):
        yield Desk(context, context.new_page(), str(live_server.url))
        assert not watch.unexpected, "\n".join(watch.unexpected)


@pytest.fixture
def other_desk(transactional_db: None, browser: Browser, live_server) -> Iterator[Desk]:
    """A second person at another machine."""
    with chromium.watched_context(browser) as (context, watch):
        yield Desk(context, context.new_page(), str(live_server.url))
        watch.allow("422")  # the page that shows both texts
        assert not watch.unexpected, "\n".join(watch.unexpected)


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def dock(page: Page, name: str) -> Locator:
    return page.locator(".dock").get_by_role("button", name=name)


def slow_autosave(page: Page, seconds: float) -> None:
    """Let every autosave take this long, so that people act while it is on its way."""

    def hold(route: Route) -> None:
        if route.request.headers.get("hx-request"):
            time.sleep(seconds)
        route.continue_()

    page.route(re.compile("/edit/"), hold)


# -- by itself -------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_and_judged_without_a_button(desk: Desk):
    scene = Scene()
    draft = scene.application()
    draft.self_running_lines.filter(member="014290").delete()  # N-06: a source of money for each member
    page = desk.sit(scene.planner(), draft, "basic")
    needed = page.locator("#live [role=status] strong")
    before = int(needed.inner_text().removesuffix("つ"))
    expect(page.locator("#live")).to_contain_text("支援後の財源が書かれていない市町村があります")
    page.get_by_label("目的").fill("書きながら保存される目的。")
    page.get_by_label("栗山町の財源", exact=True).fill("一般財源")
    page.get_by_label("栗山町の令和9年度の見込額", exact=True).fill("400,000")
    expect(page.locator("#saved")).to_contain_text(AUTOSAVED)
    expect(needed).to_have_text(f"{before - 1}つ")
    assert fresh(draft).purpose == "書きながら保存される目的。"
    assert draft.self_running_lines.filter(member="014290", funding="一般財源").exists()


def test_a_tick_is_judged_at_once(desk: Desk):
    scene = Scene()
    draft = scene.application(filled=False)
    page = desk.sit(scene.planner(), draft, "members")
    expect(page.locator("#live [role=status]")).to_contain_text("3町村を選択中")
    page.locator("fieldset.towns").get_by_label("栗山町").uncheck()
    expect(page.locator("#live [role=status]")).to_contain_text("2町村を選択中")
    expect(page.locator("#chosen")).not_to_contain_text("栗山町")
    assert fresh(draft).parts.count() == 2
    page.locator("fieldset.towns").get_by_label("栗山町").check()
    expect(page.locator("#live [role=status]")).to_contain_text("3町村を選択中")
    expect(page.locator("#chosen")).to_contain_text("栗山町")


def test_rows_grow_under_the_hand_and_are_saved(desk: Desk):
    scene = Scene()
    draft = scene.application()
    page = desk.sit(scene.planner(), draft, "costs")
    rows = page.locator("#grid-costs .grid__row")
    there = rows.count()
    page.get_by_role("button", name="経費の行を増やす").click()
    expect(rows).to_have_count(there + 1)
    row = rows.nth(there)
    expect(row.locator("select").first).to_be_focused()
    row.get_by_label("節", exact=False).first.select_option(label="旅費")
    row.get_by_label(re.compile("内容")).fill("講師の旅費")
    row.get_by_label(re.compile("金額")).fill("120千円")
    expect(page.locator("#saved")).to_contain_text(AUTOSAVED)
    expect(page.locator("#sums")).to_contain_text("6,120,000")
    assert list(fresh(draft).costs.values_list("description", "amount_yen")) == [
        ("研修の企画運営", 6_000_000),
        ("講師の旅費", 120_000),
    ]
    page.reload()
    page.get_by_role("button", name=re.compile("消す.*経費の2行目")).click()
    expect(page.locator("#sums")).to_contain_text("6,000,000")
    assert fresh(draft).costs.count() == 1


def test_a_button_pressed_during_an_autosave_waits_for_it(desk: Desk):
    scene = Scene()
    draft = scene.application()
    page = desk.sit(scene.planner(), draft, "basic")
    slow_autosave(page, 1.5)
    with page.expect_request(lambda request: bool(request.headers.get("hx-request"))):
        page.get_by_label("目的").fill("自動保存の途中で押した目的。")
    page.get_by_label("事業の内容").fill("自動保存が始まってから書いた内容。")
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/members/"))
    expect(page.locator(".errors")).to_have_count(0)
    kept = fresh(draft)
    assert kept.purpose == "自動保存の途中で押した目的。"
    assert kept.plan == "自動保存が始まってから書いた内容。"


# -- two people ------------------------------------------------------------------------------------------------------


def test_two_planners_in_different_fields_lose_nothing(desk: Desk, other_desk: Desk):
    scene = Scene()
    draft = scene.application()
    first = desk.sit(scene.planner(), draft, "basic")
    second = other_desk.sit(scene.planner("014273"), draft, "basic")
    first.get_by_label("目的").fill("長沼町が書いた目的。")
    dock(first, "保存して次へ").click()
    expect(first).to_have_url(re.compile("/edit/members/"))
    second.get_by_label("事業の内容").fill("由仁町が書いた内容。")
    dock(second, "保存して次へ").click()
    expect(second.locator("#main")).to_contain_text("ほかの人が保存した内容と合わせて保存しました")
    kept = fresh(draft)
    assert (kept.purpose, kept.plan) == ("長沼町が書いた目的。", "由仁町が書いた内容。")


def test_two_planners_in_one_field_see_both_texts_and_choose(desk: Desk, other_desk: Desk):
    scene = Scene()
    draft = scene.application()
    first = desk.sit(scene.planner(), draft, "basic")
    second = other_desk.sit(scene.planner("014273"), draft, "basic")
    first.get_by_label("目的").fill("長沼町が書いた目的。")
    expect(first.locator("#saved")).to_contain_text(AUTOSAVED)
    second.get_by_label("目的").fill("由仁町が書いた目的。")
    expect(second.locator("#saved")).to_contain_text("まだ保存していません")
    second.get_by_role("button", name="両方を見比べる").click()
    summary = second.locator(".errors")
    expect(summary).to_contain_text("長沼町が書いた目的。")
    expect(summary).to_contain_text("由仁町が書いた目的。")
    expect(second.get_by_label("目的")).to_have_value("由仁町が書いた目的。")
    assert_accessible(second)
    assert fresh(draft).purpose == "長沼町が書いた目的。"
    second.get_by_role("button", name="あなたが入力した内容で保存する").click()
    expect(second.locator(".errors")).to_have_count(0)
    assert fresh(draft).purpose == "由仁町が書いた目的。"


# -- by other means --------------------------------------------------------------------------------------------------


def test_without_scripts_every_step_works_by_its_buttons(bare: Desk):
    scene = Scene()
    draft = scene.application()
    page = bare.sit(scene.planner(), draft, "basic")
    page.get_by_label("目的").fill("スクリプトなしで書いた目的。")
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/members/"))
    page.locator("fieldset.towns").get_by_label("栗山町").uncheck()
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/projects/"))
    page.get_by_label(re.compile("今年度の内容")).first.fill("研修を8回開く。")
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/costs/"))
    rows = page.locator("#grid-costs .grid__row")
    there = rows.count()
    page.get_by_role("button", name="経費の行を増やす").click()
    expect(rows.nth(there)).to_be_visible()
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/kpi/"))
    dock(page, "保存して次へ").click()
    expect(page).to_have_url(re.compile("/edit/confirm/"))
    kept = fresh(draft)
    assert kept.purpose == "スクリプトなしで書いた目的。"
    assert kept.parts.count() == 2
    assert kept.items.get().content == "研修を8回開く。"


def test_by_keyboard_alone(desk: Desk):
    scene = Scene()
    draft = scene.application()
    page = desk.sit(scene.planner(), draft, "basic")
    tab_to(page, "document.activeElement.id === 'id_purpose'")
    page.keyboard.press("Control+A")
    page.keyboard.type("キーボードだけで書いた目的。")
    tab_to(page, "(document.activeElement.innerText || '').startsWith('保存して次へ')")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/edit/members/"))
    assert fresh(draft).purpose == "キーボードだけで書いた目的。"
    tab_to(page, "document.activeElement.dataset.town === '014290'")
    page.keyboard.press("Space")
    expect(page.locator("#live [role=status]")).to_contain_text("2町村を選択中")
    assert fresh(draft).parts.count() == 2


def tab_to(page: Page, reached: str) -> None:
    """Press Tab until the expression is true; far too many presses mean that it cannot be reached."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"not reachable by keyboard: {reached}")


@pytest.mark.parametrize("typed", [False, True], ids=["planner", "bureau in the town's name"])
def test_each_step_is_accessible(desk: Desk, typed: bool):
    scene = Scene()
    draft = scene.application()
    saved(viewer(Duty.MF))
    if typed:
        DelegationFactory()
    page = desk.sit(scene.reviewer() if typed else scene.planner(), draft, STEPS[0])
    for step in STEPS:
        desk.open(draft, step)
        assert page.get_by_text("委任により代理入力中").is_visible() is typed
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), step
    if not typed:
        page.goto(f"{desk.address}/applications/{draft.pk}/officers/")
        assert_accessible(page)


def test_a_missing_paper_leads_to_where_it_is_made(desk: Desk):
    scene = Scene()
    draft = scene.application()
    Agreement.objects.update(state="draft")
    page = desk.sit(scene.planner(), draft, "members")
    link = page.locator("#live").get_by_role("link", name=re.compile("協定.*を地域のページで作る"))
    expect(link.first).to_be_visible()
    link.first.click()
    expect(page).to_have_url(re.compile(rf"/regions/{scene.region.pk}/#papers"))
    expect(page.locator("#papers")).to_be_in_viewport()


# -- 要件を試す --------------------------------------------------------------------------------------------------------


def test_the_check_follows_ticks_on_the_list_and_on_the_map(shared_portal: str, page: Page):
    page.goto(f"{shared_portal}/sign-in/")
    page.locator('button[name="username"][value="nemuro-kikaku"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("根室市")
    page.goto(f"{shared_portal}/check/?program=successor&year=2026&member=012238")
    status = page.locator(".rules__head [role=status]")
    expect(status).to_contain_text("1市町村を選択中")
    page.locator("fieldset.towns").get_by_label("別海町").check()
    expect(status).to_contain_text("2市町村を選択中")
    expect(page).to_have_url(re.compile("member=016918"))
    page.locator('#map path[data-code="016926"]').click()
    expect(status).to_contain_text("3市町村を選択中")
    expect(page.locator("fieldset.towns").get_by_label("中標津町").first).to_be_checked()
    page.locator('#map path[data-code="016926"]').click()
    expect(status).to_contain_text("2市町村を選択中")
    assert_accessible(page)
