"""What people may upload, what happens to it, and what is left when something goes wrong."""

from __future__ import annotations

import errno
import io
import os
import socket
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import Http404
from PIL import Image
from xlsxwriter import Workbook

from common import audit, files
from common.files import FileRefused
from common.models import AuditEvent, StoredFile
from common.viewer import NOBODY, Duty

from ..viewers import saved, viewer
from ..xls import xls

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUBJECT = ("subsidies.application", 12)


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, kind)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        book.add_worksheet("経費").write(0, 0, "報償費")
    return out.getvalue()


def package(parts: dict[str, bytes], main: str = "word/document.xml") -> bytes:
    """A minimal OOXML package with these parts besides the main one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"[Content_Types].xml": b"<Types/>", main: b"<x/>"} | parts).items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("見積書.pdf", PDF, "application/pdf"),
        ("会場.JPG", picture("JPEG"), "image/jpeg"),
        ("地図.png", picture("PNG"), "image/png"),
        ("経費.xlsx", sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("経費.xls", xls([["節", "金額"], ["報償費", 720_000]]), "application/vnd.ms-excel"),
        ("協定.docx", package({}), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("経費.csv", "節,金額\n報償費,720000\n".encode("cp932"), "text/csv"),
        ("経費.csv", "\ufeff節,金額\r\n報償費,720000\r\n".encode(), "text/csv"),
    ],
)
def test_the_kinds_that_offices_use_are_accepted_by_their_content(name: str, content: bytes, content_type: str):
    assert files.check(upload(name, content)) == content_type


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.pdf", b"", "ファイルが空です"),
        ("道具.exe", b"MZ\x90", "この種類のファイル（.exe）は受け付けられません"),
        ("見積書", PDF, "拡張子なし"),
        ("見積書.pdf.html", PDF, ".html"),
        ("ページ.pdf", b"<html>%PDF-1.7</html>", "ファイルが壊れているか、.pdfの形式ではありません"),
        ("写真.png", picture("JPEG"), ".pngの形式ではありません"),
        ("写真.pdf", picture("PNG"), ".pdfの形式ではありません"),
        ("経費.xlsx", b"PK\x03\x04 torn", ".xlsxの形式ではありません"),
        ("経費.xlsx", package({}), ".xlsxの形式ではありません"),
        ("経費.xlsx", sheet()[:-40], ".xlsxの形式ではありません"),
        ("経費.docx", sheet(), ".docxの形式ではありません"),
        ("経費.xls", sheet(), ".xlsの形式ではありません"),
        ("経費.xls", COMPOUND + bytes(600), ".xlsの形式ではありません"),
        ("経費.xls", COMPOUND + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"), "マクロ"),
        ("経費.xls", COMPOUND + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        ("秘密.xls", xls([["節"]], password=True), "パスワード"),
        ("秘密.xlsx", COMPOUND + bytes(600), "パスワード"),
        ("マクロ.xlsx", package({"xl/vbaProject.bin": b"x"}, "xl/workbook.xml"), "マクロ"),
        ("マクロ.docx", package({"[Content_Types].xml": b"application/x.macroEnabled.main+xml"}), "マクロ"),
        ("爆弾.xlsx", package({"xl/a.xml": bytes(20_000_000)}, "xl/workbook.xml"), "大きくなりすぎる"),
        ("部品.docx", package({f"word/{n}": b"" for n in range(5_001)}), "大きくなりすぎる"),
        ("ページ.csv", b"<!DOCTYPE html><script>", ".csvの形式ではありません"),
        ("二進.csv", b"a,b\x00\n", ".csvの形式ではありません"),
        ("別.csv", b"\x80\xff\xfe\xfd", ".csvの形式ではありません"),
    ],
)
def test_what_is_refused_says_why_in_japanese(name: str, content: bytes, says: str):
    with pytest.raises(FileRefused, match=says):
        files.check(upload(name, content))


def test_an_encrypted_zip_entry_is_a_password():
    content = bytearray(package({}))
    central = content.rindex(b"PK\x01\x02")
    content[central + 8] |= 1  # the flag "encrypted" of the last entry
    with pytest.raises(FileRefused, match="パスワード"):
        files.check(upload("秘密.docx", bytes(content)))


@pytest.mark.parametrize(("extra", "accepted"), [(0, True), (1, False)])
def test_the_limit_is_on_the_byte(settings, extra: int, accepted: bool):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    content = PDF + bytes(1024 * 1024 - len(PDF) + extra)
    if accepted:
        assert files.check(upload("大.pdf", content))
    else:
        with pytest.raises(FileRefused, match=r"大きすぎます（1\.0MB）。1つ1MBまで"):
            files.check(upload("大.pdf", content))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("見積書.PDF", "見積書.pdf"),
        ("か\u3099いよう.pdf", "がいよう.pdf"),
        ("C:\\Users\\taro\\見積.pdf", "見積.pdf"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ('a<b>:"c.pdf', "a_b___c.pdf"),
        ("改\r\n行\x00.pdf", "改行.pdf"),
        ("あ" * 300 + ".xlsx", "あ" * 115 + ".xlsx"),
        ("...", "無題"),
    ],
)
def test_names_are_kept_readable_and_harmless(given: str, kept: str):
    assert files.clean_name(given) == kept


@pytest.fixture
def planner(db):
    return saved(viewer(Duty.MP))


def on_disk() -> set[str]:
    root = Path(django_settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_stored_file_has_its_row_its_bytes_and_its_event(planner):
    stored = files.store(upload("見積書.pdf", PDF), subject=SUBJECT, label="見積書", viewer=planner)
    stored.refresh_from_db()
    assert (stored.name, stored.size, stored.office_key) == ("見積書.pdf", len(PDF), "municipality:014281")
    assert stored.sha256 in stored.file.name
    assert "見積書" not in stored.file.name
    assert stored.file.open().read() == PDF
    event = audit.timeline(SUBJECT, internal=False).get()
    assert (event.action, event.title, event.after["sha256"]) == ("file.add", "添付「見積書」", stored.sha256)


def test_the_same_file_twice_is_two_files(planner):
    first, second = (files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=planner) for _ in range(2))
    assert first.file.name != second.file.name


def test_internal_papers_never_reach_municipal_eyes(planner):
    reviewer = saved(viewer(Duty.BS))
    files.store(upload("a.pdf", PDF), subject=SUBJECT, label="表", viewer=planner)
    hidden = files.store(upload("b.pdf", PDF), subject=SUBJECT, label="裏", viewer=reviewer, internal=True)
    assert [one.label for one in StoredFile.objects.visible_to(planner)] == ["表"]
    assert [one.label for one in StoredFile.objects.visible_to(reviewer)] == ["表", "裏"]
    files.download(hidden, viewer=reviewer)
    assert [event.action for event in audit.timeline(SUBJECT, internal=False)] == ["file.add"]
    assert audit.timeline(SUBJECT, internal=True).first().action == "file.look"


def test_a_download_carries_the_japanese_name_and_is_never_sniffed(planner):
    stored = files.store(upload("見積書（最終）.pdf", PDF), subject=SUBJECT, label="見積書", viewer=planner)
    events = AuditEvent.objects.count()
    response = files.download(stored, viewer=planner)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E8%A6%8B%E7%A9%8D%E6%9B%B8%EF%BC%88%E6%9C%80%E7%B5%82%EF%BC%89.pdf"
    )
    assert files.download(stored, viewer=planner, inline=True)["Content-Disposition"].startswith("inline")
    assert AuditEvent.objects.count() == events


def test_only_pdfs_and_pictures_open_in_the_browser(planner):
    stored = files.store(upload("経費.csv", b"a,b\n"), subject=SUBJECT, label="経費", viewer=planner)
    assert files.download(stored, viewer=planner, inline=True)["Content-Disposition"].startswith("attachment")


def test_a_file_the_storage_lost_answers_404(planner):
    stored = files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=planner)
    default_storage.delete(stored.file.name)
    with pytest.raises(Http404):
        files.download(stored, viewer=planner)


def test_a_removed_file_leaves_the_dossier_and_stays_in_the_archive(planner):
    stored = files.store(upload("a.pdf", PDF), subject=planner_row(planner), label="甲", viewer=planner)
    assert list(StoredFile.objects.of(planner_row(planner))) == [stored]
    files.remove(stored, viewer=planner, reason="差替え")
    assert not StoredFile.objects.of(planner_row(planner)).exists()
    assert stored.file.open().read() == PDF
    assert audit.timeline(planner_row(planner), internal=False).first().reason == "差替え"


def planner_row(person):
    """Any row can be a subject."""
    from accounts.models import User

    return User.objects.get(pk=person.user_id)


def test_nobody_uploads_nothing(db):
    with pytest.raises(Exception, match="nobody"):
        files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=NOBODY)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_so_and_leaves_nothing_half(planner, monkeypatch: pytest.MonkeyPatch, code: int):
    before = on_disk()
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        write(descriptor, data[:10])  # some bytes still fit
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("django.core.files.storage.filesystem.os.fdopen", _tearing_open(full))
    with pytest.raises(FileRefused, match="保存場所の空き容量が足りない"):
        files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=planner)
    assert on_disk() == before
    assert not StoredFile.objects.exists()
    assert not AuditEvent.objects.exists()


def _tearing_open(write: Callable[[int, bytes], int]) -> Callable[..., io.RawIOBase]:
    class Torn(io.RawIOBase):
        def __init__(self, descriptor: int) -> None:
            self.descriptor = descriptor

        def write(self, data) -> int:
            return write(self.descriptor, bytes(data))

        def close(self) -> None:
            if not self.closed:
                os.close(self.descriptor)
            super().close()

    return lambda descriptor, mode: Torn(descriptor)


def test_a_full_database_disk_says_so_and_leaves_no_file(planner, monkeypatch: pytest.MonkeyPatch):
    before = on_disk()

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(FileRefused, match="保存場所の空き容量が足りない"):
        files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=planner)
    assert on_disk() == before
    assert not StoredFile.objects.exists()


def test_a_storage_that_fails_otherwise_asks_to_try_again(planner, monkeypatch: pytest.MonkeyPatch):
    def broken(*args, **kwargs):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(FileSystemStorage, "_save", broken)
    with pytest.raises(FileRefused, match="しばらくしてから"):
        files.store(upload("a.pdf", PDF), subject=SUBJECT, label="甲", viewer=planner)


@pytest.fixture
def clamd(settings, tmp_path: Path):
    """A daemon that speaks clamd's INSTREAM and finds EICAR in whatever contains that word."""
    path = str(tmp_path / "clamd.ctl")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client, client.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(length)
                verdict = b"Eicar-Test FOUND" if b"EICAR" in content else b"OK"
                if b"SIZE" in content:
                    verdict = b"INSTREAM size limit exceeded. ERROR"
                client.sendall(b"stream: " + verdict + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.CLAMD_SOCKET, settings.UPLOAD_SCANNER = path, "common.scanner.scan"
    yield
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_the_scanner_sees_the_whole_file_and_its_finding_refuses_it(clamd):
    assert files.check(upload("a.pdf", PDF + b"x" * 200_000)) == "application/pdf"
    with pytest.raises(FileRefused, match="ウイルス検査で問題（Eicar-Test）"):
        files.check(upload("a.pdf", PDF + b"x" * 200_000 + b"EICAR"))


def test_no_scan_no_upload(clamd, settings):
    with pytest.raises(FileRefused, match="ウイルス検査ができない"):
        files.check(upload("a.pdf", PDF + b"SIZE"))
    settings.CLAMD_SOCKET = "/nonexistent/clamd.ctl"
    with pytest.raises(FileRefused, match="ウイルス検査ができない"):
        files.check(upload("a.pdf", PDF))
