"""The prefecture-wide indicators give the published numbers on the published days (rulings, History)."""

from datetime import date

import pytest

from municipalities.models import Municipality
from portal.indicator_ground import IndicatorGround
from portal.indicators import indicators_on
from tests.factories.municipalities import BureauFactory
from tests.factories.regions import ForwardPlanFactory
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_db")]


@pytest.mark.parametrize(("day", "regions"), [("2015-03-31", 12), ("2023-03-31", 28)])
def test_regions_that_work_under_a_scheme(day, regions):
    assert len(IndicatorGround("01").region_keys(date.fromisoformat(day))) == regions


@pytest.mark.parametrize(("day", "towns"), [("2020-03-31", 158), ("2023-03-31", 178)])
def test_municipalities_that_work_under_a_scheme(day, towns):
    assert len(IndicatorGround("01").municipality_codes(date.fromisoformat(day))) == towns


def test_kutchan_is_in_no_scheme():
    day = date(2023, 3, 31)
    every = set(Municipality.objects.existing(day).filter(prefecture="01").values_list("code", flat=True))
    assert {
        Municipality.objects.get(pk=code).name for code in every - IndicatorGround("01").municipality_codes(day)
    } == {"倶知安町"}


def test_a_region_continued_by_its_successor_counts_once():
    before, after = (
        IndicatorGround("01").region_keys(date(2020, 3, 31)),
        IndicatorGround("01").region_keys(date(2021, 3, 31)),
    )
    assert {"M01", "M04"} <= before
    assert not {"A01", "A03"} & before
    assert {"A01", "A03"} <= after
    assert not {"M01", "M04"} & after


def test_a_region_that_became_a_national_zone_counts_once():
    assert "M06" in IndicatorGround("01").region_keys(date(2019, 3, 31))
    assert "M06" not in IndicatorGround("01").region_keys(date(2020, 3, 31))
    assert "HK-T02" in IndicatorGround("01").region_keys(date(2020, 3, 31))


def test_regions_with_other_members_are_both_counted():
    assert {"M10", "A07"} <= IndicatorGround("01").region_keys(date(2023, 3, 31))


def test_the_official_value_stands_beside_the_computed_one():
    regions, towns, initiatives = indicators_on("01", date(2023, 3, 31))
    assert (regions.baseline.text, regions.actual.text, regions.target.text) == ("12地域", "28地域", "25地域以上を維持")
    assert (regions.computed, regions.missing) == (28, 0)
    assert (towns.actual.value, towns.computed, towns.goal, towns.missing) == (178, 178, 179, 1)
    assert towns.target.text == "全市町村（179）"
    assert (initiatives.baseline.text, initiatives.actual.value, initiatives.computed) == ("新規", 62, None)
    assert initiatives.value == 62


def test_initiatives_are_counted_in_the_latest_plan_in_force_of_each_bureau():
    sorachi = BureauFactory(code="sorachi")
    old = ForwardPlanFactory(bureau=sorachi, adopted_on=date(2021, 4, 1), state="revised")
    old.initiatives.create(number=1, name="旧い取組")
    new = ForwardPlanFactory(bureau=sorachi, version=2, adopted_on=date(2022, 10, 1))
    for number in (1, 2, 3):
        new.initiatives.create(number=number, name=f"取組{number}")
    expired = ForwardPlanFactory(bureau=BureauFactory(code="soya"), term_to_fy=2022)
    expired.initiatives.create(number=1, name="終わった取組")
    assert IndicatorGround("01").initiatives(date(2021, 3, 31)) is None
    assert IndicatorGround("01").initiatives(date(2023, 3, 31)) == 4
    assert IndicatorGround("01").initiatives(date(2023, 4, 1)) == 3


def test_another_prefecture_has_no_official_values():
    assert indicators_on("06", date(2023, 3, 31)) == []


def test_the_indicators_take_a_constant_number_of_queries():
    assert len(queries_of(lambda: indicators_on("01", date(2023, 3, 31)))) <= 9
