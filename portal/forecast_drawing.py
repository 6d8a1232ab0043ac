"""The PDF of a forecast: at once for a region, by the worker with progress for a large part of a prefecture.

What the worker drew is kept a week under the digest of its data, so that the same question is answered from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common import clock
from common.documents import Mark, render_pdf
from common.documents.issuing import digest
from common.models import Task
from common.tasks import Run, enqueue, task
from common.viewer import Viewer
from regions.services.forecasts import PAPER

LARGE = 40  # municipalities; about 25 ms of drawing for each beyond the first few
FOLDER = "forecasts"
KEPT = timedelta(days=7)
DRAW = "forecast.draw"


def drawn(paper: Mapping[str, Any], *, draft: bool = False) -> bytes | None:
    """The PDF: drawn now, or taken from what the worker drew; None where the worker has to draw it first.

    Raises DocumentError where the paper cannot be printed.
    """
    if len(paper["names"]) <= LARGE:
        return render_pdf(PAPER, paper, mark=Mark.DRAFT if draft else None)
    name = _name(paper, draft)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as stored:
        data: bytes = stored.read()
    return data


def draw_later(paper: Mapping[str, Any], url: str, viewer: Viewer, *, draft: bool = False) -> Task:
    """Ask the worker to draw it; `url` is where the reader finds it then. The same question twice is one task."""
    name = _name(paper, draft)
    payload = {"paper": dict(paper), "name": name, "url": url, "draft": draft}
    return enqueue(DRAW, payload, viewer=viewer, dedupe_key=f"{DRAW}:{name}:{viewer.user_id}")


@task(DRAW, title="未来予測の資料（PDF）の作成")
def draw(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Draw and keep one PDF; older ones are cleared away."""
    run.progress(1, 3, "古い資料を片付けています。")
    _clear()
    run.progress(2, 3, f"{len(payload['paper']['names'])}市町村の資料を描いています。")
    if not default_storage.exists(payload["name"]):
        data = render_pdf(PAPER, payload["paper"], mark=Mark.DRAFT if payload["draft"] else None)
        default_storage.save(payload["name"], ContentFile(data))
    run.progress(3, 3)
    return {"text": "資料ができました。", "url": payload["url"]}


def _name(paper: Mapping[str, Any], draft: bool) -> str:
    return f"{FOLDER}/{digest(paper)}{'-draft' if draft else ''}.pdf"


def _clear() -> None:
    if not default_storage.exists(FOLDER):
        return
    limit = clock.now() - KEPT
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < limit:
            default_storage.delete(f"{FOLDER}/{name}")
