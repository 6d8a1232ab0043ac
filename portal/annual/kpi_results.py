"""Chapter: the KPIs of initiatives rolled up, then every one of them with its achievement. Counts, never ranks."""

from __future__ import annotations

from django.conf import settings

from common.fiscal_year import FiscalYear
from municipalities.population import percent
from regions.achievement import Standing
from regions.karte import show, target_text
from regions.kpi_records import KpiRecord, records_of, tally
from regions.models import Kpi

from ..kpi_rollup import Group, by_field, by_program, programs_up_to
from . import pictures
from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Picture, Section, Table


def chapter(ground: AnnualGround) -> Chapter:
    """By program, by field, then KPI by KPI."""
    kpis = Kpi.objects.visible_to(ground.viewer).filter(
        project__region__prefecture=settings.PREFECTURE_CODE, project__from_fy__lte=ground.year
    )
    records = records_of(kpis, ground.on)
    programs = programs_up_to(ground.year)
    return Chapter(
        key="kpis",
        title="成果指標（KPI）の達成状況",
        said=(
            "取組ごとの成果指標を、基準日までに報告された実績で集計した。地域や市町村の順位は示さない。",
            "達成率は（実績－基準値）÷（目標値－基準値）で、維持・新規・全数などの指標は達成・未達で示す。",
        ),
        sections=(
            _rolled(records, by_program(records, programs), by_field(records)),
            _every(records),
        ),
    )


def _rolled(records: list[KpiRecord], programs: list[Group], fields: list[Group]) -> Section:
    counts = tally(records)
    told = [(standing.label, counts[standing]) for standing in Standing]
    reached = sum(1 for record in records if record.achieved and record.achieved.reached)
    svg = pictures.bars(told, label="成果指標の状況別の数。数値は表にある", unit="件") if records else ""
    message = f"成果指標{len(records)}件のうち、{reached}件が目標に達している"
    return Section(
        title="制度別・分野別の集計",
        said=() if svg else (f"{message}。",),
        picture=Picture(message, svg) if svg else None,
        tables=(
            _groups("KPI制度別", "制度別の状況", "最後に支援を受けた制度", programs, records),
            _groups("KPI分野別", "主な分野別の状況", "主な分野", fields, records),
        ),
    )


def _groups(key: str, title: str, name: str, groups: list[Group], records: list[KpiRecord]) -> Table:
    whole = Group("計", records)
    return Table(
        key=key,
        title=title,
        heads=(
            Head(name, look="mid"),
            Head("取組", "件", num=True),
            Head("成果指標", "件", num=True),
            *(Head(standing.label, "件", num=True) for standing in Standing),
            Head("目標に到達", "件", num=True),
        ),
        rows=tuple((one.name, one.initiatives, one.total, *one.cells, _reached(one)) for one in groups),
        total=("計", whole.initiatives, whole.total, *whole.cells, _reached(whole)) if groups else (),
        empty="成果指標の登録はない。",
    )


def _reached(group: Group) -> int:
    return sum(1 for record in group.records if record.achieved and record.achieved.reached)


def _every(records: list[KpiRecord]) -> Section:
    rows = [_line(record) for record in records]
    return Section(
        title="成果指標の一覧",
        tables=(
            Table(
                key="KPI一覧",
                title="成果指標ごとの基準値・実績・目標・達成率",
                heads=(
                    Head("連携地域", look="mid"),
                    Head("取組", look="mid"),
                    Head("成果指標", look="mid"),
                    Head("単位", look="nw"),
                    Head("基準値", num=True),
                    Head("実績", num=True),
                    Head("実績の年度", look="nw"),
                    Head("目標", look="nw"),
                    Head("目標年度", look="nw"),
                    Head("達成率", "％", num=True),
                    Head("状況", look="nw"),
                ),
                rows=tuple(rows),
                groups=2,
                look="small",
                empty="成果指標の登録はない。",
            ),
        ),
    )


def _line(record: KpiRecord) -> tuple[Cell, ...]:
    kpi = record.kpi
    return (
        kpi.project.region.name,
        kpi.project.name,
        kpi.name,
        kpi.unit,
        "新規" if kpi.baseline_is_new else _plain(kpi.baseline),
        _plain(record.latest.value) if record.latest else None,
        FiscalYear(record.latest.fiscal_year).short if record.latest else None,
        target_text(kpi),
        FiscalYear(kpi.target_fy).short if kpi.target_fy else None,
        _share(record),
        record.standing.label,
    )


def _plain(value: object) -> str | None:
    """A decimal as a plain number; numbers of a table are formatted where they are shown."""
    text = show(value)
    return None if text == "－" else text.replace(",", "").replace("▲", "-")


def _share(record: KpiRecord) -> str | None:
    """How far the way was gone, in percent, or 達成／未達 where no way can be measured."""
    if record.achieved is None:
        return None
    if record.achieved.share is not None:
        text = percent(abs(record.achieved.share), 1)
        return f"-{text}" if record.achieved.share < 0 else text
    reached = record.achieved.reached
    return None if reached is None else "達成" if reached else "未達"
