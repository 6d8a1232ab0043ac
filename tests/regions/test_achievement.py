"""How far a KPI has come and whether it keeps to its path: worked examples of the sources, and what always holds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.achievement import (
    Basis,
    Plan,
    Standing,
    achievement,
    at_year,
    expected_years,
    plan_of,
    planned,
    position,
)
from regions.models import Kpi

# 山形県 短期アクションプラン: base (year), H29–H32
YAMAGATA = {
    "立地適正化計画策定市町村数": (1, 2016, (1, 1, 2, 4)),
    "地域づくり専門アドバイザー派遣箇所": (6, 2015, (11, 16, 18, 20)),
    "除雪ボランティア登録": (516, 2015, (660, 740, 820, 900)),
    "雪を活用した新たな取組み（累計）": (4, 2016, (6, 8, 10, 12)),
    "雪に強い住宅リフォーム（累計）": (427, 2015, (1200, 1600, 2000, 2400)),
    "移住交流ポータルのアクセス": (43004, 2015, (50000, 60000, 70000, 80000)),
    "首都圏からの移住者（累計）": (23, 2015, (114, 192, 300, 428)),
    "ハッピーライフ情報センター年間相談": (306, 2015, (400, 500, 600, 700)),
}
FIGURES = st.decimals(min_value=-(10**6), max_value=10**6, places=3).map(Fraction)
YEARS = st.integers(min_value=2015, max_value=2035)


def plan(
    baseline: object, target: object, *, direction: str = "up", qualifier: str = "", to: int = 2029, **more: object
) -> Plan:
    """A plan from 2025 on."""
    numbers = [None if value is None else Fraction(str(value)) for value in (baseline, target)]
    given = {"first": 2026, "last": to} | more
    return Plan(numbers[0], None if baseline is None else 2025, numbers[1], to, direction, qualifier, **given)


@pytest.mark.parametrize(
    ("baseline", "target", "direction", "qualifier", "actual", "share", "reached"),
    [
        (0, 180, "up", "at_least", 142, Fraction(142, 180), False),
        (0, 180, "up", "", 180, Fraction(1), True),
        (-3639, -2000, "up", "", -2820, Fraction(819, 1639), False),
        (40, 10, "down", "at_most", 20, Fraction(2, 3), False),
        (3, 0, "down", "", 0, Fraction(1), True),
        (3, 0, "down", "", 1, Fraction(2, 3), False),
        (None, 80, "up", "at_least", 58, None, False),
        (None, 80, "up", "at_least", 80, None, True),
        (25, 25, "keep", "keep", 24, None, False),
        (25, 25, "keep", "keep", 25, None, True),
        (12, 25, "keep", "at_least", 28, None, True),
        (5, 5, "up", "", 5, None, True),
        (0, 0, "down", "at_most", 0, None, True),
        (10, None, "up", "all", 12, None, None),
    ],
)
def test_achievement_bears_negative_zero_new_and_kept_targets(
    baseline, target, direction, qualifier, actual, share, reached
):
    kpi = Kpi(baseline=baseline, target=target, direction=direction, qualifier=qualifier)
    found = achievement(plan_of(kpi), Decimal(actual))
    assert (found.share, found.reached) == (share, reached)


def test_all_municipalities_is_the_number_of_members_where_that_is_known():
    kpi = Kpi(baseline=158, target=None, direction="up", qualifier="all")
    assert achievement(plan_of(kpi, whole=179), 178).share == Fraction(20, 21)
    assert achievement(plan_of(kpi, whole=179), 179).reached is True


@pytest.mark.parametrize("name", YAMAGATA)
def test_the_years_of_the_action_plan_are_its_path(name):
    base, base_fy, values = YAMAGATA[name]
    yearly = dict(zip(range(2017, 2021), map(Fraction, values), strict=True))
    kept = Plan(Fraction(base), base_fy, Fraction(values[-1]), 2020, yearly=yearly, first=base_fy + 1, last=2020)
    assert [planned(kept, year).value for year in range(2017, 2021)] == list(values)
    assert planned(kept, base_fy) is None
    assert position(kept, yearly, ended=2020).standing == Standing.ON_PATH
    assert achievement(kept, values[-1]).share == 1
    one_less = position(kept, yearly | {2020: yearly[2020] - 1}, ended=2020)
    assert (one_less.standing, one_less.gap) == (Standing.SHORT, 1)


def test_what_has_no_year_of_its_own_lies_on_the_line_between_the_years_that_have():
    moving_out = plan(-3639, -2000, to=2029)
    assert planned(moving_out, 2026) is not None
    assert planned(moving_out, 2026).value == Fraction(-3639) + Fraction(1639, 4)
    assert planned(moving_out, 2026).basis == Basis.LINE
    bent = plan(0, 100, yearly={2027: Fraction(80)})
    assert [planned(bent, year).value for year in (2026, 2027, 2028, 2029, 2031)] == [40, 80, 90, 100, 100]


def test_a_new_indicator_is_only_measured_where_something_was_planned():
    new = plan(None, 80, qualifier="at_least")
    assert planned(new, 2027) is None
    assert position(new, {2026: 10}, ended=2026).standing == Standing.OPEN
    assert position(new, {2026: 10, 2027: 1, 2028: 1, 2029: 79}, ended=2029).standing == Standing.SHORT
    with_years = plan(None, 80, yearly={2026: Fraction(20), 2028: Fraction(60)})
    assert planned(with_years, 2027).value == 40
    assert position(with_years, {2026: 10}, ended=2026).gap == 10


@pytest.mark.parametrize("direction", ["up", "keep"])
def test_what_is_to_be_kept_is_measured_by_its_level_every_year(direction):
    kept = plan(28, 25, direction="keep", qualifier="at_least")
    assert planned(kept, 2026).basis == Basis.KEPT
    short = position(kept, {2026: 24}, ended=2026)
    assert (short.standing, short.gap, short.needed) == (Standing.SHORT, 1, None)


def test_a_shortfall_says_how_much_a_year_would_still_reach_the_target():
    found = position(plan(0, 180), {2026: 30}, ended=2026)
    assert (found.standing, found.planned.value, found.gap) == (Standing.SHORT, 45, 15)
    assert (found.needed, found.pace) == (50, 45)
    down = position(plan(40, 0, direction="down"), {2026: 34}, ended=2026)
    assert (down.gap, down.needed, down.pace) == (4, Fraction(-34, 3), -10)


def test_the_year_that_just_ended_decides_and_is_asked_for():
    goes_on = plan(0, 180)
    assert position(goes_on, {}, ended=2025).standing == Standing.NOT_DUE
    assert position(goes_on, {}, ended=2026).missing == (2026,)
    later = position(goes_on, {2026: 45}, ended=2028)
    assert (later.standing, later.missing) == (Standing.MISSING, (2027, 2028))
    assert position(goes_on, {2028: 140}, ended=2028).missing == (2026, 2027)
    assert expected_years(goes_on, 2040) == (2026, 2027, 2028, 2029)


def test_a_year_that_still_runs_counts_only_once_it_meets_its_plan():
    goes_on = plan(0, 180)
    assert position(goes_on, {2026: 10}, ended=2025).standing == Standing.NOT_DUE
    assert position(goes_on, {2026: 45}, ended=2025).standing == Standing.ON_PATH
    assert position(goes_on, {2026: 45, 2027: 50}, ended=2026).year == 2026


@given(FIGURES, FIGURES, FIGURES, st.integers(1, 50), FIGURES)
def test_unit_and_origin_do_not_change_the_share(baseline, target, actual, factor, shift):
    """人 or 千人, counted from whatever zero: the part of the way is the same."""

    def moved(value: Fraction) -> Fraction:
        return value * factor + shift

    first = achievement(Plan(baseline, 2025, target, 2029), actual)
    assert achievement(Plan(moved(baseline), 2025, moved(target), 2029), moved(actual)) == first


@given(FIGURES, FIGURES, FIGURES)
def test_the_target_is_reached_exactly_from_the_whole_way_on(baseline, target, actual):
    direction = "up" if target > baseline else "down"
    found = achievement(Plan(baseline, 2025, target, 2029, direction), actual)
    if baseline != target:
        assert found.reached == (found.share >= 1)
    assert achievement(Plan(baseline, 2025, target, 2029, direction), target).reached


@given(FIGURES, FIGURES, st.dictionaries(YEARS, FIGURES, max_size=4), YEARS)
def test_the_path_stays_between_its_neighbours(baseline, target, yearly, year):
    whole = Plan(baseline, 2014, target, 2036, yearly=yearly)
    known = {2014: baseline, 2036: target} | yearly
    before, after = max(at for at in known if at <= year), min(at for at in known if at >= year)
    low, high = sorted((known[before], known[after]))
    assert low <= planned(whole, year).value <= high


@given(FIGURES, FIGURES, st.sampled_from(["up", "down"]), FIGURES, YEARS)
def test_the_needed_rate_reaches_the_target_in_the_target_year(baseline, target, direction, actual, year):
    found = at_year(Plan(baseline, 2014, target, 2036, direction), year, actual)
    assert actual + found.needed * (2036 - year) == target
    assert found.planned.value + found.pace * (2036 - year) == target
    assert (found.standing == Standing.SHORT) == (found.gap > 0)


@given(
    st.none() | FIGURES,
    st.none() | FIGURES,
    st.sampled_from(Kpi.Direction.values),
    st.sampled_from(Kpi.Qualifier.values),
    st.dictionaries(YEARS, FIGURES, max_size=5),
    st.dictionaries(YEARS, FIGURES, max_size=5),
    YEARS,
)
def test_every_plan_has_a_standing_and_asks_only_for_years_that_are_over(
    baseline, target, direction, qualifier, yearly, actuals, ended
):
    """Whatever was typed, nothing breaks, and a KPI whose years are all there is never missing."""
    any_plan = Plan(
        baseline, 2020 if baseline is not None else None, target, 2030, direction, qualifier, yearly, 2021, 2030
    )
    found = position(any_plan, actuals, ended=ended)
    assert found.standing in Standing
    assert all(2021 <= year <= min(ended, 2030) and year not in actuals for year in found.missing)
    complete = dict.fromkeys(expected_years(any_plan, ended), Fraction(0))
    assert position(any_plan, complete, ended=ended).standing != Standing.MISSING
