"""A ruleset's verdict at the stage of the region, for many sets at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from subsidies.rules.engine import judge as judge_plainly
from subsidies.rules.facts import ApplicationFacts
from subsidies.rules.ruleset import Row, RuleSet, Severity, Stage
from subsidies.rules.verdict import Finding, Result

from .forms import FAIL, FORMS, JUDGE, NO_DATA, NOT_APPLICABLE, PASS, Codes, Judge
from .tally import Gauge, Tally

CODES = {
    Result.PASS: PASS,
    Result.WARN: PASS,
    Result.JUDGE: JUDGE,
    Result.NO_DATA: NO_DATA,
    Result.FAIL: FAIL,
    Result.NOT_APPLICABLE: NOT_APPLICABLE,
}
RESULTS = {PASS: Result.PASS, JUDGE: Result.JUDGE, NO_DATA: Result.NO_DATA, FAIL: Result.FAIL}
_ABOVE_ALL = np.int8(FAIL + 1)


class NoForm(LookupError):
    """A rule of this ruleset depends on the members but cannot be judged for many sets at once."""


def compile_rules(rules: RuleSet, gauge: Gauge, sample: ApplicationFacts) -> Judge:
    """Return the function that judges sets of towns under these rules; what it must measure is told to the gauge.

    `sample` is any region of the question (program, year, date, assumed projects): rules that do not look at the
    members answer for it once and for all. Raises NoForm naming the rule.
    """
    once = judge_plainly(rules, sample, stages=(Stage.REGION,))
    rows = [row for row in rules.rows if Stage.REGION in row.stages]
    judges = [_compile(row, finding, gauge, sample) for row, finding in zip(rows, once.findings, strict=True)]
    return lambda sets: _worst([one(sets) for one in judges], sets)


def _compile(row: Row, once: Finding, gauge: Gauge, sample: ApplicationFacts) -> Judge:
    if not row.enabled or row.severity == Severity.OFF:
        return _always(NOT_APPLICABLE)
    if row.kind is None:
        parts = [_compile(part, found, gauge, sample) for part, found in zip(row.rows, once.children, strict=True)]
        combine: Callable[[Sequence[Codes], Tally], Codes] = _worst if row.combine == "all" else _best
        return _under(row.severity, lambda sets: combine([part(sets) for part in parts], sets))
    if "members" not in row.kind.needs:
        return _always(CODES[once.result])
    if row.kind.name not in FORMS:
        raise NoForm(f"{row.id or row.title}（{row.kind.name}）")
    return _under(row.severity, FORMS[row.kind.name](gauge, row.values, sample))


def _always(code: int) -> Judge:
    return lambda sets: sets.all_of(code)


def _under(severity: Severity, judge: Judge) -> Judge:
    """What becomes of a FAIL under the row's severity."""
    mild = {Severity.JUDGE: JUDGE, Severity.WARN: PASS}.get(severity)
    if mild is None:
        return judge

    def judge_mildly(sets: Tally) -> Codes:
        codes = judge(sets)
        return np.where(codes == FAIL, np.int8(mild), codes)

    return judge_mildly


def _worst(parts: Sequence[Codes], sets: Tally) -> Codes:
    """All must hold: FAIL, else NO_DATA, else JUDGE, else PASS; NOT_APPLICABLE is neutral."""
    return np.maximum.reduce(parts) if parts else sets.all_of(NOT_APPLICABLE)


def _best(parts: Sequence[Codes], sets: Tally) -> Codes:
    """One is enough: PASS, else JUDGE, else NO_DATA, else FAIL; NOT_APPLICABLE is neutral."""
    if not parts:
        return sets.all_of(NOT_APPLICABLE)
    lifted = [np.where(part == NOT_APPLICABLE, _ABOVE_ALL, part) for part in parts]
    best = np.minimum.reduce(lifted)
    return np.where(best == _ABOVE_ALL, np.int8(NOT_APPLICABLE), best)
