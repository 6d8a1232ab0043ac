"""Open a book (.xlsx, .xls, .csv, .tsv) and hand out the cells of one sheet.

Typical use::

    book = open_book(data, "人口.xlsx")          # Unreadable with a Japanese sentence
    grid = book.grid(None)                      # the first sheet that is not hidden and has values
    table = find_table(grid, wanted)            # common/sheets/headers.py
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
from xlsxwriter.utility import xl_col_to_name

from . import containers, encodings
from .containers import Format
from .limits import Limits, from_settings
from .messages import Unreadable

Cell = str | int | float | bool | date | datetime | time | timedelta  # "" is an empty cell, an error is its text
UNCALCULATED = "#未計算"  # a formula that was saved without its result
ERRORS = frozenset([
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    UNCALCULATED,
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged area; rows and columns as the sheet numbers them, from 1, all inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The area of a sheet that holds values: rows of equal length, the first cell at (first_row, first_column)."""

    sheet: str
    rows: list[list[Cell]]
    first_row: int = 1
    first_column: int = 1
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()
    hidden: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet as the choice of sheets shows it: number of the last row and column with a value, what is hidden."""

    name: str  # "" in a text file
    rows: int
    columns: int
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


class Book:
    """An opened file: its format, the encoding of a text file ("" of a workbook), its sheets, and their cells."""

    def __init__(
        self, format: Format, encoding: str, sheets: tuple[SheetInfo, ...], load: Callable[[int], Grid]
    ) -> None:
        self.format = format
        self.encoding = encoding
        self.sheets = sheets
        self._load = load

    def grid(self, sheet: str | None = None) -> Grid:
        """Return the cells of the sheet with this name; None takes the first visible one with values.

        Raises Unreadable: E-40 no such sheet, E-41 nothing in it, E-22 or E-37 too long or too wide.
        """
        return self._load(self._index(sheet))

    def _index(self, sheet: str | None) -> int:
        if sheet is None:
            filled = [index for index, info in enumerate(self.sheets) if info.rows]
            visible = [index for index in filled if not self.sheets[index].hidden]
            return (visible or filled or [0])[0]
        for index, info in enumerate(self.sheets):
            if info.name == sheet:
                return index
        raise Unreadable("E-40", sheet=sheet, names="、".join(f"「{info.name}」" for info in self.sheets))


def letters(column: int) -> str:
    """Return the letters of a column number: 1 is A, 28 is AB."""
    return str(xl_col_to_name(column - 1))


def open_book(data: bytes | IO[bytes], name: str, *, encoding: str | None = None, limits: Limits | None = None) -> Book:
    """Open a file by its content; `name` is what its owner calls it, `encoding` overrides detection in a text file.

    Raises Unreadable with a Japanese sentence for whatever cannot or may not be read.
    """
    limits = limits or from_settings()
    content = data if isinstance(data, bytes) else _bytes_of(data)
    form = containers.identify(content, name, limits)
    if form == Format.TEXT:
        return _text_book(content, encoding, limits)
    return _workbook(content, form, limits)


def _bytes_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _text_book(content: bytes, encoding: str | None, limits: Limits) -> Book:
    text, used = encodings.decode(content, encoding)
    rows: list[list[Cell]] = [*csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))]
    if len(rows) > limits.rows:
        raise Unreadable("E-22", limit=f"{limits.rows:,}")
    width = max(map(len, rows), default=0)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return Book(Format.TEXT, used, (SheetInfo("", len(rows), width),), lambda _: Grid("", rows))


def _delimiter(text: str) -> str:
    lines = text.split("\n", 30)[:30]
    return "\t" if sum(line.count("\t") for line in lines) > sum(line.count(",") for line in lines) else ","


def _workbook(content: bytes, form: Format, limits: Limits) -> Book:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as broken:
        raise Unreadable("E-33") from broken
    sheets = tuple(
        SheetInfo(one.name, sheet.total_height, sheet.total_width, one.visible != SheetVisibleEnum.Visible)
        for one in book.sheets_metadata
        for sheet in [book.get_sheet_by_name(one.name)]
    )

    def load(index: int) -> Grid:
        sheet = book.get_sheet_by_name(sheets[index].name)
        start = sheet.start or (0, 0)
        merged = tuple(Merged(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or [])
        return Grid(sheets[index].name, sheet.to_python(), start[0] + 1, start[1] + 1, frozenset(), merged)

    return Book(form, "", sheets, load)
