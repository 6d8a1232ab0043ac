"""The first move of every view on an application: find it among those the viewer may know, or answer 404."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from common.viewer import Viewer

from ..models import Application


def viewer_of(request: HttpRequest) -> Viewer:
    """The person at the screen, as the middleware put her on the request."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def application_for(request: HttpRequest, pk: int) -> Application:
    """Return the application with its call, rules, region, lead and bureau; 404 where it is not visible."""
    visible = Application.objects.visible_to(viewer_of(request))
    rows = visible.select_related("call__program", "call__ruleset", "call__series", "region", "lead", "lead_bureau")
    application: Application = get_object_or_404(rows, pk=pk)
    return application
