"""The rows of a comparison as a page shows them: what each cell was and becomes, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..models import SheetImport
from ..viewer import Viewer
from . import chunks
from .chunks import Chunk
from .fields import Context, SheetField, Value
from .inspecting import context
from .kinds import SheetKind, kind_of


@dataclass(frozen=True)
class CellDiff:
    """One cell: what it was and what it becomes, as people read it; `problem` says what is wrong with it."""

    field: str
    heading: str
    before: str
    after: str
    changed: bool
    problem: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding about a row: its id, the heading of the cell it is about ("" for the row), the sentence."""

    id: str
    heading: str
    text: str

    @property
    def warns(self) -> bool:
        return self.id.startswith("W")


@dataclass(frozen=True)
class RowDiff:
    """One row of the sheet: its number there, what it does (new, changed, same, error), its cells and its findings."""

    number: int
    result: str
    label: str
    cells: tuple[CellDiff, ...]
    messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass
class Page:
    """One page of rows; `total` counts the rows of the filter, `pages` is at least 1, `fields` are the columns."""

    rows: list[RowDiff]
    number: int
    pages: int
    total: int
    fields: tuple[SheetField, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(one.heading for one in self.fields)


def page_of(run: SheetImport, *, viewer: Viewer, result: str | None = None, page: int = 1, per_page: int = 50) -> Page:
    """Return one page of the comparison: all rows, or those of one result (new, changed, same, error).

    A page beyond the last is the last. Reads only the chunks that hold the page.
    """
    kind = kind_of(run.kind)
    ctx = context(run, kind, viewer)
    letters = {name: letter for letter, name in chunks.RESULTS.items()}
    names = [result] if result in letters else list(letters)
    sizes = [(number, sum(counts)) for number, *counts in run.chunks.order_by("number").values_list("number", *names)]
    total = sum(size for _, size in sizes)
    pages = max(1, -(-total // per_page))
    page = min(max(page, 1), pages)
    skip, wanted = (page - 1) * per_page, []
    passed = 0
    for number, size in sizes:
        if size and passed + size > skip and passed < skip + per_page:
            wanted.append((number, max(0, skip - passed)))
        passed += size
    rows: list[RowDiff] = []
    first = wanted[0][1] if wanted else 0
    by_name = {one.name: one for one in ctx.fields}
    chosen = {letters[name] for name in names}
    for chunk in chunks.load(run, by_name, [number for number, _ in wanted]):
        rows += rows_of(chunk, kind, ctx, chosen, first, per_page - len(rows))
        first = 0
    return Page(rows, page, pages, total, tuple(ctx.fields))


def findings_of(run: SheetImport, fields: dict[str, SheetField]) -> Iterator[tuple[int, str | None, str, str]]:
    """Yield every finding about a row: its number in the sheet, the field, the id and the sentence."""
    for chunk in chunks.load(run, fields, run.chunks.values_list("number", flat=True)):
        for at, name, id, text in chunk.found:
            yield chunk.numbers[at], name, id, text


def rows_of(chunk: Chunk, kind: SheetKind, ctx: Context, chosen: set[str], skip: int, most: int) -> Iterator[RowDiff]:
    """Yield up to `most` rows of a chunk with one of the chosen results, after `skip` of them."""
    picked = [at for at, letter in enumerate(chunk.results) if letter in chosen][skip : skip + most]
    found: dict[int, list[tuple[str | None, str, str]]] = {}
    for at, name, id, text in chunk.found:
        found.setdefault(at, []).append((name, id, text))
    named = {one.name: one.heading for one in ctx.fields}
    among, kept = _places(chunk.results)
    same = [among[at] for at in picked if chunk.results[at] == chunks.SAME]
    keys = list(zip(*chunk.same.values(), strict=True)) if chunk.same else []
    standing = kind.standing([keys[place] for place in same], ctx) if same else {}
    for at in picked:
        letter, place = chunk.results[at], among[at]
        before: dict[str, Value] = {}
        if letter == chunks.SAME:
            stood = standing.get(keys[place])
            after = dict(zip((one.name for one in ctx.stored), stood, strict=True)) if stood else {}
            after |= {one.name: chunk.same[one.name][place] for one in ctx.keys}
            before = after
        else:
            after = {name: column[kept[at]] for name, column in chunk.values.items()}
            if letter == chunks.CHANGED:
                before = {name: column[place] for name, column in chunk.before.items()}
        typed = chunk.typed.get(str(at), {})
        said = found.get(at, [])
        cells = tuple(_cell(one, letter, before, after, typed, said, ctx) for one in ctx.fields)
        yield RowDiff(
            number=chunk.numbers[at],
            result=chunks.RESULTS[letter],
            label=chunks.LABELS[letter],
            cells=cells,
            messages=tuple(text for _, id, text in said if not id.startswith("W")),
            warnings=tuple(text for _, id, text in said if id.startswith("W")),
            findings=tuple(Finding(id, named.get(name or "", ""), text) for name, id, text in said),
        )


def _places(results: str) -> tuple[list[int], list[int]]:
    """Return for each row how many rows before it have its result, and how many are not the same as they stand."""
    counts = dict.fromkeys(chunks.RESULTS, 0)
    among, kept = [], []
    for letter in results:
        among.append(counts[letter])
        kept.append(sum(counts.values()) - counts[chunks.SAME])
        counts[letter] += 1
    return among, kept


def _cell(
    one: SheetField,
    letter: str,
    before: dict[str, Value],
    after: dict[str, Value],
    typed: dict[str, str],
    said: list[tuple[str | None, str, str]],
    ctx: Context,
) -> CellDiff:
    old = one.reader.shown(before.get(one.name), ctx) if one.attribute else ""
    new = typed.get(one.name) or one.reader.shown(after.get(one.name), ctx)
    changed = letter == chunks.NEW or (
        letter == chunks.CHANGED and one.attribute is not None and before.get(one.name) != after.get(one.name)
    )
    problem = "".join(text for name, _, text in said if name == one.name)
    return CellDiff(one.name, one.heading, old, new, changed, problem)
