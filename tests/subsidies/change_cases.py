"""Running grants and their changes for tests: what a planner types, an approver submits, a bureau says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from common import clock
from subsidies.approved_plan import Plan, PlanCost, approved_plan
from subsidies.models import Application, ChangeRequest
from subsidies.services import change_decisions, changes
from subsidies.services.changes import ChangeDraft, Consent
from tests.factories.subsidies import Scene

LINE = {"number": 1, "category": "commission", "description": "研修の企画運営"}


def cost(amount: int, **other: Any) -> PlanCost:
    """The one line of the scene's plan with another amount, or another line."""
    return PlanCost(**(LINE | {"amount_yen": amount, "eligible_yen": amount} | other))


def plan_of(application: Application, grant_yen: int, *, costs: tuple[PlanCost, ...] | None = None) -> Plan:
    """The plan with another amount, shared evenly by the three towns of the scene (whole yen)."""
    plan = approved_plan(Application.objects.get(pk=application.pk))
    share, rest = divmod(grant_yen, len(plan.shares))
    return replace(
        plan,
        grant_yen=grant_yen,
        costs=costs if costs is not None else (replace(plan.costs[0], amount_yen=grant_yen, eligible_yen=grant_yen),),
        shares=tuple(
            replace(one, split_yen=share + (rest if place == 0 else 0)) for place, one in enumerate(plan.shares)
        ),
    )


def begun(scene: Scene, application: Application, kind: str = "change", **typed: Any) -> ChangeRequest:
    """A draft with these things typed; words, day and every member's consent are there unless given."""
    change = changes.start(application_id=application.pk, kind=kind, viewer=scene.planner())
    agreed = {town.code: Consent(clock.today(), "企第7号") for town in scene.members[1:]}
    standard = {
        "after": Plan.from_json(change.after), "reason": "講師の都合により回数を見直すため。",
        "effective_on": clock.today(), "consents": agreed, "document_no": "企第200号",
        "work_done": "第1回の研修を開いた。", "spent_yen": 500_000, "outlook": "残りの回を2月に開く。",
    }  # fmt: skip
    return changes.write(
        application_id=application.pk, number=change.number, revision=1, viewer=scene.planner(),
        draft=ChangeDraft(**(standard | typed)),
    )  # fmt: skip


def asked(scene: Scene, application: Application, kind: str = "change", **typed: Any) -> ChangeRequest:
    """Submitted by the approver of the lead."""
    change = begun(scene, application, kind, **typed)
    return changes.submit(application_id=application.pk, number=change.number, viewer=scene.approver())


def opined(scene: Scene, application: Application, kind: str = "change", **typed: Any) -> ChangeRequest:
    """With the opinion of the bureau's staff."""
    change = asked(scene, application, kind, **typed)
    return change_decisions.opine(
        application_id=application.pk, number=change.number, viewer=scene.reviewer(), fits=True,
        text="計画の見直しはやむを得ず、目的の達成に支障がないと認められる。",
    )  # fmt: skip


def approved(scene: Scene, application: Application, kind: str = "change", **typed: Any) -> ChangeRequest:
    """Approved by the bureau's head."""
    change = opined(scene, application, kind, **typed)
    return change_decisions.approve(application_id=application.pk, number=change.number, viewer=scene.head())


def delayed(scene: Scene, application: Application) -> ChangeRequest:
    """A delay until 31 March of the fiscal year, submitted."""
    plan, last = approved_plan(application), date(application.fiscal_year + 1, 3, 31)
    return asked(scene, application, "delay", after=replace(plan, end_on=last))


def at_work(scene: Scene) -> Application:
    """A grant whose work began today and lasts until 31 March of its fiscal year."""
    application = scene.application("running")
    last = date(application.fiscal_year + 1, 3, 31)
    Application.objects.filter(pk=application.pk).update(start_on=clock.today(), end_on=last)
    application.refresh_from_db()
    return application
