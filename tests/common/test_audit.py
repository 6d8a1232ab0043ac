"""The audit chain: it grows in the transaction of the change, nobody rewrites it, and tampering is found."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from common import audit
from common.models import AuditEvent, AuditHead, Notice
from common.viewer import SYSTEM, Duty

from ..viewers import viewer

triggers = import_module("common.migrations.0002_audit_append_only")
SUBJECT = ("subsidies.application", 12)


def _record(count: int = 3) -> list[AuditEvent]:
    return [
        audit.record(SYSTEM, "application.change", SUBJECT, f"変更{n}", before={"円": n}, after={"円": n + 1})
        for n in range(count)
    ]


@contextmanager
def _unprotected() -> Iterator[None]:
    """Take the triggers away, as somebody with the keys to the database could."""
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)
        yield
        for statement in triggers.CREATE[connection.vendor]:
            cursor.execute(statement)


def _verify() -> tuple[int, dict]:
    out = io.StringIO()
    try:
        call_command("verify_audit", "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.mark.django_db
def test_each_event_says_who_did_what_in_which_post():
    reviewer = viewer(Duty.BS, Duty.BM, bureau="sorachi", name="デモ 審査担当")
    event = audit.record(
        reviewer,
        "application.return",
        SUBJECT,
        "差戻し",
        before={"on": date(2026, 4, 1)},
        reason="同意が不足",
    )
    event.refresh_from_db()
    assert (event.who, event.duties, event.office_key) == ("空知総合振興局 デモ 審査担当", "BM,BS", "bureau:sorachi")
    assert (event.before, event.after, event.reason) == ({"on": "2026-04-01"}, {}, "同意が不足")
    assert event.hash == audit.digest(event)


@pytest.mark.django_db
def test_the_timeline_of_a_subject_hides_what_stays_within_the_prefecture():
    seen = audit.record(SYSTEM, "application.submit", SUBJECT, "提出")
    hidden = audit.record(SYSTEM, "review.note", SUBJECT, "審査メモ", internal=True)
    audit.record(SYSTEM, "application.submit", ("subsidies.application", 1), "提出")
    assert list(audit.timeline(SUBJECT, internal=False)) == [seen]
    assert list(audit.timeline(SUBJECT, internal=True)) == [hidden, seen]


@pytest.mark.django_db(transaction=True)
def test_an_event_lives_and_dies_with_the_change_it_tells_of():
    _record(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        _record(1)
        raise RuntimeError
    _record(1)
    assert list(AuditEvent.objects.order_by("id").values_list("id", flat=True)) == [1, 2]
    assert audit.first_broken() is None


@pytest.mark.django_db
def test_a_whole_chain_is_intact():
    assert _verify() == (0, {"intact": True, "append_only": True, "events": 0, "first_broken": None})
    _record(3)
    assert _verify() == (0, {"intact": True, "append_only": True, "events": 3, "first_broken": None})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper",
    [
        lambda: AuditEvent.objects.filter(id=2).update(title="なかったこと"),
        lambda: AuditEvent.objects.filter(id=2).delete(),
        lambda: AuditHead.objects.all().delete(),
        lambda: AuditHead.objects.update(last_event=1),
        lambda: AuditHead.objects.update(last_hash="0" * 64),
    ],
    ids=["change an event", "remove an event", "remove the head", "move the head back", "change the head's hash"],
)
def test_the_database_itself_refuses_to_rewrite_the_chain(tamper):
    _record(3)
    with pytest.raises(DatabaseError, match="追記のみ"), transaction.atomic():
        tamper()
    assert audit.first_broken() is None


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("table", ["common_auditevent", "common_audithead"])
def test_postgresql_also_refuses_to_empty_the_tables(table: str):
    _record(1)
    with pytest.raises(DatabaseError, match="追記のみ"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda: AuditEvent.objects.filter(id=2).update(after={"円": 9_999_999}), 2),
        (lambda: AuditEvent.objects.filter(id=3).update(who="別人"), 3),
        (lambda: AuditEvent.objects.filter(id=2).delete(), 2),
        (lambda: AuditEvent.objects.filter(id=4).delete(), 4),
        (lambda: AuditEvent.objects.all().delete(), 1),
        (lambda: AuditHead.objects.all().delete(), 4),
        (lambda: AuditEvent.objects.filter(id=1).update(hash="f" * 64), 1),
    ],
    ids=["amount", "person", "gap", "last event", "everything", "head", "hash"],
)
def test_whoever_gets_around_the_database_is_found_at_the_first_broken_event(tamper, first: int):
    _record(4)
    with _unprotected():
        tamper()
    code, answer = _verify()
    assert (code, answer["intact"], answer["first_broken"]["event"]) == (1, False, first)
    assert str(first) in answer["first_broken"]["message"]


@pytest.mark.django_db
def test_a_changed_event_with_a_new_hash_breaks_the_next_link():
    _record(3)
    with _unprotected():
        event = AuditEvent.objects.get(id=2)
        event.after = {"円": 1}
        event.hash = audit.digest(event)
        event.save()
    code, answer = _verify()
    assert (code, answer["first_broken"]["event"]) == (1, 3)


@pytest.mark.django_db
def test_missing_protection_is_an_answer_of_its_own():
    _record(1)
    with _unprotected():
        code, answer = _verify()
    assert (code, answer["intact"], answer["append_only"]) == (1, True, False)
    assert audit.missing_triggers() == []


@pytest.mark.django_db
def test_the_command_answers_in_japanese_without_json():
    _record(2)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "監査記録2件に異常はありません。\n"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_keep_one_chain():
    start = threading.Barrier(4)

    def write(n: int) -> None:
        try:
            start.wait()
            for i in range(15):
                with transaction.atomic():
                    Notice.objects.create(office_key=str(n), duties="", title=str(i), created_at="2026-11-21T00:00Z")
                    audit.record(SYSTEM, "notice", ("common.notice", n), f"{n}-{i}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEvent.objects.count() == 60
    assert audit.first_broken() is None
    for n in range(4):  # each writer's own events are in its own order
        titles = AuditEvent.objects.filter(subject_id=str(n)).order_by("id").values_list("title", flat=True)
        assert list(titles) == [f"{n}-{i}" for i in range(15)]
