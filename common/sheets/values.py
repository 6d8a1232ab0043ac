"""Read one cell: numbers, yen, days, fiscal years, codes and names as Japanese offices write them.

Each function takes a cell (`cells.Cell`) and returns its value, None when the cell says that there is none (empty,
－, …, *), or raises `Unreadable` with the sentence for it, also for a cell that holds an error (#N/A: E-42). They are
pure: the same cell gives the same value, so a column may remember what it has read (but True == 1 in Python).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from ..fiscal_year import FiscalYear, parse_day
from ..municipality_codes import check_digit, full_code, plain_code
from ..yen import UNITS, parse_yen
from .cells import ERRORS, Cell
from .encodings import TWINS
from .messages import Unreadable

MISSING = frozenset({"", *"-－―—–‐−ー…‥*＊・", "...", "・・・", "**", "***", "――", "--", "－－"})
SUPPRESSED = frozenset({*"xXｘＸχΧ"})  # 秘匿: only where a number is wanted
GUARDED = frozenset("=+-@\t\r")
LARGEST = 10**15  # what a spreadsheet keeps exactly
SPACES = " \t\r\n\u3000\xa0\u200b\ufeff"
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_415  # 1927-05-18 … 2100-12-31 as Excel counts days; below are years
_NUMBER = re.compile(
    r"([▲△\-−－ー‐–―+]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?"
    r"(?:人|名|円|%|歳|世帯|戸|件|回|箇所|か所|ヶ所|年|㎢|km2|km|ha|ポイント|点|社|台|校|団体|市町村)?"
)
_TIME = re.compile(r"[ \u3000T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_ASIDE = re.compile(r"\(([^()]*)\)")
_STATISTICS_CODE = re.compile(r"R[0-9]{5}")  # as SSDSE writes areas
_HALF_KANA = re.compile("[\uff61-\uff9f]+")

# One form for letters that differ from sheet to sheet in names of places and people; used only to compare.
_VARIANTS = str.maketrans(
    "ヶヵッノ之〆﨑髙桧竜渕冨邊邉澤濱濵嶋斎齋齊瀧",
    "ケカツのの沼崎高檜龍淵富辺辺沢浜浜島斉斉斉滝",
)


def is_missing(cell: Cell) -> bool:
    """Say whether the cell tells that there is no value: empty, spaces, －, ―, …, *."""
    return isinstance(cell, str) and cell.strip(SPACES) in MISSING


def text(cell: Cell, *, most: int | None = None) -> str | None:
    """Return the text without the spaces around it; numbers as they are shown, days as 2024-04-01.

    Look-alikes of cp932 take its form (〜 → ～), so that a CSV and a workbook give the same text. E-45 beyond `most`.
    """
    plain = _typed(cell)
    if plain in MISSING:
        return None
    plain = plain.translate(TWINS).replace("_x000D_", "").replace("\r\n", "\n")
    if plain[0] == "'" and plain[1:2] in GUARDED:
        plain = plain[1:]  # the apostrophe that exports put before what a spreadsheet would run
    if most is not None and len(plain) > most:
        raise Unreadable("E-45", length=len(plain), limit=most)
    return plain


def name(cell: Cell, *, most: int | None = None) -> str | None:
    """Return a name of a place or a person: 「釧　路　市」 becomes 釧路市; letters stay as they are (㈱, 髙, ヶ)."""
    plain = text(cell)
    if plain is None:
        return None
    plain = re.sub(r"[ \u3000\xa0\n]+", "" if re.fullmatch(r"(?:\S[ \u3000\xa0\n]+)+\S", plain) else " ", plain)
    return text(plain, most=most)


def name_key(value: str) -> str:
    """Return the form in which two spellings of one name are equal (ケ and ヶ, 沼 and 〆, 檜 and 桧, inner spaces)."""
    return re.sub(r"\s+", "", widen_kana(value)).translate(_VARIANTS)


def kana(cell: Cell, *, most: int | None = None) -> str | None:
    """Return a reading with half-width kana widened (ｸｼﾛ → クシロ) and its inner spaces narrowed to one."""
    plain = text(cell)
    return text(re.sub(r"\s+", " ", widen_kana(plain)), most=most) if plain else None


def widen_kana(value: str) -> str:
    """Return the text with half-width kana as full-width (ﾍﾞ becomes one ベ), everything else untouched."""
    return _HALF_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), value)


def decimal(cell: Cell) -> Decimal | None:
    """Return an exact number of １２，３４５, ▲1.5, 12.3％ (= 12.3) or 1,234人. E-09 for anything else."""
    if type(cell) is float or type(cell) is int:
        if not -LARGEST < cell < LARGEST:
            raise _too_large(cell)
        return Decimal(format(cell, ".15g"))  # 0.1 + 0.2 is 0.3 on the sheet
    plain = _number(cell)
    if plain is None:
        return None
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match[2] or match[3]):
        raise Unreadable("E-09", value=shown(cell))
    value = Decimal((match[2] or "0").replace(",", "") + (match[3] or ""))
    if value >= LARGEST:
        raise _too_large(cell)
    return -value if match[1] not in ("", "+") else value


def integer(cell: Cell) -> int | None:
    """Return a whole number, written as `decimal` reads it. E-09 no number, E-46 not whole."""
    if type(cell) is float and cell.is_integer() and -LARGEST < cell < LARGEST:
        return int(cell)
    if type(cell) is int and -LARGEST < cell < LARGEST:
        return cell
    value = decimal(cell)
    if value is None:
        return None
    if value != int(value):
        raise Unreadable("E-46", value=shown(cell))
    return int(value)


def yen(cell: Cell, *, unit: str = "円", negative: bool = False) -> int | None:
    """Return whole yen; `unit` is what the column says (千円: 12 becomes 12,000). E-10 for all but whole yen ≥ 0."""
    if type(cell) is float or type(cell) is int:
        amount = Decimal(format(cell, ".15g")) * UNITS[unit] if -LARGEST < cell < LARGEST else Decimal("0.5")
        if amount != int(amount) or (amount < 0 and not negative):
            raise Unreadable("E-10")
        return int(amount)
    plain = _number(cell)
    if plain is None:
        return None
    try:
        whole = parse_yen(plain, unit=unit)
    except ValueError:
        raise Unreadable("E-10") from None
    if whole >= LARGEST or (whole < 0 and not negative):
        raise Unreadable("E-10")
    return whole


def day(cell: Cell) -> date | None:
    """Return the day of a date cell, an Excel serial, 2024/4/1, 20240401, 令和6年4月1日 or R6.4.1. E-11."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _day_of_number(cell)
    plain = _typed(cell)
    if plain in MISSING:
        return None
    plain = _without_weekday(_narrow(_TIME.sub("", plain)))
    try:
        if re.fullmatch(r"\d{8}", plain):
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if re.fullmatch(r"\d{5}", plain):
            return _day_of_number(int(plain))
        return parse_day(plain)
    except (ValueError, OverflowError):
        raise Unreadable("E-11") from None


