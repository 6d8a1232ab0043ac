"""Two people at one form: what each typed is kept, and only what both changed is put before a person.

A form is a mapping of field name → texts as the browser posts them. Rows of a grid (`costs-3-amount_yen`) are compared
as one block, because a row has no name that lasts. `base` is what the page showed when the person began.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .fiscal_year import parse_day

Typed = dict[str, list[str]]

_ROW = re.compile(r"^(?P<grid>\w+)-(?P<index>\d+)-(?P<column>\w+)$")
_AMOUNT = re.compile(r"^[\d,]+円?$")


@dataclass(frozen=True)
class Merge:
    """What to show and save: `values` as one form, `taken` the fields in which another person's change was kept,
    `clashes` the fields (or grids) that both changed; there `values` holds what this person typed."""

    values: Typed
    taken: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


def canonical(posted: Mapping[str, Iterable[str]], grids: Collection[str] = ()) -> Typed:
    """Return the texts without empty fields and empty rows; rows are counted anew from 0."""
    found: Typed = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {grid: {} for grid in grids}
    for name, texts in posted.items():
        kept = [text.replace("\r\n", "\n") for text in texts if text.strip()]
        if not kept:
            continue
        row = _ROW.match(name)
        if row and row["grid"] in rows:
            rows[row["grid"]].setdefault(int(row["index"]), {})[row["column"]] = kept
        else:
            found[name] = kept
    for grid, lines in rows.items():
        for number, index in enumerate(sorted(lines)):
            found |= {f"{grid}-{number}-{column}": texts for column, texts in lines[index].items()}
    return found


def merge(base: Typed, mine: Typed, latest: Typed, grids: Collection[str] = (), sets: Collection[str] = ()) -> Merge:
    """Bring together what this person typed and what was saved meanwhile; all three are canonical.

    A field that only one of them changed takes that change, a field that both changed alike is no clash. Fields in
    `sets` (ticked boxes) never clash: what either added is in, what either took out is out.
    """
    blocks = dict.fromkeys(_block(name, grids) for names in (latest, mine, base) for name in names)
    values: Typed = {}
    taken, clashes = [], []
    for block in blocks:
        was, typed, now = (_part(form, block, grids) for form in (base, mine, latest))
        if block in sets:
            chosen = _sets(was.get(block, []), typed.get(block, []), now.get(block, []))
            values |= {block: chosen} if chosen else {}
            if not _same({block: chosen}, typed):
                taken.append(block)
        elif _same(typed, now) or _same(now, was):
            values |= typed
        elif _same(typed, was):
            values |= now
            taken.append(block)
        else:
            values |= typed
            clashes.append(block)
    return Merge(values, tuple(taken), tuple(clashes))


def _sets(was: list[str], typed: list[str], now: list[str]) -> list[str]:
    """Both people's ticks and unticks applied to what was there."""
    gone = (set(was) - set(typed)) | (set(was) - set(now))
    return [text for text in dict.fromkeys([*now, *typed]) if text not in gone]


def _block(name: str, grids: Collection[str]) -> str:
    row = _ROW.match(name)
    return row["grid"] if row and row["grid"] in grids else name


def _part(form: Typed, block: str, grids: Collection[str]) -> Typed:
    return {name: texts for name, texts in form.items() if _block(name, grids) == block}


def _same(one: Typed, other: Typed) -> bool:
    return {name: sorted(map(_plain, texts)) for name, texts in one.items()} == {
        name: sorted(map(_plain, texts)) for name, texts in other.items()
    }


def _plain(text: str) -> str:
    """The text as its meaning goes: 1,000 is 1000, 令和8年4月1日 is 2026/4/1."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _AMOUNT.match(plain):
        return plain.replace(",", "").removesuffix("円")
    try:
        return parse_day(plain).isoformat() if len(plain) < 20 and not plain.isdigit() else plain
    except ValueError:
        return plain
