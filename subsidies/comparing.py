"""What an application says beside what it said before: the last submission, or the year before.

What is reviewed is the snapshot of the last submission, never what the towns are writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.fiscal_year import FiscalYear
from common.viewer import Viewer

from .models import Application, ReductionLine, Snapshot
from .snapshots import Change, Content, differences, show_figure

OVERVIEW = ("概要", "取組", "収入")


@dataclass(frozen=True)
class Earlier:
    """An earlier content to compare with. `key` is last (前回提出) or year (前年度)."""

    key: str
    label: str
    content: Content

    @property
    def short(self) -> str:
        """前回提出, 前年度: as table heads say it."""
        return self.label.partition("（")[0]


@dataclass(frozen=True)
class CostRow:
    """A cost line of the submission; amounts in whole yen, `before_yen` None where the line is new."""

    number: int
    category: str
    description: str
    project: str
    quantity: str
    amount_yen: int
    eligible_yen: int
    before_yen: int | None
    hard: bool
    other_subsidy: bool
    reduction: ReductionLine | None

    @property
    def difference_yen(self) -> int:
        return self.amount_yen - (self.before_yen or 0)


@dataclass(frozen=True)
class Costs:
    """All cost lines with their totals; `gone` are lines that the earlier content had and this one has not."""

    rows: tuple[CostRow, ...]
    gone: tuple[tuple[str, int], ...]
    amount_yen: int
    eligible_yen: int
    before_yen: int | None
    reduced_yen: int

    @property
    def difference_yen(self) -> int:
        return self.amount_yen - (self.before_yen or 0)

    @property
    def reductions(self) -> list[ReductionLine]:
        """The cuts, in the order of the lines."""
        return [row.reduction for row in self.rows if row.reduction]


def earlier_contents(application: Application, viewer: Viewer, snapshots: list[Snapshot]) -> list[Earlier]:
    """Return what the last submission can be compared with, the better first; `snapshots` are newest first."""
    found = []
    if len(snapshots) > 1:
        before = snapshots[1]
        label = "前回提出" if before.phase == snapshots[0].phase else "要望時"
        found.append(Earlier("last", f"{label}（第{before.version}版）", before.data))
    last_year = Application.objects.visible_to(viewer).last_year_of(application).first()
    if last_year is not None:
        frozen = last_year.snapshots.order_by("-version").first()
        if frozen is not None:
            year = FiscalYear(last_year.fiscal_year).wareki
            found.append(Earlier("year", f"前年度（{year}）", frozen.data))
    return found


def changes(content: Content, earlier: Earlier | None) -> dict[str, list[Change]]:
    """Return the lines of the content by section, each beside what stood there before."""
    lines: dict[str, list[Change]] = {}
    for change in differences(earlier.content if earlier else content, content):
        lines.setdefault(change.section, []).append(change)
    return lines


def costs_of(content: Content, earlier: Earlier | None, reductions: Mapping[int, ReductionLine]) -> Costs:
    """Return the cost lines beside the earlier ones of the same category and description, or of the same number."""
    old = list(earlier.content["costs"]) if earlier else []
    rows = []
    for line in content["costs"]:
        match = _match(line, old)
        if match is not None:
            old.remove(match)
        rows.append(
            CostRow(
                number=line["number"],
                category=line["category"],
                description=line["description"],
                project=line["project"],
                quantity=_quantity(line),
                amount_yen=line["amount_yen"],
                eligible_yen=line["eligible_yen"],
                before_yen=match["amount_yen"] if match else None,
                hard=line["is_hard"],
                other_subsidy=line["other_subsidy"],
                reduction=reductions.get(line["number"]),
            )
        )
    return Costs(
        rows=tuple(rows),
        gone=tuple((f"{line['category']}　{line['description']}", line["amount_yen"]) for line in old),
        amount_yen=sum(row.amount_yen for row in rows),
        eligible_yen=sum(row.eligible_yen for row in rows),
        before_yen=sum(line["amount_yen"] for line in earlier.content["costs"]) if earlier else None,
        reduced_yen=sum(row.reduction.amount_yen for row in rows if row.reduction),
    )


def _match(line: Mapping[str, Any], old: list[Any]) -> Any:
    same = [other for other in old if other["category"] == line["category"]]
    exact = next((other for other in same if other["description"] == line["description"]), None)
    return exact or next((other for other in same if other["number"] == line["number"]), None)


def _quantity(line: Mapping[str, Any]) -> str:
    """6回 × 120,000; 一式 where no unit price is given."""
    if not line["quantity"] or line["unit_price_yen"] is None:
        return "一式"
    return f"{show_figure(line['quantity'])}{line['unit']} × {line['unit_price_yen']:,}"
