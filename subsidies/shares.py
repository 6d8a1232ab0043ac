"""How a granted amount falls to the members by the shares that they applied with."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .models import Participant


def shares(parts: Iterable[Participant], amount_yen: int, unit: int, lead: str) -> dict[str, int]:
    """Return what each member gets of `amount_yen` by the shares it applied with, in whole units.

    The whole of what was asked for gives exactly the shares asked for; a reduced amount is cut in proportion, down to
    the unit, and what is left over falls to the lead.
    """
    rows = list(parts)
    asked = sum(part.split_yen for part in rows)
    if asked == amount_yen or asked == 0:
        return {part.municipality_id: part.split_yen for part in rows}
    given = {
        part.municipality_id: int(Fraction(part.split_yen * amount_yen, asked) // unit) * unit
        for part in rows
        if part.split_yen
    }
    given[lead] = given.get(lead, 0) + amount_yen - sum(given.values())
    return {part.municipality_id: given.get(part.municipality_id, 0) for part in rows}
