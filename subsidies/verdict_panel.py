"""The rule panel: stored findings in the order in which a reviewer works, with what may be judged here and now.

Order (mockups/DESIGN.md §5): 不適合, 要判断, データなし, 注意, judged by a person, then 適合 as one compact list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.viewer import Access, OfficeKind, Viewer

from .duties import JUDGE
from .judging import latest_verdict, stage_of
from .models import Application, Judgement
from .rules.engine import Later
from .rules.ruleset import Stage, up_to
from .rules.verdict import Finding, Result
from .rulesets import rules_of
from .services.advance import sits_on
from .states import State
from .workflow import Side

TALLY = (Result.FAIL, Result.JUDGE, Result.NO_DATA, Result.WARN, Result.PASS)
SHORT = 16  # characters that fit into the third column of the compact list


@dataclass
class PanelRule:
    """One rule of the panel: what it says, what a person said about it, and whether this person may say so now.

    `form` is put in by the view where `asks`.
    """

    finding: Finding
    children: tuple[PanelRule, ...] = ()
    judgement: Judgement | None = None
    asks: bool = False
    form: Any = None

    @property
    def id(self) -> str:
        return self.finding.rule

    @property
    def points(self) -> tuple[str, ...]:
        """The single questions of a rule that asks several (M-06)."""
        return tuple(self.finding.inputs.get("points", ()))

    @property
    def judged_where(self) -> str:
        """At which stage an open answer is resolved: 振興局の審査, 本庁の審査."""
        return Stage(self.finding.judged_at).label if self.finding.judged_at else ""

    @property
    def value(self) -> str:
        """The one value that the compact list shows: the first compared one that fits."""
        return next((text for _, text in self.finding.compared if len(text) <= SHORT), "")

    def walk(self) -> Iterator[PanelRule]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Count:
    """How many rules gave a result."""

    result: Result
    number: int


@dataclass(frozen=True)
class Panel:
    """Everything the panel shows. `reason_chars` is the shortest reason of a judgement."""

    tally: tuple[Count, ...]
    pressing: tuple[PanelRule, ...]
    judged: tuple[PanelRule, ...]
    passed: tuple[PanelRule, ...]
    off: tuple[PanelRule, ...]
    later: tuple[Later, ...]
    version: str
    made_at: datetime
    may_judge: bool
    reason_chars: int

    def walk(self) -> Iterator[PanelRule]:
        for rule in (*self.pressing, *self.judged, *self.passed, *self.off):
            yield from rule.walk()

    def rule(self, rule_id: str) -> PanelRule | None:
        return next((rule for rule in self.walk() if rule.id == rule_id), None)


def panel_of(application: Application, viewer: Viewer) -> Panel | None:
    """Return the panel of the latest stored verdict; None before the first run. Two queries."""
    verdict = latest_verdict(application)
    if verdict is None or application.evaluation is None:
        return None
    may = may_judge(application, viewer)
    said = {row.rule: row for row in application.judgements.filter(superseded_at=None).select_related("confirmed_by")}
    reached = up_to(stage_of(application))
    rules = [_rule(finding, said, reached if may else ()) for finding in verdict.findings]
    pressing = (Result.FAIL, Result.JUDGE, Result.NO_DATA, Result.WARN)
    judged = [
        rule for rule in rules if rule.judgement is not None and rule.finding.result in (Result.PASS, Result.WARN)
    ]
    rest = [rule for rule in rules if rule not in judged]
    ruleset = rules_of(application.call.ruleset)
    return Panel(
        tally=tuple(Count(result, verdict.count(result)) for result in TALLY),
        pressing=tuple(rule for result in pressing for rule in rest if rule.finding.result == result),
        judged=tuple(judged),
        passed=tuple(rule for rule in rest if rule.finding.result == Result.PASS),
        off=tuple(rule for rule in rest if rule.finding.result == Result.NOT_APPLICABLE),
        later=verdict.later,
        version=f"{application.call.program.short_name} 第{application.call.ruleset.version}版",
        made_at=application.evaluation.made_at,
        may_judge=may,
        reason_chars=int(ruleset.value("judgement_reason_chars")),
    )


def _rule(finding: Finding, said: dict[str, Judgement], reached: tuple[Stage, ...]) -> PanelRule:
    children = tuple(
        _rule(child, said, reached) for child in finding.children if child.rule and child.rule != finding.rule
    )
    here = bool(finding.judged_at) and Stage(finding.judged_at) in reached
    single = not children
    asks = here and single and (finding.result.is_open or finding.judgement is not None)
    return PanelRule(finding, children, said.get(finding.rule) if finding.judgement else None, asks)


def may_judge(application: Application, viewer: Viewer) -> bool:
    """Say whether this person may record judgements on the application as it stands."""
    return (
        application.state in (State.BUREAU_REVIEW, State.HQ_REVIEW)
        and (viewer.may(JUDGE, Access.EDIT) or viewer.may(JUDGE, Access.SUBMIT))
        and sits_on(application, Side.REVIEWER, viewer)
    )


def needs_of(application: Application, stage: Stage) -> str:
    """What the act that ends the stage still needs; empty when nothing.

    不適合1件・データなし1件の補正と要判断2件の判断, and the opinion of the office that reviews.
    """
    verdict = latest_verdict(application)
    if verdict is None:
        return "要件の判定"
    blocking = verdict.blocking(stage)
    fails = sum(not finding.result.is_open for finding in blocking)
    gaps = sum(finding.result == Result.NO_DATA for finding in blocking)
    questions = sum(finding.result == Result.JUDGE for finding in blocking)
    mend = "・".join(
        text for text in (f"不適合{fails}件" if fails else "", f"データなし{gaps}件" if gaps else "") if text
    )
    return "と".join(
        text
        for text in (
            f"{mend}の補正または判断" if gaps else f"{mend}の補正" if mend else "",
            f"要判断{questions}件の判断" if questions else "",
            "意見の記入" if _lacks_opinion(application, stage) else "",
        )
        if text
    )


def _lacks_opinion(application: Application, stage: Stage) -> bool:
    """The bureau forwards with its opinion; a decision is drafted after headquarters' where the ruleset asks for it."""
    if stage == Stage.BUREAU:
        return not application.opinions.filter(office_key=f"{OfficeKind.BUREAU}:{application.lead_bureau_id}").exists()
    required = rules_of(application.call.ruleset).value("hq_review") == "required"
    if application.phase == Application.Phase.REQUEST or not required:
        return False
    hq = application.opinions.filter(office_key__startswith=f"{OfficeKind.PREFECTURE}:")
    return not hq.exclude(office_key__contains="/").exists()
