"""What the shell of every page needs: the prefecture's name, the person's posts, the menu."""

from __future__ import annotations

import tomllib
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.duties import HANDOVER
from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import NOBODY, Duty
from municipalities.models import Prefecture

from .menu import menu_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the values base.html reads; what costs a query is lazy."""
    viewer = getattr(request, "viewer", NOBODY)
    match = getattr(request, "resolver_match", None)
    return {
        "viewer": viewer,
        "viewers": getattr(request, "viewers", []),
        "duties": [duty.label for duty in Duty if viewer.has(duty)],
        "may_hand_over": viewer.may(HANDOVER),
        "demo": settings.DEMO,
        "today": clock.today(),
        "this_fiscal_year": FiscalYear.of(clock.today()),
        "menu": SimpleLazyObject(
            partial(menu_for, viewer, match.view_name if match else "", getattr(request, "counts", None))
        ),
        "prefecture_name": SimpleLazyObject(prefecture_name),
        "portal_version": version(),
    }


def prefecture_name() -> str:
    """Return the name of the prefecture this portal serves; empty before its reference data is loaded."""
    code = settings.PREFECTURE_CODE
    if not _names.get(code):
        _names[code] = _read_name(code)
    return _names[code]


_names: dict[str, str] = {}  # as long as the process lives: a prefecture does not change its name


def _read_name(code: str) -> str:
    return Prefecture.objects.filter(code=code).values_list("name", flat=True).first() or ""


@cache
def version() -> str:
    """Return the version in pyproject.toml."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
