"""Writes a minimal old Excel file (.xls: BIFF8 in an OLE2 container), since no library at hand does."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(rows: list[list[str | int]], *, sheet: str = "Sheet1", password: bool = False) -> bytes:
    """Return a workbook with one sheet; texts and whole numbers only. `password` marks it as encrypted."""
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    if password:
        head += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    start = len(head) + 4 + 6 + len(name) + 4
    head += _record(0x0085, struct.pack("<IBB", start, 0, 0) + name) + _record(0x000A)
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    body += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int):
                body += _record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            else:
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                body += _record(0x0204, struct.pack("<HHH", r, c, 0) + text)
    return _compound(head + body + _record(0x000A))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """Return an OLE2 container with the one stream "Workbook": header, FAT, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    fat = [_FAT, _END, *range(3, 2 + count), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(_SECTOR, b"\xff")
    return header + table + entries + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
