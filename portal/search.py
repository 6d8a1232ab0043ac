"""The search in the header: one question over everything this office may know, by name or number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse

from common import clock
from common.fiscal_year import FiscalYear, wareki
from common.viewer import Viewer
from municipalities.duties import MASTER
from municipalities.models import Municipality
from regions.models import Region
from subsidies.models import Application
from subsidies.papers_access import papers_with_number

SHOWN = 20
Source = Callable[[Viewer, str], "HitGroup"]
_sources: list[Source] = []


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    note: str
    url: str


@dataclass(frozen=True)
class HitGroup:
    """What one kind of thing yields: the first hits, how many there are in all, and how to read on."""

    title: str
    hits: list[Hit]
    total: int
    every: Callable[[], Iterator[Hit]]


def source(function: Source) -> Source:
    """Decorate a function that searches one kind of thing for a viewer."""
    _sources.append(function)
    return function


def search_for(viewer: Viewer, text: str) -> list[HitGroup]:
    """Return the groups that found something; the text is normalised (full-width letters and digits, blanks)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    groups = [one(viewer, plain) for one in _sources] if plain else []
    return [group for group in groups if group.total]


def every_hit(viewer: Viewer, text: str) -> Iterator[tuple[HitGroup, Hit]]:
    """Everything found with its group, in the order of the page."""
    return ((group, hit) for group in search_for(viewer, text) for hit in group.every())


@source
def municipalities(viewer: Viewer, text: str) -> HitGroup:
    """Existing municipalities of the whole country by name, kana or code (5 or 6 digits), the own prefecture first.

    Nobody without the duty to read them finds one.
    """
    elsewhere = Case(When(prefecture=settings.PREFECTURE_CODE, then=0), default=1)
    known = Municipality.objects.all() if viewer.may(MASTER) else Municipality.objects.none()
    found = (
        known.existing(clock.today())
        .filter(Q(name__icontains=text) | Q(kana__contains=text) | Q(code__startswith=text))
        .select_related("prefecture")
        .order_by(elsewhere, "code")
    )
    return _group(
        "市町村",
        found,
        lambda town: Hit(
            town.name,
            f"{town.prefecture.name}　{town.code}",
            reverse("municipalities:municipality_detail", args=[town.pk]),
        ),
    )


@source
def regions(viewer: Viewer, text: str) -> HitGroup:
    """Collaboration regions by name or code, and those of a member whose name is typed in full."""
    found = (
        Region.objects.visible_to(viewer)
        .filter(Q(name__icontains=text) | Q(code__iexact=text) | Q(memberships__municipality__name=text))
        .distinct()
        .order_by("code")
    )
    return _group(
        "連携地域",
        found,
        lambda region: Hit(
            region.name,
            f"{region.code}　{region.get_state_display()}",
            reverse("regions:region_detail", args=[region.pk]),
        ),
    )


@source
def applications(viewer: Viewer, text: str) -> HitGroup:
    """Applications by number, receipt number, title or region."""
    found = (
        Application.objects.visible_to(viewer)
        .filter(
            Q(number__icontains=text)
            | Q(receipt_number__icontains=text)
            | Q(lead_document_no__icontains=text)
            | Q(title__icontains=text)
            | Q(region__name__icontains=text)
        )
        .for_list()
        .order_by("-id")
    )
    return _group(
        "申請",
        found,
        lambda row: Hit(
            f"{row.region.name}　{row.title}".strip(),
            f"{row.number}　{row.call.program.short_name}　{FiscalYear(row.fiscal_year).wareki}",
            reverse("subsidies:application_detail", args=[row.pk]),
        ),
    )


@source
def documents(viewer: Viewer, text: str) -> HitGroup:
    """Papers issued on applications, by number or title."""
    return _group(
        "発行した文書",
        papers_with_number(viewer, text).order_by("-issued_at"),
        lambda paper: Hit(
            paper.number.text if paper.number else paper.title,
            f"{paper.title}　{wareki(paper.issued_on)}",
            reverse("subsidies:document_preview", args=[paper.pk]),
        ),
    )


def _group(title: str, found: QuerySet, hit: Callable[[Any], Hit]) -> HitGroup:
    """Return the first hits; the rest is counted only when there is one."""
    rows = list(found[: SHOWN + 1])
    total = found.count() if len(rows) > SHOWN else len(rows)
    return HitGroup(title, [hit(row) for row in rows[:SHOWN]], total, lambda: map(hit, found.iterator(chunk_size=2000)))
