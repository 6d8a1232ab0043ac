"""What a file is by its content: a book (.xlsx), an old book (.xls) or text (.csv, .tsv); all else is refused."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import PurePath

import filetype

from .. import file_types
from ..compound_files import SIGNATURE, CompoundFile, Damaged
from ..file_types import Fault, NotAccepted
from .limits import MB, Limits
from .messages import Unreadable
from .old_books import STREAMS, check_storages


class Format(StrEnum):
    """What a file is, judged by its content."""

    XLSX = ".xlsx"
    XLS = ".xls"
    TEXT = ".csv"


ENDINGS = {".xlsx": Format.XLSX, ".xls": Format.XLS, ".csv": Format.TEXT, ".tsv": Format.TEXT, ".txt": Format.TEXT}
FAULTS = {
    Fault.KIND: "E-01",
    Fault.MACROS: "E-31",
    Fault.PASSWORD: "E-32",
    Fault.DAMAGED: "E-33",
    Fault.DENSE: "E-35",
}
PACKAGE = b"PK\x03\x04"
WEB_PAGE = "ウェブページ（HTML）"
MARKUP = {b"<!doctype html": WEB_PAGE, b"<html": WEB_PAGE, b"<table": WEB_PAGE, b"<?xml": "XML"}


def identify(content: bytes, name: str, limits: Limits) -> Format:
    """Return the format of a file.

    Raises Unreadable: E-01 kind, E-31 macros, E-32 password, E-33 damaged, E-34 ending, E-36 size, E-39 empty.
    """
    check_size(len(content), limits)
    ending = PurePath(name).suffix.lower()
    found = _by_content(content, ending)
    declared = ENDINGS.get(ending)
    if declared is None:
        raise Unreadable("E-01")
    if declared != found:
        raise Unreadable("E-34", ending=ending, content=f"{found.value}の形式")
    return found


def check_size(size: int, limits: Limits) -> None:
    """Refuse a file with nothing in it (E-39) or with more than we take (E-36)."""
    if size == 0:
        raise Unreadable("E-39")
    if size > limits.bytes:
        raise Unreadable("E-36", size=f"{size / MB:.1f}MB", limit=f"{limits.bytes // MB}MB")


def _by_content(content: bytes, ending: str) -> Format:
    if content.startswith(SIGNATURE):
        try:
            names = CompoundFile(content).names
        except Damaged as broken:
            raise Unreadable("E-33") from broken
        check_storages(names)
        if not set(STREAMS) & set(names):
            raise Unreadable("E-01")
        return Format.XLS
    if content.startswith(PACKAGE):
        try:
            file_types.check_package(io.BytesIO(content), content[: file_types.HEAD], file_types.XLSX, ".xlsx")
        except NotAccepted as refused:
            raise Unreadable(FAULTS[refused.fault]) from refused
        return Format.XLSX
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in MARKUP.items():
        if start.startswith(mark):
            raise Unreadable("E-34", ending=ending or "（拡張子なし）", content=kind)
    if filetype.guess(content[: file_types.HEAD]) is not None:
        raise Unreadable("E-01")
    return Format.TEXT
