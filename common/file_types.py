"""What a file is, judged by its content; the name's ending only has to agree."""

from __future__ import annotations

import zipfile
import zlib
from enum import StrEnum
from typing import IO, Any

import filetype

from .compound_files import SIGNATURE as COMPOUND
from .sheets.encodings import readable
from .sheets.limits import Limits
from .sheets.messages import Unreadable
from .sheets.old_books import OldBook

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
    ".tsv": CSV,
    ".txt": CSV,
    ".xls": XLS,
    ".xlsx": XLSX,
    ".docx": DOCX,
}
SHOWN_IN_BROWSER = {PDF, JPEG, PNG}
ACCEPTED = "PDF、Excel（.xlsx、.xls）、Word（.docx）、CSV、画像（.jpg、.png）"

MAIN_PART = {XLSX: "xl/workbook.xml", DOCX: "word/document.xml"}
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_TYPES = 1024 * 1024
MOST_RATIO = 200  # honest sheets of repeated rows reach about 40
HEAD = 8192

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
            with package.open("[Content_Types].xml") as part:
                types = part.read(MOST_TYPES).lower()
    except NotAccepted:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        IndexError,
        ValueError,
        RuntimeError,
        OSError,
        EOFError,
    ) as broken:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending)) from broken
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types:
        raise NotAccepted(Fault.MACROS, WITH_MACROS)
    if MAIN_PART[declared] not in names:
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))


def check_old_excel(file: IO[Any], head: bytes, ending: str) -> None:
    """Look into an .xls: an OLE2 file with a workbook without a password and without macros."""
    if not head.startswith(COMPOUND):
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
    file.seek(0)
    content = file.read()
    if "_VBA_PROJECT".encode("utf-16-le") in content:  # also where the rest cannot be read
        raise NotAccepted(Fault.MACROS, WITH_MACROS)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD)
    try:
        OldBook(content, Limits())
    except Unreadable as refused:
        if refused.id == "E-31":
            raise NotAccepted(Fault.MACROS, WITH_MACROS) from refused
        if refused.id == "E-32":
            raise NotAccepted(Fault.PASSWORD, WITH_PASSWORD) from refused
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending)) from refused


def check_text(file: IO[Any], ending: str) -> None:
    """A CSV is text in UTF-8, Shift_JIS (CP932) or UTF-16 without control characters, and no web page."""
    file.seek(0)
    content = file.read()
    text = readable(content)
    if text is None or text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<script", "<?xml", "%pdf-")):
        raise NotAccepted(Fault.DAMAGED, DAMAGED.format(ending=ending))
