"""Fiscal years and days in 和暦, at the borders of the eras."""

from __future__ import annotations

from datetime import date

import pytest

from common.fiscal_year import FiscalYear, compact_day, parse_day, short_day, wareki


@pytest.mark.parametrize(
    ("day", "long", "compact"),
    [
        (date(2026, 11, 21), "令和8年11月21日", "R8.11.21"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (None, "", ""),
    ],
)
def test_a_day_is_written_long_and_compact(day: date | None, long: str, compact: str):
    assert (wareki(day), compact_day(day)) == (long, compact)


def test_what_is_written_is_read_again():
    for day in (date(2026, 11, 21), date(2019, 5, 1), date(2019, 4, 30), date(2024, 2, 29)):
        assert parse_day(wareki(day)) == parse_day(compact_day(day)) == day
    assert short_day(date(2026, 11, 21)) == "11月21日（土）"


def test_the_year_in_which_the_era_changed_has_one_name():
    year = FiscalYear.of(date(2019, 4, 1))
    assert (year.wareki, year.short, year.full) == ("令和元年度", "R1", "令和元年度（2019）")
    assert FiscalYear.parse("H31") == FiscalYear.parse("令和元年度") == 2019


def test_the_books_of_a_year_close_on_the_last_of_may():
    year = FiscalYear(2025)
    assert [year.is_old(day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 1))] == [
        False, True, True, False,
    ]  # fmt: skip
