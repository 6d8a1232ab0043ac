"""Lists as they leave the house: ask the export page as a person would, and read what it answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.test import Client
from python_calamine import CalamineWorkbook


def headings(client: Client, url: str) -> list[str]:
    """The columns that the page offers."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return [column.heading for column in page.context["export"].columns]


def written(client: Client, url: str, form: str = "utf8", columns: Sequence[str] | None = None, **more: str) -> bytes:
    """The file: `form` is xlsx, utf8 or cp932; all columns unless some are named."""
    chosen = headings(client, url) if columns is None else list(columns)
    answer = client.post(url, {"form": form, "columns": chosen, **more})
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def rows(client: Client, url: str, columns: Sequence[str] | None = None) -> list[dict[str, str]]:
    """The rows of the CSV by heading."""
    text = written(client, url, "utf8", columns).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def book(client: Client, url: str, columns: Sequence[str] | None = None) -> list[list[Any]]:
    """The rows of the first sheet of the workbook, the headings first."""
    data = io.BytesIO(written(client, url, "xlsx", columns))
    return CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
