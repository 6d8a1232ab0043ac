"""`make screens`: a picture of every page, as each role that works with it, from the demo world to docs/screens/.

SCREENS is the list; `python -m scripts.screens worklist` redraws only names that begin so.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from scripts import chromium, demo

OUT = demo.ROOT / "docs" / "screens"
COLOURS = 96  # a page of text, lines and a map needs no more; a picture is then a third of its size
ANONYMOUS = ""
PEOPLE = {
    "planner": "naganuma-kikaku",
    "approver": "shonin-014281",
    "field": "nemuro-jigyo",
    "bureau": "sorachi-shinsa",
    "bureau-head": "sorachi-kyokucho",
    "headquarters": "honcho-shinsa",
    "headquarters-head": "honcho-kessai",
    "department": "kankei-bukyoku",
    "accounting": "suito",
    "audit": "kansa",
    "administrator": "kanri",
    "association": "choson-kai",
}


@dataclass(frozen=True)
class Screen:
    """One picture: whose eyes (`who`, a user name of the demo world), where from, and which links to follow.

    `follow` are CSS selectors of links, clicked one after the other: so no row numbers stand in this list.
    """

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    width: int = chromium.DESK["width"]


SCREENS = [
    Screen("sign-in", ANONYMOUS, "/sign-in/"),
    *(Screen(f"home-{role}", who, "/") for role, who in PEOPLE.items()),
    *(Screen(f"worklist-{role}", who, "/worklist/") for role, who in PEOPLE.items()),
    *(
        Screen(f"applications-{role}", PEOPLE[role], "/applications/")
        for role in ("planner", "bureau", "headquarters", "audit")
    ),
]

SESSIONS = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
keys = {}
for user in get_user_model().objects.filter(is_active=True):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    keys[user.get_username()] = session.session_key
print(json.dumps(keys))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only screens whose name begins so")
    names = tuple(parser.parse_args().names)
    wanted = [screen for screen in SCREENS if not names or screen.name.startswith(names)]
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory:
        print("[screens] loading the demo world", file=sys.stderr)
        world = demo.template(Path(directory) / "world")
        sessions = json.loads(world.manage("shell", "--no-imports", "-c", SESSIONS).splitlines()[-1])
        with demo.portal(world) as address, chromium.browser() as browser:
            problems = [line for screen in wanted for line in _draw(screen, browser, address, sessions)]
    for line in problems:
        print(f"[screens] {line}", file=sys.stderr)
    return 1 if problems else 0


def _draw(screen: Screen, browser: Browser, address: str, sessions: dict[str, str]) -> list[str]:
    """Write the picture of one page and return what was wrong with the page."""
    with chromium.watched_context(browser, width=screen.width) as (context, watch):
        if screen.who:
            context.add_cookies([{"name": "sessionid", "value": sessions[screen.who], "url": address}])
        page = context.new_page()
        answer = page.goto(address + screen.path)
        for selector in screen.follow:
            with page.expect_navigation() as followed:
                page.locator(selector).first.click()
            answer = followed.value
        page.wait_for_load_state("networkidle")
        file = OUT / f"{screen.name}.png"
        file.write_bytes(compressed(page.screenshot(full_page=True)))
        print(f"[screens] {file.relative_to(demo.ROOT)} {file.stat().st_size // 1024} KB", file=sys.stderr)
        problems = list(watch.unexpected)
        if answer is None or answer.status != 200:
            problems.append(f"answers {answer.status if answer else 'nothing'}")
        if _scrolls_sideways(page):
            problems.append("scrolls sideways")
        return [f"{screen.name} ({screen.who or 'nobody'}) {page.url}: {problem}" for problem in problems]


def _scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def compressed(png: bytes) -> bytes:
    """Return the picture with a palette, so that all pages together stay a few megabytes."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        palette = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        palette.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
