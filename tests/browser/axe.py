"""axe-core finds no violation: the page can be used with a keyboard, a screen reader and little contrast vision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return one line per violation on the page as it stands: rule, what it asks, and the elements.

    A page that has just been opened by a click is waited for until its style sheets are there.
    """
    page.wait_for_load_state("load")
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{page.url}: {one['id']}: {one['help']}: {node['target']} {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with every violation named."""
    found = violations(page)
    assert not found, "\n" + "\n".join(found)
