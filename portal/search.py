"""The search in the header: one question over everything this office may know, by name or number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from common import clock
from common.viewer import Viewer
from municipalities.models import Municipality

SHOWN = 20
Source = Callable[[Viewer, str], "HitGroup"]
_sources: list[Source] = []


@dataclass(frozen=True)
class Hit:
    """One thing found; without a page of its own `url` is empty."""

    title: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class HitGroup:
    """What one kind of thing yields: the first hits and how many there are in all."""

    title: str
    hits: list[Hit]
    total: int


def source(function: Source) -> Source:
    """Decorate a function that searches one kind of thing for a viewer."""
    _sources.append(function)
    return function


def search_for(viewer: Viewer, text: str) -> list[HitGroup]:
    """Return the groups that found something; the text is normalised (full-width letters and digits, blanks)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    groups = [one(viewer, plain) for one in _sources] if plain else []
    return [group for group in groups if group.total]


@source
def municipalities(viewer: Viewer, text: str) -> HitGroup:
    """Existing municipalities of the whole country by name, kana or code (5 or 6 digits)."""
    today = clock.today()
    found = (
        Municipality.objects.existing(today)
        .filter(Q(name__icontains=text) | Q(kana__contains=text) | Q(code__startswith=text))
        .select_related("prefecture")
        .order_by("code")
    )
    hits = [Hit(town.name, f"{town.prefecture.name}　{town.code}") for town in found[:SHOWN]]
    return HitGroup("市町村", hits, len(hits) if len(hits) < SHOWN else found.count())
