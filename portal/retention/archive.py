"""The archive of a decided list: one ZIP in open formats (CSV, JSON, PDF, files as uploaded) with the hash of each."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core import serializers
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder

from common import audit
from common.documents import ensure_pdf
from common.models import AuditEvent
from common.sheets.writing import csv_lines
from common.tasks import Run, task
from common.viewer import SYSTEM

from ..exports import disposal_columns
from ..models import DisposalItem, DisposalList
from .extent import Extent, Table
from .register import MODELS

ARCHIVE = "retention.archive"
STAMP = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file
READ_ME = """この保存用ファイルは、廃棄リストの決定にもとづいて作成したものです。
list.csv と list.json に対象の一覧、フォルダーごとに登録内容（record.json）、操作の記録（events.json）、
発行した文書（documents）、添付された書類（files）があります。
manifest.json に各ファイルのSHA-256があります。sha256sum などで、内容が変わっていないことを確かめられます。
"""


@task(ARCHIVE, title="保存用ファイルの作成")
def write_archive(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Write the archive of the decided list once; run again after a kill it starts anew and leaves one file."""
    standing = DisposalList.objects.get(pk=payload["list"])
    if standing.archive and default_storage.exists(standing.archive.name):
        return {"sha256": standing.archive_sha256}
    items = list(standing.items.exclude(treatment=DisposalItem.Treatment.EXTEND))
    with tempfile.TemporaryFile() as target:
        for done, _ in enumerate(fill(target, standing, items), start=1):
            run.progress(done, len(items), "保存用ファイルに書いています。")
        target.seek(0)
        sha256 = hashlib.file_digest(target, "sha256").hexdigest()
        name = f"disposal/list-{standing.pk:06d}-{sha256[:16]}.zip"
        if not default_storage.exists(name):
            target.seek(0)
            name = default_storage.save(name, File(target))
    with run.atomic():
        DisposalList.objects.filter(pk=standing.pk).update(archive=name, archive_sha256=sha256)
        audit.record(
            SYSTEM,
            "disposal.archive",
            standing,
            f"{standing}の保存用ファイルを作成",
            after={"sha256": sha256},
            internal=True,
        )
    return {"sha256": sha256}


def fill(target: IO[bytes], standing: DisposalList, items: list[DisposalItem]) -> Iterator[DisposalItem]:
    """Write the ZIP, telling after each thing that it is in; `manifest.json` comes last."""
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes) -> None:
            hashes[name] = hashlib.sha256(data).hexdigest()
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)

        put("README.txt", READ_ME.encode())
        put("list.csv", b"".join(csv_lines(disposal_columns(), items)))
        put("list.json", _json({"list": _rows([standing]), "items": _rows(items)}))
        for item in items:
            for name, data in _contents(item):
                put(f"{item.kind}-{item.key}/{name}", data)
            yield item
        archive.writestr(zipfile.ZipInfo("manifest.json", STAMP), _json(hashes), zipfile.ZIP_DEFLATED)


def _contents(item: DisposalItem) -> Iterator[tuple[str, bytes]]:
    """The thing with everything that belongs to it, its history, its papers and its files."""
    model = MODELS[item.kind]
    subject = {"subject_type": model._meta.label_lower, "subject_id": item.key}
    extent = Extent(item.kind, [item.key])
    record: dict[str, Any] = {}
    for table in extent.shape.tables:
        if rows := _rows(extent.rows(table)):
            record[_table_name(table)] = rows
    yield "record.json", _json(record)
    yield "events.json", _json(_rows(AuditEvent.objects.filter(**subject).order_by("pk")))
    for paper in extent.papers():
        yield f"documents/{paper.pk:06d}-{paper.kind}.pdf", ensure_pdf(paper)
        yield f"documents/{paper.pk:06d}-{paper.kind}.json", _json(_rows([paper]))
    for stored in extent.files():
        with stored.file.open("rb") as content:
            yield f"files/{stored.pk:06d}-{stored.name}", content.read()


def _table_name(table: Table) -> str:
    """subsidies.costline.application: the table and the way from it to the thing; the thing itself without a way."""
    name = table.model._meta.label_lower
    return name if table.path == "pk" else f"{name}.{table.path}"


def _rows(rows: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = serializers.serialize("python", rows)
    return found


def _json(data: object) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True).encode()
