"""The books of a fiscal year (出納): until when money may leave them, and what is to be done afterwards.

Local Autonomy Act art. 235-5: the books of a fiscal year close on 31 May after it.
"""

from __future__ import annotations

from datetime import date, timedelta

from common import clock
from common.fiscal_year import wareki

from .models import Application

WARNED = timedelta(days=60)  # so long before the books close, pages of accounting count the days


def books_close_on(application: Application) -> date:
    """The last day on which this grant may be paid."""
    return application.work_year.books_close_on


def closed_problem(application: Application, on: date) -> str:
    """Why nothing may be paid on the day, and what to do instead; empty while the books are open."""
    last = books_close_on(application)
    if on <= last:
        return ""
    year = application.work_year.wareki
    return (
        f"{year}の出納閉鎖（{wareki(last)}）を過ぎた日の支払は記録できません。{year}の予算からは支払えないため、"
        "翌年度の予算から支払う手続（過年度支出）について、本庁の審査担当に相談してください。"
    )


def soon_closing(application: Application) -> bool:
    """Whether the days until the books close are to be counted before people's eyes."""
    left = books_close_on(application) - clock.today()
    return timedelta(0) <= left <= WARNED
