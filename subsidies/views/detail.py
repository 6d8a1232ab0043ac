"""One application: facts, where it stands, what may be done now, everything it says, its papers and its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from .finding import application_for


def application_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of an application, the same for towns and offices, without anything 庁内限り."""
    return render(request, "subsidies/application_detail.html", {"application": application_for(request, pk)})


urls = [
    path("applications/<int:pk>/", application_detail, name="application_detail"),
]
