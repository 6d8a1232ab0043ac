"""Long papers are drawn by the worker."""

from typing import Any

from ..tasks import Run, task
from .issuing import DRAW, draw


@task(DRAW, title="文書（PDF）の作成")
def draw_pdf(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Draw one paper; drawing twice gives the same bytes, so a second try does no harm."""
    run.progress(0, 1, "PDFを作成しています")
    draw(payload["document"])
    run.progress(1, 1, "PDFを作成しました")
    return {"text": "PDFができました。", "url": payload.get("url", "")}
