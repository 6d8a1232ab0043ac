"""OLE2 compound files (old Excel and Word, and any Office file with a password): their streams, and a clean new one.

A broken or hostile file can make its sectors point in circles or claim more of them than there are; each chain here is
followed at most as far as the file is long. Format: [MS-CFB].
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LAST_SECTOR = 0xFFFFFFFA
_HEADER = 512
_MINI_SECTOR = 64
_MINI_STREAM_BELOW = 4096
_ENTRY = 128
_STREAM = 2
_BIG_SECTOR = 4096


class Damaged(ValueError):
    """The container contradicts itself or ends too early."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """A compound file opened for reading. Raises Damaged for whatever does not fit together."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEADER or not content.startswith(SIGNATURE):
            raise Damaged("header")
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Damaged("sector size")
        self._size = 1 << shift
        self._count = -(-(len(content) - self._size) // self._size)  # the last sector may be cut short
        directory, mini_fat, difat = (struct.unpack_from("<I", content, at)[0] for at in (48, 60, 68))
        self._fat = self._read_fat(difat)
        self._entries = self._read_directory(directory)
        self._mini_fat = _numbers(self._chain(mini_fat)) if mini_fat <= _LAST_SECTOR else array("I")
        root = self._entries[0]
        self._mini = self._chain(root.start)[: root.size] if root.start <= _LAST_SECTOR else b""

    @property
    def names(self) -> list[str]:
        """The names of all streams and storages."""
        return [entry.name for entry in self._entries[1:]]

    def stream(self, *names: str) -> bytes | None:
        """Return the first stream that has one of the names, None if there is none."""
        for name in names:
            for entry in self._entries:
                if entry.kind == _STREAM and entry.name == name:
                    return self._stream(entry)
        return None

    def _stream(self, entry: _Entry) -> bytes:
        if entry.size == 0:
            return b""
        if entry.size < _MINI_STREAM_BELOW:
            numbers = _follow(self._mini_fat, entry.start, len(self._mini) // _MINI_SECTOR)
            content = b"".join(self._mini[one * _MINI_SECTOR : (one + 1) * _MINI_SECTOR] for one in numbers)
        else:
            content = self._chain(entry.start)
        if len(content) < entry.size:
            raise Damaged("stream is cut short")
        return content[: entry.size]

    def _sector(self, number: int) -> bytes:
        if number >= self._count:
            raise Damaged("sector beyond the end")
        return self._content[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _follow(self._fat, start, self._count)))

    def _read_fat(self, difat: int) -> array[int]:
        """Return the table that names for each sector the next; 109 of its parts stand in the header, more in DIFAT."""
        places = list(struct.unpack_from("<109I", self._content, 76))
        seen = 0
        while difat <= _LAST_SECTOR:
            seen += 1
            if seen > self._count:
                raise Damaged("DIFAT runs in a circle")
            numbers = _numbers(self._sector(difat))
            places.extend(numbers[:-1])
            difat = numbers[-1]
        used = [place for place in places if place <= _LAST_SECTOR]
        if len(used) > self._count:
            raise Damaged("more tables than sectors")
        return _numbers(b"".join(map(self._sector, used)))

    def _read_directory(self, start: int) -> list[_Entry]:
        content = self._chain(start)
        entries = []
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            first, size, high = struct.unpack_from("<III", content, at + 116)
            name = content[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
            if kind:
                entries.append(_Entry(name, kind, first, size if self._size == 512 else size | high << 32))
        if not entries:
            raise Damaged("no directory")
        return entries


def rebuilt(name: str, content: bytes) -> bytes:
    """Return a new compound file with this one stream: header, table, directory, content, nothing else.

    Its sectors are large, so that one table of tables does; it is marked as version 3 since readers take a version 4
    without small streams for empty.
    """
    content = content.ljust(max(_BIG_SECTOR, -(-len(content) // _BIG_SECTOR) * _BIG_SECTOR), b"\0")
    count = len(content) // _BIG_SECTOR
    tables = 1
    while tables * (_BIG_SECTOR // 4) < tables + 1 + count:
        tables += 1
    first = tables + 1
    fat = [_FAT] * tables + [_END] + list(range(first + 1, first + count)) + [_END]
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 12, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 1, tables, tables, 0, _MINI_STREAM_BELOW, _END, 0, _END, 0)
    head += b"".join(struct.pack("<I", one if one < tables else _FREE) for one in range(109))
    directory = _written_entry("Root Entry", 5, _END, 0, child=1) + _written_entry(name, _STREAM, first, len(content))
    return b"".join([
        head.ljust(_BIG_SECTOR, b"\0"),
        struct.pack(f"<{len(fat)}I", *fat).ljust(tables * _BIG_SECTOR, b"\xff"),
        directory.ljust(_BIG_SECTOR, b"\0"),
        content,
    ])  # fmt: skip


def _written_entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _numbers(content: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(content[: len(content) // 4 * 4])
    return numbers


def _follow(table: array[int], start: int, most: int) -> list[int]:
    """Return the chain of sector numbers from `start` to its end, at most `most` of them."""
    numbers: list[int] = []
    while start != _END:
        if start >= len(table) or len(numbers) >= most:
            raise Damaged("chain leaves the table or runs in a circle")
        numbers.append(start)
        start = table[start]
    return numbers
