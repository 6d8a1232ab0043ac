"""The published history, replayed: the totals of the report, and what the sources leave open."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from subsidies.replay import replay
from tests.queries import queries_of

from .published import published_db, reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_db")]


@pytest.fixture(scope="module")
def history(published_db: None, django_db_blocker: Any) -> dict[str, dict[str, Any]]:  # noqa: F811
    with django_db_blocker.unblock():
        return {program["program"]: program for program in replay()["programs"]}


def finding(history: dict[str, Any], program: str, region: str, year: int, rule: str) -> dict[str, Any]:
    past = next(
        item for item in history[program]["applications"] if (item["region"], item["fiscal_year"]) == (region, year)
    )
    return next(item for item in past["findings"] if item["rule"] == rule)


def by_year(rows: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    return [(row["fiscal_year"], row["regions"], row["municipalities"]) for row in rows]


def test_the_model_program_had_eleven_regions_and_45_municipalities(history):
    model = history["model"]
    assert (model["regions"], model["municipalities"]) == (11, 45)
    assert by_year(model["started"]) == [(2015, 5, 18), (2016, 2, 9), (2017, 4, 18)]
    assert [row["assumed"] for row in model["by_year"]] == [False, True, True, True, True]


def test_the_acceleration_program_grew_to_eight_regions_and_53_municipalities(history):
    acceleration = history["acceleration"]
    assert (acceleration["regions"], acceleration["municipalities"]) == (8, 53)
    assert by_year(acceleration["by_year"]) == [(2020, 3, 19), (2021, 6, 44), (2022, 7, 49), (2023, 8, 53)]
    assert [row["regions"] for row in acceleration["started"]] == [3, 3, 1, 1]


def test_the_successor_has_no_history_yet(history):
    successor = history["successor"]
    assert (successor["regions"], successor["municipalities"], successor["applications"]) == (0, 0, [])


def test_four_model_regions_touch_a_national_zone_and_only_the_exception_is_left(history):
    failing = {
        past["region"]
        for past in history["model"]["applications"]
        for item in past["findings"]
        if item["rule"] == "M-04" and item["result"] == "fail"
    }
    assert failing == {"M02", "M03", "M05", "M10"}
    for region, year in (("M02", 2015), ("M03", 2015), ("M05", 2015), ("M10", 2017)):
        assert finding(history, "model", region, year, "M-03")["result"] == "judge"


def test_thirteen_towns_have_no_figures_in_the_edition_of_the_time(history):
    missing = {
        code
        for past in history["model"]["applications"]
        for item in past["findings"]
        if item["rule"] == "M-05a"
        for code in item["inputs"]["missing"]
    }
    assert len(missing) == 13
    found = finding(history, "model", "M10", 2017, "M-05a")
    assert found["result"] == "no_data"
    assert "西興部村" in found["reason"]


def test_every_acceleration_region_had_half_of_its_members_outside_the_schemes(history):
    shares = {
        (past["region"], past["fiscal_year"]): item["inputs"]["share"]
        for past in history["acceleration"]["applications"]
        for item in past["findings"]
        if item["rule"] == "A-02" and item["result"] == "pass"
    }
    assert len(shares) == 24
    assert shares["A01", 2020] == "2/3"
    assert [shares["A04", year] for year in (2021, 2022, 2023)] == ["11/15", "3/4", "13/17"]
    assert shares["A07", 2022] == "3/4"


def test_an_agreement_counts_at_the_end_of_its_year_and_is_silent_about_those_who_joined_later(history):
    assert finding(history, "acceleration", "A04", 2021, "A-15")["result"] == "pass"
    later = finding(history, "acceleration", "A04", 2022, "A-15")
    assert (later["result"], later["reason"]) == ("no_data", "蘭越町が加わった後の協定は出典に記載がありません。")


def test_the_same_project_under_the_earlier_program_is_noticed(history):
    assert finding(history, "acceleration", "A03", 2020, "A-16")["result"] == "warn"
    assert finding(history, "acceleration", "A06", 2021, "A-16")["result"] == "pass"


def test_what_no_source_tells_is_never_a_pass(history):
    silent = {"C-01", "C-02", "C-06", "C-07", "C-08", "C-11", "C-12", "A-05", "A-06", "A-07", "A-08", "A-09", "A-10"}
    silent |= {"A-11", "A-13", "A-14", "A-17", "M-09", "M-10", "M-11", "M-12"}
    for program in ("model", "acceleration"):
        for past in history[program]["applications"]:
            assert past["assumed"][0] == "類型（フラットな連携とした）"
            for item in past["findings"]:
                if item["rule"] in silent:
                    assert item["result"] == "no_data", (past["region"], item["rule"])
                    assert item["reason"]


def test_derived_members_and_assumed_years_are_marked(history):
    marks = {(past["region"], past["fiscal_year"]): past["assumed"] for past in history["model"]["applications"]}
    assert "支援の年度" not in marks["M01", 2015]
    assert "支援の年度" in marks["M01", 2016]
    hidaka = next(past for past in history["acceleration"]["applications"] if past["region"] == "A02")
    assert "構成市町村" in hidaka["assumed"]


def test_the_command_answers_in_json_and_in_words():
    out = StringIO()
    call_command("replay_history", "--program", "acceleration", "--json", stdout=out)
    assert [item["program"] for item in json.loads(out.getvalue())["programs"]] == ["acceleration"]
    words = StringIO()
    call_command("replay_history", stdout=words)
    assert "広域連携加速化事業：8地域、53市町村" in words.getvalue()
    with pytest.raises(SystemExit) as stopped:
        call_command("replay_history", "--program", "none", stderr=StringIO())
    assert stopped.value.code == 2


def test_57_applications_are_judged_with_fewer_queries_than_there_are_applications():
    assert len(queries_of(lambda: replay())) < 57
