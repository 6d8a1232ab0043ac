"""One template per document id gives the preview page and the PDF.

A snapshot is plain JSON: what the paper says, frozen. Templates (`templates/documents/D-08.html`) hold the wording
and the layout, never a number of a rule: days, years and shares come with the snapshot.
"""

import hashlib
import re
from collections.abc import Mapping
from enum import Flag, auto
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.templatetags.static import static

from .errors import MissingData, MissingGlyph, UnknownKind

FOLDER: Path = settings.BASE_DIR / "templates"
LETTER = "css/letter.css"
PAGE_FONTS = "css/fonts.css"
_KIND = re.compile(r"^D-\d\d[a-z]?$")
_MISSING = re.compile(r"⟦([^⟧]*)⟧")


class Mark(Flag):
    """What is stamped on every page of a copy that is not the plain original."""

    DRAFT = auto()
    REPRINT = auto()
    INTERNAL = auto()
    DISCLOSURE = auto()
    SUPERSEDED = auto()


@cache
def _engine() -> DjangoTemplates:
    """Return an engine that does not swallow missing values: a letter with a silent gap must never leave."""
    return DjangoTemplates(
        {
            "NAME": "documents",
            "DIRS": [FOLDER],
            "APP_DIRS": False,
            "OPTIONS": {
                "string_if_invalid": "⟦%s⟧",
                "builtins": ["common.templatetags.portal", "common.templatetags.paper"],
            },
        }
    )


def render_html(kind: str, snapshot: Mapping[str, Any], mark: Mark | None = None) -> str:
    """Return the paper as a whole HTML page for the preview: linked style sheets only, so that a strict CSP holds.

    Raises UnknownKind and MissingData.
    """
    return _html(kind, snapshot, mark, [static(PAGE_FONTS), static(stylesheet(kind))])


def render_pdf(kind: str, snapshot: Mapping[str, Any], *, mark: Mark | None = None) -> bytes:
    """Return the paper as PDF bytes; the same snapshot and mark give the same bytes.

    Raises UnknownKind, MissingData, MissingGlyph and RenderingFailed.
    """
    return render_pdf_pages(kind, snapshot, mark=mark)[0]


def render_pdf_pages(kind: str, snapshot: Mapping[str, Any], *, mark: Mark | None = None) -> tuple[bytes, int]:
    """Return the PDF bytes and the number of pages."""
    from . import pdf

    return pdf.draw(kind, html_of(kind, snapshot, mark), [settings.BASE_DIR / "static" / stylesheet(kind)])


def html_of(kind: str, snapshot: Mapping[str, Any], mark: Mark | None = None) -> str:
    """Return the HTML from which the PDF is drawn: without style sheets, which the renderer is given beside it."""
    return _html(kind, snapshot, mark, [])


def check(kind: str, snapshot: Mapping[str, Any]) -> None:
    """Say before a number is taken whether the paper can be drawn.

    Raises UnknownKind, MissingData and MissingGlyph.
    """
    from . import fonts

    text = re.sub(r"<[^>]*>", "", _html(kind, snapshot, None, []))
    if missing := fonts.undrawable(text):
        raise MissingGlyph(missing)


def stylesheet(kind: str) -> str:
    """Return the style sheet of a paper under static/: its own (css/D-27.css) where it has one, else the letters'."""
    own = f"css/{kind}.css"
    return own if (settings.BASE_DIR / "static" / own).exists() else LETTER


@cache
def template_version(kind: str) -> str:
    """Return a short digest of the template, what it is built from and the style sheet: the version that was used.

    Raises UnknownKind.
    """
    own = FOLDER / "documents" / f"{kind}.html"
    if not _KIND.match(kind) or not own.exists():
        raise UnknownKind(kind)
    parts = [own, FOLDER / "documents" / "base.html", *sorted((FOLDER / "documents").glob("_*.html"))]
    parts.append(settings.BASE_DIR / "static" / stylesheet(kind))
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:12]


def _html(kind: str, snapshot: Mapping[str, Any], mark: Mark | None, stylesheets: list[str]) -> str:
    if not _KIND.match(kind):
        raise UnknownKind(kind)
    try:
        template = _engine().get_template(f"documents/{kind}.html")
    except TemplateDoesNotExist:
        raise UnknownKind(kind) from None
    marks = mark or Mark(0)
    html: str = template.render(
        {
            **snapshot,
            "stylesheets": stylesheets,
            "draft": Mark.DRAFT in marks,
            "reprint": Mark.REPRINT in marks,
            "internal": Mark.INTERNAL in marks,
            "disclosure": Mark.DISCLOSURE in marks,
            "superseded": Mark.SUPERSEDED in marks,
        }
    )
    if names := _MISSING.findall(html):
        raise MissingData(kind, list(dict.fromkeys(names)))
    return html
