"""Writes a minimal old Excel file (.xls: BIFF8 in an OLE2 container), since no library at hand does."""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_BOF, _EOF, _GLOBALS, _SHEET = 0x0809, 0x000A, 0x0005, 0x0010
ERROR_CODES = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}


@dataclass(frozen=True)
class Formula:
    """A formula with its saved result: a number, a text, a truth value or an error such as #N/A."""

    result: str | float | bool


@dataclass(frozen=True)
class Error:
    """A cell that holds an error as a plain value."""

    text: str


Cell = str | int | float | bool | Formula | Error | None


def xls(rows: Sequence[Sequence[Cell]], *, sheet: str = "Sheet1", password: bool = False, **options: object) -> bytes:
    """Return a workbook with one sheet. `password` marks it as encrypted; other options as for `book`."""
    return book({sheet: rows}, password=password, **options)


def book(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    password: bool = False,
    macros: bool = False,
    shared: bool = False,
    hidden_rows: Collection[int] = (),
    hidden_sheets: Collection[str] = (),
    claimed: tuple[int, int] | None = None,
) -> bytes:
    """Return a workbook. `shared` keeps texts in the table of texts, `hidden_rows` count from 1, `claimed` is the size
    (rows, columns) that a sheet pretends to have, `macros` adds a macro project.
    """
    texts = sorted({cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)})
    places = {text: number for number, text in enumerate(texts)} if shared else {}
    bodies = [_sheet(rows, places, hidden_rows, claimed) for rows in sheets.values()]
    head = _record(_BOF, struct.pack("<HHHHII", 0x0600, _GLOBALS, 0x0DBB, 0x07CC, 0, 6))
    if password:
        head += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name in sheets]
    table = _texts(texts) if shared else b""
    start = len(head) + sum(4 + 6 + len(name) for name in names) + len(table) + 4
    for title, name, body in zip(sheets, names, bodies, strict=True):
        head += _record(0x0085, struct.pack("<IBB", start, title in hidden_sheets, 0) + name)
        start += len(body)
    stream = head + table + _record(_EOF) + b"".join(bodies)
    return _compound(stream, ["_VBA_PROJECT_CUR"] if macros else [])


def _sheet(
    rows: Sequence[Sequence[Cell]],
    places: Mapping[str, int],
    hidden_rows: Collection[int],
    claimed: tuple[int, int] | None,
) -> bytes:
    height, width = claimed or (len(rows), max(map(len, rows), default=0))
    body = _record(_BOF, struct.pack("<HHHHII", 0x0600, _SHEET, 0x0DBB, 0x07CC, 0, 6))
    body += _record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    for number in hidden_rows:
        body += _record(0x0208, struct.pack("<HHHHHHHH", number - 1, 0, width, 255, 0, 0, 0x20, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                body += _cell(struct.pack("<HHH", r, c, 0), value, places)
    return body + _record(_EOF)


def _cell(place: bytes, value: Cell, places: Mapping[str, int]) -> bytes:
    match value:
        case Formula(result):
            return _formula(place, result)
        case Error(text):
            return _record(0x0205, place + bytes([ERROR_CODES[text], 1]))
        case bool():
            return _record(0x0205, place + bytes([value, 0]))
        case int() | float():
            return _record(0x0203, place + struct.pack("<d", value))
        case str() if value in places:
            return _record(0x00FD, place + struct.pack("<I", places[value]))
    return _record(0x0204, place + _text(value))


def _formula(place: bytes, result: str | float | bool) -> bytes:
    tokens = struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"  # the formula =1
    if isinstance(result, bool):
        saved = struct.pack("<BBBBHH", 1, 0, result, 0, 0, 0xFFFF)
    elif result in ERROR_CODES:
        saved = struct.pack("<BBBBHH", 2, 0, ERROR_CODES[result], 0, 0, 0xFFFF)
    elif isinstance(result, str):
        saved = struct.pack("<BBBBHH", 0, 0, 0, 0, 0, 0xFFFF)
        return _record(0x0006, place + saved + tokens) + _record(0x0207, _text(result))
    else:
        saved = struct.pack("<d", result)
    return _record(0x0006, place + saved + tokens)


def _texts(texts: Sequence[str]) -> bytes:
    """Return the table of texts, broken into CONTINUE records as Excel does: also inside a text."""
    content = struct.pack("<II", len(texts), len(texts))
    records = []
    for text in texts:
        content += struct.pack("<HB", len(text), 1)
        for char in text.encode("utf-16-le").decode("utf-16-le"):
            if len(content) + 2 > 8_000:
                records.append(content)
                content = b"\x01"
            content += char.encode("utf-16-le")
        if len(content) > 7_990:
            records.append(content)
            content = b""
    first, *others = [*records, content]
    return _record(0x00FC, first) + b"".join(_record(0x003C, other) for other in others)


def _text(value: str) -> bytes:
    return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes, storages: Sequence[str] = ()) -> bytes:
    """Return an OLE2 container with the one stream "Workbook": header, FAT, directory, stream; and empty storages."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    tables = -(-(count + 2) // (_SECTOR // 4 - 1))
    first = tables + 1
    fat = [_FAT] * tables + [_END, *range(first + 1, first + count), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    header += b"".join(struct.pack("<I", one if one < tables else _FREE) for one in range(109))
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, first, len(stream))
    entries += b"".join(_entry(name, 1, 0, 0) for name in storages)
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(tables * _SECTOR, b"\xff")
    return header + table + entries.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
