"""The examples that staff added to a program, asked of a draft."""

from __future__ import annotations

from common.fiscal_year import FiscalYear

from ..models import RuleSetVersion, WorkedExample
from ..questions import BadQuestion, Desk
from ..rules.engine import judge
from ..rules.ruleset import Stage
from ..rules.verdict import RESULT_LABELS, Result
from .examples import Outcome

WHOLE = "地域の要件の全体"


def own_outcomes(version: RuleSetVersion) -> list[tuple[int, Outcome]]:
    """Each example of the version's program with what the version answers; the number is the example's key.

    Raises RuleSetError for rules that do not parse.
    """
    rows = list(WorkedExample.objects.filter(program=version.program_id, removed_at=None))
    if not rows:
        return []
    codes = sorted({code for row in rows for code in row.question["members"]})
    desk = Desk(codes, trial=version)
    return [(row.pk, _outcome(row, version, desk)) for row in rows]


def _outcome(row: WorkedExample, version: RuleSetVersion, desk: Desk) -> Outcome:
    names = "・".join(desk.ground.names.get(code, code) for code in row.question["members"])
    title = f"{row.title}（{names}、{FiscalYear(row.question['fiscal_year']).wareki}）"
    expected = RESULT_LABELS[Result(row.expected)]
    try:
        question = desk.read({**row.question, "program": version.program_id})
    except BadQuestion as wrong:
        return Outcome("", title, version.program_id, row.rule or WHOLE, expected, None, str(wrong))
    verdict = judge(desk.rules(version.program_id, question.fiscal_year), desk.facts(question), stages=(Stage.REGION,))
    if not row.rule:
        message = "".join(found.message for found in verdict.findings if found.result == verdict.result)
        return Outcome("", title, version.program_id, WHOLE, expected, verdict.result.label, message)
    found = verdict.find(row.rule)
    asked = f"{row.rule} {found.title}" if found else row.rule
    actual, message = (found.result.label, found.message) if found else (None, "")
    return Outcome("", title, version.program_id, asked, expected, actual, message)
