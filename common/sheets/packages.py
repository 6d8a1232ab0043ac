"""Look through an .xlsx before anything unpacks it: real sizes, how far its cells reach, hidden rows, error cells.

The reader makes one block of memory from the first to the last cell, so a single value in XFD1048576 would cost half a
terabyte, and a part may unpack to far more than the archive says. Here every part is unpacked in small pieces and
thrown away. Sheets as most programs write them are searched for what is out of the ordinary; others are walked cell by
cell.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from .cells import UNCALCULATED
from .limits import Limits
from .messages import Unreadable

PIECE = 1024 * 1024
FARTHEST_COLUMN = 16_384
LONGEST_TAG = 4 * PIECE
MOST_ERRORS = 20_000
MOST_MERGED = 50_000
PLAIN_TEXT = 100  # shared strings up to this length (with their markup) cannot become a bomb
WIDTH_SAMPLE = 100_000  # bytes of the first rows, which tell how many columns a plain sheet has
SMALL = 20 * PIECE  # below this no ratio is suspicious
STRINGS = "xl/sharedstrings.xml"
_ROW_OR_CELL = re.compile(rb"<(/?)(?:[\w.-]+:)?(row|c)(?=[\s/>])")
_REST = re.compile(rb"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]*)(\d{0,15})(?:[^\"']*)[\"']")
_CELL = re.compile(rb"<c r=\"([A-Z])(\d+)\"")
_OUTLYING = re.compile(rb"<c(?! r=\"[A-Z]\d{1,5}\")(?! r=\"[A-Z]1\d{5}\")(?![a-zA-Z])")
_UNPLACED = re.compile(rb"<c(?! r=\"[A-Z]{1,3}\d{1,7}\")(?![a-zA-Z])")
_VALUED = re.compile(
    rb"<c r=\"([A-Z]{1,3})(\d{1,7})\"(?!(?: [A-Za-z]+=\"[^\"<>/]*\")*(?:/>|></c>))"  # all but the surely empty
)
_ODD_ROW = re.compile(rb"<row(?! r=\"\d{1,7}\")")
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_NO_VALUE = re.compile(rb"\s*</(?:[\w.-]+:)?c\s*>")
_FORMULA = re.compile(rb"[<:]f[\s/>]")
_HIDDEN_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=\s[^<>]*\shidden=\"(?:1|true)\")[^<>]*?\sr=\"(\d{1,7})\"")
_ERROR_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c(?=\s[^<>]*\bt=\"e\")[^<>]*?\sr=\"([A-Z]{1,3})(\d{1,7})\"[^<>]*>"
    rb"(?:<(?:[\w.-]+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f>))?<(?:[\w.-]+:)?v>([^<]*)<"
)
_UNCALCULATED = re.compile(  # an empty text as the result has t="str"
    rb"<(?:[\w.-]+:)?c r=\"([A-Z]{1,3})(\d{1,7})\"(?![^<>]*\st=)[^<>]*>"
    rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f>)(?:<(?:[\w.-]+:)?v\s*/>|<v></v>)?</(?:[\w.-]+:)?c>"
)
_ANY_SHARED = re.compile(rb"t\s*=\s*[\"']s[\"']")
_SHARED = re.compile(rb"t=\"s\"[^<>]*>\s*<(?:[\w.-]+:)?v>(\d{1,9})<")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SHEET = re.compile(r"<(?:[\w.-]+:)?sheet\s((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_RELATION = re.compile(r"<(?:[\w.-]+:)?Relationship\s((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")


@dataclass(slots=True)
class SheetScan:
    """What a sheet holds, seen before it is read: its last row and column with a value, as the sheet numbers them."""

    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column): "#N/A"
    text: int = 0  # bytes of shared strings that its cells refer to
    merged: int = 0  # how many merged areas it names
    known: bool = True  # its part was found and looked through


class Package:
    """An .xlsx that was looked through: `sheets` by name in the order of the book, names of the `hidden` ones."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._content = content
        self._limits = limits
        self._until = time.monotonic() + limits.seconds
        self._unpacked = 0
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = {_path(part.filename): part for part in archive.infolist() if not part.is_dir()}
                if len(parts) != sum(not part.is_dir() for part in archive.infolist()):
                    raise Unreadable("E-33")  # two parts of one name: readers would disagree on which is meant
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, IndexError) as broken:
            raise Unreadable("E-33") from broken
        places = self._places(parts)
        strings = parts.pop(STRINGS, None)
        self._lengths = self._string_lengths(strings) if strings else array("l")
        self._longest = max(self._lengths, default=0)
        sheets = {place: self._scan(parts.pop(place)) for place in dict.fromkeys(places.values()) if place in parts}
        for part in parts.values():
            for piece in self._pieces(part):
                if b"<sst" in piece:
                    raise Unreadable("E-33")  # shared strings in a place where nobody counts them
        self.sheets = {name: sheets.get(place) or SheetScan(known=False) for name, place in places.items()}

    def _pieces(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a part unpacked piece by piece; what it really unpacks to counts, not what the archive says."""
        head = self._content[part.header_offset : part.header_offset + 30]
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise Unreadable("E-33")
        start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = memoryview(self._content)[start : start + part.compress_size]
        if len(packed) != part.compress_size:
            raise Unreadable("E-33")
        if part.compress_type == zipfile.ZIP_STORED:
            for at in range(0, len(packed), PIECE):
                yield self._counted(bytes(packed[at : at + PIECE]))
            return
        if part.compress_type != zipfile.ZIP_DEFLATED:
            raise Unreadable("E-33")
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        rest: bytes | memoryview = packed
        try:
            while not unpacker.eof:
                piece = unpacker.decompress(rest, PIECE)
                rest = unpacker.unconsumed_tail
                if not piece and not unpacker.eof:
                    raise Unreadable("E-33")  # the part is cut off
                yield self._counted(piece)
        except zlib.error as broken:
            raise Unreadable("E-33") from broken

    def _counted(self, piece: bytes) -> bytes:
        self._unpacked += len(piece)
        dense = self._unpacked > SMALL and self._unpacked > self._limits.ratio * len(self._content)
        if dense or self._unpacked > self._limits.unpacked:
            raise Unreadable("E-35")
        if time.monotonic() > self._until:
            raise Unreadable("E-38", limit=f"{self._limits.seconds:g}")
        return piece

    def _whole(self, part: zipfile.ZipInfo | None) -> str:
        """Return a small part as text. E-33 for what could hide something: entities, comments, other encodings."""
        if part is None:
            raise Unreadable("E-33")
        content = b"".join(self._pieces(part))
        if b"<!" in content or b"\0" in content or len(content) > LONGEST_TAG:
            raise Unreadable("E-33")
        return content.decode(errors="replace")

    def _places(self, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
        """Return which part holds which sheet: {name: path}."""
        relations = _RELATION.findall(self._whole(parts.pop("xl/_rels/workbook.xml.rels", None)))
        targets = {one.get("Id", ""): _target(one.get("Target", "")) for one in map(_attributes, relations)}
        if len(targets) != len(relations):
            raise Unreadable("E-33")  # readers would disagree on which is meant
        sheets = _SHEET.findall(self._whole(parts.pop("xl/workbook.xml", None)))
        described = [_attributes(one) for one in sheets]
        self.hidden = {one.get("name", "") for one in described if one.get("state", "visible") != "visible"}
        places = {one.get("name", ""): targets.get(_relation_id(one), "") for one in described}
        if not places or len(places) != len(sheets) or len(sheets) > self._limits.sheets:
            raise Unreadable("E-33")
        return places

    def _string_lengths(self, part: zipfile.ZipInfo) -> array[int]:
        """Return the bytes of each shared string, its markup included. Raises E-35 for more than cells could need."""
        lengths = array("l")
        carried = 0
        for piece in self._blocks(part):
            first, *others = re.split(rb"<(?:[\w.-]+:)?si(?=[\s/>])", piece)
            carried += len(first)
            for other in others:
                lengths.append(carried)
                carried = len(other)
            if len(lengths) > self._limits.cells:
                raise Unreadable("E-35")
        return lengths[1:] + array("l", [carried])  # what stands before the first string is none

    def _blocks(self, part: zipfile.ZipInfo, end: bytes = b"") -> Iterator[bytes]:
        """Yield a part in blocks that end after `end` or where a tag begins; what could fool a search is E-33."""
        rest = b""
        first = True
        for piece in self._pieces(part):
            block = rest + piece
            cut = (block.rfind(end) + len(end) if end and end in block else 0) or block.rfind(b"<")
            if cut <= 0:
                if len(block) > LONGEST_TAG:
                    raise Unreadable("E-33")
                rest = block
                continue
            rest = block[cut:]
            yield _harmless(block[:cut], first)
            first = False
        yield _harmless(rest, first)

    def _scan(self, part: zipfile.ZipInfo) -> SheetScan:
        found = SheetScan()
        walker = _Walker(found)
        first = True
        for block in self._blocks(part, b"row>"):
            if found.rows > self._limits.rows or found.columns > FARTHEST_COLUMN:
                break  # nobody reads this sheet
            outlying = (first and len(block) < PIECE // 2) or _OUTLYING.search(block)
            if _ODD_ROW.search(block) or _PREFIXED.search(block) or (outlying and _UNPLACED.search(block)):
                walker.walk(block)
            elif outlying:
                walker.survey(block)
            else:
                walker.skim(block, first)
            first = False
            if b"h" in block and b"hidden=" in block:  # one letter is searched for much faster
                found.hidden_rows.update(int(row) for row in _HIDDEN_ROW.findall(block))
            if b"e" in block and b't="e"' in block and len(found.errors) <= MOST_ERRORS:
                for column, row, text in _ERROR_CELL.findall(block):
                    found.errors[int(row), _number(column)] = text.decode(errors="replace")
            if b"f" in block and _FORMULA.search(block) and len(found.errors) <= MOST_ERRORS:
                for column, row in _UNCALCULATED.findall(block):
                    found.errors[int(row), _number(column)] = UNCALCULATED
            if b"m" in block:
                found.merged += block.count(b"mergeCell ")
            if self._longest > PLAIN_TEXT:
                found.text += self._referred(block)
        return found

    def _referred(self, block: bytes) -> int:
        """Return the bytes of the shared strings that the cells of a block refer to."""
        lengths = self._lengths
        found = [int(one) for one in _SHARED.findall(block)]
        unclear = len(_ANY_SHARED.findall(block)) - len(found)
        return sum(lengths[one] for one in found if one < len(lengths)) + max(unclear, 0) * self._longest


class _Walker:
    """Follows the position of the cells through the blocks of a sheet."""

    def __init__(self, found: SheetScan) -> None:
        self._found = found
        self._row = 0
        self._column = 0
        self._in_row = False

    def skim(self, block: bytes, first: bool) -> None:
        """Take note of a block in which each cell names its place, none beyond Z199999."""
        value = max(block.rfind(b"</v>"), block.rfind(b"</is>"))
        if match := _CELL.match(block, block.rfind(b'<c r="', 0, value)) if value > 0 else None:
            self._row = max(self._row, int(match[2]))
            self._found.rows = max(self._found.rows, self._row)
            if first:
                letters = (one[1] for one in _CELL.finditer(block, 0, WIDTH_SAMPLE))
                self._found.columns = max(map(_number, letters), default=_number(match[1]))
        self._in_row = False

    def survey(self, block: bytes) -> None:
        """Take note of a block in which each cell names its place, wherever that is."""
        found = self._found
        places = _VALUED.findall(block)
        if places:
            self._row = max(map(int, {row for _, row in places}))
            found.rows = max(found.rows, self._row)
            found.columns = max(found.columns, *map(_number, {column for column, _ in places}))
        self._in_row = False

    def walk(self, block: bytes) -> None:
        """Go through a block cell by cell, as a reader places them. E-33 for rows in rows and for unreadable places."""
        found = self._found
        for tag in _ROW_OR_CELL.finditer(block):
            closing, kind = tag[1], tag[2]
            if closing:
                if kind == b"row":
                    self._in_row, self._column = False, 0
                continue
            rest = _REST.match(block, tag.end())
            if rest is None:
                raise Unreadable("E-33")
            place = _PLACE.search(rest[1])
            if kind == b"row":
                if self._in_row:
                    raise Unreadable("E-33")
                self._row = int(place[2] or 0) if place else self._row + 1
                self._in_row, self._column = not rest[2], 0
                continue
            if place is None:
                self._column += 1
            elif not place[1] or not place[2]:
                raise Unreadable("E-33")
            else:
                self._column, self._row = _number(place[1]), int(place[2])
            if not rest[2] and not _NO_VALUE.match(block, rest.end()):
                found.rows = max(found.rows, self._row)
                found.columns = max(found.columns, self._column)


def _harmless(block: bytes, first: bool) -> bytes:
    body = block
    if first and block.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml"):
        body = block[block.find(b"?>") + 2 :]
    if b"\0" in body or (b"!" in body and b"<!" in body) or (b"?" in body and b"<?" in body):
        raise Unreadable("E-33")
    return body


def _path(name: str) -> str:
    return name.replace("\\", "/").lower().lstrip("/")


def _target(target: str) -> str:
    path = _path(target)
    return path if target.startswith(("/", "xl/")) else f"xl/{path}"


def _attributes(text: str) -> dict[str, str]:
    return {key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(text)}


def _relation_id(attributes: dict[str, str]) -> str:
    named = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
    if len(named) != 1:
        raise Unreadable("E-33")
    return named[0]


def _number(letters: bytes) -> int:
    """Return the column number of its letters; far beyond any sheet for more than three."""
    if len(letters) > 3:
        return 10**9
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
