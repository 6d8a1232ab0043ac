"""Sheets in which one row holds several rows of the database: a column for each year, or for each indicator.

The key columns of the sheet and what the heading says (the year) together name a row of the model; several columns may
feed the same one (2020年 総人口, 2020年 65歳以上). A sheet in long form is the same with nothing in the heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from common.sheets import bulk
from common.sheets.fields import Context, Reader, SheetField, Value
from common.sheets.kinds import SheetKind
from common.sheets.rows import Key, Rows


class CellField(SheetField):
    """A column whose cells are a value of the model. `fixed` is what its heading says of the row ({"year": 2020})."""

    def __init__(self, heading: str, reader: Reader, *, value: str, fixed: Mapping[str, Any], **options: Any) -> None:
        super().__init__(heading, reader, attribute=value, **options)
        self.value, self.fixed = value, dict(fixed)


@dataclass(frozen=True)
class Group:
    """The columns of a sheet that feed the same row of the model."""

    fixed: tuple[tuple[str, Any], ...]
    fields: tuple[CellField, ...]


class CellsKind(SheetKind):
    """A kind whose cells are values of `Sheet.model`, found by `identity`: the attributes of its natural key."""

    identity: tuple[str, ...] = ()
    values: tuple[str, ...] = ()  # every value attribute: a row of the model that holds none of them is taken away

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        stored = ctx.stored
        held = self._held(keys, ctx)
        groups = _groups(ctx)
        found: dict[Key, tuple[Value, ...]] = {}
        for key in keys:
            cells: dict[str, Value] = {one.name: value for one, value in zip(ctx.keys, key, strict=True)}
            known = False
            for group in groups:
                values = held.get(self._at(key, group, ctx))
                known = known or values is not None
                for one in group.fields:
                    cells[one.name] = values[one.value] if values is not None else None
            if known:
                found[key] = tuple(cells[one.name] for one in stored)
        return found

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        held = self._held(changed.keys, ctx) if len(changed) else {}
        for group in _groups(ctx):
            inserts: list[tuple[Any, ...]] = []
            updates: list[tuple[Any, ...]] = []
            emptied: list[tuple[Any, ...]] = []
            whole = {one.value for one in group.fields} == set(self.values)
            for rows in (new, changed):
                for key, *values in zip(rows.keys, *(rows[one.name] for one in group.fields), strict=True):
                    at = self._at(key, group, ctx)
                    if all(value is None for value in values) and (whole or at not in held):
                        emptied += [at] if at in held else []
                    elif at in held:
                        updates.append((*at, *values))
                    else:
                        inserts.append((*at, *values))
            if emptied:
                bulk.delete(self.Sheet.model, _columns(self.identity, emptied), len(emptied))
            names = [*self.identity, *(one.value for one in group.fields)]
            self._write(names, inserts, updates)
        if len(changed):
            self._empty(changed, ctx).delete()

    def remove(self, rows: Rows, ctx: Context) -> None:
        for group in _groups(ctx):
            keys = [self._at(key, group, ctx) for key in rows.keys]
            if keys:
                bulk.delete(self.Sheet.model, _columns(self.identity, keys), len(keys))

    def lock(self, ctx: Context) -> None:
        bulk.lock(self.Sheet.model)

    def _write(self, names: Sequence[str], inserts: list[tuple[Any, ...]], updates: list[tuple[Any, ...]]) -> None:
        model = self.Sheet.model
        if inserts:
            bulk.insert(model, bulk.completed(model, _columns(names, inserts), {}, len(inserts)), len(inserts))
        if updates:
            bulk.update(model, list(self.identity), _columns(names, updates), len(updates))

    def _at(self, key: Key, group: Group, ctx: Context) -> tuple[Any, ...]:
        """Return the natural key of the model's row that a row of the sheet and a heading name together."""
        told = dict(group.fixed) | {str(one.attribute): value for one, value in zip(ctx.keys, key, strict=True)}
        return tuple(told[name] for name in self.identity)

    def _held(self, keys: Sequence[Key], ctx: Context) -> dict[tuple[Any, ...], dict[str, Value]]:
        """Return the rows of the model that lie in reach of these keys, by natural key."""
        names = list(dict.fromkeys(one.value for group in _groups(ctx) for one in group.fields))
        found = bulk.read(self._near(keys, ctx), [*self.identity, *names])
        depth = len(self.identity)
        return {row[:depth]: dict(zip(names, row[depth:], strict=True)) for row in found}

    def _near(self, keys: Sequence[Key], ctx: Context) -> models.QuerySet[Any]:
        """Narrow the model's rows by those attributes of the natural key of which there are few (series, years)."""
        rows = self.Sheet.model._base_manager.all()
        told: dict[str, set[Any]] = {name: set() for name in self.identity}
        for at, one in enumerate(ctx.keys):
            told[str(one.attribute)] = {key[at] for key in keys}
        for group in _groups(ctx):
            for name, value in group.fixed:
                told[name].add(value)
        for name, values in told.items():
            if len(values) <= 500:
                rows = rows.filter(**{f"{name}__in": values})
        return rows

    def _empty(self, rows: Rows, ctx: Context) -> models.QuerySet[Any]:
        """The model's rows in reach of these in which no value is left: a cell was emptied, or an undo took it back."""
        nothing = {f"{name}__isnull": True for name in self.values}
        return self._near(rows.keys, ctx).filter(**nothing)


def _groups(ctx: Context) -> list[Group]:
    found: dict[tuple[tuple[str, Any], ...], list[CellField]] = {}
    for one in ctx.stored:
        if isinstance(one, CellField):
            found.setdefault(tuple(sorted(one.fixed.items())), []).append(one)
    return [Group(fixed, tuple(fields)) for fixed, fields in found.items()]


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
