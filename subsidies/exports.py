"""Calls, budgets, programs and papers as sheets; the columns of applications stand beside their list."""

from __future__ import annotations

from typing import Any

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column

from .call_budget import BudgetRow
from .models import RuleSetVersion
from .papers_access import bare_name


def call_columns() -> list[Column[Any]]:
    """Calls with their dates."""
    return [
        Column("状態", lambda row: row.get_state_display(), 10),
        Column("制度コード", lambda row: row.program_id, 16),
        Column("制度", lambda row: row.program.name, 28),
        Column("年度（西暦）", lambda row: row.fiscal_year, 12),
        Column("年度", lambda row: FiscalYear(row.fiscal_year).wareki, 12),
        Column("回", lambda row: row.round, 6),
        Column("段階", lambda row: row.get_phases_display(), 18),
        Column("ルールの版", lambda row: row.ruleset.version, 10),
        Column("受付開始日", lambda row: row.opens_on, 12),
        Column("締切日", lambda row: row.closes_on, 12),
        Column("交付決定の見込日", lambda row: row.decision_expected_on, 16),
    ]


def budget_columns() -> list[Column[BudgetRow]]:
    """The budget of one call by bureau (庁内限り), in whole yen."""
    return [
        Column("振興局コード", lambda row: row.bureau.pk, 14),
        Column("振興局", lambda row: row.bureau.name, 20),
        Column("配当（円）", lambda row: row.allotted_yen, 14),
        Column("申請（件）", lambda row: row.applications, 12),
        Column("申請（円）", lambda row: row.requested_yen, 14),
        Column("交付予定額の案（円）", lambda row: row.proposed_yen, 18),
        Column("内定（円）", lambda row: row.selected_yen, 14),
        Column("決定済（円）", lambda row: row.committed_yen, 14),
        Column("支払（円）", lambda row: row.paid_yen, 14),
        Column("返納（円）", lambda row: row.returned_yen, 14),
        Column("残額（円）", lambda row: row.left_yen, 14),
    ]


def program_columns() -> list[Column[RuleSetVersion]]:
    """One line for each version of a program's rules that the reader may know."""
    return [
        Column("制度コード", lambda row: row.program_id, 16),
        Column("制度", lambda row: row.program.name, 28),
        Column("目的", lambda row: row.program.purpose, 50),
        Column("版", lambda row: row.version, 6),
        Column("状態", lambda row: row.get_state_display(), 10),
        Column("適用開始年度（西暦）", lambda row: row.effective_from_fy, 18),
        Column("適用開始年度", lambda row: FiscalYear(row.effective_from_fy).wareki, 14),
        Column("適用終了年度（西暦）", lambda row: row.effective_to_fy, 18),
        Column(
            "適用終了年度",
            lambda row: None if row.effective_to_fy is None else FiscalYear(row.effective_to_fy).wareki,
            14,
        ),
        Column("公開日", lambda row: row.published_at, 12),
    ]


def delegation_columns() -> list[Column[Any]]:
    """Who let whom type what, from when to when."""
    return [
        Column("団体コード", lambda row: row.municipality_id, 12),
        Column("市町村名", lambda row: row.municipality.name, 14),
        Column("振興局", lambda row: row.bureau.name, 20),
        Column("範囲", lambda row: row.scope, 34),
        Column("開始日", lambda row: row.from_on, 12),
        Column("終了日", lambda row: row.to_on, 12),
        Column("理由", lambda row: row.reason, 40),
        Column("委任した日", lambda row: row.granted_at, 12),
        Column("委任した人", lambda row: row.granted_who, 26),
        Column("取り消した日", lambda row: row.withdrawn_at, 12),
        Column("取り消した人", lambda row: row.withdrawn_who, 26),
    ]


def trail_columns() -> list[Column[Any]]:
    """The line of time of a case."""
    return [
        Column("日時", lambda entry: entry.at, 18),
        Column("種類", lambda entry: entry.mark, 8),
        Column("内容", lambda entry: entry.title, 50),
        Column("詳細・理由", lambda entry: entry.detail, 40),
        Column("氏名・所属", lambda entry: entry.who, 30),
        Column("番号", lambda entry: entry.number, 24),
        Column("金額（円）", lambda entry: entry.amount_yen, 14),
        Column("庁内限り", lambda entry: entry.internal, 10),
        Column("SHA-256", lambda entry: entry.digest, 66),
    ]


def disclosure_columns() -> list[Column[Any]]:
    """What was prepared for disclosure, by whom and with whose approval."""
    return [
        Column("起案日", lambda package: package.asked_at, 18),
        Column("起案者", lambda package: package.asked_who, 30),
        Column("申請番号", lambda package: "、".join(case.number for case in package.applications.all()), 30),
        Column("請求の内容", lambda package: package.reason, 50),
        Column("庁内限りを含む", lambda package: package.with_internal, 14),
        Column("状態", lambda package: package.get_state_display(), 16),
        Column("承認者", lambda package: package.approved_who, 30),
        Column("SHA-256", lambda package: package.sha256, 66),
    ]


def paper_columns() -> list[Column[Any]]:
    """The papers issued about a case."""
    return [
        Column("発行日", lambda paper: paper.issued_on, 12),
        Column("様式", lambda paper: paper.kind, 8),
        Column("文書", bare_name, 30),
        Column("庁内限り", lambda paper: paper.internal, 10),
        Column("番号", lambda paper: paper.snapshot["head"].get("number"), 24),
        Column("宛先", lambda paper: paper.addressee, 30),
        Column("ページ（枚）", lambda paper: paper.pages, 12),
        Column("再発行（回）", lambda paper: paper.reprints, 12),
        Column("差替済", lambda paper: paper.superseded_by_id is not None, 10),
    ]
