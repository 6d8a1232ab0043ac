"""A column of a sheet that comes in: its heading, how its cells are read, and which attribute they feed.

    total = SheetField("総人口", Whole(unit="人"), required=True, attribute="total", synonyms=("人口総数",))

A reader is a widget of django-import-export, so the same declaration exports; the engine reads whole columns with
it, each distinct cell once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from import_export.fields import Field
from import_export.widgets import Widget

from ..viewer import NOBODY, Viewer
from . import values
from .messages import Unreadable

Cell = Any  # what a sheet holds: str, int, float, bool, date, datetime, or None
Value = Any  # what a row holds: str, int, Decimal, bool, date, or None


@dataclass(frozen=True)
class Problem:
    """One finding about a row: `index` counts the rows of the table from 0, `field` is the name of the column's field.

    An id that begins with W warns; every other one keeps the row out.
    """

    index: int
    field: str | None
    id: str
    parts: Mapping[str, object] = made(default_factory=dict)

    @property
    def warns(self) -> bool:
        return self.id.startswith("W")


@dataclass
class Context:
    """What a kind knows while it reads: who imports, for what (`parameters`), and the fields that the sheet feeds.

    `lookups` is filled by `SheetKind.prepare` (names to codes, known codes); readers and checks use it without a query.
    """

    viewer: Viewer = NOBODY
    parameters: Mapping[str, Any] = made(default_factory=dict)
    today: date | None = None
    fields: tuple[SheetField, ...] = ()
    lookups: dict[str, Any] = made(default_factory=dict)
    written_at: datetime | None = None  # while a write is taken back: when it was made

    @property
    def stored(self) -> tuple[SheetField, ...]:
        """The fields whose values are compared and written; a field without attribute is only read and checked."""
        return tuple(one for one in self.fields if one.attribute)

    @property
    def keys(self) -> tuple[SheetField, ...]:
        """The fields that together name a row."""
        return tuple(one for one in self.fields if one.key)


class Reader(Widget):
    """How the cells of one column become values. A subclass says what one cell means (`parse`)."""

    told: ClassVar[str] = "文字"  # how a cell is filled in, for the person who does
    sample: ClassVar[str | int | None] = None  # an example of a cell

    def parse(self, cell: Cell, ctx: Context) -> Value:
        """Return the value of a cell, None where it says that there is none. Raises Unreadable."""
        return values.text(cell)

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> Value:
        """Return the value of one cell, as widgets do. Raises Unreadable, which is a ValueError here."""
        try:
            return self.parse(value, Context())
        except Unreadable as unreadable:
            raise ValueError(str(unreadable)) from unreadable

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        """Return the value as people read it, and as an export writes it."""
        return "" if value is None else str(value)

    def read_column(self, cells: Sequence[Cell], ctx: Context) -> tuple[list[Value], list[tuple[int, Unreadable]]]:
        """Return the values of a column and the cells that cannot be read: (index, why); their value is None.

        Every distinct cell is parsed once. Booleans equal 0 and 1, so a column that holds some is told apart by type.
        """
        if bool in set(map(type, cells)):
            return self._read_typed(cells, ctx)
        known: dict[Cell, Value] = {}
        unreadable: dict[Cell, Unreadable] = {}
        for cell in set(cells):
            try:
                known[cell] = self.parse(cell, ctx)
            except Unreadable as why:
                known[cell] = None
                unreadable[cell] = why
        found = [(at, unreadable[cell]) for at, cell in enumerate(cells) if cell in unreadable] if unreadable else []
        return list(map(known.__getitem__, cells)), found

    def shown(self, value: Value, ctx: Context) -> str:
        """Return the value as the pages of an import show it; `ctx` holds what `prepare` loaded."""
        return self.render(value)

    def pack(self, values: list[Value]) -> list[Any]:
        """Return values as JSON can hold them."""
        return values

    def unpack(self, packed: list[Any]) -> list[Value]:
        """Return what `pack` was given."""
        return packed

    def _read_typed(self, cells: Sequence[Cell], ctx: Context) -> tuple[list[Value], list[tuple[int, Unreadable]]]:
        read: list[Value] = []
        found: list[tuple[int, Unreadable]] = []
        for at, cell in enumerate(cells):
            try:
                read.append(self.parse(cell, ctx))
            except Unreadable as why:
                read.append(None)
                found.append((at, why))
        return read, found


class Text(Reader):
    """Text with the spaces around it cut off; `most` in characters."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__()
        self.most = most

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.text(cell, most=self.most)


class Name(Text):
    """A name of a place or a person: 「釧　路　市」 is 釧路市; letters stay as they are (㈱, 髙, ヶ)."""

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.name(cell, most=self.most)


class Kana(Text):
    """A reading; half-width kana is widened."""

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.kana(cell, most=self.most)


class Code(Text):
    """An identifier in half-width without spaces (Ａ０１ is A01; the number 5.0 is 5)."""

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.code(cell, most=self.most)


class Whole(Reader):
    """A whole number with its unit (人, 戸); below zero only where `negative`."""

    def __init__(self, unit: str = "", *, negative: bool = False, most: int = 2_147_483_647) -> None:
        super().__init__()
        self.unit, self.negative, self.most = unit, negative, most

    def parse(self, cell: Cell, ctx: Context) -> int | None:
        number = values.integer(cell)
        if number is None:
            return None
        if number < 0 and not self.negative:
            raise Unreadable("E-09", value=values.shown(cell))
        if abs(number) > self.most:
            raise Unreadable("E-47", value=values.shown(cell))
        return number

    def read_column(self, cells: Sequence[Cell], ctx: Context) -> tuple[list[Value], list[tuple[int, Unreadable]]]:
        """Return the values; a column of plain numbers, as most are, is taken as it stands."""
        if set(map(type, cells)) <= {int, float}:
            least = -self.most if self.negative else 0
            if cells and least <= min(cells) and max(cells) <= self.most:  # NaN fails this
                whole = list(map(int, cells))
                if whole == list(cells):
                    return whole, []
        return super().read_column(cells, ctx)

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value}"


