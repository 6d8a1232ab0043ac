"""Two versions of a vision side by side: its words word by word, its initiatives one by one, the cost of each year."""

from __future__ import annotations

from dataclasses import dataclass

from common.fiscal_year import FiscalYear
from common.text_diff import Run, changed, diff, side

from .models import Vision, VisionProject

TEXTS = (
    ("題名", "title"),
    ("目指す将来像", "future_image"),
    ("課題", "issues"),
    ("目指す姿", "aims"),
)


@dataclass(frozen=True)
class TextChange:
    """One field of the two versions as runs; `changed` where they differ."""

    label: str
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return changed(self.runs)

    @property
    def old(self) -> list[Run]:
        """The earlier text with what was taken out."""
        return side(self.runs, old=True)

    @property
    def new(self) -> list[Run]:
        """The later text with what came in."""
        return side(self.runs, old=False)


@dataclass(frozen=True)
class CostChange:
    """What an initiative costs in a year, in yen, in either version; None where nothing stood there."""

    year: FiscalYear
    before: int | None
    after: int | None

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ItemChange:
    """One initiative. `what` is 追加, 削除, 変更 or empty."""

    name: str
    what: str
    texts: tuple[TextChange, ...]
    costs: tuple[CostChange, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, and what stayed (so that the reader sees that it stayed)."""

    facts: tuple[TextChange, ...]
    texts: tuple[TextChange, ...]
    items: tuple[ItemChange, ...]
    totals: tuple[CostChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        rows = [*self.facts, *self.texts]
        return not any(row.changed for row in rows) and not any(item.what for item in self.items)


def compare(before: Vision, after: Vision) -> Comparison:
    """Compare two versions of a region's vision; a constant number of queries."""
    old, new = _items(before), _items(after)
    years = sorted({*before.years, *after.years})
    order = [*new, *(pk for pk in old if pk not in new)]
    return Comparison(
        facts=tuple(
            _text(label, one, other)
            for label, one, other in (
                ("期間", _term(before), _term(after)),
                ("圏域のビジョン", _zone(before), _zone(after)),
            )
            if one or other
        ),
        texts=tuple(_text(label, getattr(before, name), getattr(after, name)) for label, name in TEXTS),
        items=tuple(_item(old.get(pk), new.get(pk), years) for pk in order),
        totals=tuple(CostChange(FiscalYear(year), _sum(old, year), _sum(new, year)) for year in years),
    )


def _items(vision: Vision) -> dict[int, VisionProject]:
    rows = vision.items.select_related("project").prefetch_related("costs", "parts__municipality")
    return {row.project_id: row for row in rows}


def _item(old: VisionProject | None, new: VisionProject | None, years: list[int]) -> ItemChange:
    shown = new or old
    assert shown is not None
    texts = tuple(
        one
        for one in (
            _text("概要", old.outline if old else "", new.outline if new else ""),
            _text("役割分担", _roles(old), _roles(new)),
        )
        if one.runs
    )
    costs = tuple(CostChange(FiscalYear(year), _cost(old, year), _cost(new, year)) for year in years)
    differs = any(one.changed for one in texts) or any(one.changed for one in costs)
    what = "追加" if old is None else "削除" if new is None else "変更" if differs else ""
    return ItemChange(shown.project.name, what, texts, costs)


def _roles(item: VisionProject | None) -> str:
    if item is None:
        return ""
    parts = [f"{row.municipality.name}：{row.role}" for row in item.parts.all()]
    return "\n".join(filter(None, [item.roles, *parts]))


def _cost(item: VisionProject | None, year: int) -> int | None:
    if item is None:
        return None
    return next((cost.amount_yen for cost in item.costs.all() if cost.fiscal_year == year), None)


def _sum(items: dict[int, VisionProject], year: int) -> int:
    return sum(_cost(item, year) or 0 for item in items.values())


def _text(label: str, before: str, after: str) -> TextChange:
    return TextChange(label, tuple(diff(before, after)))


def _term(vision: Vision) -> str:
    return f"{FiscalYear(vision.term_from_fy).wareki}から{FiscalYear(vision.term_to_fy).wareki}まで"


def _zone(vision: Vision) -> str:
    return vision.equivalent_zone.name if vision.equivalent_zone else ""
