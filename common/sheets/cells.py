"""What stands in a cell, as the reader hands it out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from xlsxwriter.utility import xl_col_to_name

Cell = str | int | float | bool | date | datetime | time | timedelta  # "" is an empty cell, an error is its text
UNCALCULATED = "#未計算"  # a formula that was saved without its result
ERRORS = frozenset([
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    UNCALCULATED,
])  # fmt: skip


def letters(column: int) -> str:
    """Return the letters of a column number: 1 is A, 28 is AB."""
    return str(xl_col_to_name(column - 1))
