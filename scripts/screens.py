"""`make screens`: a picture of every page, as each role that works with it, from the demo world to docs/screens/.

`screen_list.py` is the list; the first role that works with a page shows all of it, the others what they see first.
`python -m scripts.screens worklist` redraws only names that begin so.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from scripts import chromium, demo
from scripts.screen_list import SCREENS, Screen, lookups, sessions

OUT = demo.ROOT / "docs" / "screens"
FIRST_LOOK = 1200  # pixels
COLOURS = 32  # spread over all that occur, so that a small green mark stays green; a third of the size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only screens whose name begins so")
    names = tuple(parser.parse_args().names)
    wanted = [screen for screen in SCREENS if not names or screen.name.startswith(names)]
    whole: dict[str, str] = {}
    for screen in SCREENS:
        whole.setdefault(screen.path, screen.name)
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory:
        print("[screens] loading the demo world", file=sys.stderr)
        world = demo.template(Path(directory) / "world")
        keys, rows = sessions(world), lookups(world)
        with demo.portal(world) as address, chromium.browser() as browser:
            problems = [
                line
                for screen in wanted
                for line in _draw(screen, browser, address, keys, rows, whole=whole[screen.path] == screen.name)
            ]
    for line in problems:
        print(f"[screens] {line}", file=sys.stderr)
    return 1 if problems else 0


def _draw(
    screen: Screen, browser: Browser, address: str, keys: dict[str, str], rows: dict[str, int], *, whole: bool
) -> list[str]:
    """Write the picture of one page, whole or what one sees first, and return what was wrong with the page."""
    with chromium.watched_context(browser, width=screen.width) as (context, watch):
        if screen.who:
            context.add_cookies([{"name": "sessionid", "value": keys[screen.who], "url": address}])
        page = context.new_page()
        answer = page.goto(address + screen.path.format(**rows))
        page.wait_for_load_state("networkidle")
        file = OUT / f"{screen.name}.png"
        if whole:
            unroll(page, screen.width)
        else:
            page.set_viewport_size({"width": screen.width, "height": FIRST_LOOK})
        file.write_bytes(compressed(page.screenshot(full_page=whole)))
        print(f"[screens] {file.relative_to(demo.ROOT)} {file.stat().st_size // 1024} KB", file=sys.stderr)
        problems = list(watch.unexpected)
        if answer is None or answer.status != 200:
            problems.append(f"answers {answer.status if answer else 'nothing'}")
        if scrolls_sideways(page):
            problems.append("scrolls sideways")
        return [f"{screen.name} ({screen.who or 'nobody'}) {page.url}: {problem}" for problem in problems]


def scrolls_sideways(page: Page) -> bool:
    """Say whether the page itself moves sideways; wide tables scroll inside their own frame."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def unroll(page: Page, width: int) -> None:
    """Make the window as high as the page, so that what sticks to its foot stands at the foot of the picture."""
    page.evaluate("for (const menu of document.querySelectorAll('.side')) menu.style.blockSize = 'auto'")
    for _ in range(2):  # a panel that scrolled inside may now be higher
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(chromium.DESK["height"], height)})


def compressed(png: bytes) -> bytes:
    """Return the picture with a palette, so that all pages together stay a few megabytes."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        palette = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
        )
        palette.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
