"""What a grant means to its region and initiatives: told by the room that grants, which has asked for the duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from common import clock, notices
from common.fiscal_year import FiscalYear, wareki
from common.locks import locking
from common.viewer import Duty, OfficeKind, Viewer

from ..models import Project, Region
from ..workflow import STEPS, Step
from .life import enter
from .projects import set_project_state

ASKED = "支援後の状況は、毎年度お尋ねします。"


@transaction.atomic
def begin_support(region_code: str, *, viewer: Viewer) -> Region:
    """A grant was decided: the region is supported (支援中) from today. A paused or closed region keeps its state."""
    return _enter(region_code, Step.SUPPORT, clock.today(), viewer)


@transaction.atomic
def end_support(region_code: str, *, on: date, viewer: Viewer) -> Region:
    """The supported years are over: the region runs by itself (自走中) from a day on; its lead reads so."""
    before = Region.objects.get(pk=region_code).state
    region = _enter(region_code, Step.RELEASE, on, viewer)
    if region.state != before and region.lead_id:
        notices.send(
            f"{OfficeKind.MUNICIPALITY}:{region.lead_id}",
            (Duty.MP, Duty.MA),
            f"{region.name}：支援の終了（{wareki(on)}から自走中）",
            body=ASKED,
            url=f"/regions/{region.pk}/",
            subject=region,
        )
    return region


@transaction.atomic
def undo_support(region_code: str, *, viewer: Viewer) -> Region:
    """Every grant since the support began was withdrawn before it ran: the region is what it was before."""
    return _enter(region_code, Step.UNDO_SUPPORT, clock.today(), viewer)


@transaction.atomic
def begin_projects(project_ids: Iterable[int], *, viewer: Viewer) -> None:
    """The work of a grant has begun: its planned initiatives (計画) are carried out (実施)."""
    planned = Project.objects.filter(pk__in=list(project_ids), state=Project.State.PLANNED)
    for project in locking(planned).select_related("region").order_by("pk"):
        set_project_state(
            project, Project.State.RUNNING, project.to_fy, reason="支援を受けた事業の開始による。", viewer=viewer
        )


@transaction.atomic
def follow_project(project_id: int, *, goes_on: bool, fiscal_year: int, viewer: Viewer) -> None:
    """The lead has said how an initiative is in a year after the support: it runs by itself (自走) or is over (終了).

    What is over was carried out until the year before. An initiative that its region has closed keeps its state.
    """
    project = locking(Project.objects).select_related("region").get(pk=project_id)
    state, until = (Project.State.SELF_RUNNING, None) if goes_on else (Project.State.ENDED, fiscal_year - 1)
    if project.state in (state, Project.State.ENDED, Project.State.MERGED):
        return
    reason = f"支援後の状況（{FiscalYear(fiscal_year).wareki}）の回答による。"
    set_project_state(project, state, until and max(until, project.from_fy), reason=reason, viewer=viewer)


def _enter(region_code: str, step: Step, on: date, viewer: Viewer) -> Region:
    region = locking(Region.objects).get(pk=region_code)
    return enter(region, step, on=on, viewer=viewer) if region.state in STEPS[step].sources else region
