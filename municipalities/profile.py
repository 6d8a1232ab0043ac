"""What the page of one municipality shows: people by edition, neighbours, other published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .models import DataSource, IndicatorValue, PopulationSeries
from .population import TARGET_YEAR, Population, change_text

CENSUS, LATEST = "census", "ipss_r5"
SHOWN_INDICATORS = (
    "area_total",
    "area_habitable",
    "households",
    "elderly_single_households",
    "employed",
    "employed_primary",
    "staff_general_admin",
    "fiscal_power_index",
    "ordinary_balance_ratio",
    "real_debt_service_ratio",
    "future_burden_ratio",
    "expenditure_settled",
    "elementary_schools",
    "junior_high_schools",
    "high_schools",
    "general_clinics",
    "physicians",
    "vacant_dwelling_rate",
)


@dataclass(frozen=True)
class EditionLine:
    """One edition of the projection: from its own base year to 2040."""

    series: PopulationSeries
    base: int | None
    target: int | None
    decline: Fraction | None
    reason: str

    @property
    def change(self) -> str:
        return change_text(self.decline)

    @property
    def percent(self) -> Fraction | None:
        """The decline in percent, for the bar in the table."""
        return None if self.decline is None else self.decline * 100


@dataclass(frozen=True)
class IndicatorLine:
    """One published figure of the latest year."""

    name: str
    value: Decimal
    unit: str
    year: int

    @property
    def text(self) -> str:
        """1,234 or 0.25, as many digits as were published."""
        plain = self.value.normalize()
        return f"{plain:,f}"


def edition_lines(people: Mapping[str, Population], code: str) -> list[EditionLine]:
    """Base year, 2040 and the decline by each edition; the reason where a value is missing."""
    return [
        EditionLine(
            one.series,
            one.at(one.series.base_year, code).total,
            one.at(TARGET_YEAR, code).total,
            one.decline(code),
            "" if one.decline(code) is not None else one.reason(code),
        )
        for one in people.values()
        if one.series.base_year is not None
    ]


def latest_indicators(code: str) -> tuple[list[IndicatorLine], list[DataSource]]:
    """The latest value of each indicator shown, and the sources they come from (1 query)."""
    rows = IndicatorValue.objects.filter(municipality=code, indicator__in=SHOWN_INDICATORS)
    latest = {
        row.indicator_id: row for row in rows.select_related("indicator__source").order_by("indicator__order", "year")
    }
    lines = [IndicatorLine(row.indicator.name, row.value, row.indicator.unit, row.year) for row in latest.values()]
    return lines, _distinct(row.indicator.source for row in latest.values())


def _distinct(sources: Iterable[DataSource]) -> list[DataSource]:
    return list({source.pk: source for source in sources}.values())


def spread(lines: Sequence[EditionLine]) -> str:
    """One sentence on how far the editions lie apart in 2040; empty where fewer than two have a value."""
    known = {line.series.name: line.target for line in lines if line.target is not None}
    if len(known) < 2:
        return ""
    low, high = min(known, key=lambda name: known[name]), max(known, key=lambda name: known[name])
    if known[low] == known[high]:
        return f"{TARGET_YEAR}年の推計は、どの版でも{known[low]:,}人"
    return (
        f"{TARGET_YEAR}年の推計は、{low}の{known[low]:,}人から{high}の{known[high]:,}人まで"
        f"{known[high] - known[low]:,}人の幅がある"
    )
