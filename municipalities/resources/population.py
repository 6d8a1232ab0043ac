"""I-03 人口実績 and I-04 将来推計人口: how many people, counted or projected."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from common.sheets.fields import Context, Problem, SheetField, Value, Whole, Year
from common.sheets.kinds import ModelSheetKind, register
from common.sheets.rows import Key, Rows
from common.sheets.values import name_key

from ..duties import BRING_IN
from ..models import PopulationFigure, PopulationSeries
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

NOTICE_PERCENT = 20  # a change of the total by more than this is told (W-01); counts change slowly
STANDING = "standing"
AGES = ("age_0_14", "age_15_64", "age_65_over")
VALUES = ("total", *AGES, "age_75_over", "age_unknown")
AGE_NAMES = {
    "total": ("総人口", "総数", "人口総数", "人口", "人口計", "人口（人）", "計"),
    "age_0_14": ("0-14歳", "0～14歳", "年少人口", "15歳未満", "15歳未満人口"),
    "age_15_64": ("15-64歳", "15～64歳", "生産年齢人口", "15～64歳人口"),
    "age_65_over": ("65歳以上", "老年人口", "65歳以上人口", "高齢者人口", "65歳～"),
    "age_75_over": ("75歳以上", "75歳以上人口", "後期高齢者人口", "75歳～"),
    "age_unknown": ("年齢不詳", "不詳", "年齢「不詳」"),
}
_YEAR = re.compile(r"(?:19|20)\d\d(?=年?)")
_NO_COUNT = re.compile(r"指数|割合|構成比|増減|率|％|%|世帯|男性?$|女性?$")


def people(value: str, **options: Any) -> dict[str, Any]:
    """Return the options of a field that counts people."""
    return {"unit": "人", "synonyms": AGE_NAMES[value][1:]} | options


@register
class PopulationActuals(ModelSheetKind):
    """I-03 人口実績: counted people by municipality, source (国勢調査, 住民基本台帳) and year."""

    hint = "国勢調査・住民基本台帳の人口。省庁の公表した表をそのまま選べます。"

    class Sheet:
        id, title = "I-03", "人口実績"
        action = BRING_IN
        model = PopulationFigure
        notice_percent = NOTICE_PERCENT

    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    series = SheetField(
        "出典",
        Listed("series", "出典"),
        key=True,
        required=True,
        attribute="series_id",
        synonyms=("資料", "統計名", "調査名"),
    )
    year = SheetField(
        "年",
        Year(),
        key=True,
        required=True,
        attribute="year",
        synonyms=("調査年", "年次", "西暦", "年度", "時点"),
        width=8,
    )
    total = SheetField("総人口", Whole("人"), required=True, attribute="total", **people("total"))
    age_0_14 = SheetField("0-14歳", Whole("人"), attribute="age_0_14", **people("age_0_14"))
    age_15_64 = SheetField("15-64歳", Whole("人"), attribute="age_15_64", **people("age_15_64"))
    age_65_over = SheetField("65歳以上", Whole("人"), attribute="age_65_over", **people("age_65_over"))
    age_75_over = SheetField("75歳以上", Whole("人"), attribute="age_75_over", **people("age_75_over"))
    age_unknown = SheetField("年齢不詳", Whole("人"), attribute="age_unknown", **people("age_unknown"))

    stand_ins = STAND_INS

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        return codes_of_names(columns, ctx)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)
        ctx.lookups["series"] = series_words(PopulationSeries.Kind.ACTUAL)
        ctx.lookups["editions"] = series_names()
        ctx.lookups["names of series"] = {code: name for code, (name, _) in ctx.lookups["editions"].items()}

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from unknown_towns(records, ctx, "code")
        yield from misnamed_towns(records, ctx)
        yield from foreign_towns(records, ctx)
        yield from wrong_ages(records)
        yield from old_beyond(records)
        stands = ctx.lookups[STANDING] = super().standing(records.keys, ctx)
        at = ctx.stored.index(self.fields["total"])
        before = [row[at] if (row := stands.get(key)) else None for key in records.keys]
        yield from large_changes(records, before, self.Sheet.notice_percent)

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        """What the check of the same act has read already, else what stands now."""
        stands: Mapping[Key, tuple[Value, ...]] | None = ctx.lookups.pop(STANDING, None)
        return stands if stands is not None else super().standing(keys, ctx)


@register
class PopulationProjections(CellsKind):
    """I-04 将来推計人口: one edition of the projection, with a column for each year or a row for each year."""

    hint = "将来推計人口。年ごとの列（2020年、2025年…）の表と、1行1年の表のどちらも読めます。"

    class Sheet:
        id, title = "I-04", "将来推計人口"
        action = BRING_IN
        model = PopulationFigure
        notice_percent = 30  # within five years a projection falls faster than a count

    identity = ("series_id", "municipality_id", "year")
    values = VALUES

    series = SheetField(
        "推計版",
        Listed("series", "推計版"),
        key=True,
        required=True,
        attribute="series_id",
        synonyms=("版", "推計", "出典"),
        width=16,
    )
    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    base_year = SheetField("基準年", Year(), required=True, synonyms=("基準年次", "基準"), width=8)

    stand_ins = STAND_INS

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        return codes_of_names(columns, ctx)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)
        ctx.lookups["series"] = series_words(PopulationSeries.Kind.PROJECTION)
        ctx.lookups["editions"] = series_names()
        ctx.lookups["names of series"] = {code: name for code, (name, _) in ctx.lookups["editions"].items()}

    def fields_of(self, headings: Sequence[str], ctx: Context) -> tuple[SheetField, ...]:
        """One field per heading that names a year, and an age group where it names one; else 年 and the groups."""
        wide = tuple(_yearly(headings))
        return wide or _LONG

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from unknown_towns(records, ctx, "code")
        yield from misnamed_towns(records, ctx)
        yield from foreign_towns(records, ctx)
        yield from mixed_editions(records, ctx)
        if "year" in records:
            yield from wrong_ages(records)
            yield from old_beyond(records)
            known = Known(set(records["series"])).totals
            before = [
                known.get((series, code), {}).get(year)
                for series, code, year in zip(records["series"], records["code"], records["year"], strict=True)
            ]
            yield from large_changes(records, before, self.Sheet.notice_percent)
        else:
            yield from wrong_ages_of_years(records, ctx)
            yield from large_steps(records, ctx, self.Sheet.notice_percent)


_LONG: tuple[SheetField, ...] = (
    SheetField("年", Year(), key=True, required=True, attribute="year", synonyms=("年次", "西暦", "推計年"), width=8),
    *(
        CellField(AGE_NAMES[value][0], Whole("人"), value=value, fixed={}, required=value == "total", **people(value))
        for value in VALUES
        if value != "age_unknown"
    ),
)
for _field, _name in zip(_LONG, ("year", "total", *AGES, "age_75_over"), strict=True):
    _field.name = _name


def series_words(kind: str) -> dict[str, str]:
    """Map every way to name a series of this kind to its code: code, name, edition, title of the publication."""
    words: dict[str, str] = {}
    for row in PopulationSeries.objects.filter(kind=kind).select_related("source"):
        names = {
            row.code,
            row.name,
            row.edition,
            row.source.title,
            f"{row.publisher}{row.name}",
            *_ALSO.get(row.code, ()),
        }
        for name in list(names):
            if told := re.search(r"（(.+?)）", name):
                names.add(told[1])
            names.add(re.sub(r"[(（](?:19|20)\d\d[)）]", "", name))
        for name in filter(None, names):
            words.setdefault(name, row.code)
            words.setdefault(name_key(name), row.code)
            words.setdefault(unicodedata.normalize("NFKC", name_key(name)), row.code)
    return words


_ALSO = {
    "census": ("国調", "国勢調査結果"),
    "juki": ("住民基本台帳", "住基", "住基人口", "住民基本台帳に基づく人口"),
    "ipss_r5": ("日本の地域別将来推計人口（令和5(2023)年推計）", "令和5年推計", "2023年推計", "R5推計"),
    "ipss_h30": ("日本の地域別将来推計人口（平成30(2018)年推計）", "2018年推計", "H30推計"),
    "ipss_h25": ("日本の地域別将来推計人口（平成25(2013)年3月推計）", "平成25年推計", "2013年推計", "H25推計"),
}


def series_names() -> dict[str, tuple[str, int | None]]:
    """Return name and base year of every series by code."""
    return {
        code: (name, base) for code, name, base in PopulationSeries.objects.values_list("code", "name", "base_year")
    }


def wrong_ages(rows: Rows) -> Iterator[Problem]:
    """E-17 where the three age groups, with the people of unknown age, do not make the total.

    The unknown count as the sheet gives them, else as they stand: a census sheet without that column compares with the
    people of unknown age that are registered.
    """
    if not all(one in rows for one in AGES):
        return
    off: dict[int, int] = {}
    ages = (rows[one] for one in AGES)
    for at, (total, young, middle, old, without) in enumerate(
        zip(rows["total"], *ages, rows.get("age_unknown"), strict=True)
    ):
        if total is None or young is None or middle is None or old is None:
            continue
        if difference := total - young - middle - old - (without or 0):
            off[at] = difference
    stands = _unknown_ages(set(rows["series"])) if off else {}
    for at, difference in off.items():
        if rows.get("age_unknown")[at] is None:
            difference -= stands.get((rows["series"][at], rows["code"][at], rows["year"][at]), 0)
        if difference:
            yield Problem(at, "total", "E-17", {"difference": f"{abs(difference):,}"})


def _unknown_ages(series: set[Value]) -> dict[tuple[str, str, int], int]:
    """Return how many people of unknown age stand, by series, municipality and year."""
    rows = PopulationFigure.objects.filter(series__in=series - {None}, age_unknown__gt=0)
    found = rows.values_list("series_id", "municipality_id", "year", "age_unknown")
    return {(one, code, year): int(unknown or 0) for one, code, year, unknown in found}


def wrong_ages_of_years(rows: Rows, ctx: Context) -> Iterator[Problem]:
    """E-17 for each year of a sheet that has a column per year and age group."""
    by_year: dict[int, dict[str, CellField]] = defaultdict(dict)
    for one in ctx.stored:
        if isinstance(one, CellField):
            by_year[one.fixed["year"]][one.value] = one
    for fields in by_year.values():
        if not {"total", *AGES} <= set(fields):
            continue
        columns = [rows[fields[one].name] for one in ("total", *AGES)]
        for at, (total, *groups) in enumerate(zip(*columns, strict=True)):
            if total is not None and None not in groups and total != sum(groups):
                difference = f"{abs(total - sum(groups)):,}"
                yield Problem(at, fields["total"].name, "E-17", {"difference": difference})


def old_beyond(rows: Rows) -> Iterator[Problem]:
    """E-62 where more are 75 and over than 65 and over."""
    if "age_75_over" in rows and "age_65_over" in rows:
        for at, (very, old) in enumerate(zip(rows["age_75_over"], rows["age_65_over"], strict=True)):
            if very is not None and old is not None and very > old:
                yield Problem(at, "age_75_over", "E-62", {"value": f"{very:,}", "limit": f"65歳以上の{old:,}人"})


def mixed_editions(rows: Rows, ctx: Context) -> Iterator[Problem]:
    """E-21 where a sheet holds two editions, or a base year that is not that of its edition."""
    names: Mapping[str, tuple[str, int | None]] = ctx.lookups["editions"]
    first = next((series for series in rows["series"] if series is not None), None)
    years = rows.get("base_year")
    of_year = {base: name for name, base in names.values() if base is not None}
    for at, (series, base) in enumerate(zip(rows["series"], years, strict=True)):
        if series is None:
            continue
        if first is not None and series != first:
            yield Problem(at, "series", "E-21", {"edition": names[first][0], "other_edition": names[series][0]})
        elif base is not None and first is not None and base != names[series][1]:
            other = of_year.get(base, f"基準年{base}年")
            yield Problem(at, "base_year", "E-21", {"edition": names[series][0], "other_edition": other})


def large_changes(rows: Rows, before: Sequence[Value], most: int) -> Iterator[Problem]:
    """W-01 where a total differs by more than `most` percent from what it replaces, else from the year before it.

    `before` is what each row replaces (None: nothing); the year before may stand, or be in the sheet itself.
    """
    new = [at for at, stands in enumerate(before) if stands is None]
    earlier = _years_before(rows, new) if new else {}
    for at, (total, stands) in enumerate(zip(rows["total"], before, strict=True)):
        last = stands if stands is not None else earlier.get(at)
        if last and total is not None and abs(total - last) * 100 > most * last:
            yield Problem(at, "total", "W-01", {"percent": change(last, total)})


def _years_before(rows: Rows, new: Sequence[int]) -> dict[int, int]:
    """Return for rows of the sheet the total of the latest year before their own."""
    totals: dict[tuple[Value, Value], dict[int, int]] = {}
    for thing, year, total in zip(
        zip(rows["series"], rows["code"], strict=True), rows["year"], rows["total"], strict=True
    ):
        if year is not None and total is not None:
            totals.setdefault(thing, {})[year] = total
    for thing, known in Known(set(rows["series"])).totals.items():
        if thing in totals:
            totals[thing] = known | totals[thing]
    ordered = {thing: sorted(years) for thing, years in totals.items()}
    found: dict[int, int] = {}
    for at in new:
        thing, year = (rows["series"][at], rows["code"][at]), rows["year"][at]
        years = ordered.get(thing)
        if years and year is not None and (place := bisect_left(years, year)):
            found[at] = totals[thing][years[place - 1]]
    return found


def large_steps(rows: Rows, ctx: Context, most: int) -> Iterator[Problem]:
    """W-01 in a sheet with a column per year: against what stands, else against the column before."""
    known = Known(set(rows["series"]))
    columns = sorted(
        (one for one in ctx.stored if isinstance(one, CellField) and one.value == "total"),
        key=lambda one: int(one.fixed["year"]),
    )
    for at, (series, code) in enumerate(zip(rows["series"], rows["code"], strict=True)):
        stands = known.totals.get((series, code), {})
        last: int | None = None
        for one in columns:
            total = rows[one.name][at]
            before = stands.get(int(one.fixed["year"])) or last
            if total is not None and before and abs(total - before) * 100 > most * before:
                yield Problem(at, one.name, "W-01", {"percent": change(before, total)})
            last = total if total is not None else last


def change(before: int, now: int) -> str:
    """Return by how many percent a number changed, without its sign, half rounded up: 25.0."""
    tenths = (abs(now - before) * 2000 + before) // (2 * before)
    return f"{tenths // 10}.{tenths % 10}"


class Known:
    """The totals that stand for some series, by series and municipality: {year: people}."""

    def __init__(self, series: set[Value]) -> None:
        self.totals: dict[tuple[Value, Value], dict[int, int]] = {}
        rows = PopulationFigure.objects.filter(series__in=series - {None}, total__isnull=False).order_by()
        for one, code, year, total in rows.values_list("series_id", "municipality_id", "year", "total"):
            self.totals.setdefault((one, code), {})[year] = int(total or 0)


def _yearly(headings: Sequence[str]) -> Iterator[CellField]:
    """Yield a field for every heading that names a year: 2020年, 2020年／65歳以上, 総人口／2020年."""
    taken: set[tuple[int, str]] = set()
    groups = {unicodedata.normalize("NFKC", name): value for value, names in AGE_NAMES.items() for name in names}
    for heading in headings:
        plain = unicodedata.normalize("NFKC", heading).replace("〜", "~").replace("(人)", "").replace(" ", "")
        found = _YEAR.findall(plain)
        if len(found) != 1 or _NO_COUNT.search(plain):
            continue
        rest = re.sub(r"[/_・():]|(?:19|20)\d\d年?", "", plain)
        value = "total" if not rest else groups.get(rest, "")
        if value and (int(found[0]), value) not in taken:
            taken.add((int(found[0]), value))
            field = CellField(heading, Whole("人"), value=value, fixed={"year": int(found[0])}, unit="人", width=10)
            field.name = f"y{found[0]}_{value}"
            yield field
