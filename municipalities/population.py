"""How many people, in which year, by which edition: for each municipality and for all of them together.

A question names one series and series never mix. What the series does not carry is None and is listed under `missing`
with the reason; a sum over municipalities of which one is missing is None too (NO_DATA, never a guess).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction

from .codes import full_code
from .models import Municipality, PopulationFigure, PopulationSeries

TARGET_YEAR = 2040  # the year the programs look at (報告（令和6年3月）表4)
GROUPS = {"total": "total", "0-14": "age_0_14", "15-64": "age_15_64", "65+": "age_65_over"}
ALSO = {"75+": "age_75_over", "unknown": "age_unknown"}  # shown where published, never counted as missing


class UnknownMunicipality(ValueError):
    """A code that is not registered; the message is Japanese."""


class UnknownSeries(ValueError):
    """A series that is not registered; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The people of one year; None where the series has no value. 75歳以上 is part of 65歳以上."""

    total: int | None = None
    age_0_14: int | None = None
    age_15_64: int | None = None
    age_65_over: int | None = None
    age_75_over: int | None = None
    age_unknown: int | None = None
    note: str = field(default="", kw_only=True)

    @property
    def has_ages(self) -> bool:
        return None not in (self.age_0_14, self.age_15_64, self.age_65_over)

    @property
    def old_share(self) -> Fraction | None:
        """65歳以上 by the people of known age (総人口から年齢不詳を除く), as the census publishes it."""
        known = None if self.total is None else self.total - (self.age_unknown or 0)
        return None if not known or self.age_65_over is None else Fraction(self.age_65_over, known)

    @property
    def supporters(self) -> Fraction | None:
        """15–64歳 for each person of 65 or older; None where one group is missing or nobody is old."""
        return None if self.age_15_64 is None or not self.age_65_over else Fraction(self.age_15_64, self.age_65_over)

    def group(self, label: str) -> int | None:
        """The people of a group of GROUPS (`65+`), None where the series has no value."""
        count: int | None = getattr(self, GROUPS[label])
        return count


_COUNTS = tuple(part.name for part in fields(Figure) if part.name != "note")


@dataclass(frozen=True, slots=True)
class Gap:
    """What one series lacks of one municipality."""

    code: str
    years: tuple[int, ...]
    groups: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Population:
    """The answer for some municipalities (6-digit codes, in the order asked) in one series."""

    series: PopulationSeries
    years: tuple[int, ...]
    names: Mapping[str, str]
    members: Mapping[str, Mapping[int, Figure]]
    missing: tuple[Gap, ...] = ()
    together: Mapping[int, Figure] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "together", {year: self._sum(year) for year in self.years})

    def at(self, year: int, code: str | None = None) -> Figure:
        """The figure of one municipality, of all together without `code`; empty where there is none."""
        return (self.together if code is None else self.members[code]).get(year, Figure())

    def decline(self, code: str | None = None, year: int = TARGET_YEAR) -> Fraction | None:
        """(base − target) ÷ base by this series' own base year, exact; negative where people become more.

        None for the census (it has no base year) and where one of the two values is missing.
        """
        if self.series.base_year is None:
            return None
        base, target = self.at(self.series.base_year, code).total, self.at(year, code).total
        return None if not base or target is None else Fraction(base - target, base)

    def reason(self, code: str | None = None) -> str:
        """Why a value of this municipality (of all together without `code`) is missing; empty where none is."""
        return "".join(dict.fromkeys(gap.reason for gap in self.missing if code in (None, gap.code)))

    def part(self, codes: Iterable[str]) -> Population:
        """The same series for some of these municipalities, in the order given, without asking again."""
        chosen = list(codes)
        return Population(
            self.series,
            self.years,
            {code: self.names[code] for code in chosen},
            {code: self.members[code] for code in chosen},
            tuple(gap for gap in self.missing if gap.code in set(chosen)),
        )

    def _sum(self, year: int) -> Figure:
        rows = [self.members[code].get(year, Figure()) for code in self.members]
        columns = [[getattr(row, name) for row in rows] for name in _COUNTS]
        notes = dict.fromkeys(row.note for row in rows if row.note)
        return Figure(*(_total(column) for column in columns), note="、".join(notes))


def population(codes: Sequence[str], series: str, years: Iterable[int] | None = None) -> Population:
    """The people of these municipalities in one series, in the years asked for (default: all it has), in 4 queries.

    `codes` have 5 or 6 digits; one that comes twice counts once. The base year and 2040 are always looked at, so that
    `decline` can answer. Raises UnknownMunicipality, UnknownSeries; ValueError for a code that is none.
    """
    return populations(codes, [series], years)[series]


def populations(
    codes: Sequence[str], series: Sequence[str] | None = None, years: Iterable[int] | None = None
) -> dict[str, Population]:
    """One answer for each series (default: every one that is registered), all in 4 queries; see `population`."""
    editions = PopulationSeries.objects.select_related("source").in_bulk(series)
    if unknown := [code for code in series or () if code not in editions]:
        known = "、".join(PopulationSeries.objects.values_list("code", flat=True))
        raise UnknownSeries(f"人口の系列「{unknown[0]}」は登録されていません（{known}）。")
    wanted = list(dict.fromkeys(full_code(code) for code in codes))
    places = Municipality.objects.in_bulk(wanted)
    if absent := [code for code in wanted if code not in places]:
        raise UnknownMunicipality(f"団体コード「{absent[0]}」の市町村は登録されていません。")
    rows: dict[str, dict[str, dict[int, Figure]]] = {one: {code: {} for code in wanted} for one in editions}
    figures = PopulationFigure.objects.filter(series__in=editions, municipality__in=wanted)
    for one, code, year, note, *counts in figures.values_list("series", "municipality", "year", "note", *_COUNTS):
        rows[one][code][year] = Figure(*counts, note=note)
    asked = dict.fromkeys(editions, sorted(set(years))) if years is not None else _published(editions)
    return {one: _answer(editions[one], places, rows[one], asked[one]) for one in series or editions}


def _published(series: Iterable[str]) -> dict[str, list[int]]:
    """The years of each series, as any municipality has them."""
    found: dict[str, list[int]] = {code: [] for code in series}
    for code, year in (
        PopulationFigure.objects.filter(series__in=found).order_by("year").values_list("series", "year").distinct()
    ):
        found[code].append(year)
    return found


def _answer(
    series: PopulationSeries,
    places: Mapping[str, Municipality],
    rows: Mapping[str, Mapping[int, Figure]],
    asked: Sequence[int],
) -> Population:
    needed = asked if series.base_year is None else sorted({*asked, series.base_year, TARGET_YEAR})
    missing = [gap for code in rows for gap in _gaps(places[code], series, rows[code], needed)]
    return Population(series, tuple(asked), {code: places[code].name for code in rows}, rows, tuple(missing))


def _gaps(
    place: Municipality, series: PopulationSeries, rows: Mapping[int, Figure], years: Sequence[int]
) -> Iterable[Gap]:
    """Say what is missing of one municipality in the years asked for, one entry per reason."""
    if not rows:
        why = (
            f"{place.name}（北方領土）には人口の値がありません。"
            if place.northern_territory
            else f"{series.name}に{place.name}の値は登録されていません。"
        )
        yield Gap(place.code, tuple(years), tuple(GROUPS), why)
        return
    years_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for year in years:
        if year not in rows:
            years_of[tuple(GROUPS)].append(year)
        elif lacking := tuple(label for label, name in GROUPS.items() if getattr(rows[year], name) is None):
            years_of[lacking].append(year)
    for groups, lacking_years in years_of.items():
        what = "値" if len(groups) == len(GROUPS) else "、".join(GROUP_NAMES[group] for group in groups)
        span = "、".join(f"{year}年" for year in lacking_years)
        yield Gap(
            place.code, tuple(lacking_years), groups, f"{series.name}に{place.name}の{span}の{what}がありません。"
        )


def _total(column: Sequence[int | None]) -> int | None:
    """The sum, or None where one value is missing or there is none at all."""
    known = [value for value in column if value is not None]
    return sum(known) if known and len(known) == len(column) else None


GROUP_NAMES = {"total": "総人口", "0-14": "0–14歳", "15-64": "15–64歳", "65+": "65歳以上"}


def percent(share: Fraction, digits: int = 2) -> str:
    """Return an exact share as percent, half rounded away from zero: 19164/71771 → 26.70."""
    scaled = abs(share) * 100 * 10**digits
    whole = int(scaled + Fraction(1, 2))
    text = f"{whole // 10**digits}.{whole % 10**digits:0{digits}}" if digits else str(whole)
    return f"-{text}" if share < 0 and whole else text


def change_text(decline: Fraction | None) -> str:
    """A decline as officials write a change in percent: ▲35.0, +1.2, 0.0; － where it is not known."""
    if decline is None:
        return "－"
    text = percent(abs(decline), 1)
    return text if text == "0.0" else f"▲{text}" if decline > 0 else f"+{text}"
