"""What we write into spreadsheets, read back as Excel and a plain CSV reader would."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from common.sheets.writing import Column, Encoding, csv_lines, unwritable, xlsx

COLUMNS: list[Column[dict[str, object]]] = [
    Column("地域", lambda row: row["name"]),
    Column("申請額（円）", lambda row: row["yen"]),
    Column("提出日", lambda row: row["on"]),
]
ROWS: list[dict[str, object]] = [
    {"name": "後志１７町村連携地域", "yen": 8_640_000, "on": date(2024, 4, 8)},
    {"name": "=HYPERLINK(1)", "yen": -5, "on": None},
]


def read_back(columns=COLUMNS, rows=ROWS):
    with xlsx("申請一覧", columns, rows) as book:
        return CalamineWorkbook.from_filelike(io.BytesIO(book.read())).get_sheet_by_index(0).to_python()


def test_a_workbook_holds_one_value_per_cell_with_numbers_and_days_as_such():
    head, first, second = read_back()
    assert head == ["地域", "申請額（円）", "提出日"]
    assert first == ["後志１７町村連携地域", 8_640_000, date(2024, 4, 8)]
    assert second[1:] == [-5, ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_run_as_a_formula_is_guarded_in_both_formats(start: str):
    rows = [{"name": f"{start}1+1", "yen": 1, "on": None}]
    assert read_back(rows=rows)[1][0].startswith(f"'{start}".rstrip("\r\t"))
    lines = b"".join(csv_lines(COLUMNS, rows)).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(lines.split("\r\n", 1)[1], newline="")))[0] == f"'{start}1+1"


def test_a_negative_number_stays_a_number():
    assert b"".join(csv_lines(COLUMNS, ROWS)).decode("utf-8-sig").splitlines()[2] == "'=HYPERLINK(1),-5,"


def test_csv_begins_with_a_bom_and_ends_lines_as_excel_expects():
    data = b"".join(csv_lines(COLUMNS, ROWS))
    assert data.startswith(b"\xef\xbb\xbf" + "地域,".encode())
    assert data.count(b"\r\n") == 3


def test_cp932_writes_the_twin_of_a_character_and_lists_what_it_has_no_place_for():
    rows = [{"name": "髙橋〜𠮷野①−", "yen": 1, "on": None}, {"name": "𠮷", "yen": 1, "on": None}]
    assert [(item.character, item.places) for item in unwritable(COLUMNS, rows)] == [
        ("𠮷", ((2, "地域"), (3, "地域"))),
    ]
    lines = b"".join(csv_lines(COLUMNS, rows, Encoding.CP932)).decode("cp932").splitlines()
    assert lines[1] == "髙橋～〓野①－,1,"


def test_a_moment_is_written_as_its_day_in_japan():
    columns = [Column("提出日", lambda row: row)]
    moment = datetime(2024, 4, 7, 15, 30, tzinfo=UTC)
    assert b"".join(csv_lines(columns, [moment])).decode("utf-8-sig").splitlines()[1] == "2024-04-08"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("common.sheets.writing.ROWS_OF_A_SHEET", 2)
    with pytest.raises(ValueError, match="1枚のシート"):
        read_back()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_long_list_needs_no_more_memory_than_a_short_one(form: str):
    def peak(rows: int) -> int:
        lines = ({"name": f"地域{number}", "yen": number, "on": date(2024, 4, 8)} for number in range(rows))
        tracemalloc.start()
        if form == "csv":
            for _ in csv_lines(COLUMNS, lines):
                pass
        else:
            xlsx("申請一覧", COLUMNS, lines).close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(2_000) + 5 * 1024 * 1024  # the workbook waits in memory up to 4 MiB, then on disk
