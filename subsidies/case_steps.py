"""Where a case stands: the few steps that everybody knows, with their days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from common.fiscal_year import short_day
from common.models import AuditEvent

from .application_list import due_of
from .models import Application
from .states import State

BEFORE = {
    State.SUBMITTED: 1,
    State.BUREAU_REVIEW: 2,
    State.RETURNED: 2,
    State.HQ_REVIEW: 4,
    State.APPROVAL: 5,
}
ENDS = {
    State.NOT_SELECTED: "不採択",
    State.REFUSED: "不交付決定",
    State.WITHDRAWN: "取下げ",
    State.LAPSED: "失効",
}


@dataclass(frozen=True)
class CaseStep:
    """One dot of the line; `note` is its day, or until when it is to be done."""

    title: str
    note: str = ""
    done: bool = False
    current: bool = False
    url: str = ""


def case_steps(application: Application, events: Iterable[AuditEvent]) -> list[CaseStep]:
    """Return the steps of the application's phase; days come from its events (newest first)."""
    days: dict[str, str] = {}
    for event in events:
        days.setdefault(event.action.removeprefix("application."), _short(event))
    state = State(application.state)
    request = application.phase == Application.Phase.REQUEST
    titles = ["提出", "受付", "振興局審査", "進達", "本庁審査", *(["採否決定"] if request else ["決裁", "交付決定"])]
    if state in ENDS:
        titles[-1] = ENDS[state]
    at = BEFORE.get(state, len(titles))
    due, expected = due_of(application), application.call.decision_expected_on
    notes = {
        "提出": days.get("resubmit") or days.get("submit", ""),
        "受付": _day(application.received_on),
        "進達": days.get("forward", ""),
        "決裁": f"起案 {days['draft_decision']}" if state == State.APPROVAL and "draft_decision" in days else "",
    }
    steps = []
    for index, title in enumerate(titles):
        note = notes.get(title, "") if index <= at else ""
        if index == at and due is not None and index < len(titles) - 1:
            note = f"{'補正' if state == State.RETURNED else ''}期限 {_day(due)}"
        if index == len(titles) - 1:
            ended = next((days[key] for key in _ENDING if key in days), "")
            note = ended if at == len(titles) else f"見込 {_day(expected)}" if expected else ""
        steps.append(CaseStep(title, note, done=index < at, current=index == at))
    return steps


_ENDING = ("grant", "refuse", "select", "not_select", "withdraw", "withdraw_grant", "lapse")


def _short(event: AuditEvent) -> str:
    return _day(timezone.localdate(event.at))


def _day(day: object) -> str:
    return short_day(day).partition("（")[0] if day else ""  # type: ignore[arg-type]
