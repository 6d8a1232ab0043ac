"""The coming days on the start page: what this person owes (`common.reminders`), and days that many share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from common import audit, clock, reminders
from common.fiscal_year import FiscalYear
from common.viewer import Duty, Viewer
from regions import obligations as of_regions
from subsidies import obligations as of_subsidies
from subsidies.duties import CALL
from subsidies.models import Call

REGISTERED = (of_regions, of_subsidies)  # their sources are registered by being imported

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


def source(function: Source) -> Source:
    """Decorate a function that names days that nobody owes anything on, such as the end of the year."""
    _sources.append(function)
    return function


def shared(viewer: Viewer) -> list[Deadline]:
    """Return the days of the sources above: nobody owes anything on them."""
    return [one for each in _sources for one in each(viewer)]


def owed_from(viewer: Viewer, day: date, position: int | None = None, *, above: bool = False) -> tuple[Deadline, ...]:
    """Return what the register knows for the viewer from the day on; asked anew only after something was done."""
    return _owed(viewer, audit.position() if position is None else position, day, above)


def deadlines_for(viewer: Viewer, position: int | None = None) -> list[Deadline]:
    """Return the next deadlines from today on, the nearest first.

    `position` is `audit.position()` where the page has asked for it already.
    """
    known = [*shared(viewer), *owed_from(viewer, clock.today(), position)]
    coming = [one for one in known if clock.days_until(one.on) >= 0]
    return sorted(coming, key=lambda one: (one.on, one.text))[:SHOWN]


@lru_cache(maxsize=2048)
def _owed(viewer: Viewer, position: int, day: date, above: bool) -> tuple[Deadline, ...]:
    """`position` and `day` are what the answer depends on besides the viewer."""
    return tuple(Deadline(one.due_on, one.text, one.url) for one in reminders.owed(viewer, day, above=above))


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
