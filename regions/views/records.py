"""What headquarters keeps about national schemes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Viewer

from .. import duties, services
from ..exports import RECORD_TABLES
from ..forms import HubForm, OverrideForm, UndeclaredHubForm
from ..scheme_records import records_of


@needs(duties.SCHEME_LISTS)
def zone_records(request: Request) -> HttpResponse:
    """Designated hubs, undeclared hubs and overrides; headquarters adds to each with a form of its own (`act`)."""
    viewer, act = request.viewer, request.POST.get("act", "")
    options: dict[str, Any] = {"prefecture": settings.PREFECTURE_CODE, "on": clock.today()}
    forms: dict[str, HubForm | UndeclaredHubForm | OverrideForm] = {}
    if viewer.may(duties.SCHEME_LISTS, Access.EDIT):
        forms |= {
            "hub": HubForm(request.POST if act == "hub" else None, prefix="hub", **options),
            "undeclared": UndeclaredHubForm(
                request.POST if act == "undeclared" else None, prefix="undeclared", **options
            ),
        }
    if viewer.may(duties.SCHEME_LISTS, Access.SUBMIT):
        forms["override"] = OverrideForm(request.POST if act == "override" else None, prefix="override", **options)
    if request.method == "POST" and act not in forms:
        raise PermissionDenied("この登録は、本庁の担当者（国制度の状況の修正は決裁者）が行います。")
    shown = forms.get(act)
    if shown is not None and shown.is_valid():
        typed = dict(shown.cleaned_data)
        try:
            _keep(act, typed.pop("town"), typed, viewer)
        except Refused as refused:
            shown.refuse(refused)
        else:
            return redirect("regions:zone_records")
    context = {"records": records_of(settings.PREFECTURE_CODE), "forms": forms, "shown": shown}
    return render(request, "regions/zone_records.html", context, status=422 if shown and shown.errors else 200)


@needs(duties.SCHEME_LISTS)
def zone_records_export(request: Request, table: str) -> HttpResponseBase:
    """One of the three lists (`hubs`, `undeclared`, `overrides`), written out."""
    if table not in RECORD_TABLES:
        raise Http404
    kept = RECORD_TABLES[table]
    rows = kept.rows(records_of(settings.PREFECTURE_CODE))
    trail = [
        ("国の圏域", reverse("regions:zone_list")),
        ("中心都市の指定など", reverse("regions:zone_records")),
    ]
    return export_page(request, Export(kept.title, kept.columns, rows, trail))


def _keep(act: str, town: str, typed: dict[str, Any], viewer: Viewer) -> None:
    if act == "hub":
        services.designate_hub(town, viewer=viewer, **typed)
    elif act == "undeclared":
        services.list_undeclared_hub(town, viewer=viewer, **typed)
    else:
        services.override_zone_status(town, viewer=viewer, **typed)


urls = [
    path("zones/records/", zone_records, name="zone_records"),
    path("zones/records/<slug:table>/export/", zone_records_export, name="zone_records_export"),
]
