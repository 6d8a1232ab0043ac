"""The nearest changes of a set of towns that turn its whole verdict: join one, leave one, swap two …

Sets around the asked one are listed by the number of towns that join or leave and judged as arrays; the first number
at which any passes is the answer. What is shown is judged again by the plain engine, and a disagreement is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from subsidies.questions import Desk, Question
from subsidies.rules.facts import ApplicationFacts, MemberFacts, RegionType
from subsidies.rules.verdict import Result

from .finder import Disagreement
from .forms import JUDGE, PASS, Judge
from .tally import Gauge, Tally
from .verdicts import NoForm, compile_rules

MOST_CHANGES = 3
MOST_SHOWN = 5
SMALLEST, LARGEST = 2, 20
Set = frozenset[int]
GOALS = {PASS: (Result.PASS, Result.NOT_APPLICABLE), JUDGE: (Result.JUDGE,)}


@dataclass(frozen=True)
class Change:
    """Towns that join and towns that leave; `members` are the codes afterwards."""

    joining: tuple[MemberFacts, ...]
    leaving: tuple[MemberFacts, ...]
    members: tuple[str, ...]

    @property
    def text(self) -> str:
        """What to do, as a label to press: 共和町を外して京極町を加える."""
        joined = "・".join(town.name for town in self.joining)
        left = "・".join(town.name for town in self.leaving)
        if joined and left:
            return f"{left}を外して{joined}を加える"
        return f"{joined}を加える" if joined else f"{left}を外す"


@dataclass(frozen=True)
class Nearest:
    """The smallest changes that lead to `result`; `more` are as small and not shown. Without `changes` none helps.

    `result` is PASS, or JUDGE where no change of up to three towns passes without people judging.
    """

    changes: tuple[Change, ...] = ()
    more: int = 0
    result: Result = Result.PASS


def nearest_changes(desk: Desk, question: Question, result: Result, keep: Collection[str] = ()) -> Nearest | None:
    """Find the smallest changes of the towns asked about under which the verdict is better than `result`.

    Towns join only where they touch the set, and the new set hangs together; those in `keep` stay in. None where
    there is nothing to look for: a verdict that holds, too many towns, a hub, a rule that arrays cannot judge.
    """
    if result not in (Result.FAIL, Result.JUDGE, Result.NO_DATA) or question.type != RegionType.FLAT:
        return None
    if not SMALLEST <= len(question.members) <= LARGEST:
        return None
    around = _Around(desk, question, keep)
    try:
        judge = compile_rules(desk.rules(question.program, question.fiscal_year), around.gauge, around.sample)
    except NoForm:
        return None
    return around.look(judge, (PASS, JUDGE) if result == Result.FAIL else (PASS,))


class _Around:
    """The sets around one question, ring by ring: those of ring n differ by n towns."""

    def __init__(self, desk: Desk, question: Question, keep: Collection[str]) -> None:
        self.desk, self.question = desk, question
        prefecture = question.members[0][:2]
        whole = desk.ground.region(
            sorted(code for code in desk.ground.names if code[:2] == prefecture),
            program=question.program, fiscal_year=question.fiscal_year, on=question.on, series=question.series,
        )  # fmt: skip
        self.towns, self.gauge = whole.members, Gauge(whole.members)
        self.sample = ApplicationFacts.of_region(whole)
        places = {town.code: place for place, town in enumerate(self.towns)}
        self.near = [frozenset(places[code] for code in town.neighbours if code in places) for town in self.towns]
        self.start = frozenset(places[code] for code in question.members)
        self.kept = frozenset(places[code] for code in keep if code in places)
        self.bureaus = {self.towns[place].bureau for place in self.start}

    def look(self, judge: Judge, goals: Sequence[int]) -> Nearest:
        """Go outwards until a ring reaches the first goal; the first ring at a later goal is the second choice."""
        seen, ring = {self.start}, {self.start}
        second = Nearest()
        for _ in range(MOST_CHANGES):
            ring = {one for some in ring for one in self._moves(some)} - seen
            seen |= ring
            some = [one for one in ring if self._hangs_together(one)]
            codes = self._codes(some, judge)
            for goal in goals:
                if found := sorted((one for one in some if codes[one] <= goal), key=self._order):
                    nearest = self._told(found, goal)
                    if goal == goals[0]:
                        return nearest
                    second = second if second.changes else nearest
        return second

    def _moves(self, some: Set) -> Iterator[Set]:
        """Sets one town further from the start: what joined does not leave again, what left does not come back."""
        for town in {other for one in some for other in self.near[one]} - some - self.start:
            yield some | {town}
        if len(some) > SMALLEST:
            for town in (some & self.start) - self.kept:
                yield some - {town}

    def _hangs_together(self, some: Set) -> bool:
        reached: set[int] = set()
        edge = {next(iter(some))}
        while edge:
            reached |= edge
            edge = {other for one in edge for other in self.near[one] if other in some} - reached
        return len(reached) == len(some)

    def _codes(self, sets: Sequence[Set], judge: Judge) -> dict[Set, int]:
        """The result of each set as a number of `forms`, judged size by size."""
        found: dict[Set, int] = {}
        for size in {len(one) for one in sets}:
            some = [one for one in sets if len(one) == size]
            table = np.array([sorted(one) for one in some], np.int64)
            sums = self.gauge.start(table[:, 0])
            for column in range(1, size):
                sums = self.gauge.grow(sums, slice(None), table[:, column])
            found |= dict(zip(some, judge(Tally(size, sums)).tolist(), strict=True))
        return found

    def _order(self, some: Set) -> tuple[object, ...]:
        """Rather join than leave, rather under the same bureau; then by code."""
        joining, leaving = some - self.start, self.start - some
        elsewhere = sum(self.towns[town].bureau not in self.bureaus for town in joining)
        return len(leaving), elsewhere, sorted(joining), sorted(leaving)

    def _told(self, found: Sequence[Set], goal: int) -> Nearest:
        shown = [self._change(some, goal) for some in found[:MOST_SHOWN]]
        return Nearest(tuple(shown), len(found) - len(shown), GOALS[goal][0])

    def _change(self, some: Set, goal: int) -> Change:
        codes = tuple(sorted(self.towns[town].code for town in some))
        ask = self.question
        verdict = self.desk.judge(
            Question(ask.program, ask.fiscal_year, codes, RegionType.FLAT, "", ask.series, ask.on)
        )
        if verdict.result not in GOALS[goal]:
            raise Disagreement(f"{'、'.join(codes)}: {GOALS[goal][0]} as arrays, {verdict.result} by the engine")
        return Change(
            tuple(self.towns[town] for town in sorted(some - self.start)),
            tuple(self.towns[town] for town in sorted(self.start - some)),
            codes,
        )
