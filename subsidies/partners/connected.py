"""Every connected set of municipalities, each exactly once, level by level as arrays.

A set grows by one neighbour at a time. Beside each set stand two bit masks: `open`, the neighbours it may still take,
and `seen`, everything that is in it, next to it or was given to a sibling. A child takes one town of `open`; its
siblings keep only the towns after that one, and new towns join `open` only if nobody has seen them. So no set comes
twice and none is lost (the enumeration of connected subgraphs after Wernicke 2006, "ESU", on arrays instead of a
recursion).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Bit masks over towns: one row a set, 64 towns a word, town t is bit t % 64 of word t // 64."""
Places = NDArray[np.int64]

WORD = 64
CHUNK = 1 << 16  # rows whose masks are unfolded to bits at once: about 12 MB


class Graph:
    """Who touches whom, as bit masks; towns are numbered 0 … n-1."""

    def __init__(self, neighbours: Sequence[Sequence[int]]) -> None:
        """Take the neighbours of each town; a border counts in both directions."""
        self.size = len(neighbours)
        self.words = max(1, -(-self.size // WORD))
        self.near = np.zeros((self.size, self.words), np.uint64)
        for town, others in enumerate(neighbours):
            for other in others:
                if other != town:
                    self._join(town, other)
                    self._join(other, town)
        self.itself = np.zeros((self.size, self.words), np.uint64)
        self.after = np.zeros((self.size, self.words), np.uint64)
        for town in range(self.size):
            self.itself[town] = self.mask([town])
            self.after[town] = self.mask(range(town + 1, self.size))

    def _join(self, town: int, other: int) -> None:
        self.near[town, other // WORD] |= np.uint64(1 << (other % WORD))

    def mask(self, towns: Sequence[int] | range) -> Words:
        """Return one row of bits for these towns."""
        words = [0] * self.words
        for town in towns:
            words[town // WORD] |= 1 << (town % WORD)
        return np.array(words, np.uint64)


@dataclass(frozen=True)
class Level:
    """All sets of one size. Set i is set `parent[i]` of the level before with `town[i]` added; roots have none."""

    size: int
    parent: Places
    town: Places


def levels(graph: Graph, roots: Sequence[int], largest: int, *, alone: bool = True) -> Iterator[Level]:
    """Yield the connected sets that contain one of the roots, size 1 to `largest`, each set once.

    With several roots a set belongs to the first of them that it contains; `range(graph.size)` lists every connected
    set there is. With `alone` false one root is searched beside no other.
    """
    places = np.asarray(roots, np.int64)
    seen = graph.near[places] | graph.itself[places]
    if alone and len(places) > 1:
        before = np.bitwise_or.accumulate(graph.itself[places], axis=0)
        seen |= before
        open_ = graph.near[places] & ~before
    else:
        open_ = graph.near[places].copy()
    yield Level(1, np.full(len(places), -1, np.int64), places)
    for size in range(2, largest + 1):
        parent, town = children(open_)
        yield Level(size, parent, town)
        if size < largest:
            near = graph.near[town]
            known = seen[parent]
            open_ = (open_[parent] & graph.after[town]) | (near & ~known)
            seen = known | near


def children(open_: Words) -> tuple[Places, Places]:
    """Return for every set bit its row and its town, rows and towns ascending."""
    rows, words = open_.shape
    wide = words * WORD
    parents, towns = [], []
    for start in range(0, rows, CHUNK):
        bits = np.unpackbits(open_[start : start + CHUNK].view(np.uint8), axis=1, bitorder="little")
        places = np.flatnonzero(bits)
        row = places // wide
        parents.append(row + start)
        towns.append(places - row * wide)
    if not parents:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(parents), np.concatenate(towns)


def members(found: Sequence[Level], size: int, places: Places) -> NDArray[np.int64]:
    """Return the towns of these sets of one size, a row each in the order in which they were added.

    `found` are the levels from size 1 on, as `levels` yielded them.
    """
    towns = np.empty((len(places), size), np.int64)
    at = places
    for level in reversed(found[:size]):
        towns[:, level.size - 1] = level.town[at]
        at = level.parent[at]
    return towns
