"""Every messy sheet gives its rows or its sentence; what is read costs little time and memory."""

from __future__ import annotations

import io
import re
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter

from common.sheets import values
from common.sheets.headers import Heading, Table, find_table, match
from common.sheets.limits import Limits
from common.sheets.messages import Message, Unreadable
from common.sheets.reading import open_book

from . import messy_sheets
from .messy_sheets import PLAIN, SAMPLES, Sample, xlsx

KNOWN = {code for code, *_ in PLAIN}
WANTED = [
    Heading(("団体コード", "コード", "市区町村コード"), required=True),
    Heading(("出典",), required=True),
    Heading(("年", "調査年"), required=True),
    Heading(("総人口", "人口総数"), required=True),
]
READERS = [lambda cell: values.municipality_code(cell, known=KNOWN), values.text, values.year, values.integer]


def read(sample: Sample) -> tuple[Table, list[tuple[Any, ...]], list[Message]]:
    """Open, find, read: the table, its values row by row, and what could not be read."""
    table = find_table(open_book(sample.build(), sample.name, encoding=sample.encoding).grid(sample.sheet), WANTED)
    found = match(table.headings, WANTED)
    columns, wrong = [], []
    for number, reader in enumerate(READERS):
        column = []
        for row, cell in zip(table.numbers, table.columns[found[number]], strict=True):
            try:
                column.append(reader(cell))
            except Unreadable as unreadable:
                column.append(None)
                wrong.append(unreadable.at(sheet=table.sheet, row=row, column=WANTED[number].names[0]))
        columns.append(column)
    return table, list(zip(*columns, strict=True)), wrong


@pytest.mark.parametrize("sample", [one for one in SAMPLES if not one.refused], ids=str)
def test_a_messy_sheet_gives_its_values(sample: Sample):
    table, rows, wrong = read(sample)
    assert rows == list(sample.rows)
    assert tuple(notice.id for notice in table.notices) == sample.notices
    assert tuple(sorted((one.row, one.column, one.id) for one in wrong)) == tuple(sorted(sample.wrong))


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.refused], ids=str)
def test_a_broken_sheet_gives_its_sentence(sample: Sample):
    with pytest.raises(Unreadable) as refused:
        read(sample)
    assert refused.value.id == sample.refused
    assert re.search("[ぁ-ん]", str(refused.value))
    assert "{" not in str(refused.value)


def test_the_corpus_is_large_and_names_each_sample_once():
    names = [sample.about for sample in SAMPLES]
    assert len(names) == len(set(names)) > 90


def test_a_sheet_is_listed_with_its_size_and_what_is_hidden():
    content = xlsx(sheets={"表紙": [], "人口": messy_sheets.TABLE}, hidden_sheets=["表紙"], hidden_rows=[2])
    cover, population = open_book(content, "人口.xlsx").sheets
    assert (cover.name, cover.rows, cover.hidden) == ("表紙", 0, True)
    assert (population.name, population.rows, population.columns, population.hidden) == ("人口", 4, 4, False)
    assert population.hidden_rows == {2}


def test_the_encoding_that_was_found_is_told():
    assert open_book(messy_sheets.text(encoding="cp932"), "a.csv").encoding == "cp932"
    assert open_book(messy_sheets.text(), "a.csv").encoding == "utf-8"
    assert open_book(messy_sheets.text(encoding="utf-16"), "a.csv").encoding == "utf-16"
    assert open_book(xlsx(), "a.xlsx").encoding == ""


def test_a_file_object_is_read_from_its_start():
    file = io.BytesIO(messy_sheets.text())
    file.read(10)
    assert open_book(file, "a.csv").grid().rows[0] == messy_sheets.HEAD


def test_a_file_that_is_too_large_is_not_even_read():
    file = io.BytesIO(messy_sheets.text() * 100)
    with pytest.raises(Unreadable) as refused:
        open_book(file, "a.csv", limits=replace(Limits(), bytes=1_000))
    assert refused.value.id == "E-36"
    assert file.tell() == len(file.getvalue())  # only its end was looked for


@pytest.mark.parametrize(
    ("limits", "content", "refused"),
    [
        ({"bytes": 100}, messy_sheets.text() * 3, "E-36"),
        ({"rows": 3}, messy_sheets.text(), "E-22"),
        ({"columns": 3}, messy_sheets.text(), "E-37"),
        ({"cells": 10}, messy_sheets.text(), "E-50"),
    ],
)
def test_each_limit_has_its_sentence(limits: dict[str, Any], content: bytes, refused: str):
    with pytest.raises(Unreadable) as error:
        open_book(content, "a.csv", limits=replace(Limits(), **limits)).grid()
    assert error.value.id == refused


def test_reading_stops_when_its_time_is_over():
    with pytest.raises(Unreadable) as error:
        open_book(xlsx(), "a.xlsx", limits=replace(Limits(), seconds=-1.0))
    assert error.value.id == "E-38"


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.refused in ("E-22", "E-35", "E-37", "E-50")], ids=str)
def test_what_is_too_much_costs_neither_memory_nor_time(sample: Sample):
    content = sample.build()
    tracemalloc.start()
    before = time.process_time()
    with pytest.raises(Unreadable):
        open_book(content, sample.name).grid(sample.sheet)
    spent, (_, peak) = time.process_time() - before, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 1024 * 1024
    assert spent < 10


def test_a_sheet_of_twenty_thousand_rows_is_checked_in_a_fraction_of_its_reading():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["団体コード", "出典", "年", "総人口"])
        for row in range(1, 20_001):
            page.write_row(row, 0, [f"{row:06}", "国勢調査", 2020, row])
    before = time.process_time()
    book_read = open_book(out.getvalue(), "a.xlsx")
    opened = time.process_time() - before
    table = find_table(book_read.grid(), WANTED)
    assert len(table.numbers) == 20_000
    assert table.columns[0][-1] == "020000"
    assert opened < 1.5 * (time.process_time() - before - opened) + 0.5
