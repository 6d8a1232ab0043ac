"""Inspection, the fixed amount, its balance, the closed file (T31–T34). Returns stand in `returns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from common import clock
from common.errors import Refused
from common.viewer import Viewer

from ..issuing import issue_paper
from ..models import Application, Decision, Inspection, Report, Settlement
from ..settling import reckon, sums_of
from ..workflow import Action
from . import budget
from .advance import advance, locked
from .asking import ask_about


@transaction.atomic
def inspect(
    *,
    application_id: int,
    method: str,
    held_on: date,
    checks: Sequence[Mapping[str, Any]],
    viewer: Viewer,
    findings: str = "",
    eligible_yen: int | None = None,
    other_income_yen: int | None = None,
    sampled: Sequence[int] = (),
    adjustment: str = "",
) -> Inspection:
    """The bureau inspects a submitted report (T31). Without amounts it accepts what was reported (whole yen).

    `sampled` are the numbers of the cost lines whose evidence was looked at, `adjustment` says why other amounts are
    accepted than were reported. The record (D-19) is issued with it.
    """
    application = locked(application_id, viewer)
    sums = sums_of(application.report)
    eligible = sums.eligible_yen if eligible_yen is None else eligible_yen
    income = sums.other_income_yen if other_income_yen is None else other_income_yen
    if method not in Inspection.Method.values:
        raise Refused("検査の方法（書面・現地）を選んでください。")
    advance(
        application, Action.INSPECT, viewer, held_on=held_on, checks=checks, sampled=sampled, eligible_yen=eligible,
        recorded={"eligible_yen": eligible, "other_income_yen": income},
    )  # fmt: skip
    Report.objects.filter(application=application).update(state=Report.State.ACCEPTED)
    last = application.inspections.order_by("-number").values_list("number", flat=True).first() or 0
    inspection = Inspection.objects.create(
        application=application,
        number=last + 1,
        method=method,
        held_on=held_on,
        checks=[{"text": check["text"], "ok": bool(check["ok"]), "note": check["note"].strip()} for check in checks],
        sampled=sorted(set(sampled)),
        findings=findings.strip(),
        adjustment=adjustment.strip(),
        eligible_yen=eligible,
        other_income_yen=income,
        inspected_by_id=viewer.person,
        inspected_who=viewer.label,
        recorded_at=clock.now(),
    )
    issue_paper("D-19", application, viewer, inspection=inspection)
    return inspection


@transaction.atomic
def fix(*, application_id: int, viewer: Viewer, reason: str = "") -> Settlement:
    """The decider fixes the amount (T32): what is not needed goes back to the budget with the same stroke.

    Raises Refused: inspected by the same person, an open claim, a reduction without its reason.
    """
    application = locked(application_id, viewer)
    inspection = application.inspections.order_by("-number").first()
    if inspection is None:
        raise Refused("検査の記録がありません。")
    figures = reckon(application, eligible_yen=inspection.eligible_yen, other_income_yen=inspection.other_income_yen)
    fixed = figures.result.fixed_yen
    advance(application, Action.FIX, viewer, reason=reason, changes={"fixed_yen": fixed})
    settlement = Settlement.objects.create(
        application=application,
        inspection=inspection,
        granted_yen=figures.granted_yen,
        eligible_yen=figures.eligible_yen,
        other_income_yen=figures.other_income_yen,
        rate=figures.rate_text,
        fixed_yen=fixed,
        paid_yen=figures.result.paid_yen,
        reason=reason.strip(),
        fixed_on=clock.today(),
        fixed_at=clock.now(),
        fixed_by_id=viewer.person,
    )
    decision = _decide(application, viewer, Decision.Kind.FIXED, fixed, reason)
    decision.document = issue_paper("D-20", application, viewer, settlement=settlement)
    decision.save(update_fields=["document"])
    if fixed < figures.granted_yen:
        budget.release(application, viewer, figures.granted_yen - fixed)
    return settlement


@transaction.atomic
def settle(*, application_id: int, viewer: Viewer) -> Application:
    """Accounting confirms that exactly the fixed amount is paid (T33)."""
    application = locked(application_id, viewer)
    return advance(application, Action.SETTLE, viewer, changes={"due_on": None})


@transaction.atomic
def close(*, application_id: int, viewer: Viewer) -> Application:
    """The bureau closes the file (T34); each initiative is asked about in the years after (自走化)."""
    application = locked(application_id, viewer)
    advance(application, Action.CLOSE, viewer, changes={"closed_on": clock.today()})
    ask_about(application.items.values_list("project", flat=True))
    return application


def _decide(application: Application, viewer: Viewer, kind: str, amount_yen: int, reason: str) -> Decision:
    return Decision.objects.create(
        application=application,
        kind=kind,
        amount_yen=amount_yen,
        reason=reason.strip(),
        decided_on=clock.today(),
        decided_at=clock.now(),
        decided_by_id=viewer.person,
    )
