"""From draft to published ruleset: proposed by staff, published by a decider who has not written in it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from common import audit, clock, notices
from common.errors import Conflict, Refused
from common.viewer import Access, Duty, OfficeKind, Viewer
from regions.models import Field

from ..duties import PROGRAM
from ..models import RuleSetVersion
from ..rulesets import editions
from ..studio.problems import Known, Term, problems_in
from .studio import OVERTAKEN, locked, locked_draft

State = RuleSetVersion.State
DECIDERS = "支援制度のルールは、本庁 決裁者の役割で公開します。"


def problems_of(version: RuleSetVersion) -> list[str]:
    """Why this version cannot be published; empty when it can. Two queries."""
    known = Known(
        fields=set(Field.objects.values_list("name", flat=True)),
        series={code for code, _ in editions()},
    )
    return problems_in(version.content, known, Term(version.effective_from_fy, version.effective_to_fy))


@transaction.atomic
def propose(*, version_id: int, viewer: Viewer, revision: int) -> RuleSetVersion:
    """起案: ask for approval. From now on the draft stands still. Raises Refused while anything is wrong with it."""
    draft = locked_draft(version_id, viewer)
    _unchanged(draft, revision)
    _sound(draft)
    draft.writers.add(viewer.person)
    _tell(draft, Duty.HM, "ルールの公開が起案されました")
    return _moved(draft, State.PROPOSED, viewer, "ruleset.propose", "公開を起案")


@transaction.atomic
def take_back(*, version_id: int, viewer: Viewer) -> RuleSetVersion:
    """Staff take a proposal back to write on."""
    if not viewer.may(PROGRAM, Access.EDIT):
        raise PermissionDenied("起案の取下げは、本庁 審査担当の役割で行います。")
    version = _in(version_id, viewer, State.PROPOSED, "取り下げられません")
    return _moved(version, State.DRAFT, viewer, "ruleset.take_back", "起案を取下げ")


@transaction.atomic
def send_back(*, version_id: int, viewer: Viewer, reason: str) -> RuleSetVersion:
    """The decider gives a proposal back with a reason."""
    _may_decide(viewer)
    version = _in(version_id, viewer, State.PROPOSED, "差し戻せません")
    _tell(version, Duty.HS, "ルールの案が差し戻されました")
    return _moved(version, State.DRAFT, viewer, "ruleset.send_back", "起案を差戻し", _reason(reason))


@transaction.atomic
def publish(*, version_id: int, viewer: Viewer, revision: int) -> RuleSetVersion:
    """Publish a proposal: from now on it never changes, and calls may use it.

    Raises Refused for whoever has written in it (起案者 ≠ 決裁者), and where it would not hold; Conflict where it is
    not what the decider saw.
    """
    _may_decide(viewer)
    version = _in(version_id, viewer, State.PROPOSED, "公開できません")
    _unchanged(version, revision)
    if version.writers.filter(pk=viewer.person).exists():
        raise Refused("この案を作成した人は公開できません。別の決裁者が公開してください。")
    _sound(version)
    version.published_at, version.published_by_id = clock.now(), viewer.person
    _tell(version, Duty.HS, "ルールが公開されました")
    return _moved(version, State.PUBLISHED, viewer, "ruleset.publish", "ルールを公開")


@transaction.atomic
def withdraw(*, version_id: int, viewer: Viewer, reason: str) -> RuleSetVersion:
    """Withdraw a published version that no call has used. Raises Refused otherwise: old applications need it."""
    _may_decide(viewer)
    version = _in(version_id, viewer, State.PUBLISHED, "撤回できません")
    if version.calls.exists():
        raise Refused("この版を使う募集があるため、撤回できません。変えるときは、写して新しい版を公開してください。")
    return _moved(version, State.WITHDRAWN, viewer, "ruleset.withdraw", "ルールを撤回", _reason(reason))


@transaction.atomic
def give_up(*, version_id: int, viewer: Viewer, revision: int, reason: str) -> RuleSetVersion:
    """Give a draft up. It stays on record, never to be published."""
    draft = locked_draft(version_id, viewer)
    _unchanged(draft, revision)
    return _moved(draft, State.WITHDRAWN, viewer, "ruleset.give_up", "案を取りやめ", _reason(reason))


def _in(version_id: int, viewer: Viewer, state: State, refused: str) -> RuleSetVersion:
    version = locked(version_id, viewer)
    if version.state != state:
        raise Refused(f"「{version.get_state_display()}」の版は{refused}。")
    return version


def _may_decide(viewer: Viewer) -> None:
    if not viewer.may(PROGRAM, Access.SUBMIT):
        raise PermissionDenied(DECIDERS)


def _unchanged(version: RuleSetVersion, revision: int) -> None:
    if version.revision != revision:
        raise Conflict(OVERTAKEN)


def _sound(version: RuleSetVersion) -> None:
    if problems := problems_of(version):
        raise Refused(*problems)


def _tell(version: RuleSetVersion, duty: Duty, title: str) -> None:
    """Leave a notice at headquarters, with the address of the version."""
    notices.send(
        f"{OfficeKind.PREFECTURE}:{version.program.prefecture_id}",
        (duty,),
        f"{title}：{version.program.name} 第{version.version}版",
        url=reverse("subsidies:studio_detail", args=[version.pk]),
        subject=version,
    )


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("理由を入力してください。")
    return text.strip()


def _moved(
    version: RuleSetVersion, state: State, viewer: Viewer, action: str, title: str, reason: str = ""
) -> RuleSetVersion:
    before = version.state
    version.state = state
    version.revision += 1
    version.save()
    audit.record(viewer, action, version, title, before={"state": before}, after={"state": state.value}, reason=reason)
    return version
