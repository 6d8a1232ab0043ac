"""How a state reads to the person who looks: the word and the shape that says whose turn it is.

One state is stored; 審査中 for the town is 要審査 for the bureau (mockups/DESIGN.md §4). Shapes: ours ●, them ○,
done ■, late ▲, end －.
"""

from __future__ import annotations

from dataclasses import dataclass

from common import clock
from common.viewer import Duty, Viewer

from .models import Application, Participant
from .states import ENDED_WITHOUT_GRANT, State

OURS, THEM, DONE, LATE, END = "ours", "them", "done", "late", "end"


@dataclass(frozen=True)
class Badge:
    """A word and a shape, drawn by `{% state badge %}`."""

    label: str
    shape: str


S = State
_LEAD = {
    S.DRAFT: ("作成中", OURS),
    S.PRECONSULT: ("事前協議中", THEM),
    S.CONSENT: ("同意待ち", THEM),
    S.READY: ("要提出", OURS),
    S.SUBMITTED: ("受付待ち", THEM),
    S.BUREAU_REVIEW: ("審査中", THEM),
    S.RETURNED: ("要補正", OURS),
    S.HQ_REVIEW: ("審査中", THEM),
    S.APPROVAL: ("審査中", THEM),
    S.SELECTED: ("内定・要申請", OURS),
    S.REPORT_DUE: ("要報告", OURS),
    S.REPORT_OVERDUE: ("報告期限超過", LATE),
    S.REPORT_RETURNED: ("要補正", OURS),
    S.RETURN_ORDERED: ("要返納", OURS),
}
_PARTICIPANT = _LEAD | {
    S.DRAFT: ("作成中", THEM),
    S.CONSENT: ("同意確認中", THEM),
    S.READY: ("提出待ち", THEM),
    S.RETURNED: ("補正中", THEM),
    S.SELECTED: ("内定", DONE),
    S.REPORT_DUE: ("報告待ち", THEM),
    S.REPORT_OVERDUE: ("報告期限超過", THEM),
    S.REPORT_RETURNED: ("補正中", THEM),
    S.RETURN_ORDERED: ("返納待ち", THEM),
}
_OFFICE = {
    S.DRAFT: ("作成中", THEM),
    S.PRECONSULT: ("事前協議中", THEM),
    S.CONSENT: ("同意確認中", THEM),
    S.READY: ("提出待ち", THEM),
    S.SUBMITTED: ("受付待ち", THEM),
    S.BUREAU_REVIEW: ("振興局審査中", THEM),
    S.RETURNED: ("補正待ち", THEM),
    S.HQ_REVIEW: ("本庁審査中", THEM),
    S.APPROVAL: ("決裁中", THEM),
    S.SELECTED: ("内定", DONE),
    S.REPORT_DUE: ("報告待ち", THEM),
    S.REPORT_OVERDUE: ("報告期限超過", LATE),
    S.REPORT_RETURNED: ("報告補正待ち", THEM),
}
_LEAD_BUREAU = _OFFICE | {
    S.PRECONSULT: ("要協議", OURS),
    S.SUBMITTED: ("要受付", OURS),
    S.BUREAU_REVIEW: ("要審査", OURS),
    S.REPORTED: ("要検査", OURS),
    S.CHANGE_REVIEW: ("要審査", OURS),
    S.STOP_REVIEW: ("要審査", OURS),
    S.DELAY_REVIEW: ("要確認", OURS),
}
_HEADQUARTERS = _OFFICE | {S.HQ_REVIEW: ("要審査", OURS)}
_ALL = {
    S.GRANTED: ("交付決定", DONE),
    S.RUNNING: ("実施中", DONE),
    S.SUSPENDED: ("中止", END),
    S.DISCONTINUED: ("廃止", END),
    S.SETTLED: ("精算済", DONE),
    S.CLOSED: ("完結", DONE),
    S.REVOKED: ("取消", END),
}


def badge(application: Application, viewer: Viewer, *, authority: str = "bureau") -> Badge:
    """Return how the application's state reads to the viewer.

    `authority` is who decides by the ruleset of its call: bureau or hq. A participant's own open consent is read from
    `own_consent` where the queryset annotated it (`with_own_consent`).
    """
    state = State(application.state)
    label, shape = _words(application, viewer, state, authority)
    overdue = application.due_on is not None and application.due_on < clock.today()
    if overdue and state == State.RETURNED and (shape == OURS or viewer.is_bureau):
        return Badge("補正期限超過", LATE)
    return Badge(label, shape)


def _words(application: Application, viewer: Viewer, state: State, authority: str) -> tuple[str, str]:
    if state in ENDED_WITHOUT_GRANT:
        return state.label, END
    if state == State.SETTLED and viewer.is_bureau and application.lead_bureau_id == viewer.office.code:
        return "要完結", OURS
    if state in _ALL:
        return _ALL[state]
    if viewer.is_municipal:
        asked = getattr(application, "own_consent", "") == Participant.Consent.ASKED
        if asked and state in (State.CONSENT, State.RETURNED):
            return "要同意", OURS
        table = _LEAD if application.lead_id == viewer.office.code else _PARTICIPANT
        return table.get(state, (state.label, THEM))
    leads = viewer.is_bureau and application.lead_bureau_id == viewer.office.code
    reviews = viewer.is_prefecture and viewer.has(Duty.HS, Duty.HM)
    if leads if authority == "bureau" else reviews:
        if state == State.APPROVAL:
            return "要決裁", OURS
        if state == State.INSPECTED:
            return "要確定", OURS
    table = _LEAD_BUREAU if leads else _HEADQUARTERS if reviews else _OFFICE
    return table.get(state, (state.label, THEM))
