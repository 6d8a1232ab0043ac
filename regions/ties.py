"""What other rooms still hold open with a region, as they say it through settings (`REGION_TIES`)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def open_grants(region_code: str) -> list[str]:
    """Return the applications of the region that are not closed yet, one Japanese line each (number and state)."""
    found: list[str] = _asked(settings.REGION_TIES)(region_code)
    return found


@cache
def _asked(path: str) -> Any:
    return import_string(path)
