"""Who belongs to a region on a day, and what it is called then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from .models import HubDesignation, RegionMembership, RegionName


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
