"""I-06 国制度圏域 and I-07 中心都市指定."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from common.sheets import bulk
from common.sheets.fields import Choice, Context, Day, Problem, SheetField, Text, Value
from common.sheets.kinds import PeriodsKind, SheetKind, register
from common.sheets.rows import Key, Rows
from municipalities.resources.places import OfficeCode
from municipalities.resources.towns import (
    FROM_NAMES,
    STAND_INS,
    TO_NAMES,
    TownName,
    backward_periods,
    codes_of_names,
    differing,
    load_register,
    overlapping_periods,
    town_code,
    town_name,
)

from .. import duties
from ..models import HubDesignation, NationalZone, ZoneMembership
from ..services import sheets
from .common import by_key, foreign_prefectures, known_towns, or_standing, told


@register
class ZoneMembers(PeriodsKind):
    """I-06 国制度圏域: one row for each municipality in a zone and the day from which it certainly belongs to it."""

    hint = "定住自立圏・連携中枢都市圏とその構成市町村。"

    class Sheet:
        id, title = "I-06", "国制度圏域"
        action = duties.MASTER
        model = ZoneMembership

    zone = SheetField(
        "圏域コード", OfficeCode(), key=True, required=True, attribute="zone_id", synonyms=("圏域ID", "圏域番号")
    )
    zone_name = SheetField(
        "圏域名", TownName(), required=True, attribute="zone_name", synonyms=("圏域", "圏域名称"), width=24
    )
    zone_kind = SheetField(
        "種別",
        Choice(
            dict(NationalZone.Kind.choices),
            also={"連携中枢": "hub_urban", "連携中枢都市": "hub_urban", "定住": "settlement", "定住自立": "settlement"},
        ),
        required=True,
        attribute="zone_kind",
        synonyms=("圏域種別", "制度"),
        choices=NationalZone.Kind.labels,
    )
    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    role = SheetField(
        "役割",
        Choice(
            dict(ZoneMembership.Role.choices),
            also={
                "中心市": "hub",
                "連携中枢都市": "hub",
                "宣言中心市": "hub",
                "中心市町村": "hub",
                "近隣市町村": "neighbour",
                "連携市町村": "neighbour",
                "周辺": "neighbour",
                "連携": "neighbour",
            },
        ),
        required=True,
        attribute="role",
        synonyms=("区分",),
        choices=ZoneMembership.Role.labels,
        width=8,
    )
    since = SheetField(
        "開始日",
        Day(),
        key=True,
        required=True,
        attribute="in_force_by",
        synonyms=("参加日", "協定締結日", *FROM_NAMES),
    )
    until = SheetField("終了日", Day(), attribute="ended_on", synonyms=("離脱日", *TO_NAMES))

    stand_ins = STAND_INS

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        return codes_of_names(columns, ctx)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from known_towns(records, ctx)
        yield from differing(records, "zone", ("zone_name", "zone_kind"))
        yield from backward_periods(records, "since", "until")
        periods: dict[Any, dict[date, date | None]] = defaultdict(dict)
        rows = ZoneMembership.objects.filter(zone__in=set(records["zone"]) - {None})
        for zone, code, begin, end in rows.values_list("zone_id", "municipality_id", "in_force_by", "ended_on"):
            periods[zone, code][begin] = end
        things = list(zip(records["zone"], records["code"], strict=True))
        yield from overlapping_periods(records, things, periods, "since", "until")

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        names = {"zone_name": "zone__name", "zone_kind": "zone__kind"}
        rows = ZoneMembership.objects.filter(zone__in={key[0] for key in keys}).order_by()
        return by_key(bulk.read(rows, [names.get(one.name, str(one.attribute)) for one in ctx.stored]), ctx)

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        for rows in (changed, new):  # a period that ends makes room for the next one
            if len(rows):
                until = or_standing(rows, "until", self._ends(rows.keys))
                given = zip(told(rows, *_ZONE_FIELDS), until, strict=True)
                sheets.keep_zones([sheets.ZoneRow(*(*one, end)) for one, end in given], viewer=ctx.viewer)

    def remove(self, rows: Rows, ctx: Context) -> None:
        sheets.drop_zones(told(rows, "zone", "code", "since"), viewer=ctx.viewer)

    def lock(self, ctx: Context) -> None:
        bulk.lock(ZoneMembership)

    @staticmethod
    def _ends(keys: Sequence[Key]) -> dict[Key, date | None]:
        rows = ZoneMembership.objects.filter(zone__in={key[0] for key in keys})
        found = rows.values_list("zone_id", "municipality_id", "in_force_by", "ended_on")
        return {(zone, code, begin): end for zone, code, begin, end in found}


_ZONE_FIELDS = ("zone", "zone_name", "zone_kind", "code", "role", "since")


@register
class HubDesignations(SheetKind):
    """I-07 中心都市指定: which municipality a prefectural plan names as its hub (M-05b)."""

    hint = "計画で指定された地域中心都市・中核都市群。"

    class Sheet:
        id, title = "I-07", "中心都市指定"
        action = duties.MASTER
        model = HubDesignation

    plan = SheetField(
        "計画名", Text(60), key=True, required=True, attribute="plan", synonyms=("計画", "根拠計画"), width=24
    )
    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    kind = SheetField(
        "区分",
        Choice(dict(HubDesignation.KINDS), also={"中心都市": "centre", "中核都市": "cluster"}),
        required=True,
        attribute="kind",
        synonyms=("指定区分", "種別"),
        choices=[label for _, label in HubDesignation.KINDS],
    )
    valid_from = SheetField("開始日", Day(), attribute="valid_from", synonyms=("指定日", *FROM_NAMES))
    valid_to = SheetField("終了日", Day(), attribute="valid_to", synonyms=TO_NAMES)

    stand_ins = STAND_INS

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        return codes_of_names(columns, ctx)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from known_towns(records, ctx)
        yield from foreign_prefectures(records, ctx)
        yield from backward_periods(records, "valid_from", "valid_to")

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        rows = HubDesignation.objects.filter(plan__in={key[0] for key in keys}).order_by()
        return by_key(bulk.read(rows, [str(one.attribute) for one in ctx.stored]), ctx)

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        for rows in (new, changed):
            if len(rows):
                plans = HubDesignation.objects.filter(plan__in={key[0] for key in rows.keys})
                days = {(plan, code): (first, last) for plan, code, first, last in plans.values_list(
                    "plan", "municipality_id", "valid_from", "valid_to")}  # fmt: skip
                first = or_standing(rows, "valid_from", {key: period[0] for key, period in days.items()})
                last = or_standing(rows, "valid_to", {key: period[1] for key, period in days.items()})
                given = zip(rows["plan"], rows["code"], rows["kind"], first, last, strict=True)
                sheets.keep_hubs([sheets.HubRow(*one) for one in given], viewer=ctx.viewer)

    def remove(self, rows: Rows, ctx: Context) -> None:
        sheets.drop_hubs(told(rows, "plan", "code"), viewer=ctx.viewer)

    def lock(self, ctx: Context) -> None:
        bulk.lock(HubDesignation)
