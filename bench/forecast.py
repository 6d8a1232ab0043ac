"""The forecast of six towns, data and PDF, as a person waits for it: random sets of Hokkaido, and the whole prefecture.

The baseline reads the same people town by town instead of all at once.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

ON = date(2026, 11, 21)
SETS = 8


def lines() -> Iterator[str]:
    """Load Hokkaido, draw random sets of six and then all 179 municipalities; yield JSON lines."""
    from common.documents import render_pdf
    from municipalities.load import load_all
    from municipalities.models import Municipality
    from municipalities.outlook import outlook
    from municipalities.population import populations
    from portal.forecast_paper import forecast_paper

    load_all(frozenset({"01"}))
    codes = list(Municipality.objects.existing(ON).filter(prefecture="01").values_list("pk", flat=True))
    dice = random.Random(1)
    sets = [dice.sample(codes, 6) for _ in range(SETS)]
    first = _seconds(lambda: render_pdf("D-33", forecast_paper(sets[0], "ipss_r5", ON)))  # loads engine and fonts
    data, pdf, cpu = [], [], []
    for chosen in sets:
        data.append(_seconds(lambda chosen=chosen: forecast_paper(chosen, "ipss_r5", ON)))  # type: ignore[misc]
        paper = forecast_paper(chosen, "ipss_r5", ON)
        started = time.process_time()
        pdf.append(_seconds(lambda paper=paper: render_pdf("D-33", paper)))  # type: ignore[misc]
        cpu.append(time.process_time() - started)
    together = _seconds(lambda: outlook(sets[0], on=ON))
    one_by_one = _seconds(lambda: [populations([code]) for code in codes])
    whole = forecast_paper(codes, "ipss_r5", ON)
    yield json.dumps(
        {
            "bench": "forecast",
            "towns": 6,
            "sets": SETS,
            "first_seconds": round(first, 2),
            "data_seconds": round(statistics.median(data), 3),
            "pdf_seconds": round(statistics.median(pdf), 2),
            "pdf_cpu_seconds": round(statistics.median(cpu), 2),
            "slowest_seconds": round(max(a + b for a, b in zip(data, pdf, strict=True)), 2),
            "whole_prefecture_pdf_seconds": round(_seconds(lambda: render_pdf("D-33", whole)), 2),
            "baseline": {"what": "people read town by town", "seconds": round(one_by_one, 3)},
            "ratio": round(one_by_one / together, 1),
        },
        ensure_ascii=False,
    )


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
