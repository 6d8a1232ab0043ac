"""Everything that happened to one case on one line of time: events, decisions, payments, papers and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from common import audit, clock
from common.models import AuditEvent, DocumentIssue, StoredFile

from .models import Application
from .papers_access import SUBJECT

MARK = {"event": "記録", "decision": "決定", "payment": "支払", "paper": "文書", "file": "添付"}


@dataclass(frozen=True)
class Entry:
    """One line. `amount_yen` and `number` are what one searches for; `digest` is a SHA-256 in full."""

    at: datetime
    kind: str
    title: str
    who: str = ""
    detail: str = ""
    number: str = ""
    amount_yen: int | None = None
    digest: str = ""
    internal: bool = False
    url: str = ""

    @property
    def mark(self) -> str:
        return MARK[self.kind]


def entries_of(application: Application) -> list[Entry]:
    """The whole line of time, newest first; five queries, whatever happened."""
    every = [*_events(application), *_decisions(application), *_payments(application), *_papers(application),
             *_files(application)]  # fmt: skip
    return sorted(every, key=lambda entry: entry.at, reverse=True)


def events_of(application: Application, upto: int | None = None) -> QuerySet[AuditEvent]:
    """The events about a case in the order of the chain, up to one event where it is named."""
    events = audit.timeline(application, internal=True, refused=True).order_by("id")
    return events if upto is None else events.filter(pk__lte=upto)


def papers_of(application: Application) -> QuerySet[DocumentIssue]:
    """Every paper about the case, the first first."""
    papers = DocumentIssue.objects.filter(subject_type=SUBJECT, subject_id=str(application.pk))
    return papers.select_related("number").order_by("pk")


def files_of(application: Application) -> QuerySet[StoredFile]:
    """Every file that was ever attached, taken out or not: decisions may rest on it."""
    return StoredFile.objects.filter(subject_type=SUBJECT, subject_id=str(application.pk)).order_by("pk")


def _events(application: Application) -> Iterator[Entry]:
    for event in events_of(application):
        yield Entry(
            event.at, "event", event.title, event.who, event.reason, f"記録{event.pk}", _amount(event), event.hash,
            event.internal,
        )  # fmt: skip


def _amount(event: AuditEvent) -> int | None:
    for name in ("revoked_yen", "return_yen", "amount_yen", "fixed_yen", "granted_yen"):
        if isinstance(value := event.after.get(name), int):
            return value
    return None


def _decisions(application: Application) -> Iterator[Entry]:
    for one in application.decisions.select_related("decided_by", "document__number"):
        number = one.document.number.text if one.document and one.document.number else ""
        replaced = "（差替済）" if one.superseded_by_id else ""
        yield Entry(
            one.decided_at, "decision", f"{one.get_kind_display()}{replaced}", str(one.decided_by), one.reason, number,
            one.amount_yen,
        )  # fmt: skip


def _payments(application: Application) -> Iterator[Entry]:
    for one in application.payments.select_related("recorded_by", "claimed_by"):
        on, who = (one.paid_on, one.recorded_by) if one.paid_on else (one.claimed_on, one.claimed_by)
        title = f"{one.get_kind_display()}（第{one.number}回）{one.get_state_display()}"
        yield Entry(_noon(on), "payment", title, str(who), one.reason, one.document_no, one.amount_yen)


def _noon(day: date) -> datetime:
    """A day without an hour stands at noon, between what was written before and after work."""
    return clock.at(day, 12)


def _papers(application: Application) -> Iterator[Entry]:
    for paper in papers_of(application).select_related("issued_by"):
        number = paper.number.text if paper.number else str(paper.snapshot["head"].get("number") or "")
        copies = f"再発行{paper.reprints}回" if paper.reprints else ""
        yield Entry(
            paper.issued_at, "paper", f"{paper.kind} {paper.title}", str(paper.issued_by or ""), copies, number, None,
            paper.sha256, paper.internal, reverse("subsidies:document_preview", args=[paper.pk]),
        )  # fmt: skip


def _files(application: Application) -> Iterator[Entry]:
    for stored in files_of(application).select_related("uploaded_by"):
        gone = "（取り下げ済）" if stored.removed_at else ""
        yield Entry(
            stored.uploaded_at, "file", f"{stored.label}：{stored.name}{gone}", str(stored.uploaded_by or ""), "", "",
            None, stored.sha256, stored.internal,
        )  # fmt: skip
