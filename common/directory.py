"""Who can be asked, as rooms need it that know no login; the room of people says it through settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .viewer import Duty, Office


@dataclass(frozen=True)
class Section:
    """A section of headquarters that can be asked to agree (合議), and the duty in which it answers."""

    office: Office
    duty: Duty

    @property
    def key(self) -> str:
        """How a draft in circulation names it: prefecture:01/出納局."""
        return f"{self.office.key}/{self.office.section}"

    @property
    def label(self) -> str:
        return f"{self.office.name}　{self.office.section}"


@dataclass(frozen=True)
class Colleague:
    """A person of one's own office."""

    user_id: int
    name: str


def departments(prefecture_code: str) -> list[Section]:
    """Return the sections of a prefecture in which somebody today is of another department or keeps the accounts."""
    found: list[Section] = _asked(settings.DEPARTMENTS)(prefecture_code)
    return found


def field_officers(municipality_code: str) -> list[Colleague]:
    """Return the field officers (事業担当) of a municipality today, by name."""
    found: list[Colleague] = _asked(settings.FIELD_OFFICERS)(municipality_code)
    return found


@cache
def _asked(path: str) -> Any:
    return import_string(path)
