"""Long work of this room, found by the queue."""

from __future__ import annotations

from typing import Any

from common.errors import Refused
from common.models import Task
from common.tasks import Run, enqueue, task
from common.viewer import Viewer

from .partners import kept
from .partners.finder import Finder
from .questions import BadQuestion

SEARCH = "partners.search"


def search_later(raw: dict[str, Any], *, prefecture: str, url: str, key: str, viewer: Viewer) -> Task:
    """Queue a search for partners; `raw` is the question as texts, `url` the page that shows the answer."""
    payload = {"raw": raw, "prefecture": prefecture, "url": url}
    return enqueue(SEARCH, payload, viewer=viewer, dedupe_key=f"{SEARCH}:{key}:{viewer.user_id}")


@task(SEARCH, title="連携先の検索")
def search(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Search and keep what was found; the page finds it there."""
    finder = Finder(payload["prefecture"])
    try:
        ready = finder.prepare(finder.read(payload["raw"]))
        found = kept.known(ready)
        if found is None:
            found = ready.run(lambda size, largest: run.progress(4**size, 4**largest, f"{size}市町村までの組合せ"))
            kept.keep(ready, found)
    except BadQuestion as wrong:
        raise Refused(str(wrong)) from wrong
    return {"text": f"{found.searched:,}通りを調べました。", "url": payload["url"]}
