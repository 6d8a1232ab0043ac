"""What the sheets of zones and regions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from common.sheets.fields import Context, Problem, Value
from common.sheets.rows import Key, Rows
from municipalities.register import Register
from municipalities.resources.towns import REGISTER, foreign_towns, misnamed_towns, unknown_towns


def known_towns(records: Rows, ctx: Context, *, mine: bool = True) -> Iterable[Problem]:
    """E-07, E-08 and, where asked for, E-18 of the municipality of a row."""
    yield from unknown_towns(records, ctx, "code")
    yield from misnamed_towns(records, ctx)
    if mine:
        yield from foreign_towns(records, ctx)


def foreign_prefectures(records: Rows, ctx: Context) -> Iterable[Problem]:
    """E-18 for municipalities of another prefecture: headquarters keeps its own."""
    towns: Register = ctx.lookups[REGISTER]
    if ctx.viewer.is_prefecture:
        for at, code in enumerate(records["code"]):
            if code is not None and code in towns and code[:2] != ctx.viewer.office.code:
                yield Problem(at, "code", "E-18")


def told(rows: Rows, *names: str) -> Iterable[tuple[Any, ...]]:
    """Return the values of these fields row by row; None where the sheet has no such column."""
    return zip(*map(rows.get, names), strict=True)


def by_key(found: Sequence[tuple[Value, ...]], ctx: Context) -> dict[Key, tuple[Value, ...]]:
    places = [at for at, one in enumerate(ctx.stored) if one.key]
    return {tuple(row[at] for at in places): row for row in found}


def or_standing(rows: Rows, name: str, stands: Mapping[Key, Value]) -> Sequence[Value]:
    """Return a column of the sheet, or what stands under each key where the sheet does not have it."""
    return rows[name] if name in rows else [stands.get(key) for key in rows.keys]
