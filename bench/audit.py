"""What a chained audit event costs beside a bare row of the same content."""

from __future__ import annotations

from collections.abc import Iterator

from common import audit, clock
from common.models import Notice
from common.viewer import SYSTEM

from .harness import Benchmark

CHANGE = {"金額": 8_640_000, "状態": "提出済", "理由": "参加市町村の同意がそろったため"}


def benchmarks() -> Iterator[Benchmark]:
    def event() -> None:
        audit.record(SYSTEM, "bench", ("bench", 1), "計測", before=CHANGE, after=CHANGE)

    def row() -> None:
        Notice.objects.create(office_key="bench", duties="", title="計測", body=str(CHANGE) * 2, created_at=clock.now())

    yield Benchmark("audit.record", event, "one row without a chain", row, rounds=300)
