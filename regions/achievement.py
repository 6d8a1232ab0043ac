"""How far a KPI has come and whether it keeps to its planned path: exact fractions, no query, no clock.

Domain §3, KPI: achievement = (actual − baseline) ÷ (target − baseline), or the comparison of actual and target for
維持, 新規 and targets that equal the baseline. Values may be negative, targets zero; 全数 compares with the whole where
it is known. The planned value of a year is the one entered for it, else the straight line between the nearest years
that are known (baseline, entered years, target).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from .models import Kpi

Number = Fraction | Decimal | int


@dataclass(frozen=True)
class Plan:
    """What was planned, as plain numbers. `baseline` is None where it is 新規, `target` for 全数 without a whole.

    `first` is the first fiscal year of which an actual is expected, `last` the last one (target year, or the end of the
    initiative before it); `yearly` holds the values entered for single years.
    """

    baseline: Fraction | None
    baseline_fy: int | None
    target: Fraction | None
    target_fy: int | None
    direction: str = Kpi.Direction.UP
    qualifier: str = Kpi.Qualifier.NONE
    yearly: Mapping[int, Fraction] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None

    @property
    def downwards(self) -> bool:
        """Whether less is better."""
        return self.direction == Kpi.Direction.DOWN or self.qualifier == Kpi.Qualifier.AT_MOST

    @property
    def keeps(self) -> bool:
        """Whether a level is to be held (維持): every year is measured against the target itself."""
        return self.direction == Kpi.Direction.KEEP or self.qualifier == Kpi.Qualifier.KEEP

    def meets(self, value: Fraction, goal: Fraction) -> bool:
        """Whether the value is as good as the goal."""
        return value <= goal if self.downwards else value >= goal


@dataclass(frozen=True)
class Achievement:
    """`share` is the part of the way that was gone, None where no way can be measured (新規, 維持, 基準＝目標);
    `reached` says whether the target is met, None where it has no number (全数)."""

    share: Fraction | None
    reached: bool | None


class Basis(StrEnum):
    """Where a planned value comes from."""

    ENTERED = "entered"
    LINE = "line"
    KEPT = "kept"


@dataclass(frozen=True)
class Planned:
    """The planned value of one year, and where it comes from."""

    value: Fraction
    basis: Basis


class Standing(StrEnum):
    """Where a KPI stands; each KPI is in exactly one of these."""

    ON_PATH = "on_path"
    SHORT = "short"
    MISSING = "missing"
    OPEN = "open"
    NOT_DUE = "not_due"

    @property
    def label(self) -> str:
        return STANDING_LABELS[self]


STANDING_LABELS = {
    Standing.ON_PATH: "計画どおり",
    Standing.SHORT: "計画を下回る",
    Standing.MISSING: "実績なし",
    Standing.OPEN: "判定しない",
    Standing.NOT_DUE: "時期前",
}


@dataclass(frozen=True)
class Position:
    """The standing with what it follows from: the year judged, its actual, its planned value.

    `gap` is by how much the actual falls short of the plan (positive: short), in the unit of the KPI. `needed` is the
    change a year that would still reach the target, `pace` the one planned for the same years; both signed (negative:
    down), None where no year is left or a level is to be held.
    """

    standing: Standing
    year: int | None = None
    actual: Fraction | None = None
    planned: Planned | None = None
    gap: Fraction | None = None
    needed: Fraction | None = None
    pace: Fraction | None = None
    missing: tuple[int, ...] = ()


def plan_of(kpi: Kpi, *, yearly: Mapping[int, Number] | None = None, whole: int | None = None) -> Plan:
    """Return the plan of a KPI. `whole` is what 全数 means in numbers (how many members there are), where it is known.

    `yearly` are the values entered for single years; the initiative of the KPI must have been read with it.
    """
    target = whole if kpi.target is None and kpi.qualifier == Kpi.Qualifier.ALL else kpi.target
    entered = {int(year): Fraction(value) for year, value in (yearly or {}).items()}
    first, last = _years(kpi, entered)
    return Plan(
        baseline=None if kpi.baseline is None else Fraction(kpi.baseline),
        baseline_fy=kpi.baseline_fy,
        target=None if target is None else Fraction(target),
        target_fy=kpi.target_fy,
        direction=kpi.direction,
        qualifier=kpi.qualifier,
        yearly=entered,
        first=first,
        last=last,
    )


def achievement(plan: Plan, actual: Number) -> Achievement:
    """Compare an actual value with the target. Values may be negative and targets zero (domain §3, KPI)."""
    if plan.target is None:
        return Achievement(None, None)
    value = Fraction(actual)
    reached = plan.meets(value, plan.target)
    if plan.baseline is None or plan.keeps or plan.baseline == plan.target:
        return Achievement(None, reached)
    return Achievement((value - plan.baseline) / (plan.target - plan.baseline), reached)


def planned(plan: Plan, year: int) -> Planned | None:
    """Return the planned value of a fiscal year; None where the plan says nothing of it.

    After the target year the target is to be held. Before the first known year nothing is planned.
    """
    if year in plan.yearly:
        return Planned(plan.yearly[year], Basis.ENTERED)
    if plan.baseline_fy is not None and year <= plan.baseline_fy:
        return None
    if plan.target is not None and (plan.keeps or (plan.target_fy is not None and year >= plan.target_fy)):
        return Planned(plan.target, Basis.KEPT if plan.keeps or year != plan.target_fy else Basis.ENTERED)
    known = _known(plan)
    before = max((at for at in known if at < year), default=None)
    after = min((at for at in known if at > year), default=None)
    if before is None or after is None:
        return None
    part = Fraction(year - before, after - before)
    return Planned(known[before] + (known[after] - known[before]) * part, Basis.LINE)


def expected_years(plan: Plan, ended: int) -> tuple[int, ...]:
    """Return the fiscal years of which an actual should be there, once year `ended` is over."""
    if plan.first is None:
        return ()
    return tuple(range(plan.first, min(ended, ended if plan.last is None else plan.last) + 1))


def position(plan: Plan, actuals: Mapping[int, Number], *, ended: int) -> Position:
    """Say where a KPI stands after fiscal year `ended` (the last one that is over).

    The last expected year decides: without its actual the KPI is MISSING. A year that still runs counts only where its
    actual meets the plan already.
    """
    values = {int(year): Fraction(value) for year, value in actuals.items()}
    expected = expected_years(plan, ended)
    missing = tuple(year for year in expected if year not in values)
    running = max((year for year in values if year > ended), default=None)
    if running is not None and (early := _judged(plan, running, values[running], missing)).standing == Standing.ON_PATH:
        return early
    if not expected:
        return Position(Standing.NOT_DUE)
    if expected[-1] in missing:
        return Position(Standing.MISSING, expected[-1], planned=planned(plan, expected[-1]), missing=missing)
    return _judged(plan, expected[-1], values[expected[-1]], missing)


def at_year(plan: Plan, year: int, actual: Number) -> Position:
    """Compare the actual of one year with its plan, whatever the other years say."""
    return _judged(plan, year, Fraction(actual), ())


def _judged(plan: Plan, year: int, value: Fraction, missing: tuple[int, ...]) -> Position:
    goal = planned(plan, year)
    if goal is None:
        return Position(Standing.OPEN, year, value, missing=missing)
    short = value - goal.value if plan.downwards else goal.value - value
    standing = Standing.SHORT if short > 0 else Standing.ON_PATH
    needed, pace = _rates(plan, year, value, goal.value)
    return Position(standing, year, value, goal, short, needed, pace, missing)


def _rates(plan: Plan, year: int, value: Fraction, goal: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """The change a year that still reaches the target, and the one planned from this year on."""
    if plan.keeps or plan.target is None or plan.target_fy is None or year >= plan.target_fy:
        return None, None
    left = plan.target_fy - year
    return (plan.target - value) / left, (plan.target - goal) / left


def _known(plan: Plan) -> dict[int, Fraction]:
    """The years whose value is fixed: baseline, entered years, target."""
    known = dict(plan.yearly)
    if plan.baseline is not None and plan.baseline_fy is not None:
        known[plan.baseline_fy] = plan.baseline
    if plan.target is not None and plan.target_fy is not None:
        known.setdefault(plan.target_fy, plan.target)
    return known


def _years(kpi: Kpi, entered: Mapping[int, Fraction]) -> tuple[int | None, int | None]:
    """The first and the last year of which an actual is expected."""
    begins, ends = (kpi.project.from_fy, kpi.project.to_fy) if kpi.project_id else (None, None)
    after_baseline = None if kpi.baseline_fy is None else kpi.baseline_fy + 1
    first = max((year for year in (begins, after_baseline) if year is not None), default=None)
    if after_baseline is None and entered:
        first = max(min(entered), begins or min(entered))
    last = min((year for year in (kpi.target_fy, ends) if year is not None), default=None)
    return first, last
