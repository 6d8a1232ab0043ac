"""From the cells of a table to what each row would do: new, changed, same, or faulty. Asks the database a few times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from . import chunks
from .chunks import Compared
from .fields import Context, Problem, SheetField, Value, Yen
from .headers import Table, unit_of
from .kinds import SheetKind
from .messages import sentence
from .rows import Rows

Tell = Callable[[int, int, str], None]


def compare(kind: SheetKind, table: Table, mapping: Mapping[str, str], ctx: Context, tell: Tell) -> Compared:
    """Read, check and compare a whole table; `ctx.fields` are the fields that `mapping` (heading to name) feeds."""
    total = len(table.numbers)
    tell(0, total, "値を読み取っています")
    headings = {name: heading for heading, name in mapping.items() if heading in table.headings}
    columns, problems, typed = _read(kind, table, headings, ctx)
    problems += kind.complete(columns, ctx)
    problems += _filled(kind, columns, problems, ctx)
    rows = Rows(ctx.fields, columns, table.numbers, bad=_bad(problems))
    tell(total // 4, total, "内容を確かめています")
    problems += _repeated(rows)
    rows.bad = _bad(problems)
    problems += kind.check(rows, ctx)
    rows.bad = bad = _bad(problems)
    tell(total // 2, total, "今の登録と比べています")
    keys = rows.keys
    asked = [key for at, key in enumerate(keys) if at not in bad] if bad else keys
    standing = kind.standing(asked, ctx) if asked else {}
    before = list(map(standing.get, keys))
    results = [
        chunks.NEW if old is None else chunks.SAME if old == now else chunks.CHANGED
        for old, now in zip(before, rows.tuples(ctx.stored), strict=True)
    ]
    for at in bad:
        results[at] = chunks.ERROR
    names = {one.name: headings.get(one.name, one.heading) for one in ctx.fields}
    sentences = [_sentence(one, rows.numbers, names) for one in problems]
    tell(total * 3 // 4, total, "差分をまとめています")
    return Compared(rows, "".join(results), before, problems, sentences, typed)


def _bad(problems: Iterable[Problem]) -> frozenset[int]:
    return frozenset(one.index for one in problems if not one.warns)


def _read(
    kind: SheetKind, table: Table, headings: Mapping[str, str], ctx: Context
) -> tuple[dict[str, list[Value]], list[Problem], dict[int, dict[str, str]]]:
    """Return the values by field, what could not be read (E-05 for empty cells), and what was typed there."""
    columns: dict[str, list[Value]] = {}
    problems: list[Problem] = []
    typed: dict[int, dict[str, str]] = {}
    for one in ctx.fields:
        heading = headings.get(one.name)
        if heading is None:  # another column stands in for it: `complete` fills it
            columns[one.name] = [None] * len(table.numbers)
            continue
        cells = table.columns[table.headings.index(heading)]
        if isinstance(one.reader, Yen):
            one.reader.unit = unit_of(heading) or table.unit or one.reader.unit
        read, unreadable = one.reader.read_column(cells, ctx)
        for at, why in unreadable:
            problems.append(Problem(at, one.name, why.id, why.parts))
            typed.setdefault(at, {})[one.name] = str(cells[at])
        columns[one.name] = read
    return columns, problems, typed


def _filled(
    kind: SheetKind, columns: dict[str, list[Value]], problems: Sequence[Problem], ctx: Context
) -> list[Problem]:
    """Return E-05 for cells that may not be empty and are, and put the value for an empty cell into the others."""
    found: list[Problem] = []
    told = {(one.index, one.field) for one in problems}
    for one in ctx.fields:
        column = columns[one.name]
        if None not in column:
            continue
        if one.required or (one.key and not kind.allows_empty_key(one)):
            empty = (at for at, value in enumerate(column) if value is None and (at, one.name) not in told)
            found += [Problem(at, one.name, "E-05") for at in empty]
        elif (instead := kind.empty_value(one)) is not None:
            columns[one.name] = [instead if value is None else value for value in column]
    return found


def _repeated(rows: Rows) -> list[Problem]:
    """E-13 for every row whose key stood in a row before; rows without a readable key are left out."""
    keys = rows.keys
    if len(set(keys)) == len(keys):
        return []
    first: dict[tuple[Value, ...], int] = {}
    unread = {at for at in rows.bad if None in keys[at]}
    found = []
    for at, key in enumerate(keys):
        if at not in unread and first.setdefault(key, at) != at:
            found.append(Problem(at, None, "E-13", {"other_row": rows.numbers[first[key]]}))
    return found


def _sentence(problem: Problem, numbers: Sequence[int], names: Mapping[str, str]) -> str:
    place = {"row": numbers[problem.index], "column": names.get(problem.field or "", "")}
    return sentence(problem.id, **(place | dict(problem.parts)))


def fields_of_mapping(
    kind: SheetKind, headings: Sequence[str], mapping: Mapping[str, str], ctx: Context
) -> dict[str, SheetField]:
    """Return the fields by name that a mapping feeds, in the order of the kind; those named by a heading come last."""
    known = {one.name: one for one in (*kind.declared, *kind.fields_of(headings, ctx))}
    fed = set(mapping.values())
    fed |= {name for name, other in kind.stand_ins.items() if other in fed}
    return {name: one for name, one in known.items() if name in fed}


def first_moved(kind: SheetKind, ctx: Context, rows: Rows, shown: Iterable[tuple[Value, ...] | None]) -> int | None:
    """Return the index of the first row that does not stand as `shown` (None: not at all), or None if all do."""
    standing = kind.standing(rows.keys, ctx) if len(rows) else {}
    pairs = enumerate(zip(map(standing.get, rows.keys), shown, strict=True))
    return next((at for at, (now, then) in pairs if now != then), None)
