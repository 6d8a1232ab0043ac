"""The letters that a batch issued: how many, how many are drawn, all of them in one archive."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from typing import IO

from django.db import transaction

from common import audit
from common.documents import ensure_pdf
from common.errors import Refused
from common.fiscal_year import wareki
from common.models import DocumentIssue
from common.viewer import Viewer

from .models import Batch, BatchRow, Decision

NONE = "この処理で発行した通知書はありません。"
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))
IN_MEMORY = 8 * 1024 * 1024


def letters_of(batch: Batch) -> list[DocumentIssue]:
    """The letters of the decisions that the batch took, in the order of its rows. One query."""
    done = batch.rows.filter(state=BatchRow.State.DONE).values("application")
    decisions = Decision.objects.filter(
        application__in=done, decided_by=batch.by_id, decided_at__gte=batch.at, document__isnull=False
    )
    rows = decisions.select_related("document__number", "application__region").order_by("document__number__value", "pk")
    return [_letter(one) for one in rows] if batch.act == Batch.Act.APPROVE else []


def _letter(decision: Decision) -> DocumentIssue:
    paper = decision.document
    assert paper is not None
    return paper


@transaction.atomic
def letters_archive(batch: Batch, viewer: Viewer) -> IO[bytes]:
    """Return a ZIP of every letter with a list of them, as an open file at its start; the caller closes it.

    The taking is written down. Raises Refused where there is none or where some are not drawn yet, DocumentError where
    one cannot be trusted.
    """
    letters = letters_of(batch)
    if not letters:
        raise Refused(NONE)
    if missing := sum(not paper.pdf for paper in letters):
        raise Refused(f"まだ{missing}通のPDFを作成しています。しばらくしてから受け取ってください。")
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    listed = io.StringIO(newline="")
    sheet = csv.writer(listed)
    sheet.writerow(["ファイル", "番号", "発行日", "宛先", "題名", "SHA-256"])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
        for place, paper in enumerate(letters, 1):
            number = paper.number.text if paper.number else ""
            name = f"{place:03}_{number}_{paper.addressee}".translate(FORBIDDEN)[:100] + ".pdf"
            archive.writestr(name, ensure_pdf(paper))
            sheet.writerow([name, number, wareki(paper.issued_on), paper.addressee, paper.title, paper.sha256])
        archive.writestr("一覧.csv", "\ufeff" + listed.getvalue())
    out.seek(0)
    audit.record(
        viewer,
        "batch.letters",
        batch,
        f"まとめて{batch.get_act_display()}の通知書{len(letters)}通を受け取り",
        after={"documents": [paper.pk for paper in letters]},
        internal=True,
    )
    return out
