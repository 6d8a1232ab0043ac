"""The lists of people, hand-overs and absences as sheets."""

from __future__ import annotations

from typing import Any

from common.sheets.writing import Column


def person_columns() -> list[Column[Any]]:
    """Who holds which duty where, from when to when."""
    return [
        Column("所属の区分", lambda post: post.office.get_kind_display(), 12),
        Column("所属コード", lambda post: post.office.code, 14),
        Column("所属", lambda post: post.office.name, 24),
        Column("課・係", lambda post: post.office.section, 18),
        Column("利用者ID", lambda post: post.user.username, 20),
        Column("氏名", lambda post: post.user.display_name, 18),
        Column("役割コード", lambda post: post.duty, 10),
        Column("役割", lambda post: post.get_duty_display(), 20),
        Column("開始日", lambda post: post.valid_from, 12),
        Column("終了日", lambda post: post.valid_to, 12),
    ]


def handover_columns() -> list[Column[Any]]:
    """Hand-overs with who prepared and confirmed them."""
    return [
        Column("状態", lambda row: row.get_state_display(), 10),
        Column("所属", lambda row: row.office_name, 24),
        Column("異動の日", lambda row: row.effective_on, 12),
        Column("引き継ぐ役割（件）", lambda row: row.rows_count, 18),
        Column("準備した人", lambda row: row.prepared_who, 30),
        Column("確定した人", lambda row: row.confirmed_who, 30),
        Column("備考", lambda row: row.note, 40),
    ]


def absence_columns() -> list[Column[Any]]:
    """Who is away, and who stands in."""
    return [
        Column("不在の人", lambda row: row.user.display_name, 18),
        Column("所属", lambda row: str(row.office), 30),
        Column("最初の日", lambda row: row.first_day, 12),
        Column("最後の日", lambda row: row.last_day, 12),
        Column("理由", lambda row: row.get_reason_display(), 12),
        Column("代理", lambda row: row.deputy.display_name if row.deputy else "", 18),
        Column("登録した人", lambda row: row.entered_who, 30),
        Column("取りやめた日時", lambda row: row.ended_at, 18),
    ]
