"""What every sheet about municipalities shares: codes and names, whether they are known, whose they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from common.sheets import values
from common.sheets.fields import Cell, Context, Problem, Reader, SheetField, Value
from common.sheets.messages import Unreadable
from common.sheets.rows import Rows

from ..kana import hiragana
from ..register import Register

CODE_NAMES = (
    "コード",
    "市区町村コード",
    "市町村コード",
    "自治体コード",
    "地方公共団体コード",
    "全国地方公共団体コード",
    "標準地域コード",
    "地域コード",
)
TOWN_NAMES = ("市区町村名", "自治体名", "団体名", "市町村", "市区町村", "構成市町村", "構成市町村名", "名称")
FROM_NAMES = ("適用開始日", "適用開始", "開始", "開始年月日")
TO_NAMES = ("終了", "終了年月日", "廃止日")
REGISTER = "register"


class TownCode(Reader):
    """A 団体コード; among five digits the register tells a lost zero from a missing check digit."""

    told = "全国地方公共団体コード（6桁または5桁）"
    sample = "014281"

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.municipality_code(cell, known=ctx.lookups.get(REGISTER))

    def shown(self, value: Value, ctx: Context) -> str:
        """The code with the name of its municipality."""
        register: Register | None = ctx.lookups.get(REGISTER)
        name = register.names.get(value) if register else None
        return f"{value}　{name}" if name else self.render(value)


class TownName(Reader):
    """The name of a place as written, without the spaces between its characters (釧　路　市)."""

    told = "正式な名前"
    sample = "長沼町"

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        return values.name(cell, most=60)


class Kana(Reader):
    """A reading in hiragana, from カナ, ｶﾅ or かな."""

    told = "ふりがな（カナも可）"
    sample = "ながぬまちょう"

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        plain = values.kana(cell, most=40)
        return None if plain is None else "".join(hiragana(plain).split())


class Listed(Reader):
    """One of the rows that `prepare` loaded: `ctx.lookups[name]` maps every accepted word to what is stored (E-61).

    `ctx.lookups["names of " + name]` maps what is stored to the name that pages show.
    """

    told = "登録済みの名前またはコード"

    def __init__(self, name: str, what: str) -> None:
        super().__init__()
        self.name, self.what = name, what

    def parse(self, cell: Cell, ctx: Context) -> Value:
        plain = values.name(cell)
        if plain is None:
            return None
        known: Mapping[str, Any] = ctx.lookups.get(self.name, {})
        for word in (plain, values.name_key(plain), unicodedata.normalize("NFKC", values.name_key(plain))):
            if word in known:
                return known[word]
        raise Unreadable("E-61", what=self.what, value=plain[:40])

    def shown(self, value: Value, ctx: Context) -> str:
        names: Mapping[Any, str] = ctx.lookups.get(f"names of {self.name}", {})
        return "" if value is None else names.get(value, str(value))


def town_code(
    heading: str = "団体コード",
    *,
    attribute: str,
    key: bool = False,
    required: bool = False,
    synonyms: Sequence[str] = CODE_NAMES,
) -> SheetField:
    """Return the field of a municipality's code; the key of most sheets."""
    return SheetField(heading, TownCode(), attribute=attribute, key=key, required=required, synonyms=synonyms, width=10)


def town_name() -> SheetField:
    """Return the field of the name beside the code: compared with the register (E-08), never stored."""
    return SheetField("市町村名", TownName(), synonyms=TOWN_NAMES, width=16)


def load_register(ctx: Context) -> Register:
    """Read the register once for a sheet."""
    register = Register.read(ctx.viewer, ctx.today)
    ctx.lookups[REGISTER] = register
    return register


STAND_INS = {"code": "name"}


def codes_of_names(columns: Mapping[str, list[Value]], ctx: Context) -> Iterator[Problem]:
    """Fill codes that are not given by the names, where a name is unique inside the prefecture (E-61, E-65)."""
    if "name" not in columns:
        return
    register: Register = ctx.lookups[REGISTER]
    prefecture = ctx.viewer.office.code[:2] if ctx.viewer.office.code[:2].isdigit() else settings.PREFECTURE_CODE
    codes = columns["code"]
    for at, (code, name) in enumerate(zip(codes, columns["name"], strict=True)):
        if code is not None or name is None:
            continue
        found = register.by_name(name, prefecture)
        if len(found) == 1:
            codes[at] = found[0]
        elif found:
            yield Problem(at, "code", "E-65", {"value": name, "count": len(found), "codes": "、".join(found)})
        else:
            yield Problem(at, "code", "E-61", {"what": "市町村名", "value": name})


