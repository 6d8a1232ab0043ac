"""One KPI over the years: actual as a line, the planned path dashed, the target as a level. The table stands beside."""

from __future__ import annotations

from fractions import Fraction

from django.utils.safestring import SafeString

from municipalities.year_lines import Frame, YearLine, year_lines

from .kpi_records import KpiRecord
from .kpi_words import figure

ACTUAL, PLANNED, TARGET = "#00428c", "#767676", "#a35200"
WIDTH, HEIGHT = 520, 250
DASHED, DOTTED = (6, 4), (2, 3)
FLAT = Fraction(3, 5)  # where the lowest value is more than this part of the highest, the axis does not begin at 0


def kpi_years(record: KpiRecord) -> list[int]:
    """The fiscal years that chart and table show: from the baseline to the target, with every actual."""
    kpi, plan = record.kpi, record.plan
    known = [year for year in (kpi.baseline_fy, kpi.target_fy, plan.first) if year is not None]
    known += [*plan.yearly, *record.actuals]
    return list(range(min(known), max(known) + 1)) if known else []


def kpi_chart(record: KpiRecord) -> SafeString | None:
    """Draw it; None where there is neither a plan nor an actual."""
    kpi, plan, years = record.kpi, record.plan, kpi_years(record)
    path: dict[int, Fraction | None] = {}
    for year in years:
        found = record.planned(year)
        path[year] = found.value if found else None
    if plan.baseline is not None and plan.baseline_fy is not None:
        path[plan.baseline_fy] = plan.baseline
    actuals = {year: Fraction(value) for year, value in record.values.items()}
    values = [value for value in (*path.values(), *actuals.values(), plan.target) if value is not None]
    if not values:
        return None
    lines = [
        YearLine("planned", "計画", PLANNED, tuple(path.items()), DASHED),
        YearLine("actual", "実績", ACTUAL, tuple((year, actuals.get(year)) for year in years)),
    ]
    if plan.target is not None:
        goal = f"目標{figure(plan.target)}"
        lines.append(YearLine("target", goal, TARGET, ((years[0], plan.target), (years[-1], plan.target)), DOTTED))
    label = f"{kpi.name}の計画と実績（単位：{kpi.unit}、年度）。値は下の表と同じ"
    frame = Frame(width=WIDTH, height=HEIGHT, first_year=years[0], axis=",~f", lowest=float(_lowest(values)), step=1)
    return year_lines(lines, label=label, frame=frame)


def _lowest(values: list[Fraction]) -> Fraction:
    low, high = min(values), max(values)
    if low < 0:
        return low - (high - low) / 10
    return low - (high - low) / 4 if high and low / high > FLAT else Fraction(0)
