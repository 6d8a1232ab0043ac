"""A list of 100,000 rows written out through its page, beside the rows alone; with the peak of memory of each form."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator

from django.test import Client
from django.urls import reverse

from common import clock
from common.models import AuditEvent
from common.viewer import Duty
from portal.exports import audit_columns
from tests.viewers import client_for, viewer

from .harness import Benchmark

ROWS = 100_000


def benchmarks() -> Iterator[Benchmark]:
    _fill()
    auditor, url = viewer(Duty.AU), reverse("portal:audit_export")
    client, columns = client_for(auditor), [column.heading for column in audit_columns(auditor)]
    for form in ("utf8", "cp932", "xlsx"):
        call = _taken(client, url, {"form": form, "columns": columns, "gaps": "ok"})
        yield Benchmark(
            f"exports.{form}",
            call,
            "the same rows by values_list and csv.writer",
            _bare,
            rounds=3,
            warmup=1,
            facts={"rows": ROWS, "columns": len(columns), "peak_mb": _peak(call)},
        )


def _taken(client: Client, url: str, asked: dict[str, object]) -> Callable[[], object]:
    """Take the file as a browser does, and forget each piece."""

    def call() -> None:
        response = client.post(url, asked)
        assert response.status_code == 200, response.status_code
        for _ in response.streaming_content:
            pass

    return call


def _bare() -> None:
    names = ("id", "at", "title", "internal", "reason", "subject_id", "who", "duties", "ip", "before", "after")
    text = io.StringIO()
    for row in AuditEvent.objects.order_by("-id").values_list(*names).iterator(chunk_size=2000):
        csv.writer(text).writerow(row)
        text.seek(0)
        text.truncate()


def _peak(call: Callable[[], object]) -> float:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 1024 / 1024, 1)


def _fill() -> None:
    """Events that nobody chained: only their number matters here."""
    now = clock.now()
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                id=number,
                at=now,
                user_id=None,
                who="空知総合振興局 地域政策課 デモ 審査担当",
                duties="BS",
                office_key="bureau:sorachi",
                ip="192.0.2.1",
                action="application.edit",
                title="経費を保存",
                subject_type="subsidies.application",
                subject_id=str(number % 500),
                internal=False,
                reason="",
                before={"金額": number},
                after={"金額": number + 1},
                previous_hash="0" * 64,
                hash=f"{number:064d}",
            )
            for number in range(1_000, ROWS + 1_000)
        ),
        5_000,
    )
