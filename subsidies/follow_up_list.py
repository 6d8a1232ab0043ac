"""支援後の状況: how initiatives go on after the support, across all regions; the page and the written list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer
from regions.models import Kpi

from .duties import FOLLOW_UP
from .models import FollowUp
from .querysets import FollowUpQuerySet

PAGE_ROWS = 50
ANSWERS = {"open": "未回答", "goes_on": "続いている", "ended": "続いていない", "national": "国の制度へ移行"}
_WHEN = {
    "open": Q(answered_at=None),
    "goes_on": Q(answered_at__isnull=False, continues=True),
    "ended": Q(answered_at__isnull=False, continues=False),
    "national": Q(answered_at__isnull=False, national_scheme=True),
}


@dataclass(frozen=True)
class FollowUpFilters:
    """What narrows the overview; empty values narrow nothing."""

    year: int | None = None
    bureau: str = ""
    answer: str = ""

    @property
    def any(self) -> bool:
        return self != FollowUpFilters()


@dataclass(frozen=True)
class KpiLine:
    """One indicator of the initiative with the value of the year and its target; - where there is none."""

    name: str
    unit: str
    actual: str
    target: str


def follow_ups(viewer: Viewer, filters: FollowUpFilters) -> FollowUpQuerySet:
    """The rows this person may know, narrowed; the newest year first."""
    rows: FollowUpQuerySet = FollowUp.objects.visible_to(viewer)
    if filters.year is not None:
        rows = rows.filter(fiscal_year=filters.year)
    if filters.bureau:
        rows = rows.filter(application__lead_bureau=filters.bureau)
    if filters.answer:
        rows = rows.filter(_WHEN[filters.answer])
    return rows.for_list().order_by("-fiscal_year", "application__region__name", "project__name", "id")


def follow_ups_of_region(region: str, viewer: Viewer) -> list[tuple[FollowUp, str]]:
    """What the towns of a region answered after the support, the newest year first, each in a word. One query."""
    if not viewer.may(FOLLOW_UP):
        return []
    answered = follow_ups(viewer, FollowUpFilters()).filter(application__region=region, answered_at__isnull=False)
    return [(row, word_of(row)) for row in answered]


def years_of(viewer: Viewer) -> list[int]:
    """The years that are asked about, the newest first."""
    rows = FollowUp.objects.visible_to(viewer).order_by("-fiscal_year")
    return list(rows.values_list("fiscal_year", flat=True).distinct())


def tally(rows: FollowUpQuerySet) -> list[tuple[str, int]]:
    """How many rows have which answer. One query."""
    counts = rows.order_by().aggregate(**{name: Count("pk", filter=when) for name, when in _WHEN.items()})
    return [(label, counts[name]) for name, label in ANSWERS.items()]


def word_of(row: FollowUp) -> str:
    """未回答, 続いている, 続いていない; with the move to a national scheme."""
    if row.answered_at is None:
        return ANSWERS["open"]
    word = ANSWERS["goes_on" if row.continues else "ended"]
    return f"{word}（{ANSWERS['national']}）" if row.national_scheme else word


def kpis_of(row: FollowUp) -> list[KpiLine]:
    """The indicators of the initiative in that year, from the region's KPIs. Three queries."""
    kpis = Kpi.objects.filter(project=row.project_id).prefetch_related("actuals", "targets").order_by("number")
    lines = []
    for kpi in kpis:
        actual = next((one.value for one in kpi.actuals.all() if one.fiscal_year == row.fiscal_year), None)
        target = next((one.value for one in kpi.targets.all() if one.fiscal_year == row.fiscal_year), None)
        lines.append(KpiLine(kpi.name, kpi.unit, _figure(actual), _figure(target)))
    return lines


def stage_link(row: FollowUp) -> str:
    """The page that reads the stage of region × field, with this answer as its evidence."""
    evidence = f"{row.year.wareki}の支援後の状況（{row.project.name}）：{word_of(row)}。"
    if row.funding:
        evidence += f"財源：{row.funding}。体制：{row.staffing}。"
    field = f"evidence-{row.project.main_field_id}-municipal"
    return f"{reverse('regions:stage_new', args=[row.application.region_id])}?{urlencode({field: evidence})}"


def follow_up_columns() -> list[Column[Any]]:
    """One line for each initiative and year."""
    return [
        Column("連携地域コード", lambda row: row.application.region_id, 12),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("主管振興局", lambda row: row.application.lead_bureau.name, 18),
        Column("代表市町村", lambda row: row.application.lead.name, 12),
        Column("取組コード", lambda row: row.project.code, 12),
        Column("取組", lambda row: row.project.name, 30),
        Column("分野", lambda row: row.project.main_field.name if row.project.main_field else "", 14),
        Column("支援年度（西暦）", lambda row: row.application.fiscal_year, 14),
        Column("年度（西暦）", lambda row: row.fiscal_year, 12),
        Column("年度", lambda row: FiscalYear(row.fiscal_year).wareki, 12),
        Column("状況", word_of, 24),
        Column("財源", lambda row: row.funding if row.answered_at else "", 30),
        Column("体制", lambda row: row.staffing if row.answered_at else "", 30),
        Column("課題", lambda row: row.obstacles if row.answered_at else "", 40),
        Column("回答日", lambda row: row.answered_at, 12),
        Column("振興局のコメント", lambda row: row.comment, 40),
    ]


def _figure(value: Any) -> str:
    return "－" if value is None else f"{value.normalize():,f}"
