"""National zones: which there are, who belongs, on what each membership rests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.asked_day import day_asked
from common.request import Request
from common.sheets.exporting import Export, export_page

from .. import duties
from ..exports import zone_columns, zone_member_columns
from ..models import NationalZone, ZoneMembership
from ..scheme_status import zones_in_force
from ..timeline import zone_timeline
from ..timeline_picture import timeline_picture


@needs(duties.MASTER)
def zone_list(request: Request) -> HttpResponse:
    """The zones of the prefecture on a day (`?on=`), in force first, then those that ended or are to come."""
    on = day_asked(request)
    zones = _zones(on)
    context = {
        "on": on,
        "zones": [zone for zone in zones if zone.acting],
        "others": [zone for zone in zones if not zone.acting],
    }
    return render(request, "regions/zone_list.html", context)


@needs(duties.MASTER)
def zone_export(request: Request) -> HttpResponseBase:
    """The zones of the list, those in force on its day first, written out."""
    zones = sorted(_zones(day_asked(request)), key=lambda zone: not zone.acting)
    return export_page(request, Export("国の圏域一覧", zone_columns(), zones, [_list_step()]))


def _zones(on: date) -> list[Any]:
    """All zones of the prefecture with `hubs`, `neighbours` and `acting` (in force) on the day."""
    in_force = Q(memberships__in_force_by__lte=on) & (Q(memberships__ended_on=None) | Q(memberships__ended_on__gte=on))
    zones = list(
        NationalZone.objects.of_prefecture(settings.PREFECTURE_CODE).annotate(
            hubs=Count("memberships", filter=in_force & Q(memberships__role="hub")),
            neighbours=Count("memberships", filter=in_force & Q(memberships__role="neighbour")),
        )
    )
    acting = set(zones_in_force(settings.PREFECTURE_CODE, on).values_list("pk", flat=True))
    for zone in zones:
        zone.acting = zone.pk in acting
    return zones


def _list_step() -> tuple[str, str]:
    return "国の圏域", reverse("regions:zone_list")


@needs(duties.MASTER)
def zone_detail(request: Request, code: str) -> HttpResponse:
    """One zone: its dates, each member with role, day and source, what came before and after."""
    zone = get_object_or_404(NationalZone.objects.with_neighbours(), pk=code)
    timeline = zone_timeline(zone, clock.today())
    context = {
        "zone": zone,
        "members": _members(zone),
        "predecessors": list(zone.predecessors.all()),
        "timeline": timeline,
        "timeline_picture": timeline_picture(timeline) if timeline else "",
    }
    return render(request, "regions/zone_detail.html", context)


@needs(duties.MASTER)
def zone_members(request: Request, code: str) -> HttpResponseBase:
    """The members of one zone, written out."""
    zone = get_object_or_404(NationalZone.objects.with_neighbours(), pk=code)
    trail = [_list_step(), (zone.name, reverse("regions:zone_detail", args=[zone.pk]))]
    return export_page(request, Export(f"圏域の構成_{zone.pk}", zone_member_columns(), _members(zone), trail))


def _members(zone: NationalZone) -> list[ZoneMembership]:
    """Everyone who belongs or belonged, hubs first."""
    members = zone.memberships.select_related("municipality")
    return sorted(members, key=lambda row: (row.role != ZoneMembership.Role.HUB, row.municipality_id))


urls = [
    path("zones/", zone_list, name="zone_list"),
    path("zones/export/", zone_export, name="zone_export"),
    path("zones/<str:code>/", zone_detail, name="zone_detail"),
    path("zones/<str:code>/export/", zone_members, name="zone_members"),
]
