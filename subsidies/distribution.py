"""Ways to divide a round's budget among its applications: exact whole yen, no query, no clock, no rounding up.

What may be given is counted in units of the ruleset (千円), each application's most cut off below the unit. Every
method but `FULL` stays within the budget. The same claims and the same budget always give the same amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .rules.money import floor_unit


class Method(StrEnum):
    """How amounts are found; `HAND` leaves all of them to the person."""

    FULL = "full"
    PRO_RATA = "pro_rata"
    PRIORITY = "priority"
    LEVEL = "level"
    HAND = "hand"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def how(self) -> str:
        """One sentence that says what the method does."""
        return _LABELS[self][1]


_LABELS = {
    Method.FULL: ("満額", "ルールで認められる額をそのまま置きます。配当を超えることがあります。"),
    Method.PRO_RATA: ("按分", "ルールで認められる額に比例して配り、端数は切り捨てた額の大きい順に配ります。"),
    Method.PRIORITY: ("優先度順", "審査の優先度の高い順、同じなら受付の早い順に、配当がなくなるまで配ります。"),
    Method.LEVEL: ("上限をそろえる", "同じ上限額を全ての申請に当て、小さい申請から満額になるように配ります。"),
    Method.HAND: ("手で入力", "0円から始めて、1件ずつ入力します。"),
}


@dataclass(frozen=True)
class Claim:
    """One application's part in the distribution.

    `most_yen` is what the rules let it have (request, rate, cap; whole yen), `rank` its priority (0 comes first),
    `arrival` its place in the order of receipt. `against`: a reviewer finds it unfit; methods give it nothing.
    """

    key: int
    most_yen: int
    rank: int = 1
    arrival: int = 0
    against: bool = False


def distribute(
    method: Method, claims: Sequence[Claim], *, budget_yen: int, unit_yen: int, partial: bool = True
) -> dict[int, int]:
    """Return the amount of each claim by its key, in whole yen and whole units.

    `partial` lets the last one in the order of priority have less than its most; without it the distribution ends
    before it. Raises ValueError for a unit or a budget below zero.
    """
    if unit_yen <= 0 or budget_yen < 0:
        raise ValueError(f"unit {unit_yen} and budget {budget_yen} must not be below zero")
    able = [claim for claim in claims if not claim.against]
    most = [floor_unit(claim.most_yen, unit_yen) // unit_yen for claim in able]
    given = _METHODS[method](able, most, budget_yen // unit_yen, partial)
    amounts = {claim.key: 0 for claim in claims}
    return amounts | {claim.key: units * unit_yen for claim, units in zip(able, given, strict=True)}


def _full(claims: Sequence[Claim], most: Sequence[int], budget: int, partial: bool) -> list[int]:
    return list(most)


def _none(claims: Sequence[Claim], most: Sequence[int], budget: int, partial: bool) -> list[int]:
    return [0] * len(claims)


def _pro_rata(claims: Sequence[Claim], most: Sequence[int], budget: int, partial: bool) -> list[int]:
    """By largest remainder (Hamilton), so that no unit is lost and nobody gets more than his most."""
    total = sum(most)
    if total <= budget:
        return list(most)
    given = [units * budget // total for units in most]
    rest = [units * budget % total for units in most]
    order = sorted(range(len(claims)), key=lambda at: (-rest[at], claims[at].arrival, claims[at].key))
    for at in order[: budget - sum(given)]:
        given[at] += 1
    return given


def _priority(claims: Sequence[Claim], most: Sequence[int], budget: int, partial: bool) -> list[int]:
    given = [0] * len(claims)
    left = budget
    for at in sorted(range(len(claims)), key=lambda at: (claims[at].rank, claims[at].arrival, claims[at].key)):
        if most[at] > left and not partial:
            break
        given[at] = min(most[at], left)
        left -= given[at]
    return given


def _level(claims: Sequence[Claim], most: Sequence[int], budget: int, partial: bool) -> list[int]:
    """Equal caps: the highest level that fits; units that are left go one each to the first that are cut."""
    low, high = 0, max(most, default=0)
    while low < high:
        level = (low + high + 1) // 2
        if sum(min(units, level) for units in most) <= budget:
            low = level
        else:
            high = level - 1
    given = [min(units, low) for units in most]
    cut = sorted((at for at in range(len(most)) if most[at] > low), key=lambda at: (claims[at].arrival, claims[at].key))
    for at in cut[: budget - sum(given)]:
        given[at] += 1
    return given


Share = Callable[[Sequence[Claim], Sequence[int], int, bool], list[int]]
_METHODS: dict[Method, Share] = {
    Method.FULL: _full,
    Method.PRO_RATA: _pro_rata,
    Method.PRIORITY: _priority,
    Method.LEVEL: _level,
    Method.HAND: _none,
}
