"""What a file that was uploaded holds: its sheets, its table, and which heading feeds which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .. import clock
from ..errors import Refused
from ..models import SheetImport, SheetMapping
from ..viewer import Viewer
from . import headers, layouts
from .comparing import fields_of_mapping
from .fields import Context, SheetField
from .headers import Heading, Table, find_table, guess_table
from .kinds import SheetKind, kind_of
from .layouts import Layout
from .mapping import Suggestion, signature, suggest
from .messages import Message, Unreadable
from .reading import Book, Grid, SheetInfo, open_book

SAMPLED = 200  # rows of which the suggestion takes its samples


@dataclass
class Inspection:
    """What the mapping page shows. `mapping` is the reading that would be taken: heading to field name."""

    sheets: tuple[SheetInfo, ...]
    sheet: str
    encoding: str
    table: Table
    fields: tuple[SheetField, ...]
    mapping: dict[str, str]
    missing: list[Message] = field(default_factory=list)
    suggestions: Sequence[Suggestion] = ()
    saved: str = ""  # the name of the office's mapping for these headings
    layout: Layout | None = None

    @property
    def ready(self) -> bool:
        """Whether every required column has its heading, so that no person needs to map anything."""
        return not self.missing


class BadMapping(Refused):
    """A mapping feeds one field twice, or names a field that the kind does not have."""


@dataclass
class Read:
    """A sheet as one kind reads it: the table, which heading feeds which field, and what is missing for that (E-04)."""

    table: Table
    mapping: dict[str, str]
    fields: tuple[SheetField, ...]  # all that the headings could feed
    missing: list[Message]
    saved: str = ""  # the name of the office's mapping for these headings
    layout: Layout | None = None

    @property
    def notices(self) -> list[Message]:
        """What is to say about the whole table. E-03 stands only as long as nobody said what its headings mean."""
        if self.missing and any(one.id == "E-03" for one in self.table.notices):
            return [one for one in self.table.notices if one.id in ("E-03", "W-11")]
        if self.missing:
            return [*self.missing, *self.table.notices]
        return [one for one in self.table.notices if one.id != "E-03"]


def context(run: SheetImport, kind: SheetKind, viewer: Viewer) -> Context:
    """Return what the kind knows for this run, its lookups loaded; `fields` are those of the run's mapping."""
    ctx = fresh_context(kind, viewer, run.parameters)
    ctx.fields = tuple(fields_of_mapping(kind, list(run.mapping), run.mapping, ctx).values())
    return ctx


def fresh_context(kind: SheetKind, viewer: Viewer, parameters: Mapping[str, Any]) -> Context:
    """Return a context with its lookups loaded, before any mapping is known."""
    ctx = Context(viewer=viewer, parameters=parameters, today=clock.today())
    kind.prepare(ctx)
    return ctx


def book_of(run: SheetImport) -> Book:
    """Open the stored original of a run. Raises Unreadable."""
    assert run.file is not None
    with run.file.file.open("rb") as stored:
        return open_book(stored.read(), run.file_name, encoding=run.encoding or None)


def read_run(run: SheetImport, book: Book, kind: SheetKind, ctx: Context) -> Read:
    """Read the opened book of a run as it is set."""
    return read(kind, book, run.file_name, ctx, sheet=run.sheet, mapping=run.mapping, office_key=run.office_key)


def read(
    kind: SheetKind,
    book: Book,
    file_name: str,
    ctx: Context,
    *,
    sheet: str = "",
    mapping: Mapping[str, str] | None = None,
    office_key: str = "",
) -> Read:
    """Find the table of a sheet ("": the first with values) and settle its mapping into `ctx.fields`.

    Without a mapping it is the one the office saved for these headings, else the names decide. Raises Unreadable, and
    BadMapping.
    """
    table, layout = _table(book, file_name, sheet, mapping or {}, kind)
    kept = SheetMapping.objects.filter(office_key=office_key, kind=kind.id, signature=signature(table.headings))
    saved = kept.first() if office_key else None
    settled = dict(mapping or (saved.mapping if saved else match(table.headings, kind, ctx)))
    settled = {heading: name for heading, name in settled.items() if heading in table.headings}
    fields = (*kind.declared, *kind.fields_of(table.headings, ctx))
    _demand_sound(kind, settled, fields)
    ctx.fields = tuple(fields_of_mapping(kind, table.headings, settled, ctx).values())
    lacking = missing(kind, settled, table.sheet, fields)
    return Read(table, settled, fields, lacking, saved.name if saved else "", layout)


