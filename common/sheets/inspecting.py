"""What a file that was uploaded holds: its sheets, its table, and which heading feeds which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import clock
from ..models import SheetImport
from ..viewer import Viewer
from . import headers
from .comparing import fields_of_mapping
from .fields import Context, SheetField
from .headers import Heading, Table, find_table
from .kinds import SheetKind, kind_of
from .messages import Message
from .reading import Book, SheetInfo, open_book


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
    suggestions: Sequence[Any] = ()
    layout: Any = None

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
    """Find the table of the chosen sheet. Raises Unreadable (E-03 and what the reader says)."""
    return find_table(book.grid(run.sheet or None), wanted(kind))


def wanted(kind: SheetKind) -> list[Heading]:
    """Return what the header search looks for."""
    return [Heading(one.names, one.required) for one in kind.declared]


def inspect_run(run: SheetImport, viewer: Viewer) -> Inspection:
    """Look into the stored file of a run as it is set now. Raises Unreadable."""
    kind = kind_of(run.kind)
    book = book_of(run)
    table = table_of(run, book, kind)
    ctx = Context(viewer=viewer, parameters=run.parameters, today=clock.today())
    kind.prepare(ctx)
    mapping = run.mapping or match(table.headings, kind, ctx)
    fields = (*kind.declared, *kind.fields_of(table.headings, ctx))
    return Inspection(
        sheets=book.sheets,
        sheet=table.sheet,
        encoding=book.encoding,
        table=table,
        fields=fields,
        mapping=mapping,
        missing=missing(kind, mapping, table.sheet),
    )


def match(headings: Sequence[str], kind: SheetKind, ctx: Context) -> dict[str, str]:
    """Return which heading feeds which field where the names agree."""
    fields = (*kind.declared, *kind.fields_of(headings, ctx))
    found = headers.match(headings, [Heading(one.names, one.required) for one in fields])
    return {headings[at]: fields[number].name for number, at in sorted(found.items(), key=lambda one: one[1])}


def missing(kind: SheetKind, mapping: Mapping[str, str], sheet: str) -> list[Message]:
    """Return E-04 for every required column that no heading feeds."""
    fed = set(mapping.values())
    lacking = [one for one in kind.declared if (one.required or one.key) and one.name not in fed]
    return [Message.of("E-04", sheet=sheet, column=one.heading) for one in lacking]
