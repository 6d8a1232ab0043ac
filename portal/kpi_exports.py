"""KPI一覧 as a sheet: one line a KPI with its plan, its newest actual and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from municipalities.population import percent
from regions.achievement import Standing
from regions.karte import target_text
from regions.kpi_records import KpiRecord

from .kpi_rollup import Group


def kpi_columns(*, evidence: bool) -> list[Column[KpiRecord]]:
    """One value a cell; years in Western form and in words. `evidence`: for whoever has a part in the regions."""
    rests_on: list[Column[KpiRecord]] = [
        Column("最新の実績の根拠", lambda row: row.latest.evidence if row.latest else None, 30)
    ]
    return [
        Column("地域コード", lambda row: row.kpi.project.region_id, 12),
        Column("地域名", lambda row: row.kpi.project.region.name, 30),
        Column("取組コード", lambda row: row.kpi.project.code, 12),
        Column("取組名", lambda row: row.kpi.project.name, 30),
        Column("主な分野", lambda row: row.kpi.project.main_field.name if row.kpi.project.main_field else None, 16),
        Column("KPI番号", lambda row: row.kpi.number, 10),
        Column("KPI名", lambda row: row.kpi.name, 40),
        Column("単位", lambda row: row.kpi.unit, 8),
        Column("種別", lambda row: row.kpi.get_kind_display(), 12),
        Column("方向", lambda row: row.kpi.get_direction_display(), 10),
        Column("累計", lambda row: row.kpi.cumulative, 8),
        Column("基準値", lambda row: "新規" if row.kpi.baseline_is_new else _plain(row.kpi.baseline), 12),
        *_year("基準年度", lambda row: row.kpi.baseline_fy),
        Column("目標値", lambda row: _plain(row.kpi.target), 12),
        Column("目標（条件を含む）", lambda row: target_text(row.kpi), 18),
        *_year("目標年度", lambda row: row.kpi.target_fy),
        *_year("最新の実績の年度", lambda row: row.latest.fiscal_year if row.latest else None),
        Column("最新の実績値", lambda row: _plain(row.latest.value) if row.latest else None, 14),
        *(rests_on if evidence else []),
        Column("達成率（％）", _share, 12),
        Column("目標の達成", _reached, 12),
        Column("状況", lambda row: row.standing.label, 14),
        *_year("判定した年度", lambda row: row.position.year),
        Column("判定した年度の計画値", _planned, 18),
        Column("計画に足りない数", _gap, 16),
    ]


def _planned(row: KpiRecord) -> Decimal | None:
    """The planned value of the year that was judged."""
    planned = row.position.planned
    return None if planned is None else _number(planned.value)


def _year(heading: str, year: Any) -> list[Column[KpiRecord]]:
    def written(row: KpiRecord) -> str | None:
        found = year(row)
        return None if found is None else FiscalYear(found).wareki

    return [Column(f"{heading}（西暦）", year, 16), Column(heading, written, 14)]


def _share(row: KpiRecord) -> Decimal | None:
    share = row.achieved.share if row.achieved else None
    return None if share is None else Decimal(percent(share, 1))


def _reached(row: KpiRecord) -> str | None:
    reached = row.achieved.reached if row.achieved else None
    return None if reached is None else "達成" if reached else "未達"


def _gap(row: KpiRecord) -> Decimal | None:
    gap = row.position.gap
    return _number(gap) if gap is not None and gap > 0 else None


def _number(value: Fraction | None) -> Decimal | None:
    """A number with three decimals at most, as actuals have them."""
    return None if value is None else _plain(round(Decimal(value.numerator) / Decimal(value.denominator), 3))


def _plain(value: Decimal | None) -> Decimal | None:
    """The same number without the zeros that only fill up its places: 90.000 is 90."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def rollup_columns(heading: str) -> list[Column[Group]]:
    """KPIs by field or by program: how many stand where."""

    def many(standing: Standing) -> Callable[[Group], int]:
        return lambda row: row.counts[standing]

    return [
        Column(heading, lambda row: row.name, 24),
        Column("取組（件）", lambda row: row.initiatives, 10),
        Column("KPI（件）", lambda row: row.total, 10),
        *(Column(f"{standing.label}（件）", many(standing), 16) for standing in Standing),
    ]
