"""Open a book (.xlsx, .xls, .csv, .tsv) and hand out the cells of one sheet.

Typical use::

    book = open_book(data, "人口.xlsx")          # Unreadable with a Japanese sentence
    grid = book.grid(None)                      # the first sheet that is not hidden and has values
    table = find_table(grid, wanted)            # common/sheets/headers.py
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO

from python_calamine import CalamineWorkbook, PasswordError

from . import containers, encodings
from .cells import Cell as Cell
from .cells import letters as letters
from .containers import Format
from .limits import Limits, from_settings
from .memory import uncollected
from .messages import Unreadable
from .old_books import OldBook
from .packages import MOST_ERRORS, MOST_MERGED, Package, SheetScan

FARTHEST = 18_278  # column ZZZ
HEAD = 8_192  # characters that tell the separator of a text file
_KEPT = re.compile('^="?([^"]*)"?$')


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


def open_book(data: bytes | IO[bytes], name: str, *, encoding: str | None = None, limits: Limits | None = None) -> Book:
    """Open a file by its content; `name` is what its owner calls it, `encoding` overrides detection in a text file.

    Raises Unreadable with a Japanese sentence for whatever cannot or may not be read.
    """
    limits = limits or from_settings()
    content = data if isinstance(data, bytes) else bytes_of(data, limits)
    form = containers.identify(content, name, limits)
    if form == Format.TEXT:
        return _text_book(content, encoding, limits)
    return _workbook(content, form, limits)


def bytes_of(file: IO[bytes], limits: Limits | None = None) -> bytes:
    """Return the whole content of a file, from its start. Raises E-36 before more is read than we take."""
    limits = limits or from_settings()
    size = file.seek(0, io.SEEK_END)
    containers.check_size(size, limits)
    file.seek(0)
    return file.read()


def _text_book(content: bytes, encoding: str | None, limits: Limits) -> Book:
    text, used = encodings.decode(content, encoding)
    with uncollected():
        rows = _split(text, limits.rows)
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    if not rows:
        raise Unreadable("E-39")
    width = max(map(len, rows))
    if width > limits.columns:
        width = max(map(_width, rows))
    if width > limits.columns:
        raise Unreadable("E-37", limit=f"{limits.columns:,}", place=f"{letters(min(width, FARTHEST))}列")
    if len(rows) * width > limits.cells:
        raise Unreadable("E-50", rows=f"{len(rows):,}", columns=f"{width:,}", limit=f"{limits.cells:,}")
    cells: list[list[Cell]] = []
    for row in rows:
        cells.append([*row[:width], *[""] * (width - len(row))] if len(row) != width else list(row))
    return Book(Format.TEXT, used, (SheetInfo("", len(cells), width),), lambda _: Grid("", cells))


def _split(text: str, most: int) -> list[list[str]]:
    """Return the rows of a text file; `="011002"`, as spreadsheets write a code to keep its zero, is 011002."""
    separator = _delimiter(text)
    rows: list[list[str]] = []
    for strict in (True, False):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
        rows = []
        try:
            rows.extend(islice(reader, most + 1))
        except csv.Error as broken:
            if "limit" in str(broken):
                raise Unreadable("E-51", row=len(rows) + 1, limit=f"{csv.field_size_limit():,}") from broken
            if not strict or "unexpected end" in str(broken):
                raise Unreadable("E-48", start=len(rows) + 1) from broken
            continue  # a quotation mark inside a field: read as it stands
        if not strict:
            for number, row in enumerate(rows, 1):
                if any("\n" in cell and separator in cell for cell in row):  # it took in what follows
                    raise Unreadable("E-48", start=number)
        break
    if len(rows) > most:
        raise Unreadable("E-22", limit=f"{most:,}")
    if '="' in text:
        rows = [[_KEPT.sub(r"\1", cell) if cell.startswith("=") else cell for cell in row] for row in rows]
    return rows


def _width(row: list[str]) -> int:
    """Return the number of the last cell with a value."""
    return next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)


def _delimiter(text: str) -> str:
    """Return comma or tab, whichever the first lines hold more of."""
    head = text[:HEAD]
    return "\t" if head.count("\t") > head.count(",") else ","


def _workbook(content: bytes, form: Format, limits: Limits) -> Book:
    if form == Format.XLS:
        old = OldBook(content, limits)
        scans, hidden = old.sheets, old.hidden
    else:
        package = Package(content, limits)
        scans, hidden = package.sheets, package.hidden
    sheets = tuple(
        SheetInfo(name, scan.rows, scan.columns, name in hidden, frozenset(scan.hidden_rows))
        for name, scan in scans.items()
    )

    def load(index: int) -> Grid:
        name = sheets[index].name
        _check_extent(scans[name], limits)
        clean = old.only(name) if form == Format.XLS else content
        return _cells(clean, sheets[index], scans[name].errors)

    return Book(form, "", sheets, load)


def _check_extent(scan: SheetScan, limits: Limits) -> None:
    """Refuse a sheet whose cells reach too far, before the reader makes room for all between the first and the last."""
    if not scan.known:
        raise Unreadable("E-33")
    if scan.rows > limits.rows:
        raise Unreadable("E-22", limit=f"{limits.rows:,}")
    if scan.columns > limits.columns:
        raise Unreadable("E-37", limit=f"{limits.columns:,}", place=f"{letters(min(scan.columns, FARTHEST))}列")
    if scan.rows * scan.columns > limits.cells:
        raise Unreadable("E-50", rows=f"{scan.rows:,}", columns=f"{scan.columns:,}", limit=f"{limits.cells:,}")
    if scan.text > limits.unpacked or scan.merged > MOST_MERGED:
        raise Unreadable("E-35")
    if len(scan.errors) > MOST_ERRORS:
        raise Unreadable("E-52", limit=f"{MOST_ERRORS:,}")
    last_row, last_column = (max((place[axis] for place in scan.errors), default=0) for axis in (0, 1))
    if last_row > limits.rows or last_column > limits.columns:
        raise Unreadable("E-33")  # an error cell in two places at once


def _cells(content: bytes, info: SheetInfo, errors: dict[tuple[int, int], str]) -> Grid:
    """Read one sheet. The reader is compiled code: what it does not expect, it throws as no ordinary exception."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(info.name)
        start = sheet.start or (0, 0)
        with uncollected():
            rows: list[list[Cell]] = sheet.to_python()
        areas = sheet.merged_cell_ranges or []
    except PasswordError as locked:
        raise Unreadable("E-32") from locked
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as broken:  # a panic is no Exception
        raise Unreadable("E-33") from broken
    merged = tuple(Merged(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas)
    grid = Grid(info.name, rows, start[0] + 1, start[1] + 1, info.hidden_rows, merged, info.hidden)
    return _with_errors(grid, errors) if errors else grid


def _with_errors(grid: Grid, errors: dict[tuple[int, int], str]) -> Grid:
    """Put the error texts into their cells, which the reader leaves empty; the area grows where they stand outside."""
    first_row = min([grid.first_row] * bool(grid.rows) + [row for row, _ in errors])
    first_column = min([grid.first_column] * bool(grid.rows) + [column for _, column in errors])
    last_row = max([grid.first_row + len(grid.rows) - 1, *(row for row, _ in errors)])
    width = max([grid.first_column + grid.width - 1, *(column for _, column in errors)]) - first_column + 1
    left = [""] * (grid.first_column - first_column)
    rows: list[list[Cell]] = [[] for _ in range(grid.first_row - first_row)] if grid.rows else []
    rows += [left + row for row in grid.rows]
    rows += [[] for _ in range(last_row - first_row + 1 - len(rows))]
    for row in rows:
        row.extend([""] * (width - len(row)))
    for (number, column), text in errors.items():
        rows[number - first_row][column - first_column] = text
    return replace(grid, rows=rows, first_row=first_row, first_column=first_column)
