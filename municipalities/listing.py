"""The rows of the list of municipalities: office, people of the last census and of 2040, one query for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from common.sheets.writing import Column
from common.viewer import Viewer

from .models import DataSource, Municipality, PopulationFigure
from .population import TARGET_YEAR, change_text, percent
from .profile import CENSUS, LATEST
from .querysets import MunicipalityQuerySet

CENSUS_YEAR = 2020


def listed(viewer: Viewer, prefecture: str, *, bureau: str, kind: str, q: str, on: date) -> MunicipalityQuerySet:
    """Existing municipalities in code order with `bureau_name`, `census_total`, `target_total`, `base_total`.

    `prefecture` is a two-digit code or `all`; `bureau`, `kind`, `q` narrow it where not empty.
    """
    found = Municipality.objects.visible_to(viewer).existing(on)
    if prefecture != "all":
        found = found.of_prefecture(prefecture)
    if bureau:
        found = found.under(bureau, on)
    if kind:
        found = found.filter(kind=kind)
    found = found.search(q).with_bureau(on)
    return found.select_related("prefecture").annotate(
        census_total=_total(CENSUS, CENSUS_YEAR),
        base_total=_total(LATEST, CENSUS_YEAR),
        target_total=_total(LATEST, TARGET_YEAR),
    )


def sources_of_list() -> QuerySet[DataSource]:
    """Where the figures of the list come from."""
    return DataSource.objects.filter(pk__in=["codes", CENSUS, LATEST])


@dataclass(frozen=True)
class ListLine:
    """One municipality of the list; `decline` is the share lost by the latest edition from its base year to 2040."""

    town: Municipality
    bureau: str
    census: int | None
    target: int | None
    decline: Fraction | None

    @property
    def change(self) -> str:
        """▲35.0."""
        return change_text(self.decline)


def lines(rows: Iterable[Any]) -> Iterator[ListLine]:
    """The rows of `listed` as the page shows them, one by one."""
    for row in rows:
        decline = _decline(row.base_total, row.target_total)
        yield ListLine(row, row.bureau_short_name or "", row.census_total, row.target_total, decline)


def columns() -> list[Column[ListLine]]:
    """What the list shows, one value a cell; a change below zero is a negative number."""
    return [
        Column("団体コード", lambda line: line.town.pk, 12),
        Column("市町村名", lambda line: line.town.name, 16),
        Column("ふりがな", lambda line: line.town.kana, 20),
        Column("都道府県", lambda line: line.town.prefecture.name, 10),
        Column("所管", lambda line: line.bureau, 12),
        Column("種別", lambda line: line.town.get_kind_display(), 8),
        Column(f"人口 {CENSUS_YEAR}年（人）", lambda line: line.census, 16),
        Column(f"推計 {TARGET_YEAR}年（人）", lambda line: line.target, 16),
        Column(
            f"増減率 {CENSUS_YEAR}→{TARGET_YEAR}年（％）",
            lambda line: None if line.decline is None else Decimal(percent(-line.decline, 1)),
            22,
        ),
    ]


def _decline(base: int | None, target: int | None) -> Fraction | None:
    return Fraction(base - target, base) if base and target is not None else None


def _total(series: str, year: int) -> Subquery:
    figures = PopulationFigure.objects.filter(series=series, year=year, municipality=OuterRef("pk"))
    return Subquery(figures.values("total")[:1])
