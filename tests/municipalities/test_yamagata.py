"""The totals of Yamagata that the prefecture published in 2018 (県・市町村連携推進方針 p.1–2), by `population --json`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from municipalities.models import Municipality, PopulationFigure
from municipalities.population import population
from tests.reference import reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]

PUBLISHED = {
    "all": {2005: 1_216_181, 2010: 1_168_924, 2015: 1_123_891},
    "cities": {2005: 954_210, 2010: 924_003, 2015: 897_041},
    "towns and villages": {2005: 261_971, 2010: 244_921, 2015: 226_850},
}


def codes(kind: str) -> list[str]:
    rows = Municipality.objects.of_prefecture("06")
    chosen = {"all": rows, "cities": rows.filter(kind="市"), "towns and villages": rows.exclude(kind="市")}[kind]
    return list(chosen.values_list("pk", flat=True))


def asked(members: list[str], series: str, years: str = "") -> dict[str, Any]:
    out = StringIO()
    words = ["--members", ",".join(members), "--series", series, *(["--years", years] if years else [])]
    call_command("population", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("kind", PUBLISHED)
def test_the_census_totals_are_the_published_ones(kind: str):
    answer = asked(codes(kind), "census", "2005,2010,2015")
    assert {int(year): answer["together"][year]["total"] for year in answer["together"]} == PUBLISHED[kind]
    assert answer["missing"] == []
    for year in ("2005", "2010", "2015"):
        assert sum(row[year]["total"] for row in answer["members"]) == answer["together"][year]["total"]


def test_there_are_thirteen_cities_and_twenty_two_towns_and_villages():
    assert (len(codes("cities")), len(codes("towns and villages")), len(codes("all"))) == (13, 22, 35)


def test_the_projection_for_2040_is_the_published_one_of_its_own_edition():
    """835,554 is the edition of March 2013; the later editions give other totals and stay beside it."""
    answer = asked(codes("all"), "ipss_h25")
    assert answer["together"]["2040"]["total"] == 835_554
    later = {asked(codes("all"), series, "2040")["together"]["2040"]["total"] for series in ("ipss_h30", "ipss_r5")}
    assert len(later) == 2
    assert 835_554 not in later


def test_a_base_year_that_one_village_lacks_leaves_the_decline_open_with_its_reason():
    """大蔵村 has the year 2040 alone in that edition; the census of 2010 does not stand in for it."""
    answer = asked(codes("all"), "ipss_h25")
    assert answer["together"]["2010"]["total"] is None
    assert answer["decline_2040"]["together"] is None
    assert answer["decline_2040"]["06365"] is None
    assert answer["decline_2040"]["06201"] is not None
    told = [gap for gap in answer["missing"] if gap["code"] == "06365" and 2010 in gap["years"]]
    assert "平成25年3月推計に大蔵村の2010年" in told[0]["reason"]


def test_age_groups_that_the_edition_lacks_are_missing_with_their_reason():
    answer = asked(codes("all"), "ipss_h25", "2040")
    assert answer["together"]["2040"]["15-64"] is None
    reasons = [gap for gap in answer["missing"] if gap["code"] == "06201"]
    assert reasons
    assert all(gap["reason"] for gap in reasons)
    assert any("平成25年3月推計に山形市の" in gap["reason"] for gap in reasons)


def test_one_lost_value_makes_the_sum_missing_and_only_that_sum():
    PopulationFigure.objects.filter(series="census", municipality="062014", year=2010).delete()
    answer = asked(codes("all"), "census", "2005,2010,2015")
    totals = {year: answer["together"][year]["total"] for year in answer["together"]}
    assert totals == {"2005": 1_216_181, "2010": None, "2015": 1_123_891}
    (gap,) = answer["missing"]
    assert (gap["code"], gap["years"]) == ("06201", [2010])
    assert gap["reason"] == "国勢調査に山形市の2010年の値がありません。"


@pytest.mark.parametrize("series", ["census", "ipss_h25", "ipss_h30", "ipss_r5"])
def test_every_series_adds_up_exactly_for_any_set(series: str):
    chosen = codes("all")[::3]
    found = population(chosen, series)
    for year in found.years:
        parts = [found.at(year, code).total for code in chosen]
        expected = None if None in parts else sum(part for part in parts if part is not None)
        assert found.at(year).total == expected
