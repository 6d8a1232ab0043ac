"""One line of work: what waits for a person. Each room offers its own; `portal` puts them together by due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from . import clock
from .fiscal_year import FiscalYear

SOON = timedelta(days=3)


@dataclass(frozen=True)
class WorkItem:
    """One line of the queue: a case, a paper, a figure that is owed.

    `pk` orders lines that are alike otherwise. `shape` is the shape beside the word of the state (● ours, ▲ late).
    `fiscal_year` 0 and `amount_yen` None where the work has none. `ng` and `judge` are None for towns, who see results,
    not counts. `kind` is what the list is filtered by (申請, 協定 …).
    """

    pk: int
    due: date | None
    label: str
    shape: str
    title: str
    subtitle: str
    url: str
    waiting_days: int
    program: str = ""
    fiscal_year: int = 0
    amount_yen: int | None = None
    ng: int | None = None
    judge: int | None = None
    kind: str = "申請"

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < clock.today()

    @property
    def soon(self) -> bool:
        return self.due is not None and clock.today() <= self.due <= clock.today() + SOON

    @property
    def old_year(self) -> bool:
        """Whether it belongs to the year that is over while its books are open."""
        return self.fiscal_year > 0 and FiscalYear(self.fiscal_year).is_old(clock.today())


def by_due(item: WorkItem) -> tuple[date, int, str, int]:
    """The order of the queue: the nearest due date first (none last), then what has waited longest."""
    return item.due or date.max, -item.waiting_days, item.kind, item.pk
