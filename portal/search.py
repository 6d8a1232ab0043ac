"""The search in the header: one question over everything this office may know, by name or number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Q, QuerySet, When
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse

from common import clock
from common.fiscal_year import FiscalYear, wareki
from common.models import DocumentIssue
from common.viewer import Viewer
from municipalities.duties import MASTER
from municipalities.models import Municipality
from regions.models import Region
from subsidies.models import Application

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
            town.name, f"{town.prefecture.name}　{town.code}", _address("municipalities:municipality_detail", town.pk)
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
            region.name, f"{region.code}　{region.get_state_display()}", _address("regions:region_detail", region.pk)
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
            _address("subsidies:application_detail", row.pk),
        ),
    )


@source
def documents(viewer: Viewer, text: str) -> HitGroup:
    """Papers issued on applications by their number or title; those 庁内限り only for whoever may see these."""
    mine = Application.objects.visible_to(viewer).annotate(text=Cast("pk", CharField())).values("text")
    found = (
        DocumentIssue.objects.filter(
            Q(number__text__icontains=text) | Q(title__icontains=text),
            subject_type="subsidies.application",
            subject_id__in=mine,
        )
        .select_related("number")
        .order_by("-issued_at")
    )
    if not viewer.sees_internal:
        found = found.filter(internal=False)
    return _group(
        "発行した文書",
        found,
        lambda paper: Hit(
            paper.number.text if paper.number else paper.title,
            f"{paper.title}　{wareki(paper.issued_on)}",
            _address("subsidies:application_detail", int(paper.subject_id)),
        ),
    )


def _group(title: str, found: QuerySet, hit: Callable[[Any], Hit]) -> HitGroup:
    """Return the first hits; the rest is counted only when there is one."""
    rows = list(found[: SHOWN + 1])
    return HitGroup(title, [hit(row) for row in rows[:SHOWN]], found.count() if len(rows) > SHOWN else len(rows))


def _address(view: str, pk: object) -> str:
    """Return the page of what was found; nothing while there is no such page."""
    try:
        return reverse(view, args=[pk])
    except NoReverseMatch:
        return ""
