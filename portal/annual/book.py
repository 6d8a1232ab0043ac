"""The annual report as a workbook: one sheet for each table, numbers as numbers, units in the headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import IO, Any

from common.sheets.writing import Cell, Column, Sheet, workbook

from .shape import tables_of

FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "・"))
LONGEST = 31


def annual_book(report: Mapping[str, Any]) -> IO[bytes]:
    """Return the workbook of a report (plain data) as an open file at its start; the caller closes it."""
    return workbook(list(_sheets(report["chapters"])))


def _sheets(chapters: list[dict[str, Any]]) -> Iterator[Sheet]:
    for table in tables_of(chapters):
        name = table["key"].translate(FORBIDDEN)[:LONGEST]
        yield Sheet(name, [_column(table, place) for place in range(len(table["heads"]))], table["rows"])


def _column(table: Mapping[str, Any], place: int) -> Column[Any]:
    head, take = table["heads"][place], itemgetter(place)
    heading = f"{head['name']}（{head['unit']}）" if head["unit"] else head["name"]
    width = 14 if head["num"] or head["look"] in ("nw", "year") else 30
    return Column(heading, lambda row: _value(take(row), number=head["num"]), width)


def _value(value: Any, *, number: bool) -> Cell:
    """A number where the column holds numbers, a day where it is one, else the text."""
    if value is None or isinstance(value, int):
        return value
    try:
        return Decimal(value) if number else date.fromisoformat(value)
    except (InvalidOperation, ValueError):
        return str(value)
