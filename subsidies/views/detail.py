"""One application: facts, where it stands, what may be done now, everything it says, its papers and its history."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from common import clock
from common.request import Request

from ..approved_plan import plan_changed
from ..case_steps import town_steps
from ..delegated import on_behalf
from ..dossier import Dossier, takes_part
from ..grant_life.money import money_of
from ..grant_life.registry import topics_of
from ..models import Application, Delegation
from ..offers import offers_of
from ..state_badges import badge
from ..states import BEFORE_SUBMISSION
from .finding import application_for


def application_detail(request: Request, pk: int) -> HttpResponse:
    """The page of an application; offices and towns read the same, towns nothing 庁内限り."""
    application = application_for(request, pk, rows=True)
    if application.granted_yen is not None:
        prefetch_related_objects([application], "changes")
    return render(
        request,
        "subsidies/application_detail.html",
        {
            "application": application,
            "badge": badge(application, request.viewer),
            "steps": town_steps(application),
            "dossier": Dossier(application, request.viewer),
            "money": money_of(application),
            "changed": application.granted_yen is not None and plan_changed(application),
            "topics": topics_of(application, request.viewer),
            "offers": offers_of(application, request.viewer),
            "delegation": on_behalf(application, request.viewer),
            "delegations": _standing(request, application),
        },
    )


def _standing(request: Request, application: Application) -> list[Delegation]:
    """For the towns concerned: who may type this draft in the lead's name today."""
    if application.state not in BEFORE_SUBMISSION or not takes_part(application, request.viewer):
        return []
    return list(Delegation.objects.in_force(clock.today()).covering(application).for_list())


urls = [
    path("applications/<int:pk>/", application_detail, name="application_detail"),
]
