"""Where regions stand in each field on both tracks (figure 7 of the report of March 2024), on a day and a year before.

Nothing here ranks: regions stand in the order of their codes, a stage that stayed or came late is as good as another
(report 4(1)④, 5(1)). The names of stages 2 and 3 in figure 7 are not known from the text; those of figure 6 stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from .models import Field, Region, StageAssessment

Track = StageAssessment.Track
NAMES = {
    (Track.MUNICIPAL, 1): "認識醸成期",
    (Track.MUNICIPAL, 2): "連携展開期（図６の名称）",
    (Track.MUNICIPAL, 3): "発展（図６の説明）",
    (Track.PREFECTURE, 1): "認識醸成期",
    (Track.PREFECTURE, 2): "連携開始期（図６の名称）",
    (Track.PREFECTURE, 3): "補完実践期（図６の名称）",
}


@dataclass(frozen=True)
class Reading:
    """The newest reading of a cell on the day; `was` is the stage read a year before (None: nothing then)."""

    stage: int
    was: int | None
    row: StageAssessment

    @property
    def change(self) -> str:
        """What became of it in a year: up, down, same, new."""
        if self.was is None:
            return "new"
        return "same" if self.stage == self.was else "up" if self.stage > self.was else "down"

    @property
    def confirmed(self) -> bool:
        return self.row.confirmed_on is not None


@dataclass
class Cell:
    """One region in one field: a reading for each track, None where nobody has read it yet."""

    region: Region
    field: Field
    municipal: Reading | None = None
    prefecture: Reading | None = None

    @property
    def readings(self) -> list[tuple[str, Reading | None]]:
        """Both tracks with their names."""
        return [(Track.MUNICIPAL.label, self.municipal), (Track.PREFECTURE.label, self.prefecture)]

    @property
    def text(self) -> str:
        """2／1, with － where there is no reading: for sheets and papers."""
        return "／".join(str(reading.stage) if reading else "－" for _, reading in self.readings)

    @property
    def empty(self) -> bool:
        return self.municipal is None and self.prefecture is None


@dataclass(frozen=True)
class MatrixRow:
    """One region with a cell for each field of the matrix."""

    region: Region
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """Regions × fields; only fields in which somebody has read a stage."""

    on: date
    fields: Sequence[Field]
    rows: Sequence[MatrixRow]
    unconfirmed: int = 0

    @property
    def cells(self) -> list[Cell]:
        """Every cell with a reading, region by region."""
        return [cell for row in self.rows for cell in row.cells if not cell.empty]


@dataclass(frozen=True)
class SummaryRow:
    """How many regions stand on each stage (1, 2, 3) of a field, for one track."""

    field: str
    track: str
    counts: tuple[int, ...]


@dataclass
class _Latest:
    now: dict[tuple[str, str, str], StageAssessment] = field(default_factory=dict)
    then: dict[tuple[str, str, str], int] = field(default_factory=dict)


def year_before(day: date) -> date:
    """The same day of the year before (28 February for 29 February)."""
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)


def matrix_of(regions: Iterable[Region], readings: Iterable[StageAssessment], on: date) -> Matrix:
    """Put readings (`by(on)`, oldest first, with their field) into the cells of the regions; no query of its own."""
    latest, before = _Latest(), year_before(on)
    fields: dict[str, Field] = {}
    for row in readings:
        key = (row.region_id, row.field_id, row.track)
        latest.now[key] = row
        fields[row.field_id] = row.field
        if row.assessed_on <= before:
            latest.then[key] = row.stage
    columns = sorted(fields.values(), key=lambda one: one.order)
    rows = []
    for region in regions:
        cells = []
        for column in columns:
            found: dict[str, Reading | None] = {}
            for track in Track.values:
                key = (region.pk, column.pk, track)
                now = latest.now.get(key)
                found[track] = Reading(now.stage, latest.then.get(key), now) if now else None
            cells.append(Cell(region, column, found[Track.MUNICIPAL], found[Track.PREFECTURE]))
        rows.append(MatrixRow(region, cells))
    open_readings = sum(1 for row in latest.now.values() if row.confirmed_on is None)
    return Matrix(on, columns, rows, open_readings)


def summary_of(matrix: Matrix, *, confirmed: bool = False) -> list[SummaryRow]:
    """Count the regions of a matrix on each stage, field by field; `confirmed` leaves out what is not confirmed."""
    lines = []
    for place, column in enumerate(matrix.fields):
        for track in Track:
            readings = [getattr(row.cells[place], track.value) for row in matrix.rows]
            stages = [one.stage for one in readings if one and (one.confirmed or not confirmed)]
            counts = tuple(stages.count(stage) for stage in StageAssessment.STAGES)
            if any(counts):
                lines.append(SummaryRow(column.name, track.label, counts))
    return lines


def all_fields() -> list[Field]:
    """Every policy field in its order; which program takes which is another matter."""
    return list(Field.objects.order_by("order"))


def stage_name(track: str, stage: int) -> str:
    """第2段階 連携展開期（図６の名称）."""
    return f"第{stage}段階　{NAMES[Track(track), stage]}"
