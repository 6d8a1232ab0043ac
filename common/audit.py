"""Who did what: one way to write an event, one way to check the chain.

The service that changes something writes the event in the same transaction. Each event carries the hash of the one
before, so that a changed, removed or inserted event is found by `manage.py verify_audit`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from . import clock
from .locks import locking
from .models import AuditEvent, AuditHead
from .viewer import Viewer

GENESIS = "0" * 64
DEPUTY_FOR = "deputy_for"  # in `after`: the id of the person in whose place it was done
REFUSED = ".refused"  # the end of the action of an attempt that was refused
_HASHED = (
    "id", "at", "user_id", "who", "duties", "office_key", "ip", "action", "title",
    "subject_type", "subject_id", "internal", "reason", "before", "after", "previous_hash",
)  # fmt: skip
_TRIGGERS = {"audit_event_no_update", "audit_event_no_delete", "audit_head_no_delete", "audit_head_moves_by_one"}


def keep_triggers(*names: str) -> None:
    """Name triggers of another append-only table, so that `missing_triggers` looks for them too."""
    _TRIGGERS.update(names)


@dataclass(frozen=True)
class Broken:
    """The first event at which the chain does not hold."""

    event_id: int
    why: str


def record(
    viewer: Viewer,
    action: str,
    subject: Model | tuple[str, object],
    title: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    internal: bool = False,
) -> AuditEvent:
    """Append one event to the chain, inside the caller's transaction.

    `action` is a short code (`application.submit`), `title` what the timeline shows (提出), `internal` marks what
    municipal eyes never see (庁内限り). `subject` is a row or a pair (type label, id). What a deputy does names the
    person who is away.
    """
    subject_type, subject_id = subject_of(subject)
    with transaction.atomic(savepoint=False):  # an event that cannot be written takes the change with it
        head = _head()
        event = AuditEvent(
            id=head.last_event + 1,
            at=clock.now(),
            user_id=viewer.user_id,
            who=viewer.label[:200],
            duties=",".join(sorted(viewer.duties)),
            office_key=viewer.office.key,
            ip=viewer.ip,
            action=action,
            title=title[:200],
            subject_type=subject_type,
            subject_id=str(subject_id),
            internal=internal,
            reason=reason,
            before=_plain(before),
            after=_plain(after) | ({DEPUTY_FOR: viewer.deputy_for.user_id} if viewer.deputy_for else {}),
            previous_hash=head.last_hash,
        )
        event.hash = digest(event)
        event.save(force_insert=True)
        head.last_event, head.last_hash = event.id, event.hash
        head.save(update_fields=["last_event", "last_hash"])
    return event


def timeline(subject: Model | tuple[str, object], *, internal: bool, refused: bool = False) -> QuerySet[AuditEvent]:
    """Return the events of a subject, newest first; those marked 庁内限り only where `internal`.

    What was tried and refused (`common.attempts`) changed nothing and stands there only where `refused`.
    """
    subject_type, subject_id = subject_of(subject)
    events = AuditEvent.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    if not refused:
        events = events.exclude(action__endswith=REFUSED)
    return events if internal else events.filter(internal=False)


def of_office(
    office_key: str, subject_type: str, actions: Collection[str], since: datetime, *, internal: bool
) -> QuerySet[AuditEvent]:
    """Return what people of an office did to subjects of this type since a moment, newest first."""
    events = AuditEvent.objects.filter(
        office_key=office_key, subject_type=subject_type, action__in=actions, at__gte=since
    )
    return events if internal else events.filter(internal=False)


def of_deputy(deputy_id: int, absent_id: int, since: datetime, until: datetime) -> QuerySet[AuditEvent]:
    """Return what a deputy did in place of somebody between two moments, newest first."""
    events = AuditEvent.objects.filter(user_id=deputy_id, at__gte=since, at__lt=until)
    return events.filter(**{f"after__{DEPUTY_FOR}": absent_id}).order_by("-id")


def position() -> int:
    """Return the number of the last event: as long as it stays, nobody has changed anything. One query."""
    return AuditHead.objects.filter(pk=1).values_list("last_event", flat=True).first() or 0


def first_broken(events: Iterator[AuditEvent] | None = None) -> Broken | None:
    """Walk the whole chain; return the first broken event, or None when all of it holds."""
    previous, expected = GENESIS, 1
    for event in events or AuditEvent.objects.order_by("id").iterator(chunk_size=2000):
        if event.id != expected:
            return Broken(expected, f"記録{expected}がありません。")
        if event.previous_hash != previous:
            return Broken(event.id, f"記録{event.id}が前の記録につながっていません。")
        if event.hash != digest(event):
            return Broken(event.id, f"記録{event.id}の内容が書き換えられています。")
        previous, expected = event.hash, expected + 1
    last = expected - 1
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(last_event=0, last_hash=GENESIS)
    if head.last_event > last:
        return Broken(expected, f"記録{expected}から末尾の記録{head.last_event}までが失われています。")
    if (head.last_event, head.last_hash) != (last, previous):
        return Broken(last, f"末尾の控えが記録{last}と一致しません。")
    return None


def missing_triggers() -> list[str]:
    """Return the names of the triggers that should refuse changes and do not.

    SQLite drops them silently when a later migration rebuilds the table.
    """
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(_TRIGGERS - present)


def digest(event: AuditEvent) -> str:
    """Return the SHA-256 of an event's canonical JSON (UTC time, sorted keys)."""
    return hashlib.sha256(canonical(event).encode()).hexdigest()


def canonical(event: AuditEvent) -> str:
    """Return the very text of which an event's hash is the SHA-256, so that it can be checked away from here."""
    values = {name: getattr(event, name) for name in _HASHED}
    values["at"] = event.at.timestamp()
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def subject_of(subject: Model | tuple[str, object]) -> tuple[str, object]:
    """Return the pair that names a subject: ("subsidies.application", 12)."""
    if isinstance(subject, Model):
        return subject._meta.label_lower, subject.pk
    return subject


def _head() -> AuditHead:
    """Return the end of the chain, locked until the transaction ends."""
    while (head := locking(AuditHead.objects).filter(pk=1).first()) is None:
        AuditHead.objects.get_or_create(pk=1)
    return head


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values as JSON will give them back, so that the hash can be computed again."""
    return json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder, ensure_ascii=False))
