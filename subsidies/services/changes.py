"""The towns' side of a change: begin, write, hand to the approver, submit or file, withdraw, resume (T22–T25)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer

from ..approved_plan import Plan, approved_plan
from ..changing import Weighed
from ..duties import CHANGE
from ..issuing import issue_paper
from ..models import Application, ChangeRequest, ChangeVersion
from ..notifying import tell_approver
from ..states import State
from ..workflow import Action, Side
from .advance import advance, hindrances, locked, sits_on
from .change_effects import take_effect

Kind, Phase = ChangeRequest.Kind, ChangeRequest.State
WRITES = "変更・中止・廃止・遅延の書類は、参加市町村の企画担当が作成します。"
SUBMITS = "変更・中止・廃止・遅延の書類は、代表市町村の承認者が提出します。"
BEGINS_IN: dict[str, tuple[State, ...]] = {
    Kind.CHANGE: (State.RUNNING,),
    Kind.SUSPEND: (State.RUNNING,),
    Kind.DISCONTINUE: (State.RUNNING, State.SUSPENDED),
    Kind.DELAY: (State.RUNNING,),
}
PAPERS = {Kind.CHANGE: "D-11", Kind.SUSPEND: "D-13", Kind.DISCONTINUE: "D-13", Kind.DELAY: "D-15b"}
ASKS = {
    Kind.CHANGE: Action.ASK_CHANGE,
    Kind.SUSPEND: Action.ASK_STOP,
    Kind.DISCONTINUE: Action.ASK_STOP,
    Kind.DELAY: Action.TELL_DELAY,
}


@dataclass(frozen=True)
class Consent:
    """What the lead states of one member: the day of its consent and the number of its letter."""

    on: date | None = None
    no: str = ""


@dataclass(frozen=True)
class ChangeDraft:
    """Everything a person typed; `after` is the plan as it would be, in whole yen."""

    after: Plan
    reason: str = ""
    effective_on: date | None = None
    work_done: str = ""
    spent_yen: int | None = None
    outlook: str = ""
    document_no: str = ""
    consents: Mapping[str, Consent] = field(default_factory=dict)


@transaction.atomic
def start(*, application_id: int, kind: str, viewer: Viewer) -> ChangeRequest:
    """Begin a change, stop or delay with the plan that counts now in it.

    Raises PermissionDenied, and Refused while the work does not run or another request is still open.
    """
    application = locked(application_id, viewer)
    _require_planner(application, viewer)
    if kind not in BEGINS_IN:
        raise Refused("変更・中止・廃止・遅延のどれかを選んでください。")
    if application.state not in BEGINS_IN[kind]:
        raise Refused(f"「{application.get_state_display()}」の事業には、{Kind(kind).label}の手続を始められません。")
    standing = application.changes.filter(state__in=[Phase.DRAFT, Phase.SUBMITTED, Phase.RETURNED]).first()
    if standing is not None:
        raise Refused(
            f"手続中のもの（{standing.title}、{standing.get_state_display()}）があります。"
            "それを済ませるか取り下げてから始めてください。"
        )
    plan = approved_plan(application).to_json()
    last = application.changes.order_by("-number").values_list("number", flat=True).first() or 0
    change = ChangeRequest.objects.create(
        application=application,
        number=last + 1,
        kind=kind,
        before=plan,
        after=plan,
        created_at=clock.now(),
        created_by_id=viewer.person,
        saved_at=clock.now(),
    )
    _record(viewer, "change.start", change, f"{change.get_kind_display()}の書類の作成を開始")
    return change


@transaction.atomic
def write(*, application_id: int, number: int, draft: ChangeDraft, revision: int, viewer: Viewer) -> ChangeRequest:
    """Keep what was typed; nothing has to be complete yet.

    Raises Conflict when somebody else saved since `revision`, Refused once it is submitted, PermissionDenied.
    """
    application, change = locked_change(application_id, number, viewer)
    _require_planner(application, viewer)
    if not change.editable:
        raise Refused("提出した書類は書き換えられません。直すときは、取り下げるか、振興局の差戻しを受けてください。")
    if change.revision != revision:
        raise Conflict("ほかの人が先に保存しました。内容を確かめてから、もう一度保存してください。")
    change.after = _allowed(change, draft.after).to_json()
    for name in ("reason", "work_done", "outlook", "document_no"):
        setattr(change, name, getattr(draft, name).strip())
    change.effective_on, change.spent_yen = draft.effective_on, draft.spent_yen
    change.consents = {
        code: {"on": consent.on.isoformat() if consent.on else "", "no": consent.no.strip()}
        for code, consent in draft.consents.items()
        if consent.on or consent.no.strip()
    }
    change.revision += 1
    change.saved_at, change.handed_at = clock.now(), None
    change.save()
    _record(viewer, "change.save", change, f"{change.get_kind_display()}の書類を保存")
    return change


@transaction.atomic
def hand_on(*, application_id: int, number: int, viewer: Viewer) -> ChangeRequest:
    """The planner gives it to the approver of the lead, in whose work list it then stands.

    Raises Refused with everything that would keep the approver from submitting.
    """
    application, change = locked_change(application_id, number, viewer)
    _require_planner(application, viewer)
    if not change.editable:
        raise Refused("すでに提出されています。")
    weighed = Weighed.of(change)
    action = action_of(change, weighed)
    if problems := hindrances(application, action, viewer, change=change, weighed=weighed):
        raise Refused(*problems)
    change.handed_at = clock.now()
    change.save(update_fields=["handed_at"])
    _record(viewer, "change.hand_on", change, "承認者へ回付")
    tell_approver(application, change.get_kind_display())
    return change


@transaction.atomic
def submit(
    *, application_id: int, number: int, viewer: Viewer, light: bool = False, document_no: str = ""
) -> ChangeRequest:
    """The approver of the lead submits it, or files it as a light change (T23) where `light`.

    What is submitted is frozen. Raises Refused: incomplete, not light although filed as light, and the other way round.
    """
    application, change = locked_change(application_id, number, viewer)
    if not change.editable:
        raise Refused("この書類は、すでに提出されたか取り下げられています。")
    if document_no.strip():
        change.document_no = document_no.strip()
    change.before = approved_plan(application).to_json()
    weighed = Weighed.of(change)
    action = Action.FILE_LIGHT_CHANGE if light and change.kind == Kind.CHANGE else ASKS[Kind(change.kind)]
    change.began_from = application.state
    advance(
        application, action, viewer, change=change, weighed=weighed,
        recorded={"change": change.number, "kind": change.kind, "grant_yen": weighed.after.grant_yen},
    )  # fmt: skip
    change.submitted_at, change.submitted_by_id = clock.now(), viewer.person
    change.crosses_year = change.kind == Kind.DELAY and (
        weighed.after.end_on is not None and weighed.after.end_on > application.work_year.last_day
    )
    change.finding = _finding(weighed) if change.kind == Kind.CHANGE else None
    change.state, change.return_reason, change.returned_at = Phase.SUBMITTED, "", None
    if light:
        change.kind, change.state = Kind.LIGHT, Phase.FILED
        change.closed_at, change.closed_by_id, change.closed_who = clock.now(), viewer.person, viewer.label
    change.save()
    version = _freeze(change, viewer)
    if light:
        take_effect(application, change, viewer)
    else:
        version.document = issue_paper(PAPERS[Kind(change.kind)], application, viewer, change=change)
        version.save(update_fields=["document"])
    return change


@transaction.atomic
def withdraw(*, application_id: int, number: int, viewer: Viewer, reason: str = "") -> ChangeRequest:
    """Give it up: a draft by the planner or the approver, what was submitted by the approver with a reason."""
    application, change = locked_change(application_id, number, viewer)
    if not change.is_open:
        raise Refused("この手続は、すでに終わっています。")
    if change.state == Phase.SUBMITTED:
        suspended = change.began_from == State.SUSPENDED
        advance(
            application,
            Action.WITHDRAW_WHILE_SUSPENDED if suspended else Action.WITHDRAW_CHANGE,
            viewer,
            reason=reason,
            recorded={"change": change.number},
        )
    else:
        require(viewer, CHANGE)
        if not (viewer.has(Duty.MP, Duty.MA) and sits_on(application, Side.LEAD, viewer)):
            raise PermissionDenied("取り下げられるのは、代表市町村の企画担当と承認者です。")
        _record(viewer, "change.withdraw", change, f"{change.get_kind_display()}の書類を取下げ", reason)
    change.state = Phase.WITHDRAWN
    change.save(update_fields=["state"])
    return change


@transaction.atomic
def resume(*, application_id: int, viewer: Viewer, reason: str) -> Application:
    """The work goes on after a suspension (T24); the bureau is told."""
    application = locked(application_id, viewer)
    return advance(application, Action.RESUME, viewer, reason=reason)


def locked_change(application_id: int, number: int, viewer: Viewer) -> tuple[Application, ChangeRequest]:
    """Both rows, locked until the transaction ends. Raises DoesNotExist (404) where the viewer may not know them."""
    application = locked(application_id, viewer)
    change = locking(ChangeRequest.objects).get(application=application, number=number)
    change.application = application
    return application, change


def action_of(change: ChangeRequest, weighed: Weighed) -> Action:
    """The step that the approver would take with it now: filing where the change is light."""
    if change.kind == Kind.CHANGE and weighed.is_light:
        return Action.FILE_LIGHT_CHANGE
    return ASKS[Kind(change.kind)]


def may_write(application: Application, viewer: Viewer) -> bool:
    """Whether this person may write changes of this application: a planner of a town that takes part."""
    return viewer.may(CHANGE, Access.EDIT) and viewer.has(Duty.MP) and sits_on(application, Side.PARTICIPANT, viewer)


def may_submit(application: Application, viewer: Viewer) -> bool:
    """Whether this person submits changes of this application: an approver of the lead."""
    return viewer.may(CHANGE, Access.SUBMIT) and viewer.has(Duty.MA) and sits_on(application, Side.LEAD, viewer)


def _require_planner(application: Application, viewer: Viewer) -> None:
    if not may_write(application, viewer):
        raise PermissionDenied(WRITES)


def _allowed(change: ChangeRequest, after: Plan) -> Plan:
    """What this kind of request may change: a stop changes nothing, a delay only the last day."""
    if change.kind == Kind.CHANGE:
        return after
    before = Plan.from_json(change.before)
    return replace(before, end_on=after.end_on) if change.kind == Kind.DELAY else before


def _finding(weighed: Weighed) -> dict[str, Any] | None:
    found = weighed.light
    if found is None:
        return None
    return {"rule": found.rule, "result": found.result.value, "message": found.message,
            "compared": [list(line) for line in found.compared]}  # fmt: skip


def _freeze(change: ChangeRequest, viewer: Viewer) -> ChangeVersion:
    data = {
        "kind": change.kind, "before": change.before, "after": change.after, "reason": change.reason,
        "effective_on": change.effective_on.isoformat() if change.effective_on else None,
        "work_done": change.work_done, "spent_yen": change.spent_yen, "outlook": change.outlook,
        "document_no": change.document_no, "consents": change.consents, "finding": change.finding,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return ChangeVersion.objects.create(
        change=change,
        version=change.versions.count() + 1,
        data=data,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        at=clock.now(),
        by_id=viewer.person,
    )


def _record(viewer: Viewer, action: str, change: ChangeRequest, title: str, reason: str = "") -> None:
    after = {"change": change.number, "kind": change.kind, "revision": change.revision}
    audit.record(
        viewer, action, change.application, f"{title}（第{change.number}号）", after=after, reason=reason.strip()
    )
