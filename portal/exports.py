"""The lists of the portal itself as sheets: what waits, what is found, who did what, the prefecture by table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from common import clock
from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer
from common.work import WorkItem

from .audit_log import changes_of, subject_of
from .context_processors import prefecture_name
from .indicators import Indicator, YearValue, indicators_on
from .kpi_exports import rollup_columns
from .kpi_rollup import Rollup
from .models import PrefIndicator
from .overview import BudgetLine, BureauLine, Frame, Place, budget, overview
from .retention.classes import classes as retention_classes
from .search import Hit, HitGroup


def work_columns(viewer: Viewer) -> list[Column[WorkItem]]:
    """What waits, as the page shows it; counts of findings are 庁内限り."""
    own: list[Column[WorkItem]] = [
        Column("期限", lambda item: item.due, 12),
        Column("状態", lambda item: item.label, 14),
        Column("種類", lambda item: item.kind, 12),
        Column("連携地域・書類", lambda item: item.title, 34),
        Column("内容", lambda item: item.subtitle, 40),
        Column("制度", lambda item: item.program, 16),
        Column("年度（西暦）", lambda item: item.fiscal_year or None, 12),
        Column("年度", lambda item: FiscalYear(item.fiscal_year).wareki if item.fiscal_year else None, 12),
        Column("金額（円）", lambda item: item.amount_yen, 14),
        Column("経過日数（日）", lambda item: item.waiting_days, 14),
    ]
    if viewer.sees_internal:
        own += [
            Column("不適合（件）", lambda item: item.ng, 12),
            Column("要判断（件）", lambda item: item.judge, 12),
        ]
    return own


def search_columns() -> list[Column[tuple[HitGroup, Hit]]]:
    """Everything found, kind by kind."""
    return [
        Column("種類", lambda row: row[0].title, 16),
        Column("名称", lambda row: row[1].title, 40),
        Column("内容", lambda row: row[1].note, 50),
        Column("合った文", lambda row: "".join(text for text, _ in row[1].around), 60),
    ]


def retention_columns() -> list[Column[Any]]:
    """What is kept until when."""
    today = clock.today()
    return [
        Column("区分", lambda row: row.label, 18),
        Column("番号", lambda row: row.number, 20),
        Column("題名", lambda row: row.title, 44),
        Column("完結日", lambda row: row.term.closed_on, 12),
        Column("保存年数（年）", lambda row: row.term.years, 12),
        Column("起算日", lambda row: row.term.counts_from, 12),
        Column("廃棄できる日", lambda row: row.until, 14),
        Column("交付決定額（円）", lambda row: row.amount_yen, 16),
        Column("状態", lambda row: row.state(today)[0], 18),
        Column("廃棄できない理由", lambda row: row.held, 34),
    ]


def disposal_columns() -> list[Column[Any]]:
    """The lines of a disposal list."""
    return [
        Column("区分", lambda item: retention_classes()[item.kind].label, 18),
        Column("番号", lambda item: item.number, 20),
        Column("題名", lambda item: item.title, 44),
        Column("完結日", lambda item: item.closed_on, 12),
        Column("保存年数（年）", lambda item: item.years, 12),
        Column("廃棄できる日", lambda item: item.due_from, 14),
        Column("交付決定額（円）", lambda item: item.amount_yen, 16),
        Column("取扱い", lambda item: item.get_treatment_display(), 16),
        Column("理由", lambda item: item.reason, 34),
        Column("延長後の最終日", lambda item: item.extended_until, 14),
        Column("消去しなかった理由", lambda item: item.kept_because, 34),
    ]


def erased_columns() -> list[Column[Any]]:
    """The register of what was erased."""
    return [
        Column("区分", lambda row: retention_classes()[row.kind].label, 18),
        Column("番号", lambda row: row.item.number, 20),
        Column("題名", lambda row: row.item.title, 44),
        Column("連携地域・振興局", lambda row: row.region_name, 28),
        Column("主管振興局", lambda row: row.bureau_name, 18),
        Column("代表市町村", lambda row: row.lead, 12),
        Column("制度", lambda row: row.program, 24),
        Column("年度（西暦）", lambda row: row.from_fy, 12),
        Column("年度", lambda row: FiscalYear(row.from_fy).wareki, 12),
        Column("終わりの年度（西暦）", lambda row: row.to_fy, 14),
        Column("最後の状態", lambda row: row.outcome, 14),
        Column("決定日", lambda row: row.decided_on, 12),
        Column("決定の番号", lambda row: row.order_number, 20),
        Column("申請額（円）", lambda row: row.requested_yen, 14),
        Column("交付決定額（円）", lambda row: row.granted_yen, 14),
        Column("確定額（円）", lambda row: row.fixed_yen, 14),
        Column("支払額（円）", lambda row: row.paid_yen, 14),
        Column("返納額（円）", lambda row: row.returned_yen, 14),
        Column("完結日", lambda row: row.item.closed_on, 12),
        Column("保存年数（年）", lambda row: row.item.years, 12),
        Column("取扱い", lambda row: row.item.get_treatment_display(), 16),
        Column("廃棄リスト", lambda row: str(row.item.list), 18),
        Column("廃棄の決定日", lambda row: row.item.list.decided_at, 12),
        Column("廃棄の決裁者", lambda row: row.item.list.decided_who, 26),
        Column("消去日", lambda row: row.erased_on, 12),
        Column("消去した者", lambda row: row.erased_who, 26),
    ]


def audit_columns(viewer: Viewer) -> list[Column[Any]]:
    """Events; what changed is one text, as it is read as one."""
    return [
        Column("番号", lambda event: event.id, 10),
        Column("日付", lambda event: event.at, 12),
        Column("時刻", lambda event: timezone.localtime(event.at).strftime("%H:%M:%S"), 10),
        Column("行ったこと", lambda event: event.title, 30),
        Column("庁内限り", lambda event: event.internal, 10),
        Column("理由", lambda event: event.reason, 30),
        Column("対象", lambda event: subject_of(event, viewer)[0], 24),
        Column("行った人", lambda event: event.who, 30),
        Column("役割コード", lambda event: event.duties, 12),
        Column("IPアドレス", lambda event: event.ip, 16),
        Column("変わったこと", _changes, 60),
    ]


def _changes(event: Any) -> str:
    return "；".join(f"{name}：{before} → {after}" for name, before, after in changes_of(event))


@dataclass(frozen=True)
class Table:
    """One table of the overview: its title, its columns and its rows for a day; None where it is not for the viewer."""

    title: str
    columns: Sequence[Column[Any]]
    rows: Callable[[date, Viewer], Sequence[Any] | None]


def _bureau_columns() -> list[Column[BureauLine]]:
    def within(frame: Frame) -> Callable[[BureauLine], int]:
        return lambda line: line.frames.get(frame, 0)

    frames = [Column(f"{frame.label}（市町村）", within(frame), 22) for frame in Frame]
    return [
        Column("振興局", lambda line: line.name, 20),
        Column("市町村数（市町村）", lambda line: line.total, 18),
        *frames,
        Column("うち国の制度と支援中の連携地域の両方に参加（市町村）", lambda line: line.both, 30),
        Column("支援中の連携地域", lambda line: "；".join(region.name for region in line.regions), 40),
    ]


PLACES: list[Column[Place]] = [
    Column("団体コード", lambda place: place.code, 12),
    Column("市町村名", lambda place: place.name, 14),
    Column("振興局コード", lambda place: place.bureau, 14),
    Column("連携の枠組み", lambda place: place.frame.label, 26),
    Column("国の制度と支援中の連携地域の両方に参加", lambda place: place.both, 34),
]
INDICATORS: list[Column[Indicator]] = [
    Column("指標", lambda one: one.name, 40),
    Column("計画", lambda one: one.plan, 30),
    Column("単位", lambda one: one.unit, 8),
    Column("基準値", lambda one: one.baseline.text, 12),
    Column("基準年度（西暦）", lambda one: one.baseline.fiscal_year, 14),
    Column("公表値", lambda one: one.actual.text, 12),
    Column("公表年度（西暦）", lambda one: one.actual.fiscal_year, 14),
    Column("計算値", lambda one: one.computed, 10),
    Column("目標", lambda one: one.target.text, 18),
    Column("目標年度（西暦）", lambda one: one.target.fiscal_year, 14),
]
BUDGET: list[Column[BudgetLine]] = [
    Column("振興局", lambda line: line.bureau, 20),
    Column("配分（円）", lambda line: line.allotted_yen, 14),
    Column("決定（円）", lambda line: line.granted_yen, 14),
    Column("審査中（円）", lambda line: line.reviewed_yen, 14),
    Column("残り（円）", lambda line: line.left_yen, 14),
]
YEARS: list[Column[tuple[PrefIndicator, YearValue]]] = [
    Column("指標コード", lambda row: row[0].pk, 12),
    Column("指標", lambda row: row[0].name, 40),
    Column("単位", lambda row: row[0].unit, 8),
    Column("年度（西暦）", lambda row: int(row[1].year), 12),
    Column("年度", lambda row: row[1].year.wareki, 12),
    Column("計算した日", lambda row: row[1].on, 12),
    Column("計算値", lambda row: row[1].computed, 10),
    Column("公表値", lambda row: row[1].official.value if row[1].official else None, 10),
    Column("差（計算値－公表値）", lambda row: row[1].difference, 18),
    Column("公表値の出典", lambda row: row[1].official.source if row[1].official else None, 40),
]
TABLES = {
    "places": Table("市町村別の連携の枠組み", PLACES, lambda on, viewer: _prefecture(on).places),
    "bureaus": Table("振興局別の連携の枠組み", _bureau_columns(), lambda on, viewer: _prefecture(on).bureaus),
    "indicators": Table(
        "目標と実績", INDICATORS, lambda on, viewer: indicators_on(settings.PREFECTURE_CODE, on) or None
    ),
    "kpi-fields": Table("KPIの状況（分野別）", rollup_columns("主な分野"), lambda on, viewer: _rollup(viewer).fields),
    "kpi-programs": Table(
        "KPIの状況（制度別）", rollup_columns("最近の道の支援"), lambda on, viewer: _rollup(viewer).by_program
    ),
    "budget": Table(
        "交付金の執行",
        BUDGET,
        lambda on, viewer: budget(settings.PREFECTURE_CODE, FiscalYear.of(on), viewer) or None,
    ),
}


def _rollup(viewer: Viewer) -> Rollup:
    return Rollup(QueryDict(), viewer)


def _prefecture(on: date) -> Any:
    return overview(settings.PREFECTURE_CODE, prefecture_name(), on)
