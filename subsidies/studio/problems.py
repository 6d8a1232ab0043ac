"""What still has to be mended before a draft can be published: whatever would not parse, and what the portal needs.

A ruleset may parse and still be of no use: an application needs a cap, a rounding unit, a term. Those are asked for,
in sentences that name the rule or the line of the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from common.fiscal_year import FiscalYear

from ..rules.parameters import PARAMETERS
from ..rules.ruleset import DEMANDS, RuleSet, RuleSetError, Severity, Stage, parse

NEEDED = (
    "fy_from", "fy_to", "last_adoption_fy", "max_years", "year_counting", "cap_basis", "cap_yen", "cap_period",
    "rate_by_year", "rounding_unit", "rounding", "min_members", "series", "agreement", "self_running_plan",
    "light_change_share", "advance_limit_share", "withdraw_days", "report_days", "report_last_day",
    "judgement_reason_chars", "retention_years", "follow_up_years", "reference_date", "grantee_mode",
    "decision_authority", "hq_review",
)  # fmt: skip
"""Lines of the table that pages, letters and deadlines read whatever the rules are."""
STEPS_ASKED = ("hq_review",)
"""Demands that the steps of an application follow, not its rules."""
NEEDED_KINDS = {
    "participants": "申請する市町村を確かめる要件",
    "grant_amount": "交付額を計算する要件",
    "estimate_adds_up": "積算を確かめる要件",
    "allotment": "予算の範囲を確かめる要件",
}
"""Without these an application could be granted money that nobody has worked out."""


@dataclass(frozen=True)
class Known:
    """What the rest of the portal has: names of fields, codes of editions of the projection."""

    fields: Collection[str]
    series: Collection[str]


@dataclass(frozen=True)
class Term:
    """The effective fiscal years of the version; `last` None while open."""

    first: int
    last: int | None


def problems_in(content: Mapping[str, Any], known: Known, term: Term) -> list[str]:
    """Every reason why this content cannot be published, in Japanese; empty when it can."""
    missing = [
        f"数と条件の「{PARAMETERS[name].label}」が未入力です。"
        for name in NEEDED
        if name not in (content.get("parameters") or {})
    ]
    try:
        rules = parse(content)
    except RuleSetError as wrong:
        return [*missing, *wrong.errors]
    return [*missing, *_unsound(rules, known, term)]


def _unsound(rules: RuleSet, known: Known, term: Term) -> Iterator[str]:
    values = {name: setting.value for name, setting in rules.settings.items()}
    first, last, adoption = (values.get(name) for name in ("fy_from", "fy_to", "last_adoption_fy"))
    if first is not None and last is not None:
        if first > last:
            yield "「実施期間の最終年度」は「実施期間の初年度」以後にしてください。"
        elif adoption is not None and not first <= adoption <= last:
            yield "「新規採択の最終年度」は実施期間の中の年度にしてください。"
        if first < term.first or (term.last is not None and last > term.last):
            until = f"{FiscalYear(term.last).wareki}まで" if term.last else ""
            yield (
                f"実施期間（{FiscalYear(first).wareki}から{FiscalYear(last).wareki}まで）が、この版の適用年度"
                f"（{FiscalYear(term.first).wareki}から{until}）の外に出ています。"
            )
    least, threshold = values.get("judge_from"), values.get("decline_threshold")
    if least is not None and threshold is not None and least > threshold:
        yield "「「概ね」の判断を求める下限」は「人口減少率の基準」以下にしてください。"
    review, longest = values.get("midterm_review_year"), values.get("max_years")
    if review is not None and longest is not None and review > longest:
        yield "「中間評価を行う支援年目」は「支援年数の上限」以下にしてください。"
    if unknown := [name for name in rules.fields if name not in known.fields]:
        yield f"対象分野の「{'」「'.join(unknown)}」は登録されていない分野です。"
    if (series := values.get("series")) and series not in known.series:
        yield f"数と条件の「将来推計人口の版」の「{series}」は登録されていない版です。"
    if (exempt := values.get("exempt_field")) and exempt not in rules.fields:
        yield f"数と条件の「離れた市町村でもよい分野」の「{exempt}」が対象分野にありません。"
    followed = _references(rules.content)
    for name, value in values.items():
        parameter = PARAMETERS[name]
        is_demand = bool(parameter.choices) and set(parameter.choices) <= set(DEMANDS)
        asks = is_demand and name not in STEPS_ASKED and DEMANDS[value] != Severity.OFF
        if asks and name not in followed:
            yield f"数と条件の「{parameter.label}」は「{parameter.show(value)}」ですが、これに従う要件がありません。"
    asked = {row.kind.name for row in _rows(rules) if row.kind}
    for kind, words in NEEDED_KINDS.items():
        if kind not in asked:
            yield f"{words}がありません。要件に加えてください。"
    if not any(row.stage == Stage.REGION for row in rules.rows):
        yield "「地域の要件」の段階に要件がありません。どの地域が対象になるかを定めてください。"


def _references(content: Mapping[str, Any]) -> set[str]:
    """The lines of the table that some rule names: `$kpi`, or a condition of its use."""
    found: set[str] = set()
    waiting: list[Any] = [content.get("rules")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            found |= set(one.get("when") or {})
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and one.startswith("$"):
            found.add(one[1:])
    return found


def _rows(rules: RuleSet) -> Iterator[Any]:
    """Every enabled row, with the parts of combinations."""
    waiting = [row for row in rules.rows if row.enabled]
    while waiting:
        row = waiting.pop()
        yield row
        waiting += [part for part in row.rows if part.enabled]
