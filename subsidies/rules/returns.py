"""Additions to money that comes back, as advice: 加算金 from the day of receipt, 延滞金 from the day after it was due.

Pure functions. Days count inclusively, the first and the last both; a year has 365 days, in leap years too. Every share
is exact; only the sum is cut off below one yen. The rate is the ruleset's (`return_interest_rate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from common.fiscal_year import wareki

from .exact import percent_digits, threshold_text

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that was paid out on a day (whole yen)."""

    on: date
    yen: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the calculation: so much money for so many days, first and last counted."""

    base_yen: int
    first_on: date
    last_on: date
    rate: Fraction

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def exact_yen(self) -> Fraction:
        return self.base_yen * self.rate * Fraction(self.days, YEAR_DAYS)


@dataclass(frozen=True, slots=True)
class Advice:
    """A calculation line by line; `yen` is its sum, cut off below one yen."""

    rate: Fraction
    lines: tuple[Line, ...]

    @property
    def yen(self) -> int:
        total = sum((line.exact_yen for line in self.lines), Fraction())
        return total.numerator // total.denominator

    @property
    def rate_text(self) -> str:
        """10.95％."""
        return rate_text(self.rate)

    def as_json(self) -> dict[str, Any]:
        """The calculation as it is kept with the order: every line with its days and its exact share."""
        return {
            "rate": self.rate_text,
            "yen": self.yen,
            "lines": [
                {
                    "base_yen": line.base_yen,
                    "first_on": line.first_on.isoformat(),
                    "last_on": line.last_on.isoformat(),
                    "period": f"{wareki(line.first_on)}から{wareki(line.last_on)}まで",
                    "days": line.days,
                    "exact": f"{line.exact_yen.numerator}/{line.exact_yen.denominator}",
                    "shown": _two_decimals(line.exact_yen),
                }
                for line in self.lines
            ],
        }


def _two_decimals(value: Fraction) -> str:
    """Return 8,640.37, cut off after two decimals, as a reader checks a line."""
    whole, rest = divmod(value.numerator * 100 // value.denominator, 100)
    return f"{whole:,}.{rest:02d}"


def rate_text(rate: Fraction) -> str:
    """Return 10.95％; a rate that two decimals cannot show stays as short as it can be told."""
    if (rate * 10_000).denominator == 1:
        return percent_digits(rate, 2).rstrip("0").rstrip(".") + "％"
    return threshold_text(rate)


def addition(
    receipts: Sequence[Receipt], *, returned_yen: int, until: date, rate: Fraction, came_back_yen: int = 0
) -> Advice:
    """加算金 on money that a revocation takes back: from the day of each receipt to the day of its return.

    Of several payments the one received last counts as returned first, then the one before it; `came_back_yen` of
    earlier returns is taken off in the same order. Raises ValueError where more would come back than was received.
    """
    lines, gone, left = [], came_back_yen, returned_yen
    for receipt in sorted(receipts, key=lambda one: one.on, reverse=True):
        skipped = min(gone, receipt.yen)
        gone -= skipped
        base = min(left, receipt.yen - skipped)
        left -= base
        if base and receipt.on <= until:
            lines.append(Line(base, receipt.on, until, rate))
    if left:
        raise ValueError(f"{left} yen more would come back than was received")
    return Advice(rate, tuple(lines))


def late_interest(*, base_yen: int, due_on: date, paid_on: date, rate: Fraction) -> Advice:
    """延滞金 from the day after the due day to the day of payment; nothing where it was paid in time."""
    if paid_on <= due_on or base_yen <= 0:
        return Advice(rate, ())
    return Advice(rate, (Line(base_yen, due_on + timedelta(days=1), paid_on, rate),))
