"""Who belongs to a region on a day, and what it is called then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from municipalities.models import Bureau, Municipality

from .models import HubDesignation, Region, RegionMembership, RegionName


def members_on(region_codes: Iterable[str], on: date) -> dict[str, list[RegionMembership]]:
    """Return the memberships in force on the day with their municipality, in code order, by region; one query."""
    found: dict[str, list[RegionMembership]] = {code: [] for code in region_codes}
    rows = RegionMembership.objects.on(on).filter(region__in=list(found)).select_related("municipality")
    for row in rows.order_by("municipality"):
        found[row.region_id].append(row)
    return found


def member_codes(region_code: str, on: date) -> list[str]:
    """Return the 6-digit codes of the members on the day, ascending."""
    return [row.municipality_id for row in members_on([region_code], on)[region_code]]


def names_on(region_codes: Iterable[str], on: date) -> dict[str, str]:
    """Return the name each region bore on the day; a region that had none yet is left out. One query."""
    rows = RegionName.objects.filter(region__in=list(region_codes), valid_from__lte=on).order_by("valid_from")
    return {row.region_id: row.name for row in rows}


def hub_plans(municipality_codes: Iterable[str], on: date) -> dict[str, str]:
    """Return the plan that names each designated hub on the day (M-05b); others are left out. One query."""
    found: dict[str, list[HubDesignation]] = defaultdict(list)
    for row in HubDesignation.objects.filter(municipality__in=list(municipality_codes)):
        starts = row.valid_from is None or row.valid_from <= on
        ends = row.valid_to is not None and row.valid_to < on
        if starts and not ends:
            found[row.municipality_id].append(row)
    return {code: "・".join(row.plan for row in rows) for code, rows in found.items()}


@dataclass(frozen=True)
class BureauPart:
    """A bureau with the members under it; one leads, the others concur: they read everything and may comment."""

    bureau: Bureau
    towns: list[str]
    leads: bool


def bureaus_over(region: Region, members: Iterable[Municipality], on: date) -> list[BureauPart]:
    """Return the bureaus over these members on the day, the lead bureau first; two queries."""
    names = {town.pk: town.name for town in members}
    under: dict[str, list[str]] = defaultdict(list)
    for town in Municipality.objects.filter(pk__in=names).with_bureau(on).order_by("code"):
        if town.bureau_code:
            under[town.bureau_code].append(town.name)
    bureaus = Bureau.objects.filter(pk__in=[*under, region.lead_bureau_id]).order_by("order")
    parts = [BureauPart(row, under.get(row.pk, []), row.pk == region.lead_bureau_id) for row in bureaus]
    return sorted(parts, key=lambda part: not part.leads)
