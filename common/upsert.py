"""Rows in, differences out: write only what is new or changed, and say how much that was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models, transaction

BATCH = 2000


@dataclass(frozen=True)
class Counts:
    """What happened to the rows of one table."""

    new: int = 0
    changed: int = 0
    same: int = 0

    @property
    def touched(self) -> int:
        return self.new + self.changed


@transaction.atomic
def upsert(model: type[models.Model], rows: Iterable[Mapping[str, Any]], key: Sequence[str]) -> Counts:
    """Insert the rows that are new and update those that differ; absence never deletes.

    Every row maps the same attribute names (`series_id`, not `series`) to values; `key` names the attributes of a
    unique constraint or of the primary key. Rows that already stand as given are not written, so a second run counts
    nothing but `same`. Raises ValueError when a key comes twice with different values.
    """
    wanted = _by_key(model, rows, key)
    if not wanted:
        return Counts()
    names = list(next(iter(wanted.values())))
    standing = {
        tuple(row[name] for name in key): row for row in model._default_manager.values(*names).iterator(chunk_size=5000)
    }
    new = [row for at, row in wanted.items() if at not in standing]
    changed = [row for at, row in wanted.items() if at in standing and standing[at] != row]
    values = [name for name in names if name not in key]
    if new:
        model._default_manager.bulk_create((model(**row) for row in new), batch_size=BATCH)
    if changed:
        model._default_manager.bulk_create(
            (model(**row) for row in changed),
            update_conflicts=True,
            unique_fields=[model._meta.get_field(name).name for name in key],
            update_fields=[model._meta.get_field(name).name for name in values],
            batch_size=BATCH,
        )
    return Counts(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _by_key(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], key: Sequence[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows by their key, each value as the database will give it back."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    fields: dict[str, Any] = {}
    for row in rows:
        fields = fields or {name: model._meta.get_field(name) for name in row}
        plain = {name: _plain(fields[name], value) for name, value in row.items()}
        at = tuple(plain[name] for name in key)
        if found.setdefault(at, plain) != plain:
            raise ValueError(f"{model._meta.label}: the key {at} comes twice with different values")
    return found


def _plain(field: Any, value: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    plain = field.to_python(value)
    if isinstance(plain, Decimal):
        return plain.quantize(Decimal(1).scaleb(-field.decimal_places))
    return plain
