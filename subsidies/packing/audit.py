"""D-32: one case as an auditor takes it away: papers, evidence, the log with its chain, and how to verify all of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from django.template.loader import render_to_string
from django.utils import timezone

from common import audit
from common.documents import DocumentError, ensure_pdf, freeze, render_pdf
from common.errors import Refused
from common.models import AuditEvent
from common.sheets.writing import Column, Encoding, csv_lines

from ..audit_trail import entries_of, events_of, files_of, papers_of
from ..models import Application, Package
from ..papers.packages import cover
from ..papers.schema import PackedFile
from .archive import sha256, zipped

COVER, README, VERIFY = "表紙.pdf", "はじめにお読みください.txt", "verify.py"
PAPERS, EVIDENCE, LOG = "文書", "証拠書類", "記録"


def build(package: Package) -> tuple[bytes, int]:
    """Return the ZIP and how many files it holds. The same case up to the same event gives the same bytes.

    Raises Refused where a paper or a file of the case cannot be read any more: a package with a gap is none.
    """
    application = package.applications.select_related(
        "call__program", "call__ruleset", "region__prefecture", "lead", "lead_bureau"
    ).get()
    events = list(events_of(application, package.upto_event))
    listed: list[PackedFile] = []
    files: dict[str, bytes] = {}

    def add(path: str, data: bytes, title: str, number: str = "", day: object = None) -> None:
        files[path] = data
        listed.append(PackedFile(path, title, number, day, len(data), sha256(data)))  # type: ignore[arg-type]

    for paper in papers_of(application):
        if paper.issued_at > package.asked_at:
            continue
        try:
            data = ensure_pdf(paper)
        except DocumentError as lost:
            raise Refused(f"「{paper.title}」のPDFを読み出せません。{lost}") from lost
        number = paper.number.text if paper.number else str(paper.snapshot["head"].get("number") or "")
        add(f"{PAPERS}/{paper.pk:06d}_{paper.kind}.pdf", data, paper.title, number, paper.issued_on)
    for stored in files_of(application).filter(uploaded_at__lte=package.asked_at):
        try:
            with stored.file.open("rb") as source:
                data = source.read()
        except FileNotFoundError as lost:
            raise Refused(f"添付「{stored.label}」（{stored.name}）のファイルを読み出せません。") from lost
        if sha256(data) != stored.sha256:
            raise Refused(f"添付「{stored.label}」（{stored.name}）は、受け付けたときの内容と一致しません。")
        path = f"{EVIDENCE}/{stored.pk:06d}{PurePath(stored.name).suffix}"
        gone = "（取り下げ済）" if stored.removed_at else ""
        day = timezone.localdate(stored.uploaded_at)
        add(path, data, f"{stored.label}：{stored.name}{gone}", "", day)
    add(f"{LOG}/操作の記録.csv", _csv(events), "操作の記録（表計算用）")
    add(f"{LOG}/操作の記録.html", _html(application, package), "操作の記録（読むため）")
    add(f"{LOG}/操作の記録.jsonl", _lines(events), "操作の記録（検証用）")
    add(f"{LOG}/連鎖.csv", _chain(events), "記録の連鎖（検証用）")
    add(VERIFY, (Path(__file__).parent / "verify.py").read_bytes(), "検証のプログラム（Python 3）")
    add(README, _readme(application, package, events), "確かめ方")
    snapshot = freeze(cover(application, package=package, events=events, files=listed))
    files[COVER] = render_pdf("D-32", snapshot)
    return zipped(files), len(files) + 1


def _csv(events: Sequence[AuditEvent]) -> bytes:
    columns: list[Column[AuditEvent]] = [
        Column("番号", lambda event: event.pk),
        Column("日時", lambda event: timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M:%S")),
        Column("氏名・所属", lambda event: event.who),
        Column("役割", lambda event: event.duties),
        Column("行為", lambda event: event.title),
        Column("理由", lambda event: event.reason),
        Column("庁内限り", lambda event: "庁内限り" if event.internal else ""),
        Column("変更前", lambda event: _plain(event.before)),
        Column("変更後", lambda event: _plain(event.after)),
        Column("接続元", lambda event: event.ip),
        Column("ハッシュ", lambda event: event.hash),
    ]
    return b"".join(csv_lines(columns, events, Encoding.UTF8))


def _plain(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""


def _html(application: Application, package: Package) -> bytes:
    shown = [entry for entry in entries_of(application) if entry.at <= package.asked_at]
    context = {"application": application, "entries": shown, "package": package}
    return render_to_string("subsidies/package_log.html", context).encode()


def _lines(events: Iterable[AuditEvent]) -> bytes:
    """One event a line: the text that was hashed, and its hash."""
    kept = ({"hash": event.hash, "text": audit.canonical(event)} for event in events)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in kept).encode()


def _chain(events: Sequence[AuditEvent]) -> bytes:
    """Number, hash and hash before of every event from the first to the last of the case, those of others too.

    Of the others nothing but their hashes leaves the portal; without them the chain would have gaps.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["番号", "前のハッシュ", "ハッシュ"])
    if events:
        between = AuditEvent.objects.filter(pk__gte=events[0].pk, pk__lte=events[-1].pk).order_by("pk")
        writer.writerows(between.values_list("pk", "previous_hash", "hash").iterator(chunk_size=2000))
    return target.getvalue().encode()


def _readme(application: Application, package: Package, events: Sequence[AuditEvent]) -> bytes:
    last = events[-1] if events else None
    context = {"application": application, "package": package, "events": len(events), "last": last}
    return render_to_string("subsidies/package_readme.txt", context).replace("\n", "\r\n").encode("utf-8-sig")
