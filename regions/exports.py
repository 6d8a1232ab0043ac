"""The lists of this room as sheets: one value a cell, days as days, years in both forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column

from .plan_overview import BureauLine
from .posts import GridLine
from .scheme_records import Records


def agreement_columns() -> list[Column[Any]]:
    """Agreements with how many have consented."""
    return [
        Column("状態", lambda row: "要同意" if row.waits else row.get_state_display(), 12),
        Column("協定", lambda row: row.title, 40),
        Column("版", lambda row: row.version, 6),
        *_region(),
        Column("同意（市町村）", lambda row: row.consented, 14),
        Column("当事者（市町村）", lambda row: row.parties, 16),
        Column("締結日", lambda row: row.signed_on, 12),
        Column("効力発生日", lambda row: row.in_force_on, 12),
        Column("主管振興局", lambda row: row.region.lead_bureau.name, 20),
    ]


def vision_columns() -> list[Column[Any]]:
    """Visions with their term and how many initiatives they hold."""
    return [
        Column("状態", lambda row: row.get_state_display(), 12),
        Column("ビジョン", lambda row: row.title, 40),
        Column("版", lambda row: row.version, 6),
        *_region(),
        *_years("期間の開始年度", lambda row: row.term_from_fy),
        *_years("期間の終了年度", lambda row: row.term_to_fy),
        Column("取組（件）", lambda row: row.listed, 10),
        Column("策定日", lambda row: row.adopted_on, 12),
        Column("根拠", lambda row: row.get_basis_display(), 10),
        Column("主管振興局", lambda row: row.region.lead_bureau.name, 20),
    ]


def state_columns() -> list[Column[Any]]:
    """The states of a region, newest first."""
    return [
        Column("この日から", lambda row: row.since, 12),
        Column("状態", lambda row: row.get_state_display(), 14),
        Column("理由", lambda row: row.reason, 50),
        Column("根拠", lambda row: row.get_basis_display(), 10),
    ]


def post_columns() -> list[Column[GridLine]]:
    """Lead and secretariat of each initiative."""
    return [
        Column("取組コード", lambda line: line.project.code, 14),
        Column("取組", lambda line: line.project.name, 40),
        Column("代表コード", lambda line: line.posts.lead, 12),
        Column("代表", lambda line: line.lead_name, 14),
        Column("事務局コード", lambda line: line.posts.secretariat, 14),
        Column("事務局", lambda line: line.secretariat_name, 14),
    ]


def group_columns() -> list[Column[Any]]:
    """Sub-groups of a region."""
    return [
        Column("状態", lambda row: row.state_label, 10),
        Column("部会", lambda row: row.name, 30),
        Column("座長", lambda row: row.chair.name, 14),
        Column("参加市町村", lambda row: "；".join(town.name for town in row.members.all()), 40),
        Column("受け持つ取組", lambda row: "；".join(one.name for one in row.projects.all()), 40),
        Column("設置日", lambda row: row.set_up_on, 12),
        Column("終了日", lambda row: row.ended_on, 12),
        Column("終了の理由", lambda row: row.end_reason, 30),
    ]


def decision_columns() -> list[Column[Any]]:
    """Decisions of a sub-group."""
    return [
        Column("決定日", lambda row: row.decided_on, 12),
        Column("件名", lambda row: row.title, 40),
        Column("記録の番号", lambda row: row.document_no, 16),
        Column("出席した市町村", lambda row: "；".join(town.name for town in row.attended.all()), 40),
        Column("決定の内容", lambda row: row.text, 60),
        Column("記録者", lambda row: row.recorded_who, 30),
    ]


def plan_columns() -> list[Column[BureauLine]]:
    """Bureaus with the plan in force, the version in the making and the last meeting of the conference."""

    def plan(take: Callable[[Any], Any]) -> Callable[[BureauLine], Any]:
        return lambda line: take(line.plan) if line.plan else None

    return [
        Column("振興局コード", lambda line: line.bureau.pk, 14),
        Column("振興局", lambda line: line.bureau.name, 20),
        Column("いまのプラン", plan(lambda row: row.title), 36),
        Column("版", plan(lambda row: row.version), 6),
        Column("策定日", plan(lambda row: row.adopted_on), 12),
        *_years("期間の開始年度", plan(lambda row: row.term_from_fy)),
        *_years("期間の終了年度", plan(lambda row: row.term_to_fy)),
        Column("対象地域（件）", plan(lambda row: row.regions_count), 14),
        Column("取組（件）", plan(lambda row: row.initiatives_count), 10),
        Column("作成中の版", lambda line: line.draft.version if line.draft else None, 10),
        Column("検討会議の回数（回）", lambda line: len(line.meetings), 18),
        Column("最近の検討会議", lambda line: line.meetings[0].held_on if line.meetings else None, 14),
    ]


def forecast_columns() -> list[Column[Any]]:
    """Stored forecasts with who made them, about whom, by which edition."""
    return [
        Column("状態", lambda row: row.get_state_display(), 10),
        Column("題名", lambda row: row.title, 40),
        Column("版", lambda row: row.edition, 6),
        Column("作成市町村", lambda row: "；".join(owner.municipality.name for owner in row.owners.all()), 30),
        Column("対象（市町村）", lambda row: len(row.towns.all()), 14),
        Column("対象市町村", lambda row: "；".join(town.name for town in row.towns.all()), 40),
        Column("将来推計の版", lambda row: row.series.name, 20),
        Column("公表日", lambda row: row.published_on, 12),
    ]


def zone_columns() -> list[Column[Any]]:
    """National zones with how many members are in force on the day of the list."""
    return [
        Column("種別", lambda row: row.get_kind_display(), 16),
        Column("圏域コード", lambda row: row.pk, 12),
        Column("圏域名", lambda row: row.name, 30),
        Column("この日の効力", lambda row: "あり" if row.acting else "なし", 12),
        Column("中心（市町村）", lambda row: row.hubs, 14),
        Column("近隣（市町村）", lambda row: row.neighbours, 14),
        Column("中心市宣言日", lambda row: row.declared_on, 14),
        Column("形成協定・連携協約の締結日", lambda row: row.formed_on, 24),
        Column("終了日", lambda row: row.ended_on, 12),
        Column("引継ぎ先", lambda row: row.successor.name if row.successor else None, 30),
    ]


def zone_member_columns() -> list[Column[Any]]:
    """Who belongs to one zone, since when, on what ground."""
    return [
        Column("圏域コード", lambda row: row.zone_id, 12),
        *_town(),
        Column("役割", lambda row: row.get_role_display(), 8),
        Column("開始日（確実な日）", lambda row: row.in_force_by, 16),
        Column("終了日", lambda row: row.ended_on, 12),
        Column("根拠", lambda row: row.get_basis_display(), 24),
        Column("開始日の根拠", lambda row: row.in_force_basis, 30),
    ]


@dataclass(frozen=True)
class RecordTable:
    """One of the lists that headquarters keeps: its title, its columns, and where its rows are."""

    title: str
    columns: tuple[Column[Any], ...]
    rows: Callable[[Records], list[Any]]


def _dated() -> list[Column[Any]]:
    return [
        Column("開始日", lambda row: row.valid_from, 12),
        Column("終了日", lambda row: row.valid_to, 12),
    ]


def _town() -> list[Column[Any]]:
    return [
        Column("団体コード", lambda row: row.municipality_id, 12),
        Column("市町村名", lambda row: row.municipality.name, 14),
    ]


def _region() -> list[Column[Any]]:
    return [
        Column("地域コード", lambda row: row.region_id, 12),
        Column("地域名", lambda row: row.region.name, 30),
    ]


def _years(heading: str, year: Callable[[Any], int | None]) -> list[Column[Any]]:
    """A fiscal year twice: as a number to calculate with, and as it is written in letters."""

    def written(row: Any) -> str | None:
        found = year(row)
        return None if found is None else FiscalYear(found).wareki

    return [Column(f"{heading}（西暦）", year, 18), Column(heading, written, 16)]


RECORD_TABLES = {
    "hubs": RecordTable(
        "中心都市の指定",
        (
            *_town(),
            Column("計画名", lambda row: row.plan, 24),
            Column("区分", lambda row: row.get_kind_display(), 14),
            *_dated(),
        ),
        lambda records: records.hubs,
    ),
    "undeclared": RecordTable(
        "未宣言中心市",
        (*_town(), *_dated(), Column("根拠", lambda row: row.reason, 40)),
        lambda records: records.undeclared,
    ),
    "overrides": RecordTable(
        "国制度の状況の修正",
        (
            *_town(),
            Column("国制度の状況", lambda row: row.get_status_display(), 16),
            *_dated(),
            Column("理由", lambda row: row.reason, 40),
        ),
        lambda records: records.overrides,
    ),
}
