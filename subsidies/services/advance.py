"""The one function that takes a step, and the only one that writes `state`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import attempts, audit, clock
from common.errors import Refused
from common.locks import locking
from common.viewer import SYSTEM, Duty, Viewer

from ..delegated import named, on_behalf, remark
from ..guards import GUARDS
from ..models import Application
from ..notifying import notify
from ..rulesets import rules_of
from ..states import State
from ..workflow import STEPS, Action, Side, Step

Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Attempt:
    """One try to take a step: what guards look at.

    `changes` are the columns that would change with the state, `details` what else the person gave.
    """

    application: Application
    action: Action
    step: Step
    viewer: Viewer
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def locked(application_id: int, viewer: Viewer) -> Application:
    """Return the application with its row locked until the transaction ends.

    Raises DoesNotExist when the viewer may not know it (the page answers 404).
    """
    visible = Application.objects.visible_to(viewer) if viewer is not SYSTEM else Application.objects.all()
    return locking(visible).get(pk=application_id)


@transaction.atomic
def advance(
    application: Application,
    action: Action,
    viewer: Viewer,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    recorded: Mapping[str, Any] | None = None,
    **details: Any,
) -> Application:
    """Move a locked application one step, or refuse and change nothing.

    `changes` are columns that change with the state (dates, amounts), `recorded` what the audit event keeps besides
    them, `details` what guards need to see. Raises PermissionDenied (never this duty or office) and Refused (not now;
    Japanese sentences); both leave an audit event and nothing else.
    """
    step = STEPS[action]
    if not may_take(application, step, viewer):
        _note(application, action, viewer, "この手続を行う役割ではありません。")
        raise PermissionDenied
    if problems := hindrances(application, action, viewer, reason=reason, changes=changes, **details):
        _note(application, action, viewer, *problems)
        raise Refused(*problems)
    delegation = on_behalf(application, viewer) if step.delegable else None
    before = {"state": application.state} | {name: getattr(application, name) for name in changes or {}}
    for name, value in (changes or {}).items():
        setattr(application, name, value)
    now = clock.now()
    if step.target is not None:
        application.state, application.state_since = step.target, now
    application.updated_at = now
    application.save(update_fields=["state", "state_since", "updated_at", *(changes or {})])
    audit.record(
        viewer,
        f"application.{action}",
        application,
        step.title + remark(delegation),
        before=before,
        after={"state": application.state} | dict(changes or {}) | dict(recorded or {}) | named(delegation),
        reason=reason.strip(),
        internal=step.internal,
    )
    notify(application, action)
    return application


def _note(application: Application, action: Action, viewer: Viewer, *problems: str) -> None:
    attempts.note(attempts.Refusal(viewer, f"application.{action}", application, STEPS[action].title, problems))


def hindrances(
    application: Application,
    action: Action,
    viewer: Viewer,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    **details: Any,
) -> list[str]:
    """What keeps the step from being taken now, in Japanese sentences; empty when nothing does. Writes nothing."""
    step = STEPS[action]
    if application.state not in step.sources:
        return [f"「{application.get_state_display()}」の申請には「{step.title}」を行えません。"]
    if step.needs_reason and not reason.strip():
        return ["理由を入力してください。"]
    attempt = Attempt(application, action, step, viewer, reason.strip(), changes or {}, details)
    return [problem for name in step.guards for problem in GUARDS[name](attempt)]


def one_by_one(pks: Iterable[Key], act: Callable[[Key], object]) -> int:
    """What time brings to each of these cases, each in a transaction of its own; returns how many were moved.

    A case that somebody moved meanwhile is let be, so that it does not keep the others waiting.
    """
    done = 0
    for pk in list(pks):
        with suppress(Refused), transaction.atomic():
            act(pk)
            done += 1
    return done


def may_take(application: Application, step: Step, viewer: Viewer) -> bool:
    """Say whether this duty in this office may ever take the step on this application, also in the lead's name."""
    if step.side == Side.SYSTEM or (step.delegable and on_behalf(application, viewer) is not None):
        return True
    return viewer.has(*step.duties) and sits_on(application, step.side, viewer)


def sits_on(application: Application, side: Side, viewer: Viewer) -> bool:
    """Say whether the viewer's office is the one that this side means."""
    code = viewer.office.code
    match side:
        case Side.LEAD:
            return viewer.is_municipal and code == application.lead_id
        case Side.PARTICIPANT:
            return viewer.is_municipal and application.parts.filter(municipality=code).exists()
        case Side.BUREAU:
            return viewer.is_bureau and code == application.lead_bureau_id
        case Side.HEADQUARTERS:
            return viewer.is_prefecture
        case Side.REVIEWER:
            if application.state == State.HQ_REVIEW:
                return viewer.is_prefecture
            return viewer.is_bureau and code == application.lead_bureau_id
        case Side.DRAFTER:
            return viewer.is_prefecture or (viewer.is_bureau and code == application.lead_bureau_id)
        case Side.AUTHORITY:
            return sits_in_authority(application, viewer)
        case Side.SECOND_APPROVER:
            return viewer.is_prefecture or (viewer.is_bureau and code == application.lead_bureau_id)
        case Side.ACCOUNTING:
            return viewer.is_prefecture
    return False


def sits_in_authority(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer's office decides: the lead bureau or headquarters, as the ruleset says."""
    if rules_of(application.call.ruleset).value("decision_authority") == "bureau":
        return viewer.is_bureau and viewer.office.code == application.lead_bureau_id and viewer.has(Duty.BM)
    return viewer.is_prefecture and viewer.has(Duty.HM)


def open_actions(application: Application, viewer: Viewer) -> list[Action]:
    """The steps this person could try now, guards aside; pages show their buttons from it."""
    return [
        action
        for action, step in STEPS.items()
        if step.side != Side.SYSTEM and application.state in step.sources and may_take(application, step, viewer)
    ]
