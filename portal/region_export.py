"""Regions as sheets: the list as it is narrowed, and the members of one region with their population."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from common.sheets.writing import Column
from municipalities.population import percent
from regions.karte import BASE_YEAR, TARGET_YEAR, MemberLine
from regions.models import Region

from .region_list import programs_of


def list_columns() -> list[Column[Any]]:
    """What the list shows, one value a cell."""
    return [
        Column("地域コード", lambda row: row.pk, 12),
        Column("地域名", lambda row: row.name, 32),
        Column("状態", lambda row: row.get_state_display(), 14),
        Column("類型", lambda row: row.get_type_display(), 14),
        Column("代表コード", lambda row: row.lead_id, 12),
        Column("代表市町村", lambda row: row.lead.name, 14),
        Column("主管振興局", lambda row: row.lead_bureau.name, 22),
        Column("市町村数", lambda row: row.members_count, 10),
        Column("構成市町村", lambda row: "；".join(one.municipality.name for one in row.members_now), 60),
        Column("道の支援", lambda row: "；".join(programs_of(row.supported)), 40),
        Column("構成の根拠", lambda row: row.get_basis_display(), 12),
    ]


def member_columns(region: Region) -> list[Column[MemberLine]]:
    """The members of a region on the day of the record; people and the decline as numbers."""
    return [
        Column("地域コード", lambda line: region.pk, 12),
        Column("団体コード", lambda line: line.town.code, 12),
        Column("市町村名", lambda line: line.town.name, 14),
        Column("役割", _role, 20),
        Column("加入日", lambda line: line.joined_on, 12),
        Column("加入の根拠", lambda line: "出典あり" if line.sourced else "推定", 12),
        Column("国の制度", lambda line: line.scheme.label, 40),
        Column(f"人口 {BASE_YEAR}年（人）", lambda line: line.people.base, 16),
        Column(f"推計 {TARGET_YEAR}年（人）", lambda line: line.people.target, 16),
        Column(
            "減少率（％）",
            lambda line: None if line.people.decline is None else Decimal(percent(line.people.decline)),
            14,
        ),
    ]


def _role(line: MemberLine) -> str:
    named: Iterable[tuple[bool, str]] = ((line.hub, "中心都市"), (line.lead, "代表"), (line.secretariat, "事務局"))
    return "・".join(word for holds, word in named if holds)
