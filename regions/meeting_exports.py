"""The lists of conferences and stages as sheets: meetings, open points, members, readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.sheets.writing import Column

from .models import StageAssessment


def meeting_columns() -> list[Column[Any]]:
    """Meetings with how many came, what was decided and left open."""
    return [
        Column("振興局コード", lambda row: row.bureau_id, 14),
        Column("振興局", lambda row: row.bureau.name, 20),
        Column("状態", lambda row: row.get_state_display(), 14),
        Column("会議", lambda row: row.title, 36),
        Column("開催予定日", lambda row: row.planned_on, 12),
        Column("開催日", lambda row: row.held_on, 12),
        Column("方法", lambda row: row.get_mode_display(), 18),
        Column("場所", lambda row: row.place, 24),
        Column("出席（構成員）", lambda row: row.came, 14),
        Column("決定事項（件）", lambda row: row.decided, 14),
        Column("継続する論点（件）", lambda row: row.left_open, 18),
        Column("同等とみなす懇談会の圏域", lambda row: row.equivalent_zone.name if row.equivalent_zone else None, 24),
    ]


def point_columns() -> list[Column[Any]]:
    """Points that no meeting has closed."""
    return [
        Column("振興局", lambda row: row.bureau.name, 20),
        Column("番号", lambda row: row.number, 8),
        Column("論点", lambda row: row.text, 50),
        Column("担当", lambda row: row.owner, 20),
        Column("いつまで", lambda row: row.due_on, 12),
        Column("生じた会議", lambda row: row.raised_at.title, 36),
        Column("生じた会議の開催日", lambda row: row.raised_at.held_on, 18),
    ]


def member_columns() -> list[Column[Any]]:
    """Members of a conference, past ones too."""
    return [
        Column("区分", lambda row: row.get_kind_display(), 12),
        Column("団体コード", lambda row: row.municipality_id, 12),
        Column("構成員", lambda row: row.name, 24),
        Column("職名", lambda row: row.post, 18),
        Column("いつから", lambda row: row.valid_from, 12),
        Column("いつまで", lambda row: row.valid_to, 12),
    ]


def stage_columns() -> list[Column[Any]]:
    """The newest reading of each cell, with what was read a year before."""
    return [
        Column("地域コード", lambda one: one.row.region_id, 12),
        Column("連携地域", lambda one: one.row.region.name, 30),
        Column("分野", lambda one: one.row.field.name, 18),
        Column("区分", lambda one: one.row.get_track_display(), 18),
        Column("ステージ", lambda one: one.stage, 10),
        Column("1年前のステージ", lambda one: one.was, 16),
        Column("評価日", lambda one: one.row.assessed_on, 12),
        Column("根拠", lambda one: one.row.evidence, 50),
        Column("確認日", lambda one: one.row.confirmed_on, 12),
    ]


def summary_columns() -> list[Column[Any]]:
    """How many regions stand on each stage of a field."""

    def on_stage(number: int) -> Callable[[Any], int]:
        return lambda row: int(row.counts[number - 1])

    return [
        Column("分野", lambda row: row.field, 18),
        Column("区分", lambda row: row.track, 18),
        *(Column(f"第{number}段階（地域）", on_stage(number), 16) for number in StageAssessment.STAGES),
    ]
