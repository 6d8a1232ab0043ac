"""Papers (様式 D-01 …): drawing them, numbering them, issuing them.

One template per document id (`templates/documents/D-08.html`) gives the preview page and the PDF. `issue()` freezes
the data and takes the number in the caller's transaction; the PDF is a rendering of the frozen data and is stored
with its SHA-256. How to add a paper: docs/add-a-document.md.
"""

from . import unissued
from .answering import pdf_answer
from .errors import DocumentError, HashMismatch, MissingData, MissingGlyph, RenderingFailed, Superseded, UnknownKind
from .head import Head, freeze
from .issuing import drawn_by_workers, ensure_pdf, issue, mark_of, open_pdf, reprint, supersede
from .numbering import Numbering, Purpose, take_number, void_number
from .rendering import Mark, render_html, render_pdf

__all__ = [
    "DocumentError",
    "HashMismatch",
    "Head",
    "Mark",
    "MissingData",
    "MissingGlyph",
    "Numbering",
    "Purpose",
    "RenderingFailed",
    "Superseded",
    "UnknownKind",
    "drawn_by_workers",
    "ensure_pdf",
    "freeze",
    "issue",
    "mark_of",
    "open_pdf",
    "pdf_answer",
    "render_html",
    "render_pdf",
    "reprint",
    "supersede",
    "take_number",
    "unissued",
    "void_number",
]
