"""Rows of a sheet held by column: what kinds check and write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .fields import SheetField, Value

Key = tuple[Value, ...]


@dataclass
class Rows:
    """Values by column: `rows["total"]` is the column of that field, `rows.numbers` the row numbers of the sheet.

    `before` holds the same columns as they stood, for rows that change. `bad` are the indexes of rows that already
    have a problem: a check may leave them out; a cell that could not be read is None.
    """

    fields: tuple[SheetField, ...]
    columns: Mapping[str, Sequence[Value]]
    numbers: Sequence[int]
    before: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    bad: frozenset[int] = frozenset()
    _keys: list[Key] | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, name: str) -> Sequence[Value]:
        return self.columns[name]

    def get(self, name: str) -> Sequence[Value]:
        """The column of a field, as many times None where the sheet does not have it."""
        return self.columns[name] if name in self.columns else [None] * len(self)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    @property
    def key_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.key)

    @property
    def keys(self) -> list[Key]:
        """The natural key of each row, in the order of the fields."""
        if self._keys is None:
            self._keys = list(zip(*(self.columns[name] for name in self.key_names), strict=True))
        return self._keys

    def tuples(self, fields: Iterable[SheetField] | None = None) -> Iterator[tuple[Value, ...]]:
        """The rows as tuples, in the order of the fields (default: all of them)."""
        return zip(*(self.columns[one.name] for one in fields or self.fields), strict=True)

    def reverted(self) -> Rows:
        """The same rows with the values they had before, to write them back."""
        fields = tuple(one for one in self.fields if one.name in self.before)
        return Rows(fields, self.before, self.numbers, before=self.columns)


def no_rows(fields: tuple[SheetField, ...]) -> Rows:
    """Rows without any row."""
    return Rows(fields, {one.name: [] for one in fields}, [])
