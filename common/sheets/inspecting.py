"""What a file that was uploaded holds: its sheets, its table, and which heading feeds which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .. import clock
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
from .reading import Book, SheetInfo, open_book

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


def context(run: SheetImport, kind: SheetKind, viewer: Viewer) -> Context:
    """Return what the kind knows for this run, its lookups loaded; `fields` are those of the run's mapping."""
    ctx = Context(viewer=viewer, parameters=run.parameters, today=clock.today())
    kind.prepare(ctx)
    ctx.fields = tuple(fields_of_mapping(kind, list(run.mapping), run.mapping, ctx).values())
    return ctx


def book_of(run: SheetImport, encoding: str | None = None) -> Book:
    """Open the stored original of a run. Raises Unreadable."""
    assert run.file is not None
    with run.file.file.open("rb") as stored:
        return open_book(stored.read(), run.file_name, encoding=encoding or run.encoding or None)


def table_of(run: SheetImport, book: Book, kind: SheetKind) -> Table:
    """Find the table of the chosen sheet, as a known layout reads it where it is one. Raises Unreadable.

    Where no heading is known, it is the table that the shape suggests, with E-03 as its first notice.
    """
    return _table(run, book, kind)[0]


def _table(run: SheetImport, book: Book, kind: SheetKind) -> tuple[Table, Layout | None]:
    """Return the table with the layout that read it, if one did.

    A mapping that a person made for headings which the layout does not give counts more than the layout.
    """
    grid = book.grid(run.sheet or None)
    if layout := layouts.recognise(kind.id, grid, run.file_name):
        table = layout.read(grid, run.file_name)
        if set(run.mapping) <= set(table.headings):
            return table, layout
    try:
        return find_table(grid, wanted(kind)), None
    except Unreadable as unknown:
        if unknown.id != "E-03":
            raise
        table = guess_table(grid)
        return replace(table, notices=[unknown.at(sheet=table.sheet), *table.notices]), None


def wanted(kind: SheetKind) -> list[Heading]:
    """Return what the header search looks for."""
    return [Heading(one.names, one.required) for one in kind.declared]


def inspect_run(run: SheetImport, viewer: Viewer) -> Inspection:
    """Look into the stored file of a run as it is set now. Raises Unreadable."""
    kind = kind_of(run.kind)
    book = book_of(run)
    table, layout = _table(run, book, kind)
    ctx = Context(viewer=viewer, parameters=run.parameters, today=clock.today())
    kind.prepare(ctx)
    saved = saved_for(run, table.headings)
    mapping = run.mapping or mapping_for(run, table.headings, kind, ctx)
    fields = (*kind.declared, *kind.fields_of(table.headings, ctx))
    samples = [column[:SAMPLED] for column in table.columns]
    return Inspection(
        sheets=book.sheets,
        sheet=table.sheet,
        encoding=book.encoding,
        table=table,
        fields=fields,
        mapping=mapping,
        missing=missing(kind, mapping, table.sheet, fields),
        suggestions=suggest(table.headings, samples, {one.name: one for one in fields}, ctx),
        saved=saved.name if saved else "",
        layout=layout,
    )


def mapping_for(run: SheetImport, headings: Sequence[str], kind: SheetKind, ctx: Context) -> dict[str, str]:
    """Return how columns are read that nobody has mapped for this run: as the office saved it, else by their names."""
    saved = saved_for(run, headings)
    return dict(saved.mapping) if saved else match(headings, kind, ctx)


def saved_for(run: SheetImport, headings: Sequence[str]) -> SheetMapping | None:
    """Return the mapping that the office keeps for these headings."""
    kept = SheetMapping.objects.filter(office_key=run.office_key, kind=run.kind, signature=signature(headings))
    return kept.first()


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
