"""Dividing a budget: facts that hold for every way, whatever is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.distribution import Claim, Method, distribute

UNIT = 1_000
WITHIN = [method for method in Method if method != Method.FULL]
yen = st.integers(min_value=0, max_value=20_000_000)
methods = st.sampled_from(list(Method))


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    count = draw(st.integers(min_value=0, max_value=9))
    return [
        Claim(
            key=100 + number,
            most_yen=draw(yen),
            rank=draw(st.integers(min_value=0, max_value=3)),
            arrival=number,
            against=draw(st.booleans()) and draw(st.booleans()),
        )
        for number in range(count)
    ]


def made(method: Method, asked: list[Claim], budget: int, *, partial: bool = True) -> dict[int, int]:
    return distribute(method, asked, budget_yen=budget, unit_yen=UNIT, partial=partial)


@given(methods, claims(), yen, st.booleans())
def test_nobody_gets_more_than_the_rules_allow_and_all_amounts_are_whole_units(method, asked, budget, partial):
    amounts = made(method, asked, budget, partial=partial)
    assert set(amounts) == {claim.key for claim in asked}
    for claim in asked:
        assert 0 <= amounts[claim.key] <= claim.most_yen
        assert amounts[claim.key] % UNIT == 0
        assert not (claim.against and amounts[claim.key])


@given(st.sampled_from(WITHIN), claims(), yen, st.booleans())
def test_the_budget_is_never_exceeded(method, asked, budget, partial):
    assert sum(made(method, asked, budget, partial=partial).values()) <= budget


@given(methods, claims(), yen, st.booleans())
def test_the_same_question_has_the_same_answer_in_whatever_order_it_is_asked(method, asked, budget, partial):
    assert made(method, asked, budget, partial=partial) == made(method, asked[::-1], budget, partial=partial)


@given(st.sampled_from([Method.PRIORITY, Method.LEVEL]), claims(), yen, yen, st.booleans())
def test_with_more_money_nobody_gets_less(method, asked, budget, more, partial):
    before = made(method, asked, budget, partial=partial)
    after = made(method, asked, budget + more, partial=partial)
    assert all(after[key] >= before[key] for key in before)


@given(claims(), yen, yen)
def test_pro_rata_gives_more_in_all_with_more_money_and_takes_at_most_one_unit_from_anyone(asked, budget, more):
    before, after = (made(Method.PRO_RATA, asked, amount) for amount in (budget, budget + more))
    assert sum(after.values()) >= sum(before.values())
    assert all(after[key] >= before[key] - UNIT for key in before)


@given(st.sampled_from([Method.PRO_RATA, Method.PRIORITY, Method.LEVEL]), claims(), yen)
def test_no_unit_stays_behind_while_somebody_could_have_it(method, asked, budget):
    amounts = made(method, asked, budget)
    wanted = sum(claim.most_yen // UNIT * UNIT for claim in asked if not claim.against)
    assert sum(amounts.values()) == min(wanted, budget // UNIT * UNIT)


@given(claims(), yen)
def test_equal_caps_differ_by_one_unit_at_most(asked, budget):
    amounts = made(Method.LEVEL, asked, budget)
    cut = [amounts[one.key] for one in asked if not one.against and amounts[one.key] < one.most_yen // UNIT * UNIT]
    highest = max(amounts.values(), default=0)
    assert all(highest - amount <= UNIT for amount in cut)


THREE = [Claim(1, 5_000_000, 1, 0), Claim(2, 3_000_000, 0, 1), Claim(3, 2_000_500, 1, 2)]


@pytest.mark.parametrize(
    ("method", "partial", "amounts"),
    [
        (Method.FULL, True, [5_000_000, 3_000_000, 2_000_000]),
        (Method.PRO_RATA, True, [3_500_000, 2_100_000, 1_400_000]),
        (Method.PRIORITY, True, [4_000_000, 3_000_000, 0]),
        (Method.PRIORITY, False, [0, 3_000_000, 0]),
        (Method.LEVEL, True, [2_500_000, 2_500_000, 2_000_000]),
        (Method.HAND, True, [0, 0, 0]),
    ],
)
def test_seven_million_for_three(method, partial, amounts):
    assert list(made(method, THREE, 7_000_000, partial=partial).values()) == amounts


def test_the_largest_remainder_gets_the_last_unit():
    asked = [Claim(1, 1_000_000, arrival=0), Claim(2, 1_000_000, arrival=1), Claim(3, 1_000_000, arrival=2)]
    assert list(made(Method.PRO_RATA, asked, 1_000_000).values()) == [334_000, 333_000, 333_000]
    later = [replace(asked[0], arrival=3), *asked[1:]]
    assert list(made(Method.PRO_RATA, later, 1_000_000).values()) == [333_000, 334_000, 333_000]


def test_a_unit_or_budget_below_zero_is_no_question():
    with pytest.raises(ValueError, match="unit"):
        distribute(Method.FULL, THREE, budget_yen=1, unit_yen=0)
    with pytest.raises(ValueError, match="budget"):
        distribute(Method.FULL, THREE, budget_yen=-1, unit_yen=UNIT)
