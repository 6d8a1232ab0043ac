"""How municipalities stand to the national schemes (定住自立圏, 連携中枢都市圏) on a day.

Derived, never stored: from dated zone memberships, the list of undeclared hubs and the overrides by headquarters
(report of March 2024, 2(2)③; rulings 5 and 8). Two queries for any number of municipalities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Min, Q, QuerySet, Value

from common.fiscal_year import wareki

from .models import NationalZone, UndeclaredHub, ZoneMembership, ZoneStatusOverride


class Scheme(StrEnum):
    """The answer; `NO_DATA` is neither yes nor no."""

    MEMBER_HUB = "member_hub"
    MEMBER_NEIGHBOUR = "member_neighbour"
    UNDECLARED_HUB = "undeclared_hub"
    NONE = "none"
    NO_DATA = "no_data"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Scheme.MEMBER_HUB: "圏域の中心",
    Scheme.MEMBER_NEIGHBOUR: "圏域の近隣",
    Scheme.UNDECLARED_HUB: "未宣言中心市",
    Scheme.NONE: "空白地域",
    Scheme.NO_DATA: "データなし",
}


@dataclass(frozen=True)
class InZone:
    """One zone that the municipality is in on the day."""

    code: str
    name: str
    kind: str
    hub: bool
    sourced: bool


@dataclass(frozen=True)
class SchemeStatus:
    """Where one municipality (6-digit code) stands; `note` says why where that is not plain."""

    code: str
    scheme: Scheme
    zones: tuple[InZone, ...] = ()
    overridden: bool = False
    note: str = ""

    @property
    def blank(self) -> bool:
        """Whether it cannot use the national schemes (空白地域)."""
        return self.scheme == Scheme.NONE

    @property
    def in_zone(self) -> bool:
        return self.scheme in (Scheme.MEMBER_HUB, Scheme.MEMBER_NEIGHBOUR)

    @property
    def zone_names(self) -> str:
        """さっぽろ連携中枢都市圏・南空知定住自立圏."""
        return "・".join(zone.name for zone in self.zones)

    @property
    def label(self) -> str:
        """北しりべし定住自立圏（近隣）, 空白地域, …: one line for a table."""
        if self.in_zone and self.zones:
            return "・".join(f"{zone.name}（{'中心' if zone.hub else '近隣'}）" for zone in self.zones)
        return self.scheme.label


def scheme_statuses(codes: Iterable[str], on: date) -> dict[str, SchemeStatus]:
    """Return the status of each municipality (6-digit code) on the day, in the order asked for.

    A membership counts from `in_force_by` to its last day. Before the first day known of any zone in the prefecture
    nothing is known (NO_DATA), also for a prefecture without any zone. A reasoned override by headquarters wins.
    """
    wanted = list(dict.fromkeys(codes))
    zones = _zones(wanted, on)
    lists = _lists(wanted, on)
    return {code: _status(code, on, zones[code], lists) for code in wanted}


def scheme_status(code: str, on: date) -> SchemeStatus:
    """Return the status of one municipality on the day."""
    return scheme_statuses([code], on)[code]


def zones_in_force(prefecture_code: str, on: date) -> QuerySet[NationalZone]:
    """Return the zones with at least one membership in force on the day whose successor is not in force yet."""
    held = ZoneMembership.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), in_force_by__lte=on).values("zone")
    return NationalZone.objects.filter(prefecture=prefecture_code, pk__in=held).exclude(successor__in=held)


@dataclass
class _Lists:
    """What headquarters keeps: undeclared hubs, overrides (status, reason), and from when zones are known."""

    undeclared: set[str]
    overrides: dict[str, tuple[str, str]]
    known_from: dict[str, date]


def _status(code: str, on: date, zones: tuple[InZone, ...], lists: _Lists) -> SchemeStatus:
    if code in lists.overrides:
        status, reason = lists.overrides[code]
        return SchemeStatus(code, Scheme(status), zones, overridden=True, note=reason)
    if zones:
        scheme = Scheme.MEMBER_HUB if any(zone.hub for zone in zones) else Scheme.MEMBER_NEIGHBOUR
        doubtful = [zone.name for zone in zones if not zone.sourced]
        return SchemeStatus(code, scheme, zones, note=f"{'・'.join(doubtful)}の構成は推定です。" if doubtful else "")
    known_from = lists.known_from.get(code[:2])
    if known_from is None:
        return SchemeStatus(code, Scheme.NO_DATA, note="この都道府県の国制度の圏域は登録されていません。")
    if on < known_from:
        return SchemeStatus(
            code, Scheme.NO_DATA, note=f"圏域の登録は{wareki(known_from)}からで、それより前の状況は分かりません。"
        )
    return SchemeStatus(code, Scheme.UNDECLARED_HUB if code in lists.undeclared else Scheme.NONE)


def _zones(codes: list[str], on: date) -> dict[str, tuple[InZone, ...]]:
    found: dict[str, list[InZone]] = defaultdict(list)
    rows = ZoneMembership.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=on), municipality__in=codes, in_force_by__lte=on
    ).select_related("zone")
    for row in rows.order_by("zone"):
        found[row.municipality_id].append(
            InZone(
                row.zone.code,
                row.zone.name,
                row.zone.kind,
                row.role == ZoneMembership.Role.HUB,
                row.basis == ZoneMembership.Basis.SOURCED,
            )
        )
    return defaultdict(tuple, {code: tuple(zones) for code, zones in found.items()})


def _lists(codes: list[str], on: date) -> _Lists:
    """Read the three short lists in one query: rows of (list, key, status, reason, day)."""
    undeclared = _in_force(UndeclaredHub, codes, on).values_list(
        Value("undeclared"), "municipality", Value(""), "reason", "valid_from"
    )
    overrides = _in_force(ZoneStatusOverride, codes, on).values_list(
        Value("override"), "municipality", "status", "reason", "valid_from"
    )
    known = (
        ZoneMembership.objects.filter(zone__prefecture__in={code[:2] for code in codes})
        .order_by()
        .values_list(Value("known"), "zone__prefecture", Value(""), Value(""))
        .annotate(first=Min("in_force_by"))
    )
    found = _Lists(set(), {}, {})
    for kind, key, status, reason, day in sorted(undeclared.union(overrides, known, all=True), key=lambda row: row[4]):
        if kind == "undeclared":
            found.undeclared.add(key)
        elif kind == "override":
            found.overrides[key] = (status, reason)
        else:
            found.known_from[key] = day
    return found


def _in_force(model: type[UndeclaredHub] | type[ZoneStatusOverride], codes: list[str], on: date) -> QuerySet[Any]:
    rows = model.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), municipality__in=codes, valid_from__lte=on)
    return rows.order_by()
