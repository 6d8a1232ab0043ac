"""List every set, judge it, keep the best: the arrays behind `finder`, without a query or a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from subsidies.rules.facts import MemberFacts

from .connected import Graph, Level, Places, Words, children, levels, members
from .forms import FAIL, JUDGE, NO_DATA, PASS, Judge
from .ranking import Ranking
from .tally import Gauge, Ints, Sums, Tally

ROWS = 1 << 19
"""Sets that are judged at once; bounds the memory of the last, largest level."""
PAIRS = 1 << 13
"""Sets with one remote member to which a second is added at once."""
MOST_WITH_REMOTE = 10_000_000
COUNTED = {PASS: "pass", JUDGE: "judge", NO_DATA: "no_data", FAIL: "fail"}


Tell = Callable[[int, int], None]


def nothing_told(size: int, largest: int) -> None:
    """For a search that nobody watches."""


class TooMany(ValueError):
    """A search that would take too long; `sets` is how many it would have to judge at least."""

    def __init__(self, sets: int) -> None:
        self.sets = sets
        super().__init__(f"{sets} sets")


@dataclass(frozen=True)
class Wanted:
    """What is searched: sets of `smallest` to `largest` towns that contain all of `given` (numbers of towns).

    With `remote` a connected set around the given towns may also take that many towns (1 or 2) that do not touch it.
    """

    given: tuple[int, ...]
    smallest: int
    largest: int
    limit: int
    remote: int = 0


@dataclass(frozen=True)
class Found:
    """How many sets there were by result (pass, judge, no_data, fail), and the best passing ones as town numbers."""

    counts: Counter[str]
    best: list[tuple[int, ...]]

    @property
    def searched(self) -> int:
        return self.counts.total()


class Best:
    """The best sets so far; among equals the one found first stays."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.keys: Ints = np.empty(0, np.int64)
        self.towns: list[tuple[int, ...]] = []

    def worth(self, keys: Ints) -> Places:
        """The places of those keys that may still get in, at most `limit`, the earliest among equals."""
        places = np.arange(len(keys))
        if len(self.towns) >= self.limit:
            places = np.flatnonzero(keys > self.keys[-1])
        if len(places) > self.limit:
            chosen = keys[places]
            edge = np.partition(chosen, -self.limit)[-self.limit]
            over = places[chosen > edge]
            places = np.concatenate([over, places[chosen == edge][: self.limit - len(over)]])
        return places

    def take(self, keys: Ints, towns: Sequence[tuple[int, ...]]) -> None:
        """Let these in and drop whatever is beyond the limit."""
        every = np.concatenate([self.keys, keys])
        order = np.argsort(-every, kind="stable")[: self.limit]
        both = [*self.towns, *towns]
        self.keys, self.towns = every[order], [both[at] for at in order]


