"""The coming days of the year's calendar on the start page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from common import audit, clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty, Viewer
from regions.duties import AGREEMENT
from regions.models import Agreement
from subsidies.duties import CALL
from subsidies.models import Application, Call
from subsidies.states import State

SHOWN = 5
SETTLING = (Duty.BS, Duty.BM, Duty.HS, Duty.HM, Duty.AC, Duty.AU)


@dataclass(frozen=True)
class Deadline:
    """A day by which something must be done."""

    on: date
    text: str
    url: str = ""


Source = Callable[[Viewer], Iterable[Deadline]]
_sources: list[Source] = []
_lasting: list[Source] = []


def source(function: Source) -> Source:
    """Decorate a function that names the coming deadlines of one kind for a viewer."""
    _sources.append(function)
    return function


def lasting(function: Source) -> Source:
    """Decorate a source whose answer changes only with the day or with an act: it is asked again after either."""
    _lasting.append(function)
    return function


def all_deadlines(viewer: Viewer, position: int | None = None) -> list[Deadline]:
    """Return what every source names, past days too where a source still names them.

    `position` is `audit.position()` where the page has asked for it already.
    """
    known = _gathered(viewer, audit.position() if position is None else position, clock.today())
    return [*(one for each in _sources for one in each(viewer)), *known]


def deadlines_for(viewer: Viewer, position: int | None = None) -> list[Deadline]:
    """Return the next deadlines from today on, the nearest first."""
    coming = [one for one in all_deadlines(viewer, position) if clock.days_until(one.on) >= 0]
    return sorted(coming, key=lambda one: (one.on, one.text))[:SHOWN]


@lru_cache(maxsize=2048)
def _gathered(viewer: Viewer, position: int, day: date) -> tuple[Deadline, ...]:
    """`position` and `day` are what the lasting sources depend on besides the viewer."""
    return tuple(one for each in _lasting for one in each(viewer))


@source
def books_close(viewer: Viewer) -> Iterable[Deadline]:
    """出納閉鎖 (Local Autonomy Act art. 235-5) of the year whose books are open, and the end of this year."""
    year = FiscalYear.of(clock.today())
    if viewer.has(*SETTLING):
        yield Deadline(FiscalYear(year - 1).books_close_on, f"{FiscalYear(year - 1).wareki} 出納閉鎖")
        yield Deadline(year.books_close_on, f"{year.wareki} 出納閉鎖")
    yield Deadline(year.last_day, f"{year.wareki} 年度末")


@source
def calls_close(viewer: Viewer) -> Iterable[Deadline]:
    """The last day of each open call, for those who write, receive or prepare applications."""
    if not viewer.may(CALL):
        return
    for call in Call.objects.visible_to(viewer).open_on(clock.today()).select_related("program"):
        text = f"{call.program.short_name} {FiscalYear(call.fiscal_year).wareki} 第{call.round}次 募集締切"
        yield Deadline(call.closes_on, text, reverse("subsidies:call_detail", args=[call.pk]))


@source
def own_applications_due(viewer: Viewer) -> Iterable[Deadline]:
    """What was asked of the own town's applications until a day: corrections, the formal application after 内定."""
    if not viewer.is_municipal:
        return
    own = Application.objects.visible_to(viewer).filter(lead=viewer.office.code, due_on__gte=clock.today())
    for row in own.select_related("region").only("due_on", "state", "region__name").order_by("due_on")[:SHOWN]:
        word = "補正の期限" if row.state == State.RETURNED else "交付申請の期限"
        yield Deadline(row.due_on, f"{row.region.name} {word}", reverse("subsidies:application_detail", args=[row.pk]))


@lasting
def agreement_answers_due(viewer: Viewer) -> Iterable[Deadline]:
    """The wished day of the answer to an agreement that the own town has not consented to yet."""
    if not viewer.is_municipal or not viewer.may(AGREEMENT):
        return
    asked = Agreement.objects.awaiting(viewer.office.code).filter(answer_by__gte=clock.today())
    for row in asked.select_related("region").only("answer_by", "region__name").order_by("answer_by")[:SHOWN]:
        yield Deadline(
            row.answer_by, f"{row.region.name} 協定への回答の期限", reverse("regions:agreement_detail", args=[row.pk])
        )
