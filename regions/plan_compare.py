"""Two versions of a forward plan side by side: which words, regions and initiatives came and went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.fiscal_year import FiscalYear
from common.text_diff import Change, Run, diff

from .models import ForwardPlan, ForwardPlanInitiative


@dataclass(frozen=True)
class Passage:
    """One part of the plan with the runs from the older to the newer version."""

    title: str
    runs: Sequence[Run]

    @property
    def changed(self) -> bool:
        return any(run.change != Change.KEPT for run in self.runs)


@dataclass(frozen=True)
class Line:
    """A region or an initiative: kept, removed or added."""

    change: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """Everything that may differ between two versions."""

    older: ForwardPlan
    newer: ForwardPlan
    passages: Sequence[Passage]
    regions: Sequence[Line]
    initiatives: Sequence[Line]


def compare(older: ForwardPlan, newer: ForwardPlan) -> Comparison:
    """Compare two versions of one bureau's plan, field by field."""
    passages = [
        Passage("題名", diff(older.title, newer.title)),
        Passage("期間", diff(_term(older), _term(newer))),
        Passage("推進の方向", diff(older.direction, newer.direction)),
        Passage("同等とみなす理由", diff(older.waiver_reason, newer.waiver_reason)),
    ]
    return Comparison(
        older,
        newer,
        [one for one in passages if one.runs],
        _lines(_regions(older), _regions(newer)),
        _lines(_initiatives(older), _initiatives(newer)),
    )


def _term(plan: ForwardPlan) -> str:
    return f"{FiscalYear(plan.term_from_fy).wareki}から{FiscalYear(plan.term_to_fy).wareki}まで"


def _regions(plan: ForwardPlan) -> list[str]:
    return list(plan.listings.order_by("region").values_list("region__name", flat=True))


def _initiatives(plan: ForwardPlan) -> list[str]:
    rows = plan.initiatives.select_related("field", "region")
    return [f"{row.name}（{_field(row)}、{_region(row)}）" for row in rows]


def _field(row: ForwardPlanInitiative) -> str:
    return row.field.name if row.field else "分野によらない"


def _region(row: ForwardPlanInitiative) -> str:
    return row.region.name if row.region else "地域によらない"


def _lines(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """What was removed stands before what was added, what was kept in between in the newer order."""
    gone = [Line("removed", text) for text in old if text not in new]
    return [*gone, *(Line("kept" if text in old else "added", text) for text in new)]
