"""How far collaboration has come: readings by the bureau, their confirmation, what others say (matrix row 34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from common import audit, clock, notices
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer

from .. import duties
from ..models import Field, Region, StageAssessment, StageComment
from .access import region_for


@dataclass(frozen=True)
class ReadingDraft:
    """The stage (1–3) of a field on a track, with what it rests on."""

    field: str
    track: str
    stage: int
    evidence: str


@transaction.atomic
def assess_stages(
    region_code: str, drafts: Sequence[ReadingDraft], *, assessed_on: date, viewer: Viewer
) -> list[StageAssessment]:
    """Write readings of one day, all or none; each needs its own confirmation again.

    A stage may come down again, and no reading is too late. Raises PermissionDenied, Refused.
    """
    region = region_for(viewer, region_code, duties.STAGE, Access.EDIT)
    fields = {row.pk: row for row in Field.objects.filter(pk__in={draft.field for draft in drafts})}
    problems = []
    if not drafts:
        problems.append("ステージと根拠を、1つ以上の分野に入力してください。")
    if assessed_on > clock.today():
        problems.append("評価日に将来の日は指定できません。")
    for draft in drafts:
        if draft.field not in fields:
            problems.append("分野を選んでください。")
            continue
        name = fields[draft.field].name
        if draft.track not in StageAssessment.Track.values:
            problems.append(f"{name}：市町村間の連携か、道と市町村の連携かを選んでください。")
            continue
        where = f"{name}（{StageAssessment.Track(draft.track).label}）"
        if draft.stage not in StageAssessment.STAGES:
            problems.append(f"{where}：ステージは1から3までです。")
        if not draft.evidence.strip():
            problems.append(f"{where}：根拠を入力してください。")
    if problems:
        raise Refused(*problems)
    rows = []
    for draft in drafts:
        row, _ = StageAssessment.objects.update_or_create(
            region=region,
            field=fields[draft.field],
            track=draft.track,
            assessed_on=assessed_on,
            defaults={
                "stage": draft.stage,
                "evidence": draft.evidence.strip(),
                "assessed_by_id": viewer.person,
                "confirmed_on": None,
                "confirmed_by": None,
            },
        )
        rows.append(row)
        audit.record(
            viewer,
            "stage.assess",
            region,
            f"{fields[draft.field].name}を第{draft.stage}ステージと評価",
            after={"field": draft.field, "track": draft.track, "stage": draft.stage, "assessed_on": assessed_on},
            reason=draft.evidence.strip(),
        )
    return rows


@transaction.atomic
def confirm_stages(region_code: str, *, viewer: Viewer) -> int:
    """Confirm the open readings of a region: the act of the decider of its lead bureau, or of headquarters.

    Return how many. Raises PermissionDenied, Refused.
    """
    region = locking(Region.objects.visible_to(viewer)).get(pk=region_code)
    require(viewer, duties.STAGE, Access.SUBMIT)
    if viewer.is_bureau and viewer.office.code != region.lead_bureau_id:
        raise PermissionDenied(f"ステージは、主管振興局（{region.lead_bureau.name}）が確認します。")
    rows = region.stages.filter(confirmed_on=None)
    count = rows.update(confirmed_on=clock.today(), confirmed_by_id=viewer.person)
    if not count:
        raise Refused("確認を待つ評価はありません。")
    audit.record(viewer, "stage.confirm", region, f"ステージの評価{count}件を確認", after={"count": count})
    return count


@transaction.atomic
def comment_stages(region_code: str, text: str, *, field: str = "", viewer: Viewer) -> StageComment:
    """Say something about the readings of a region, of one field or of all; the lead bureau is told.

    Raises PermissionDenied, Refused.
    """
    region = Region.objects.visible_to(viewer).get(pk=region_code)
    require(viewer, duties.STAGE, Access.COMMENT)
    if not Region.objects.own_to(viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("ステージの評価への意見は、その地域の市町村と本庁が書きます。")
    chosen = Field.objects.filter(pk=field).first() if field else None
    if not text.strip():
        raise Refused("意見を入力してください。")
    if field and chosen is None:
        raise Refused("登録されていない分野です。")
    comment = StageComment.objects.create(
        region=region,
        field=chosen,
        office=viewer.office.full_name,
        office_key=viewer.office.key,
        text=text.strip(),
        written_at=clock.now(),
        written_by_id=viewer.person,
    )
    audit.record(viewer, "stage.comment", region, "ステージの評価へ意見", after={"text": comment.text, "field": field})
    notices.send(
        f"{OfficeKind.BUREAU.value}:{region.lead_bureau_id}",
        [Duty.BS],
        f"{region.name}のステージの評価に{viewer.office.full_name}から意見がありました",
        url=reverse("regions:region_stages", args=[region.pk]),
        subject=region,
    )
    return comment
