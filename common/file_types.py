"""What a file is, judged by its content; the name's ending only has to agree."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from typing import IO, Any

import filetype
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
CSV = "text/csv"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ENDINGS = {
    ".pdf": PDF,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".png": PNG,
    ".csv": CSV,
    ".xls": XLS,
    ".xlsx": XLSX,
    ".docx": DOCX,
}
SHOWN_IN_BROWSER = {PDF, JPEG, PNG}
ACCEPTED = "PDF、Excel（.xlsx、.xls）、Word（.docx）、CSV、画像（.jpg、.png）"

MAIN_PART = {XLSX: "xl/workbook.xml", DOCX: "word/document.xml"}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE2: old Excel, and any Office file with a password
BIFF8_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # record BOF of the workbook, its last 12 bytes follow
WRITE_PROTECTED = b"\x86\x00\x00\x00"
FILE_PASSWORD = b"\x2f\x00"  # record FILEPASS
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200  # honest sheets of repeated rows reach about 40
HEAD = 8192
BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]")  # the last: what CP932 leaves open

WITH_MACROS = "マクロを含むファイルは受け付けられません。マクロを外して保存し直してください。"
WITH_PASSWORD = "パスワードの付いたファイルは受け付けられません。パスワードを外して保存し直してください。"  # noqa: S105
DAMAGED = "ファイルが壊れているか、{ending}の形式ではありません。開けることを確かめて、保存し直してください。"
TOO_DENSE = "圧縮を解くと大きくなりすぎるため、受け付けられません。"


class Fault(StrEnum):
    """Why a file is not accepted."""

    KIND = "kind"
    MACROS = "macros"
    PASSWORD = "password"  # noqa: S105
    DAMAGED = "damaged"
    DENSE = "dense"


class NotAccepted(ValueError):
    """The content of a file is not accepted; `str()` is the Japanese sentence."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        self.fault = fault
        super().__init__(sentence)


def content_type_of(file: IO[Any], ending: str) -> str:
    """Return the content type of an open file whose name ends in `ending` (".pdf").

    Raises NotAccepted with a Japanese sentence: kind not accepted, content of another kind, macros, password, damaged.
    """
    declared = ENDINGS.get(ending)
    if declared is None:
        raise NotAccepted(
            Fault.KIND,
            f"この種類のファイル（{ending or '拡張子なし'}）は受け付けられません。受け付けるのは{ACCEPTED}です。",
        )
    file.seek(0)
    head = file.read(HEAD)
    if declared in MAIN_PART:
        check_package(file, head, declared, ending)
    elif declared == XLS:
        check_old_excel(file, head, ending)
    elif declared == CSV:
        check_text(file, ending)
    elif (kind := filetype.guess(head)) is None or kind.mime != declared:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
    return declared


def check_package(file: IO[Any], head: bytes, declared: str, ending: str) -> None:
    """Look into an OOXML package without unpacking it: its parts, their sizes, macros, encryption."""
    if head.startswith(COMPOUND):
        raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD)  # an encrypted package is an OLE2 file
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 0x1 for part in parts):
                raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD)
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
                raise NotAccepted(Fault.DENSE, TOO_DENSE)
            types = package.read("[Content_Types].xml").lower()
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError) as broken:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending)) from broken
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types:
        raise NotAccepted(Fault.MACROS, WITH_MACROS)
    if MAIN_PART[declared] not in names:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))


def check_old_excel(file: IO[Any], head: bytes, ending: str) -> None:
    """Look into an .xls: an OLE2 file with a workbook that opens without a password and holds no VBA project."""
    if not head.startswith(COMPOUND):
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
    file.seek(0)
    content = file.read()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise NotAccepted(Fault.MACROS, WITH_MACROS)
    after_start = content.partition(BIFF8_START)[2][12:].removeprefix(WRITE_PROTECTED)
    if after_start.startswith(FILE_PASSWORD) or "EncryptedPackage".encode("utf-16-le") in content:
        raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD)
    file.seek(0)
    try:
        CalamineWorkbook.from_filelike(file)
    except PasswordError as locked:
        raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD) from locked
    except CalamineError as broken:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending)) from broken


def check_text(file: IO[Any], ending: str) -> None:
    """A CSV is text in UTF-8 or Shift_JIS (CP932) without control characters, and no web page."""
    file.seek(0)
    content = file.read()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
    page = text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<script", "<?xml", "%pdf-"))
    if page or BINARY.search(text):
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
