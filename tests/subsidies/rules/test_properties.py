"""What must hold for every region and every amount, not only for examples."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from subsidies.rules.engine import judge
from subsidies.rules.exact import percent, rounded
from subsidies.rules.facts import ApplicationFacts, MemberFacts, Projection, RegionFacts, ZoneStatus
from subsidies.rules.money import floor_unit, grant_yen, rate_in, support_year
from subsidies.rules.ruleset import Stage, up_to
from subsidies.rules.settlement import settle
from subsidies.rules.verdict import Result

from .world import FAIL, JUDGE, NO_DATA, PASS, blank, finding, region, result, rules, rules_with

STATUSES = st.sampled_from(list(ZoneStatus))
KNOWN = st.sampled_from([ZoneStatus.NONE, ZoneStatus.MEMBER_HUB, ZoneStatus.MEMBER_NEIGHBOUR])
PEOPLE = st.integers(1, 500_000)
ORDER = {FAIL: 0, NO_DATA: 1, JUDGE: 1, Result.WARN: 2, PASS: 2}


@st.composite
def members(draw: st.DrawFn, statuses: st.SearchStrategy[ZoneStatus] = STATUSES) -> list[MemberFacts]:
    """Two to eight municipalities with any status, any borders among them, and figures that may be missing."""
    count = draw(st.integers(2, 8))
    codes = [f"{n:02d}" for n in range(count)]
    borders: dict[str, set[str]] = {code: set() for code in codes}
    for a, b in draw(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(codes)), max_size=12)):
        if a != b:
            borders[a].add(b)
            borders[b].add(a)
    towns = []
    for code in codes:
        figures = draw(st.none() | st.tuples(PEOPLE, PEOPLE))
        towns.append(
            MemberFacts(
                code=code,
                name=f"{code}町",
                status=draw(statuses),
                neighbours=tuple(sorted(borders[code])),
                projection=figures
                and Projection("ipss_h30", "平成30年推計", 2015, ((2015, figures[0]), (2040, figures[1]))),
            )
        )
    return towns


PROGRAMS = st.sampled_from(["model", "acceleration", "successor"])


@given(members())
def test_adding_a_blank_member_never_lowers_the_blank_share_result(towns):
    before = result(region(towns), "A-02")
    after = result(region([*towns, blank("99")]), "A-02")
    assert ORDER[after] >= ORDER[before]


@given(members(), st.data())
def test_a_member_that_joins_a_zone_never_raises_the_blank_share_result(towns, data):
    index = data.draw(st.integers(0, len(towns) - 1))
    zoned = [replace(town, status=ZoneStatus.MEMBER_NEIGHBOUR) if n == index else town for n, town in enumerate(towns)]
    assert ORDER[result(region(zoned), "A-02")] <= ORDER[result(region(towns), "A-02")]


@given(members(), PROGRAMS, st.data())
def test_the_order_of_members_never_matters(towns, program, data):
    shuffled = data.draw(st.permutations(towns))

    def verdicts(these: list[MemberFacts]) -> list[tuple[str, str]]:
        verdict = judge(rules(program), region(these, program), stages=up_to(Stage.REGION))
        return [(item.rule, item.result.value) for item in verdict.walk()]

    assert verdicts(towns) == verdicts(shuffled)


@given(members(st.sampled_from([ZoneStatus.NO_DATA, *ZoneStatus])), PROGRAMS, st.data())
def test_what_is_decided_without_a_fact_stays_so_whatever_the_fact_turns_out_to_be(towns, program, data):
    """PASS and FAIL never rest on something unknown: filling the gaps in any way leaves them as they are."""
    known = [
        replace(
            town,
            status=data.draw(KNOWN) if town.status == ZoneStatus.NO_DATA else town.status,
            projection=town.projection
            or Projection("ipss_h30", "平成30年推計", 2015, ((2015, data.draw(PEOPLE)), (2040, data.draw(PEOPLE)))),
        )
        for town in towns
    ]
    open_verdict = judge(rules(program), region(towns, program), stages=up_to(Stage.REGION))
    full_verdict = judge(rules(program), region(known, program), stages=up_to(Stage.REGION))
    for before, after in zip(open_verdict.walk(), full_verdict.walk(), strict=True):
        if before.rule in ("A-03", "M-06"):
            continue
        if before.result in (PASS, FAIL):
            assert after.result == before.result, before.rule


@given(members(), st.integers(2, 1_000))
def test_the_decline_of_a_region_does_not_depend_on_the_size_of_the_unit(towns, factor):
    def scaled(town: MemberFacts) -> MemberFacts:
        if town.projection is None:
            return town
        return replace(
            town,
            projection=replace(
                town.projection, totals=tuple((year, people * factor) for year, people in town.projection.totals)
            ),
        )

    larger = [scaled(town) for town in towns]
    for ruleset in (rules("model"), rules_with_total()):
        small, large = region(towns, "model"), region(larger, "model")
        assert result(small, "M-05a", ruleset) == result(large, "M-05a", ruleset)
    declines = finding(region(towns, "model"), "M-05a").inputs["declines"]
    assert declines == finding(region(larger, "model"), "M-05a").inputs["declines"]


_TOTAL = rules_with("model", flat_mode="total")


def rules_with_total():
    return _TOTAL


@given(members(st.just(ZoneStatus.NONE)))
def test_where_each_town_declines_enough_so_does_the_region(towns):
    facts = region(towns, "model")
    if result(facts, "M-05a") == PASS:
        assert result(facts, "M-05a", _TOTAL) == PASS


@given(members(), PROGRAMS)
def test_facts_and_verdicts_survive_json(towns, program):
    facts = region(towns, program)
    assert RegionFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
    whole = ApplicationFacts.of_region(facts)
    assert ApplicationFacts.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    verdict = judge(rules(program), whole)
    assert type(verdict).from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


@given(members())
def test_the_groups_of_a_region_are_a_partition_of_its_members(towns):
    groups = region(towns).components()
    assert sorted(code for group in groups for code in group) == [town.code for town in towns]
    for group in groups:
        for code in group:
            assert set(region(towns).by_code[code].neighbours) <= set(group)


FRACTIONS = st.fractions(min_value=-2, max_value=2, max_denominator=1_000_000)


@given(FRACTIONS, st.lists(st.fractions(min_value=0, max_value=1, max_denominator=1_000), max_size=3))
def test_a_shown_percentage_stands_on_the_same_side_of_every_threshold(value, thresholds):
    text = percent(value, thresholds).removesuffix("％")
    shown = Fraction(text.replace("▲", "-")) / 100
    for limit in thresholds:
        if limit != value:
            assert (shown > limit, shown < limit) == (value > limit, value < limit)
    assert abs(shown - value) <= Fraction(1, 2000)


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_is_symmetric_and_never_off_by_more_than_half(value, digits):
    assert rounded(-value, digits) == -rounded(value, digits)
    assert abs(rounded(value, digits) - value) <= Fraction(1, 2 * 10**digits)


YEN = st.integers(0, 10**10)
SHARE = st.fractions(min_value=0, max_value=1, max_denominator=100)


@given(YEN, YEN, SHARE, YEN, st.sampled_from([1, 100, 1000]), st.none() | YEN)
def test_a_grant_is_never_more_than_any_of_its_limits_and_wastes_less_than_a_unit(
    eligible, income, rate, cap, unit, budget
):
    grant = grant_yen(
        eligible_yen=eligible, other_income_yen=income, rate=rate, cap_yen=cap, unit_yen=unit, budget_yen=budget
    )
    limits = [rate * (eligible - income), Fraction(cap), *([] if budget is None else [Fraction(budget)])]
    assert grant % unit == 0
    assert grant >= 0
    assert grant <= max(0, min(limits))
    assert grant + unit > min(limits)


@given(YEN, YEN, SHARE, YEN, YEN)
def test_more_cost_never_lowers_and_more_income_never_raises_the_grant(eligible, income, rate, cap, more):
    def grant(cost: int, other: int) -> int:
        return grant_yen(eligible_yen=cost, other_income_yen=other, rate=rate, cap_yen=cap, unit_yen=1000)

    assert grant(eligible + more, income) >= grant(eligible, income) >= grant(eligible, income + more)


@given(YEN, YEN, YEN, YEN)
def test_a_settlement_pays_or_takes_back_never_both_and_ends_at_the_fixed_amount(granted, actual, income, paid):
    granted, paid = floor_unit(granted, 1000), min(paid, granted)
    settlement = settle(
        granted_yen=granted,
        actual_eligible_yen=actual,
        other_income_yen=income,
        rate=Fraction(1),
        unit_yen=1000,
        paid_yen=paid,
    )
    assert 0 in (settlement.to_pay_yen, settlement.to_return_yen)
    assert paid + settlement.to_pay_yen - settlement.to_return_yen == settlement.fixed_yen <= granted


@given(st.sets(st.integers(2015, 2030)), st.integers(2015, 2031))
def test_counting_the_years_never_counts_more_than_the_window(years, fiscal_year):
    earlier = {year for year in years if year < fiscal_year}
    window = support_year(years=earlier, fiscal_year=fiscal_year, counting="window")
    count = support_year(years=earlier, fiscal_year=fiscal_year, counting="count")
    assert 1 <= count <= window


@given(st.lists(SHARE, min_size=1, max_size=6), st.integers(1, 12))
def test_the_last_rate_holds_for_the_years_after_it(rates, year):
    assert rate_in(tuple(rates), year) == rates[min(year, len(rates)) - 1]
