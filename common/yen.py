"""Money is a whole int of yen; 千円 exists only where it is read or shown."""

import re
import unicodedata
from decimal import Decimal

UNITS = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
_PLAIN = re.compile(r"^([▲△\-−－ー]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(円|千円|万円|百万円|億円)?$")


def parse_yen(text: object, *, unit: str = "円") -> int:
    """Read 1,234円, １２３４, ▲500, 12千円 or 1.5百万円 as whole yen.

    `unit` is what the column says (千円) and holds for amounts that name none.
    Raises ValueError with a Japanese sentence.
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace(" ", "").replace("，", ",").removeprefix("金")
    match = _PLAIN.match(plain)
    amount = match and Decimal(match[2].replace(",", "") + (match[3] or "")) * UNITS[match[4] or unit]
    if match is None or amount is None or amount != int(amount):
        raise ValueError(f"金額として読み取れません（「{text}」）。円単位の整数で入力してください。")
    return -int(amount) if match[1] else int(amount)


def show_yen(amount: int | None, *, sign: bool = False) -> str:
    """Return 8,640,000; minus as ▲1,120,000; `sign` adds + for difference columns; － when there is no value."""
    if amount is None:
        return "－"
    if amount < 0:
        return f"▲{-amount:,}"
    return f"+{amount:,}" if sign and amount else f"{amount:,}"


def show_thousands(amount: int | None) -> str:
    """Return whole 千円, cut off below (overviews only)."""
    return "－" if amount is None else show_yen(abs(amount) // 1000 * (-1 if amount < 0 else 1))


def kin(amount: int) -> str:
    """Return 金8,640,000円, as letters write it."""
    return f"金{amount:,}円"