def _table(
    book: Book, file_name: str, sheet: str, mapping: Mapping[str, str], kind: SheetKind
) -> tuple[Table, Layout | None]:
    """Return the table of a sheet, with the known layout that read it, if one did. Raises Unreadable.

    A mapping that a person made for headings which the layout does not give counts more than the layout. Where no
    heading is known, it is the table that the shape suggests, with E-03 as its first notice.
    """
    grid = book.grid(sheet or None)
    if layout := layouts.recognise(kind.id, grid, file_name):
        table = layout.read(grid, file_name)
        if set(mapping) <= set(table.headings):
            return table, layout
    notices = _meant_for_another(kind, grid, file_name)
    try:
        table = find_table(grid, wanted(kind))
    except Unreadable as unknown:
        if unknown.id != "E-03":
            raise
        table = guess_table(grid)
        notices.insert(0, unknown.at(sheet=table.sheet))
    return replace(table, notices=[*notices, *table.notices]), None


def _meant_for_another(kind: SheetKind, grid: Grid, file_name: str) -> list[Message]:
    """Tell of a known table that feeds another kind of sheet than the one that was chosen (W-11)."""
    other = layouts.recognise("", grid, file_name)
    if other is None or other.kind == kind.id:
        return []
    return [Message.of("W-11", sheet=grid.sheet, layout=other.title, kind=kind_of(other.kind).title)]


def wanted(kind: SheetKind) -> list[Heading]:
    """Return what the header search looks for."""
    return [Heading(one.names, one.required) for one in kind.declared]


def inspect_run(run: SheetImport, viewer: Viewer) -> Inspection:
    """Look into the stored file of a run as it is set now. Raises Unreadable."""
    kind = kind_of(run.kind)
    book = book_of(run)
    ctx = fresh_context(kind, viewer, run.parameters)
    found = read_run(run, book, kind, ctx)
    table = found.table
    samples = [column[:SAMPLED] for column in table.columns]
    return Inspection(
        sheets=book.sheets,
        sheet=table.sheet,
        encoding=book.encoding,
        table=table,
        fields=found.fields,
        mapping=found.mapping,
        missing=found.missing,
        suggestions=suggest(table.headings, samples, {one.name: one for one in found.fields}, ctx),
        saved=found.saved,
        layout=found.layout,
    )


def match(headings: Sequence[str], kind: SheetKind, ctx: Context) -> dict[str, str]:
    """Return which heading feeds which field where the names agree."""
    fields = (*kind.declared, *kind.fields_of(headings, ctx))
    found = headers.match(headings, [Heading(one.names, one.required) for one in fields])
    return {headings[at]: fields[number].name for number, at in sorted(found.items(), key=lambda one: one[1])}


def missing(kind: SheetKind, mapping: Mapping[str, str], sheet: str, fields: Iterable[SheetField]) -> list[Message]:
    """Return E-04 for every required column that no heading feeds, nor one that can stand in for it."""
    fed = set(mapping.values())
    lacking = [
        one
        for one in fields
        if (one.required or one.key) and one.name not in fed and kind.stand_ins.get(one.name) not in fed
    ]
    return [Message.of("E-04", sheet=sheet, column=one.heading) for one in lacking]


def _demand_sound(kind: SheetKind, mapping: Mapping[str, str], fields: Iterable[SheetField]) -> None:
    known = {one.name: one.heading for one in fields}
    names = list(mapping.values())
    problems = [f"「{known[name]}」に2つの列が対応しています。" for name in known if names.count(name) > 1]
    problems += [f"「{name}」という項目は「{kind.title}」の様式にありません。" for name in names if name not in known]
    if problems:
        raise BadMapping(*problems)
