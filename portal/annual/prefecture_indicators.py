"""Chapter: the prefecture-wide indicators in the form of table 10, computed values beside the published ones."""

from __future__ import annotations

from common.fiscal_year import FiscalYear

from .. import indicators as sums
from ..indicator_ground import IndicatorGround
from ..load import SOURCE
from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Section, Table


def chapter(ground: AnnualGround) -> Chapter:
    """Table 10, then every year of each indicator, then what was counted by name."""
    base = IndicatorGround(ground.prefecture)
    found = sums.indicators_on(ground.prefecture, ground.on, ground=base)
    return Chapter(
        key="indicators",
        title="全道の指標",
        said=(
            f"道の計画が掲げる指標を、{SOURCE.partition('」')[0]}」の表10の形で示す。"
            "計算値は、このポータルに登録された圏域・連携地域・前進プランから、公表値と同じ考え方で数えたものである。",
        ),
        sections=(
            _table_ten(found, ground),
            _years(found, base, ground),
            _counted(base, ground),
        ),
    )


def _table_ten(found: list[sums.Indicator], ground: AnnualGround) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            one.plan,
            _told(one.baseline),
            _told(one.actual) if one.actual.value is not None else "－",
            one.computed,
            _told(one.target),
            "達成" if one.computed is not None and not one.missing else one.missing_text if one.missing else "－",
        )
        for one in found
    ]
    return Section(
        title="指標と目標",
        tables=(
            Table(
                key="全道の指標",
                title="道の計画の指標（報告の表10の形）",
                heads=(
                    Head("指標", look="wide"),
                    Head("計画", look="mid"),
                    Head("基準値"),
                    Head("実績値（公表）"),
                    Head(f"計算値 {ground.year.short}", num=True),
                    Head("目標値"),
                    Head("目標まで", look="nw"),
                ),
                rows=tuple(rows),
                empty="指標の登録はない。",
            ),
        ),
        notes=(f"出典：{SOURCE}",),
    )


def _years(found: list[sums.Indicator], base: IndicatorGround, ground: AnnualGround) -> Section:
    rows: list[tuple[Cell, ...]] = []
    told: list[str] = []
    for one in found:
        told += [f"{one.name}：{''.join(sums.explained(one.row, base, ground.on))}"]
        for line in reversed(sums.years_of(one.row, base, ground.on)):
            official = line.official.value if line.official else None
            gap = line.difference
            rows.append((one.name, line.year.wareki, int(line.year), line.computed, official, gap, one.unit))
    return Section(
        title="年度別の計算値と公表値",
        said=tuple(told),
        tables=(
            Table(
                key="指標の年度別の値",
                title="年度末の計算値と公表値",
                heads=(
                    Head("指標", look="wide"),
                    Head("年度", look="nw"),
                    Head("西暦", num=True, look="plain"),
                    Head("計算値", num=True),
                    Head("公表値", num=True),
                    Head("差", num=True),
                    Head("単位", look="nw"),
                ),
                rows=tuple(rows),
                groups=1,
                empty="指標の登録はない。",
            ),
        ),
    )


def _counted(base: IndicatorGround, ground: AnnualGround) -> Section:
    things = base.things_on(ground.on)
    towns, others = sums.counted_towns(base, ground.on)
    zones = sum(one.zone for one in things)
    missing = f"数えなかったもの：{'、'.join(one.name for one in others)}。" if others else ""
    said = (
        f"{len(things)}地域を数えた（国の圏域{zones}、連携地域{len(things) - zones}）。",
        f"市町村は{len(towns)}を数えた。{missing}",
    )
    continued = base.continued_on(ground.on)
    return Section(
        title="数えたもの",
        said=said,
        tables=(
            Table(
                key="指標で数えた地域",
                title="広域連携制度に取り組む地域（第一の指標）",
                heads=(
                    Head("区分", look="mid"),
                    Head("コード", look="nw"),
                    Head("名称", look="wide"),
                    Head("開始", look="nw"),
                ),
                rows=tuple((one.kind, one.code, one.name, one.since) for one in things),
                groups=1,
            ),
            Table(
                key="後継に引き継がれた地域",
                title="後継に引き継がれたため数えない地域",
                heads=(Head("コード", look="nw"), Head("名称", look="wide"), Head("後継", look="wide"), Head("備考")),
                rows=tuple((one.code, one.name, one.successor, one.note) for one in continued),
            ),
        ),
    )


def _told(value: sums.Official) -> str:
    """28地域（R4）."""
    return f"{value.text}（{FiscalYear(value.fiscal_year).short}）"
