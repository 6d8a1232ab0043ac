"""The worked examples W01–W33 of the domain, in their order and with their numbers. A町, B町 … are fictional."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from subsidies.rules.facts import (
    ChangeFacts,
    IncomeLineFacts,
    ParticipantFacts,
    Projection,
    RegionType,
    SeriesMixedError,
    SupportFacts,
)
from subsidies.rules.ruleset import Stage, up_to
from subsidies.rules.settlement import grant_terms, report_due, settle

from .world import (
    FAIL,
    FULL_KPI,
    JUDGE,
    NO_DATA,
    PASS,
    WARN,
    application,
    ask,
    blank,
    costs,
    finding,
    in_zone,
    linked,
    project,
    region,
    result,
    rules,
    rules_with,
)


def test_w01_two_of_four_members_are_blank_and_that_is_exactly_half():
    facts = region([blank("A"), blank("B"), in_zone("C"), in_zone("D")])
    assert result(facts, "A-02") == PASS
    assert finding(facts, "A-02").inputs["share"] == "1/2"


@pytest.mark.parametrize(("blanks", "expected"), [(2, FAIL), (3, PASS)])
def test_w02_two_of_five_fail_and_three_of_five_pass(blanks, expected):
    members = [blank(code) if n < blanks else in_zone(code) for n, code in enumerate("ABCDE")]
    assert result(region(members), "A-02") == expected


def test_w03_a_zone_member_that_touches_only_zone_members_is_noticed_and_one_cut_off_is_judged():
    a, b, c = blank("A", near="BD"), blank("B", near="AC"), blank("C", near="BE")
    d, e, f = in_zone("D", near="A"), in_zone("E", near="CF"), in_zone("F", near="E")
    facts = region([a, b, c, d, e, f])
    assert result(facts, "A-02") == PASS
    assert result(facts, "A-04") == WARN
    assert finding(facts, "A-04").inputs["not_adjacent"] == ["F"]
    cut_off = region([a, b, c, d, replace(e, neighbours=("C",)), replace(f, neighbours=())])
    assert result(cut_off, "A-04") == JUDGE
    assert finding(cut_off, "A-04").inputs["cut_off"] == ["F"]


def test_w04_ten_thousand_to_seven_thousand_is_exactly_thirty_percent():
    facts = region(linked([blank("A", people=(10_000, 7_000)), blank("B", people=(10_000, 6_000))]), "model")
    assert result(facts, "M-05a") == PASS


def test_w05_rounding_never_lifts_a_decline_over_the_threshold():
    facts = region(linked([blank("A", people=(12_345, 8_646)), blank("B", people=(10_000, 6_000))]), "model")
    found = finding(facts, "M-05a")
    assert found.result == JUDGE
    assert found.inputs["declines"]["A"] == str(Fraction(12_345 - 8_646, 12_345))
    assert "29.96％（概ね30％の判断が必要）" in found.message
    assert "30.0" not in found.message


def test_w06_a_decline_of_24_percent_fails_and_only_a_pioneering_project_remains():
    facts = region(linked([blank("A", people=(10_000, 7_600)), blank("B", people=(10_000, 6_000))]), "model")
    assert result(facts, "M-05a") == FAIL
    assert finding(facts, "M-05a").nearest_change == {"blocked_by": ["A"]}
    assert (result(facts, "M-06"), result(facts, "M-03")) == (JUDGE, JUDGE)


HUB_REGION = linked(
    [blank("H", people=(40_000, 34_000)), blank("B", people=(6_000, 4_000)), blank("C", people=(4_000, 2_900))]
)


def test_w07_the_hub_is_left_out_of_the_decline():
    facts = region(HUB_REGION, "model", type=RegionType.HUB, hub="H", hub_designated=True)
    found = finding(facts, "M-05b")
    assert found.result == PASS
    assert found.inputs["decline"] == "31/100"
    assert (found.inputs["base"], found.inputs["target"]) == (10_000, 6_900)


def test_w08_a_hub_that_is_not_designated_leaves_the_decline_open():
    """Replaced by rulings "Rules" 5: the list of hubs is empty until headquarters fills it."""
    facts = region(HUB_REGION, "model", type=RegionType.HUB, hub="H", hub_designated=False)
    assert result(facts, "M-05b") == NO_DATA
    assert "中心都市の指定を登録してください" in finding(facts, "M-05b").reason


def test_w09_a_region_inside_one_zone_has_only_the_exception_and_no_way_into_acceleration():
    members = [in_zone(code, people=(10_000, 6_000)) for code in "ABC"]
    model = region(linked(members), "model")
    assert (result(model, "M-04"), result(model, "M-03")) == (FAIL, JUDGE)
    acceleration = region(linked(members))
    assert result(acceleration, "A-02") == FAIL
    assert finding(acceleration, "A-02").inputs["share"] == "0/1"
    assert ask(acceleration, up_to(Stage.REGION)).result == FAIL


def test_w10_the_model_program_adopts_nobody_anew_in_its_last_two_years():
    facts = region(linked([blank("A"), blank("B")]), "model", fiscal_year=2018)
    assert result(facts, "M-01") == PASS
    assert result(facts, "M-07") == FAIL


@pytest.mark.parametrize(
    ("supported", "year", "expected"),
    [((2015, 2016, 2017), 2018, FAIL), ((), 2017, PASS), ((2017,), 2018, PASS), ((2017, 2018), 2019, PASS)],
)
def test_w11_the_model_program_supports_three_years(supported, year, expected):
    facts = application(program="model", region_fiscal_year=year, region_support=SupportFacts(supported))
    assert result(facts, "M-08") == expected
    assert result(facts, "M-07") == PASS


@pytest.mark.parametrize(("counting", "expected", "number"), [("window", FAIL, 4), ("count", PASS, 3)])
def test_w12_a_pause_counts_in_the_window_and_not_in_the_count(counting, expected, number):
    facts = application(program="model", region_fiscal_year=2018, region_support=SupportFacts((2015, 2017)))
    ruleset = rules_with("model", year_counting=counting)
    assert result(facts, "M-08", ruleset) == expected
    assert finding(facts, "M-08", ruleset).inputs["year_number"] == number


def acceleration_in(year: int, first: int):
    return application(region_fiscal_year=year, region_support=SupportFacts(tuple(range(first, year))))


def test_w13_acceleration_from_2020_lasts_five_years_to_its_end():
    assert [result(acceleration_in(year, 2020), "A-12") for year in range(2020, 2025)] == [PASS] * 5
    assert result(acceleration_in(2024, 2020), "A-01") == PASS
    assert (result(acceleration_in(2025, 2020), "A-12"), result(acceleration_in(2025, 2020), "A-01")) == (FAIL, FAIL)


@pytest.mark.parametrize(("first", "years"), [(2023, 2), (2024, 1)])
def test_w14_a_late_start_has_fewer_years(first, years):
    possible = [year for year in range(first, 2027) if result(acceleration_in(year, first), "A-12") == PASS]
    assert possible == list(range(first, first + years))
    assert result(acceleration_in(2025, first), "A-01") == FAIL


def with_split(facts, *yen: int):
    split = tuple(ParticipantFacts(code, f"{code}町", True, share) for code, share in zip("ABCDE", yen, strict=True))
    return replace(facts, participants=split)


def test_w15_five_members_reach_25_million_but_none_more_than_five():
    members = linked([blank(code) for code in "ABCDE"])
    terms = grant_terms(rules("model"), fiscal_year=2015, supported=(), participants=5)
    assert terms.grant(eligible_yen=26_400_500) == 25_000_000
    facts = application(members, "model", eligible=26_400_500, requested_yen=25_000_000)
    uneven = with_split(facts, 7_000_000, 5_000_000, 5_000_000, 4_000_000, 4_000_000)
    assert result(uneven, "M-09") == FAIL
    assert finding(uneven, "M-09").nearest_change == {"reduce_split": {"A": 2_000_000}}
    assert result(with_split(facts, *[5_000_000] * 5), "M-09") == PASS


@pytest.mark.parametrize(
    ("participants", "eligible", "granted"), [(17, 12_345_678, 10_000_000), (3, 9_876_543, 9_876_000)]
)
def test_w16_acceleration_grants_ten_million_to_the_region_however_many_members_it_has(participants, eligible, granted):
    terms = grant_terms(rules("acceleration"), fiscal_year=2023, supported=(2021, 2022), participants=participants)
    assert terms.grant(eligible_yen=eligible) == granted


def test_w17_participation_fees_lower_the_grant():
    terms = grant_terms(rules("acceleration"), fiscal_year=2020, supported=(), participants=3)
    assert terms.grant(eligible_yen=8_000_000, other_income_yen=350_000) == 7_650_000
    facts = application(eligible=8_000_000, requested_yen=8_000_000)
    fees = replace(facts, income_lines=(IncomeLineFacts("参加費", 350_000, deducted=True),))
    assert finding(fees, "C-06").nearest_change == {"reduce_by": 350_000, "request_at_most": 7_650_000}


def test_w18_a_project_in_a_field_that_is_not_eligible_is_blocked_and_the_rest_may_be_asked_for():
    projects = (project("訓練", "防災"), project("販路", "産業振興"))
    lines = (*costs(("委託料", 4_000_000), name="訓練"), *costs(("委託料", 3_000_000), name="販路"))
    acceleration = application(eligible=7_000_000, projects=projects, cost_lines=lines)
    assert result(acceleration, "A-08") == FAIL
    assert finding(acceleration, "A-08").nearest_change == {"remove_projects": ["販路"], "request_at_most": 4_000_000}
    model = application(program="model", eligible=7_000_000, projects=projects, cost_lines=lines)
    assert result(model, "M-10") == PASS


def test_w19_construction_is_removed_and_tablets_for_a_trial_are_judged():
    tablets, building = ("備品購入費", 300_000), ("工事請負費", 2_000_000)
    both = application(cost_lines=costs(building, tablets))
    assert result(both, "A-10") == FAIL
    assert finding(both, "A-10").nearest_change == {"remove_cost": 2_000_000, "lines": ["工事請負費"]}
    assert result(application(cost_lines=costs(tablets)), "A-10") == JUDGE
    assert result(application(cost_lines=costs(("委託料", 300_000))), "A-10") == PASS


def test_w20_one_missing_consent_or_paper_blocks_the_submission():
    members = [blank(f"{n:02d}") for n in range(15)]
    facts = application(linked(members), eligible=1_500_000)
    assert ask(facts, up_to(Stage.SUBMIT)).blocking(Stage.SUBMIT) == ()
    assert facts.agreement is not None
    fourteen = replace(facts.agreement, consents=facts.agreement.consents[:-1], in_force_on=None)
    found = finding(replace(facts, agreement=fourteen), "A-05")
    assert found.result == FAIL
    assert "未同意の構成市町村があります（1件：14町）" in found.message
    assert found.nearest_change == {"missing_consents": ["14"]}
    for missing, rule in (("vision", "A-05"), ("forward_plan", "A-06")):
        blocked = ask(replace(facts, **{missing: None}), up_to(Stage.SUBMIT)).blocking(Stage.SUBMIT)
        assert [item.rule for item in blocked] == [rule]
    model = application(program="model")
    assert ask(replace(model, forward_plan=None), up_to(Stage.SUBMIT)).blocking(Stage.SUBMIT) == ()
    assert [item.rule for item in ask(replace(model, vision=None)).blocking(Stage.SUBMIT)] == ["M-11"]


@pytest.mark.parametrize(("members", "blanks", "year"), [(15, 11, 2021), (16, 12, 2022), (17, 13, 2023)])
def test_w21_a_region_that_grows_keeps_its_clock_and_its_share(members, blanks, year):
    towns = linked([blank(f"{n:02d}") if n < blanks else in_zone(f"{n:02d}") for n in range(members)])
    facts = application(towns, region_fiscal_year=year, region_support=SupportFacts(tuple(range(2021, year))))
    assert result(facts, "A-02") == PASS
    assert finding(facts, "A-02").inputs["share"] == str(Fraction(blanks, members))
    assert finding(facts, "A-12").inputs["year_number"] == year - 2020


SHIRIBESHI = """
391-392 391-393 392-393 392-394 393-394 394-395 394-401 394-402 395-396 396-397 396-398 397-398 398-399 399-409 401-402
401-403 401-406 401-407 403-404 403-406 404-406 406-407 406-408 407-408 407-409 408-409
"""
"""Borders among the 17 municipalities of 後志 (adjacency of N03): 394 is 蘭越町, 404 神恵内村."""


def shiribeshi(codes: set[str]):
    near = {code: set[str]() for code in codes}
    for pair in SHIRIBESHI.split():
        a, b = pair.split("-")
        if a in codes and b in codes:
            near[a].add(b)
            near[b].add(a)
    return [blank(code, near=near[code]) for code in sorted(codes)]


def test_w22_shiribeshi_was_in_two_parts_until_rankoshi_joined_and_that_only_warns():
    joined = {code for pair in SHIRIBESHI.split() for code in pair.split("-")} - {"404"}
    fifteen = region(shiribeshi(joined - {"394"}), "model")
    assert [len(group) for group in finding(fifteen, "M-02").inputs["groups"]] == [12, 3]
    assert finding(fifteen, "M-02").inputs["groups"][1] == ["391", "392", "393"]
    assert result(fifteen, "M-02") == WARN
    assert result(region(shiribeshi(joined), "model"), "M-02") == PASS


def test_w23_a_member_that_joins_a_zone_counts_from_the_next_reference_date():
    before, after = blank("A"), in_zone("A")
    assert result(region([before, in_zone("B")], fiscal_year=2022, on=date(2022, 4, 10)), "A-02") == PASS
    assert result(region([after, in_zone("B")], fiscal_year=2023, on=date(2023, 4, 10)), "A-02") == FAIL


def test_w24_a_member_that_leaves_asks_for_approval_and_an_amended_agreement_and_changes_no_past_split():
    facts = application(linked([blank("A"), blank("B"), blank("C")]), eligible=3_000_000)
    left = replace(facts, region_members=facts.region_members[:2], change=ChangeFacts(members_changed=("C町",)))
    assert result(left, "C-13") == FAIL
    assert result(left, "A-15") == FAIL
    assert finding(left, "A-15").nearest_change == {"amend_agreement_for": ["C"]}
    assert [item.split_yen for item in left.participants] == [1_000_000] * 3
    assert result(left, "A-11") == PASS


def test_w25_the_plan_of_the_lead_bureau_is_the_one_that_is_checked():
    facts = application(region_lead_bureau="oshima", region_lead_bureau_name="渡島総合振興局")
    assert facts.forward_plan is not None
    oshima = replace(facts.forward_plan, bureau_name="渡島総合振興局", lists_region=False)
    found = finding(replace(facts, forward_plan=oshima), "A-06")
    assert found.result == FAIL
    assert found.message == "渡島総合振興局の前進プランに、この地域が載っていません。"


def test_w26_two_editions_of_the_projection_are_never_mixed():
    a, b = blank("A", people=(10_000, 6_000)), blank("B", people=(10_000, 6_000))
    other = replace(b, projection=Projection("ipss_r5", "令和5年推計", 2020, ((2020, 9_000), (2040, 6_000))))
    with pytest.raises(
        SeriesMixedError, match="推計版が混在しているため減少率を計算できません（平成30年推計／令和5年推計）"
    ):
        region([a, other], "model")


@pytest.mark.parametrize(
    ("finished", "due"),
    [
        (date(2023, 2, 20), date(2023, 3, 22)),
        (date(2023, 3, 12), date(2023, 4, 10)),
        (date(2023, 3, 11), date(2023, 4, 10)),
    ],
)
def test_w27_the_report_is_due_thirty_days_after_the_work_or_on_10_april(finished, due):
    assert report_due(rules("acceleration"), finished) == due


@pytest.mark.parametrize(
    ("actual", "fixed", "pay", "back"),
    [(6_100_000, 6_100_000, 0, 300_000), (7_500_000, 7_500_000, 1_100_000, 0), (8_600_000, 8_000_000, 1_600_000, 0)],
)
def test_w28_the_final_amount_is_never_more_than_decided(actual, fixed, pay, back):
    settlement = settle(
        granted_yen=8_000_000,
        actual_eligible_yen=actual,
        other_income_yen=0,
        rate=Fraction(1),
        unit_yen=1000,
        paid_yen=6_400_000,
    )
    assert (settlement.fixed_yen, settlement.to_pay_yen, settlement.to_return_yen) == (fixed, pay, back)


def test_w29_the_successor_pays_three_quarters_in_the_second_year_and_asks_for_a_kpi():
    year_two = {"region_fiscal_year": 2026, "region_support": SupportFacts((2025,))}
    terms = grant_terms(rules("successor"), fiscal_year=2026, supported=(2025,), participants=3)
    assert (terms.rate, terms.grant(eligible_yen=9_000_000)) == (Fraction(3, 4), 6_750_000)
    facts = application(program="successor", eligible=9_000_000, requested_yen=6_750_000, **year_two)
    assert result(facts, "N-02") == PASS
    assert finding(facts, "N-02").inputs["members_share"] == 2_250_000
    assert result(facts, "N-01") == PASS
    without = replace(facts, projects=tuple(replace(item, kpis=()) for item in facts.projects))
    assert "N-01" in [item.rule for item in ask(without, up_to(Stage.SUBMIT)).blocking(Stage.SUBMIT)]


@pytest.mark.parametrize(("main_field", "expected"), [("デジタル", PASS), ("防災", FAIL)])
def test_w30_a_distant_partner_may_join_a_digital_project_only(main_field, expected):
    members = [*linked([blank("A"), blank("B")]), blank("D")]
    facts = application(members, "successor", projects=(project("共同研修", main_field, kpis=(FULL_KPI,)),))
    assert result(facts, "N-03") == expected


def test_w31_minami_sorachi_passed_with_six_of_nine_and_has_no_blank_member_since_its_own_zone():
    towns = ["岩見沢市", "夕張市", "美唄市", "三笠市", "南幌町", "由仁町", "長沼町", "栗山町", "月形町"]
    sapporo = {"岩見沢市", "南幌町", "長沼町"}
    before = region([(in_zone if name in sapporo else blank)(name, name=name) for name in towns], fiscal_year=2020)
    assert (result(before, "A-02"), finding(before, "A-02").inputs["share"]) == (PASS, "2/3")
    after = region([in_zone(name, name=name) for name in towns], fiscal_year=2024, on=date(2025, 3, 31))
    assert (result(after, "A-02"), finding(after, "A-02").inputs["blank"]) == (FAIL, 0)


def test_w32_nishiokoppe_lies_in_the_band_of_about_thirty_percent():
    members = linked([blank("015628", people=(1_116, 782), name="西興部村"), blank("B", people=(10_000, 6_000))])
    found = finding(region(members, "model"), "M-05a")
    assert found.result == JUDGE
    assert found.inputs["declines"]["015628"] == str(Fraction(334, 1_116))
    assert "29.9％（概ね30％の判断が必要）" in found.message


NEMURO = {
    "012238": ("根室市", (26_917, 15_190), (24_636, 16_022)),
    "016918": ("別海町", (15_273, 11_150), (14_380, 11_011)),
    "016926": ("中標津町", (23_774, 19_739), (23_010, 18_953)),
    "016934": ("標津町", (5_242, 3_214), (5_023, 3_807)),
    "016942": ("羅臼町", (5_415, 2_861), (4_722, 2_814)),
}
"""People in 2015 and 2040 (edition 平成30年), in 2020 and 2040 (edition 令和5年)."""


def nemuro(edition: str = "h30", **more):
    members = [
        blank(code, name=name, people=r5 if edition == "r5" else h30) for code, (name, h30, r5) in NEMURO.items()
    ]
    return region(linked(members), "model", fiscal_year=2017, **more)


def test_w33_nemuro_depends_on_type_and_edition_and_the_result_says_so():
    each = finding(nemuro(), "M-05a")
    assert each.result == FAIL
    assert each.nearest_change == {"blocked_by": ["016918", "016926"]}
    assert "別海町（26.995％）" in each.message
    assert "中標津町（17.0％）" in each.message
    assert each.inputs["series"] == "ipss_h30"
    total = rules_with("model", flat_mode="total")
    assert result(nemuro(), "M-05a", total) == PASS
    assert "31.9％" in finding(nemuro(), "M-05a", total).message
    assert result(nemuro("r5"), "M-05a", total) == FAIL
    assert "26.7％" in finding(nemuro("r5"), "M-05a", total).message
    for hub, expected, shown in (("016926", PASS, "38.7％"), ("012238", FAIL, "25.6％")):
        facts = nemuro(type=RegionType.HUB, hub=hub, hub_designated=True)
        assert result(facts, "M-05b") == expected
        assert shown in finding(facts, "M-05b").message
