"""Typed values of rulesets: what a parameter may hold, how it is read, shown and explained.

Every number of a rule is exact: shares are Fractions read from texts such as "3/10" or "30%", money is whole yen,
years are whole fiscal years. Reading refuses floats and says in Japanese what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from common.fiscal_year import FiscalYear

from .codec import Json, encode
from .exact import share_text, threshold_text, yen_text

Value = Any
"""Fraction, int, str, bool, a tuple of these, or None where the parameter is optional."""

_FRACTION = re.compile(r"^-?\d+(/\d+)?$")
_SIMPLE = 4
"""Shares up to quarters are read as fractions (1/2, 3/4), finer ones as percentages (30％)."""
_PERCENT = re.compile(r"^\d+(\.\d+)?[%％]$")


class ValueType(StrEnum):
    """What a parameter holds; the unit that pages write behind it follows from the type."""

    SHARE = "share"
    SHARES = "shares"
    YEN = "yen"
    COUNT = "count"
    YEARS = "years"
    DAYS = "days"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    MONTH_DAY = "month_day"
    CHOICE = "choice"
    TEXT = "text"
    TEXTS = "texts"


UNITS = {
    ValueType.SHARE: "割合",
    ValueType.SHARES: "割合",
    ValueType.YEN: "円",
    ValueType.COUNT: "件",
    ValueType.YEARS: "年",
    ValueType.DAYS: "日",
    ValueType.YEAR: "年",
    ValueType.FISCAL_YEAR: "年度",
    ValueType.MONTH_DAY: "月日",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typed parameter of a rule kind or of a whole ruleset.

    `label` and `explanation` are Japanese, for the page on which staff edit it; `choices` maps each allowed value of
    a CHOICE to its Japanese name; an `optional` one may be left empty; a whole number is never below `least`.
    """

    name: str
    type: ValueType
    label: str
    explanation: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    counter: str = ""
    least: int = 0

    @property
    def unit(self) -> str:
        """What stands behind the value; `counter` says what a COUNT counts (市町村, 字)."""
        return self.counter or UNITS.get(self.type, "")

    def read(self, raw: Json) -> Value:
        """Return the exact value of what stands in a ruleset.

        Raises ValueError with a Japanese sentence that says what is wrong with it.
        """
        if raw is None or raw == "":
            if self.optional:
                return None
            raise ValueError("値がありません。")
        if isinstance(raw, float):
            raise ValueError(f"小数は使えません（「{raw}」）。分数（例：3/10）か整数で書いてください。")
        match self.type:
            case ValueType.SHARE:
                return _read_share(raw)
            case ValueType.SHARES:
                if not isinstance(raw, list | tuple) or not raw:
                    raise ValueError("割合を年目の順に並べてください（例：[1/1, 3/4]）。")
                return tuple(_read_share(item) for item in raw)
            case ValueType.YEN | ValueType.COUNT | ValueType.YEARS | ValueType.DAYS | ValueType.YEAR:
                return _read_whole(raw, self.least)
            case ValueType.FISCAL_YEAR:
                return int(FiscalYear.parse(raw))
            case ValueType.MONTH_DAY:
                return _read_month_day(raw)
            case ValueType.CHOICE:
                text = "none" if raw is False else str(raw)
                if text not in self.choices:
                    raise ValueError(f"「{raw}」は選べません。選べる値：{'、'.join(self.choices)}")
                return text
            case ValueType.TEXTS:
                if not isinstance(raw, list | tuple) or not all(isinstance(item, str) and item for item in raw):
                    raise ValueError("文字の並びで書いてください。")
                if len(set(raw)) < len(raw):
                    raise ValueError("同じ値が2回あります。")
                return tuple(raw)
            case ValueType.TEXT:
                if not isinstance(raw, str):
                    raise ValueError("文字で書いてください。")
                return raw

    def show(self, value: Value) -> str:
        """The value as readers see it: 1/2, 30％, 10,000,000円, 令和7年度; － when empty."""
        if value is None or value == ():
            return "－"
        match self.type:
            case ValueType.SHARE:
                return share_text(value) if value.denominator <= _SIMPLE else threshold_text(value)
            case ValueType.SHARES:
                return "、".join(share_text(item) for item in value)
            case ValueType.YEN:
                return yen_text(value)
            case ValueType.COUNT | ValueType.YEARS | ValueType.DAYS | ValueType.YEAR:
                return f"{value}{self.unit}"
            case ValueType.FISCAL_YEAR:
                return FiscalYear(value).wareki
            case ValueType.MONTH_DAY:
                month, day = value.split("-")
                return f"{int(month)}月{int(day)}日"
            case ValueType.CHOICE:
                return self.choices[value]
            case ValueType.TEXTS:
                return "、".join(value)
            case ValueType.TEXT:
                return str(value)

    def write(self, value: Value) -> Json:
        """The value as it stands in a ruleset; `read` gives it back."""
        return encode(value)


def _read_share(raw: Json) -> Fraction:
    text = str(raw).strip()
    if isinstance(raw, bool) or not (_FRACTION.match(text) or _PERCENT.match(text)):
        raise ValueError(f"割合として読み取れません（「{raw}」）。例：1/2、30%")
    try:
        share = Fraction(text[:-1]) / 100 if _PERCENT.match(text) else Fraction(text)
    except ZeroDivisionError:
        raise ValueError(f"割合の分母が0です（「{raw}」）。") from None
    if not 0 <= share <= 1:
        raise ValueError(f"割合は0以上1以下です（「{raw}」）。")
    return share


def _read_whole(raw: Json, least: int) -> int:
    text = str(raw).strip().replace(",", "")
    if isinstance(raw, bool) or not text.isascii() or not text.isdigit() or int(text) < least:
        raise ValueError(f"{least}以上の整数で書いてください（「{raw}」）。")
    return int(text)


def _read_month_day(raw: Json) -> str:
    text = str(raw).strip()
    match = re.fullmatch(r"(\d{2})-(\d{2})", text)
    if match is None or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        raise ValueError(f"月日として読み取れません（「{raw}」）。例：04-10")
    return text
