"""The test bench of a draft: ten years of support judged again by it, and who could be in an eligible region at all.

Both answers are JSON, kept as `BenchRun` by the rules and the data they were made from.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from common.fiscal_year import FiscalYear

from ..models import RuleSetVersion, SupportYear
from ..partners.finder import LARGEST, Finder, Ready
from ..partners.reach import Reach
from ..partners.search import Tell, nothing_told
from ..replay import History, PastApplication
from ..rules.money import cap_yen
from ..rules.ruleset import RuleSet, Stage, parse
from ..rules.verdict import Finding, Result, all_of
from .content import Content, combine_of

TERM_KINDS = ("program_term", "adoption_window")
"""Kinds that ask for the program's own years: out of place where it judges another program's history."""


def timeless(content: Content) -> Content:
    """The rules without the program's own years: what it would say of a region in any year."""
    new = copy.deepcopy(content)
    waiting = list(new.get("rules") or [])
    while waiting:
        row = waiting.pop()
        if row.get("kind") in TERM_KINDS:
            row["enabled"] = False
        elif row.get("kind") == "support_years":
            row["parameters"] = {key: value for key, value in (row.get("parameters") or {}).items() if key != "last"}
        waiting += row.get(combine_of(row)) or [] if combine_of(row) else []
    return new


def replay_draft(version: RuleSetVersion, tell: Tell = nothing_told) -> tuple[dict[str, Any], str]:
    """Judge every past region-year by the draft and by the rules of its own time.

    Returns the answer and a digest of the facts it rests on. Raises RuleSetError for rules that do not parse. The
    history of other programs is judged without the draft's own years.
    """
    whole, free = parse(version.content), parse(timeless(version.content))
    history = History()
    rows, digest = [], hashlib.sha256()
    for number, row in enumerate(history.support, 1):
        rules = whole if row.program_id == version.program_id else free
        was, now = history.application(row), history.application(row, rules)
        digest.update(json.dumps(now.facts.to_json(), ensure_ascii=False, sort_keys=True).encode())
        rows.append(_line(row, was, now, history.desk.rules(row.program_id, row.fiscal_year), rules))
        tell(number, len(history.support))
    return {"rows": rows, "years": _years(rows), "counts": _counts(rows)}, digest.hexdigest()


def _line(
    row: SupportYear, was: PastApplication, now: PastApplication, then: RuleSet, rules: RuleSet
) -> dict[str, Any]:
    before, after = _told(was.verdict.findings), _told(now.verdict.findings)
    result, deciding = _result(after), [found for found in after if _decides(found, _result(after))]
    if result == Result.PASS and _result(before) != Result.PASS:
        deciding = [found for found in before if _decides(found, _result(before))]
    return {
        "region": row.region_id,
        "name": now.name,
        "program": row.program_id,
        "fiscal_year": int(row.fiscal_year),
        "members": len(now.members),
        "before": _result(before).value,
        "after": result.value,
        "why": [
            {"rule": found.rule, "title": found.title, "result": found.result.value, "message": found.message}
            for found in deciding
        ],
        "cap_before": _cap(then, was),
        "cap_after": _cap(rules, now) if result != Result.FAIL else 0,
        "assumed": list(now.assumed),
        "untold": len(now.verdict.findings) - len(after),
    }


def _told(findings: Iterable[Finding]) -> list[Finding]:
    """The findings on what the sources tell: of an application's papers and costs they tell almost nothing."""
    return [found for found in findings if found.result != Result.NO_DATA or Stage(found.stage) == Stage.REGION]


def _result(findings: Iterable[Finding]) -> Result:
    whole = all_of(found.result for found in findings)
    return Result.PASS if whole == Result.NOT_APPLICABLE else whole


def _decides(finding: Finding, whole: Result) -> bool:
    return whole != Result.PASS and finding.result == whole


def _cap(rules: RuleSet, past: PastApplication) -> int | None:
    """The most that the rules would have granted to the region in the year; None where its people are not known."""
    return cap_yen(
        basis=rules.value("cap_basis"),
        cap=rules.value("cap_yen"),
        participants=len(past.members),
        people=past.facts.people,
    )


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return dict(Counter(row["after"] for row in rows))


def _years(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results and money by fiscal year: what the draft would grant at most beside what the old rules could have."""
    answer = []
    for year in sorted({row["fiscal_year"] for row in rows}):
        own = [row for row in rows if row["fiscal_year"] == year]
        answer.append(
            {
                "fiscal_year": year,
                "regions": len(own),
                "results": _counts(own),
                "cap_before": sum(row["cap_before"] or 0 for row in own),
                "cap_after": sum(row["cap_after"] or 0 for row in own),
                "uncounted": sum(row["cap_after"] is None for row in own),
            }
        )
    return answer


def reach_ready(version: RuleSetVersion) -> Ready:
    """The question which towns a draft can reach: every connected set of up to eight, in its first year.

    Raises BadQuestion for rules that cannot be searched.
    """
    finder = Finder(settings.PREFECTURE_CODE, trial=version)
    year = FiscalYear(version.effective_from_fy)
    raw = {"program": version.program_id, "fiscal_year": int(year), "largest": LARGEST, "limit": 1}
    return finder.prepare(finder.read(raw))


def reach(version: RuleSetVersion, ready: Ready, tell: Tell = nothing_told) -> dict[str, Any]:
    """Which towns could be in an eligible region. JSON: sets by result, and the best result of each town."""
    counts, best = Reach(ready).find(tell)
    rules = parse(version.content)
    return {
        "counts": counts,
        "towns": best,
        "largest": LARGEST,
        "fiscal_year": int(ready.ask.fiscal_year),
        "on": ready.ask.on.isoformat(),
        "series": ready.ask.series,
        "rules": [f"{row.id} {row.title}" for row in rules.rows if row.enabled and Stage.REGION in row.stages],
    }
