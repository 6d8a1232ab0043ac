"""Values of rulesets as people type them (50％, １/２, 1,000万円, R7, 4月10日), read exactly or refused."""

from __future__ import annotations

import re
import unicodedata

from common.fiscal_year import FiscalYear
from common.yen import parse_yen

from ..rules.exact import share_text
from ..rules.values import Parameter, Value, ValueType

MOST_YEN = 10**12
MOST = {ValueType.COUNT: 9_999, ValueType.YEARS: 99, ValueType.DAYS: 999, ValueType.YEAR: 2200}
"""Above these a number is a slip of the finger, whatever the program."""
_MONTH_DAY = re.compile(r"(\d{1,2})[月/.-](\d{1,2})日?")
EXAMPLES = {
    ValueType.SHARE: "例：1/2、30%",
    ValueType.SHARES: "支援1年目から順に。例：10/10、3/4、1/2",
    ValueType.YEN: "例：8,640,000、864万円",
    ValueType.FISCAL_YEAR: "例：令和10年度、R10",
    ValueType.MONTH_DAY: "例：4月10日",
    ValueType.TEXTS: "1行に1つ",
}


def read_typed(parameter: Parameter, text: str) -> Value:
    """Return the exact value of what was typed; None where an optional one is left empty.

    Raises ValueError with a Japanese sentence that says what to type instead.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if parameter.type in (ValueType.TEXT, ValueType.TEXTS, ValueType.CHOICE):
        plain = text.strip()
    if not plain:
        return parameter.read(None)
    match parameter.type:
        case ValueType.SHARES:
            return parameter.read([part for part in re.split(r"[、,;\s]+", plain) if part])
        case ValueType.YEN:
            amount = parse_yen(plain)
            if amount > MOST_YEN:
                raise ValueError(f"金額が大きすぎます（「{text}」）。")
            return parameter.read(amount)
        case ValueType.COUNT | ValueType.YEARS | ValueType.DAYS | ValueType.YEAR:
            number = parameter.read(plain.removesuffix(parameter.unit).strip())
            if number > MOST[parameter.type]:
                raise ValueError(f"{MOST[parameter.type]:,}以下の数で書いてください（「{text}」）。")
            return number
        case ValueType.MONTH_DAY:
            found = _MONTH_DAY.fullmatch(plain)
            return parameter.read(f"{int(found[1]):02d}-{int(found[2]):02d}" if found else plain)
        case ValueType.TEXTS:
            return parameter.read([line.strip() for line in plain.splitlines() if line.strip()])
        case _:
            return parameter.read(plain)


def as_typed(parameter: Parameter, value: Value) -> str:
    """Return the value as it stands in the input; `read_typed` gives it back."""
    if value is None or value == ():
        return ""
    match parameter.type:
        case ValueType.SHARES:
            return "、".join(share_text(item) for item in value)
        case ValueType.YEN:
            return f"{value:,}"
        case ValueType.COUNT | ValueType.YEARS | ValueType.DAYS | ValueType.YEAR:
            return str(value)
        case ValueType.FISCAL_YEAR:
            return FiscalYear(value).wareki
        case ValueType.TEXTS:
            return "\n".join(value)
        case ValueType.CHOICE | ValueType.TEXT:
            return str(value)
        case _:
            return parameter.show(value)
