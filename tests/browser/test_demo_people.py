"""Each sample person of the demo world signs in by one click and finds a start page without a fault."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from scripts.chromium import watched_context

from .axe import violations


def people(page: Page, address: str) -> list[str]:
    """Return the user names of the list on the sign-in page."""
    page.goto(f"{address}/sign-in/")
    return [str(button.get_attribute("value")) for button in page.locator("button[name=username]").all()]


def test_the_sign_in_page_is_accessible_and_lists_everyone(shared_portal: str, page: Page):
    found = people(page, shared_portal)
    assert len(found) > 10
    assert violations(page) == []


def test_each_sample_person_finds_her_start_page(shared_portal: str, page: Page, browser: Browser):
    problems = []
    for username in people(page, shared_portal):
        with watched_context(browser) as (context, watch):
            own = context.new_page()
            own.goto(f"{shared_portal}/sign-in/")
            own.locator(f"button[name=username][value='{username}']").click()
            expect(own.locator("main h1")).to_be_visible()
            problems += [f"{username}: {line}" for line in watch.unexpected + violations(own)]
    assert not problems, "\n" + "\n".join(problems)
