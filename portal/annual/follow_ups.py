"""Chapter: what became of initiatives after support ended (自走化), and the case sheets of the year."""

from __future__ import annotations

from collections import defaultdict

from common.fiscal_year import FiscalYear
from regions.models import Region
from subsidies.models import CaseSheet, FollowUp

from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Section, Table


def chapter(ground: AnnualGround) -> Chapter:
    """The answers by year, then initiative by initiative; where regions stand today."""
    rows = list(
        FollowUp.objects.filter(fiscal_year__lte=ground.year, application__in=[row.pk for row in ground.applications])
        .select_related("project__region")
        .order_by("fiscal_year", "project__region", "project__code")
    )
    return Chapter(
        key="follow-up",
        title="支援後の状況（自走化）と事例",
        said=("支援の期間が終わった取組について、毎年度の調査に市町村が回答したものを集計した。",),
        sections=(_answers(rows), _standing(ground), _cases(ground)),
    )


def _answers(rows: list[FollowUp]) -> Section:
    by_year: dict[int, list[FollowUp]] = defaultdict(list)
    for row in rows:
        by_year[row.fiscal_year].append(row)
    lines: list[tuple[Cell, ...]] = []
    for year, held in by_year.items():
        answered = [row for row in held if row.answered_at]
        goes_on = sum(1 for row in answered if row.continues)
        moved = sum(1 for row in answered if row.national_scheme)
        lines.append((FiscalYear(year).wareki, year, len(held), len(answered), goes_on, len(answered) - goes_on, moved))
    told: list[tuple[Cell, ...]] = [
        (
            FiscalYear(row.fiscal_year).short,
            row.project.region.name,
            row.project.name,
            "継続" if row.continues else "終了",
            row.funding,
            row.staffing,
            row.obstacles,
        )
        for row in rows
        if row.answered_at
    ]
    return Section(
        title="調査の結果",
        tables=(
            Table(
                key="支援後の調査",
                title="年度別の調査と回答",
                heads=(
                    Head("年度", look="nw"),
                    Head("西暦", num=True, look="plain"),
                    Head("調査した取組", "件", num=True),
                    Head("回答", "件", num=True),
                    Head("続いている", "件", num=True),
                    Head("終了した", "件", num=True),
                    Head("うち国の制度へ移行", "件", num=True),
                ),
                rows=tuple(lines),
                empty="支援後の調査の記録はない。",
            ),
            Table(
                key="支援後の回答",
                title="取組ごとの回答",
                heads=(
                    Head("年度", look="nw"),
                    Head("連携地域", look="mid"),
                    Head("取組", look="mid"),
                    Head("状況", look="nw"),
                    Head("財源"),
                    Head("体制"),
                    Head("課題", look="wide"),
                ),
                rows=tuple(told),
                groups=2,
                empty="回答の記録はない。",
            ),
        ),
    )


def _standing(ground: AnnualGround) -> Section:
    """Where each region that was ever supported stands today."""
    last: dict[str, int] = {}
    for row in ground.support:
        last[row.region_id] = max(last.get(row.region_id, 0), row.fiscal_year)
    regions = Region.objects.visible_to(ground.viewer).filter(pk__in=last).order_by("code")
    rows: list[tuple[Cell, ...]] = [
        (row.code, row.name, row.get_state_display(), FiscalYear(last[row.pk]).wareki, last[row.pk], row.note)
        for row in regions
    ]
    return Section(
        title="地域の現況",
        tables=(
            Table(
                key="地域の現況",
                title="支援を受けた連携地域の現況",
                heads=(
                    Head("コード", look="nw"),
                    Head("連携地域", look="wide"),
                    Head("現在の状態", look="nw"),
                    Head("最後の支援年度", look="nw"),
                    Head("西暦", num=True, look="plain"),
                    Head("備考", look="wide"),
                ),
                rows=tuple(rows),
                look="small",
            ),
        ),
    )


def _cases(ground: AnnualGround) -> Section:
    """The case sheets that came in with the performance reports of the year; said plainly where there is none."""
    sheets = CaseSheet.objects.filter(
        report__application__in=[row.pk for row in ground.of_this_year], report__submitted_at__isnull=False
    )
    rows: list[tuple[Cell, ...]] = [
        (row.report.application.region.name, row.project.name, row.title, row.effect, row.cost_yen, row.obstacles)
        for row in sheets.select_related("report__application__region", "project").order_by("report", "pk")
        if row.is_complete
    ]
    none = f"{ground.year.wareki}の取組について、事例シートの登録はない。"
    return Section(
        title="取組の事例",
        said=(f"{ground.year.wareki}の実績報告に添えられた事例シート{len(rows)}件を載せる。",) if rows else (),
        tables=(
            Table(
                key="事例シート",
                title="事例シート",
                heads=(
                    Head("連携地域", look="mid"),
                    Head("取組", look="mid"),
                    Head("事例の名称", look="mid"),
                    Head("効果", look="wide"),
                    Head("費用", "円", num=True),
                    Head("苦労した点・工夫", look="wide"),
                ),
                rows=tuple(rows),
                groups=1,
                empty=none,
            ),
        ),
    )
