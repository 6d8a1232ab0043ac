"""Many rows at once, column by column, without an object per row: COPY on PostgreSQL, executemany on SQLite.

Columns are given as {attribute: values}, with the attribute names of the model (`municipality_id`). Nothing here checks
a value: kinds do. Constraints of the database hold as ever.
"""

# ruff: noqa: S608 - statements are built of table and column names of models, quoted; values are always parameters
from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.fields import NOT_PROVIDED

Columns = Mapping[str, Sequence[Any]]
BLOCK = 20_000  # rows that are turned into text at a time
COPY_FROM = 500  # rows below which a plain INSERT is quicker than COPY
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def read(rows: QuerySet[Any], attributes: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows as tuples of these attributes, as Python values."""
    asked = rows.order_by().values_list(*attributes).query.get_compiler(connection=connection)
    return list(asked.results_iter(tuple_expected=True, chunk_size=BLOCK))  # a queryset would fetch by the hundred


def defaults(model: type[models.Model], constants: Mapping[str, Any], *, lasting: bool = False) -> dict[str, Any]:
    """Return what a new row holds in attributes that nobody gives: the constants, else the model's defaults.

    Numbers that the database gives are left out; `lasting` also leaves out what differs from call to call (now, uuid).
    """
    found = {}
    fresh = model()
    for one in model._meta.concrete_fields:
        passing = callable(one.default) and one.default not in (NOT_PROVIDED, dict, list)
        passing = passing or getattr(one, "auto_now", False) or getattr(one, "auto_now_add", False)
        if isinstance(one, models.AutoField) or one.generated or (lasting and passing):
            continue
        found[one.attname] = constants[one.attname] if one.attname in constants else one.pre_save(fresh, add=True)
    return found


def completed(
    model: type[models.Model], columns: Columns, constants: Mapping[str, Any], count: int
) -> dict[str, Sequence[Any]]:
    """Return the columns with those that the sheet does not have: constants and defaults, the same in every row."""
    return {name: [value] * count for name, value in defaults(model, constants).items()} | dict(columns)


def insert(model: type[models.Model], columns: Columns, count: int) -> None:
    """Insert `count` rows. Raises IntegrityError like any insert."""
    fields = _fields(model, columns)
    _load(_quoted(model._meta.db_table), [_quoted(one.column) for one in fields], _stored(fields, columns), count)


def update(model: type[models.Model], keys: Sequence[str], columns: Columns, count: int) -> None:
    """Set the columns of the rows that the key columns name; `columns` holds both."""
    fields = _fields(model, columns)
    names = {one.attname: _quoted(one.column) for one in fields}
    values = [name for attribute, name in names.items() if attribute not in keys]
    if not values or not count:
        return
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        with _beside(table, list(names.values()), _stored(fields, columns), count) as cursor:
            given = ", ".join(f"{name} = sheet_rows.{name}" for name in values)
            cursor.execute(f"UPDATE {table} AS standing SET {given} FROM sheet_rows WHERE {_same_keys(model, keys)}")
        return
    stored = dict(zip(names, _stored(fields, columns), strict=True))
    given = ", ".join(f"{names[one]} = %s" for one in names if one not in keys)
    found = " AND ".join(f"{names[key]} IS %s" for key in keys)
    ordered = [stored[one] for one in names if one not in keys] + [stored[key] for key in keys]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {given} WHERE {found}", list(zip(*ordered, strict=True)))


def delete(model: type[models.Model], keys: Columns, count: int) -> None:
    """Delete the rows that the key columns name, without cascading: see `first_use`."""
    fields = _fields(model, keys)
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        with _beside(table, [_quoted(one.column) for one in fields], _stored(fields, keys), count) as cursor:
            cursor.execute(f"DELETE FROM {table} AS standing USING sheet_rows WHERE {_same_keys(model, list(keys))}")
        return
    found = " AND ".join(f"{_quoted(one.column)} IS %s" for one in fields)
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE {found}", list(zip(*_stored(fields, keys), strict=True)))


def first_use(model: type[models.Model], keys: Columns, count: int) -> type[models.Model] | None:
    """Return a model whose rows point to one of these rows, or None: rows in use are not taken out."""
    relations = [one for one in model._meta.related_objects if not one.many_to_many]
    if not relations or not count:
        return None
    wanted = set(zip(*keys.values(), strict=True))
    for relation in relations:
        field, user = relation.field, relation.field.model
        used = user._base_manager.filter(**{f"{field.name}__isnull": False})
        if user is model:  # rows of one import may point to each other
            used = used.exclude(**{f"{name}__in": {row[at] for row in wanted} for at, name in enumerate(keys)})
        among = model._base_manager.filter(**{f"{field.target_field.attname}__in": used.values(field.attname)})
        if any(row in wanted for row in read(among, list(keys))):
            return user
    return None


def lock(model: type[models.Model]) -> None:
    """Keep others from writing the table until the transaction ends; reading goes on.

    SQLite has one writer at a time anyway: its transactions begin IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {_quoted(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def _beside(table: str, names: Sequence[str], columns: Sequence[Sequence[Any]], count: int) -> Iterator[Any]:
    """Lend a cursor while the rows stand in a temporary table `sheet_rows`, to be joined with theirs (PostgreSQL)."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE sheet_rows ON COMMIT DROP AS SELECT {', '.join(names)} FROM {table} LIMIT 0")
        _load("sheet_rows", names, columns, count)
        cursor.execute("ANALYZE sheet_rows")
        yield cursor
        cursor.execute("DROP TABLE sheet_rows")


def _load(table: str, names: Sequence[str], columns: Sequence[Sequence[Any]], count: int) -> None:
    listed = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and count >= COPY_FROM:
            statement = f"COPY {table} ({listed}) FROM STDIN"
            for start in range(0, count, BLOCK):
                text = io.BytesIO(_copy_text([column[start : start + BLOCK] for column in columns]))
                cursor.cursor.copy_expert(statement, text, size=1 << 16)
        elif connection.vendor == "postgresql":
            for rows in _blocks(zip(*columns, strict=True), 200):
                marks = ", ".join(repeat(f"({', '.join(['%s'] * len(names))})", len(rows)))
                cursor.execute(f"INSERT INTO {table} ({listed}) VALUES {marks}", list(chain.from_iterable(rows)))
        else:
            marks = ", ".join(["%s"] * len(names))
            for rows in _blocks(zip(*columns, strict=True), BLOCK):
                cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)


def _copy_text(columns: list[Sequence[Any]]) -> bytes:
    """Return the rows in PostgreSQL's COPY text format; every distinct value is written out once."""
    return ("\n".join(map("\t".join, zip(*map(_texts, columns), strict=True))) + "\n").encode()


def _texts(column: Sequence[Any]) -> list[str]:
    kinds = set(map(type, column))
    if kinds == {int}:
        return list(map(str, column))
    if bool in kinds:
        return [_text(value) for value in column]
    known = {value: _text(value) for value in set(column)}
    return list(map(known.__getitem__, column))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


def _stored(fields: Sequence[Any], columns: Columns) -> list[Sequence[Any]]:
    """Return the columns as the database takes them; most values are taken as they are."""
    stored: list[Sequence[Any]] = []
    for one in fields:
        column, target = columns[one.attname], one
        while isinstance(target, models.ForeignKey):
            target = target.target_field
        if isinstance(target, models.JSONField):
            column = [None if value is None else json.dumps(value, cls=target.encoder) for value in column]
        elif not isinstance(target, AS_THEY_ARE):
            prepared = {value: target.get_db_prep_save(value, connection) for value in set(column)}
            column = [prepared[value] for value in column]
        stored.append(column)
    return stored


def _fields(model: type[models.Model], columns: Columns) -> list[Any]:
    known = {one.attname: one for one in model._meta.concrete_fields}
    return [known[attribute] for attribute in columns]


def _same_keys(model: type[models.Model], keys: Sequence[str]) -> str:
    known = {one.attname: one for one in model._meta.concrete_fields}
    names = {_quoted(known[key].column): known[key].null for key in keys}
    return " AND ".join(
        f"standing.{name} {'IS NOT DISTINCT FROM' if null else '='} sheet_rows.{name}" for name, null in names.items()
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _blocks(rows: Iterator[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    while block := list(islice(rows, size)):
        yield block
