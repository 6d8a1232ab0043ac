"""Giving and ending delegations to type drafts (代理入力の委任), and telling the town that the typing is done."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, OfficeKind, Viewer
from municipalities.models import Bureau, Jurisdiction, Municipality
from regions.models import Region

from ..delegated import named, on_behalf, remark
from ..duties import DELEGATION
from ..models import Application, Delegation
from ..notifying import tell_delegation, tell_typing_done
from ..states import BEFORE_SUBMISSION
from .advance import locked

TELLS = "代理入力の終わりは、委任を受けた振興局の審査担当が知らせます。"


def bureau_of(municipality: str) -> Bureau | None:
    """The bureau that may type for the municipality: the one over it today."""
    held = Jurisdiction.objects.filter(municipality=municipality, valid_to=None).select_related("bureau__parent")
    row = held.first()
    return None if row is None else row.bureau.parent or row.bureau


@transaction.atomic
def grant(
    *,
    viewer: Viewer,
    from_on: date,
    to_on: date,
    reason: str,
    region_code: str = "",
    application_id: int | None = None,
) -> Delegation:
    """Let the bureau over the approver's municipality type its drafts from a day to a day, both included.

    All drafts that it leads, or those of one region, or one application. Raises PermissionDenied (not an approver),
    DoesNotExist (a region or application that is not visible) and Refused with Japanese sentences.
    """
    require(viewer, DELEGATION, Access.SUBMIT)
    own = locking(Municipality.objects).get(pk=viewer.office.code)
    region = Region.objects.visible_to(viewer).get(pk=region_code) if region_code else None
    application = Application.objects.visible_to(viewer).get(pk=application_id) if application_id else None
    bureau = bureau_of(own.pk)
    problems = _problems(own, bureau, region, application, from_on, to_on, reason)
    if problems or bureau is None:
        raise Refused(*problems)
    delegation: Delegation = Delegation.objects.create(
        municipality=own,
        bureau=bureau,
        region=region,
        application=application,
        from_on=from_on,
        to_on=to_on,
        reason=reason.strip(),
        granted_at=clock.now(),
        granted_by_id=viewer.person,
        granted_who=viewer.label[:200],
    )
    audit.record(
        viewer,
        "delegation.grant",
        delegation,
        f"{own.name}が{bureau.name}に代理入力を委任（{delegation.scope}）",
        after={
            "municipality": own.pk,
            "bureau": bureau.pk,
            "region": region.pk if region else None,
            "application": application.pk if application else None,
            "from_on": from_on,
            "to_on": to_on,
        },
        reason=reason.strip(),
    )
    tell_delegation(f"{OfficeKind.BUREAU}:{bureau.pk}", f"{own.name}から代理入力を委任されました：{delegation.scope}")
    return delegation


def _problems(
    own: Municipality,
    bureau: Bureau | None,
    region: Region | None,
    application: Application | None,
    from_on: date,
    to_on: date,
    reason: str,
) -> list[str]:
    problems = []
    if bureau is None:
        problems.append(f"{own.name}を所管する振興局が登録されていません。システム管理者に連絡してください。")
    if region is not None and application is not None:
        problems.append("連携地域か申請のどちらか1つを選んでください。")
    if region is not None and region.lead_id != own.pk:
        problems.append(f"{region.name}の代表は{own.name}ではないため、委任できません。")
    if application is not None and application.lead_id != own.pk:
        problems.append(f"申請{application.number}の代表は{own.name}ではないため、委任できません。")
    if application is not None and application.state not in BEFORE_SUBMISSION:
        problems.append(f"申請{application.number}は提出済みのため、代理入力を委任できません。")
    if from_on < clock.today():
        problems.append("開始日は本日以後の日にしてください。")
    if to_on < from_on:
        problems.append("終了日は開始日以後の日にしてください。")
    if not reason.strip():
        problems.append("委任する理由を入力してください。")
    same = Delegation.objects.filter(
        municipality=own, bureau=bureau, region=region, application=application, withdrawn_at=None
    )
    standing = same.filter(from_on__lte=to_on, to_on__gte=from_on).first()
    if standing is not None:
        problems.append(
            f"同じ範囲の委任（{standing.period}）がすでにあります。期間を変えるには、先に取り消してください。"
        )
    return problems


@transaction.atomic
def withdraw(*, viewer: Viewer, delegation_id: int) -> Delegation:
    """End a delegation now; what the bureau typed stays in the drafts.

    Raises DoesNotExist (another municipality's), PermissionDenied (not an approver), Refused (ended already).
    """
    visible = locking(Delegation.objects.visible_to(viewer))
    delegation: Delegation = visible.get(pk=delegation_id)
    require(viewer, DELEGATION, Access.SUBMIT)
    if delegation.withdrawn_at is not None or delegation.to_on < clock.today():
        raise Refused("この委任はすでに終わっています。")
    delegation.withdrawn_at = clock.now()
    delegation.withdrawn_by_id, delegation.withdrawn_who = viewer.person, viewer.label[:200]
    delegation.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_who"])
    audit.record(
        viewer,
        "delegation.withdraw",
        delegation,
        f"{delegation.municipality.name}が{delegation.bureau.name}への代理入力の委任を取消（{delegation.scope}）",
        before={"to_on": delegation.to_on},
        after={"withdrawn_at": delegation.withdrawn_at},
    )
    tell_delegation(
        f"{OfficeKind.BUREAU}:{delegation.bureau_id}",
        f"{delegation.municipality.name}が代理入力の委任を取り消しました：{delegation.scope}",
    )
    return delegation


@transaction.atomic
def tell_done(*, application_id: int, viewer: Viewer, note: str = "") -> Application:
    """Staff of the bureau tell the town that what it asked for is typed; the town checks it and asks for consent."""
    application = locked(application_id, viewer)
    delegation = on_behalf(application, viewer)
    if delegation is None:
        raise PermissionDenied(TELLS)
    if not application.editable:
        raise Refused(f"「{application.get_state_display()}」の申請では行えません。")
    title = f"代理入力を終え、{application.lead.name}に知らせる{remark(delegation)}"
    audit.record(viewer, "application.typed", application, title, after=named(delegation), reason=note.strip())
    tell_typing_done(application, note.strip())
    return application
