"""Work that hangs on a person, not on the office: the rooms that know it say it through settings (`PERSONAL_WORK`).

Dossiers belong to an office and move with the duty by themselves; what a planner gave to one field officer does not.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import import_module
from types import ModuleType

from django.conf import settings

from common.viewer import Viewer


def open_work(user_ids: Collection[int], municipality_code: str) -> dict[int, list[str]]:
    """Return, for each person, what is given to her in open cases of the municipality, one line each."""
    found: dict[int, list[str]] = _room().open_work(user_ids, municipality_code)
    return found


def move_work(from_user: int, to_user: int, municipality_code: str, *, viewer: Viewer) -> list[int]:
    """Give all of it to another person; return what moved, as `move_back` takes it."""
    moved: list[int] = _room().move_work(from_user, to_user, municipality_code, viewer=viewer)
    return moved


def move_back(moved: Collection[int], from_user: int, to_user: int, *, viewer: Viewer) -> None:
    """Give back what moved from the first person to the second. Raises Refused where it has gone on to a third."""
    _room().move_back(moved, from_user, to_user, viewer=viewer)


@cache
def _room() -> ModuleType:
    return import_module(settings.PERSONAL_WORK)
