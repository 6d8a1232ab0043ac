"""What the forecast means for services, field by field: indicators now, and in 2040 if only people change.

Which field looks at what, and how it reads, is data (`ServiceField`, `ServiceMeasure`; fixtures/ground/services.yaml).
Values are exact fractions. A value that one municipality lacks makes the sum missing, with the reason; rates that
cannot be added up are shown from the lowest to the highest, and for the other places as the plain mean of those
published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .models import DataSource, Indicator, IndicatorValue, ServiceField, ServiceMeasure
from .models.service import PEOPLE
from .outlook import Outlook, Place
from .population import GROUP_NAMES, TARGET_YEAR

MOST_NAMES = 4


@dataclass(frozen=True)
class Values:
    """The latest published value of each indicator by municipality, and the year it is of."""

    indicators: Mapping[str, Indicator]
    years: Mapping[str, int]
    rows: Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True)
class MeasureLine:
    """One measure of the chosen municipalities: now and in 2040, of each one, of the places compared with.

    `places` are those of `Outlook.compared` without the chosen ones themselves.
    `low` and `high` stand for `now` where the measure cannot be added up. `reason` says why `now` is missing.
    """

    measure: ServiceMeasure
    years: tuple[int, ...]
    now: Fraction | None
    ahead: Fraction | None
    low: Fraction | None
    high: Fraction | None
    towns: tuple[Fraction | None, ...]
    places: tuple[Fraction | None, ...]
    reason: str


@dataclass(frozen=True)
class FieldOutlook:
    """A field of services with its issues and measures."""

    field: ServiceField
    lines: tuple[MeasureLine, ...]


@dataclass(frozen=True)
class ServiceOutlook:
    """All fields, and the sources that their values come from."""

    fields: tuple[FieldOutlook, ...]
    sources: tuple[DataSource, ...]


def service_outlook(found: Outlook) -> ServiceOutlook:
    """Compute every measure for the municipalities of the forecast, in 4 queries."""
    fields = list(ServiceField.objects.prefetch_related("measures"))
    used = {part for field in fields for measure in field.measures.all() for part in measure.parts}
    values = _values(sorted(part for part in used if not part.startswith(PEOPLE)), found)
    seen = {values.indicators[code].source_id: values.indicators[code].source for code in values.years}
    return ServiceOutlook(
        tuple(
            FieldOutlook(field, tuple(_line(measure, found, values) for measure in field.measures.all()))
            for field in fields
        ),
        tuple(seen.values()),
    )


def show(value: Fraction | None, digits: int = 0) -> str:
    """1,234 or 0.25 or ▲12, half rounded away from zero; － where there is none."""
    if value is None:
        return "－"
    scaled = int(abs(value) * 10**digits + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**digits)
    text = f"{whole:,}.{rest:0{digits}}" if digits else f"{whole:,}"
    return f"▲{text}" if value < 0 and scaled else text


def _values(codes: Sequence[str], found: Outlook) -> Values:
    inside = {code for place in found.places for code in place.codes}
    prefectures = {code[:2] for code in inside}
    published: dict[str, dict[int, dict[str, Fraction]]] = defaultdict(lambda: defaultdict(dict))
    rows = IndicatorValue.objects.filter(indicator__in=codes, municipality__prefecture__in=prefectures)
    for indicator, town, year, value in rows.values_list("indicator", "municipality", "year", "value"):
        published[indicator][year][town] = Fraction(value)
    years = {code: max(by_year) for code, by_year in published.items()}
    indicators = Indicator.objects.select_related("source").in_bulk(codes)
    return Values(indicators, years, {code: published[code][year] for code, year in years.items()})


def _line(measure: ServiceMeasure, found: Outlook, values: Values) -> MeasureLine:
    own, others = found.places[0], found.compared[1:]
    base_year = found.series.base_year or 0
    towns = tuple(_measured(measure, own, [code], base_year, values) for code in own.codes)
    now = low = high = ahead = None
    if measure.kind == ServiceMeasure.Kind.EACH:
        known = [value for value in towns if value is not None]
        low, high = (min(known), max(known)) if known else (None, None)
        places = tuple(
            _mean(_measured(measure, one, [code], base_year, values) for code in one.codes) for one in others
        )
    else:
        now = _measured(measure, own, own.codes, base_year, values)
        ahead = _measured(measure, own, own.codes, TARGET_YEAR, values) if measure.ahead else None
        places = tuple(_measured(measure, one, one.codes, base_year, values) for one in others)
    lacking = None in towns if measure.kind == ServiceMeasure.Kind.EACH else now is None
    missing = lacking or (measure.ahead and ahead is None)
    return MeasureLine(
        measure=measure,
        years=tuple(dict.fromkeys(values.years[part] for part in measure.parts if part in values.years)),
        now=now,
        ahead=ahead,
        low=low,
        high=high,
        towns=towns,
        places=places,
        reason=_reason(measure, own, values) if missing else "",
    )


def _measured(
    measure: ServiceMeasure, place: Place, codes: Sequence[str], year: int, values: Values
) -> Fraction | None:
    """The measure of these municipalities of a place; people are of that year of the place's edition."""
    of, by = (_sum(part, place, codes, year, values) if part else None for part in (measure.of, measure.by))
    match measure.kind:
        case ServiceMeasure.Kind.RATIO:
            return of * measure.times / by if of is not None and by else None
        case ServiceMeasure.Kind.DIFFERENCE:
            return of - by if of is not None and by is not None else None
    return of


def _sum(part: str, place: Place, codes: Sequence[str], year: int, values: Values) -> Fraction | None:
    if part.startswith(PEOPLE):
        group = part.removeprefix(PEOPLE)
        whole = tuple(codes) == place.codes
        figures = [place.projected.at(year)] if whole else [place.projected.at(year, code) for code in codes]
        found: list[Fraction | int | None] = [figure.group(group) for figure in figures]
    else:
        found = [values.rows.get(part, {}).get(code) for code in codes]
    known = [Fraction(value) for value in found if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(found) else None


def _mean(found: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in found if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _reason(measure: ServiceMeasure, own: Place, values: Values) -> str:
    """Name what is missing of which municipality, and why where the source says so."""
    told = []
    for part in measure.parts:
        if part.startswith(PEOPLE):
            told.append(_people_reason(part.removeprefix(PEOPLE), own))
        elif part not in values.years:
            name = values.indicators[part].name if part in values.indicators else part
            told.append(f"{name}の値は登録されていません。")
        elif lacking := [own.census.names[code] for code in own.codes if code not in values.rows[part]]:
            indicator = values.indicators[part]
            told.append(
                f"{indicator.name}（{values.years[part]}年）は、{some(lacking)}の値がありません。{indicator.source.note}"
            )
    zero = "" if any(told) else "割る値が0の市町村があるため計算できません。"
    return "".join(dict.fromkeys(told)) or zero


def _people_reason(group: str, own: Place) -> str:
    years = (own.projected.series.base_year or 0, TARGET_YEAR)
    lacking = [
        own.projected.names[code]
        for code in own.codes
        if any(own.projected.at(year, code).group(group) is None for year in years)
    ]
    word = GROUP_NAMES[group]
    return f"{own.projected.series.name}に{some(lacking)}の{word}の値がありません。" if lacking else ""


def some(names: Sequence[str]) -> str:
    """根室市、別海町 or 根室市、別海町、…ほか12市町村."""
    shown = "、".join(names[:MOST_NAMES])
    return f"{shown}ほか{len(names) - MOST_NAMES}市町村" if len(names) > MOST_NAMES else shown
