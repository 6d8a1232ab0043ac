"""The record of a region as a paper (D-27): two pages, drawn when it is asked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from common import clock
from common.documents import DocumentError, pdf_answer, render_pdf
from common.request import Request
from regions import duties
from regions.views.common import region_or_404

from ..region_sheet import region_sheet


def region_sheet_pdf(request: Request, code: str) -> HttpResponse:
    """Two pages with what this office may see of the region today."""
    region = region_or_404(request, code, duties.REGION)
    sheet = region_sheet(region, request.viewer, clock.today())
    try:
        data = render_pdf("D-27", sheet)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect("regions:region_detail", code)
    return pdf_answer(data, sheet["head"]["title"])
