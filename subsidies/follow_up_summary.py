"""自走化の状況: how many initiatives go on after the support, by year, program and region. Numbers, no answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer

from .models import FollowUp


@dataclass(frozen=True)
class Tally:
    """How many initiatives were asked about, and what was answered; moves to a national scheme count in both."""

    asked: int = 0
    goes_on: int = 0
    national: int = 0
    ended: int = 0

    @property
    def answered(self) -> int:
        return self.goes_on + self.ended

    @property
    def waiting(self) -> int:
        return self.asked - self.answered

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, with its numbers."""

    title: str
    tally: Tally
    year: int = 0
    region: str = ""


@dataclass(frozen=True)
class Summary:
    """The three tables; `regions` has a line for each year and region, the newest year first."""

    years: list[Line]
    programs: list[Line]
    regions: list[Line]

    @property
    def latest(self) -> Line | None:
        return self.years[0] if self.years else None


def summary_of(viewer: Viewer) -> Summary:
    """Return the numbers this person may read. One query.

    A program counts each initiative once, with its newest answer: what became of what it supported.
    """
    rows = list(
        FollowUp.objects.counted_for(viewer)
        .values_list(
            "fiscal_year", "application__region", "application__region__name", "application__call__program__name",
            "project", "answered_at", "continues", "national_scheme", named=True,
        )
        .order_by("-fiscal_year", "application__region")
    )  # fmt: skip
    newest: dict[int, Any] = {}
    for row in rows:
        if row.project not in newest or (newest[row.project].answered_at is None and row.answered_at is not None):
            newest[row.project] = row
    return Summary(
        years=_lines(rows, lambda row: Line(FiscalYear(row.fiscal_year).wareki, _one(row), row.fiscal_year)),
        programs=_lines(newest.values(), lambda row: Line(row.application__call__program__name, _one(row))),
        regions=_lines(
            rows,
            lambda row: Line(row.application__region__name, _one(row), row.fiscal_year, row.application__region),
        ),
    )


def summary_columns() -> list[Column[Line]]:
    """One line for each year and region."""
    return [
        Column("年度（西暦）", lambda line: line.year, 12),
        Column("年度", lambda line: FiscalYear(line.year).wareki, 12),
        Column("連携地域コード", lambda line: line.region, 14),
        Column("連携地域", lambda line: line.title, 28),
        Column("たずねた取組", lambda line: line.tally.asked, 12),
        Column("回答", lambda line: line.tally.answered, 10),
        Column("続いている", lambda line: line.tally.goes_on, 10),
        Column("うち国の制度へ移行", lambda line: line.tally.national, 18),
        Column("続いていない", lambda line: line.tally.ended, 12),
        Column("未回答", lambda line: line.tally.waiting, 10),
    ]


def _one(row: Any) -> Tally:
    if row.answered_at is None:
        return Tally(asked=1)
    goes_on = bool(row.continues)
    return Tally(1, int(goes_on), int(goes_on and row.national_scheme), int(not goes_on))


def _lines(rows: Iterable[Any], line_of: Callable[[Any], Line]) -> list[Line]:
    """Put rows of the same year, region and title together, in the order in which they come."""
    found: dict[tuple[int, str, str], Line] = {}
    for row in rows:
        one = line_of(row)
        key = (one.year, one.region, one.title)
        before = found[key].tally if key in found else Tally()
        found[key] = Line(one.title, before + one.tally, one.year, one.region)
    return list(found.values())
