"""Tests in a real Chromium at 1366×768; a console error, a script error or a request leaving localhost fails them.

Two kinds of portal: `live_server` (pytest-django, rows made by the test) and `portal` (own processes, with a worker,
on a copy of the whole demo world; `shared_portal` for tests that only look).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.viewer import Viewer
from scripts import chromium, demo
from scripts.screen_list import lookups, sessions

from ..viewers import client_for
from .screens import Gallery

HERE = Path(__file__).parent
expect.set_options(
    timeout=20_000
)  # how long a page may take tells nothing about it here; a busy machine takes its time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's event loop lives in this thread; Django takes it for an async context, which it is not
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium.browser() as started:
        yield started


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[BrowserContext, chromium.Watch]]:
    with chromium.watched_context(browser) as (context, watch):
        yield context, watch
        assert not watch.unexpected, "\n" + "\n".join(watch.unexpected)


@pytest.fixture
def context(watched: tuple[BrowserContext, chromium.Watch]) -> BrowserContext:
    """A fresh browser profile."""
    return watched[0]


@pytest.fixture
def watch(watched: tuple[BrowserContext, chromium.Watch]) -> chromium.Watch:
    """What the browser complains about: `watch.allow("404")` where a test wants a complaint."""
    return watched[1]


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> demo.World:
    """The demo world, loaded once for all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (base / "demo.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        try:
            note = base / "demo.url"
            if not note.exists():
                note.write_text(demo.template(base / "demo").url)
            return demo.World(note.read_text(), base / "demo")
        finally:
            flock(lock, LOCK_UN)


@pytest.fixture
def own_world(demo_world: demo.World, tmp_path: Path) -> Iterator[demo.World]:
    """An own copy of the demo world."""
    world = demo.copy(demo_world, tmp_path / "world")
    yield world
    demo.drop(world)


@pytest.fixture
def portal(own_world: demo.World) -> Iterator[str]:
    """The address of a portal with its worker on an own copy of the demo world."""
    with demo.portal(own_world) as address:
        yield address


@pytest.fixture(scope="session")
def shared_world(demo_world: demo.World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[demo.World]:
    """A copy of the demo world for tests that change nothing."""
    world = demo.copy(demo_world, tmp_path_factory.mktemp("shared") / "world")
    yield world
    demo.drop(world)


@pytest.fixture(scope="session")
def shared_portal(shared_world: demo.World) -> Iterator[str]:
    """The address of a portal on that copy."""
    with demo.portal(shared_world) as address:
        yield address


@pytest.fixture(scope="session")
def gallery(browser: Browser, shared_world: demo.World, shared_portal: str) -> Iterator[Gallery]:
    """Every page of that portal, as whoever works on it."""
    with chromium.watched_context(browser) as (context, watch):
        yield Gallery(context, watch, shared_portal, sessions(shared_world), lookups(shared_world))


Sit = Callable[[Viewer, str], Page]


@pytest.fixture
def sit(transactional_db: None, context: BrowserContext, page: Page, live_server: LiveServer) -> Sit:
    """Let another person sit down before the screen of a `live_server` and open a path."""

    def change(person: Viewer, path: str) -> Page:
        page.wait_for_load_state("networkidle")  # the frame of the last page may still be on its way
        context.clear_cookies()
        sign_in(context, live_server.url, person)
        page.goto(f"{live_server.url}{path}")
        return page

    return change


def sign_in(context: BrowserContext, address: str, person: Viewer) -> None:
    """Sign the person in on a `live_server` without going through the sign-in page."""
    cookie = client_for(person).cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])
