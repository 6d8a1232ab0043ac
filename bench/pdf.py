"""Papers as PDF beside plain WeasyPrint of the same HTML, fonts and variant, in turns in the same run.

A letter of two pages, an annual report of about forty pages, and 200 letters decided as one batch on two workers.
Plain WeasyPrint reads style sheets and fonts for every file, as its own example does, and makes PDF/A-3a; ours is
PDF/UA-1 too, ends its streams cleanly and checks every character.
`pdf.letter`, `pdf.annual_report` and `pdf.batch` run alone, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from common.documents import Head, conformance, drawn_by_workers, freeze, render_pdf
from common.documents.fonts import FOLDER
from common.documents.rendering import html_of, render_pdf_pages, stylesheet
from common.models import Task
from portal.annual import shape
from subsidies.batch_letters import letters_of
from subsidies.models import Batch, Call
from subsidies.services import batches
from tests.common import samples
from tests.factories.subsidies import CallFactory, Scene

from .harness import Benchmark, asked_for

CHAPTERS, ROWS = 10, 88  # forty pages
LETTERS, WORKERS, PATIENCE = int(os.environ.get("BENCH_LETTERS", "200")), 2, 900


def benchmarks() -> Iterator[Benchmark]:
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")  # plain WeasyPrint draws with the same fonts
    for name, kind, snapshot, rounds in (
        ("pdf.letter", "D-08", letter(), 10),
        ("pdf.annual_report", "D-28", annual_report(), 3),
    ):
        if not asked_for(name):
            continue
        data, pages = render_pdf_pages(kind, snapshot)
        yield Benchmark(
            name,
            lambda kind=kind, snapshot=snapshot: render_pdf(kind, snapshot),  # type: ignore[misc]
            "plain WeasyPrint, same HTML, fonts and variant",
            lambda kind=kind, snapshot=snapshot: plain(kind, snapshot),  # type: ignore[misc]
            rounds=rounds,
            warmup=1,
            facts={"pages": pages, "bytes": len(data)},
        )


def letter() -> Mapping[str, Any]:
    """The decision letter of the mockup with its annex."""
    return samples.sample("D-08")


def annual_report() -> dict[str, Any]:
    """An annual report with as many chapters and rows as a prefecture of 179 municipalities has after some years."""
    chapters = tuple(
        shape.Chapter(
            f"c{number}",
            f"第{number}章の題名",
            (_section(number),),
            said=("この章の数え方を示す。" * 4,),
            number=number,
        )
        for number in range(1, CHAPTERS + 1)
    )
    head = Head("年次報告書", ("広域連携 年次報告書", "令和8年度"), issued_on=date(2027, 3, 31))
    return freeze(shape.AnnualReport(head, 2026, "令和8年度", "北海道", "令和9年3月31日", chapters))


def _section(number: int) -> shape.Section:
    heads = (
        shape.Head("連携地域", look="mid"),
        shape.Head("取組", look="wide"),
        shape.Head("市町村", look="wide"),
        shape.Head("申請額", "円", num=True),
        shape.Head("交付決定額", "円", num=True),
        shape.Head("確定額", "円", num=True),
        shape.Head("達成率", "％", num=True),
        shape.Head("期日", look="nw"),
    )
    rows = tuple(
        (
            f"連携地域{row // 4}",
            f"地域公共交通の維持確保と利用促進（その{row}）",
            "岩見沢市・美唄市・三笠市・長沼町・栗山町",
            8_000_000 + row * 1_000,
            7_500_000 + row * 1_000,
            7_400_000 + row * 1_000,
            f"{row % 130}.{row % 10}",
            "2026-05-10",
        )
        for row in range(ROWS)
    )
    table = shape.Table(f"表{number}", "取組別の額", heads, rows, total=("計", "", "", 1, 1, 1, None, ""), groups=1)
    return shape.Section("取組別の額", tables=(table,))


def plain(kind: str, snapshot: Mapping[str, Any]) -> bytes:
    """The same HTML by WeasyPrint alone."""
    data: bytes = HTML(
        string=html_of(kind, snapshot), base_url=str(settings.BASE_DIR / "templates" / "documents")
    ).write_pdf(
        stylesheets=[settings.BASE_DIR / "static" / stylesheet(kind)],
        font_config=FontConfiguration(),
        pdf_variant=conformance.VARIANT,
    )
    return data


def lines() -> Iterator[str]:
    """The batch needs two processes at the database at once: on PostgreSQL only."""
    if not asked_for("pdf.batch"):
        return
    if connection.vendor != "postgresql":
        yield json.dumps({"bench": "pdf.batch", "skipped": "two workers need PostgreSQL: scripts/with_postgres"})
        return
    batch = _batch()
    environment = os.environ | {"DATABASE_URL": _database(), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "manage.py", "worker"]
    workers = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
        for _ in range(WORKERS)
    ]
    seen: list[int] = []
    started = time.perf_counter()
    try:
        while (drawn := sum(bool(paper.pdf) for paper in letters_of(batch))) < LETTERS:
            seen.append(drawn)
            if time.perf_counter() - started > PATIENCE:
                break
            time.sleep(0.5)
        seconds = time.perf_counter() - started
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
    letters = letters_of(batch)
    line = {
        "bench": "pdf.batch",
        "letters": len(letters),
        "drawn": drawn,
        "workers": WORKERS,
        "seconds": round(seconds, 1),
        "numbers": len({paper.number_id for paper in letters}),
        "progress_seen": len(set(seen)),
        "bytes": sum(paper.pdf.size for paper in letters[:10]) // 10,
        "database": connection.vendor,
    }
    yield json.dumps(line, ensure_ascii=False)


def _batch() -> Batch:
    """200 requests that wait for their decision, and the batch that takes them all; nothing of it is measured."""
    scene = Scene()
    cases = []
    with transaction.atomic(), drawn_by_workers():
        for number in range(LETTERS):
            if number:
                scene.call = cast(Call, CallFactory(ruleset=scene.call.ruleset, budgets={"sorachi": 20_000_000}))
            cases.append(scene.application("approval", grant_yen=5_000_000))
        head = scene.head()
        for case in cases:
            batches.note_opening(case, head)
    Task.objects.all().delete()  # the papers of the requests are nobody's here
    return batches.start(
        viewer=head,
        act="approve",
        parameters={"act": "grant", "comment": ""},
        application_ids=[case.pk for case in cases],
    )


def _database() -> str:
    """The address of the database of this run."""
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
