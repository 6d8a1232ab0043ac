"""Initiatives of a region: register, change, rename from a year on, end. What one is shown stands in `portal`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from common import clock
from common.access import require
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.request import Request
from common.viewer import Access
from municipalities.models import Municipality

from .. import duties, services
from ..forms.projects import ProjectCloseForm, ProjectForm, ProjectRenameForm
from ..membership import members_on
from ..models import Project, Region
from .common import region_or_404, require_planner


def project_or_404(request: Request, pk: int, access: Access = Access.READ) -> Project:
    """The initiative with what its pages name: 404 where its region is not known to the office, 403 by duty."""
    visible = Project.objects.visible_to(request.viewer)
    joined = visible.select_related("region__lead", "region__lead_bureau", "main_field", "secretariat")
    project: Project = get_object_or_404(joined, pk=pk)
    require(request.viewer, duties.VISION, access)
    return project


def project_new(request: Request, code: str) -> HttpResponse:
    """Register an initiative of the region."""
    region = region_or_404(request, code, duties.VISION, Access.EDIT)
    require_planner(request, region)
    initial = {"from_fy": int(FiscalYear.of(clock.today()))}
    form = ProjectForm(request.POST or None, towns=_towns(region), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            project = services.add_project(region.pk, form.draft, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"取組「{project.name}」を登録しました。")
            return redirect("regions:project_detail", project.pk)
    return _page(request, "regions/project_form.html", region, None, form)


def project_edit(request: Request, pk: int) -> HttpResponse:
    """Change an initiative; its name has a page of its own."""
    project = _own(request, pk)
    towns = _towns(project.region)
    form = ProjectForm(request.POST or None, towns=towns, project=project, initial=ProjectForm.initial_of(project))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_project(project.pk, form.draft, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "取組を保存しました。")
            return redirect("regions:project_detail", pk)
    return _page(request, "regions/project_form.html", project.region, project, form)


def project_rename(request: Request, pk: int) -> HttpResponse:
    """Give the initiative a new name from a fiscal year on."""
    project = _own(request, pk)
    initial = {"from_fy": int(FiscalYear.of(clock.today()))}
    form = ProjectRenameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_project(project.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "名称を変更しました。前の名称は名称の経過に残ります。")
            return redirect("regions:project_detail", pk)
    return _page(request, "regions/project_rename.html", project.region, project, form)


def project_close(request: Request, pk: int) -> HttpResponse:
    """End the initiative, let it run by itself or merge it."""
    project = _own(request, pk)
    form = ProjectCloseForm(request.POST or None, initial={"to_fy": int(FiscalYear.of(clock.today()))})
    if request.method == "POST" and form.is_valid():
        try:
            services.close_project(project.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            project.refresh_from_db()
            messages.success(request, f"取組を「{project.get_state_display()}」としました。")
            return redirect("regions:project_detail", pk)
    return _page(request, "regions/project_close.html", project.region, project, form)


def _own(request: Request, pk: int) -> Project:
    project = project_or_404(request, pk, Access.EDIT)
    require_planner(request, project.region)
    return project


def _towns(region: Region) -> list[Municipality]:
    return [row.municipality for row in members_on([region.pk], clock.today())[region.pk]]


def _page(request: Request, template: str, region: Region, project: Project | None, form: object) -> HttpResponse:
    context = {"region": region, "project": project, "form": form}
    return render(request, template, context, status=200 if request.method == "GET" else 422)


urls = [
    path("regions/<str:code>/projects/new/", project_new, name="project_new"),
    path("projects/<int:pk>/edit/", project_edit, name="project_edit"),
    path("projects/<int:pk>/rename/", project_rename, name="project_rename"),
    path("projects/<int:pk>/close/", project_close, name="project_close"),
]
