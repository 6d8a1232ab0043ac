"""The annual report put together: each chapter by itself for the page, all of them for the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings

from common.documents import Head, freeze
from common.fiscal_year import FiscalYear, wareki
from common.viewer import Viewer
from subsidies.models import SupportYear

from ..context_processors import prefecture_name
from . import (
    appendix,
    comparison,
    field_counts,
    follow_ups,
    kpi_results,
    money,
    prefecture_indicators,
    regions_years,
    stages,
    territory,
)
from .ground import AnnualGround
from .shape import AnnualReport, Chapter

KIND = "D-28"
TITLE = "広域連携 年次報告書"
CHAPTERS: dict[str, tuple[str, Callable[[AnnualGround], Chapter]]] = {
    "territory": ("全道の枠組み", territory.chapter),
    "regions": ("連携地域と支援の年度", regions_years.chapter),
    "programs": ("制度の比較", comparison.chapter),
    "fields": ("分野別の取組数", field_counts.chapter),
    "money": ("交付金の額", money.chapter),
    "kpis": ("成果指標（KPI）", kpi_results.chapter),
    "indicators": ("全道の指標", prefecture_indicators.chapter),
    "stages": ("連携の段階", stages.chapter),
    "follow-up": ("支援後の状況と事例", follow_ups.chapter),
    "members": ("資料　構成市町村と文書", appendix.members),
    "notes": ("出典と注記", appendix.notes),
}


def ground_of(year: FiscalYear, viewer: Viewer) -> AnnualGround:
    """What the report of the year rests on, for this prefecture."""
    return AnnualGround(year, viewer, settings.PREFECTURE_CODE, prefecture_name())


def chapter_of(key: str, ground: AnnualGround) -> dict[str, Any]:
    """One chapter with its number, as plain data. Raises KeyError for a chapter that is none."""
    number = list(CHAPTERS).index(key) + 1
    return asdict(replace(CHAPTERS[key][1](ground), number=number))


def annual_report(year: FiscalYear, viewer: Viewer) -> dict[str, Any]:
    """The whole report of a fiscal year as it stands today, as plain data; queries do not depend on the rows."""
    ground = ground_of(year, viewer)
    report = AnnualReport(
        head=Head(
            title=f"{TITLE}（{year.wareki}）",
            heading=(TITLE, year.wareki),
            issued_on=ground.on,
            sender=(ground.name,),
        ),
        fiscal_year=int(year),
        year=year.wareki,
        prefecture=ground.name,
        on=wareki(ground.on),
        chapters=tuple(replace(make(ground), number=number) for number, (_, make) in enumerate(CHAPTERS.values(), 1)),
    )
    return freeze(report)


def years_to_tell(prefecture: str, this_year: FiscalYear) -> list[FiscalYear]:
    """The fiscal years of which a report can be made, the newest first: from the first year of support on."""
    first = SupportYear.objects.filter(region__prefecture=prefecture).order_by("fiscal_year")
    start = first.values_list("fiscal_year", flat=True).first() or int(this_year)
    return [FiscalYear(year) for year in range(int(this_year), start - 1, -1)]
