"""The forecast of any municipalities: each series by itself, compared by one edition, missing data said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction

from municipalities.load import load_all
from municipalities.models import IndicatorValue, PopulationFigure, ServiceMeasure
from municipalities.outlook import MixedEditions, Outlook, Place, outlook, read, same_series
from municipalities.population import UnknownMunicipality, UnknownSeries, population
from municipalities.service_outlook import MeasureLine, service_outlook, show
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

ON = date(2026, 11, 21)
NEMURO = ["01223", "01691", "01692", "01693", "01694"]
SIX = [*NEMURO, "01665"]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Hokkaido with its indicators, for this module alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all(frozenset({"01"}))
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def lines(found: Outlook) -> dict[str, MeasureLine]:
    return {line.measure.code: line for field in service_outlook(found).fields for line in field.lines}


class TestPeople:
    def test_six_towns_beside_their_offices_and_the_prefecture(self):
        found = outlook(SIX, on=ON)
        assert [place.name for place in found.places] == [
            "選んだ市町村",
            "根室管内",
            "釧路管内",
            "北海道",
        ]
        assert [len(place.codes) for place in found.places] == [6, 5, 8, 179]
        totals = [(place.reading.base.total, place.reading.target.total) for place in found.places]
        assert totals[0] == (78_726, 57_040)
        assert totals[1] == (71_771, 52_607)
        assert totals[3][0] == 5_224_614
        assert found.places[0].reading.decline == Fraction(78_726 - 57_040, 78_726)

    def test_years_run_from_1980_to_2050_by_the_census_and_then_by_one_edition(self):
        assert outlook(SIX, on=ON).years == (*range(1980, 2021, 5), *range(2025, 2051, 5))
        assert outlook(SIX, "ipss_h30", on=ON).years == (*range(1980, 2016, 5), *range(2020, 2046, 5))

    def test_every_edition_is_there_by_itself(self):
        found = outlook(["01423"], on=ON)
        bases = {one.series.code: one.series.base_year for one in found.editions}
        assert bases == {"ipss_h25": 2010, "ipss_h30": 2015, "ipss_r5": 2020}
        declines = {one.series.code: read(one).decline for one in found.editions}
        assert len(set(declines.values())) == 3

    def test_ageing_and_supporters(self):
        reading = outlook(["01694"], on=ON).places[0].reading
        assert reading.base.age_15_64 and reading.base.age_65_over
        assert reading.supporters[0] == Fraction(reading.base.age_15_64, reading.base.age_65_over)
        old_now, old_then = reading.old_shares
        assert old_now is not None and old_then is not None and old_then > old_now
        assert reading.supporters[1] is not None and reading.supporters[1] < reading.supporters[0]

    def test_many_offices_stand_in_the_table_and_not_in_the_charts(self):
        found = outlook(["01202", "01203", "01204", "01205", "01206"], on=ON)
        assert len(found.places) == 7
        assert [place.name for place in found.compared] == ["選んだ市町村", "北海道"]

    def test_nobody_old_means_no_ratio_instead_of_a_crash(self):
        PopulationFigure.objects.filter(series="ipss_r5", municipality="016942", year=2040).update(age_65_over=0)
        assert outlook(["01694"], on=ON).places[0].reading.supporters[1] is None

    def test_the_index_is_one_in_the_base_year_and_uses_each_series_alone(self):
        place = outlook(NEMURO, on=ON).places[0]
        assert place.index(2020) == 1
        assert place.index(2040) == Fraction(52_607, 71_771)
        census = population(NEMURO, "census")
        assert place.index(1980) == Fraction(census.at(1980).total or 0, census.at(2020).total or 1)

    def test_editions_are_never_mixed(self):
        found = outlook(SIX, on=ON)
        other = population(SIX, "ipss_h30")
        message = "推計版が混在しているため減少率を計算できません（令和5年推計／平成30年推計）。"
        with pytest.raises(MixedEditions, match=message):
            same_series([found.projected, other])
        place = Place("別の版", found.places[0].codes, found.census, other)
        with pytest.raises(MixedEditions):
            Outlook(found.names, found.series, found.census, found.editions, (*found.places, place))

    def test_an_edition_without_the_town_gives_no_value_and_the_reason(self):
        found = outlook(["014231", "01223"], "ipss_h25", on=ON)
        reading = found.places[0].reading
        assert reading.decline is None
        assert reading.target.total is None
        assert found.projected.reason("012238") == "平成25年3月推計に根室市の値は登録されていません。"
        (by_r5,) = [one for one in found.editions if one.series.code == "ipss_r5"]
        assert read(by_r5).decline is not None, "the other edition is not touched by the gap"

    def test_questions_do_not_grow(self):
        assert len(queries_of(lambda: outlook(["01223"], on=ON))) == len(queries_of(lambda: outlook(SIX, on=ON))) == 5

    def test_what_cannot_be_asked_is_refused(self):
        with pytest.raises(UnknownMunicipality, match="1つ以上"):
            outlook([], on=ON)
        with pytest.raises(UnknownSeries, match="census"):
            outlook(SIX, "census", on=ON)
        with pytest.raises(UnknownSeries, match="ipss_r9"):
            outlook(SIX, "ipss_r9", on=ON)


class TestServices:
    def test_fields_are_those_of_the_reports_table(self):
        fields = service_outlook(outlook(SIX, on=ON)).fields
        assert [field.field.name for field in fields] == [
            "共通",
            "医療・福祉",
            "子育て・教育",
            "地域づくり・まちづくり",
            "空間管理・防災",
            "インフラ・地域公共交通",
            "その他",
        ]
        assert fields[1].field.issues[1] == "救急出動件数の増加"
        assert all(field.lines and field.field.source for field in fields)

    def test_only_people_change_until_2040(self):
        found = lines(outlook(SIX, on=ON))
        clinics, elderly = found["clinics"].now, found["elderly"]
        assert clinics == 27
        assert (elderly.now, elderly.ahead) == (24_951, 23_438)
        assert found["elderly_per_clinic"].now == Fraction(24_951, 27)
        assert found["elderly_per_clinic"].ahead == Fraction(23_438, 27)
        assert found["clinics"].ahead is None

    def test_sums_are_those_of_the_towns(self):
        for code in ("staff", "clinics", "elderly", "births", "area"):
            line = lines(outlook(SIX, on=ON))[code]
            assert line.now == sum(value for value in line.towns if value is not None)

    def test_a_rate_is_shown_as_a_range_and_never_added_up(self):
        line = lines(outlook(SIX, on=ON))["fiscal_power"]
        assert line.now is None
        assert (line.low, line.high) == (Fraction(21, 100), Fraction(42, 100))
        assert (line.low, line.high) == (min(line.towns), max(line.towns))  # type: ignore[type-var]
        whole = IndicatorValue.objects.filter(indicator="fiscal_power_index", year=2021, municipality__prefecture="01")
        values = list(whole.values_list("value", flat=True))
        assert line.places[-1] == sum(map(Fraction, values)) / len(values)

    def test_net_migration_is_negative_where_more_leave(self):
        line = lines(outlook(SIX, on=ON))["migration"]
        assert line.now is not None and line.now < 0
        assert show(line.now).startswith("▲")

    def test_a_town_outside_the_survey_makes_the_sum_missing_with_the_reason(self):
        line = lines(outlook(SIX, on=ON))["vacant"]
        assert line.now is None
        assert line.towns[0] == 1_990
        assert line.reason.startswith("空き家数（2023年）は、別海町、標津町、羅臼町、弟子屈町の値がありません。")
        assert "小さな町村は調査の集計対象外" in line.reason

    def test_an_indicator_nobody_loaded_is_said(self):
        IndicatorValue.objects.filter(indicator="general_clinics").delete()
        line = lines(outlook(SIX, on=ON))["clinics"]
        assert (line.now, line.reason) == (None, "一般診療所数の値は登録されていません。")

    def test_none_of_a_thing_gives_no_ratio(self):
        IndicatorValue.objects.filter(indicator="physicians").update(value=0)
        line = lines(outlook(SIX, on=ON))["elderly_per_physician"]
        assert (line.now, line.ahead) == (None, None)
        assert line.reason == "割る値が0の市町村があるため計算できません。"

    def test_one_town_without_a_thing_does_not_hide_the_ratio_of_all(self):
        IndicatorValue.objects.filter(indicator="physicians", municipality="016934").update(value=0)
        line = lines(outlook(SIX, on=ON))["elderly_per_physician"]
        assert line.now is not None and line.now == Fraction(24_951, 85 - 5)
        assert line.towns.count(None) == 1
        assert line.reason == ""

    def test_people_an_edition_lacks_are_missing_here_too(self):
        found = lines(outlook(["014231", "01223"], "ipss_h25", on=ON))
        assert found["elderly"].now is None
        assert found["elderly"].reason == "平成25年3月推計に南幌町、根室市の65歳以上の値がありません。"
        assert found["staff"].now is not None

    def test_what_a_measure_is_made_of_is_data(self):
        ServiceMeasure.objects.filter(code="elderly_per_clinic").update(by="physicians", name="医師1人")
        line = lines(outlook(SIX, on=ON))["elderly_per_clinic"]
        assert line.now == Fraction(24_951, 85)

    def test_questions_do_not_grow(self):
        few, many = outlook(["01223"], on=ON), outlook(SIX, on=ON)
        assert len(queries_of(lambda: service_outlook(few))) == len(queries_of(lambda: service_outlook(many))) == 4


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1_234), 0, "1,234"),
        (Fraction(12_345, 10), 0, "1,235"),
        (Fraction(1, 4), 1, "0.3"),
        (Fraction(-1, 4), 0, "0"),
        (Fraction(-907), 0, "▲907"),
        (Fraction(21, 100), 2, "0.21"),
        (None, 2, "－"),
    ],
)
def test_figures_as_officials_write_them(value: Fraction | None, digits: int, text: str):
    assert show(value, digits) == text
