"""The search for partners: how it grows with the size of the sets, beside judging each set with the plain engine.

Ground: the real municipalities of Hokkaido. `widest` is the town with the most connected sets of up to 8. The baseline
judges a sample of the same sets one by one with the engine that pages use; `plain_seconds` is its time per set times
the number of sets, `ratio` how many times longer that is than the search.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Iterator

SAMPLE = 400
PROGRAM, YEAR = "acceleration", 2024
WIDEST = "012165"  # 芦別市: no other town of Hokkaido is in more connected sets of up to 8 (2,647,301)


def lines() -> Iterator[str]:
    """Load the ground, search sizes 3 to 8 around the widest town and in the whole prefecture; yield JSON lines."""
    from municipalities.load import load_all
    from regions.load import load_all as load_regions
    from subsidies.load import load_all as load_programs
    from subsidies.partners.finder import Finder

    load_all(with_indicators=False)
    load_regions()
    load_programs()
    finder = Finder("01")
    per_set = _plain_seconds(finder)
    for given in (WIDEST, ""):
        for largest in range(3, 9):
            ask = finder.read({"program": PROGRAM, "fiscal_year": YEAR, "given": given, "largest": largest})
            times = []
            for _ in range(3 if largest < 8 else 5):
                started = time.perf_counter()
                answer = finder.find(ask)
                times.append(time.perf_counter() - started)
            seconds = sorted(times)[len(times) // 2]
            yield json.dumps(
                {
                    "bench": "partners",
                    "around": "芦別市" if given else "全道",
                    "largest": largest,
                    "sets": answer.searched,
                    "eligible": answer.counts.get("pass", 0),
                    "seconds": round(seconds, 3),
                    "sets_per_second": round(answer.searched / seconds),
                    "baseline": {
                        "what": "plain engine, set by set",
                        "plain_seconds": round(per_set * answer.searched, 1),
                    },
                    "ratio": round(per_set * answer.searched / seconds),
                    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                },
                ensure_ascii=False,
            )


def _plain_seconds(finder: object) -> float:
    """Seconds the plain engine needs for one set, facts included, over a sample of connected sets of every size."""
    import numpy as np

    from subsidies.partners.connected import Graph, levels, members
    from subsidies.partners.finder import Finder
    from subsidies.questions import Question
    from subsidies.rules.facts import RegionType

    assert isinstance(finder, Finder)
    ask = finder.read({"program": PROGRAM, "fiscal_year": YEAR, "given": WIDEST, "largest": 8})
    codes = finder.codes
    places = {code: place for place, code in enumerate(codes)}
    near = [[places[other] for other in finder.desk.ground.neighbours[code] if other in places] for code in codes]
    found = list(levels(Graph(near), [places[WIDEST]], 8))
    dice = random.Random(1)
    sizes = dice.choices(range(2, 9), weights=[len(level.town) for level in found[1:]], k=SAMPLE)
    questions = []
    for size in sizes:
        (towns,) = members(found, size, np.array([dice.randrange(len(found[size - 1].town))]))
        chosen = tuple(sorted(codes[int(town)] for town in towns))
        questions.append(Question(ask.program, ask.fiscal_year, chosen, RegionType.FLAT, "", ask.series, ask.on))
    finder.desk.judge(questions[0])
    started = time.perf_counter()
    for question in questions:
        finder.desk.judge(question)
    return (time.perf_counter() - started) / SAMPLE
