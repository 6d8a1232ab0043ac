"""Every page as every role that works on it: answers, keeps to its width, and axe finds nothing to mend."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from scripts import demo
from scripts.chromium import watched_context
from scripts.screen_list import SCREENS, Screen, lookups, sessions
from scripts.screens import scrolls_sideways, unroll

from .axe import violations


@pytest.fixture(scope="module")
def keys(shared_world: demo.World) -> dict[str, str]:
    return sessions(shared_world)


@pytest.fixture(scope="module")
def rows(shared_world: demo.World) -> dict[str, int]:
    return lookups(shared_world)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible(
    screen: Screen, browser: Browser, shared_portal: str, keys: dict[str, str], rows: dict[str, int]
):
    with watched_context(browser, width=screen.width) as (context, watch):
        if screen.who:
            context.add_cookies([{"name": "sessionid", "value": keys[screen.who], "url": shared_portal}])
        page = context.new_page()
        answer = page.goto(shared_portal + screen.path.format(**rows))
        assert answer is not None and answer.status == 200
        page.wait_for_load_state("networkidle")
        assert not scrolls_sideways(page)
        unroll(page, screen.width)  # or the bar at the foot covers half a field, which axe then finds too small
        if not screen.path.startswith("/admin/"):  # Django's own pages for technical people
            assert violations(page) == []
        assert watch.unexpected == []
