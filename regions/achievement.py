"""How far a KPI has come: (actual − baseline) ÷ (target − baseline), as an exact fraction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .models import Kpi


@dataclass(frozen=True)
class Achievement:
    """`share` is the part of the way that was gone, None where no way can be measured (新規, 維持, 基準＝目標);
    `reached` says whether the target is met, None where it has no number (全数)."""

    share: Fraction | None
    reached: bool | None


def achievement(kpi: Kpi, actual: Decimal) -> Achievement:
    """Compare an actual value with the target. Values may be negative and targets zero (domain §3, KPI)."""
    if kpi.target is None:
        return Achievement(None, None)
    target, value = Fraction(kpi.target), Fraction(actual)
    reached = value <= target if _downwards(kpi) else value >= target
    keep = kpi.direction == Kpi.Direction.KEEP or kpi.qualifier == Kpi.Qualifier.KEEP
    if kpi.baseline is None or keep or Fraction(kpi.baseline) == target:
        return Achievement(None, reached)
    baseline = Fraction(kpi.baseline)
    return Achievement((value - baseline) / (target - baseline), reached)


def _downwards(kpi: Kpi) -> bool:
    return kpi.direction == Kpi.Direction.DOWN or kpi.qualifier == Kpi.Qualifier.AT_MOST
