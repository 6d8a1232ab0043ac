"""A new region, and what changes about one: its name, its lead, its end."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.viewer import Access
from municipalities.models import Municipality

from .. import duties, services
from ..forms import CloseForm, LeadForm, RegionForm, RenameForm
from ..membership import members_on
from ..models import Region
from .common import region_or_404


@needs(duties.REGION, Access.EDIT)
def region_new(request: Request) -> HttpResponse:
    """Register an idea (構想) of towns that want to work together."""
    viewer, today = request.viewer, clock.today()
    bureau = _bureau_code(request)
    near = list(Municipality.objects.existing(today).under(bureau, today).order_by("code")) if bureau else []
    prefecture = near[0].prefecture_id if near else viewer.office.code[:2]
    own = [viewer.office.code] if viewer.is_municipal else []
    form = RegionForm(
        request.POST or None,
        near=near,
        prefecture=prefecture,
        on=today,
        initial={"members": own, "lead": own[0] if own else "", "start": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            region = services.propose_region(form.draft(), viewer=viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:region_detail", region.pk)
    return render(request, "regions/region_form.html", {"form": form}, status=422 if form.errors else 200)


def region_edit(request: Request, code: str) -> HttpResponse:
    """Change the name or the lead; each part of the page is a form of its own (`act`)."""
    region = region_or_404(request, code, duties.REGION, Access.EDIT)
    if not (_is_member(request, region) or request.viewer.office.code == region.lead_bureau_id):
        raise PermissionDenied("この操作は、この地域の構成市町村または主管振興局だけが行えます。")
    act = request.POST.get("act", "")
    towns = [row.municipality for row in members_on([region.pk], clock.today())[region.pk]]
    rename = RenameForm(request.POST if act == "rename" else None, prefix="rename")
    lead = LeadForm(
        request.POST if act == "lead" else None,
        prefix="lead",
        towns=towns,
        initial={"lead": region.lead_id, "secretariat": region.secretariat_id},
    )
    shown = rename if act == "rename" else lead if act == "lead" else None
    if shown is not None and shown.is_valid():
        try:
            if act == "rename":
                services.rename_region(region.pk, viewer=request.viewer, **rename.cleaned_data)
            else:
                services.set_lead(region.pk, viewer=request.viewer, **lead.cleaned_data)
        except Refused as refused:
            shown.refuse(refused)
        else:
            return redirect("regions:region_detail", region.pk)
    context = {"region": region, "rename": rename, "lead": lead, "shown": shown}
    return render(request, "regions/region_edit.html", context, status=422 if shown and shown.errors else 200)


def region_close(request: Request, code: str) -> HttpResponse:
    """Pause or end the region, or note that it moved to a national scheme."""
    region = region_or_404(request, code, duties.REGION, Access.SUBMIT)
    if request.viewer.office.code not in (region.lead_id, region.lead_bureau_id):
        raise PermissionDenied(f"この操作は、代表市町村（{region.lead.name}）または主管振興局だけが行えます。")
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_region(region.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:region_detail", region.pk)
    context = {"region": region, "form": form}
    return render(request, "regions/region_close.html", context, status=422 if form.errors else 200)


def _is_member(request: Request, region: Region) -> bool:
    viewer = request.viewer
    return viewer.is_municipal and region.memberships.filter(municipality=viewer.office.code, left_on=None).exists()


def _bureau_code(request: Request) -> str:
    """The bureau whose towns the form offers: the own one, or the one above the own town."""
    viewer = request.viewer
    if viewer.is_bureau:
        return viewer.office.code
    town = Municipality.objects.with_bureau(clock.today()).filter(pk=viewer.office.code).first()
    return (town.bureau_code or "") if town else ""


urls = [
    path("regions/new/", region_new, name="region_new"),
    path("regions/<str:code>/edit/", region_edit, name="region_edit"),
    path("regions/<str:code>/close/", region_close, name="region_close"),
]
