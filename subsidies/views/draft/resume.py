"""Back to where the work was left."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from common.request import Request

from ...services.drafts import may_write
from ..finding import application_for


def draft_resume(request: Request, pk: int) -> HttpResponse:
    """Lead to the first step at which nothing was written yet; to the confirmation when all were."""
    application = application_for(request, pk)
    if not application.editable or not may_write(application, request.viewer):
        return redirect("subsidies:application_detail", pk)
    steps = (
        ("basic", bool(application.purpose.strip()) and application.start_on is not None),
        ("projects", application.items.exists()),
        ("costs", application.costs.exists()),
    )
    step = next((slug for slug, written in steps if not written), "confirm")
    return redirect(f"subsidies:draft_{step}", pk)
