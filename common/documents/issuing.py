"""Issuing a paper: the number, the frozen data and the event in one transaction; the PDF is drawn from them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Model

from .. import audit, clock
from ..errors import Refused
from ..locks import locking
from ..models import DocumentIssue, Task
from ..tasks import enqueue
from ..viewer import Office, Viewer
from .errors import HashMismatch, Superseded
from .head import plain
from .numbering import Numbering, take_number
from .rendering import Mark, check, render_pdf, render_pdf_pages, template_version

DRAW = "documents.draw"
_workers: ContextVar[bool] = ContextVar("drawn by workers", default=False)
LONG = 2000  # values; about 5 ms a table row, so up to this a reader waits less than two seconds


@transaction.atomic
def issue(
    kind: str,
    snapshot: Mapping[str, Any],
    *,
    subject: Model | tuple[str, object],
    office: Office,
    viewer: Viewer,
    on: date,
    numbering: Numbering | None = None,
    title: str = "",
    addressee: str = "",
    internal: bool = False,
) -> DocumentIssue:
    """Issue a paper inside the caller's transaction and return its row; the PDF follows when that commits.

    The number is taken last of all checks, so that a paper that cannot be printed takes none. `head.number` and
    `head.issued_on` of the stored snapshot are those given here; without `numbering` the snapshot's own number stays
    (a form of a town bears the town's). `title` and `addressee` default to those of the head.
    Raises UnknownKind, MissingData and MissingGlyph; then nothing is written.
    """
    frozen = plain(dict(snapshot))
    head = frozen["head"]
    head["issued_on"] = on.isoformat()
    check(kind, frozen)
    number = take_number(numbering, office=office, on=on, subject=subject) if numbering else None
    if number:
        head["number"] = number.text
    subject_type, subject_id = audit.subject_of(subject)
    document = DocumentIssue.objects.create(
        kind=kind,
        template_version=template_version(kind),
        title=title or head["title"],
        subject_type=subject_type,
        subject_id=str(subject_id),
        office_key=office.key,
        addressee=addressee or "　".join(head["addressee"]),
        number=number,
        issued_on=on,
        issued_at=clock.now(),
        issued_by_id=viewer.user_id,
        internal=internal,
        snapshot=frozen,
    )
    audit.record(
        viewer,
        "document.issue",
        subject,
        f"{document.title}を発行",
        after={"document": document.pk, "kind": kind, "number": head["number"], "snapshot": digest(frozen)},
        internal=internal,
    )
    if _workers.get() or is_long(frozen):
        draw_later(document, viewer)
    else:
        transaction.on_commit(partial(draw, document.pk), robust=True)
    return document


@contextmanager
def drawn_by_workers() -> Iterator[None]:
    """Inside, every paper that is issued is drawn by the workers: many letters at once, on as many as there are."""
    before = _workers.set(True)
    try:
        yield
    finally:
        _workers.reset(before)


def ensure_pdf(document: DocumentIssue) -> bytes:
    """Return the PDF as it was issued, drawing and storing it where that has not happened yet.

    Raises HashMismatch if the stored file is not the one that was issued, Superseded if the file is lost and the
    template has changed so that the same bytes cannot be drawn again.
    """
    if document.pdf and default_storage.exists(document.pdf.name):
        with default_storage.open(document.pdf.name) as stored:
            data: bytes = stored.read()
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise HashMismatch(document.title)
        return data
    data, pages = render_pdf_pages(document.kind, document.snapshot, mark=_own_mark(document))
    sha256 = hashlib.sha256(data).hexdigest()
    if document.sha256 and sha256 != document.sha256:
        raise Superseded(document.title)
    name = document.pdf.name or f"documents/{document.issued_on:%Y/%m}/{document.kind}-{document.pk:06d}.pdf"
    saved = default_storage.save(name, ContentFile(data))
    with transaction.atomic():
        current = locking(DocumentIssue.objects).get(pk=document.pk)
        first = current.pdf.name == document.pdf.name
        if first:
            current.pdf.name, current.sha256, current.pages = saved, sha256, pages
            current.save(update_fields=["pdf", "sha256", "pages"])
    if not first:  # somebody else stored the same bytes meanwhile
        default_storage.delete(saved)
    document.pdf.name, document.sha256, document.pages = current.pdf.name, current.sha256, current.pages
    return data


def open_pdf(document: DocumentIssue, viewer: Viewer) -> bytes:
    """Return the PDF for a reader; a look at a paper marked 庁内限り is written down."""
    if document.internal:
        audit.record(viewer, "document.look", _subject(document), f"{document.title}を閲覧", internal=True)
    return ensure_pdf(document)


def reprint(document: DocumentIssue, viewer: Viewer) -> bytes:
    """Count one more copy and return it, marked 再発行 on every page, and 差替済 where another paper took its place.

    The stored original stays as it is.
    """
    mark = mark_of(document) or Mark(0)
    data = render_pdf(document.kind, document.snapshot, mark=mark | Mark.REPRINT)
    with transaction.atomic():
        DocumentIssue.objects.filter(pk=document.pk).update(reprints=F("reprints") + 1)
        document.refresh_from_db(fields=["reprints"])
        audit.record(
            viewer,
            "document.reprint",
            _subject(document),
            f"{document.title}を再発行（{document.reprints}回目）",
            after={"document": document.pk, "reprints": document.reprints},
            internal=document.internal,
        )
    return data


@transaction.atomic
def supersede(old: DocumentIssue, new: DocumentIssue, viewer: Viewer) -> None:
    """Mark that `new` takes the place of `old` (差替済). The old paper keeps its number, data and stored PDF.

    Raises Refused where another paper has taken its place already.
    """
    standing = locking(DocumentIssue.objects).get(pk=old.pk)
    if standing.superseded_by_id not in (None, new.pk):
        raise Refused(f"「{standing.title}」は、既に別の文書に差し替えられています。")
    standing.superseded_by = new
    standing.save(update_fields=["superseded_by"])
    old.superseded_by = new
    audit.record(
        viewer,
        "document.supersede",
        _subject(standing),
        f"{standing.title}を差替え",
        after={"document": standing.pk, "superseded_by": new.pk},
        internal=standing.internal,
    )


def digest(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a snapshot's canonical JSON, as the audit event of its issue carries it."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mark_of(document: DocumentIssue) -> Mark | None:
    """What a page or a further copy of the paper is stamped with: 庁内限り, 差替済; None for the plain paper."""
    mark = _own_mark(document) or Mark(0)
    return (mark | Mark.SUPERSEDED if document.superseded_by_id else mark) or None


def _own_mark(document: DocumentIssue) -> Mark | None:
    return Mark.INTERNAL if document.internal else None


def _subject(document: DocumentIssue) -> tuple[str, object]:
    return document.subject_type, document.subject_id


def draw(pk: int) -> None:
    """Draw the PDF of a committed paper; what fails here is drawn when somebody opens it."""
    ensure_pdf(DocumentIssue.objects.get(pk=pk))


def draw_later(document: DocumentIssue, viewer: Viewer, url: str = "") -> Task:
    """Let the worker draw the PDF; `url` is where this person finds it then. Asked twice it is one task."""
    payload = {"document": document.pk, "url": url}
    return enqueue(DRAW, payload, viewer=viewer, dedupe_key=f"{DRAW}:{document.pk}:{viewer.user_id}")


def is_long(snapshot: Mapping[str, Any]) -> bool:
    """Whether a reader would wait too long while this is drawn."""
    return _leaves(snapshot) > LONG


def _leaves(value: Any) -> int:
    """Return how many single values a snapshot holds: the measure of how long it takes to draw."""
    if isinstance(value, dict):
        return sum(_leaves(inner) for inner in value.values())
    return sum(_leaves(inner) for inner in value) if isinstance(value, list) else 1
