"""The first move of every view on an application: find it among those the viewer may know, or answer 404."""

from __future__ import annotations

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from common.request import Request

from ..models import Application

NEEDED = ("call__program", "call__ruleset", "call__series", "region__prefecture", "lead", "lead_bureau")


def application_for(request: Request, pk: int) -> Application:
    """Return the application with its call, rules, region, lead and bureau; 404 where it is not visible."""
    application: Application = get_object_or_404(
        Application.objects.visible_to(request.viewer).select_related(*NEEDED), pk=pk
    )
    return application


def posted(request: Request) -> QueryDict | None:
    """What was posted, be it ever so empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
