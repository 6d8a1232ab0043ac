"""Which sections of headquarters can be asked to agree (合議); the room of people says it through a setting."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .viewer import Office


def departments(prefecture_code: str) -> list[Office]:
    """Return the other departments of a prefecture (本庁 関係部局) in which somebody holds that duty today."""
    found: list[Office] = _source()(prefecture_code)
    return found


@cache
def _source() -> Any:
    return import_string(settings.DEPARTMENTS)
