"""The year's calendar: what usually happens each month, and the days of this person's calls, meetings and reviews."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from common import clock
from common.fiscal_year import FiscalYear
from common.request import Request

from ..calendar_file import written
from ..duties import ROLLOVER
from ..year_calendar import calendar_of, days_of


def calendar(request: Request) -> HttpResponse:
    """The fiscal year asked for (`?year=R8`), this one without a question; one that cannot be read is said so."""
    today = clock.today()
    this_year = FiscalYear.of(today)
    year, problem = _year(request, this_year)
    context = {
        "calendar": calendar_of(request.viewer, year, today),
        "previous": FiscalYear(year - 1),
        "next": FiscalYear(year + 1),
        "this_year": this_year,
        "problem": problem,
        "may_turn": request.viewer.may(ROLLOVER),
    }
    return render(request, "portal/calendar.html", context, status=422 if problem else 200)


def calendar_file(request: Request) -> HttpResponse:
    """The days of the fiscal year asked for, for the person's own calendar."""
    year, _ = _year(request, FiscalYear.of(clock.today()))
    days = written(days_of(request.viewer, year), clock.now(), settings.PORTAL_URL)
    name = f"portal-{int(year)}.ics"
    return HttpResponse(
        days,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _year(request: Request, this_year: FiscalYear) -> tuple[FiscalYear, str]:
    """The year asked for, this one without a question; with why it cannot be read."""
    asked = request.GET.get("year", "").strip()
    try:
        return (FiscalYear.parse(asked) if asked else this_year), ""
    except ValueError as wrong:
        return this_year, str(wrong)
