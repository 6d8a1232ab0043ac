"""What the shell of every page needs: the prefecture's name, the person's posts, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common import clock
from common.fiscal_year import FiscalYear


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the values base.html reads."""
    return {
        "viewer": getattr(request, "viewer", None),
        "viewers": getattr(request, "viewers", []),
        "demo": settings.DEMO,
        "today": clock.today(),
        "this_fiscal_year": FiscalYear.of(clock.today()),
    }
