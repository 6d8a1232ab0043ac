"""Samples of D-25, plain and hard. Names of towns are real; what was planned is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from common.documents import Head
from regions.papers.plan import FieldGroup, InitiativeRow, Plan, RegionRow, StageRow

TITLE = "空知地域 広域連携前進プラン"
DIRECTION = (
    "単独では続けにくい行政サービスを、隣り合う市町村と分担して守る。各市町村の自主性を尊重し、進み方の違いを認める。"
)


def plan() -> Plan:
    return Plan(
        head=Head(
            title=f"{TITLE}（第2版）",
            heading=(TITLE,),
            issued_on=date(2026, 10, 28),
            sender=("空知総合振興局",),
            numbered=False,
        ),
        version=2,
        term_from_fy=2026,
        term_to_fy=2030,
        adopted_on=date(2026, 10, 28),
        discussed="空知地域 広域連携検討会議（令和8年10月20日）",
        waiver=None,
        direction=DIRECTION,
        regions=(
            RegionRow("南空知圏域", "自走中", ("岩見沢市", "夕張市", "美唄市")),
            RegionRow("長沼・栗山連携地域", "形成", ("長沼町", "栗山町")),
        ),
        groups=(
            FieldGroup("防災", (InitiativeRow(1, "合同防災訓練", "南空知圏域"),)),
            FieldGroup("分野によらないもの", (InitiativeRow(2, "市町村職員の研修", "－"),)),
        ),
        total=2,
        stage_regions=("南空知圏域", "長沼・栗山連携地域"),
        stages=(StageRow("防災", ("2／1", "1／－")), StageRow("医療", ("－／－", "1／－"))),
        stages_on=date(2026, 10, 28),
    )


def long_plan() -> Plan:
    rows = tuple(InitiativeRow(n, f"取組その{n}　髙﨑①㈱" + "長い名称" * 12, "地域" * 12) for n in range(1, 31))
    regions = tuple(RegionRow(f"とても長い名前の連携地域その{n}", "形成", ("岩見沢市",) * 20) for n in range(1, 13))
    return replace(
        plan(),
        direction=(DIRECTION * 6 + "\n") * 5,
        regions=regions,
        groups=(FieldGroup("地域公共交通", rows), FieldGroup("機能の集約化", rows)),
        total=60,
        stage_regions=tuple(row.name for row in regions),
        stages=tuple(StageRow(f"分野その{n}", ("3／2",) * 12) for n in range(1, 18)),
        waiver=("中空知定住自立圏", DIRECTION * 3),
    )


def empty_plan() -> Plan:
    return replace(
        plan(),
        adopted_on=None,
        discussed="",
        direction="",
        regions=(),
        groups=(),
        total=0,
        stage_regions=(),
        stages=(),
    )


HARD = {"long": long_plan, "empty": empty_plan}