def fiscal_year(cell: Cell) -> FiscalYear | None:
    """Return the fiscal year of 令和６年度, R6, 2024, FY2024, H31 or 令和6年度（2024）. E-12 for anything else."""
    return _year(cell)


def year(cell: Cell) -> int | None:
    """Return the calendar year of 2020, 2020年, 令和2年, R2 or 令和２（2020）年. E-12 for anything else."""
    if isinstance(cell, (int, float)) and FIRST_SERIAL <= cell <= LAST_SERIAL:
        cell = _day_of_number(cell)
    if isinstance(cell, date):
        return cell.year
    found = _year(cell)
    return None if found is None else int(found)


def municipality_code(cell: Cell, *, known: Container[str] | None = None) -> str | None:
    """Return the 6-digit code of a code with 5 or 6 digits or a lost zero. E-06 wrong check digit, E-43 no code.

    A number of five digits can be a code without its check digit or one that lost its zero (12025: 函館市 is 012025);
    `known` codes decide, else it is a code without check digit.
    """
    plain = _typed(cell)
    if plain in MISSING:
        return None
    plain = plain_code(plain)
    plain = plain[1:] if _STATISTICS_CODE.fullmatch(plain) else plain
    if len(plain) == 5 and known is not None and plain.isascii() and plain.isdecimal():
        restored = "0" + plain
        if restored in known and plain[4] == check_digit(restored[:5]) and full_code(plain) not in known:
            return restored
    try:
        return full_code(plain)
    except ValueError:
        if len(plain) == 6 and plain.isascii() and plain.isdecimal():
            raise Unreadable("E-06", value=plain, right=plain[:5] + check_digit(plain[:5])) from None
        raise Unreadable("E-43", value=shown(cell)) from None


