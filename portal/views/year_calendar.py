"""The year's calendar: what usually happens each month, and the days of this person's calls, meetings and reviews."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from common import clock
from common.fiscal_year import FiscalYear
from common.request import Request

from ..year_calendar import calendar_of


def calendar(request: Request) -> HttpResponse:
    """The fiscal year asked for (`?year=R8`), this one without a question; one that cannot be read is said so."""
    today = clock.today()
    this_year, asked, problem = FiscalYear.of(today), request.GET.get("year", "").strip(), ""
    year = this_year
    if asked:
        try:
            year = FiscalYear.parse(asked)
        except ValueError as wrong:
            problem = str(wrong)
    context = {
        "calendar": calendar_of(request.viewer, year, today),
        "previous": FiscalYear(year - 1),
        "next": FiscalYear(year + 1),
        "this_year": this_year,
        "problem": problem,
    }
    return render(request, "portal/calendar.html", context, status=422 if problem else 200)
