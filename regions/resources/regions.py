"""I-08 連携地域・構成."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from common.sheets import bulk
from common.sheets.fields import Choice, Context, Day, Problem, SheetField, Text, Value
from common.sheets.kinds import PeriodsKind, register
from common.sheets.rows import Key, Rows
from common.viewer import Viewer
from municipalities.models import Jurisdiction
from municipalities.register import Register
from municipalities.resources.places import OfficeCode, load_bureaus
from municipalities.resources.towns import (
    REGISTER,
    STAND_INS,
    Listed,
    backward_periods,
    codes_of_names,
    differing,
    load_register,
    overlapping_periods,
    town_code,
    town_name,
    unknown_towns,
)

from .. import duties
from ..models import Agreement, Region, RegionMembership
from ..querysets import CLOSED_STATES
from ..services import sheets
from .common import by_key, foreign_prefectures, known_towns, or_standing, told

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Region:
    """A region as it stands, for the checks."""

    name: str
    type: str
    state: str
    lead: str
    hub: str | None
    bureau: str


@register
class RegionMembers(PeriodsKind):
    """I-08 連携地域・構成: one row for each municipality in a region and the day it joined.

    Who belongs to a formed region follows from its agreement: a member joins where a version in force on that day binds
    it, and leaves where the version in force after that day does not. All else is E-20, as is any row of a region that
    has ended. An idea (構想) is free; a region that is new in the sheet becomes one.
    """

    hint = "連携地域と構成市町村。新しい地域は「構想」として登録します。"

    class Sheet:
        id, title = "I-08", "連携地域・構成"
        action = duties.BRING_IN
        model = RegionMembership

    region = SheetField(
        "地域コード",
        OfficeCode(),
        key=True,
        required=True,
        attribute="region_id",
        synonyms=("連携地域コード", "地域番号"),
    )
    region_name = SheetField(
        "地域名",
        Text(60),
        required=True,
        attribute="region_name",
        synonyms=("連携地域名", "地域名称", "連携地域"),
        width=24,
    )
    type = SheetField(
        "類型",
        Choice(
            dict(Region.Type.choices),
            also={"フラット": "flat", "中心都市": "hub", "ハブ型": "hub", "flat": "flat", "hub": "hub"},
        ),
        required=True,
        attribute="type",
        synonyms=("地域類型", "型"),
        choices=Region.Type.labels,
    )
    lead = town_code(
        "代表コード", required=True, attribute="lead_id", synonyms=("代表市町村コード", "代表市町村", "代表団体コード")
    )
    hub = town_code("中心都市コード", attribute="hub_id", synonyms=("中心市コード", "中心都市"))
    code = town_code(key=True, required=True, attribute="municipality_id")
    name = town_name()
    joined_on = SheetField(
        "加入日", Day(), key=True, required=True, attribute="joined_on", synonyms=("参加日", "開始日", "加入年月日")
    )
    left_on = SheetField("脱退日", Day(), attribute="left_on", synonyms=("離脱日", "終了日", "脱退年月日"))
    bureau = SheetField(
        "主管振興局",
        Listed("bureaus", "振興局"),
        attribute="lead_bureau_id",
        synonyms=("主管振興局コード", "振興局", "振興局コード"),
    )

    stand_ins = STAND_INS

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)
        load_bureaus(ctx)
        rows = Region.objects.values_list("code", "name", "type", "state", "lead_id", "hub_id", "lead_bureau_id")
        ctx.lookups["regions"] = {code: _Region(*told) for code, *told in rows}

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """What a row leaves open stays as it stands; a new region takes its lead as hub and the lead's office."""
        regions: Mapping[str, _Region] = ctx.lookups["regions"]
        offices = _offices_of({code for code in columns["lead"] if code is not None}, ctx)
        for at, (code, type, lead) in enumerate(zip(columns["region"], columns["type"], columns["lead"], strict=True)):
            stands = regions.get(code)
            if "hub" in columns and columns["hub"][at] is None and type == Region.Type.HUB:
                columns["hub"][at] = stands.hub if stands and stands.hub else lead
            if "bureau" in columns and columns["bureau"][at] is None:
                columns["bureau"][at] = stands.bureau if stands and stands.lead == lead else offices.get(lead)
        return codes_of_names(columns, ctx)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from known_towns(records, ctx, mine=False)
        yield from unknown_towns(records, ctx, "lead", "hub")
        yield from self._territory(records, ctx)
        yield from differing(records, "region", ("region_name", "type", "lead", "hub", "bureau"))
        yield from backward_periods(records, "joined_on", "left_on")
        held = _memberships(set(records["region"]) - {None})
        periods = {thing: {begin: row.left_on for begin, row in rows.items()} for thing, rows in held.items()}
        things = list(zip(records["region"], records["code"], strict=True))
        yield from overlapping_periods(records, things, periods, "joined_on", "left_on")
        yield from self._whole(records, periods, ctx)
        yield from self._settled(records, held, ctx)

    def _territory(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        """E-18: headquarters its own prefecture; a bureau the regions that it leads, new ones through their lead."""
        towns: Register = ctx.lookups[REGISTER]
        regions: Mapping[str, _Region] = ctx.lookups["regions"]
        viewer: Viewer = ctx.viewer
        for at, (region, lead) in enumerate(zip(records["region"], records["lead"], strict=True)):
            if viewer.is_bureau:
                stands = regions.get(region)
                bureau = records["bureau"][at] if "bureau" in records else None
                foreign = stands is not None and stands.bureau != viewer.office.code
                if foreign or (lead is not None and lead in towns and not towns.is_mine(lead)):
                    yield Problem(at, "lead", "E-18")
                elif bureau is not None and bureau != viewer.office.code:
                    yield Problem(at, "bureau", "E-18")
            elif towns.mine is not None:
                yield Problem(at, "code", "E-18")
        yield from foreign_prefectures(records, ctx)

    def _whole(
        self, records: Rows, periods: Mapping[Any, Mapping[date, date | None]], ctx: Context
    ) -> Iterable[Problem]:
        """E-64: a lead and a hub that belong to the region, two members at least, a name that no other region bears."""
        regions: Mapping[str, _Region] = ctx.lookups["regions"]
        members: dict[str, set[str]] = defaultdict(set)
        for (region, code), rows in periods.items():
            members[region] |= {code} if rows else set()
        for region, code in zip(records["region"], records["code"], strict=True):
            if region is not None and code is not None:
                members[region].add(code)
        names = {told.name: code for code, told in regions.items() if told.state not in CLOSED_STATES}
        seen: set[str] = set()
        for at, (region, name, lead) in enumerate(
            zip(records["region"], records["region_name"], records["lead"], strict=True)
        ):
            if region is None:
                continue
            if lead is not None and lead not in members[region]:
                yield Problem(at, "lead", "E-64", {"reason": "代表市町村は構成市町村から選んでください。"})
            if "hub" in records and records["hub"][at] is not None:
                hub = records["hub"][at]
                if records["type"][at] == Region.Type.FLAT:
                    yield Problem(
                        at, "hub", "E-64", {"reason": "中心都市は「中心都市型」の地域だけに入力してください。"}
                    )
                elif hub not in members[region]:
                    yield Problem(at, "hub", "E-64", {"reason": "中心都市は構成市町村から選んでください。"})
            if region in seen:
                continue
            seen.add(region)
            if region not in regions and len(members[region]) < 2:
                yield Problem(at, "code", "E-64", {"reason": "構成市町村が2つ以上必要です。"})
            if name is not None and names.get(name, region) != region:
                yield Problem(
                    at, "region_name", "E-64", {"reason": f"「{name}」という名称の地域は既に登録されています。"}
                )
            if "bureau" in records and records["bureau"][at] is None and lead is not None:
                yield Problem(at, "bureau", "E-05")

    def _settled(self, records: Rows, held: Mapping[Any, Mapping[date, _Held]], ctx: Context) -> Iterable[Problem]:
        """E-20 for what has been decided: regions that ended, and members of formed ones without their agreement."""
        regions: Mapping[str, _Region] = ctx.lookups["regions"]
        bound = _Agreements(set(records["region"]) - {None})
        left = records.get("left_on")
        for at, (region, code, joined) in enumerate(records.keys):
            stands = regions.get(region)
            if stands is None or code is None or joined is None:
                continue
            row = held.get((region, code), {}).get(joined)
            left_on = left[at] if "left_on" in records else row.left_on if row else None
            changes = row is None or row.left_on != left_on or self._says_otherwise(records, at, stands)
            if not changes:
                continue
            if stands.state in CLOSED_STATES:
                yield Problem(at, "region", "E-20", {"subject": f"{stands.name}（{Region.State(stands.state).label}）"})
            elif stands.state != Region.State.IDEA:
                if row is None and bound.version(region, code, joined) is None:
                    yield Problem(at, "joined_on", "E-20", {"subject": f"{stands.name}の構成は協定で定まります"})
                elif row is not None and row.left_on != left_on:
                    after = None if left_on is None else left_on + ONE_DAY
                    if after is None or not bound.without(region, code, after):
                        yield Problem(at, "left_on", "E-20", {"subject": f"{stands.name}の構成は協定で定まります"})

    def _says_otherwise(self, records: Rows, at: int, stands: _Region) -> bool:
        told = {
            "region_name": stands.name,
            "type": stands.type,
            "lead": stands.lead,
            "hub": stands.hub,
            "bureau": stands.bureau,
        }
        return any(name in records and records[name][at] != value for name, value in told.items())

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        of_region = {
            "region_name": "region__name",
            "type": "region__type",
            "lead": "region__lead_id",
            "hub": "region__hub_id",
            "bureau": "region__lead_bureau_id",
        }
        rows = RegionMembership.objects.filter(region__in={key[0] for key in keys}).order_by()
        return by_key(bulk.read(rows, [of_region.get(one.name, str(one.attribute)) for one in ctx.stored]), ctx)

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        for rows in (changed, new):
            if len(rows):
                sheets.keep_regions(list(self._rows(rows, ctx)), viewer=ctx.viewer)

    def remove(self, rows: Rows, ctx: Context) -> None:
        sheets.drop_regions(told(rows, "region", "code", "joined_on"), viewer=ctx.viewer)

    def lock(self, ctx: Context) -> None:
        bulk.lock(RegionMembership)
        bulk.lock(Region)

    def _rows(self, rows: Rows, ctx: Context) -> Iterable[sheets.RegionRow]:
        """The rows with what the sheet leaves open: hub and office as they stand, else those of the lead."""
        regions: Mapping[str, _Region] = ctx.lookups["regions"]
        bound = _Agreements(set(rows["region"]))
        offices = _offices_of(set(rows["lead"]), ctx)
        left = or_standing(rows, "left_on", _ends(set(rows["region"])))
        given = told(rows, "region", "region_name", "type", "lead", "hub", "bureau", "code", "joined_on")
        for (region, name, type, lead, hub, bureau, code, joined), left_on in zip(given, left, strict=True):
            stands = regions.get(region)
            kept = stands.hub if stands and stands.hub else lead
            office = bureau or (stands.bureau if stands and stands.lead == lead else offices[lead])
            yield sheets.RegionRow(
                region,
                name,
                type,
                lead,
                (hub or kept) if type == Region.Type.HUB else None,
                office,
                code,
                joined,
                left_on,
                bound.version(region, code, joined),
            )


@dataclass(frozen=True)
class _Held:
    """A membership as it stands."""

    left_on: date | None


class _Agreements:
    """Which version of an agreement binds whom, on a day (two queries for a whole sheet)."""

    def __init__(self, regions: set[str]) -> None:
        self._versions: dict[str, list[Agreement]] = defaultdict(list)
        rows = Agreement.objects.filter(region__in=regions).prefetch_related("consents").order_by("version")
        for row in rows:
            if row.state in ("in_force", "amended", "ended") and row.in_force_on is not None:
                self._versions[row.region_id].append(row)

    def version(self, region: str, code: str, on: date) -> int | None:
        """The id of the version in force on the day to which the municipality has consented."""
        found = self._on(region, on)
        return found.pk if found is not None and code in self._parties(found) else None

    def without(self, region: str, code: str, on: date) -> bool:
        """Whether the version in force on the day does without the municipality."""
        found = self._on(region, on)
        return found is not None and code not in self._parties(found)

    def _on(self, region: str, on: date) -> Agreement | None:
        return next(
            (
                row
                for row in reversed(self._versions[region])
                if row.in_force_on is not None
                and row.in_force_on <= on
                and (row.ended_on is None or row.ended_on >= on)
            ),
            None,
        )

    @staticmethod
    def _parties(agreement: Agreement) -> set[str]:
        return {consent.municipality_id for consent in agreement.consents.all()}


def _memberships(regions: set[str]) -> dict[Any, dict[date, _Held]]:
    found: dict[Any, dict[date, _Held]] = defaultdict(dict)
    rows = RegionMembership.objects.filter(region__in=regions)
    for region, code, joined, left in rows.values_list("region_id", "municipality_id", "joined_on", "left_on"):
        found[region, code][joined] = _Held(left)
    return found


def _ends(regions: set[str]) -> dict[Key, date | None]:
    """Return the last day of every membership by its key."""
    held = _memberships(regions)
    return {(region, code, day): row.left_on for (region, code), rows in held.items() for day, row in rows.items()}


def _offices_of(codes: set[str], ctx: Context) -> dict[str, str]:
    """Return the office each municipality lies under today (the latest where it has ended)."""
    rows = Jurisdiction.objects.filter(municipality__in=codes).order_by("valid_from")
    return dict(rows.values_list("municipality_id", "bureau_id"))
