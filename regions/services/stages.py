"""How far collaboration has come: one reading by the bureau (matrix row 34)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.viewer import Access, Viewer

from .. import duties
from ..models import Field, StageAssessment
from .access import region_for


@transaction.atomic
def assess_stage(
    region_code: str, *, field: str, track: str, stage: int, assessed_on: date, evidence: str, viewer: Viewer
) -> StageAssessment:
    """Write the stage (1–3) of a field on a day, with what it rests on. It may come down again. Raises Refused."""
    region = region_for(viewer, region_code, duties.STAGE, Access.EDIT)
    chosen = Field.objects.filter(pk=field).first()
    problems = []
    if chosen is None:
        problems.append("分野を選んでください。")
    if track not in StageAssessment.Track.values:
        problems.append("市町村間の連携か、道と市町村の連携かを選んでください。")
    if stage not in StageAssessment.STAGES:
        problems.append("ステージは1から3までです。")
    if assessed_on > clock.today():
        problems.append("評価日に将来の日は指定できません。")
    if not evidence.strip():
        problems.append("根拠を入力してください。")
    if problems or chosen is None or viewer.user_id is None:
        raise Refused(*problems)
    row, _ = StageAssessment.objects.update_or_create(
        region=region,
        field=chosen,
        track=track,
        assessed_on=assessed_on,
        defaults={"stage": stage, "evidence": evidence.strip(), "assessed_by_id": viewer.user_id},
    )
    audit.record(
        viewer,
        "stage.assess",
        region,
        f"{chosen.name}を第{stage}ステージと評価",
        after={"field": field, "track": track, "stage": stage, "assessed_on": assessed_on},
        reason=evidence.strip(),
    )
    return row
