"""What is recorded about an agreement that is in force: its signed copy, its receipt by the bureau, its end."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction

from common import audit, files
from common.errors import Refused
from common.models import StoredFile
from common.viewer import Access, Duty, Viewer

from ..models import Agreement
from .access import agreement_for, require_lead
from .agreements import only, party_codes
from .telling import tell_bureau, tell_towns

S = Agreement.State
SIGNED_COPY = "署名済みの協定書（写し）"


@transaction.atomic
def attach_signed(agreement_id: int, upload: File, *, viewer: Viewer) -> StoredFile:
    """Keep a scan of the signed agreement once it is in force. Raises Refused, FileRefused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    only(agreement, S.IN_FORCE, S.AMENDED, S.ENDED)
    remark = f"（協定 第{agreement.version}版）"
    return files.store(upload, subject=agreement, label=SIGNED_COPY, viewer=viewer, remark=remark)


@transaction.atomic
def remove_signed(agreement_id: int, file_id: int, *, reason: str, viewer: Viewer) -> None:
    """Take a scan out again, with a reason, until the bureau has received the agreement. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    stored = StoredFile.objects.of(agreement).get(pk=file_id)
    if agreement.received_on is not None:
        raise Refused(
            "主管振興局が受理した協定の写しは取り下げられません。誤りがあるときは、正しい写しを追加してください。"
        )
    if not reason.strip():
        raise Refused("取り下げる理由を入力してください。")
    files.remove(stored, viewer=viewer, reason=reason.strip(), remark=f"（協定 第{agreement.version}版）")


@transaction.atomic
def end_agreement(agreement_id: int, *, ended_on: date, reason: str, viewer: Viewer) -> Agreement:
    """End the version in force; `ended_on` is its last day. An act of the lead's approver. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.SUBMIT)
    require_lead(viewer, agreement.region)
    only(agreement, S.IN_FORCE)
    if not reason.strip():
        raise Refused("理由を入力してください。")
    if agreement.in_force_on is not None and ended_on < agreement.in_force_on:
        raise Refused("終了日が効力発生日より前です。")
    agreement.state, agreement.ended_on = S.ENDED, ended_on
    agreement.save(update_fields=["state", "ended_on"])
    audit.record(
        viewer,
        "agreement.end",
        agreement.region,
        f"協定 第{agreement.version}版を終了",
        after={"ended_on": ended_on},
        reason=reason,
    )
    title = f"{agreement.region.name}の協定 第{agreement.version}版が終了しました"
    tell_towns(agreement, party_codes(agreement), (Duty.MP, Duty.MA), title, reason.strip())
    tell_bureau(agreement, (Duty.BS, Duty.BM), title)
    return agreement


@transaction.atomic
def receive_agreement(agreement_id: int, *, received_on: date, viewer: Viewer) -> Agreement:
    """Note the receipt by the lead bureau's head (受理). Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.SUBMIT)
    if not viewer.is_bureau:
        raise PermissionDenied("受理は主管振興局が記録します。")
    only(agreement, S.IN_FORCE)
    agreement.received_on = received_on
    agreement.save(update_fields=["received_on"])
    audit.record(viewer, "agreement.receive", agreement.region, f"協定 第{agreement.version}版を受理")
    return agreement
