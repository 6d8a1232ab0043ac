"""The life of a region: its states, what goes on after it, what other offices say about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from common import audit, clock, notices
from common.access import require
from common.errors import Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer

from .. import duties
from ..models import Agreement, NationalZone, Region, RegionComment, RegionLink, RegionState, Vision
from ..ties import open_grants
from ..workflow import STEPS, Rule, Side, Step
from .access import region_for, require_lead

CLOSED = (Region.State.ENDED, Region.State.NATIONAL)
TELLS = (Duty.MP, Duty.MA)


@transaction.atomic
def change_state(
    region_code: str, *, step: Step, on: date, reason: str, viewer: Viewer, zone: str = "", successor: str = ""
) -> Region:
    """Pause, resume or end the region, or note that it moved to a national scheme, from a day on.

    An act of the lead municipality's approver or of the lead bureau's decider. `zone` and `successor` (codes) say at
    once what goes on after it; only those who may keep the links (the bureau's decider) give them. Raises Refused.
    """
    rule = STEPS[step]
    if rule.side != Side.LEAD:
        raise PermissionDenied("この状態は、協定や交付の決定によって変わります。")
    region = region_for(viewer, region_code, duties.REGION, Access.SUBMIT)
    require_lead(viewer, region)
    enter(region, step, on=on, viewer=viewer, reason=reason)
    if zone or successor:
        link_successor(region_code, viewer=viewer, zone=zone, successor=successor)
    for town in region.memberships.filter(left_on=None).values_list("municipality", flat=True):
        notices.send(
            f"{OfficeKind.MUNICIPALITY}:{town}",
            TELLS,
            f"{region.name}：{rule.title}（{wareki(on)}から）",
            body=reason,
            url=f"/regions/{region.pk}/",
            subject=region,
        )
    return region


def enter(region: Region, step: Step, *, on: date, viewer: Viewer, reason: str = "") -> Region:
    """Take one step of the table with a locked region, in the caller's transaction. Nothing else writes `state`.

    Writes the state with its day and one audit event. Raises Refused and changes nothing.
    """
    rule = STEPS[step]
    if region.state not in rule.sources:
        raise Refused(f"「{region.get_state_display()}」の地域には「{rule.title}」を行えません。")
    if rule.needs_reason and not reason.strip():
        raise Refused("理由を入力してください。")
    history = list(region.states.all())
    if rule.side == Side.LEAD:
        _refuse_day(on, history)
    elif history:
        on = max(on, history[-1].since)  # a paper may be older than the idea was registered here
    for guard in rule.guards:
        GUARDS[guard](region, rule)
    target = rule.target or _state_before(region, history)
    before, region.state = region.state, target
    region.save(update_fields=["state"])
    RegionState.objects.create(region=region, state=target, since=on, reason=reason.strip())
    audit.record(
        viewer,
        f"region.{step.value}",
        region,
        rule.title,
        before={"state": before},
        after={"state": target, "since": on},
        reason=reason.strip(),
    )
    return region


@transaction.atomic
def link_successor(
    region_code: str,
    *,
    viewer: Viewer,
    zone: str = "",
    successor: str = "",
    continued: bool = True,
    note: str = "",
) -> RegionLink:
    """Say in which region or national zone this region goes on (前身・後継). Raises Refused.

    Kept by the lead bureau's decider and by headquarters, because the prefecture's indicators count by it.
    """
    region = _linking(viewer, region_code)
    if bool(zone) == bool(successor):
        raise Refused("後継の地域か圏域の、どちらか1つを選んでください。")
    link = RegionLink(predecessor=region, continued=continued, note=note.strip())
    if zone:
        found = NationalZone.objects.filter(pk=zone, prefecture=region.prefecture_id).first()
        if found is None:
            raise Refused(f"圏域コード「{zone}」の国の圏域は登録されていません。")
        link.successor_zone, name = found, found.name
        double = RegionLink.objects.filter(predecessor=region, successor_zone=found)
    else:
        later = Region.objects.visible_to(viewer).filter(pk=successor).first()
        if later is None:
            raise Refused(f"地域コード「{successor}」の地域は登録されていません。")
        if later.pk == region.pk or region.pk in _followers(later.pk):
            raise Refused(f"「{later.name}」は{region.name}より前の地域です。後継にはできません。")
        link.successor, name = later, later.name
        double = RegionLink.objects.filter(predecessor=region, successor=later)
    if double.exists():
        raise Refused(f"「{name}」は、既に後継として登録されています。")
    link.save()
    audit.record(
        viewer, "region.link", region, f"後継に{name}を登録", after={"successor": link.successor_id, "zone": zone}
    )
    return link


@transaction.atomic
def unlink(link_id: int, *, viewer: Viewer, reason: str) -> None:
    """Take a link out again that was wrong. Raises Refused and DoesNotExist."""
    link = RegionLink.objects.select_related("successor", "successor_zone").get(pk=link_id)
    region = _linking(viewer, link.predecessor_id)
    if not reason.strip():
        raise Refused("理由を入力してください。")
    later = link.successor or link.successor_zone
    before = {"successor": link.successor_id, "zone": link.successor_zone_id}
    link.delete()
    audit.record(viewer, "region.unlink", region, f"後継{later}の登録を取消", before=before, reason=reason.strip())


@transaction.atomic
def comment_region(
    region_code: str, *, text: str, viewer: Viewer, agreement_id: int | None = None, vision_id: int | None = None
) -> RegionComment:
    """Leave an opinion about the region, or about a version of its agreement or vision: a bureau, headquarters.

    Other departments speak about visions only (matrix row 6). Raises DoesNotExist, Refused and PermissionDenied.
    """
    region = Region.objects.visible_to(viewer).get(pk=region_code)
    require(viewer, duties.REGION_COMMENT, Access.COMMENT)
    if not Region.objects.own_to(viewer).filter(pk=region_code).exists():
        raise PermissionDenied("意見は、構成市町村を管内に含む振興局と本庁だけが書けます。")
    agreement = Agreement.objects.visible_to(viewer).get(pk=agreement_id, region=region) if agreement_id else None
    vision = Vision.objects.visible_to(viewer).get(pk=vision_id, region=region) if vision_id else None
    if vision is None and not viewer.has(Duty.BS, Duty.BM, Duty.HS):
        raise PermissionDenied("関係部局の意見は、ビジョンに書きます。")
    if not text.strip():
        raise Refused("意見を入力してください。")
    comment = RegionComment.objects.create(
        region=region,
        agreement=agreement,
        vision=vision,
        office_key=viewer.office.key,
        office_name=viewer.office.full_name,
        text=text.strip(),
        written_at=clock.now(),
        written_by_id=viewer.person,
        written_who=viewer.label,
    )
    about = f"{region.name}の{comment.about}" if comment.about else region.name
    audit.record(viewer, "region.comment", region, f"{viewer.office.name}の意見", after={"text": text.strip()})
    title = f"{about}に{viewer.office.name}の意見"
    url = reverse("regions:region_detail", args=[region.pk])
    if agreement is not None:
        url = reverse("regions:agreement_detail", args=[agreement.pk])
    elif vision is not None:
        url = reverse("regions:vision_detail", args=[vision.pk])
    notices.send(f"{OfficeKind.MUNICIPALITY}:{region.lead_id}", (Duty.MP,), title, url=url, subject=region)
    if viewer.office.code != region.lead_bureau_id:
        notices.send(f"{OfficeKind.BUREAU}:{region.lead_bureau_id}", (Duty.BS,), title, url=url, subject=region)
    return comment


def refuse_closed(region: Region) -> None:
    """Raise Refused for a region that has ended or moved on."""
    if region.state in CLOSED:
        raise Refused(f"「{region.get_state_display()}」の地域は変更できません。")


def _linking(viewer: Viewer, region_code: str) -> Region:
    region = locking(Region.objects.visible_to(viewer)).get(pk=region_code)
    require(viewer, duties.REGION_LINK, Access.EDIT)
    if viewer.is_bureau and viewer.office.code != region.lead_bureau_id:
        raise PermissionDenied("前身・後継は、主管振興局か本庁が登録します。")
    return region


def _followers(region_code: str) -> set[str]:
    """The codes of every region that goes on after this one."""
    found: set[str] = set()
    edge = {region_code}
    while edge:
        later = RegionLink.objects.filter(predecessor__in=edge, successor__isnull=False)
        edge = {str(code) for code in later.values_list("successor", flat=True)} - found
        found |= edge
    return found


def _refuse_day(on: date, history: list[RegionState]) -> None:
    if on > clock.today():
        raise Refused("将来の日は指定できません。その日になってから記録してください。")
    if history and on < history[-1].since:
        latest = history[-1]
        raise Refused(
            f"いまの状態「{latest.get_state_display()}」の開始日（{wareki(latest.since)}）以後の日にしてください。"
        )


def _state_before(region: Region, history: list[RegionState]) -> Region.State:
    """The last state that is neither the present one nor a pause; formed where no history tells it."""
    earlier = [row.state for row in history if row.state not in (region.state, Region.State.PAUSED)]
    return Region.State(earlier[-1]) if earlier else Region.State.FORMED


def _no_running_grant(region: Region, rule: Rule) -> None:
    """A grant that runs has to be finished or withdrawn first."""
    if running := open_grants(region.pk):
        told = "、".join(running[:3]) + ("ほか" if len(running) > 3 else "")
        raise Refused(f"進行中の申請があるため、{rule.title}にできません。先に取下げか完結をしてください：{told}")


GUARDS: dict[str, Callable[[Region, Rule], None]] = {"no_running_grant": _no_running_grant}
