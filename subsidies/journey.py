"""Where an application stands on its way, as the small line of steps under the title says it."""

from __future__ import annotations

from dataclasses import dataclass

from common.fiscal_year import short_day

from .models import Application
from .states import ENDED_WITHOUT_GRANT, State

S = State
_STOPS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("作成", (S.DRAFT, S.PRECONSULT)),
    ("同意", (S.CONSENT,)),
    ("提出", (S.READY,)),
    ("振興局審査", (S.SUBMITTED, S.BUREAU_REVIEW, S.RETURNED)),
    ("本庁審査", (S.HQ_REVIEW,)),
    ("決定", (S.APPROVAL,)),
)


@dataclass(frozen=True)
class Stop:
    """One stop on the way; `note` is a day or what happens there."""

    title: str
    done: bool = False
    current: bool = False
    note: str = ""
    url: str = ""


def stops_of(application: Application) -> list[Stop]:
    """Return the way of the present phase; an application that ended shows where it ended as its last stop."""
    state = State(application.state)
    names = [label for label, _ in _STOPS]
    if application.phase == Application.Phase.REQUEST:
        names[-1] = "採否"
    if state in ENDED_WITHOUT_GRANT:
        last = "提出" if application.submitted_at else "作成"
        return [*(Stop(name, done=True) for name in names[: names.index(last) + 1]), Stop(state.label, current=True)]
    at = next((n for n, (_, states) in enumerate(_STOPS) if state in states), len(_STOPS))
    notes = {at: _note(application)} if at < len(_STOPS) else {len(_STOPS) - 1: state.label}
    if application.submitted_at and at > 2:
        notes[2] = short_day(application.submitted_at.astimezone().date())
    return [Stop(name, n < at, n == at, notes.get(n, "")) for n, name in enumerate(names)]


def _note(application: Application) -> str:
    """What the reader needs to know about the present stop: until when, or what goes on."""
    state = State(application.state)
    if state == S.RETURNED and application.due_on:
        return f"補正 {short_day(application.due_on)}まで"
    if state in (S.DRAFT, S.CONSENT, S.READY):
        return f"締切 {short_day(application.call.closes_on)}"
    words = {S.PRECONSULT: "事前協議中", S.SUBMITTED: "受付待ち", S.RETURNED: "補正中", S.APPROVAL: "決裁中"}
    return words.get(state, "")
