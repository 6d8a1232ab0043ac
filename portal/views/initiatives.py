"""One initiative of a region: what it is, its names, and where it occurs in visions, plans and applications."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from common import audit
from common.request import Request
from common.viewer import Access
from regions import duties
from regions.models import ForwardPlan, Project, Vision
from regions.views.common import plans_papers
from regions.views.projects import project_or_404
from subsidies.models import Application
from subsidies.state_badges import badge

OPEN = (Project.State.PLANNED, Project.State.RUNNING)


def project_detail(request: Request, pk: int) -> HttpResponse:
    """Name history, fields, secretariat, participants, years, state, KPIs, and every paper that names it."""
    project, viewer = project_or_404(request, pk), request.viewer
    region = project.region
    visions = Vision.objects.visible_to(viewer).filter(items__project=project).order_by("-version")
    plans = ForwardPlan.objects.visible_to(viewer).filter(initiatives__region=region, initiatives__name=project.name)
    applications = Application.objects.visible_to(viewer).filter(items__project=project)
    planner = plans_papers(request, region) and viewer.may(duties.VISION, Access.EDIT)
    context = {
        "project": project,
        "region": region,
        "names": project.names.all(),
        "fields": [field for field in project.fields.all() if field != project.main_field],
        "participants": project.participants.all(),
        "kpis": project.kpis.all(),
        "visions": visions,
        "plans": plans.select_related("bureau").distinct(),
        "applications": [
            (row, badge(row, viewer))
            for row in applications.select_related("call__program", "region", "lead").order_by("-fiscal_year")
        ],
        "may_edit": planner,
        "may_close": planner and project.state in OPEN,
        "events": audit.timeline(region, internal=False).filter(
            action__startswith="project.", title__contains=f"「{project.name}」"
        )[:20],
    }
    return render(request, "regions/project_detail.html", context)
