"""Searching by keyboard alone: the list under the box is a combobox, announced, and nothing for axe to find."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.factories.subsidies import Scene
from tests.viewers import saved

from .axe import assert_accessible
from .conftest import sign_in


def test_an_application_is_found_and_opened_by_keyboard_alone(
    transactional_db: None, context: BrowserContext, page: Page, live_server
):
    scene = Scene()
    application = scene.application("submitted")
    sign_in(context, live_server.url, saved(scene.planner()))
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{live_server.url}/worklist/")
    box = page.get_by_role("combobox", name="全体を検索")
    box.focus()
    page.keyboard.type("長沼")
    answers = page.get_by_role("listbox", name="検索の候補")
    expect(answers).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#answers-said")).to_have_text(re.compile("候補が[0-9]+件あります"))
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(answers).to_be_hidden()
    expect(box).to_have_value("長沼")
    page.keyboard.press("Control+A")
    page.keyboard.type(application.number)
    first = answers.get_by_role("option").first
    expect(first).to_contain_text("申請")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "answer-1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/applications/{application.pk}/$"))
    box.focus()
    page.keyboard.type("合同研修 専門")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    expect(page.locator("mark").first).to_be_visible()
    assert_accessible(page)
