"""Cases for a person who asks for disclosure: papers drawn anew from masked data, the log without names."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from common.documents import Mark, render_pdf
from common.models import AuditEvent
from common.sheets.writing import Column, Encoding, csv_lines

from ..audit_trail import events_of, papers_of
from ..models import Application, Package
from .archive import zipped

MASK = "■■■"
PERSONAL = frozenset({
    "who", "name_of_person", "person", "drafter", "recorder", "attendees", "inspector", "inspected_who", "contact",
    "contacts", "phone", "tel", "fax", "mail", "email", "asked_by", "hearing_who", "reporter", "clerk", "judge",
    "judged_by", "by", "ip", "user", "author", "participants_names", "chair",
})  # fmt: skip
"""Fields of papers and events that name a person or how to reach one, whatever stands in them."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)0\d{1,4}[-－‐(（]\d{1,4}[-－‐)）]\d{3,4}(?!\d)")


def masked(value: Any, names: Sequence[str] = (), *, field: str = "") -> Any:
    """Return a deep copy in which personal fields say ■■■, and known names, mails and phones in other texts too.

    A personal field keeps its form (a list stays a list of as many, an empty one stays empty), so that papers draw.
    """
    if isinstance(value, Mapping):
        return {key: masked(inner, names, field=_field(key, field)) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, names, field=field) for inner in value]
    if not isinstance(value, str) or not value:
        return value
    if field:
        return MASK
    for name in names:
        value = value.replace(name, MASK)
    return _PHONE.sub(MASK, _MAIL.sub(MASK, value))


def _field(key: str, outer: str) -> str:
    """The personal field in which a value lies, also where it lies deeper in one; empty outside."""
    return key if key in PERSONAL else outer


def names_in(events: Collection[AuditEvent]) -> list[str]:
    """The names of the people who acted, as the log knows them: what follows the office in its words; longest first."""
    found = {event.who.rpartition(" ")[2].rpartition("　")[2].strip() for event in events if event.user_id}
    whole = {event.who.strip() for event in events if event.user_id}
    return sorted((name for name in found | whole if len(name) > 1), key=len, reverse=True)


def build(package: Package) -> tuple[bytes, int]:
    """Return the ZIP and how many files it holds; papers 庁内限り only where the package says so."""
    files: dict[str, bytes] = {}
    for application in package.applications.select_related("region").order_by("pk"):
        files |= _case(application, package)
    files["はじめにお読みください.txt"] = _readme(package)
    return zipped(files), len(files) + 1


def _case(application: Application, package: Package) -> dict[str, bytes]:
    events = list(events_of(application, package.upto_event))
    names = names_in(events)
    folder, files = application.number, dict[str, bytes]()
    for paper in papers_of(application):
        if (paper.internal and not package.with_internal) or paper.issued_at > package.asked_at:
            continue
        path = f"{folder}/{paper.pk:06d}_{paper.kind}.pdf"
        mark = Mark.DISCLOSURE | (Mark.INTERNAL if paper.internal else Mark(0))
        files[path] = render_pdf(paper.kind, masked(paper.snapshot, names), mark=mark)
    shown = [event for event in events if package.with_internal or not event.internal]
    files[f"{folder}/経過.csv"] = b"".join(csv_lines(_columns(names), shown, Encoding.UTF8))
    return files


def _columns(names: Sequence[str]) -> list[Column[AuditEvent]]:
    def text(value: object) -> str:
        return json.dumps(masked(value, names), ensure_ascii=False, sort_keys=True) if value else ""

    return [
        Column("番号", lambda event: event.pk),
        Column("日時", lambda event: timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M:%S")),
        Column("行為", lambda event: masked(event.title, names)),
        Column("氏名", lambda event: MASK if event.user_id else "システム"),
        Column("役割", lambda event: event.duties),
        Column("理由", lambda event: masked(event.reason, names)),
        Column("変更前", lambda event: text(event.before)),
        Column("変更後", lambda event: text(event.after)),
    ]


def _readme(package: Package) -> bytes:
    internal = "庁内限りの文書と記録を含みます。" if package.with_internal else "庁内限りの文書と記録は除いています。"
    lines = [
        "情報公開用の書き出し",
        f"対象　申請{package.applications.count()}件",
        f"個人の氏名・電話番号・メールアドレスは「{MASK}」に置き換えています。",
        internal,
        "文書は、発行したときの内容から「開示用」として描き直したもので、原本ではありません。",
        "個人を識別できる記述が残っていないことを、渡す前に必ず目で確かめてください。",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")
