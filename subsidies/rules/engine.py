"""Ask a ruleset about facts: the one way from rules to verdicts.

    evaluation = judge(ruleset, facts, stages=up_to(Stage.SUBMIT))
    evaluation.result, evaluation.findings, evaluation.later

Pure: the same ruleset and facts give the same evaluation, today and in five years.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from .codec import Json, decode, encode
from .facts import ApplicationFacts, RegionFacts
from .ruleset import PATH, Row, RuleSet, Severity, Stage, up_to
from .verdict import Finding, Judgement, Result, all_of, any_of, no_data, not_applicable

_SEVERITY_RESULT = {Severity.JUDGE: Result.JUDGE, Severity.WARN: Result.WARN}


@dataclass(frozen=True, slots=True)
class Later:
    """A rule that was not asked yet, with the stage at which it will be."""

    rule: str
    stage: Stage
    wording: str


@dataclass(frozen=True)
class Evaluation:
    """The findings of one ruleset version about one set of facts.

    `findings` are the rules of the asked stages in the ruleset's order, a combined rule with its parts inside;
    `later` the rest. Goes to JSON and back exactly.
    """

    program: str
    version: int
    fiscal_year: int
    on: date
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]
    later: tuple[Later, ...] = ()

    @property
    def result(self) -> Result:
        """All rules together: FAIL if any fails, else NO_DATA, else JUDGE, else PASS."""
        return all_of(finding.result for finding in self.findings)

    def walk(self) -> Iterator[Finding]:
        """Every finding that has a rule id, outer before inner (M-03, M-04, M-05a …)."""
        for finding in self.findings:
            yield from finding.walk()

    def find(self, rule: str) -> Finding | None:
        """The finding of this rule, None when it was not asked."""
        return next((finding for finding in self.walk() if finding.rule == rule), None)

    def count(self, result: Result) -> int:
        """How many rules (combined ones count once) gave this result."""
        return sum(finding.result == result for finding in self.findings)

    def failing(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.result == Result.FAIL)

    def open_for(self, stage: Stage) -> tuple[Finding, ...]:
        """The single rules that staff of this stage still has to judge, or whose data is missing.

        Inside a combined rule only where it can still matter: when M-04 and M-05a hold, M-06 is not asked for, and
        when M-04 fails, nobody judges M-05a.
        """
        reached = up_to(stage)
        return tuple(
            finding
            for top in self.findings
            for finding in _undecided(top)
            if Stage(finding.judged_at) in reached or finding.result == Result.NO_DATA
        )

    def blocking(self, stage: Stage) -> tuple[Finding, ...]:
        """What forbids the act that ends the stage (rulings "Rules" 1 and 2).

        FAIL of this stage and the earlier ones; from the bureau on also missing data and judgements not yet made.
        """
        reached = up_to(stage)
        fails = tuple(finding for finding in self.failing() if Stage(finding.stage) in reached)
        return fails + (self.open_for(stage) if stage not in (Stage.REGION, Stage.SUBMIT) else ())

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, data: Json) -> Evaluation:
        return decode(cls, data)


def _undecided(finding: Finding) -> Iterator[Finding]:
    """The open rules inside a finding that is open itself."""
    if not finding.result.is_open:
        return
    if finding.rule and len(tuple(finding.walk())) == 1:
        yield finding
        return
    for child in finding.children:
        yield from _undecided(child)


def judge(ruleset: RuleSet, facts: RegionFacts | ApplicationFacts, *, stages: Collection[Stage] = PATH) -> Evaluation:
    """Ask the rules of these stages about a region alone or an application.

    Rules that need what a bare region does not have answer NO_DATA. Recorded judgements (`facts.judgements`) settle
    open answers; they never overturn a FAIL or a PASS.
    """
    known = facts if isinstance(facts, ApplicationFacts) else ApplicationFacts.of_region(facts)
    asked, later = [], []
    for row in ruleset.rows:
        if any(stage in stages for stage in row.stages):
            asked.append(_answer(row, known))
        elif row.enabled and row.severity != Severity.OFF:
            later.append(Later(row.id, row.stage, row.title))
    return Evaluation(
        program=ruleset.program,
        version=ruleset.version,
        fiscal_year=known.region.fiscal_year,
        on=known.region.on,
        stages=tuple(stage for stage in Stage if stage in stages),
        findings=tuple(asked),
        later=tuple(later),
    )


def ask_row(row: Row, facts: ApplicationFacts) -> Finding:
    """Ask one rule alone, whatever its stage, as `judge` would."""
    return _answer(row, facts)


def _answer(row: Row, facts: ApplicationFacts) -> Finding:
    """The finding of one row, with severity and recorded judgement applied and the row's names filled in."""
    finding = _off() if not row.enabled or row.severity == Severity.OFF else _ask(row, facts)
    if finding.result == Result.FAIL:
        finding = finding.with_result(_SEVERITY_RESULT.get(row.severity, Result.FAIL))
    judgement = facts.judgement_of(row.id) if row.id else None
    if judgement is not None and finding.result.is_open:
        finding = _settled(finding, judgement, row.severity)
    return replace(
        finding,
        rule=row.id,
        title=row.title,
        wording=row.wording,
        source=row.source,
        stage=row.stage.value,
        judged_at=row.judged_at.value,
    )


def _settled(finding: Finding, judgement: Judgement, severity: Severity) -> Finding:
    """An open finding after a person's answer.

    A rule that asks several points holds only when each is answered yes; while one is unanswered it stays open.
    """
    answers = dict(judgement.points)
    points = finding.inputs.get("points", [])
    if judgement.holds and any(point not in answers for point in points):
        return finding
    holds = judgement.holds and all(answers[point] for point in points)
    refused = Result.WARN if severity == Severity.WARN else Result.FAIL
    outcome = Result.PASS if holds else refused
    return replace(finding, result=outcome, judgement=judgement, automatic=finding.result)


def _off() -> Finding:
    return not_applicable("この制度では求めていません。")


def _ask(row: Row, facts: ApplicationFacts) -> Finding:
    if row.kind is not None:
        if reason := facts.why_unknown(*row.kind.needs):
            return no_data(reason)
        return row.kind.check(facts, row.values)
    parts = tuple(_answer(part, facts) for part in row.rows)
    result = (all_of if row.combine == "all" else any_of)(part.result for part in parts)
    deciding = [part for part in parts if _stands_for(part.result, result)]
    if result == Result.PASS and row.combine == "any":
        deciding = deciding[:1]
    message = row.messages.get(result.value) or "".join(dict.fromkeys(part.message for part in deciding))
    inputs: dict[str, object] = {}
    for part in parts:
        if not part.rule:
            inputs.update(part.inputs)
    return Finding(
        result,
        message or "対象になる要件がありません。",
        inputs=inputs,
        compared=tuple(line for part in parts if not part.rule for line in part.compared),
        nearest_change=next((part.nearest_change for part in deciding if part.nearest_change), None),
        reason="".join(dict.fromkeys(part.reason for part in deciding if part.reason)),
        children=parts,
    )


def _stands_for(part: Result, whole: Result) -> bool:
    return part == whole or (whole == Result.PASS and part == Result.WARN)
