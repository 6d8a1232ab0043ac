"""The prefecture-wide indicators as published (report of March 2024, table 10), from the committed history.

Loading twice changes nothing, and what headquarters has entered since stays.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from common.upsert import Counts, upsert
from regions import history

from .models import PrefIndicator, PrefIndicatorPlan, PrefIndicatorValue

SOURCE = "「今後の広域連携の推進のあり方について（報告）」令和6年3月 表10"
MEASURES = {
    "IND1": PrefIndicator.Measure.REGIONS,
    "IND2": PrefIndicator.Measure.MUNICIPALITIES,
    "IND3": PrefIndicator.Measure.INITIATIVES,
}


@transaction.atomic
def load_all() -> dict[str, Counts]:
    """Load the three indicators with their baselines and the one published actual; what happened per table."""
    items = history.indicators()
    replanned = set(
        PrefIndicatorPlan.objects.filter(state=PrefIndicatorPlan.State.CONFIRMED).values_list("indicator", flat=True)
    )
    rows = [row for row in map(_row, items, range(len(items))) if row["code"] not in replanned]
    counts = {"portal.PrefIndicator": upsert(PrefIndicator, rows, ("code",))}
    entered = set(PrefIndicatorValue.objects.exclude(entered_by=None).values_list("indicator", "fiscal_year"))
    values = [
        row for item in items for row in _values(item) if (row["indicator_id"], row["fiscal_year"]) not in entered
    ]
    return counts | {"portal.PrefIndicatorValue": upsert(PrefIndicatorValue, values, ("indicator_id", "fiscal_year"))}


def _row(item: dict[str, Any], order: int) -> dict[str, Any]:
    baseline, target = item["baseline"], item["target"]
    return {
        "code": item["code"],
        "prefecture_id": history.PREFECTURE,
        "name": item["name"],
        "plan": item["plan"],
        "unit": item["unit"],
        "measure": str(MEASURES[item["code"]]),
        "baseline": _number(baseline["value"]),
        "baseline_word": _word(baseline["value"]),
        "baseline_fy": baseline["fy"],
        "target": _number(target["value"]),
        "target_word": _word(target["value"]),
        "qualifier": target.get("qualifier", ""),
        "target_fy": target["fy"],
        "source": SOURCE,
        "order": order,
    }


def _values(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The published numbers: the baseline where it is one, and the actual."""
    return [
        {"indicator_id": item["code"], "fiscal_year": told["fy"], "value": told["value"], "source": SOURCE}
        for told in (item["baseline"], item["actual"])
        if isinstance(told["value"], int)
    ]


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _word(value: Any) -> str:
    return "" if isinstance(value, int) else str(value)
