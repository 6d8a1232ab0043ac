"""How the parties of an agreement split its costs: shares in hundredths of a percent that sum to 100 %, whole yen.

A share is rounded down to 0.01 %; what is left goes, 0.01 each, to those whose share lost most by rounding (at equal
loss the earlier in code order). An amount is the share of the total, rounded down to a yen; the bearer takes the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

WHOLE = 10_000  # hundredths of a percent


def exact_shares(parties: list[str], people: Mapping[str, int], equal_bp: int) -> dict[str, Fraction]:
    """Return each party's exact share: `equal_bp` of the whole in equal parts, the rest by population.

    `people` is needed where the second part is not 0. Raises ValueError where nobody lives in any of them.
    """
    equal = Fraction(equal_bp, WHOLE)
    total = sum(people[code] for code in parties) if equal < 1 else 1
    if total <= 0:
        raise ValueError("the parties have no people to split by")
    by_people = {code: Fraction(people[code], total) if equal < 1 else Fraction(0) for code in parties}
    return {code: equal / len(parties) + (1 - equal) * by_people[code] for code in parties}


def rounded(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Return the shares in hundredths of a percent; they sum to 10,000 where the exact ones sum to 1."""
    found = {code: int(share * WHOLE) for code, share in shares.items()}
    lost = sorted(shares, key=lambda code: (found[code] - shares[code] * WHOLE, code))
    for code in lost[: WHOLE - sum(found.values())]:
        found[code] += 1
    return found


def amounts(total_yen: int, shares_bp: Mapping[str, int], bearer: str) -> dict[str, int]:
    """Return what each party pays of a total; the bearer also pays what rounding down leaves."""
    found = {code: total_yen * share // WHOLE for code, share in shares_bp.items()}
    found[bearer] += total_yen - sum(found.values())
    return found


def percent(share_bp: int) -> str:
    """12.34"""
    return f"{share_bp // 100}.{share_bp % 100:02}"
