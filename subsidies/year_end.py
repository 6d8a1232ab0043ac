"""The open work of a fiscal year that ends: how many applications stand where, and what has to happen until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer

from .models import Application
from .rulesets import newest_value
from .states import BEFORE_DECISION, State

S = State
AT_WORK = (S.GRANTED, S.RUNNING, S.CHANGE_REVIEW, S.DELAY_REVIEW, S.STOP_REVIEW, S.SUSPENDED)
TO_REPORT = (S.REPORT_DUE, S.REPORT_OVERDUE, S.REPORT_RETURNED)
TO_SETTLE = (S.REPORTED, S.INSPECTED, S.FIXED, S.RETURN_ORDERED, S.SETTLED)


@dataclass(frozen=True)
class OpenWork:
    """Applications in some states: what has to happen to them by the day; `groups` are counts by state label."""

    until: date
    words: str
    groups: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(many for _, many in self.groups)

    @property
    def late(self) -> bool:
        return self.total > 0 and self.until < clock.today()


def open_work(year: int, viewer: Viewer) -> list[OpenWork]:
    """What of the fiscal year is still open, as far as the viewer may know it. Two queries.

    A grant that was carried over counts in the year in which its work ends.
    """
    ends_in = Q(fiscal_year=year, carried_over=False) | Q(fiscal_year=year - 1, carried_over=True)
    rows = Application.objects.visible_to(viewer).filter(ends_in).order_by()
    counted = {row["state"]: row["many"] for row in rows.values("state").annotate(many=Count("pk"))}
    of = FiscalYear(year)
    last = newest_value("report_last_day")  # month and day; without published rules there is no report to wait for
    month, day = (int(part) for part in last.split("-")) if last else (of.last_day.month, of.last_day.day)

    def named(until: date, words: str, states: tuple[State, ...]) -> OpenWork:
        return OpenWork(until, words, tuple((one.label, counted[one]) for one in states if counted.get(one)))

    return [
        named(of.last_day, "交付決定または不採択・不交付・取下げ", (*BEFORE_DECISION, S.APPROVAL, S.SELECTED)),
        named(of.last_day, "事業の完了（変更・中止・遅延の審査を含む）", AT_WORK),
        named(date(year + 1, month, day), "実績報告の提出", TO_REPORT),
        named(of.books_close_on, "検査・額の確定・支払・完結（出納閉鎖まで）", TO_SETTLE),
    ]
