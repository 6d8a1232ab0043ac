"""What is added up while sets of towns grow: flags counted, people summed, what all members share.

A set's sums are its parent's plus those of the town it took, so a set of eight costs no more than a set of two. Counts
lie eight to a word, one byte each; shared things are bits of a mask that only keeps what every member has.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from subsidies.rules.facts import MemberFacts

Ints = NDArray[np.int64]
BYTES = 8
BITS = 64


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a gauge keeps one measure; a shared thing may take several words."""

    at: int
    words: int = 1


class Gauge:
    """Collects what is to be measured of the towns, each thing once; afterwards `start` and `grow` add it up."""

    def __init__(self, towns: Sequence[MemberFacts]) -> None:
        self.towns = towns
        self._counts: list[NDArray[np.uint8]] = []
        self._people: list[Ints] = []
        self._masks: list[NDArray[np.uint64]] = []
        self._known: dict[tuple[str, bytes], Slot] = {}
        self._packed: NDArray[np.uint64] | None = None

    def count(self, flag: Callable[[MemberFacts], bool]) -> Slot:
        """How many members have the flag."""
        flags = np.array([flag(town) for town in self.towns], np.uint8)
        return self._once("count", flags.tobytes(), lambda: self._counts.append(flags), len(self._counts))

    def people(self, number: Callable[[MemberFacts], int]) -> Slot:
        """The sum of a whole number over the members."""
        numbers = np.array([number(town) for town in self.towns], np.int64)
        return self._once("people", numbers.tobytes(), lambda: self._people.append(numbers), len(self._people))

    def shared(self, things: Callable[[MemberFacts], Iterable[Hashable]]) -> Slot:
        """Things (a zone, a bureau, a problem) of which those remain that every member has."""
        held = [list(things(town)) for town in self.towns]
        every = {thing: bit for bit, thing in enumerate(dict.fromkeys(one for some in held for one in some))}
        words = max(1, -(-len(every) // BITS))
        masks = np.zeros((len(self.towns), words), np.uint64)
        for town, some in enumerate(held):
            for thing in some:
                masks[town, every[thing] // BITS] |= np.uint64(1 << (every[thing] % BITS))
        start = len(self._masks)
        return self._once(
            "shared", masks.tobytes(), lambda: self._masks.extend(masks[:, word] for word in range(words)), start, words
        )

    def _once(self, kind: str, content: bytes, keep: Callable[[], object], at: int, words: int = 1) -> Slot:
        slot = self._known.get((kind, content))
        if slot is None:
            slot = self._known[kind, content] = Slot(at, words)
            keep()
            self._packed = None
        return slot

    def start(self, towns: Ints) -> Sums:
        """The sums of sets of one town each."""
        return Sums(self._words()[towns], [one[towns] for one in self._people], [one[towns] for one in self._masks])

    def grow(self, sums: Sums, parent: Ints | slice, town: Ints) -> Sums:
        """The sums of the sets that take one more town."""
        return Sums(
            sums.counts[parent] + self._words()[town],
            [had[parent] + one[town] for had, one in zip(sums.people, self._people, strict=True)],
            [had[parent] & one[town] for had, one in zip(sums.masks, self._masks, strict=True)],
        )

    def _words(self) -> NDArray[np.uint64]:
        """The counts of each town, eight to a word."""
        if self._packed is None:
            words = max(1, -(-len(self._counts) // BYTES))
            bytes_ = np.zeros((len(self.towns), words * BYTES), np.uint8)
            for at, flags in enumerate(self._counts):
                bytes_[:, at] = flags
            self._packed = bytes_.view(np.uint64)
        return self._packed


@dataclass(frozen=True)
class Sums:
    """The sums of many sets, one row each: packed counts, people by slot, masks by word."""

    counts: NDArray[np.uint64]
    people: list[Ints]
    masks: list[NDArray[np.uint64]]

    def __len__(self) -> int:
        return len(self.counts)

    def only(self, rows: Ints | slice) -> Sums:
        """These rows alone."""
        return Sums(self.counts[rows], [one[rows] for one in self.people], [one[rows] for one in self.masks])

    def where(self, rows: NDArray[np.bool_]) -> Sums:
        """The sums of these rows; nothing at all in the others."""
        return Sums(
            self.counts * rows[:, None], [one * rows for one in self.people], [one * rows for one in self.masks]
        )

    def plus(self, other: Sums, rows: NDArray[np.bool_]) -> Sums:
        """These sums with the other's added in the given rows (what is shared stays with what both share)."""
        more = other.where(rows)
        return Sums(
            self.counts + more.counts,
            [one + two for one, two in zip(self.people, more.people, strict=True)],
            [np.where(rows, one & two, one) for one, two in zip(self.masks, other.masks, strict=True)],
        )


@dataclass(frozen=True)
class Tally:
    """Sets of one size as the forms read them.

    `pieces` are the sums of the parts that each hang together on the map, where a set has several.
    """

    size: int
    sums: Sums
    pieces: tuple[Sums, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.sums)

    @property
    def connected(self) -> bool:
        """Whether these sets hang together on the map."""
        return not self.pieces

    @property
    def parts(self) -> tuple[Tally, ...]:
        """The pieces of each set; the set itself where it hangs together."""
        return tuple(Tally(0, piece) for piece in self.pieces) or (self,)

    def count(self, slot: Slot) -> Ints:
        """Members with the flag, for each set."""
        return self.sums.counts.view(np.uint8)[:, slot.at].astype(np.int64)

    def people(self, slot: Slot) -> Ints:
        """The sum over the members, for each set."""
        return self.sums.people[slot.at]

    def shares(self, slot: Slot) -> NDArray[np.bool_]:
        """Whether all members have at least one of the things in common."""
        return self.common(slot) > 0

    def common(self, slot: Slot) -> Ints:
        """How many of the things all members have in common."""
        found = np.zeros(len(self), np.int64)
        for word in range(slot.at, slot.at + slot.words):
            found += np.bitwise_count(self.sums.masks[word])
        return found

    def only(self, rows: Ints) -> Tally:
        """These rows alone."""
        return Tally(self.size, self.sums.only(rows), tuple(piece.only(rows) for piece in self.pieces))

    def all_of(self, code: int) -> NDArray[np.int8]:
        """The same result for every set."""
        return np.full(len(self), code, np.int8)
