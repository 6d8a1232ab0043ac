"""One application: facts, where it stands, what may be done now, everything it says, its papers and its history."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from common.request import Request

from ..dossier import dossier
from ..journey import stops_of
from ..offers import offers_of
from ..state_badges import badge
from .finding import application_for


def application_detail(request: Request, pk: int) -> HttpResponse:
    """The page of an application; offices and towns read the same, towns nothing 庁内限り."""
    application = application_for(request, pk)
    return render(
        request,
        "subsidies/application_detail.html",
        {
            "application": application,
            "badge": badge(application, request.viewer),
            "stops": stops_of(application),
            "dossier": dossier(application, request.viewer),
            "offers": offers_of(application, request.viewer),
        },
    )


urls = [
    path("applications/<int:pk>/", application_detail, name="application_detail"),
]
