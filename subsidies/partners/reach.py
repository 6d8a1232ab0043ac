"""Which municipalities could be in at least one eligible region: every connected set of the prefecture, judged once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .connected import Places
from .finder import Ready
from .forms import FAIL, PASS
from .search import COUNTED, Search, Tell, nothing_told
from .tally import Tally

BLOCK = 1 << 16
"""Sets whose towns are looked up at once; bounds the memory."""


class Reach(Search):
    """A search that keeps no proposals: it notes which towns stand in a set of each result."""

    def __init__(self, ready: Ready) -> None:
        of = ready.search
        super().__init__(of.graph, of.gauge, of.judge, of.ranking, of.wanted)
        self.towns = ready.towns
        self.seen = {code: np.zeros(of.graph.size, bool) for code in COUNTED}

    def find(self, tell: Tell = nothing_told) -> tuple[dict[str, int], dict[str, str]]:
        """How many sets there were by result, and for each town (6-digit code) the best result it can reach."""
        self.run(tell)
        best = {
            town.code: next((COUNTED[code] for code in sorted(COUNTED) if self.seen[code][place]), COUNTED[FAIL])
            for place, town in enumerate(self.towns)
        }
        return dict(self.counts), best

    def _judge(self, sets: Tally, towns_of: Callable[[Places], NDArray[np.int64]]) -> None:
        codes = np.maximum(self.judge(sets), PASS)  # where nothing applies, nothing stands against it
        for code, name in COUNTED.items():
            rows = np.flatnonzero(codes == code)
            self.counts[name] += len(rows)
            for start in range(0, len(rows), BLOCK):
                if self.seen[code].all():
                    break
                self.seen[code][towns_of(rows[start : start + BLOCK]).ravel()] = True
