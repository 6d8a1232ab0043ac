"""Which column of a sheet is which field: a suggestion that a person confirms, when the headings are not known.

`suggest` looks at two things. The name: the heading as declared, a synonym, or a text that resembles one of them after
units, brackets and widths are put aside. The values: how many of the samples the reader of the field can read, which
says much for a reader that takes little (municipality codes, days, a choice) and nothing for one that takes any text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from ..errors import Refused

CERTAIN = 90  # from here on the suggestion may be taken without a person
SHOWN = 35  # below this a column is better left without a suggestion
SAMPLES = 5
READ_AT_MOST = 50
CHOOSY = 0.7  # a reader of any number is below, of codes, years, days and choices above

_UNIT = re.compile(r"[(\[【〔<][^)\]】〕>]*[)\]】〕>]")
_PUNCTUATION = re.compile(r"[\s\u3000・･、,。.／/_:：;；*※＊＃#()\[\]【】「」『』]+|(?<!\d)-+|-+(?!\d)")
_DASHES = str.maketrans(dict.fromkeys("‐－―~〜～–−", "-"))  # 0～14歳 is 0-14歳
_NOISE = ("の", "等", "各")
_STEPS = re.compile(r"[\s\u3000_／/>＞・]+")

# What a reader is asked to judge how choosy it is: one value of each shape that stands in official sheets.
_PROBES = (
    "011002", "1304", "123456", "0", "-15", "12.5", "1900", "2024", "令和6年度", "R6", "2024/4/1", "令和6年4月1日",
    "札幌市", "人口の集計", "○", "abc", "sapporo@example.jp", "石狩振興局管内", "第1号", "市",
)  # fmt: skip


Read = Callable[[Any], Any]  # one cell → its value, None for a missing one; raises Refused or ValueError


class Wanted(Protocol):
    """A field as the suggestion needs it: `SheetField` is one."""

    heading: str
    synonyms: tuple[str, ...]
    required: bool
    reader: Any


class Why(StrEnum):
    """What a suggestion rests on; the value is what the person reads."""

    NAME = "列名が一致"
    SYNONYM = "同じ意味の列名"
    SIMILAR = "列名が似ている"
    VALUES = "値の形から推定"
    SAVED = "保存した対応"
    LAYOUT = "既知の様式"
    NONE = "該当なし"


@dataclass(frozen=True)
class Suggestion:
    """One column (counted from 0) with the field it probably is, or None; `confidence` 0 … 100.

    `samples` are the first values that are not empty, as text. `contradicted` says that the name fits but that most
    values cannot be read as this field.
    """

    column: int
    heading: str
    field: str | None
    confidence: int
    why: Why
    samples: tuple[str, ...]
    contradicted: bool = False

    @property
    def certain(self) -> bool:
        """Whether the suggestion may be taken without asking."""
        return self.field is not None and self.confidence >= CERTAIN


@dataclass(frozen=True)
class _Match:
    score: int
    why: Why
    contradicted: bool = False


def suggest(
    headings: Sequence[str], samples: Sequence[Sequence[Any]], fields: Mapping[str, Wanted], ctx: Any = None
) -> list[Suggestion]:
    """Return one suggestion per column, in the order of the columns; no field is suggested twice.

    `samples[i]` are cells of column i as read (some fifty are enough); `fields` maps the field's name to its
    declaration; `ctx` is what the readers of the kind look things up in (`SheetKind.prepare`). The best pair is taken
    first, so that an exact name wins over one that is only similar.
    """
    shown = [_shown(samples[index] if index < len(samples) else ()) for index in range(len(headings))]
    filled = [_filled(samples, index) for index in range(len(headings))]
    pairs = sorted(
        (
            (-match.score, index, order, name, match)
            for order, (name, field) in enumerate(fields.items())
            for read in [_read_with(field.reader, ctx)]
            for choosy in [_choosiness(read)]
            for index, heading in enumerate(headings)
            if (match := _match(heading, filled[index], field, read, choosy)).score >= SHOWN
        ),
        key=lambda pair: pair[:3],
    )
    taken: dict[int, tuple[str, _Match]] = {}
    used: set[str] = set()
    for _, index, _, name, match in pairs:
        if index not in taken and name not in used:
            taken[index] = name, match
            used.add(name)
    found = []
    for index, heading in enumerate(headings):
        field_name, match = taken.get(index, (None, _Match(0, Why.NONE)))
        found.append(Suggestion(index, heading, field_name, match.score, match.why, shown[index], match.contradicted))
    return found


def signature(headings: Sequence[str]) -> str:
    """Return what recognises a sheet of the same shape again: a hash of its headings in order, widths put aside."""
    return hashlib.sha256(
        "\x1f".join(unicodedata.normalize("NFKC", one).strip() for one in headings).encode()
    ).hexdigest()


@lru_cache(maxsize=4096)
def normalised(heading: str) -> str:
    """Return a heading for comparison: full width made half, units, brackets, spaces and marks put aside."""
    text = unicodedata.normalize("NFKC", heading)
    bare = _UNIT.sub("", text)
    return _PUNCTUATION.sub("", (bare or text).translate(_DASHES)).lower()


def likeness(left: str, right: str) -> float:
    """Say how alike two headings are, 0 … 1, after normalising; a heading contained in the other counts for much."""
    left, right = _essence(left), _essence(right)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    other_number = _numbers(left) and _numbers(right) and _numbers(left) != _numbers(right)
    if other_number or {_kind(left), _kind(right)} == {1, 2}:
        return ratio / 2  # 0-14歳 is not 15-64歳, 市町村コード is not 市町村名
    short, long = sorted((left, right), key=len)
    if len(short) >= 2 and short in long:
        return max(ratio, 0.6 + 0.35 * len(short) / len(long))
    return ratio


def _numbers(heading: str) -> list[str]:
    return re.findall(r"\d+", heading)


def _kind(heading: str) -> int:
    """1 for the heading of a code, 2 for that of a name, 0 for others."""
    return 1 if heading.endswith(("コード", "番号")) else 2 if heading.endswith(("名", "名称")) else 0


def _essence(heading: str) -> str:
    text = normalised(heading)
    for word in _NOISE:
        text = text.replace(word, "")
    return text


def _match(heading: str, cells: Sequence[Any], field: Wanted, reader: Read, choosy: float) -> _Match:
    """Judge one column against one field; `choosy` is how little its reader takes, 0 … 1."""
    named = _by_name(heading, field)
    read = _share_read(cells, reader)
    if read is None:  # nothing to look at: the name alone counts
        return named
    if named.score >= SHOWN:
        if read < 0.5:  # the declared name stays what it is: its cells are then reported one by one
            return _Match(named.score if named.why == Why.NAME else named.score // 2, named.why, contradicted=True)
        gain = round(10 * choosy * read) if named.why == Why.SIMILAR else 0
        return _Match(min(CERTAIN - 1, named.score + gain) if gain else named.score, named.why)
    by_values = round(70 * choosy * read) if choosy >= CHOOSY and read >= 0.8 else 0
    if by_values <= named.score:
        return named
    return _Match(min(70, by_values + named.score // 3), Why.VALUES)


def _by_name(heading: str, field: Wanted) -> _Match:
    wanted = normalised(field.heading)
    mine = normalised(heading)
    if not mine:
        return _Match(0, Why.NONE)
    if mine == wanted:
        return _Match(100, Why.NAME)
    synonyms = {normalised(one) for one in field.synonyms}
    if mine in synonyms:
        return _Match(95, Why.SYNONYM)
    parts = [normalised(part) for part in _STEPS.split(heading) if part.strip()]
    if len(parts) > 1 and (parts[-1] == wanted or parts[-1] in synonyms):  # the last step under a group head
        return _Match(85, Why.SIMILAR)
    alike = max(likeness(heading, name) for name in (field.heading, *field.synonyms))
    return _Match(round(85 * alike) if alike >= 0.6 else round(30 * alike), Why.SIMILAR)


def _share_read(cells: Sequence[Any], reader: Read) -> float | None:
    """Return which share of the cells the reader reads as a value, or None when there are no cells."""
    if not cells:
        return None
    return sum(_reads(reader, cell) for cell in cells) / len(cells)


def _choosiness(reader: Read) -> float:
    """Return which share of the probes the reader turns away: near 1 for codes and choices, 0 for free text."""
    return sum(not _reads(reader, probe) for probe in _PROBES) / len(_PROBES)


def _read_with(reader: Any, ctx: Any) -> Read:
    if ctx is None:
        read: Read = reader.clean
        return read
    return lambda cell: reader.parse(cell, ctx)


def _reads(reader: Read, cell: Any) -> bool:
    try:
        return reader(cell) is not None
    except (Refused, ValueError, ArithmeticError):
        return False
    except LookupError:  # its list is not loaded: then nothing can be said against the cell
        return True


def _filled(samples: Sequence[Sequence[Any]], index: int) -> list[Any]:
    """The first cells of a column in which something stands."""
    column = samples[index] if index < len(samples) else ()
    return [cell for cell in column if cell is not None and str(cell).strip()][:READ_AT_MOST]


def _shown(cells: Sequence[Any]) -> tuple[str, ...]:
    """The first different values of a column as a person reads them."""
    texts = dict.fromkeys(as_text(cell) for cell in cells if cell is not None and str(cell).strip())
    return tuple(texts)[:SAMPLES]


def as_text(cell: Any) -> str:
    """Return a cell as a person reads it: 12.0 is 12, a day is 2024-04-01."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
