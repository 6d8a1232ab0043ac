"""Regions themselves: proposal, name, members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import SYSTEM, Access, Viewer
from municipalities.models import Municipality

from .. import duties
from ..models import Agreement, Region, RegionMembership, RegionName, RegionState
from .access import bureau_of, current, region_for, towns
from .life import refuse_closed

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RegionDraft:
    """What a person typed about a new region; codes have 6 digits, `hub` only for a region of type hub."""

    name: str
    members: tuple[str, ...]
    lead: str
    start: date
    secretariat: str = ""
    hub: str = ""
    note: str = ""


@transaction.atomic
def propose_region(draft: RegionDraft, *, viewer: Viewer) -> Region:
    """Register an idea (構想) with its members from the day; it is formed when its agreement comes into force.

    Raises PermissionDenied (not this duty, not one's own territory) and Refused.
    """
    require(viewer, duties.REGION, Access.EDIT)
    members = list(draft.members)
    secretariat = draft.secretariat or draft.lead
    found = towns(members, draft.start, _prefecture_of(draft.lead))
    bureau = bureau_of(draft.lead, draft.start)
    if viewer.is_municipal and viewer.office.code not in members:
        raise PermissionDenied("自分の市町村を含む地域だけを登録できます。")
    if viewer.is_bureau and viewer.office.code != bureau.code:
        raise PermissionDenied("代表市町村を管内に含む地域だけを登録できます。")
    problems = [
        sentence
        for wrong, sentence in (
            (not draft.name.strip(), "地域の名称を入力してください。"),
            (len(members) < 2, "構成市町村を2つ以上選んでください。"),
            (draft.lead not in found, "代表市町村は構成市町村から選んでください。"),
            (secretariat not in found, "事務局市町村は構成市町村から選んでください。"),
            (bool(draft.hub) and draft.hub not in found, "中心都市は構成市町村から選んでください。"),
            (
                Region.objects.acting().filter(name=draft.name.strip()).exists(),
                f"「{draft.name.strip()}」という名称の地域は既に登録されています。",
            ),
        )
        if wrong
    ]
    if problems:
        raise Refused(*problems)
    region = Region.objects.create(
        code=_next_code(draft.start),
        prefecture_id=found[draft.lead].prefecture_id,
        name=draft.name.strip(),
        type=Region.Type.HUB if draft.hub else Region.Type.FLAT,
        hub_id=draft.hub or None,
        lead_id=draft.lead,
        secretariat_id=secretariat,
        lead_bureau=bureau,
        note=draft.note,
    )
    RegionName.objects.create(region=region, name=region.name, valid_from=draft.start)
    RegionState.objects.create(region=region, state=region.state, since=draft.start)
    for code in sorted(members):
        RegionMembership.objects.create(region=region, municipality_id=code, joined_on=draft.start)
    audit.record(
        viewer, "region.propose", region, "構想を登録", after={"name": region.name, "members": sorted(members)}
    )
    return region


@transaction.atomic
def redraw_idea(region_code: str, *, members: Sequence[str], lead: str, viewer: Viewer) -> Region:
    """Choose the members of an idea (構想) anew: nothing was agreed yet, so nothing has to be ended.

    Those who stay keep their first day. Raises Refused once the region is formed.
    """
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    if region.state != Region.State.IDEA:
        raise Refused(f"「{region.get_state_display()}」の地域の構成市町村は、協定を改定して変更してください。")
    today = clock.today()
    found = towns(list(members), today, region.prefecture_id)
    if len(found) < 2:
        raise Refused("構成市町村を2つ以上選んでください。")
    if lead not in found:
        raise Refused("代表市町村は構成市町村から選んでください。")
    before = sorted(region.memberships.values_list("municipality", flat=True))
    region.memberships.exclude(municipality__in=found).delete()
    for code in sorted(set(found) - set(before)):
        RegionMembership.objects.create(region=region, municipality_id=code, joined_on=today)
    region.lead_id, region.lead_bureau = lead, bureau_of(lead, today)
    if region.secretariat_id not in found:
        region.secretariat_id = lead
    if region.hub_id not in found:
        region.hub_id, region.type = None, Region.Type.FLAT
    region.save(update_fields=["lead", "lead_bureau", "secretariat", "hub", "type"])
    after = sorted(found)
    if before != after:
        audit.record(
            viewer,
            "region.redraw",
            region,
            "構想の構成を変更",
            before={"members": before},
            after={"members": after, "lead": lead},
        )
    return region


@transaction.atomic
def rename_region(
    region_code: str, *, name: str, valid_from: date, viewer: Viewer, revision: int | None = None
) -> Region:
    """Give the region a new name from a day on; the former names stay with their dates."""
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    if not name.strip():
        raise Refused("地域の名称を入力してください。")
    current(region, revision)
    latest = region.names.last()
    if latest is not None and latest.valid_from >= valid_from:
        raise Refused(f"いまの名称「{latest.name}」の開始日より後の日を指定してください。")
    RegionName.objects.create(region=region, name=name.strip(), valid_from=valid_from)
    before = region.name
    if valid_from <= clock.today():
        region.name = name.strip()
    region.revision += 1
    region.save(update_fields=["name", "revision"])
    audit.record(viewer, "region.rename", region, "名称を変更", before={"name": before}, after={"name": name.strip()})
    return region


@transaction.atomic
def bear_names(on: date) -> int:
    """Let names that begin by the day be borne (the daily run). Idempotent; returns how many changed."""
    changed = 0
    named = Region.objects.with_name(on).filter(name_on__isnull=False).exclude(name=F("name_on"))
    for region in locking(named):
        before, region.name = region.name, region.name_on
        region.revision += 1
        region.save(update_fields=["name", "revision"])
        audit.record(
            SYSTEM, "region.bear_name", region, "名称の変更日", before={"name": before}, after={"name": region.name}
        )
        changed += 1
    return changed


@transaction.atomic
def add_member(
    region_code: str,
    *,
    municipality_code: str,
    joined_on: date,
    viewer: Viewer,
    agreement_id: int | None = None,
    reason: str = "",
) -> RegionMembership:
    """Let a municipality join from a day on.

    A region with an agreement needs the version that binds the newcomer (domain A-15): amend the agreement first.
    Raises Refused.
    """
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    town = towns([municipality_code], joined_on, region.prefecture_id)[municipality_code]
    agreement = _carrying(region, agreement_id, joined_on)
    if agreement is not None and not agreement.consents.filter(municipality=town).exists():
        raise Refused(f"この版の協定の当事者に{town.name}が含まれていません。")
    membership = enter(region, town.code, joined_on, agreement, reason)
    audit.record(
        viewer,
        "region.add_member",
        region,
        f"{town.name}が加入",
        after={"municipality": town.code, "joined_on": joined_on},
        reason=reason,
    )
    return membership


@transaction.atomic
def remove_member(
    region_code: str,
    *,
    municipality_code: str,
    left_on: date,
    viewer: Viewer,
    agreement_id: int | None = None,
    reason: str = "",
) -> RegionMembership:
    """Let a member leave; `left_on` is its last day. What was split before stays untouched (W24).

    A region with an agreement needs the version without the leaver. Raises Refused.
    """
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    if not reason.strip():
        raise Refused("脱退の理由を入力してください。")
    agreement = _carrying(region, agreement_id, left_on + ONE_DAY)
    if agreement is not None and agreement.consents.filter(municipality=municipality_code).exists():
        raise Refused("この版の協定では、まだ当事者になっています。協定を改定してください。")
    membership = leave(region, municipality_code, left_on, reason)
    audit.record(
        viewer,
        "region.remove_member",
        region,
        f"{membership.municipality.name}が脱退",
        after={"municipality": municipality_code, "left_on": left_on},
        reason=reason,
    )
    return membership


def enter(
    region: Region, municipality_code: str, joined_on: date, agreement: Agreement | None, reason: str
) -> RegionMembership:
    """Write one membership; shared with the agreement that brings members in. Raises Refused."""
    open_row = region.memberships.filter(municipality=municipality_code).order_by("-joined_on").first()
    if open_row is not None and (open_row.left_on is None or open_row.left_on >= joined_on):
        raise Refused(f"{open_row.municipality.name}は、この日に既に構成市町村です。")
    return RegionMembership.objects.create(
        region=region, municipality_id=municipality_code, joined_on=joined_on, agreement=agreement, reason=reason
    )


def leave(region: Region, municipality_code: str, left_on: date, reason: str) -> RegionMembership:
    """End one membership; shared with the agreement that lets members go. Raises Refused."""
    membership = (
        region.memberships.filter(municipality=municipality_code, left_on=None).select_related("municipality").first()
    )
    if membership is None:
        raise Refused("この市町村は、いま構成市町村ではありません。")
    name = membership.municipality.name
    if left_on < membership.joined_on:
        raise Refused(f"脱退日が{name}の加入日より前です。")
    if municipality_code in (region.lead_id, region.secretariat_id, region.hub_id):
        raise Refused(f"{name}は代表・事務局・中心都市のいずれかです。先に別の市町村へ変更してください。")
    if region.memberships.filter(left_on=None).count() <= 2:
        raise Refused("構成市町村が2つ未満になります。地域を終了する場合は「終了」としてください。")
    led = region.groups.acting().filter(chair=municipality_code).first()
    if led is not None:
        raise Refused(f"{name}は部会「{led.name}」の座長です。先に座長を変更してください。")
    for group in region.groups.acting().filter(members=municipality_code):
        group.members.remove(municipality_code)
    membership.left_on = left_on
    membership.reason = reason
    membership.save(update_fields=["left_on", "reason"])
    return membership


def _carrying(region: Region, agreement_id: int | None, on: date) -> Agreement | None:
    """Return the version in force that carries a change of members; None while the region is only an idea."""
    if region.state == Region.State.IDEA and agreement_id is None:
        return None
    agreement = Agreement.objects.in_force(on).filter(region=region, pk=agreement_id).first()
    if agreement is None:
        raise Refused("構成市町村の変更には、その日に効力のある改定後の協定が必要です。先に協定を改定してください。")
    return agreement


def _prefecture_of(municipality_code: str) -> str:
    town = Municipality.objects.filter(pk=municipality_code).first()
    if town is None:
        raise Refused(f"団体コード「{municipality_code}」の市町村は登録されていません。")
    return town.prefecture_id


def _next_code(start: date) -> str:
    """Return R8-01, R8-02, …: the fiscal year in era form and a running number."""
    prefix = FiscalYear.of(start).short + "-"
    codes = Region.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.removeprefix(prefix)).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:02}"
