"""Zones, designated hubs and regions as a sheet brings them: many rows at once, in the caller's transaction.

What one row may not say (overlapping periods, members of a formed region without an agreement, …) is told by the
checks of `regions.resources` beforehand; here stands only what writing needs. The import writes its own audit event
for the whole run, so nothing is recorded row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from common import clock
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import SYSTEM, Access, Action, Viewer

from .. import duties
from ..models import HubDesignation, NationalZone, Region, RegionMembership, RegionName, RegionState, ZoneMembership

BROUGHT_IN = "一括取込"  # the source of zones and regions that a sheet created; an undone import takes these away
BATCH = 1000


@dataclass(frozen=True)
class ZoneRow:
    """One municipality in one national zone from a day on (I-06)."""

    zone: str
    name: str
    kind: str
    municipality: str
    role: str
    in_force_by: date
    ended_on: date | None


@dataclass(frozen=True)
class HubRow:
    """One municipality named as hub in a prefectural plan (I-07)."""

    plan: str
    municipality: str
    kind: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class RegionRow:
    """One municipality in one region from a day on, with what the row says about the region (I-08).

    `agreement` is the version that brings the member into a formed region; None for an idea (構想).
    """

    region: str
    name: str
    type: str
    lead: str
    hub: str | None
    lead_bureau: str
    municipality: str
    joined_on: date
    left_on: date | None
    agreement: int | None = None


def keep_zones(rows: Sequence[ZoneRow], *, viewer: Viewer) -> None:
    """Write zones and their memberships by (zone, municipality, first day). Raises PermissionDenied."""
    _demand(viewer, duties.MASTER)
    zones = {row.zone: row for row in rows}
    standing = locking(NationalZone.objects).in_bulk(list(zones))
    NationalZone.objects.bulk_create(
        NationalZone(code=code, prefecture_id=row.municipality[:2], kind=row.kind, name=row.name, source=BROUGHT_IN)
        for code, row in zones.items()
        if code not in standing
    )
    renamed = []
    for code, zone in standing.items():
        if (zone.name, zone.kind) != (zones[code].name, zones[code].kind):
            zone.name, zone.kind = zones[code].name, zones[code].kind
            renamed.append(zone)
    NationalZone.objects.bulk_update(renamed, ["name", "kind"])
    ZoneMembership.objects.bulk_create(
        (
            ZoneMembership(
                zone_id=row.zone,
                municipality_id=row.municipality,
                role=row.role,
                in_force_by=row.in_force_by,
                ended_on=row.ended_on,
                in_force_basis=BROUGHT_IN,
                source=BROUGHT_IN,
            )
            for row in sorted(rows, key=lambda row: row.ended_on is None)  # a period ends before the next is open
        ),
        update_conflicts=True,
        unique_fields=["zone", "municipality", "in_force_by"],
        update_fields=["role", "ended_on"],
        batch_size=BATCH,
    )


def drop_zones(keys: Iterable[tuple[str, str, date]], *, viewer: Viewer) -> None:
    """Take memberships (zone, municipality, first day) out again, and zones that a sheet made and nothing fills."""
    _demand(viewer, duties.MASTER)
    zones = _drop(ZoneMembership.objects.all(), keys, "zone", "municipality", "in_force_by")
    NationalZone.objects.filter(pk__in=zones, source=BROUGHT_IN, memberships=None).delete()


def keep_hubs(rows: Sequence[HubRow], *, viewer: Viewer) -> None:
    """Write designated hubs by (plan, municipality). Raises PermissionDenied."""
    _demand(viewer, duties.MASTER)
    HubDesignation.objects.bulk_create(
        (
            HubDesignation(
                plan=row.plan,
                municipality_id=row.municipality,
                kind=row.kind,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["plan", "municipality"],
        update_fields=["kind", "valid_from", "valid_to"],
        batch_size=BATCH,
    )


def drop_hubs(keys: Iterable[tuple[str, str]], *, viewer: Viewer) -> None:
    """Take designations (plan, municipality) out again."""
    _demand(viewer, duties.MASTER)
    _drop(HubDesignation.objects.all(), keys, "plan", "municipality")


def keep_regions(rows: Sequence[RegionRow], *, viewer: Viewer) -> None:
    """Write regions and their memberships by (region, municipality, first day). A new region is an idea (構想).

    Raises PermissionDenied.
    """
    _demand(viewer, duties.BRING_IN)
    said = {row.region: row for row in rows}
    standing = locking(Region.objects).in_bulk(list(said))
    first_days: dict[str, date] = {}
    for row in rows:
        first_days[row.region] = min(row.joined_on, first_days.get(row.region, row.joined_on))
    for code, row in said.items():
        if code in standing:
            _bring_up_to_date(standing[code], row)
        else:
            region = Region.objects.create(
                code=code,
                prefecture_id=row.lead[:2],
                name=row.name,
                type=row.type,
                hub_id=row.hub,
                lead_id=row.lead,
                secretariat_id=row.lead,
                lead_bureau_id=row.lead_bureau,
                source=BROUGHT_IN,
            )
            RegionName.objects.create(region=region, name=row.name, valid_from=first_days[code])
            RegionState.objects.create(region=region, state=region.state, since=first_days[code])
    RegionMembership.objects.bulk_create(
        (
            RegionMembership(
                region_id=row.region,
                municipality_id=row.municipality,
                joined_on=row.joined_on,
                left_on=row.left_on,
                agreement_id=row.agreement,
                reason=BROUGHT_IN,
            )
            for row in sorted(rows, key=lambda row: row.left_on is None)
        ),
        update_conflicts=True,
        unique_fields=["region", "municipality", "joined_on"],
        update_fields=["left_on"],
        batch_size=BATCH,
    )


def drop_regions(keys: Iterable[tuple[str, str, date]], *, viewer: Viewer) -> None:
    """Take memberships out again, and regions that a sheet made and nothing fills. Raises Refused where in use."""
    _demand(viewer, duties.BRING_IN)
    codes = _drop(RegionMembership.objects.all(), keys, "region", "municipality", "joined_on")
    for region in Region.objects.filter(pk__in=codes, source=BROUGHT_IN, memberships=None):
        if what := _use(region):
            raise Refused(f"「{region.name}」は{what}で使われているため、取り消せません。")
        region.delete()


def _drop(rows: QuerySet[Any], keys: Iterable[tuple[Any, ...]], *names: str) -> set[str]:
    """Delete the rows with these keys (columns `names`); return the first part of each key: zone, plan, region."""
    wanted = set(keys)
    heads = {str(key[0]) for key in wanted}
    standing = rows.filter(**{f"{names[0]}__in": heads}).values_list("pk", *names)
    rows.filter(pk__in=[pk for pk, *key in standing if tuple(key) in wanted]).delete()
    return heads


def _demand(viewer: Viewer, action: Action) -> None:
    """Raise PermissionDenied unless the viewer may, or the system itself loads (the command import_sheet)."""
    if viewer is not SYSTEM:
        require(viewer, action, Access.EDIT)


def _use(region: Region) -> str:
    """Return what refers to the region beside its names and states, "" if nothing does."""
    relations: list[Any] = [
        one for one in Region._meta.related_objects if one.related_model not in (RegionName, RegionState)
    ]
    for one in relations:
        if one.related_model._base_manager.filter(**{one.field.name: region}).exists():
            return str(one.related_model._meta.verbose_name)
    return ""


def _bring_up_to_date(region: Region, row: RegionRow) -> None:
    """Write what the sheet says about a region that is there; a new name counts from today."""
    changed = {
        name: value
        for name, value in (
            ("type", row.type),
            ("hub_id", row.hub),
            ("lead_id", row.lead),
            ("lead_bureau_id", row.lead_bureau),
        )
        if getattr(region, name) != value
    }
    if "lead_id" in changed:
        changed["lead_basis"] = "sourced"
    if region.name != row.name:
        _rename(region, row.name)
        changed["name"] = row.name
    if changed:
        Region.objects.filter(pk=region.pk).update(**changed)


def _rename(region: Region, name: str) -> None:
    """Let the name begin today; the name of yesterday coming back takes today's away again."""
    today = clock.today()
    before = RegionName.objects.filter(Q(valid_from__lt=today), region=region).order_by("valid_from").last()
    RegionName.objects.filter(region=region, valid_from=today).delete()
    if before is None or before.name != name:
        RegionName.objects.create(region=region, name=name, valid_from=today)
