"""Money is a whole int of yen; 千円 exists only where it is read or shown."""

import re
import unicodedata

_PLAIN = re.compile(r"^([▲△\-−－ー]?)(\d{1,3}(?:,\d{3})+|\d+)(円|千円)?$")


def parse_yen(text: object, *, thousands: bool = False) -> int:
    """Read 1,234円, １２３４, ▲500 or 12千円 as whole yen.

    `thousands` says that the column is in 千円. Raises ValueError with a Japanese sentence.
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace(" ", "").replace("，", ",").removeprefix("金")
    plain = re.sub(r"\.0+$", "", plain)
    match = _PLAIN.match(plain)
    if match is None:
        raise ValueError(f"金額として読み取れません（「{text}」）。円単位の整数で入力してください。")
    amount = int(match[2].replace(",", "")) * (1000 if thousands or match[3] == "千円" else 1)
    return -amount if match[1] else amount


def show_yen(amount: int | None, *, sign: bool = False) -> str:
    """Return 8,640,000; minus as ▲1,120,000; `sign` adds + for difference columns; － when there is no value."""
    if amount is None:
        return "－"
    if amount < 0:
        return f"▲{-amount:,}"
    return f"+{amount:,}" if sign and amount else f"{amount:,}"


def show_thousands(amount: int | None) -> str:
    """Return whole 千円, cut off below (overviews only)."""
    return "－" if amount is None else show_yen(int(amount / 1000))


def kin(amount: int) -> str:
    """Return 金8,640,000円, as letters write it."""
    return f"金{amount:,}円"
