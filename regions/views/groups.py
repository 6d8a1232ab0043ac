"""Sub-groups (部会) of a region: the list, one group with its decisions, set up, change, end."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from common import clock
from common.access import require
from common.errors import Conflict, Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from .. import duties, services
from ..exports import decision_columns, group_columns
from ..forms import DecisionForm, EndForm, GroupForm
from ..membership import members_on
from ..models import Region, SubGroup
from ..services import DecisionDraft, GroupDraft
from ..services.access import require_part
from .common import region_or_404, region_trail


def group_list(request: Request, code: str) -> HttpResponse:
    """The sub-groups of a region."""
    region = _region(request, code)
    context = {
        "region": region,
        "groups": region.groups.for_list(),
        "framework": region.agreements.filter(state="in_force", framework=True).exists(),
        "may_edit": _may_edit(request, region),
    }
    return render(request, "regions/group_list.html", context)


def group_export(request: Request, code: str) -> HttpResponseBase:
    """The sub-groups of a region, written out."""
    region = _region(request, code)
    trail = [*region_trail(region), ("部会", reverse("regions:group_list", args=[region.pk]))]
    return export_page(request, Export(f"部会一覧_{region.pk}", group_columns(), list(region.groups.for_list()), trail))


def group_detail(request: Request, pk: int) -> HttpResponse:
    """One sub-group: who belongs, what it looks after, what it decided; a decision is written down here."""
    group = _group(request, pk)
    towns = list(group.members.order_by("code"))
    may_edit = _may_edit(request, group.region) and group.ended_on is None
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        require(request.viewer, duties.REGION, Access.EDIT)
        require_part(request.viewer, group.region)
    form = DecisionForm(
        posted, towns=towns, initial={"decided_on": clock.today(), "attended": [town.pk for town in towns]}
    )
    if posted is not None and form.is_valid():
        typed = form.cleaned_data
        draft = DecisionDraft(
            typed["decided_on"], typed["title"], typed["text"], tuple(typed["attended"]), typed["document_no"]
        )
        try:
            services.record_decision(group.pk, draft, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "部会の決定を記録しました。")
            return redirect("regions:group_detail", group.pk)
    context = {
        "group": group,
        "region": group.region,
        "towns": towns,
        "decisions": group.decisions.prefetch_related("attended"),
        "form": form if may_edit else None,
        "may_edit": may_edit,
    }
    return render(request, "regions/group_detail.html", context, status=422 if form.errors else 200)


def group_decisions_export(request: Request, pk: int) -> HttpResponseBase:
    """The decisions of a sub-group, written out."""
    group = _group(request, pk)
    trail = [*region_trail(group.region), (group.name, reverse("regions:group_detail", args=[group.pk]))]
    rows = list(group.decisions.prefetch_related("attended"))
    return export_page(request, Export(f"部会の決定_{group.pk}", decision_columns(), rows, trail))


def group_new(request: Request, code: str) -> HttpResponse:
    """Set up a sub-group."""
    region = region_or_404(request, code, duties.REGION, Access.EDIT)
    require_part(request.viewer, region)
    return _form(request, region, None)


def group_edit(request: Request, pk: int) -> HttpResponse:
    """Change a sub-group."""
    group = _group(request, pk, Access.EDIT)
    require_part(request.viewer, group.region)
    return _form(request, group.region, group)


def group_end(request: Request, pk: int) -> HttpResponse:
    """Let a sub-group end."""
    group = _group(request, pk, Access.EDIT)
    require_part(request.viewer, group.region)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ended_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_group(group.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"部会「{group.name}」を終了しました。")
            return redirect("regions:group_list", group.region_id)
    context = {"group": group, "region": group.region, "form": form}
    return render(request, "regions/group_end.html", context, status=422 if form.errors else 200)


def _form(request: Request, region: Region, group: SubGroup | None) -> HttpResponse:
    towns = [row.municipality for row in members_on([region.pk], clock.today())[region.pk]]
    projects = [(row.pk, row.name) for row in region.projects.exclude(state__in=["ended", "merged"])]
    saved: dict[str, object] = {"set_up_on": clock.today()}
    if group is not None:
        saved = {
            "name": group.name,
            "members": sorted(group.members.values_list("pk", flat=True)),
            "chair": group.chair_id,
            "set_up_on": group.set_up_on,
            "purpose": group.purpose,
        }
        if projects:
            saved["projects"] = sorted(group.projects.values_list("pk", flat=True))
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        towns=towns,
        projects=projects,
        initial=saved | {"revision": group.revision if group else 0},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        draft = GroupDraft(
            name=typed["name"],
            chair=typed["chair"],
            members=tuple(typed["members"]),
            set_up_on=typed["set_up_on"],
            projects=tuple(typed.get("projects", ())),
            purpose=typed["purpose"],
        )
        try:
            if group is None:
                group = services.set_up_group(region.pk, draft, viewer=request.viewer)
            else:
                services.change_group(group.pk, draft, viewer=request.viewer, revision=typed["revision"] or 0)
        except Conflict as conflict:
            form.clash(conflict, saved, group.revision if group else 0)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"部会「{draft.name}」を保存しました。")
            return redirect("regions:group_detail", group.pk)
    context = {"form": form, "region": region, "group": group}
    return render(request, "regions/group_form.html", context, status=422 if form.errors else 200)


def _region(request: Request, code: str) -> Region:
    """The region, for whoever has a part in it: its sub-groups are not public."""
    region = region_or_404(request, code, duties.REGION)
    if not Region.objects.own_to(request.viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("部会は、この地域の構成市町村、管内の振興局と本庁だけが見られます。")
    return region


def _group(request: Request, pk: int, access: Access = Access.READ) -> SubGroup:
    visible = SubGroup.objects.visible_to(request.viewer)
    group: SubGroup = get_object_or_404(visible.select_related("region__lead", "region__lead_bureau", "chair"), pk=pk)
    require(request.viewer, duties.REGION, access)
    return group


def _may_edit(request: Request, region: Region) -> bool:
    viewer = request.viewer
    own = viewer.is_municipal and region.memberships.filter(municipality=viewer.office.code, left_on=None).exists()
    return viewer.may(duties.REGION, Access.EDIT) and (own or viewer.office.code == region.lead_bureau_id)


urls = [
    path("regions/<str:code>/groups/", group_list, name="group_list"),
    path("regions/<str:code>/groups/export/", group_export, name="group_export"),
    path("regions/<str:code>/groups/new/", group_new, name="group_new"),
    path("groups/<int:pk>/", group_detail, name="group_detail"),
    path("groups/<int:pk>/edit/", group_edit, name="group_edit"),
    path("groups/<int:pk>/end/", group_end, name="group_end"),
    path("groups/<int:pk>/decisions/export/", group_decisions_export, name="group_decisions_export"),
]