class Search:
    """One search over the towns of a gauge. `run` may be called once."""

    def __init__(self, graph: Graph, gauge: Gauge, judge: Judge, ranking: Ranking, wanted: Wanted) -> None:
        self.graph, self.gauge, self.judge, self.ranking, self.wanted = graph, gauge, judge, ranking, wanted
        codes = {gauge.towns[town].code for town in wanted.given}

        def is_given(town: MemberFacts) -> bool:
            return town.code in codes

        self.given = gauge.count(is_given)
        self.counts: Counter[str] = Counter()
        self.best = Best(wanted.limit)
        self.levels: list[Level] = []

    def run(self, tell: Tell = nothing_told) -> Found:
        """Judge every set and keep the best; `tell` hears the size of the sets done, and of the largest.

        Raises TooMany for remote members added to too many sets.
        """
        roots = self.wanted.given[:1] or range(self.graph.size)
        sums: Sums | None = None
        hoods: Words | None = None
        for level in levels(self.graph, roots, self.wanted.largest):
            self.levels.append(level)
            blocks = self._blocks(sums, level)
            if level.size < self.wanted.largest:
                sums = self.gauge.start(level.town) if sums is None else self.gauge.grow(sums, level.parent, level.town)
                blocks = self._blocks(sums, level, grown=True)
            if level.size >= self.wanted.smallest:
                for rows, some in blocks:
                    self._judge(Tally(level.size, some), partial(self._towns, rows, ()))
            if self.wanted.remote and sums is not None and level.size < self.wanted.largest:
                near = self.graph.near[level.town] | self.graph.itself[level.town]
                hoods = near if hoods is None else hoods[level.parent] | near
                self._add_remote(sums, hoods)
            tell(level.size, self.wanted.largest)
        return Found(self.counts, self.best.towns)

    def _blocks(self, sums: Sums | None, level: Level, *, grown: bool = False) -> Iterator[tuple[Places, Sums]]:
        """The sets of a level in blocks of rows; unless they have `grown`, `sums` are those of the level before."""
        for start in range(0, len(level.town), ROWS):
            part = slice(start, start + ROWS)
            rows = np.arange(start, min(start + ROWS, len(level.town)))
            if sums is None:
                yield rows, self.gauge.start(level.town[part])
            elif grown:
                yield rows, sums.only(part)
            else:
                yield rows, self.gauge.grow(sums, level.parent[part], level.town[part])

    def _judge(self, sets: Tally, towns_of: Callable[[Places], NDArray[np.int64]]) -> None:
        """Count the results of these sets and let the best of those that pass in; `towns_of` names towns by row."""
        rows = np.arange(len(sets))
        if len(self.wanted.given) > 1:  # the first of them is in every set
            rows = np.flatnonzero(sets.count(self.given) == len(self.wanted.given))
            sets = sets.only(rows)
        codes = self.judge(sets)
        for code, name in COUNTED.items():
            self.counts[name] += int(np.count_nonzero(np.maximum(codes, PASS) == code))
        good = np.flatnonzero(codes <= PASS)  # where nothing applies, nothing stands against it
        keys = self.ranking.keys(sets.only(good))
        worth = self.best.worth(keys)
        self.best.take(keys[worth], [tuple(sorted(int(town) for town in row)) for row in towns_of(rows[good[worth]])])

    def _towns(self, rows: Places, added: tuple[Places, ...], some: Places) -> NDArray[np.int64]:
        """The towns of some sets: those of the connected set in this row of the level, and the remote ones added."""
        return np.column_stack([members(self.levels, len(self.levels), rows[some]), *(towns[some] for towns in added)])

    def _add_remote(self, sums: Sums, hoods: Words) -> None:
        """Add one or two towns that do not touch the connected sets of this level."""
        size = len(self.levels)
        rows = np.flatnonzero(Tally(size, sums).count(self.given) == len(self.wanted.given))
        everywhere = self.graph.mask(range(self.graph.size))
        far = everywhere & ~hoods[rows]
        two = self.wanted.remote > 1 and size + 2 <= self.wanted.largest
        if two:
            counts = np.bitwise_count(far).sum(axis=1, dtype=np.int64)
            expected = int((counts * (counts - 1) // 2).sum())
            if expected > MOST_WITH_REMOTE:
                raise TooMany(expected)
        core, first = children(far)
        core_sums = sums.only(rows)
        for start in range(0, len(core), PAIRS if two else ROWS):
            part = slice(start, start + (PAIRS if two else ROWS))
            at, one = core[part], first[part]
            own, alone = core_sums.only(at), self.gauge.start(one)
            if size + 1 >= self.wanted.smallest:
                sets = Tally(size + 1, self.gauge.grow(own, slice(None), one), (own, alone))
                self._judge(sets, partial(self._towns, rows[at], (one,)))
            if two:
                self._add_second(rows[at], one, own, far[at] & self.graph.after[one])

    def _add_second(self, rows: Places, one: Places, own: Sums, far: Words) -> None:
        """Add a second remote town to sets that have taken one; the two may touch each other."""
        pair, two = children(far)
        cores, first, second = own.only(pair), self.gauge.start(one[pair]), self.gauge.start(two)
        touching = ((self.graph.near[one[pair]] & self.graph.itself[two]) != 0).any(axis=1)
        whole = self.gauge.grow(self.gauge.grow(cores, slice(None), one[pair]), slice(None), two)
        pieces = (cores, first.plus(second, touching), second.where(~touching))
        self._judge(Tally(len(self.levels) + 2, whole, pieces), partial(self._towns, rows[pair], (one[pair], two)))
