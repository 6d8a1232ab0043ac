"""A new region, and what changes about one: its name, its type, its lead, its members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.errors import Conflict, Refused
from common.request import Request
from common.viewer import Access
from municipalities.models import Municipality

from .. import duties, services
from ..choosing import Chooser, chooser
from ..forms import LeadForm, RegionForm, RenameForm, TypeForm
from ..membership import members_on
from ..models import Agreement, Region
from .common import plans_papers, region_or_404

FEWEST = 2


@needs(duties.REGION, Access.EDIT)
def region_new(request: Request) -> HttpResponse:
    """Choose towns on the list or the map, then register them as an idea (構想)."""
    data = request.POST if request.method == "POST" else request.GET
    choice = _chooser(request, data.getlist("member"), "regions:region_new")
    if len(choice.ticked) < FEWEST or (request.method == "GET" and "go" not in data):
        return render(request, "regions/region_choose.html", {"choice": choice, "enough": len(choice.ticked) >= FEWEST})
    own = request.viewer.office.code if request.viewer.is_municipal else ""
    form = RegionForm(
        request.POST if request.method == "POST" else None,
        towns=choice.ticked,
        initial={"lead": own, "start": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            region = services.propose_region(form.draft(), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"「{region.name}」を構想として登録しました。")
            return redirect("regions:region_detail", region.pk)
    query = QueryDict(mutable=True)
    query.setlist("member", choice.codes)
    context = {"form": form, "choice": choice, "back": f"{reverse('regions:region_new')}?{query.urlencode()}"}
    return render(request, "regions/region_form.html", context, status=422 if form.errors else 200)


def region_edit(request: Request, code: str) -> HttpResponse:
    """Change the name, the type or the lead; each part of the page is a form of its own (`act`)."""
    region = region_or_404(request, code, duties.REGION, Access.EDIT)
    _require_part(request, region)
    act = request.POST.get("act", "")
    towns = [row.municipality for row in members_on([region.pk], clock.today())[region.pk]]
    saved: dict[str, dict[str, object]] = {
        "rename": {"name": region.name},
        "type": {"hub": region.hub_id or ""},
        "lead": {"lead": region.lead_id, "secretariat": region.secretariat_id},
    }

    def made(kind: Any, name: str, **more: Any) -> Any:
        given = {"revision": region.revision} | (saved[name] if name != "rename" else {})
        return kind(request.POST if act == name else None, prefix=name, initial=given, **more)

    forms = {
        "rename": made(RenameForm, "rename"),
        "type": made(TypeForm, "type", towns=towns),
        "lead": made(LeadForm, "lead", towns=towns),
    }
    change: dict[str, Callable[..., object]] = {
        "rename": services.rename_region,
        "type": services.set_type,
        "lead": services.set_lead,
    }
    shown = forms.get(act)
    if shown is not None and shown.is_valid():
        try:
            change[act](region.pk, viewer=request.viewer, **shown.cleaned_data)
        except Conflict as conflict:
            shown.clash(conflict, saved[act], region.revision)
        except Refused as refused:
            shown.refuse(refused)
        else:
            messages.success(request, "地域の情報を変えました。")
            return redirect("regions:region_detail", region.pk)
    context = {"region": region, "names": region.names.all(), "shown": shown, **forms}
    return render(request, "regions/region_edit.html", context, status=422 if shown and shown.errors else 200)


def region_towns(request: Request, code: str) -> HttpResponse:
    """Who belongs since when and until when; an idea is drawn anew here, a formed region amends its agreement."""
    region = region_or_404(request, code, duties.REGION, Access.EDIT)
    _require_part(request, region)
    rows = list(region.memberships.select_related("municipality", "agreement").order_by("municipality", "joined_on"))
    today = clock.today()
    held = [row.municipality_id for row in rows if row.joined_on <= today and (row.left_on or today) >= today]
    data = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {"region": region, "rows": rows, "idea": region.state == Region.State.IDEA}
    if context["idea"]:
        choice = _chooser(request, data.getlist("member") or held, "regions:region_towns", region.pk)
        lead = data.get("lead") if data.get("lead") in choice.codes else region.lead_id
        context |= {"choice": choice, "lead": lead}
        if request.method == "POST" and "save" in data:
            try:
                services.redraw_idea(region.pk, members=choice.codes, lead=lead or "", viewer=request.viewer)
            except Refused as refused:
                context["problems"] = refused.problems
            else:
                messages.success(request, "構成市町村を変えました。")
                return redirect("regions:region_detail", region.pk)
    else:
        context["agreement"] = Agreement.objects.in_force(today).filter(region=region).order_by("-version").first()
        context["planner"] = plans_papers(request, region)
    return render(request, "regions/region_towns.html", context, status=422 if context.get("problems") else 200)


def _chooser(request: Request, chosen: list[str], view: str, *args: object) -> Chooser:
    """What can be chosen; a town that has not chosen yet starts with itself."""
    viewer, today = request.viewer, clock.today()
    codes = chosen or ([viewer.office.code] if viewer.is_municipal else [])
    return chooser(settings.PREFECTURE_CODE, _home_bureau(request), codes, today, reverse(view, args=args))


def _home_bureau(request: Request) -> str:
    """The own bureau, or the one above the own town (of a branch: the bureau it belongs to)."""
    viewer = request.viewer
    if viewer.is_bureau:
        return viewer.office.code
    town = Municipality.objects.with_bureau(clock.today()).filter(pk=viewer.office.code).first()
    return (town.bureau_code or "") if town else ""


def _require_part(request: Request, region: Region) -> None:
    viewer = request.viewer
    member = viewer.is_municipal and region.memberships.filter(municipality=viewer.office.code, left_on=None).exists()
    if not (member or viewer.office.code == region.lead_bureau_id):
        raise PermissionDenied("この操作は、この地域の構成市町村または主管振興局だけが行えます。")


urls = [
    path("regions/new/", region_new, name="region_new"),
    path("regions/<str:code>/edit/", region_edit, name="region_edit"),
    path("regions/<str:code>/towns/", region_towns, name="region_towns"),
]
