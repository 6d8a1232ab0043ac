"""Exact numbers as officials read them: shares, percentages, sums. No float ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

_MOST_DIGITS = 12


def share_text(value: Fraction) -> str:
    """Return 1/2; a whole number stays a fraction (1/1), so that 10/10 is not read as a count."""
    return f"{value.numerator}/{value.denominator}"


def rounded(value: Fraction, digits: int) -> Fraction:
    """Round half away from zero to so many decimal digits."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def percent_digits(value: Fraction, digits: int) -> str:
    """Return the percentage rounded to so many digits, without a sign for per cent: 29.9; minus as ▲3.0."""
    shown = rounded(value * 100, digits)
    whole, rest = divmod(abs(shown) * 10**digits, 10**digits)
    sign = "▲" if shown < 0 else ""
    return f"{sign}{whole}.{int(rest):0{digits}d}" if digits else f"{sign}{whole}"


def percent(value: Fraction, thresholds: Iterable[Fraction] = ()) -> str:
    """Return 29.1％: one digit, and more where rounding would reach or cross a threshold.

    29.9635 % beside a threshold of 30 % is 29.96％, never 30.0％. A value on its threshold needs no more digits.
    """
    near = [limit * 100 for limit in thresholds if limit != value]
    exact = value * 100
    for digits in range(1, _MOST_DIGITS):
        shown = rounded(exact, digits)
        if all(shown != limit and (shown > limit) == (exact > limit) for limit in near):
            return percent_digits(value, digits) + "％"
    return percent_digits(value, _MOST_DIGITS) + "％"


def threshold_text(value: Fraction) -> str:
    """Return 30％ for 3/10, 99.5％ for 199/200, and 1/3 where no short percentage exists."""
    hundredths = value * 100
    if hundredths.denominator == 1:
        return f"{hundredths.numerator}％"
    if 10 % hundredths.denominator == 0:
        return percent_digits(value, 1) + "％"
    return share_text(value)


def yen_text(amount: int) -> str:
    """Return 8,640,000円, minus as ▲500円."""
    return f"▲{-amount:,}円" if amount < 0 else f"{amount:,}円"


def names_text(names: Sequence[str], most: int = 8) -> str:
    """Return 由仁町・長沼町, shortened to 「…ほか3」 beyond `most` names."""
    if len(names) <= most:
        return "・".join(names)
    return f"{'・'.join(names[:most])}ほか{len(names) - most}"


def ceiling(value: Fraction) -> int:
    """The smallest whole number not below the value."""
    return -((-value.numerator) // value.denominator)
