"""A sheet on its way in: compared, confirmed, undone; nothing half, nothing twice."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import SheetImport
from common.sheets import importing
from common.viewer import Duty
from municipalities.models import DataSource, PopulationFigure, PopulationSeries

from ..factories.municipalities import MunicipalityFactory
from ..viewers import saved, viewer

HEAD = ["団体コード", "市町村名", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"]
State = SheetImport.State
pytestmark = pytest.mark.django_db


def book(*rows: list[Any], head: list[str] = HEAD, name: str = "人口.xlsx") -> SimpleUploadedFile:
    """A workbook with one sheet as an upload."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet("人口")
        for index, row in enumerate([head, *rows]):
            page.write_row(index, 0, row)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def staff(towns: None) -> Any:
    return saved(viewer(Duty.HS))


@pytest.fixture
def towns(db: None) -> None:
    for code, name in (("011002", "札幌市"), ("012238", "根室市"), ("014281", "長沼町")):
        MunicipalityFactory(code=code, name=name)
    PopulationSeries.objects.create(
        code="census",
        kind="actual",
        name="国勢調査",
        publisher="総務省",
        source=DataSource.objects.create(code="census", title="国勢調査"),
        order=1,
    )


def checked(upload: Any, staff: Any) -> SheetImport:
    return importing.check(importing.start(upload, kind="I-03", viewer=staff), staff)


def test_new_rows_are_shown_first_and_written_on_confirm(staff: Any):
    run = checked(
        book(
            ["011002", "札幌市", "国勢調査", 2020, 100, 10, 60, 30],
            [12238, "根室市", "国勢調査", "令和2年", "１，２３４", "", "…", "－"],
        ),
        staff,
    )
    assert (run.state, run.new, run.changed, run.same, run.error) == (State.CHECKED, 2, 0, 0, 0)
    assert not PopulationFigure.objects.exists()
    run = importing.confirm(run, viewer=staff)
    assert run.state == State.DONE
    assert list(
        PopulationFigure.objects.order_by("total").values_list(
            "municipality", "series", "year", "total", "age_0_14", "note"
        )
    ) == [
        ("011002", "census", 2020, 100, 10, ""),
        ("012238", "census", 2020, 1234, None, ""),
    ]
