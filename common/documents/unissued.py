"""Long papers that nobody has issued: drawn by the worker with progress, kept a week under the digest of their data.

The same question is then answered from there. Issued papers are drawn and kept by `issuing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .. import clock
from ..models import Task
from ..tasks import Run, enqueue, task
from ..viewer import Viewer
from .issuing import digest
from .rendering import Mark, render_pdf

FOLDER = "drawn"
KEPT = timedelta(days=7)
DRAW = "paper.draw"


def kept(kind: str, paper: Mapping[str, Any], *, draft: bool = False) -> bytes | None:
    """The PDF that the worker drew of this data; None where it has to draw it first."""
    name = _name(kind, paper, draft)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as stored:
        data: bytes = stored.read()
    return data


def draw_later(
    kind: str, paper: Mapping[str, Any], url: str, viewer: Viewer, *, said: str, draft: bool = False
) -> Task:
    """Ask the worker to draw it; `url` is where the reader finds it then, `said` what is being drawn.

    The same question twice is one task.
    """
    name = _name(kind, paper, draft)
    payload = {"kind": kind, "paper": dict(paper), "name": name, "url": url, "draft": draft, "said": said}
    return enqueue(DRAW, payload, viewer=viewer, dedupe_key=f"{DRAW}:{name}:{viewer.user_id}")


@task(DRAW, title="資料（PDF）の作成")
def draw(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Draw and keep one PDF; older ones are cleared away."""
    run.progress(1, 3, "古い資料を片付けています。")
    _clear()
    run.progress(2, 3, payload["said"])
    if not default_storage.exists(payload["name"]):
        data = render_pdf(payload["kind"], payload["paper"], mark=Mark.DRAFT if payload["draft"] else None)
        default_storage.save(payload["name"], ContentFile(data))
    run.progress(3, 3)
    return {"text": "資料ができました。", "url": payload["url"]}


def _name(kind: str, paper: Mapping[str, Any], draft: bool) -> str:
    return f"{FOLDER}/{kind}-{digest(paper)}{'-draft' if draft else ''}.pdf"


def _clear() -> None:
    if not default_storage.exists(FOLDER):
        return
    limit = clock.now() - KEPT
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < limit:
            default_storage.delete(f"{FOLDER}/{name}")
