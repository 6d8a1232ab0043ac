"""The PDF of a forecast: at once for a region, by the worker with progress for a large part of a prefecture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.documents import Mark, render_pdf, unissued
from common.models import Task
from common.viewer import Viewer
from regions.services.forecasts import PAPER

LARGE = 40  # municipalities; about 25 ms of drawing for each beyond the first few


def drawn(paper: Mapping[str, Any], *, draft: bool = False) -> bytes | None:
    """The PDF: drawn now, or taken from what the worker drew; None where the worker has to draw it first.

    Raises DocumentError where the paper cannot be printed.
    """
    if len(paper["names"]) <= LARGE:
        return render_pdf(PAPER, paper, mark=Mark.DRAFT if draft else None)
    return unissued.kept(PAPER, paper, draft=draft)


def draw_later(paper: Mapping[str, Any], url: str, viewer: Viewer, *, draft: bool = False) -> Task:
    """Ask the worker to draw it; `url` is where the reader finds it then."""
    said = f"{len(paper['names'])}市町村の未来予測の資料を描いています。"
    return unissued.draw_later(PAPER, paper, url, viewer, said=said, draft=draft)
