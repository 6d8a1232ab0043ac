"""The prefecture-wide indicators (report of March 2024, table 10), computed for any day beside the official values.

So computed, the ends of FY2014 and FY2022 give 12 and 28 regions, FY2019 and FY2022 give 158 and 178 municipalities, as
published. The third was published as 62 for FY2022; the plans behind that number are not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from common.fiscal_year import FiscalYear, wareki
from common.viewer import Viewer
from municipalities.models import Municipality

from .indicator_ground import IndicatorGround, Town
from .models import PrefIndicator, PrefIndicatorValue

Measure = PrefIndicator.Measure
CHECK = "下の「数えたもの」で、公表したときの数え方との違いを確かめてください。"


@dataclass(frozen=True)
class Official:
    """A value as published: a number (None where the source writes a word), the word, and its fiscal year."""

    value: int | None
    text: str
    fiscal_year: int


@dataclass(frozen=True)
class Indicator:
    """One line of table 10; `computed` is None while nothing is entered from which it could be computed."""

    code: str
    name: str
    plan: str
    unit: str
    measure: str
    baseline: Official
    actual: Official
    target: Official
    goal: int
    computed: int | None
    row: PrefIndicator

    @property
    def value(self) -> int:
        """What the page compares with the goal: computed where it can be, otherwise as published."""
        return self.actual.value or 0 if self.computed is None else self.computed

    @property
    def bar(self) -> Fraction:
        """How long the bar is, in percent of the cell."""
        return Fraction(100 * self.value, self._room)

    @property
    def line(self) -> Fraction:
        """Where the goal stands on the same scale."""
        return Fraction(100 * self.goal, self._room)

    @property
    def missing_text(self) -> str:
        """あと1市町村."""
        return f"あと{self.missing:,}{self.unit}"

    @property
    def _room(self) -> Fraction:
        return max(self.value, self.goal, 1) * Fraction(108, 100)

    @property
    def missing(self) -> int:
        """How many are still missing to the goal."""
        return max(self.goal - self.value, 0)


@dataclass(frozen=True)
class YearValue:
    """One fiscal year of an indicator: computed for its last day (or the day asked for) beside what was published."""

    year: FiscalYear
    on: date
    computed: int | None
    official: PrefIndicatorValue | None

    @property
    def difference(self) -> int | None:
        """Computed less official; None where one of them is missing."""
        if self.computed is None or self.official is None:
            return None
        return self.computed - self.official.value


def indicators_on(
    prefecture: str, on: date, *, viewer: Viewer | None = None, ground: IndicatorGround | None = None
) -> list[Indicator]:
    """Return the indicators of the prefecture for the day, none where none are registered; nine queries.

    `viewer` says whether official values that nobody has confirmed yet are read (headquarters).
    """
    rows = list(PrefIndicator.objects.filter(prefecture=prefecture).with_values(viewer))
    if not rows:
        return []
    every = Municipality.objects.existing(on).filter(prefecture=prefecture).count()
    ground = ground or IndicatorGround(prefecture)
    return [_indicator(row, computed(row, ground, on), every) for row in rows]


def computed(row: PrefIndicator, ground: IndicatorGround, on: date) -> int | None:
    """Return what the indicator counts on the day."""
    match row.measure:
        case Measure.REGIONS:
            return len(ground.region_keys(on))
        case Measure.MUNICIPALITIES:
            return len(ground.municipality_codes(on))
        case _:
            return ground.initiatives(on)


def years_of(row: PrefIndicator, ground: IndicatorGround, on: date) -> list[YearValue]:
    """Return the fiscal years from the baseline to the day, newest first; the running one as of the day."""
    last, official = FiscalYear.of(on), {value.fiscal_year: value for value in _official_of(row)}
    first = min([row.baseline_fy, *official, int(last)])
    found = []
    for year in map(FiscalYear, range(int(last), first - 1, -1)):
        day = min(year.last_day, on)
        found.append(YearValue(year, day, computed(row, ground, day), official.get(int(year))))
    return found


def explained(row: PrefIndicator, ground: IndicatorGround, on: date) -> list[str]:
    """Say in sentences how the computed value of the day relates to the last official one, and what moved since."""
    known = [value for value in _official_of(row) if value.fiscal_year <= FiscalYear.of(on)]
    now = computed(row, ground, on)
    if now is None:
        return [_without_plans(row, known)]
    if not known:
        return [f"この日までの公表値はありません。計算値は{now:,}{row.unit}です。"]
    last, unit = known[-1], row.unit
    year = FiscalYear(last.fiscal_year)
    then = computed(row, ground, min(year.last_day, on))
    published = f"{year.wareki}の公表値は{last.value:,}{unit}です。"
    if then is None:
        sentences = [f"{published}その年度末の前進プランの登録がないため、計算値と比べられません。"]
    elif then == last.value:
        sentences = [f"{published}年度末の計算値{then:,}{unit}と一致しています。"]
    else:
        gap = f"{abs(then - last.value):,}{unit}{'多く' if then > last.value else '少なく'}"
        sentences = [f"{published}年度末の計算値{then:,}{unit}は、それより{gap}なります。", CHECK]
    if on > year.last_day:
        sentences += _moved(row, ground, year.last_day, on)
    return sentences


def _without_plans(row: PrefIndicator, known: list[PrefIndicatorValue]) -> str:
    told = f"公表値（{FiscalYear(known[-1].fiscal_year).wareki}）は{known[-1].value:,}{row.unit}です。" if known else ""
    return f"{told}この日までに策定された前進プランが登録されていないため、計算値はありません。"


def _moved(row: PrefIndicator, ground: IndicatorGround, before: date, on: date) -> list[str]:
    """What came in and what went out between two days, by name."""
    if row.measure == Measure.INITIATIVES:
        return [f"{_day(on)}の計算値は、効力のある前進プランの取組を数えたものです。"]
    if row.measure == Measure.REGIONS:
        named = {thing.code: thing.name for day in (before, on) for thing in ground.things_on(day)}
        was, now = ground.region_keys(before), ground.region_keys(on)
    else:
        named = {town.code: town.name for town in ground.towns_on(on)}
        was, now = ground.municipality_codes(before), ground.municipality_codes(on)
    if was == now:
        return [f"その後、{_day(on)}までに出入りはありません。"]
    told = [f"その後、{_day(on)}までに"]
    for word, codes in (("加わったもの", now - was), ("外れたもの", was - now)):
        if codes:
            names = "、".join(named.get(code, code) for code in sorted(codes))
            told.append(f"{word}{len(codes)}：{names}。")
    if row.measure == Measure.REGIONS and was - now:
        told.append("後継に引き継がれた地域を含みます。")
    return ["".join(told)]


def counted_towns(ground: IndicatorGround, on: date) -> tuple[list[Town], list[Town]]:
    """The municipalities that are counted on the day, and those that are not."""
    towns = ground.towns_on(on)
    return [one for one in towns if one.zones or one.regions], [one for one in towns if not (one.zones or one.regions)]


def _day(on: date) -> str:
    year = FiscalYear.of(on)
    return f"{year.wareki}末" if on == year.last_day else wareki(on)


def _official_of(row: PrefIndicator) -> list[PrefIndicatorValue]:
    """The official values that were read with the row (`with_values`), oldest first."""
    return list(getattr(row, "official", ()))


def _indicator(row: PrefIndicator, computed: int | None, every: int) -> Indicator:
    known = [value for value in _official_of(row) if value.confirmed]
    last = known[-1] if known else None
    word = f"{row.target_word}（{every}）" if row.target_word else f"{row.target}{row.unit}{row.qualifier}"
    return Indicator(
        code=row.code,
        name=row.name,
        plan=row.plan,
        unit=row.unit,
        measure=row.measure,
        baseline=Official(row.baseline, row.baseline_word or f"{row.baseline}{row.unit}", row.baseline_fy),
        actual=Official(last.value, f"{last.value}{row.unit}", last.fiscal_year)
        if last
        else Official(None, "－", row.baseline_fy),
        target=Official(row.target, word, row.target_fy),
        goal=every if row.target is None else row.target,
        computed=computed,
        row=row,
    )
