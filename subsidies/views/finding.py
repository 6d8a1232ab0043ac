"""The first move of every view on an application: find it among those the viewer may know, or answer 404."""

from __future__ import annotations

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from common.errors import Erased
from common.request import Request

from ..models import Application
from ..rows import load_rows

NEEDED = ("call__program", "call__ruleset", "call__series", "region__prefecture", "lead", "lead_bureau", "evaluation")


def application_for(request: Request, pk: int, *, rows: bool = False) -> Application:
    """Return the application with its call, rules, region, lead and bureau; 404 where it is not visible.

    Raises Erased where only its line in the register is left.

    `rows` brings along what the towns wrote, for pages that read it more than once.
    """
    viewer = request.viewer
    known = Application.objects.visible_to(viewer).with_own_consent(viewer).select_related(*NEEDED)
    application: Application = get_object_or_404(known, pk=pk)
    if application.erased_on is not None:
        raise Erased("application", pk)
    return load_rows(application) if rows else application


def posted(request: Request) -> QueryDict | None:
    """What was posted, be it ever so empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
