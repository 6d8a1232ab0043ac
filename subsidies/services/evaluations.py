"""Run the rules on an application and keep what they saw and said."""

from __future__ import annotations

from common import audit, clock
from common.viewer import Viewer

from ..judging import stage_of
from ..models import Application, Evaluation
from ..rules.engine import judge
from ..rules.gather import application_facts
from ..rules.ruleset import Stage, up_to
from ..rules.verdict import Result
from ..rulesets import rules_of


def evaluate(application: Application, viewer: Viewer, *, stage: Stage | None = None) -> Evaluation:
    """Judge the application up to this stage, store facts, ruleset and findings, and make it the latest verdict.

    Runs inside the caller's transaction; the application's counts for the queue are kept with it.
    """
    stages = up_to(stage or stage_of(application))
    facts = application_facts(application)
    verdict = judge(rules_of(application.call.ruleset), facts, stages=stages)
    stored = Evaluation.objects.create(
        application=application,
        ruleset=application.call.ruleset,
        stages=[item.value for item in stages],
        facts=facts.to_json(),
        findings=verdict.to_json(),
        result=verdict.result.value,
        fail_count=verdict.count(Result.FAIL),
        judge_count=verdict.count(Result.JUDGE),
        no_data_count=verdict.count(Result.NO_DATA),
        warn_count=verdict.count(Result.WARN),
        made_at=clock.now(),
        made_by_id=viewer.user_id,
    )
    application.evaluation = stored
    application.fail_count, application.judge_count = stored.fail_count, stored.judge_count + stored.no_data_count
    application.save(update_fields=["evaluation", "fail_count", "judge_count"])
    audit.record(
        viewer,
        "application.evaluate",
        application,
        "要件を判定",
        after={"evaluation": stored.pk, "result": stored.result, "ruleset": application.call.ruleset.version},
        internal=True,
    )
    return stored
