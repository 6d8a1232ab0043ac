"""Debian's Chromium, driven by Playwright, that never leaves this machine: for browser tests and for `make screens`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

EXECUTABLE = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESK = {"width": 1366, "height": 768}


@dataclass
class Watch:
    """What went wrong while pages were open: console errors, script errors, and requests that wanted to leave."""

    problems: list[str] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect problems that match, for example the console's line about a page that answers 404 on purpose."""
        self.allowed.append(re.compile(pattern))

    @property
    def unexpected(self) -> list[str]:
        return [one for one in self.problems if not any(pattern.search(one) for pattern in self.allowed)]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the one browser of a session."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def watched_context(
    chromium: Browser, *, width: int = DESK["width"], height: int = DESK["height"], javascript: bool = True
) -> Iterator[tuple[BrowserContext, Watch]]:
    """Open a fresh profile (cookies of its own) at desk size, in Japanese, in Tokyo, under watch.

    Requests are watched, not routed: `--host-resolver-rules` keeps them here, and a route would switch the cache off.
    """
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    watch = Watch()

    def request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("localhost", "127.0.0.1"):
            watch.problems.append(f"request to {request.url}")

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watch.problems.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: watch.problems.append(f"script error: {error}"))

    context.on("request", request)
    context.on("console", console)
    context.on("page", listen)
    try:
        yield context, watch
    finally:
        context.close()
