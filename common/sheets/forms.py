"""Forms that leave as a workbook, are filled in offline and come back: what stands, where to write, what can be chosen.

Three sheets: the table itself with its headings in the first row, 「書き方」 in plain Japanese, and 「選択肢」 with the
lists that cells offer. Everything but the cells to fill in is locked, without a password, so that nobody is shut out of
her own file. Values keep their type; text is text, even where it begins like a formula.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from .. import clock

NOTES, LISTS = "書き方", "選択肢"
LARGEST_NUMBER = 10**13
NOTHING = " "  # the result of a formula that computes nothing yet; an empty one would say that nobody computed it
Cell = str | int | Decimal | date | None


class Kind(Enum):
    """What a cell takes; the spreadsheet refuses anything else as it is typed."""

    TEXT = "text"
    WHOLE = "whole"
    YEN = "yen"
    NUMBER = "number"


@dataclass(frozen=True)
class Input:
    """One column. `choices` names the list that its cells offer; `hint` is shown beside the cell that is chosen.

    `locked` cells only show; `locked_rows` locks them where a row stands already (a key). `formula` gives what the cell
    of an empty row computes, for the number of that row.
    """

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 14
    required: bool = False
    choices: str = ""
    hint: str = ""
    locked: bool = False
    locked_rows: bool = False
    formula: Callable[[int], str] | None = None


@dataclass(frozen=True)
class Form:
    """A form with what stands in it already, and `blank` rows to write into."""

    title: str
    columns: Sequence[Input]
    rows: Sequence[Sequence[Cell]]
    lists: Mapping[str, Sequence[str]]
    notes: Sequence[str]
    blank: int = 100


def workbook(form: Form) -> IO[bytes]:
    """Return the form as an open temporary file at its start; the caller closes it."""
    out = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": form.title, "created": timezone.localtime(clock.now()).replace(tzinfo=None)})
    _Table(book, form).write()
    _notes(book, form)
    _lists(book, form)
    book.close()
    out.seek(0)
    return out


class _Table:
    """The sheet to fill in."""

    def __init__(self, book: Any, form: Form) -> None:
        self.form = form
        self.sheet = book.add_worksheet(form.title[:31])
        edge = {"border": 1, "border_color": "#949494", "valign": "top", "text_wrap": True}
        self.head = book.add_format({**edge, "bold": True, "bg_color": "#D9E6FF"})
        self.formats = {
            (kind, locked): book.add_format(
                {
                    **edge,
                    "locked": locked,
                    "bg_color": "#F1F1F4" if locked else "#FFFFFF",
                    "num_format": {Kind.TEXT: "@", Kind.WHOLE: "0", Kind.YEN: "#,##0", Kind.NUMBER: "General"}[kind],
                    "quote_prefix": kind == Kind.TEXT,
                }
            )
            for kind in Kind
            for locked in (False, True)
        }

    def write(self) -> None:
        """Headings, the rows that stand, the empty rows, and what may be typed where."""
        sheet, form = self.sheet, self.form
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        last = len(form.rows) + form.blank
        for index, column in enumerate(form.columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.heading + ("＊" if column.required else ""), self.head)
            self.validate(index, column, last)
        for at, row in enumerate(form.rows, 1):
            for index, (column, value) in enumerate(zip(form.columns, row, strict=True)):
                self.put(at, index, value, column.kind, locked=column.locked or column.locked_rows)
        for at in range(len(form.rows) + 1, last + 1):
            for index, column in enumerate(form.columns):
                style = self.formats[column.kind, column.locked]
                if column.formula:
                    sheet.write_formula(at, index, column.formula(at + 1), style, NOTHING)
                else:
                    sheet.write_blank(at, index, None, style)
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": False})

    def put(self, row: int, index: int, value: Cell, kind: Kind, *, locked: bool) -> None:
        if isinstance(value, int | Decimal) and kind == Kind.TEXT:
            kind = Kind.NUMBER
        style = self.formats[kind, locked]
        if value is None or value == "":
            self.sheet.write_blank(row, index, None, style)
        elif isinstance(value, int | Decimal):
            self.sheet.write_number(row, index, value, style)
        else:
            self.sheet.write_string(row, index, str(value), style)

    def validate(self, index: int, column: Input, last: int) -> None:
        """Offer the list, or refuse what is no number, in the cells of a column."""
        if column.locked or last < 1:
            return
        rule: dict[str, Any] = {"validate": "any"}
        if column.choices:
            place = list(self.form.lists).index(column.choices)
            letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
            rule = {
                "validate": "list",
                "source": f"={LISTS}!{letter}$2:{letter}${len(self.form.lists[column.choices]) + 1}",
                "error_message": f"「{column.heading}」は一覧から選んでください。",
            }
        elif column.kind in (Kind.WHOLE, Kind.YEN):
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST_NUMBER}
            rule["error_message"] = f"「{column.heading}」には0以上の整数を入力してください。"
        elif column.kind == Kind.NUMBER:
            rule = {"validate": "decimal", "criteria": "between", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
            rule["error_message"] = f"「{column.heading}」には数を入力してください。"
        if column.hint:
            rule |= {"input_title": column.heading[:32], "input_message": column.hint[:255]}
        if rule["validate"] != "any":
            rule["error_title"] = "入力できません"
        if len(rule) > 1:
            self.sheet.data_validation(1, index, last, index, rule)


def _notes(book: Any, form: Form) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{form.title}の書き方", book.add_format({"bold": True, "font_size": 14}))
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for row, note in enumerate(form.notes, 2):
        sheet.write_string(row, 0, note, text)
    sheet.protect("")


def _lists(book: Any, form: Form) -> None:
    sheet = book.add_worksheet(LISTS)
    head = book.add_format({"bold": True, "bottom": 1})
    for index, (name, choices) in enumerate(form.lists.items()):
        sheet.set_column(index, index, 36)
        sheet.write_string(0, index, name, head)
        for row, choice in enumerate(choices, 1):
            sheet.write_string(row, index, choice)
    sheet.protect("")
