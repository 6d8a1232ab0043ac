"""Verdicts of an application: asked now, or as they were stored."""

from __future__ import annotations

from .models import Application
from .rules.engine import Evaluation as Verdict
from .rules.engine import judge
from .rules.gather import application_facts
from .rules.ruleset import Stage, up_to
from .rulesets import rules_of
from .states import State

STAGE_OF_STATE = {
    State.SUBMITTED: Stage.SUBMIT,
    State.BUREAU_REVIEW: Stage.BUREAU,
    State.HQ_REVIEW: Stage.HQ,
    State.APPROVAL: Stage.DECIDE,
}


def stage_of(application: Application) -> Stage:
    """The stage at which the application stands; before submission, submission is what counts."""
    return STAGE_OF_STATE.get(State(application.state), Stage.SUBMIT)


def verdict_now(application: Application, stage: Stage | None = None) -> Verdict:
    """Ask the rules of all stages up to this one about the application as it is; nothing is stored."""
    stages = up_to(stage or stage_of(application))
    return judge(rules_of(application.call.ruleset), application_facts(application), stages=stages)


def latest_verdict(application: Application) -> Verdict | None:
    """The verdict as it was stored last, exactly as it was judged; None before the first run."""
    if application.evaluation is None:
        return None
    return Verdict.from_json(application.evaluation.findings)
