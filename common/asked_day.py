"""The day that an address asks about."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from . import clock
from .fiscal_year import parse_day
from .request import Request


def day_asked(request: Request) -> date:
    """Return the day of the address (`?on=令和5年10月1日`), today without one. Raises Http404 if unreadable."""
    text = request.GET.get("on", "").strip()
    if not text:
        return clock.today()
    try:
        return parse_day(text)
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
