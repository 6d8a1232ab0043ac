"""The shell in a real browser: keyboard, errors, double clicks, idling, no script at all; nothing for axe to find."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from common import audit
from common.models import AuditEvent
from common.viewer import Duty
from scripts import chromium
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in

PASSWORD = "naganuma-no-himitsu"
NARROW = 683


@pytest.fixture
def planner(transactional_db: None) -> User:
    person = saved(viewer(Duty.MP, municipality="014281", name="長沼 花子", user_id=600_001))
    user = User.objects.get(pk=person.user_id or 0)
    user.username, user.is_sample, user.display_name = "naganuma", True, "デモ 企画担当（長沼町）"
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(planner: User, context: BrowserContext, live_server) -> str:
    sign_in(context, live_server.url, viewer(Duty.MP, municipality="014281", user_id=planner.pk))
    return str(live_server.url)


def test_signing_in_with_the_keyboard_alone_returns_to_the_page_asked_for(planner: User, page: Page, live_server):
    page.goto(f"{live_server.url}/search/?q=x")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("本文へ移動")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("naganuma")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=x"))


def test_a_wrong_password_moves_the_focus_to_what_is_wrong(planner: User, page: Page, live_server):
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("textbox", name="利用者名").fill("naganuma")
    page.get_by_label("パスワード※必須").fill("chigau")
    page.get_by_role("button", name="サインインする").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors")).to_contain_text("利用者名またはパスワードが違います。")


def test_one_click_on_a_sample_person_signs_in(planner: User, page: Page, live_server):
    page.goto(live_server.url)
    page.get_by_role("button", name=re.compile("デモ 企画担当（長沼町）")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("長沼町"))


def test_everything_of_signing_in_works_without_javascript(planner: User, browser: Browser, live_server):
    with chromium.watched_context(browser, javascript=False) as (context, watch):
        page = context.new_page()
        page.goto(live_server.url)
        page.get_by_role("textbox", name="利用者名").fill("naganuma")
        page.get_by_label("パスワード※必須").fill(PASSWORD)
        page.get_by_role("button", name="サインインする").click()
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="サインアウト").click()
        expect(page.locator(".toast")).to_contain_text("サインアウトしました。")
        assert not watch.unexpected


def test_after_idling_a_click_explains_itself_and_signing_in_comes_back(signed_in: str, page: Page):
    page.goto(f"{signed_in}/password/")
    Session.objects.all().delete()
    page.reload()
    expect(page.locator(".note--warn")).to_contain_text("30分間操作がなかったため")
    page.get_by_role("textbox", name="利用者名").fill("naganuma")
    page.get_by_label("パスワード※必須").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    expect(page).to_have_url(f"{signed_in}/password/")


def test_a_double_click_sends_a_form_once(signed_in: str, page: Page):
    page.goto(f"{signed_in}/password/")
    page.get_by_label("現在のパスワード").fill(PASSWORD)
    for label in ("新しいパスワード※必須", "新しいパスワード（確認）"):
        page.get_by_label(label).fill("atarashii-aikotoba-2026")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="変更する").dblclick()
    expect(page.locator(".toast")).to_contain_text("パスワードを変更しました。")
    assert len(posts) == 1
    assert AuditEvent.objects.filter(action="password.change").count() == 1


def test_the_menu_of_the_person_opens_and_closes_with_the_keyboard(signed_in: str, page: Page):
    page.goto(signed_in)
    summary = page.locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="パスワードの変更")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="パスワードの変更")).not_to_be_visible()
    expect(summary).to_be_focused()


def test_j_and_k_move_through_the_queue_and_enter_opens_the_case(
    transactional_db: None, context: BrowserContext, page: Page, live_server
):
    scene = Scene()
    first = scene.application("submitted")
    scene.call = CallFactory(ruleset=scene.call.ruleset)
    second = scene.application("submitted")
    sign_in(context, live_server.url, scene.reviewer())
    page.goto(f"{live_server.url}/worklist/")
    rows = page.locator(".queue tbody tr")
    expect(rows).to_have_count(2)
    addresses = [row.get_by_role("link").get_attribute("href") for row in rows.all()]
    assert {f"/applications/{one.pk}/review/" for one in (first, second)} == set(addresses)
    page.keyboard.press("j")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    search = page.get_by_role("combobox", name="全体を検索")
    search.focus()
    page.keyboard.type("jk")
    expect(search).to_have_value("jk")
    page.keyboard.press("Escape")
    rows.nth(0).get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{addresses[0]}")


def test_a_click_anywhere_in_a_row_opens_the_case(
    transactional_db: None, context: BrowserContext, page: Page, live_server
):
    scene = Scene()
    application = scene.application("submitted")
    sign_in(context, live_server.url, scene.reviewer())
    page.goto(f"{live_server.url}/worklist/")
    page.locator(".queue tbody td").nth(3).click(force=True)  # the link of the row lies over it
    expect(page).to_have_url(f"{live_server.url}/applications/{application.pk}/review/")


@pytest.mark.parametrize("width", [chromium.DESK["width"], NARROW])
@pytest.mark.parametrize("address", ["/people/", "/audit/", "/admin/"])
def test_pages_of_the_administrator_are_accessible_and_never_scroll_sideways(
    address: str, width: int, transactional_db: None, context: BrowserContext, page: Page, live_server
):
    person = viewer(Duty.AD, user_id=600_002)
    sign_in(context, live_server.url, person)
    audit.record(person, "reference.save", ("municipalities.municipality", "014281"), "改める", before={"name": "長沼"})
    page.set_viewport_size({"width": width, "height": chromium.DESK["height"]})
    page.goto(f"{live_server.url}{address}")
    if address != "/admin/":  # Django's own look is not ours to mend; it must work under our policy, though
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [chromium.DESK["width"], NARROW])
@pytest.mark.parametrize("address", ["/", "/worklist/", "/search/?q=長", "/password/"])
def test_pages_of_the_shell_are_accessible_and_never_scroll_sideways(
    address: str, width: int, signed_in: str, page: Page
):
    MunicipalityFactory(code="014281", name="長沼町")
    page.set_viewport_size({"width": width, "height": chromium.DESK["height"]})
    page.goto(f"{signed_in}{address}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [chromium.DESK["width"], NARROW])
def test_the_sign_in_page_and_the_refusals_are_accessible(width: int, planner: User, page: Page, watch, live_server):
    watch.allow("404")
    page.set_viewport_size({"width": width, "height": chromium.DESK["height"]})
    for address in ("/sign-in/?expired=1", "/nowhere/"):
        page.goto(f"{live_server.url}{address}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
