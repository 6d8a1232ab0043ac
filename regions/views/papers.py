"""A paper of this room as the answer to whoever was shown its subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect

from common.documents import DocumentError, Mark, freeze, open_pdf, pdf_answer, render_pdf
from common.request import Request

from ..papers import issued_paper

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def paper_answer(
    request: Request,
    kind: str,
    subject: Model,
    paper: Callable[[], DataclassInstance],
    *,
    back: str,
    mark: Mark | None = Mark.DRAFT,
) -> HttpResponse:
    """Answer with the PDF as it was issued; where none was, draw `paper()` with the mark (案).

    The view has found the subject by `visible_to`. What cannot be drawn is told on the page `back`.
    """
    document = issued_paper(kind, subject)
    try:
        if document is not None:
            return pdf_answer(open_pdf(document, request.viewer), document.title)
        snapshot = freeze(paper())
        word = "（案）" if mark and Mark.DRAFT in mark else ""
        return pdf_answer(render_pdf(kind, snapshot, mark=mark), word + snapshot["head"]["title"])
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect(back)