class Yen(Reader):
    """Whole yen, not below zero (E-10); a number counts a thousandfold only where `unit` says 千円."""

    def __init__(self, *, unit: str = "円") -> None:
        super().__init__()
        self.unit = unit

    def parse(self, cell: Cell, ctx: Context) -> int | None:
        return values.yen(cell, unit=self.unit)


class Number(Reader):
    """A decimal number with up to `places` digits behind the point."""

    def __init__(self, places: int = 2, unit: str = "") -> None:
        super().__init__()
        self.places, self.unit = places, unit

    def parse(self, cell: Cell, ctx: Context) -> Decimal | None:
        number = values.decimal(cell)
        return None if number is None else round(number, self.places)

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        """Return the number without the zeros that only fill up its places: 1.50 is 1.5, 100.00 is 100."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else super().render(value)

    def pack(self, values: list[Value]) -> list[Any]:
        return [None if value is None else str(value) for value in values]

    def unpack(self, packed: list[Any]) -> list[Value]:
        return [None if text is None else Decimal(text) for text in packed]


class Day(Reader):
    """A day: a date cell, 2024/4/1, 令和6年4月1日, R6.4.1."""

    def parse(self, cell: Cell, ctx: Context) -> date | None:
        return values.day(cell)

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value.year}/{value.month}/{value.day}"

    def pack(self, values: list[Value]) -> list[Any]:
        return [value and value.isoformat() for value in values]

    def unpack(self, packed: list[Any]) -> list[Value]:
        return [text and date.fromisoformat(text) for text in packed]


class FiscalYear(Reader):
    """A fiscal year as the int of its 1 April: 2024, R6, 令和6年度, H31 (2019)."""

    def parse(self, cell: Cell, ctx: Context) -> int | None:
        year = values.fiscal_year(cell)
        return None if year is None else int(year)


class Year(Reader):
    """A calendar year: 2020, 2020年, 令和2年, a date."""

    def parse(self, cell: Cell, ctx: Context) -> int | None:
        return values.year(cell)


class MunicipalityCode(Reader):
    """A 団体コード: 5 or 6 digits, a lost leading zero restored, the check digit made or checked (E-06).

    Where `prepare` put the known codes into `ctx.lookups["municipalities"]`, a code that is none of them is E-07.
    """

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        known = ctx.lookups.get("municipalities")
        code = values.municipality_code(cell, known=known)
        if code is not None and known is not None and code not in known:
            raise Unreadable("E-07", value=values.shown(cell))
        return code


class Choice(Reader):
    """One of a few words; `choices` maps what is stored to what people write (further words: `also`)."""

    def __init__(self, choices: Mapping[Any, str], *, also: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.choices = dict(choices)
        self._words = {label: stored for stored, label in self.choices.items()} | dict(also or {})

    def parse(self, cell: Cell, ctx: Context) -> Value:
        try:
            return values.choice(cell, self._words)
        except Unreadable as unknown:  # the sentence offers the labels, not every other word for them
            told = "、".join(map(str, self.choices.values()))
            raise Unreadable(unknown.id, **(unknown.parts | {"choices": told})) from None

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else self.choices.get(value, str(value))


class Known(Reader):
    """One of the rows that `prepare` loaded: `ctx.lookups[name]` maps every accepted word to what is stored.

    `show` maps back what is stored to what people read (`ctx` is not at hand when a value is shown).
    """

    def __init__(self, name: str, *, show: Callable[[Value], str] = str) -> None:
        super().__init__()
        self.name, self.show = name, show

    def parse(self, cell: Cell, ctx: Context) -> Value:
        return values.choice(cell, ctx.lookups[self.name])

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else self.show(value)

    def shown(self, value: Value, ctx: Context) -> str:
        return word_of(self.name, value, ctx) or self.render(value)


def word_of(name: str, value: Value, ctx: Context) -> str:
    """Return the first word that `ctx.lookups[name]` has for a stored value (国勢調査 for census), "" if none."""
    memo = f"{name} in words"
    if memo not in ctx.lookups:
        words: dict[Value, str] = {}
        for word, stored in ctx.lookups.get(name, {}).items():
            if word != stored:
                words.setdefault(stored, word)
        ctx.lookups[memo] = words
    found: str = ctx.lookups[memo].get(value, "")
    return found


class SheetField(Field):
    """One column. `heading` is the Japanese name with which it is found and exported, `synonyms` are its other names.

    `required` cells may not be empty (E-05) and the column may not be missing (E-04); `key` fields together name the
    row. `attribute` is the model's attribute with `_id` for foreign keys (`municipality_id`); None feeds no attribute.
    """

    def __init__(
        self,
        heading: str,
        reader: Reader,
        *,
        attribute: str | None = None,
        required: bool = False,
        key: bool = False,
        synonyms: Sequence[str] = (),
        unit: str = "",
        width: int = 14,
        choices: Sequence[str] | None = None,
    ) -> None:
        super().__init__(attribute=attribute, column_name=heading, widget=reader)
        self.heading = heading
        self.reader = reader
        self.required = required
        self.key = key
        self.synonyms = tuple(synonyms)
        self.unit = unit
        self.width = width
        self.choices = choices
        self.name = ""  # the name of its declaration, set by the kind

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading under which the column is found."""
        return (self.heading, *self.synonyms)
