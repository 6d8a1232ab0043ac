"""An issued paper is its frozen data: number, snapshot and event in one transaction, the PDF under its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from common.documents import (
    HashMismatch,
    MissingGlyph,
    Numbering,
    Purpose,
    Superseded,
    ensure_pdf,
    issue,
    issuing,
    open_pdf,
    rendering,
    reprint,
    void_number,
)
from common.documents.issuing import DRAW, digest
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, NumberEntry, Task
from common.tasks import run_next
from common.viewer import SYSTEM, Office, OfficeKind

from . import samples
from .pdf import pages_of, text_of

SHIRIBESHI = Office(OfficeKind.BUREAU, "shiribeshi", "後志総合振興局")
ORDER = Numbering(Purpose.ORDER, office="後", section="地政")
pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]


def issued(snapshot: dict[str, Any] | None = None, **options: Any) -> DocumentIssue:
    given = {
        "subject": ("subsidies.application", 1),
        "office": SHIRIBESHI,
        "viewer": SYSTEM,
        "on": date(2026, 11, 21),
        "numbering": ORDER,
    }
    return issue("D-08", snapshot or samples.d08(), **(given | options))


def test_issuing_gives_number_and_day_and_draws_the_pdf_after_the_commit(django_capture_on_commit_callbacks: Capture):
    with django_capture_on_commit_callbacks(execute=True):
        document = issued()
        assert document.pdf.name == ""
    document.refresh_from_db()
    data = default_storage.open(document.pdf.name).read()
    assert hashlib.sha256(data).hexdigest() == document.sha256
    assert document.pages == 2
    text = text_of(data)
    assert "後地政第１号指令" in text
    assert "令和８年１１月２１日" in text
    assert document.addressee == "後志１７町村連携地域　代表　京極町長"
    event = AuditEvent.objects.get(action="document.issue")
    assert event.after["snapshot"] == digest(document.snapshot)
    assert event.after["number"] == "後地政第1号指令"


def test_the_snapshot_is_a_copy_that_later_changes_do_not_reach():
    data = samples.d08()
    document = issued(data)
    data["amount_yen"] = 1
    data["projects"].append({"name": "後から加えた取組", "fields": []})
    document.refresh_from_db()
    assert document.snapshot["amount_yen"] == 8_640_000
    assert len(document.snapshot["projects"]) == 1
    assert data["head"]["number"] == "後地政第204号"


def test_a_form_of_a_town_keeps_the_towns_number():
    document = issued(numbering=None)
    assert document.number is None
    assert document.snapshot["head"]["number"] == "後地政第204号"


def test_a_paper_that_cannot_be_printed_takes_no_number():
    data = samples.d08()
    data["projects"][0]["name"] = "𠮷野町の研修"
    with pytest.raises(MissingGlyph):
        issued(data)
    assert NumberEntry.objects.count() == 0
    assert DocumentIssue.objects.count() == 0
    assert issubclass(MissingGlyph, Refused)


def test_a_paper_of_an_act_that_failed_was_never_issued(django_capture_on_commit_callbacks: Capture):
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(RuntimeError), transaction.atomic():
        issued()
        raise RuntimeError
    assert callbacks == []
    assert DocumentIssue.objects.count() == 0


def test_a_pdf_that_was_not_drawn_yet_is_drawn_when_it_is_opened():
    document = issued()
    data = ensure_pdf(document)
    assert data == ensure_pdf(DocumentIssue.objects.get())
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_a_changed_file_is_found_out():
    document = issued()
    ensure_pdf(document)
    default_storage.delete(document.pdf.name)
    default_storage.save(document.pdf.name, ContentFile(b"%PDF-1.7 something else"))
    with pytest.raises(HashMismatch, match="発行時のものと一致しません"):
        ensure_pdf(document)


def test_a_lost_file_is_drawn_again_byte_for_byte():
    document = issued()
    data = ensure_pdf(document)
    default_storage.delete(document.pdf.name)
    assert ensure_pdf(document) == data
    assert default_storage.exists(document.pdf.name)


def test_a_lost_file_whose_template_changed_is_not_passed_off_as_the_original(monkeypatch: pytest.MonkeyPatch):
    document = issued()
    ensure_pdf(document)
    default_storage.delete(document.pdf.name)
    monkeypatch.setattr(issuing, "render_pdf_pages", lambda *_, **__: (b"%PDF-1.7 by a newer template", 2))
    with pytest.raises(Superseded, match="失われて"):
        ensure_pdf(document)


@pytest.mark.parametrize(
    "change",
    [
        {"snapshot": {"head": {"number": "後地政第9号指令"}}},
        {"kind": "D-09"},
        {"title": "別の題名"},
        {"addressee": "別の宛先"},
        {"number": None},
        {"issued_on": date(2026, 1, 1)},
        {"internal": True},
        {"sha256": "0" * 64},
    ],
)
def test_the_database_itself_refuses_to_change_an_issued_paper(change: dict[str, Any]):
    document = issued()
    ensure_pdf(document)
    with pytest.raises(DatabaseError, match="変更できません"), transaction.atomic():
        DocumentIssue.objects.filter(pk=document.pk).update(**change)


def test_a_paper_can_be_superseded_and_reprinted_but_not_changed():
    old, new = issued(), issued()
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    old.refresh_from_db()
    assert old.superseded_by == new


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_paper_at_once_get_the_same_bytes_and_one_file_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(issuing, "draw", lambda pk: None)
    document = issued()
    both = Barrier(2)

    def open_it(_: int) -> bytes:
        mine = DocumentIssue.objects.get(pk=document.pk)
        both.wait()
        try:
            return ensure_pdf(mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as readers:
        first, second = readers.map(open_it, range(2))
    assert first == second
    document.refresh_from_db()
    kept = default_storage.listdir(str(Path(document.pdf.name).parent))[1]
    assert [name for name in kept if name.startswith(f"D-08-{document.pk:06d}")] == [Path(document.pdf.name).name]


def test_a_reprint_is_counted_marked_and_leaves_the_original_alone():
    document = issued()
    original = ensure_pdf(document)
    copy = reprint(document, SYSTEM)
    assert all("再発行" in page for page in pages_of(copy))
    assert "再発行" not in text_of(ensure_pdf(document))
    assert ensure_pdf(document) == original
    reprint(document, SYSTEM)
    document.refresh_from_db()
    assert document.reprints == 2
    assert AuditEvent.objects.filter(action="document.reprint").count() == 2


def test_an_internal_paper_is_marked_and_every_look_at_it_is_written_down():
    document = issued(internal=True)
    assert all("庁内限り" in page for page in pages_of(open_pdf(document, SYSTEM)))
    look = AuditEvent.objects.get(action="document.look")
    assert look.internal
    assert AuditEvent.objects.get(action="document.issue").internal


def test_a_look_at_an_ordinary_paper_is_not_written_down():
    open_pdf(issued(), SYSTEM)
    assert not AuditEvent.objects.filter(action="document.look").exists()


def test_a_number_that_a_paper_bears_cannot_be_voided():
    document = issued()
    assert document.number is not None
    with pytest.raises(Refused, match="欠番にできません"):
        void_number(document.number, "誤り", viewer=SYSTEM)


def test_a_long_paper_waits_for_the_worker(django_capture_on_commit_callbacks: Capture):
    data = samples.d08()
    data["split"]["rows"] = data["split"]["rows"] * 25
    with django_capture_on_commit_callbacks(execute=True):
        document = issued(data)
    document.refresh_from_db()
    assert document.pdf.name == ""
    assert Task.objects.get().kind == DRAW
    done = run_next("test", heartbeat=False)
    assert done is not None
    assert done.state == Task.State.DONE
    document.refresh_from_db()
    assert document.pages is not None
    assert document.pages > 2


def test_the_version_of_a_template_follows_its_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    before = rendering.template_version("D-08")
    folder = tmp_path / "documents"
    folder.mkdir()
    for path in (rendering.FOLDER / "documents").glob("*.html"):
        (folder / path.name).write_text(path.read_text() + (" " if path.name == "base.html" else ""))
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)
    rendering.template_version.cache_clear()
    assert rendering.template_version("D-08") != before
    rendering.template_version.cache_clear()


def test_the_command_writes_the_pdf_and_says_what_is_wrong(tmp_path: Path):
    document = issued()
    out = tmp_path / "letter.pdf"
    printed = StringIO()
    call_command("render_document", id=str(document.pk), out=str(out), json=True, stdout=printed)
    assert out.read_bytes() == ensure_pdf(document)
    assert '"pages": 2' in printed.getvalue()
    for wrong, code, words in [
        ({"id": "x"}, 2, "整数"),
        ({"id": "999999"}, 2, "ありません"),
        ({"id": str(document.pk), "out": str(tmp_path / "no" / "where.pdf")}, 2, "書き出せません"),
    ]:
        said = StringIO()
        with pytest.raises(SystemExit) as stopped:
            call_command("render_document", **({"out": str(out)} | wrong), stderr=said)
        assert stopped.value.code == code
        assert words in said.getvalue()


def test_the_command_answers_no_when_the_file_was_changed(tmp_path: Path):
    document = issued()
    ensure_pdf(document)
    default_storage.delete(document.pdf.name)
    default_storage.save(document.pdf.name, ContentFile(b"%PDF-1.7"))
    with pytest.raises(SystemExit) as stopped:
        call_command("render_document", id=str(document.pk), out=str(tmp_path / "a.pdf"), stderr=StringIO())
    assert stopped.value.code == 1
