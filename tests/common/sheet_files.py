"""Workbooks and text files as uploads, for tests of imports."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from municipalities.models import DataSource, PopulationSeries

from ..factories.municipalities import MunicipalityFactory

HEAD = ["団体コード", "市町村名", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"]
SAPPORO = ["011002", "札幌市", "国勢調査", 2020, 100, 10, 60, 30]
NEMURO = ["012238", "根室市", "国勢調査", 2020, 50, 5, 30, 15]
NAGANUMA = ["014281", "長沼町", "国勢調査", 2020, 20, 2, 12, 6]


def book(*rows: list[Any], head: list[str] = HEAD, name: str = "人口.xlsx") -> SimpleUploadedFile:
    """A workbook with one sheet, its heading in the first row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet("人口")
        for index, row in enumerate([head, *rows]):
            page.write_row(index, 0, row)
    return SimpleUploadedFile(name, out.getvalue())


def text(
    *rows: list[Any], head: list[str] = HEAD, name: str = "人口.csv", encoding: str = "cp932"
) -> SimpleUploadedFile:
    """A comma-separated file."""
    lines = "".join(",".join(map(str, row)) + "\r\n" for row in [head, *rows])
    return SimpleUploadedFile(name, lines.encode(encoding))


def towns_with_census() -> None:
    """Three towns and the census they may bring figures of."""
    for code, name in (("011002", "札幌市"), ("012238", "根室市"), ("014281", "長沼町")):
        MunicipalityFactory(code=code, name=name)
    source = DataSource.objects.create(code="census", title="国勢調査")
    PopulationSeries.objects.create(code="census", kind="actual", name="国勢調査", publisher="総務省", source=source)
