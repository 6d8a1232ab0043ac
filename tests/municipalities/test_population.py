"""People by series: exact declines, sums that never guess, series that never mix."""

from __future__ import annotations

import json
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import call_command

from municipalities.models import PopulationFigure
from municipalities.population import UnknownMunicipality, UnknownSeries, percent, population
from tests.queries import queries_of
from tests.reference import reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]

NEMURO = ["01223", "01691", "01692", "01693", "01694"]


def run(*words: str) -> tuple[dict, str, int]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("population", *words, "--json", stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue()), err.getvalue(), code


def test_the_five_of_nemuro_decline_as_published():
    found = population(NEMURO, "ipss_r5")
    assert (found.at(2020).total, found.at(2040).total, found.at(2050).total) == (71_771, 52_607, 43_401)
    assert found.decline() == Fraction(19_164, 71_771)
    assert found.decline("012238") == Fraction(24_636 - 16_022, 24_636)
    assert found.at(2040, "012238").age_65_over == 7_152


def test_a_decline_is_measured_from_the_base_year_of_its_own_series():
    """The same towns, three editions: 2010, 2015 and 2020 are the three bases."""
    towns = ["01423", "01427", "01428", "01429"]  # 南空知４町
    bases = {}
    for series in ("ipss_h25", "ipss_h30", "ipss_r5"):
        found = population(towns, series)
        base = found.at(found.series.base_year).total
        bases[series] = (found.series.base_year, base)
        assert found.decline() == Fraction(base - found.at(2040).total, base)
    census = population(towns, "census")
    assert {year: census.at(year).total for year, _ in bases.values()} == dict(bases.values())
    assert len({population(towns, series).decline() for series in bases}) == 3


def test_a_missing_municipality_makes_the_sum_missing_and_says_why():
    found = population(["014231", "01223"], "ipss_h25")
    assert found.at(2040, "014231").total is not None
    assert found.at(2040).total is None
    assert found.decline() is None
    assert found.decline("014231") is not None
    assert "平成25年3月推計に根室市の値は登録されていません。" in [gap.reason for gap in found.missing]
    assert found.reason("012238") == "平成25年3月推計に根室市の値は登録されていません。"


def test_no_series_fills_the_gap_of_another():
    """根室市 has values in the census and two editions; the third still has none."""
    assert population(["01223"], "ipss_h30").at(2040).total == 15_190
    assert all(population(["01223"], "ipss_h25").at(year).total is None for year in (2010, 2015, 2020, 2040))


def test_a_group_that_an_edition_does_not_carry_is_missing_while_the_total_stands():
    found = population(["06201"], "ipss_h25", [2010, 2040])
    assert found.at(2040).total
    assert found.at(2040).age_15_64 is None
    assert any(set(gap.groups) >= {"15-64"} and 2040 in gap.years for gap in found.missing)
    assert "15–64歳" in found.reason()


def test_a_year_that_an_edition_does_not_have_is_missing():
    found = population(["01223"], "ipss_r5", [2023])
    assert found.at(2023).total is None
    assert [gap.reason for gap in found.missing] == ["令和5年推計に根室市の2023年の値がありません。"]


def test_a_gap_in_the_target_year_is_told_even_if_only_another_year_was_asked_for():
    PopulationFigure.objects.filter(series="ipss_r5", municipality="012238", year=2040).delete()
    found = population(["01223"], "ipss_r5", [2020])
    assert found.decline() is None
    assert "2040年" in found.reason()


def test_northern_villages_have_no_figures_in_any_series():
    for series in ("census", "ipss_h30", "ipss_r5"):
        assert population(["01696"], series).reason() == "泊村（北方領土）には人口の値がありません。"


def test_the_census_has_no_base_and_no_decline():
    assert population(["01223"], "census").decline() is None


def test_unknown_ages_belong_to_the_total_and_not_to_the_share_of_the_old():
    figure = population(["01100"], "census", [2020]).at(2020)
    assert figure.age_unknown > 0
    assert figure.total == figure.age_0_14 + figure.age_15_64 + figure.age_65_over + figure.age_unknown
    assert figure.old_share == Fraction(figure.age_65_over, figure.total - figure.age_unknown)
    assert figure.age_75_over < figure.age_65_over


def test_a_town_named_twice_counts_once():
    assert population(["01223", "012238"], "ipss_r5").at(2020).total == 24_636


def test_the_questions_do_not_grow_with_the_members():
    assert len(queries_of(lambda: population(["01223"], "ipss_r5"))) == 4
    assert len(queries_of(lambda: population([*NEMURO, "01100", "01202"], "ipss_r5"))) == 4


def test_what_is_not_registered_is_refused():
    with pytest.raises(UnknownMunicipality, match="131016"):
        population(["13101"], "census")
    with pytest.raises(UnknownSeries, match="ipss_r9"):
        population(["01223"], "ipss_r9")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(19_164, 71_771), "26.70"),
        (Fraction(29_995, 100_000), "30.00"),
        (Fraction(299_949, 1_000_000), "29.99"),
        (Fraction(-1, 400), "-0.25"),
        (Fraction(0), "0.00"),
    ],
)
def test_percent_rounds_half_up_exactly(share, text):
    assert percent(share) == text


class TestCommand:
    def test_it_answers_members_and_together(self):
        answer, _, code = run("--members", "01223,016918", "--series", "ipss_r5", "--years", "2020,2040")
        assert code == 0
        assert answer["base_year"] == 2020
        assert answer["together"]["2020"]["total"] == 24_636 + 14_380
        assert [row["code"] for row in answer["members"]] == ["01223", "01691"]
        assert answer["members"][1]["2040"] == {"total": 11_011, "0-14": 1_004, "15-64": 6_024, "65+": 3_983}
        assert answer["decline_2040"]["01691"] == {"fraction": "3369/14380", "percent": "23.43"}
        assert answer["missing"] == []

    def test_missing_data_is_an_answer_and_not_an_error(self):
        answer, _, code = run("--members", "01223", "--series", "ipss_h25")
        assert code == 0
        assert answer["decline_2040"] == {"together": None, "01223": None}
        assert answer["missing"][0]["code"] == "01223"

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--members", "012239", "--series", "ipss_r5"], "検査数字"),
            (["--members", "根室市", "--series", "ipss_r5"], "団体コード"),
            (["--members", "", "--series", "ipss_r5"], "1つ以上"),
            (["--members", "01223", "--series", "r5"], "ipss_r5"),
            (["--members", "01223", "--series", "ipss_r5", "--years", "R2"], "西暦4桁"),
        ],
    )
    def test_wrong_input_exits_2_with_a_japanese_message(self, words, message):
        answer, err, code = run(*words)
        assert code == 2
        assert message in err
        assert message in answer["error"]

    def test_without_json_it_speaks(self):
        out = StringIO()
        call_command("population", "--members", "01223", "--series", "ipss_r5", stdout=out)
        assert "減少率（2020→2040年）34.97％" in out.getvalue()
        assert "国立社会保障・人口問題研究所" in out.getvalue()
