"""Forms that left as a workbook, as a person fills them in and sends them back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from common.models import SheetImport
from common.sheets.paging import page_of
from common.viewer import Viewer

Sheet = list[list[Any]]


def sheets(form: bytes) -> dict[str, Sheet]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(form))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def filled(form: bytes, change: Callable[[Sheet], None]) -> bytes:
    """The form as a person sends it back: the same sheets, what she changed in the first."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for at, (name, rows) in enumerate(sheets(form).items()):
            if at == 0:
                rows = [row for row in rows if any(str(cell).strip() for cell in row)]
                change(rows)
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return out.getvalue()


def findings(run: SheetImport, who: Viewer) -> list[tuple[int, str]]:
    return [(row.number, one.text) for row in page_of(run, viewer=who, per_page=100).rows for one in row.findings]
