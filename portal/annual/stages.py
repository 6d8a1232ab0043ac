"""Chapter: how far collaboration has come by field (figure 7 of the report of March 2024), confirmed readings only."""

from __future__ import annotations

from regions.models import Region, StageAssessment
from regions.stage_matrix import matrix_of, stage_name, summary_of

from .ground import AnnualGround
from .shape import Chapter, Head, Section, Table


def chapter(ground: AnnualGround) -> Chapter:
    """The summary by field and track, then region by region."""
    readings = StageAssessment.objects.visible_to(ground.viewer).by(ground.on).filter(confirmed_on__isnull=False)
    held = list(readings.select_related("field").filter(region__prefecture=ground.prefecture))
    regions = Region.objects.visible_to(ground.viewer).filter(pk__in={row.region_id for row in held}).order_by("code")
    matrix = matrix_of(regions, held, ground.on)
    names = [stage_name(track, stage) for track in StageAssessment.Track.values for stage in StageAssessment.STAGES]
    return Chapter(
        key="stages",
        title="連携の段階",
        said=(
            "分野ごとの連携の段階を、確認された評価のうち最も新しいもので示す。段階に年限はなく、遅れても差し支えない。",
        ),
        sections=(
            Section(
                title="分野別の集計",
                tables=(
                    Table(
                        key="段階の集計",
                        title="段階ごとの地域数",
                        heads=(
                            Head("分野", look="mid"),
                            Head("区分", look="wide"),
                            *(Head(f"第{stage}段階", "地域", num=True) for stage in StageAssessment.STAGES),
                        ),
                        rows=tuple((row.field, row.track, *row.counts) for row in summary_of(matrix)),
                        groups=1,
                        empty="確認された評価の記録はない。",
                    ),
                ),
                notes=("、".join(dict.fromkeys(names)),),
            ),
            Section(
                title="地域別の段階",
                tables=(
                    Table(
                        key="地域別の段階",
                        title="連携地域・分野別の段階（市町村間／道と市町村）",
                        heads=(
                            Head("連携地域", look="mid"),
                            Head("分野"),
                            *(Head(track.label, look="nw") for track in StageAssessment.Track),
                            Head("評価日", look="nw"),
                        ),
                        rows=tuple(
                            (
                                cell.region.name,
                                cell.field.name,
                                *(f"第{found.stage}段階" if found else "－" for _, found in cell.readings),
                                max(found.row.assessed_on for _, found in cell.readings if found).isoformat(),
                            )
                            for cell in matrix.cells
                        ),
                        groups=1,
                        empty="確認された評価の記録はない。",
                    ),
                ),
            ),
        ),
    )
