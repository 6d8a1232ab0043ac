"""What a column wants, said to the person who fills it in, and the empty form of a kind as .xlsx.

The form has two sheets: 「様式」 holds the headings alone, with what belongs below each as a note and with the lists
that a cell offers; 「記入例」 shows one row. An example in the form itself would sooner or later be imported.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from .. import clock
from .fields import (
    Choice,
    Day,
    FiscalYear,
    Kana,
    Known,
    MunicipalityCode,
    Number,
    Reader,
    SheetField,
    Text,
    Whole,
    Year,
    Yen,
)

EXAMPLE_SHEET = "記入例"
FORM_SHEET = "様式"
LONGEST_LIST = 255  # characters of an inline validation list, Excel's limit
ROWS_WITH_LISTS = 10_000


@dataclass(frozen=True)
class About:
    """How a column is filled in: a sentence, an example of one cell, and the words it offers ((): any)."""

    text: str
    example: str | int | date | None = None
    words: tuple[str, ...] = ()


@singledispatch
def about(reader: Reader) -> About:
    """Return what a reader reads, for people; the readers of rooms say it themselves (`told`, `sample`)."""
    return About(reader.told, reader.sample)


@about.register
def _text(reader: Text) -> About:
    return About(f"文字（{reader.most}字以内）" if reader.most else "文字")


@about.register
def _kana(reader: Kana) -> About:
    return About("ふりがな（カナも可）", "ながぬまちょう")


@about.register
def _whole(reader: Whole) -> About:
    unit = f"（{reader.unit}）" if reader.unit else ""
    return About(f"{'整数' if reader.negative else '0以上の整数'}{unit}", 12345 if reader.unit else 1)


@about.register
def _yen(reader: Yen) -> About:
    return About(f"0以上の整数（{reader.unit}）", 120000)


@about.register
def _number(reader: Number) -> About:
    unit = f"（{reader.unit}）" if reader.unit else ""
    return About(f"数{unit}。小数は{reader.places}桁まで", 12)


@about.register
def _day(reader: Day) -> About:
    return About("日付（令和6年4月1日、R6.4.1、2024/4/1 など）", date(2024, 4, 1))


@about.register
def _year(reader: Year) -> About:
    return About("西暦または和暦の年（2020、令和2年 など）", 2020)


@about.register
def _fiscal_year(reader: FiscalYear) -> About:
    return About("年度（令和6年度、R6、2024 など）", 2024)


@about.register
def _code(reader: MunicipalityCode) -> About:
    return About("全国地方公共団体コード（6桁または5桁）", "014281")


@about.register
def _choice(reader: Choice) -> About:
    words = tuple(reader.choices.values())
    return About(f"{'、'.join(words)}のどれか", words[0] if words else None, words)


@about.register
def _known(reader: Known) -> About:
    return About("登録済みの名前またはコード")


def blank_form(fields: Sequence[SheetField]) -> IO[bytes]:
    """Return the empty form with these columns as an open .xlsx at its start; the caller closes it."""
    out = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": timezone.localtime(clock.now()).replace(tzinfo=None)})
    must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCF0FF"})
    may = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy/m/d", "align": "left"})
    form, sample = book.add_worksheet(FORM_SHEET), book.add_worksheet(EXAMPLE_SHEET)
    for page in (form, sample):
        page.freeze_panes(1, 0)
    for index, field in enumerate(fields):
        told = about(field.reader)
        as_text = isinstance(told.example, str)  # codes keep their leading zero
        for page in (form, sample):
            page.set_column(index, index, max(field.width, len(field.heading) * 2 + 2), text if as_text else None)
            page.write_string(0, index, field.heading, must if field.required else may)
        form.write_comment(0, index, f"{'必須' if field.required else '任意'}\n{told.text}", {"x_scale": 2})
        _offer(form, index, told.words)
        _write(sample, index, told.example, day)
    book.close()
    out.seek(0)
    return out


def _offer(page: Any, index: int, words: Sequence[str]) -> None:
    """Let the cells of a column offer its words; what is typed otherwise is only warned of, the import judges it."""
    if words and len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
        page.data_validation(
            1, index, ROWS_WITH_LISTS, index, {"validate": "list", "source": list(words), "error_type": "warning"}
        )


def _write(page: Any, index: int, value: str | int | date | None, day: Any) -> None:
    if isinstance(value, str):
        page.write_string(1, index, value)
    elif isinstance(value, int):
        page.write_number(1, index, value)
    elif value is not None:
        page.write_datetime(1, index, datetime(value.year, value.month, value.day), day)
