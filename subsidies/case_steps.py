"""Where a case stands: the few steps that everybody knows, with their days.

Offices see their own stations after the submission (`office_steps`), towns also the way to it (`town_steps`).
"""

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
_TOWN_STEPS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("作成", (State.DRAFT, State.PRECONSULT)),
    ("同意", (State.CONSENT,)),
    ("提出", (State.READY,)),
    ("振興局審査", (State.SUBMITTED, State.BUREAU_REVIEW, State.RETURNED)),
    ("本庁審査", (State.HQ_REVIEW,)),
    ("決定", (State.APPROVAL,)),
)
ENDS = {
    State.NOT_SELECTED: "不採択",
    State.REFUSED: "不交付決定",
    State.WITHDRAWN: "取下げ",
    State.LAPSED: "失効",
}


@dataclass(frozen=True)
class CaseStep:
    """One dot of the line; `note` is its day, until when it is to be done, or what happens there."""

    title: str
    note: str = ""
    done: bool = False
    current: bool = False
    url: str = ""


def town_steps(application: Application) -> list[CaseStep]:
    """Return the way of the present phase; an application that ended shows where it ended as its last step."""
    state = State(application.state)
    names = [label for label, _ in _TOWN_STEPS]
    if application.phase == Application.Phase.REQUEST:
        names[-1] = "採否"
    if state in ENDS:
        last = names.index("提出" if application.submitted_at else "作成")
        return [
            *(CaseStep(name, done=True) for name in names[: last + 1]),
            CaseStep(ENDS[state], current=True),
        ]
    at = next((n for n, (_, states) in enumerate(_TOWN_STEPS) if state in states), len(names))
    notes = {at: _going_on(application, state)} if at < len(names) else {len(names) - 1: state.label}
    if application.submitted_at and at > names.index("提出"):
        notes[names.index("提出")] = _day(timezone.localdate(application.submitted_at))
    return [CaseStep(name, notes.get(n, ""), done=n < at, current=n == at) for n, name in enumerate(names)]


def _going_on(application: Application, state: State) -> str:
    """What towns need to know about the present step: until when, or what goes on."""
    if state == State.RETURNED and application.due_on:
        return f"補正期限 {_day(application.due_on)}"
    if state in (State.DRAFT, State.CONSENT, State.READY):
        return f"締切 {_day(application.call.closes_on)}"
    words = {
        State.PRECONSULT: "事前協議中",
        State.SUBMITTED: "受付待ち",
        State.RETURNED: "補正中",
        State.APPROVAL: "決裁中",
    }
    return words.get(state, "")


def office_steps(application: Application, events: Iterable[AuditEvent]) -> list[CaseStep]:
    """Return the stations of the application's phase; days come from its events (newest first)."""
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
