"""The result file: the sheet as it came, with what became of each row in two more columns."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import xlsxwriter

from ..models import SheetImport
from ..viewer import Viewer
from . import chunks
from .inspecting import book_of, fresh_context, read_run
from .kinds import kind_of
from .reading import Cell, Grid

HEADINGS = ("結果", "メッセージ")
NOT_READ = "読み飛ばし"
LEFT_OUT = "エラー（取込から除外）"
BEFORE = {chunks.NEW: "登録予定", chunks.CHANGED: "更新予定", chunks.SAME: "変更なし", chunks.ERROR: "エラー"}
UNDONE = {
    chunks.NEW: "登録（取消済み）",
    chunks.CHANGED: "更新（取消済み）",
    chunks.SAME: "変更なし",
    chunks.ERROR: LEFT_OUT,
}
State = SheetImport.State


def result_file(run: SheetImport, viewer: Viewer) -> IO[bytes]:
    """Return the .xlsx as an open temporary file at its start; the caller closes it. Raises Unreadable.

    Values are those of the original's sheet, cell by cell; its formats and formulas are not kept.
    """
    kind = kind_of(run.kind)
    book = book_of(run)
    grid = book.grid(run.sheet or None)
    ctx = fresh_context(kind, viewer, run.parameters)
    table = read_run(run, book, kind, ctx).table
    said = _said(run, {one.name: one for one in ctx.fields})
    said |= dict.fromkeys(table.header_rows[-1:], HEADINGS)
    skipped = {one.row: (NOT_READ, one.text) for one in table.notices if one.row is not None and one.row not in said}
    return _written(grid, said | skipped)


def _said(run: SheetImport, fields: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Return result and messages by the sheet's row number."""
    words = chunks.LABELS | {chunks.ERROR: LEFT_OUT} if run.state == State.DONE else BEFORE
    if run.state == State.UNDONE:
        words = UNDONE
    said: dict[int, tuple[str, str]] = {}
    for chunk in chunks.load(run, fields):
        texts: dict[int, list[str]] = {}
        for at, _, _, text in chunk.found:
            texts.setdefault(at, []).append(text)
        for at, (number, letter) in enumerate(zip(chunk.numbers, chunk.results, strict=True)):
            said[number] = (words[letter], "".join(texts.get(at, ())))
    return said


def _written(grid: Grid, said: dict[int, tuple[str, str]]) -> IO[bytes]:
    out = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - handed to the caller open
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet((grid.sheet or "結果")[:31])
    day, moment, clock = (book.add_format({"num_format": form}) for form in ("yyyy/m/d", "yyyy/m/d h:mm", "h:mm"))
    formats = {datetime: moment, date: day, time: clock, timedelta: clock}
    left = grid.first_column - 1
    for index, row in enumerate(grid.rows):
        number = grid.first_row + index
        for column, cell in enumerate(row, left):
            _write(page, number - 1, column, cell, formats.get(type(cell)))
        for column, text in enumerate(said.get(number, ()), left + grid.width):
            page.write_string(number - 1, column, text)
    book.close()
    out.seek(0)
    return out


def _write(page: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if form is not None:
        page.write_datetime(row, column, cell, form)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        if cell:
            page.write_string(row, column, cell)
    else:
        page.write_number(row, column, cell)
