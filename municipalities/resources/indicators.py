"""I-16 指標値: published measures (財政力指数, 小学校数 …), a column for each measure or a row for each value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from common.sheets.fields import Context, Number, Problem, SheetField, Value, Year
from common.sheets.kinds import register
from common.sheets.rows import Rows
from common.sheets.values import name_key

from ..duties import BRING_IN
from ..models import Indicator, IndicatorValue
from .cells import CellField, CellsKind
from .towns import (
    STAND_INS,
    Listed,
    codes_of_names,
    foreign_towns,
    load_register,
    misnamed_towns,
    town_code,
    town_name,
    unknown_towns,
)

INDICATORS = "indicators"


@register
class IndicatorValues(CellsKind):
    """I-16 指標値, by municipality, year (fiscal year for finance) and measure; a missing value (－) is not stored."""

    hint = "財政力指数などの公表値。指標ごとの列の表と、1行1値の表のどちらも読めます。"

    class Sheet:
        id, title = "I-16", "指標値（財政指標など）"
        action = BRING_IN
        model = IndicatorValue

    identity = ("indicator_id", "municipality_id", "year")
    values = ("value",)

    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    year = SheetField(
        "年",
        Year(),
        key=True,
        required=True,
        attribute="year",
        synonyms=("年度", "会計年度", "調査年", "西暦"),
        width=8,
    )

    stand_ins = STAND_INS

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        return codes_of_names(columns, ctx)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)
        ctx.lookups[INDICATORS] = indicator_words()
        ctx.lookups[f"names of {INDICATORS}"] = dict(Indicator.objects.values_list("code", "name"))

    def fields_of(self, headings: Sequence[str], ctx: Context) -> tuple[SheetField, ...]:
        """A field for every heading that is the name of a measure; else 指標 and 値."""
        words = ctx.lookups.get(INDICATORS) or (indicator_words() if headings else {})
        taken: set[str] = set()
        found = []
        for heading in headings:
            code = words.get(heading) or words.get(_plain(heading))
            if code is not None and code not in taken:
                taken.add(code)
                field = CellField(heading, Number(4), value="value", fixed={"indicator_id": code}, width=12)
                field.name = f"i_{code}"
                found.append(field)
        return tuple(found) or _LONG

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from unknown_towns(records, ctx, "code")
        yield from misnamed_towns(records, ctx)
        yield from foreign_towns(records, ctx)


_LONG: tuple[SheetField, ...] = (
    SheetField(
        "指標",
        Listed(INDICATORS, "指標"),
        key=True,
        required=True,
        attribute="indicator_id",
        synonyms=("指標名", "項目", "指標コード"),
        width=20,
    ),
    CellField("値", Number(4), value="value", fixed={}, required=True, synonyms=("数値", "指標値", "データ")),
)
for _field, _name in zip(_LONG, ("indicator", "value"), strict=True):
    _field.name = _name


def indicator_words() -> dict[str, str]:
    """Map code and name of every measure to its code, also without units and brackets."""
    words: dict[str, str] = {}
    for code, name, unit in Indicator.objects.values_list("code", "name", "unit"):
        for word in (code, name, f"{name}（{unit}）", f"{name}({unit})", name_key(name), _plain(name)):
            words.setdefault(word, code)
    return words


def _plain(heading: str) -> str:
    """Return a heading without unit, brackets and spaces: 経常収支比率（％） → 経常収支比率."""
    plain = unicodedata.normalize("NFKC", heading)
    return re.sub(r"\(.*?\)|[\s・/]", "", plain)