def unknown_towns(rows: Rows, ctx: Context, *fields: str) -> Iterator[Problem]:
    """E-07 for every code of these fields that no municipality has."""
    register: Register = ctx.lookups[REGISTER]
    for field in fields:
        if field in rows:
            yield from _each(rows[field], field, "E-07", lambda code: code not in register)


def foreign_towns(rows: Rows, ctx: Context, field: str = "code") -> Iterator[Problem]:
    """E-18 for every row about a municipality that the viewer's office is not in charge of."""
    register: Register = ctx.lookups[REGISTER]
    if register.mine is not None:
        yield from _each(rows[field], field, "E-18", lambda code: code in register and not register.is_mine(code))


def misnamed_towns(rows: Rows, ctx: Context, code: str = "code", name: str = "name") -> Iterator[Problem]:
    """E-08 where the sheet has names and one is not that of the code."""
    if name not in rows:
        return
    register: Register = ctx.lookups[REGISTER]
    wrong = {
        pair: {"value": pair[0], "name": pair[1], "registered": register.names[pair[0]]}
        for pair in set(zip(rows[code], rows[name], strict=True))
        if None not in pair and pair[0] in register and not register.is_called(*pair)
    }
    if wrong:
        for at, pair in enumerate(zip(rows[code], rows[name], strict=True)):
            if pair in wrong:
                yield Problem(at, name, "E-08", wrong[pair])


def backward_periods(rows: Rows, first: str, last: str) -> Iterator[Problem]:
    """E-14 where a last day lies before its first."""
    if first in rows and last in rows:
        for at, (begin, end) in enumerate(zip(rows[first], rows[last], strict=True)):
            if begin is not None and end is not None and end < begin:
                yield Problem(at, last, "E-14")


Period = tuple[date, date | None]


def overlapping_periods(
    rows: Rows,
    things: Sequence[Any],
    standing: Mapping[Any, Mapping[date, date | None]],
    first: str,
    last: str,
) -> Iterator[Problem]:
    """E-15 where two periods of one thing share a day: with rows that stand, or with another row of the sheet.

    `things` names for each row what may have one period at a time (zone and municipality); `standing` gives its
    periods as {first day: last day}. A row of the sheet takes the place of the standing one with its first day.
    """
    ends = rows.get(last)
    said: dict[Any, dict[date, date | None]] = {}
    for thing, begin, end in zip(things, rows[first], ends, strict=True):
        if begin is not None:
            said.setdefault(thing, dict(standing.get(thing, {})))[begin] = end
    for at, (thing, begin, end) in enumerate(zip(things, rows[first], ends, strict=True)):
        if begin is None or (end is not None and end < begin):
            continue
        for other, last_day in sorted(said[thing].items()):
            if other != begin and other <= (end or date.max) and begin <= (last_day or date.max):
                yield Problem(at, first, "E-15", {"period": period_text(other, last_day)})
                break


def period_text(first: date | None, last: date | None) -> str:
    """Return 2015/4/1～2018/3/31, with an open end 2015/4/1～."""
    return f"{_day(first)}～{_day(last)}"


def differing(rows: Rows, group: str, fields: Iterable[str]) -> Iterator[Problem]:
    """E-63 where rows of one group say different things of it (one zone with two names); the first row counts."""
    for field in fields:
        if field not in rows:
            continue
        first: dict[Any, tuple[Any, int]] = {}
        for at, (one, value) in enumerate(zip(rows[group], rows[field], strict=True)):
            told, index = first.setdefault(one, (value, at))
            if one is not None and told != value:
                yield Problem(at, field, "E-63", {"other_row": rows.numbers[index], "other": _text(told)})


def _each(column: Sequence[Any], field: str, id: str, wrong: Callable[[Any], bool]) -> Iterator[Problem]:
    """Yield a problem for each cell whose value is wrong; every distinct value is asked once."""
    bad = {value for value in set(column) if value is not None and wrong(value)}
    if bad:
        for at, value in enumerate(column):
            if value in bad:
                yield Problem(at, field, id, {"value": value})


def _day(day: date | None) -> str:
    return f"{day.year}/{day.month}/{day.day}" if day else ""


def _text(value: Any) -> str:
    return "空欄" if value is None else _day(value) if isinstance(value, date) else str(value)
