"""The coming days of the year's calendar on the start page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty, Viewer

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
    """Decorate a function that names the coming deadlines of one kind for a viewer."""
    _sources.append(function)
    return function


def deadlines_for(viewer: Viewer) -> list[Deadline]:
    """Return the next deadlines from today on, the nearest first."""
    coming = [one for each in _sources for one in each(viewer) if clock.days_until(one.on) >= 0]
    return sorted(coming, key=lambda one: (one.on, one.text))[:SHOWN]


@source
def books_close(viewer: Viewer) -> Iterable[Deadline]:
    """出納閉鎖 (Local Autonomy Act art. 235-5) of the year whose books are open, and the end of this year."""
    year = FiscalYear.of(clock.today())
    if viewer.has(*SETTLING):
        yield Deadline(FiscalYear(year - 1).books_close_on, f"{FiscalYear(year - 1).wareki} 出納閉鎖")
        yield Deadline(year.books_close_on, f"{year.wareki} 出納閉鎖")
    yield Deadline(year.last_day, f"{year.wareki} 年度末")
