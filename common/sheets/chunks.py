"""The comparison of one import, kept in chunks of a thousand rows: what confirm, undo and the pages work from.

A chunk is compressed JSON, column by column: the sheet's row numbers, one letter per row for its result, the values of
new, changed and faulty rows, the values that changed rows had before, and the findings. Of rows that stay the same only
their key is kept.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from ..errors import Refused
from ..models import SheetImport, SheetImportChunk
from .fields import Problem, SheetField, Value
from .rows import Rows

SIZE = 1_000
FIELDS_GONE = "この取込の後に様式の項目（{names}）がなくなったため、行ごとの違いを読み出せません。"
NEW, CHANGED, SAME, ERROR = "n", "c", "s", "e"
RESULTS = {NEW: "new", CHANGED: "changed", SAME: "same", ERROR: "error"}
LABELS = {NEW: "登録", CHANGED: "更新", SAME: "変更なし", ERROR: "エラー"}
SAVED_AT_A_TIME = 50


@dataclass
class Chunk:
    """Unpacked rows. `values` and `before` hold columns by field name for the rows their name says, in order.

    `values`: rows that are new, changed or faulty; `before`: changed rows; `same`: the keys of rows that stay.
    `found` are the findings: (index in the chunk, field name or None, id, sentence). `typed` is what stood in cells
    that could not be read: {index: {field name: text}}.
    """

    numbers: list[int]
    results: str
    values: dict[str, list[Value]]
    before: dict[str, list[Value]]
    same: dict[str, list[Value]]
    found: list[tuple[int, str | None, str, str]] = field(default_factory=list)
    typed: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Compared:
    """A whole comparison before it is cut into chunks; `before` aligns with the rows, None where nothing stood."""

    rows: Rows
    results: str
    before: Sequence[tuple[Value, ...] | None]
    problems: Sequence[Problem]
    sentences: Sequence[str]
    typed: Mapping[int, Mapping[str, str]]


def save(run: SheetImport, compared: Compared, stored: tuple[SheetField, ...]) -> str:
    """Replace the chunks of a run, in the caller's transaction; return the SHA-256 of the whole difference."""
    run.chunks.all().delete()
    digest = hashlib.sha256()
    waiting: list[SheetImportChunk] = []
    for number, (results, text) in enumerate(_cut(compared, stored)):
        digest.update(text)
        counts = {name: results.count(letter) for letter, name in RESULTS.items()}
        waiting.append(SheetImportChunk(run=run, number=number, payload=zlib.compress(text, 1), **counts))
        if len(waiting) == SAVED_AT_A_TIME:
            SheetImportChunk.objects.bulk_create(waiting)
            waiting = []
    SheetImportChunk.objects.bulk_create(waiting)
    return digest.hexdigest()


def load(run: SheetImport, fields: Mapping[str, SheetField], numbers: Iterable[int] | None = None) -> Iterator[Chunk]:
    """Yield the chunks of a run in order, all of them or those with these numbers."""
    wanted = run.chunks.order_by("number")
    if numbers is not None:
        wanted = wanted.filter(number__in=list(numbers))
    for payload in wanted.values_list("payload", flat=True).iterator(chunk_size=20):
        raw = json.loads(zlib.decompress(payload))
        yield Chunk(
            numbers=raw["n"],
            results=raw["r"],
            values=_unpacked(raw["v"], fields),
            before=_unpacked(raw["b"], fields),
            same=_unpacked(raw["s"], fields),
            found=[(at, name, id, text) for at, name, id, text in raw["f"]],
            typed=raw["t"],
        )


def split(chunks: Iterable[Chunk], fields: tuple[SheetField, ...]) -> tuple[Rows, Rows]:
    """Return the new and the changed rows of all chunks, as kinds write them."""
    names = [one.name for one in fields]
    new: dict[str, list[Value]] = {name: [] for name in names}
    changed: dict[str, list[Value]] = {name: [] for name in names}
    before: dict[str, list[Value]] = {name: [] for name in names}
    new_numbers: list[int] = []
    changed_numbers: list[int] = []
    for chunk in chunks:
        kept = [result for result in chunk.results if result != SAME]
        for letter, columns, numbers in ((NEW, new, new_numbers), (CHANGED, changed, changed_numbers)):
            if letter not in chunk.results:
                continue
            numbers += [number for number, result in zip(chunk.numbers, chunk.results, strict=True) if result == letter]
            chosen = [result == letter for result in kept]
            for name in names:
                columns[name] += compress(chunk.values[name], chosen)
        for name in names:
            before[name] += chunk.before.get(name, [])
    stood = {one.name: before[one.name] for one in fields if one.attribute}
    return Rows(fields, new, new_numbers), Rows(fields, changed, changed_numbers, before=stood)


def _cut(compared: Compared, stored: tuple[SheetField, ...]) -> Iterator[tuple[str, bytes]]:
    rows, keys = compared.rows, [one for one in compared.rows.fields if one.key]
    findings: dict[int, list[tuple[int, str | None, str, str]]] = {}
    for problem, sentence in zip(compared.problems, compared.sentences, strict=True):
        at = problem.index % SIZE
        findings.setdefault(problem.index // SIZE, []).append((at, problem.field, problem.id, sentence))
    for number, start in enumerate(range(0, max(len(rows), 1), SIZE)):
        end = min(start + SIZE, len(rows))
        results = compared.results[start:end]
        kept = [result != SAME for result in results]
        changed = [
            old for old, result in zip(compared.before[start:end], results, strict=True) if result == CHANGED and old
        ]
        columns = zip(*changed, strict=True) if changed else ()
        whole = {
            "n": list(rows.numbers[start:end]),
            "r": results,
            "v": {one.name: _packed(one, compress(rows[one.name][start:end], kept)) for one in rows.fields}
            if any(kept)
            else {},
            "b": {one.name: _packed(one, column) for one, column in zip(stored, columns, strict=False)},
            "s": {
                one.name: _packed(one, compress(rows[one.name][start:end], (not one for one in kept))) for one in keys
            }
            if not all(kept)
            else {},
            "f": sorted(findings.get(number, ()), key=lambda one: one[0]),
            "t": {str(at - start): compared.typed[at] for at in range(start, end) if at in compared.typed}
            if compared.typed
            else {},
        }
        yield results, json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(one: SheetField, values: Iterable[Value]) -> list[Any]:
    return one.reader.pack(list(values))


def _unpacked(columns: Mapping[str, list[Any]], fields: Mapping[str, SheetField]) -> dict[str, list[Value]]:
    if gone := [name for name in columns if name not in fields]:
        raise Refused(FIELDS_GONE.format(names="、".join(gone)))
    return {name: fields[name].reader.unpack(column) for name, column in columns.items()}
