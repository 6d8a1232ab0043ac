"""Measures one thing beside its own baseline, in turns in the same run, and says it in one JSON line."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Benchmark:
    """What is measured (`call`) and what it is compared with (`baseline`); `facts` describe the data (rows …)."""

    name: str
    call: Callable[[], object]
    baseline_name: str
    baseline: Callable[[], object]
    rounds: int = 30
    warmup: int = 3
    facts: dict[str, object] = field(default_factory=dict)


ONLY: set[str] = set()  # the names that were asked for; empty: all


def asked_for(name: str) -> bool:
    """Whether a benchmark is wanted: no name was given, or its own (`pdf.letter`), or that of its module (`pdf`)."""
    return not ONLY or bool({name, name.partition(".")[0]} & ONLY)


def measure(benchmark: Benchmark) -> str:
    """Run the two in turns and return the JSON line: medians and 95th percentiles in milliseconds, query counts.

    `ratio` is the median against the baseline's: 0.5 means half its time.
    """
    for _ in range(benchmark.warmup):
        benchmark.call()
        benchmark.baseline()
    own: list[float] = []
    other: list[float] = []
    for _ in range(benchmark.rounds):
        own.append(_milliseconds(benchmark.call))
        other.append(_milliseconds(benchmark.baseline))
    line = {
        "bench": benchmark.name,
        **_summary(own, benchmark.call),
        "baseline": {"what": benchmark.baseline_name, **_summary(other, benchmark.baseline)},
        "ratio": round(statistics.median(own) / statistics.median(other), 2),
        "rounds": benchmark.rounds,
        "database": connection.vendor,
        **benchmark.facts,
    }
    return json.dumps(line, ensure_ascii=False)


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _summary(times: list[float], call: Callable[[], object]) -> dict[str, float | int]:
    with CaptureQueriesContext(connection) as queries:
        call()
    return {
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        "queries": len(queries),
    }
