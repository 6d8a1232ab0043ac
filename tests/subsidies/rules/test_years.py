"""Terms, adoption windows, reviews and rates: the first year in, the last year in, the next one out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subsidies.rules.facts import (
    ReviewFacts,
    SupportFacts,
)

from .world import (
    FAIL,
    PASS,
    application,
    blank,
    finding,
    linked,
    region,
    result,
)


@pytest.mark.parametrize(
    ("program", "rule", "year", "expected"),
    [
        ("model", "M-01", 2014, FAIL),
        ("model", "M-01", 2015, PASS),
        ("model", "M-01", 2019, PASS),
        ("model", "M-01", 2020, FAIL),
        ("model", "M-07", 2017, PASS),
        ("model", "M-07", 2018, FAIL),
        ("acceleration", "A-01", 2019, FAIL),
        ("acceleration", "A-01", 2020, PASS),
        ("acceleration", "A-01", 2024, PASS),
        ("acceleration", "A-01", 2025, FAIL),
        ("successor", "C-10", 2024, FAIL),
        ("successor", "C-10", 2027, PASS),
        ("successor", "C-10", 2028, FAIL),
    ],
)
def test_terms_and_adoption_windows_include_their_first_and_last_year(program, rule, year, expected):
    members = linked([blank("A"), blank("B")])
    facts = application(members, program, region_fiscal_year=year) if rule == "C-10" else None
    assert result(facts or region(members, program, fiscal_year=year), rule) == expected


def test_the_year_in_which_the_era_changed_is_named_by_its_last_day():
    members = linked([blank("A"), blank("B")])
    found = finding(region(members, "model", fiscal_year=2019), "M-01")
    assert found.message == "令和元年度は実施期間（平成27年度から令和元年度まで）の中です。"
    assert "平成30年度" in finding(region(members, "model", fiscal_year=2018), "M-01").message


@pytest.mark.parametrize(("years", "expected"), [((2025, 2026, 2027), FAIL), ((2025, 2026), PASS)])
def test_the_fourth_year_waits_for_the_review_of_the_third(years, expected):
    facts = application(program="successor", region_fiscal_year=max(years) + 1, region_support=SupportFacts(years))
    assert result(facts, "N-10") == expected
    passed = replace(facts, midterm_review=ReviewFacts(2027, True))
    assert result(passed, "N-10") == PASS
    assert result(replace(facts, midterm_review=ReviewFacts(2027, False)), "N-10") == expected


@pytest.mark.parametrize(
    ("earlier", "rate"), [((), "1/1"), ((2025,), "3/4"), ((2025, 2026), "3/4"), ((2025, 2026, 2027), "1/2")]
)
def test_the_rate_falls_with_the_support_year(earlier, rate):
    facts = application(
        program="successor", region_fiscal_year=2025 + len(earlier), region_support=SupportFacts(earlier)
    )
    assert finding(facts, "N-02").inputs["rate"] == rate
