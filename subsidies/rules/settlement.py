"""Sums and dates of a grant: what may be granted, which support year it is, when a report is due, what is settled.

Pure functions used by rules, documents and pages alike. Amounts are whole yen, shares exact fractions; every number
comes from the ruleset.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from common.fiscal_year import FiscalYear

from .money import cap_yen, floor_unit, grant_yen, rate_in, support_year
from .ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What one ruleset says about the money of one application."""

    year_number: int
    rate: Fraction
    cap_yen: int
    unit_yen: int

    def grant(self, *, eligible_yen: int, other_income_yen: int = 0, budget_yen: int | None = None) -> int:
        """The most that may be granted, in whole yen."""
        return grant_yen(
            eligible_yen=eligible_yen,
            other_income_yen=other_income_yen,
            rate=self.rate,
            cap_yen=self.cap_yen,
            unit_yen=self.unit_yen,
            budget_yen=budget_yen,
        )


def grant_terms(
    ruleset: RuleSet, *, fiscal_year: int, supported: Collection[int], participants: int, people: int | None = None
) -> GrantTerms:
    """The rate, cap and unit for an application: `supported` are the region's earlier fiscal years of support.

    `people` live in the participating municipalities. Raises ValueError where the cap goes by heads without them.
    """
    cap = cap_yen(
        basis=ruleset.value("cap_basis"), cap=ruleset.value("cap_yen"), participants=participants, people=people
    )
    if cap is None:
        raise ValueError("a cap by heads needs the number of people")
    number = support_year(years=supported, fiscal_year=fiscal_year, counting=ruleset.value("year_counting"))
    return GrantTerms(
        year_number=number,
        rate=rate_in(ruleset.value("rate_by_year"), number),
        cap_yen=cap,
        unit_yen=ruleset.value("rounding_unit"),
    )


def report_due(ruleset: RuleSet, finished_on: date, *, approved_on: date | None = None) -> date:
    """W27: the earlier of so many days after completion and the last day (10 April) after its fiscal year.

    A work that was discontinued is reported from the approval on where that came later (`approved_on`): nobody owes a
    report of a stop that was not approved yet.
    """
    from_on = max(finished_on, approved_on or finished_on)
    month, day = (int(part) for part in ruleset.value("report_last_day").split("-"))
    last = max(date(FiscalYear.of(finished_on) + 1, month, day), from_on)
    return min(from_on + timedelta(days=ruleset.value("report_days")), last)


def withdraw_by(ruleset: RuleSet, notified_on: date) -> date:
    """T20: the last day on which a granted application may be withdrawn."""
    return notified_on + timedelta(days=ruleset.value("withdraw_days"))


def advance_limit_yen(ruleset: RuleSet, granted_yen: int) -> int:
    """T26: the most that may be paid in advance, cut off below the rounding unit."""
    return floor_unit(ruleset.value("advance_limit_share") * granted_yen, ruleset.value("rounding_unit"))


@dataclass(frozen=True, slots=True)
class Settlement:
    """The final amount and what is still to pay or to give back, in whole yen; one of the two is 0."""

    fixed_yen: int
    paid_yen: int

    @property
    def to_pay_yen(self) -> int:
        return max(0, self.fixed_yen - self.paid_yen)

    @property
    def to_return_yen(self) -> int:
        return max(0, self.paid_yen - self.fixed_yen)


def settle(
    *, granted_yen: int, actual_eligible_yen: int, other_income_yen: int, rate: Fraction, unit_yen: int, paid_yen: int
) -> Settlement:
    """W28: fix the amount at min(granted, rate × (actual eligible cost − other income)), cut off below the unit."""
    fixed = grant_yen(
        eligible_yen=actual_eligible_yen,
        other_income_yen=other_income_yen,
        rate=rate,
        cap_yen=granted_yen,
        unit_yen=unit_yen,
    )
    return Settlement(fixed, paid_yen)
