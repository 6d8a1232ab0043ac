"""The fiscal year month by month: what usually happens, and the days that this person has (domain §3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.urls import reverse

from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Prefecture
from regions.duties import CONFERENCE, FORWARD_PLAN
from regions.models import ConferenceMeeting, ForwardPlan
from subsidies.duties import CALL
from subsidies.models import Call

from .deadlines import Deadline, owed_from, shared

CYCLES: Path = settings.BASE_DIR / "fixtures/ground/cycles.yaml"
ORDER = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


@dataclass(frozen=True)
class Cycle:
    """One stream of the year's work; `months` gives its sentences by month (1–12)."""

    key: str
    title: str
    source: str
    months: dict[int, tuple[str, ...]]


@dataclass
class Month:
    """One month: the sentences of each cycle in their order, and the viewer's days."""

    first: date
    texts: Sequence[tuple[str, ...]]
    days: list[Deadline] = field(default_factory=list)
    current: bool = False


@dataclass(frozen=True)
class Calendar:
    """A fiscal year, April to March."""

    year: FiscalYear
    cycles: Sequence[Cycle]
    months: Sequence[Month]


@cache
def _written() -> tuple[tuple[str, Cycle], ...]:
    """The cycles of the fixture with the module each belongs to (empty: everywhere)."""
    rows: list[dict[str, Any]] = yaml.safe_load(CYCLES.read_text(encoding="utf-8"))
    return tuple((row.get("module", ""), _cycle(row)) for row in rows)


def _cycle(row: dict[str, Any]) -> Cycle:
    months = {month: tuple(item["text"] for item in row["items"] if month in item["months"]) for month in ORDER}
    return Cycle(row["key"], row["title"], row["source"], months)


def cycles_of(modules: Iterable[str]) -> list[Cycle]:
    """The cycles of a prefecture that works with these modules."""
    known = set(modules)
    return [cycle for module, cycle in _written() if not module or module in known]


def calendar_of(viewer: Viewer, year: FiscalYear, today: date) -> Calendar:
    """The year as this viewer lives it; a constant number of queries."""
    terms = Prefecture.objects.values_list("terms", flat=True).get(pk=settings.PREFECTURE_CODE)
    cycles = cycles_of(terms.get("modules", ()))
    months = []
    for number in ORDER:
        first = date(year + (number < ORDER[0]), number, 1)
        texts = [cycle.months[number] for cycle in cycles]
        months.append(Month(first, texts, current=(first.year, first.month) == (today.year, today.month)))
    for one in days_of(viewer, year):
        months[ORDER.index(one.on.month)].days.append(one)
    return Calendar(year, cycles, months)


def days_of(viewer: Viewer, year: FiscalYear) -> list[Deadline]:
    """The viewer's days in the fiscal year in their order: what she owes or hears of, what many share, what is over."""
    owed = owed_from(viewer, year.first_day, above=True)
    days = {(one.on, one.text): one for one in [*owed, *shared(viewer), *_days(viewer, year)]}
    within = [one for one in days.values() if year.first_day <= one.on <= year.last_day]
    return sorted(within, key=lambda day: (day.on, day.text))


def _days(viewer: Viewer, year: FiscalYear) -> Iterable[Deadline]:
    """The days of the year that no longer wait, or lie further ahead than a deadline: calls, meetings, reviews."""
    if viewer.may(CALL):
        calls = Call.objects.visible_to(viewer).filter(opens_on__lte=year.last_day, closes_on__gte=year.first_day)
        for call in calls.select_related("program"):
            name = f"{call.program.short_name} {FiscalYear(call.fiscal_year).wareki} 第{call.round}次"
            url = reverse("subsidies:call_detail", args=[call.pk])
            yield Deadline(call.opens_on, f"{name} 募集開始", url)
            yield Deadline(call.closes_on, f"{name} 募集締切", url)
    if viewer.may(CONFERENCE):
        meetings = ConferenceMeeting.objects.visible_to(viewer).exclude(state=ConferenceMeeting.State.CANCELLED)
        for meeting in meetings.of_viewer(viewer).filter(planned_on__range=(year.first_day, year.last_day)):
            url = reverse("regions:meeting_detail", args=[meeting.pk])
            yield Deadline(meeting.day, f"{meeting.title} 開催", url)
    if viewer.may(FORWARD_PLAN):
        plans = ForwardPlan.objects.visible_to(viewer).filter(adopted_on__range=(year.first_day, year.last_day))
        for plan in plans.of_viewer(viewer).select_related("bureau"):
            url = reverse("regions:plan_detail", args=[plan.pk])
            yield Deadline(plan.adopted_on, f"{plan.bureau.short_name}の前進プラン 第{plan.version}版 策定", url)
