"""Look through an .xls (BIFF records in a compound file) before anything reads it, and hand on a clean copy.

The reader trusts what an old book claims: circles of sectors hang it, and a wrong size of a sheet or of the table of
texts makes it ask for more memory than there is. So the records are walked here: how far cells reach, error cells,
hidden rows. In the copy, claims of size and names are left out, formulas are replaced by their saved results, and only
one sheet is left. Format: [MS-XLS].
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..compound_files import CompoundFile, Damaged, rebuilt
from .limits import Limits
from .messages import Unreadable
from .packages import SheetScan

STREAMS = ("Workbook", "Book")  # since Excel 97; before
MACRO_STORAGES = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}
_BOF, _EOF, _CONTINUE, _BOUND_SHEET = 0x809, 0x0A, 0x3C, 0x85
_SST, _FILEPASS, _CODEPAGE, _ROW = 0xFC, 0x2F, 0x42, 0x208
_FORMULA, _NUMBER, _BOOL_OR_ERROR, _BLANK, _MANY_RK, _TEXT_REFERENCE = 0x06, 0x203, 0x205, 0x201, 0xBD, 0xFD
_CELLS = {_FORMULA, _NUMBER, _BOOL_OR_ERROR, _MANY_RK, _TEXT_REFERENCE, 0x27E, 0x204, 0xD6}  # RK, LABEL, RSTRING
_DROPPED = {0x200, 0x18, 0x218, 0x17, 0x1AE, 0x23}  # DIMENSIONS, names, references to other books
_UNKNOWN = 0x0FFF  # a kind of record that readers pass over
_BIFF8 = 0x0600
_WORKSHEET, _MACRO_SHEET = 0, 1
_ROW_HIDDEN = 0x20
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_LONGEST_TEXT = 65_535


@dataclass(slots=True)
class _Sheet:
    """One sheet: its name, whether hidden, and where its BOUNDSHEET and its own records begin."""

    name: str
    hidden: bool
    record: int
    start: int
    scan: SheetScan


class OldBook:
    """An .xls that was looked through."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            container = CompoundFile(content)
            stream = container.stream(*STREAMS)
        except Damaged as broken:
            raise Unreadable("E-33") from broken
        check_storages(container.names)
        if stream is None:
            raise Unreadable("E-33")
        self._stream = bytearray(stream)
        self._biff8 = False
        self._codepage = "cp932"
        self._texts: list[int] = []
        try:
            self._sheets = self._read_globals()
            self._read_sheets()
        except struct.error as broken:
            raise Unreadable("E-33") from broken

    @property
    def sheets(self) -> dict[str, SheetScan]:
        return {sheet.name: sheet.scan for sheet in self._sheets}

    @property
    def hidden(self) -> set[str]:
        return {sheet.name for sheet in self._sheets if sheet.hidden}

    def only(self, name: str) -> bytes:
        """Return a clean book with this sheet alone."""
        copy = bytearray(self._stream)
        for sheet in self._sheets:
            if sheet.name != name:
                struct.pack_into("<H", copy, sheet.record, _UNKNOWN)
        return rebuilt(STREAMS[0] if self._biff8 else STREAMS[1], bytes(copy))

    def _records(self, at: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield (kind, place of the record, place of its content, length) from `at` to the EOF that closes its BOF."""
        stream, end, depth = self._stream, len(self._stream), 0
        while at + 4 <= end:
            kind, size = struct.unpack_from("<HH", stream, at)
            if at + 4 + size > end:
                break
            yield kind, at, at + 4, size
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth == 0:
                    return
            at += 4 + size
        raise Unreadable("E-33")  # cut off before its end

    def _read_globals(self) -> list[_Sheet]:
        sheets: list[_Sheet] = []
        parts: list[bytes] = []
        before = 0
        for number, (kind, record, at, size) in enumerate(self._records(0)):
            if number == 0:
                if kind != _BOF or size < 4:
                    raise Unreadable("E-33")
                self._biff8 = struct.unpack_from("<H", self._stream, at)[0] == _BIFF8
            elif kind == _FILEPASS:
                raise Unreadable("E-32")
            elif kind == _CODEPAGE:
                self._codepage = f"cp{struct.unpack_from('<H', self._stream, at)[0]}"
            elif kind == _BOUND_SHEET:
                start, state, sort = struct.unpack_from("<IBB", self._stream, at)
                if sort == _MACRO_SHEET:
                    raise Unreadable("E-31")
                if sort == _WORKSHEET:
                    sheets.append(_Sheet(self._name(at + 6, size - 6), bool(state & 3), record, start, SheetScan()))
                else:
                    struct.pack_into("<H", self._stream, record, _UNKNOWN)  # a chart
            elif kind == _SST or (kind == _CONTINUE and before == _SST):
                parts.append(bytes(self._stream[at : at + size]))
                kind = _SST
            elif kind in _DROPPED:
                struct.pack_into("<H", self._stream, record, _UNKNOWN)
            before = kind
        names = {sheet.name for sheet in sheets}
        if not sheets or len(names) != len(sheets) or len(sheets) > self._limits.sheets:
            raise Unreadable("E-33")
        if parts:
            self._texts = _text_lengths(parts)
        return sheets

    def _name(self, at: int, size: int) -> str:
        length = self._stream[at]
        if not self._biff8:
            return bytes(self._stream[at + 1 : at + 1 + min(length, size - 1)]).decode(
                _codec(self._codepage), "replace"
            )
        wide = self._stream[at + 1] & 1
        raw = bytes(self._stream[at + 2 : at + 2 + min(length << wide, size - 2)])
        return raw.decode("utf-16-le" if wide else "latin-1", "replace")

    def _read_sheets(self) -> None:
        reached = 0
        for sheet in sorted(self._sheets, key=lambda one: one.start):
            if sheet.start < reached or struct.unpack_from("<H", self._stream, sheet.start)[0] != _BOF:
                raise Unreadable("E-33")
            reached = self._read_sheet(sheet)

    def _read_sheet(self, sheet: _Sheet) -> int:
        """Walk the records of a sheet, put saved results in the place of formulas, return where its records end."""
        stream, scan = self._stream, sheet.scan
        references: Counter[int] = Counter()
        place = struct.Struct("<HH").unpack_from
        last_row = last_column = -1
        at = size = depth = 0
        for kind, record, at, size in self._records(sheet.start):
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
            elif depth > 1 and kind in _CELLS:
                struct.pack_into("<H", stream, record, _UNKNOWN)  # the figures of a chart in the sheet
            elif kind in _CELLS:
                row, column = place(stream, at)
                if kind == _FORMULA:
                    self._settle(record, at, size, row, column, scan)
                elif kind == _MANY_RK:
                    column = max(column + (size - 6) // 6 - 1, struct.unpack_from("<H", stream, at + size - 2)[0])
                elif kind == _TEXT_REFERENCE:
                    references[struct.unpack_from("<I", stream, at + 6)[0]] += 1
                elif kind == _BOOL_OR_ERROR and stream[at + 7]:
                    scan.errors[row + 1, column + 1] = _ERRORS.get(stream[at + 6], "#N/A")
                if row > last_row:
                    last_row = row
                if column > last_column:
                    last_column = column
            elif kind == _ROW:
                if struct.unpack_from("<H", stream, at + 12)[0] & _ROW_HIDDEN:
                    scan.hidden_rows.add(place(stream, at)[0] + 1)
            elif kind in _DROPPED:
                struct.pack_into("<H", stream, record, _UNKNOWN)
        scan.rows, scan.columns = last_row + 1, last_column + 1
        texts = self._texts
        scan.text = sum(texts[one] * count for one, count in references.items() if one < len(texts))
        return at + size

    def _settle(self, record: int, at: int, size: int, row: int, column: int, scan: SheetScan) -> None:
        """Turn a formula into its saved result: a number, a truth value, an error; a text follows in its own record."""
        stream = self._stream
        if size < 22:
            raise Unreadable("E-33")
        if stream[at + 12] != 0xFF or stream[at + 13] != 0xFF:
            struct.pack_into("<H", stream, record, _NUMBER)
            return
        sort, value = stream[at + 6], stream[at + 8]
        if sort == 0:
            struct.pack_into("<H", stream, at + 20, 0)  # no formula left, the text stays
        elif sort == 3:
            struct.pack_into("<H", stream, record, _BLANK)
        else:
            struct.pack_into("<H", stream, record, _BOOL_OR_ERROR)
            stream[at + 6], stream[at + 7] = value, int(sort == 2)
            if sort == 2:
                scan.errors[row + 1, column + 1] = _ERRORS.get(value, "#N/A")


def check_storages(names: list[str]) -> None:
    """Refuse a compound file that is an encrypted package (E-32) or holds a macro project (E-31)."""
    if "EncryptedPackage" in names:
        raise Unreadable("E-32")
    if MACRO_STORAGES & set(names):
        raise Unreadable("E-31")


def _codec(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        return "latin-1"
    return name


def _text_lengths(parts: list[bytes]) -> list[int]:
    """Return the bytes of each text in the table (SST and its CONTINUE records); where it breaks off, the worst case.

    Raises E-33 when it claims more texts than its bytes can hold.
    """
    claimed = struct.unpack_from("<I", parts[0], 4)[0]
    if claimed > sum(map(len, parts)) // 3:
        raise Unreadable("E-33")
    lengths: list[int] = []
    part, at = 0, 8
    try:
        while len(lengths) < claimed:
            if at >= len(parts[part]):
                part, at = part + 1, 0
            count, flags = struct.unpack_from("<HB", parts[part], at)
            at += 3
            tail = 0
            if flags & 8:
                tail += 4 * struct.unpack_from("<H", parts[part], at)[0]
                at += 2
            if flags & 4:
                tail += struct.unpack_from("<I", parts[part], at)[0]
                at += 4
            lengths.append(2 * count)
            wide = flags & 1
            while count > (fitting := (len(parts[part]) - at) >> wide):
                count -= fitting
                part, at = part + 1, 1
                wide = parts[part][0] & 1
            at += count << wide
            while tail > len(parts[part]) - at:
                tail -= len(parts[part]) - at
                part, at = part + 1, 0
            at += tail
    except (IndexError, struct.error):
        lengths += [_LONGEST_TEXT] * (claimed - len(lengths))
    return lengths
