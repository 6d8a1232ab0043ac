"""What we write as .xlsx and CSV, after the rules for machine-readable tables (総務省 統一ルール, domain.md §8).

One heading row with the unit in the heading, one value in a cell, numbers as numbers, days as days, nothing merged,
no title rows. Text that a spreadsheet would run as a formula gets a leading apostrophe. Rows are taken one by one, so
that a long list needs no more memory than a short one.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from django.utils import timezone

from .. import clock
from .encodings import TWINS

Row = TypeVar("Row")
Cell = str | int | Decimal | date | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GETA = "〓"  # what printers set where a character is missing
ROWS_OF_A_SHEET = 1_048_576
_WRITTEN = TWINS | {ord("–"): "－"}  # the dash of spans of years, which cp932 does not have either


class Encoding(StrEnum):
    """How a CSV file is encoded; UTF-8 carries a BOM so that Excel reads it."""

    UTF8 = "utf-8-sig"
    CP932 = "cp932"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading with the unit (申請額（円）), what it takes from a row, its width in characters."""

    heading: str
    value: Callable[[Row], Cell | datetime]
    width: int = 14


@dataclass(frozen=True)
class Unwritable:
    """A character that the chosen encoding does not have, with the places where it stands: (row, heading)."""

    character: str
    places: tuple[tuple[int, str], ...]

    @property
    def code(self) -> str:
        """U+20BB7, for readers whose fonts lack it too."""
        return f"U+{ord(self.character):04X}"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; its name has at most 31 characters without []:*?/\\."""

    name: str
    columns: Sequence[Column[Any]]
    rows: Iterable[Any]


def xlsx(sheet: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> IO[bytes]:
    """Return a workbook with one sheet; see `workbook`."""
    return workbook([Sheet(sheet, columns, rows)])


def workbook(sheets: Sequence[Sheet]) -> IO[bytes]:
    """Return a workbook as an open temporary file at its start; the caller closes it.

    Raises ValueError when the rows of one do not fit into a sheet.
    """
    out = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": timezone.localtime(clock.now()).replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for sheet in sheets:
        _fill(book.add_worksheet(sheet.name), sheet, head, day)
    book.close()
    out.seek(0)
    return out


def _fill(page: Any, sheet: Sheet, head: Any, day: Any) -> None:
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.heading, head)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        if last >= ROWS_OF_A_SHEET:
            raise ValueError(f"1枚のシートに書き出せるのは{ROWS_OF_A_SHEET - 1:,}行までです。")
        for index, column in enumerate(sheet.columns):
            _write(page, last, index, plain(column.value(row)), day)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write(page: Any, row: int, index: int, value: Cell, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, int | Decimal):
        page.write_number(row, index, value)
    elif isinstance(value, date):
        page.write_datetime(row, index, value, day)
    else:
        page.write_string(row, index, value)


def csv_lines(
    columns: Sequence[Column[Row]], rows: Iterable[Row], encoding: Encoding = Encoding.UTF8
) -> Iterator[bytes]:
    """Yield a CSV file line by line (CRLF, comma), the heading first.

    In cp932 a character that it does not have becomes 〓; `unwritable` lists them beforehand.
    """
    yield b"\xef\xbb\xbf" if encoding == Encoding.UTF8 else b""
    yield _line([column.heading for column in columns], encoding)
    for row in rows:
        yield _line([plain(column.value(row)) for column in columns], encoding)


def _line(cells: Sequence[Cell], encoding: Encoding) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(["" if cell is None else cell for cell in cells])
    if encoding == Encoding.UTF8:
        return text.getvalue().encode()
    line = text.getvalue().translate(_WRITTEN)
    return "".join(char if _fits(char) else GETA for char in line).encode("cp932")


def unwritable(columns: Sequence[Column[Row]], rows: Iterable[Row], most: int = 5) -> list[Unwritable]:
    """Return the characters that cp932 cannot write (E-23), each with its first places; rows count from 2 as in Excel.

    Characters with a twin in cp932 (〜 and ～) are not among them: the twin is written.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for number, row in enumerate(rows, 2):
        for column in columns:
            text = plain(column.value(row))
            if not isinstance(text, str) or text.isascii():
                continue
            for char in dict.fromkeys(text.translate(_WRITTEN)):
                if not _fits(char) and len(places := found.setdefault(char, [])) < most:
                    places.append((number, column.heading))
    return [Unwritable(char, tuple(places)) for char, places in found.items()]


def plain(value: Cell | datetime) -> Cell:
    """Return what stands in the cell: text that begins like a formula guarded, a moment as its day in Japan."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _fits(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
