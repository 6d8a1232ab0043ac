"""What headquarters keeps about national schemes: designated hubs, undeclared hubs, reasoned overrides."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from common import audit
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Viewer
from municipalities.models import Municipality

from .. import duties
from ..models import HubDesignation, UndeclaredHub, ZoneStatusOverride


@transaction.atomic
def designate_hub(
    municipality_code: str, *, plan: str, kind: str, viewer: Viewer, valid_from: date | None = None
) -> HubDesignation:
    """Register a municipality as hub under a prefectural plan (M-05b). Raises PermissionDenied, Refused."""
    town = _own_town(viewer, municipality_code, Access.EDIT)
    if not plan.strip():
        raise Refused("計画の名称を入力してください。")
    if kind not in dict(HubDesignation.KINDS):
        raise Refused("地域中心都市か中核都市群かを選んでください。")
    if HubDesignation.objects.filter(plan=plan.strip(), municipality=town).exists():
        raise Refused(f"{town.name}は「{plan.strip()}」の中心都市として既に登録されています。")
    row = HubDesignation.objects.create(plan=plan.strip(), municipality=town, kind=kind, valid_from=valid_from)
    audit.record(
        viewer,
        "hub.designate",
        town,
        "中心都市の指定を登録",
        after={"plan": row.plan, "kind": kind, "from": valid_from},
    )
    return row


@transaction.atomic
def end_hub_designation(designation_id: int, *, valid_to: date, viewer: Viewer) -> HubDesignation:
    """End a designation; it is never deleted, because old judgements rest on it. Raises Refused."""
    require(viewer, duties.SCHEME_LISTS, Access.EDIT)
    row = locking(HubDesignation.objects).get(pk=designation_id, municipality__prefecture=viewer.office.code)
    if row.valid_from is not None and valid_to < row.valid_from:
        raise Refused("終了日が開始日より前です。")
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    audit.record(viewer, "hub.end", row.municipality, "中心都市の指定を終了", after={"valid_to": valid_to})
    return row


@transaction.atomic
def list_undeclared_hub(
    municipality_code: str, *, valid_from: date, reason: str, viewer: Viewer, valid_to: date | None = None
) -> UndeclaredHub:
    """Register a city that meets the hub conditions without having declared (M-04, A-03). Raises Refused."""
    town = _own_town(viewer, municipality_code, Access.EDIT)
    if not reason.strip():
        raise Refused("根拠を入力してください。")
    if valid_to is not None and valid_to < valid_from:
        raise Refused("終了日が開始日より前です。")
    if UndeclaredHub.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), municipality=town).exists():
        raise Refused(f"{town.name}は未宣言中心市として既に登録されています。")
    row = UndeclaredHub.objects.create(
        municipality=town, valid_from=valid_from, valid_to=valid_to, reason=reason.strip()
    )
    after = {"valid_from": valid_from, "valid_to": valid_to}
    audit.record(viewer, "undeclared_hub.list", town, "未宣言中心市として登録", after=after, reason=reason.strip())
    return row


@transaction.atomic
def override_zone_status(
    municipality_code: str,
    *,
    status: str,
    valid_from: date,
    reason: str,
    viewer: Viewer,
    valid_to: date | None = None,
) -> ZoneStatusOverride:
    """Set the national-scheme status by hand with a reason (A-03): the act of headquarters' decider.

    An override that is still open ends the day before; one that would overlap is refused.
    """
    town = _own_town(viewer, municipality_code, Access.SUBMIT)
    problems = []
    if status not in ZoneStatusOverride.Status.values:
        problems.append("国制度の状況を選んでください。")
    if not reason.strip():
        problems.append("理由を入力してください。")
    if valid_to is not None and valid_to < valid_from:
        problems.append("終了日が開始日より前です。")
    if problems or viewer.user_id is None:
        raise Refused(*problems)
    ZoneStatusOverride.objects.filter(municipality=town, valid_to=None, valid_from__lt=valid_from).update(
        valid_to=valid_from - timedelta(days=1)
    )
    later = ZoneStatusOverride.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), municipality=town)
    if valid_to is not None:
        later = later.filter(valid_from__lte=valid_to)
    if later.exists():
        raise Refused("期間が既存の修正と重なっています。")
    row = ZoneStatusOverride.objects.create(
        municipality=town,
        status=status,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
        decided_by_id=viewer.user_id,
    )
    audit.record(
        viewer,
        "zone_status.override",
        town,
        f"国制度の状況を「{row.get_status_display()}」に修正",
        after={"status": status, "valid_from": valid_from, "valid_to": valid_to},
        reason=reason.strip(),
    )
    return row


def _own_town(viewer: Viewer, municipality_code: str, access: Access) -> Municipality:
    """Return the municipality for an act of headquarters of its own prefecture."""
    require(viewer, duties.SCHEME_LISTS, access)
    found = Municipality.objects.filter(pk=municipality_code, prefecture=viewer.office.code).first()
    if found is None:
        raise Refused(f"団体コード「{municipality_code}」の市町村は登録されていません。")
    return found
