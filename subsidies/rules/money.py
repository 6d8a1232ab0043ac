"""Whole yen: rounding, caps, rates and the grant formula. Every number comes in as an argument."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction


def floor_unit(amount: Fraction | int, unit_yen: int) -> int:
    """Cut off below the unit (千円未満切捨て); negative amounts become 0."""
    return max(0, int(amount // unit_yen) * unit_yen)


def grant_yen(
    *,
    eligible_yen: int,
    other_income_yen: int,
    rate: Fraction,
    cap_yen: int,
    unit_yen: int,
    budget_yen: int | None = None,
) -> int:
    """C-06 and N-02: floor_unit(min(rate × (eligible cost − other income), cap, budget)).

    `budget_yen` is what the allotment leaves, None while no budget limits it.
    """
    limits = [rate * (eligible_yen - other_income_yen), Fraction(cap_yen)]
    if budget_yen is not None:
        limits.append(Fraction(budget_yen))
    return floor_unit(min(limits), unit_yen)


CAP_BASES = {"per_member": "1市町村あたり", "per_region": "1地域あたり", "per_capita": "人口1人あたり"}
"""What a cap is counted by, with its Japanese name."""


def cap_yen(*, basis: str, cap: int, participants: int, people: int | None = None) -> int | None:
    """The cap of one application in its fiscal year, in whole yen.

    Per region as it is, per member times the participants, per head times the people who live in them; None where the
    cap goes by heads and nobody knows how many.
    """
    if basis == "per_capita":
        return None if people is None else cap * people
    return cap * participants if basis == "per_member" else cap


def support_year(*, years: Collection[int], fiscal_year: int, counting: str) -> int:
    """C-09: the number of the support year if `fiscal_year` is supported after `years`.

    window: years since the first supported one, pauses included; count: supported years only.
    """
    if counting == "count":
        return len({*years, fiscal_year})
    return fiscal_year - min((*years, fiscal_year)) + 1


def rate_in(rates: tuple[Fraction, ...], year_number: int) -> Fraction:
    """The rate of a support year (1 = first); the last rate also holds for the years after."""
    return rates[min(year_number, len(rates)) - 1]
