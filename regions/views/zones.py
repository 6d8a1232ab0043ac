"""National zones: which there are, who belongs, on what each membership rests."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from common import clock
from common.access import needs
from common.fiscal_year import parse_day
from common.request import Request

from .. import duties
from ..models import NationalZone
from ..scheme_status import zones_in_force


@needs(duties.MASTER)
def zone_list(request: Request) -> HttpResponse:
    """The zones of the prefecture on a day (`?on=`), in force first, then those that ended or are to come."""
    on = _day(request)
    in_force = Q(memberships__in_force_by__lte=on) & (Q(memberships__ended_on=None) | Q(memberships__ended_on__gte=on))
    zones = list(
        NationalZone.objects.of_prefecture(settings.PREFECTURE_CODE).annotate(
            hubs=Count("memberships", filter=in_force & Q(memberships__role="hub")),
            neighbours=Count("memberships", filter=in_force & Q(memberships__role="neighbour")),
        )
    )
    acting = set(zones_in_force(settings.PREFECTURE_CODE, on).values_list("pk", flat=True))
    context = {
        "on": on,
        "zones": [zone for zone in zones if zone.pk in acting],
        "others": [zone for zone in zones if zone.pk not in acting],
    }
    return render(request, "regions/zone_list.html", context)


@needs(duties.MASTER)
def zone_detail(request: Request, code: str) -> HttpResponse:
    """One zone: its dates, each member with role, day and source, what came before and after."""
    zone = get_object_or_404(NationalZone.objects.with_neighbours(), pk=code)
    members = list(zone.memberships.select_related("municipality").order_by("-role", "municipality"))
    members.sort(key=lambda row: (row.role != "hub", row.municipality_id))
    context = {"zone": zone, "members": members, "predecessors": list(zone.predecessors.all())}
    return render(request, "regions/zone_detail.html", context)


def _day(request: Request) -> date:
    text = request.GET.get("on", "").strip()
    if not text:
        return clock.today()
    try:
        return parse_day(text)
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong


urls = [
    path("zones/", zone_list, name="zone_list"),
    path("zones/<str:code>/", zone_detail, name="zone_detail"),
]
