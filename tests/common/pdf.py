"""Reading a PDF in tests: its text as a reader extracts it, and what the validators say."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import page
import pytest
from pypdf import PdfReader

from common.documents import Mark, render_pdf

LIMITS = page.SafetyLimits(max_table_grid_rows=4096)


def text_of(data: bytes) -> str:
    """Return the text of all pages with white space removed, as a search would see it."""
    return "".join("".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages).split())


def pages_of(data: bytes) -> list[str]:
    """Return the text of each page with white space removed."""
    return ["".join(one.extract_text().split()) for one in PdfReader(BytesIO(data)).pages]


def complaints(data: bytes) -> list[str]:
    """Return what the PDF/A-3a and the PDF/UA-1 validator find wrong; empty when the file conforms to both."""
    found = []
    for profile in ("3a", "ua1"):
        report = page.validate_pdf_bytes(data, profile=profile, limits=LIMITS)
        found += [f"{profile} {failure.rule_id}: {failure.message}" for failure in report.failures]
    return found


def drawn_clean(
    kind: str, snapshot: Mapping[str, Any], caplog: pytest.LogCaptureFixture, mark: Mark | None = None
) -> bytes:
    """Draw a paper; fail where the drawing warns of anything or a validator complains."""
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        data = render_pdf(kind, snapshot, mark=mark)
    assert caplog.messages == []
    assert complaints(data) == []
    return data
