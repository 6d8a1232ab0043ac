"""What is asked of every page: it answers, keeps to its width, complains of nothing, and axe finds nothing to mend."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext

from scripts.chromium import DESK, Watch
from scripts.screen_list import SCREENS, Screen
from scripts.screens import scrolls_sideways, unroll

from .axe import violations

FROM_OFFICES = ("honcho", "shinsa", "kyokucho", "kankei", "suito", "kansa", "kanri")


@dataclass(frozen=True)
class Gallery:
    """A portal in which every sample person is signed in: `keys` by user name, `rows` by what paths name.

    All look through one profile, so that style sheets and fonts are read once.
    """

    context: BrowserContext
    watch: Watch
    address: str
    keys: dict[str, str]
    rows: dict[str, int]

    def look(self, screen: Screen) -> None:
        """Open the page and assert all that."""
        self.watch.problems.clear()
        self.context.clear_cookies()
        if screen.who:
            self.context.add_cookies([{"name": "sessionid", "value": self.keys[screen.who], "url": self.address}])
        page = self.context.new_page()
        try:
            page.set_viewport_size({"width": screen.width, "height": DESK["height"]})
            answer = page.goto(self.address + screen.path.format(**self.rows))
            assert answer is not None and answer.status == 200
            assert not scrolls_sideways(page)
            unroll(page, screen.width)  # or the bar at the foot covers half a field, which axe then finds too small
            if not screen.path.startswith("/admin/"):  # Django's own pages for technical people
                assert violations(page) == []
            page.wait_for_load_state("networkidle")
            assert self.watch.unexpected == []
        finally:
            page.close()


def by_side(*, offices: bool) -> list[Screen]:
    """The screens of the prefecture's offices, or those of the towns, associations and strangers."""
    return [screen for screen in SCREENS if any(part in screen.who for part in FROM_OFFICES) == offices]
