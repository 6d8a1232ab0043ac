"""When a progress report (遂行状況) is due: the prefecture's own day of the year, for work that is under way on it.

`Prefecture.terms["progress"]` is {"as_of": "09-30", "due": "10-31"} (month and day); without it nothing is due, and the
towns may still report of their own accord.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common import clock
from common.fiscal_year import FiscalYear

from .models import Application


@dataclass(frozen=True)
class Wanted:
    """The day as of which is reported, and until when."""

    as_of: date
    due_on: date


def wanted_of(application: Application) -> Wanted | None:
    """The progress report that this grant owes in its fiscal year, or in the next one once it is carried over into it
    (繰越); None where its work does not span the day."""
    days = application.region.prefecture.terms.get("progress")
    if not days or application.granted_yen is None or application.start_on is None:
        return None
    year = FiscalYear(application.fiscal_year)
    if clock.today() > year.last_day:
        year = application.work_year
    as_of, due_on = _in(year, days["as_of"]), _in(year, days["due"])
    last = application.finished_on or application.end_on or year.last_day
    return Wanted(as_of, due_on) if application.start_on <= as_of < last else None


def _in(year: FiscalYear, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    return date(year if month >= year.first_day.month else year + 1, month, day)
