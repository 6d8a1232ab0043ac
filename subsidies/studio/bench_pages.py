"""What the pages of the test bench show of a kept result."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from common.maps import Look, Mark
from municipalities.maps import CREDIT, prefecture_map
from municipalities.models import Municipality

from ..models import BenchRun, Program, RuleSetVersion
from ..rules.verdict import RESULT_LABELS, Result
from .content import fingerprint

SHOWN = (Result.PASS, Result.JUDGE, Result.NO_DATA, Result.FAIL)
LOOKS = {"pass": Look.SETTLEMENT, "judge": Look.SELECTED_ZONE, "no_data": Look.ZONE, "fail": Look.PLAIN}
REACHES = {
    "pass": "対象になる組合せがある",
    "judge": "判断によっては対象になる",
    "no_data": "データが足りず分からない",
    "fail": "対象になる組合せがない",
}
KEYS = {"pass": "settle", "judge": "stripe", "no_data": "grey", "fail": "blank"}


def last_run(version: RuleSetVersion, kind: str) -> tuple[BenchRun | None, bool]:
    """The newest result of this kind, and whether the rules still say what they said when it was made."""
    runs = BenchRun.objects.filter(ruleset=version, kind=kind).order_by("-made_at", "-id")
    mark = fingerprint(version.content)
    own = runs.filter(content_hash=mark).first()
    return (own, True) if own else (runs.first(), False)


def replay_page(result: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The rows to show (all, those that changed, or those of one result), the sums, and the links between them."""
    names = dict(Program.objects.values_list("pk", "short_name"))
    rows = [row | {"program_name": names.get(row["program"], row["program"])} for row in result["rows"]]
    changed = [row for row in rows if row["before"] != row["after"]]
    found = {"changed": changed} | {one.value: [row for row in rows if row["after"] == one.value] for one in SHOWN}
    found["all"] = rows
    wanted = wanted if wanted in found else "changed"
    filters = [("changed", "当時と違う", len(changed)), ("all", "すべて", len(rows))]
    filters += [(one.value, RESULT_LABELS[one], len(found[one.value])) for one in SHOWN]
    years = [year | {"results": [year["results"].get(one.value, 0) for one in SHOWN]} for year in result["years"]]
    return {
        "rows": found[wanted],
        "wanted": wanted,
        "result_filters": filters,
        "years": years,
        "total": {
            "regions": sum(year["regions"] for year in years),
            "results": [sum(year["results"][place] for year in years) for place in range(len(SHOWN))],
            "cap_before": sum(year["cap_before"] for year in years),
            "cap_after": sum(year["cap_after"] for year in years),
            "uncounted": sum(year["uncounted"] for year in years),
        },
        "heads": [(one.value, RESULT_LABELS[one]) for one in SHOWN],
    }


def reach_map(result: dict[str, Any], prefecture: str) -> dict[str, Any]:
    """The map and, beside it, the municipalities of each answer by name."""
    towns: dict[str, str] = result["towns"]
    names = dict(Municipality.objects.filter(pk__in=towns).order_by("pk").values_list("pk", "name"))
    groups: dict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        groups[towns[code]].append(name)
    summary = "、".join(f"{words}{len(groups[one])}市町村" for one, words in REACHES.items() if groups[one])
    return {
        "map": prefecture_map(
            prefecture,
            {code: Mark(LOOKS[best]) for code, best in towns.items()},
            label=f"対象になりうる市町村の地図。{summary}",
            titles={code: REACHES[best] for code, best in towns.items()},
        ),
        "groups": [(words, KEYS[one], groups[one]) for one, words in REACHES.items()],
        "sets": [(RESULT_LABELS[Result(one)], result["counts"].get(one, 0)) for one in REACHES],
        "searched": sum(result["counts"].values()),
        "credit": CREDIT,
    }