def code(cell: Cell, *, most: int | None = None) -> str | None:
    """Return an identifier in half-width without spaces (Ａ０１ → A01; the number 5.0 → 5)."""
    plain = text(cell)
    return text(_narrow(plain), most=most) if plain else None


def choice(cell: Cell, choices: Mapping[str, str]) -> str | None:
    """Return the value of a choice by what people write for it: `choices` maps a written form to the value. E-44."""
    plain = _typed(cell)
    if plain in MISSING:
        return None
    for form in (plain, _narrow(plain)):
        if form in choices:
            return choices[form]
    found = {_narrow(written): value for written, value in choices.items()}.get(_narrow(plain))
    if found is None:
        raise Unreadable("E-44", value=shown(cell), choices="、".join(dict.fromkeys(choices)))
    return found


def shown(cell: Cell) -> str:
    """Return a cell as a message quotes it: as typed, numbers without .0, at most 30 characters."""
    if isinstance(cell, bool):
        plain = "TRUE" if cell else "FALSE"
    elif isinstance(cell, float):
        plain = format(cell, ".15g")
    elif isinstance(cell, datetime):
        plain = cell.isoformat(" ", "minutes") if cell.time() != cell.min.time() else cell.date().isoformat()
    else:
        plain = str(cell).strip(SPACES)
    return plain if len(plain) <= 30 else plain[:29] + "…"


def _typed(cell: Cell) -> str:
    """Return the cell as text without the spaces around it; a cell with an error is E-42."""
    if not isinstance(cell, str):
        return shown(cell)
    plain = cell.strip(SPACES)
    if plain in ERRORS:
        raise Unreadable("E-42", value=plain)
    return plain


def _number(cell: Cell) -> str | None:
    """Return a written number in half-width without spaces; None if missing, E-09 for a truth value or a day."""
    if not isinstance(cell, str):
        raise Unreadable("E-09", value=shown(cell))
    plain = _typed(cell)
    if plain in MISSING or plain in SUPPRESSED:
        return None
    return re.sub(r"[¥\\]", "", _narrow(plain), count=1)  # cp932 writes the yen sign as a backslash


def _narrow(plain: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain)).replace("，", ",")


def _too_large(cell: Cell) -> Unreadable:
    return Unreadable("E-47", value=shown(cell))


def _day_of_number(number: float) -> date:
    if number != number or abs(number) == float("inf"):
        raise Unreadable("E-11")
    whole = int(number)
    if FIRST_SERIAL <= whole <= LAST_SERIAL:
        return date(1899, 12, 30) + timedelta(days=whole)
    try:
        return date(whole // 10_000, whole // 100 % 100, whole % 100)  # 20240401
    except (ValueError, OverflowError):
        raise Unreadable("E-11") from None


def _without_weekday(plain: str) -> str:
    return re.sub(r"\([月火水木金土日](?:曜日?)?\)$|[月火水木金土日]曜日?$", "", plain)


def _year(cell: Cell) -> FiscalYear | None:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if 1868 <= cell <= 2200 and cell == int(cell):
            return FiscalYear(cell)
        if not FIRST_SERIAL <= cell <= LAST_SERIAL:
            raise Unreadable("E-12")
        cell = _day_of_number(cell)
    if isinstance(cell, date) and cell.month >= 4:  # a day shown as 令和6年度; before April its year would be doubtful
        return FiscalYear(cell.year)
    if not isinstance(cell, str):
        raise Unreadable("E-12")
    plain = _typed(cell)
    if plain in MISSING:
        return None
    plain = _narrow(plain)
    try:
        aside = [FiscalYear.parse(found) for found in _ASIDE.findall(plain)]
        found = FiscalYear.parse(outside) if (outside := _ASIDE.sub("", plain)) else aside[0]
    except (ValueError, IndexError):
        raise Unreadable("E-12") from None
    if any(other != found for other in aside):
        raise Unreadable("E-12")
    return found
