"""Sheets in tests: make one, bring it in, ask what was found.

run = checked("I-03", book(["団体コード", …], ["011002", …]), person)
assert found(run, person) == [(2, "総人口", "E-17")]
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import SheetImport
from common.sheets import importing
from common.sheets.paging import page_of
from common.viewer import Viewer

Row = Sequence[Any]


def book(
    *rows: Row, name: str = "表.xlsx", sheet: str = "Sheet1", merged: Sequence[tuple[str, str]] = ()
) -> SimpleUploadedFile:
    """A workbook with one sheet as an upload; `merged` are areas with their text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet(sheet)
        day = made.add_format({"num_format": "yyyy/m/d"})
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(index, column, cell, day)
                elif cell is not None:
                    page.write(index, column, cell)
        for area, text in merged:
            page.merge_range(area, text)
    return SimpleUploadedFile(name, out.getvalue())


def text(*rows: Row, name: str = "表.csv", encoding: str = "cp932") -> SimpleUploadedFile:
    """A CSV file as an upload."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(encoding))


def checked(kind: str, upload: SimpleUploadedFile, person: Viewer) -> SheetImport:
    """Upload and compare."""
    return importing.check(importing.start(upload, kind=kind, viewer=person), person)


def brought_in(kind: str, upload: SimpleUploadedFile, person: Viewer) -> SheetImport:
    """Upload, compare and write; a sheet with errors fails the test."""
    run = checked(kind, upload, person)
    problems = [run.state, *run.messages, *sentences(run, person)] if run.error or run.state != "checked" else []
    assert not problems, problems
    return importing.confirm(run, viewer=person)


def counts(run: SheetImport) -> tuple[int, int, int, int]:
    """New, changed, same, faulty."""
    return run.new, run.changed, run.same, run.error


def found(run: SheetImport, person: Viewer, *, warnings: bool = True) -> list[tuple[int, str, str]]:
    """What was found, in the order of the rows: (row of the sheet, heading, id)."""
    rows = page_of(run, viewer=person, per_page=1000).rows
    return [(row.number, one.heading, one.id) for row in rows for one in row.findings if warnings or not one.warns]


def sentences(run: SheetImport, person: Viewer) -> list[str]:
    """The sentences that were found."""
    return [one.text for row in page_of(run, viewer=person, per_page=1000).rows for one in row.findings]


def told(run: SheetImport) -> list[tuple[str, int | None]]:
    """What is told about the whole file: (id, row)."""
    return [(one["id"], one["row"]) for one in run.messages]
