"""広域連携前進プラン (D-25): direction, regions, initiatives by field, and where the regions stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common import clock
from common.documents import Head
from common.fiscal_year import wareki

from ..models import ForwardPlan, StageAssessment
from ..stage_matrix import matrix_of

PAPER = "D-25"


@dataclass(frozen=True)
class RegionRow:
    """A region that the plan lists, with its members of the day."""

    name: str
    state: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class InitiativeRow:
    """An initiative with its number and region (－ where it belongs to none)."""

    number: int
    name: str
    region: str


@dataclass(frozen=True)
class FieldGroup:
    """The initiatives of one field."""

    field: str
    initiatives: tuple[InitiativeRow, ...]


@dataclass(frozen=True)
class StageRow:
    """A field with the stages of each region in the order of the regions: 2／1, － where nobody has read one."""

    field: str
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """D-25. `stage_regions` head the chart's columns; `waiver` says which zone's plan stands in, and why."""

    head: Head
    version: int
    term_from_fy: int
    term_to_fy: int
    adopted_on: date | None
    discussed: str
    waiver: tuple[str, str] | None
    direction: str
    regions: tuple[RegionRow, ...]
    groups: tuple[FieldGroup, ...]
    total: int
    stage_regions: tuple[str, ...]
    stages: tuple[StageRow, ...]
    stages_on: date


def plan_paper(plan: ForwardPlan) -> Plan:
    """Fill D-25 from the rows; a constant number of queries."""
    today = clock.today()
    listed = list(plan.regions.with_members(today).order_by("code"))
    groups: dict[str, list[InitiativeRow]] = {}
    rows = list(plan.initiatives.select_related("field", "region").order_by("number"))
    for row in sorted(rows, key=lambda one: one.field.order if one.field else 1000):
        name = row.field.name if row.field else "分野によらないもの"
        groups.setdefault(name, []).append(InitiativeRow(row.number, row.name, row.region.name if row.region else "－"))
    readings = StageAssessment.objects.filter(region__in=listed).by(today).select_related("region", "field")
    matrix = matrix_of(listed, readings, today)
    zone, meeting = plan.equivalent_zone, plan.discussed_at
    return Plan(
        head=Head(
            title=f"{plan.title}（第{plan.version}版）",
            heading=(plan.title,),
            issued_on=plan.adopted_on or today,
            sender=(plan.bureau.name,),
            numbered=False,
        ),
        version=plan.version,
        term_from_fy=plan.term_from_fy,
        term_to_fy=plan.term_to_fy,
        adopted_on=plan.adopted_on,
        discussed=f"{meeting.title}（{wareki(meeting.held_on)}）" if meeting else "",
        waiver=(zone.name, plan.waiver_reason) if zone else None,
        direction=plan.direction,
        regions=tuple(
            RegionRow(
                region.name,
                region.get_state_display(),
                tuple(row.municipality.name for row in region.members_now),
            )
            for region in listed
        ),
        groups=tuple(FieldGroup(name, tuple(rows)) for name, rows in groups.items()),
        total=len(rows),
        stage_regions=tuple(region.name for region in listed),
        stages=tuple(
            StageRow(field.name, tuple(row.cells[place].text for row in matrix.rows))
            for place, field in enumerate(matrix.fields)
        ),
        stages_on=today,
    )
