"""From the HTML of a paper to its PDF. Imported late: WeasyPrint costs more than half a second to load."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock, get_ident
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import conformance, fonts
from .errors import MissingGlyph, RenderingFailed

READABLE = tuple((settings.BASE_DIR / name).resolve() for name in ("fonts", "static", "templates"))
_LOCK = Lock()
_NOTDEF = ".notdef glyph"
BASE = (READABLE[2] / "documents").as_uri()


class ProjectFiles(URLFetcher):
    """Reads files of the project and refuses every other address: a paper fetches nothing."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        inside = any(path.is_relative_to(folder) for folder in READABLE)
        if parts.scheme != "file" or parts.netloc or not inside:
            raise FatalURLFetchingError(f"読み込みを許していない参照です：{url[:80]}")
        return super().fetch(url, headers)


class _Complaints(logging.Handler):
    """Collects what WeasyPrint reports in this thread while one paper is drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = get_ident()
        self.missing: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self.thread:
            return
        if _NOTDEF in record.getMessage() and isinstance(record.args, tuple):
            self.missing.append(str(record.args[0]))
        elif record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[_Complaints]:
    logger = logging.getLogger("weasyprint")
    handler = _Complaints()
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)


def draw(kind: str, html: str, stylesheets: list[Path]) -> tuple[bytes, int]:
    """Return the PDF (PDF/A-3a and PDF/UA-1 in one file) and its number of pages.

    The same HTML gives the same bytes. Raises MissingGlyph where our fonts lack a character, RenderingFailed where
    anything outside the project is referred to or WeasyPrint reports an error.
    """
    with _LOCK, _complaints() as complaints:
        try:
            document = HTML(string=html, base_url=BASE, url_fetcher=ProjectFiles()).render(
                stylesheets=[_stylesheet(path, path.stat().st_mtime_ns) for path in stylesheets],
                font_config=fonts.configuration(),
                pdf_variant=conformance.VARIANT,
            )
            data: bytes = document.write_pdf(finisher=conformance.Finisher(), pdf_variant=conformance.VARIANT)
        except FatalURLFetchingError as refused:
            raise RenderingFailed(kind, str(refused)) from None
        except conformance.Unfinished:
            raise RenderingFailed(kind, "ストリームの終わりを整えられません") from None
    if complaints.missing:
        raise MissingGlyph("".join(dict.fromkeys(complaints.missing)))
    if complaints.errors:
        raise RenderingFailed(kind, complaints.errors[0])
    return data, len(document.pages)


@lru_cache(maxsize=32)
def _stylesheet(path: Path, changed: int) -> CSS:
    """The style sheet, parsed once a process for each time its file was changed."""
    return CSS(path, font_config=fonts.configuration(), url_fetcher=ProjectFiles())
