"""The ground as loaded: who exists, under whom, how many, and that loading twice changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Sum

from municipalities.codes import check_digit, full_code, validate_code
from municipalities.load import load_all
from municipalities.models import (
    Adjacency,
    Boundary,
    Bureau,
    DataSource,
    Municipality,
    PopulationFigure,
    PopulationSeries,
    Prefecture,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
BUREAUS = {
    "sorachi": 24,
    "ishikari": 8,
    "shiribeshi": 20,
    "iburi": 11,
    "hidaka": 7,
    "oshima": 11,
    "hiyama": 7,
    "kamikawa": 23,
    "rumoi": 8,
    "soya": 10,
    "okhotsk": 18,
    "tokachi": 19,
    "kushiro": 8,
    "nemuro": 5,
}


@pytest.fixture(scope="module")
def whole_ground(django_db_setup, django_db_blocker):
    """All Japan, once for this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def total(series: str, year: int, prefecture: str | None = None) -> int:
    figures = PopulationFigure.objects.filter(series=series, year=year)
    if prefecture:
        figures = figures.filter(municipality__prefecture=prefecture)
    return figures.aggregate(n=Sum("total"))["n"]


@pytest.mark.usefixtures("whole_ground")
class TestTheLoadedGround:
    def test_1741_municipalities_of_the_published_kinds_and_six_northern_villages(self):
        real = Municipality.objects.filter(northern_territory=False)
        kinds = Counter(real.values_list("kind", flat=True))
        assert kinds == {"政令市": 20, "市": 772, "特別区": 23, "町": 743, "村": 183}
        assert Municipality.objects.filter(northern_territory=True).count() == 6
        assert Prefecture.objects.count() == 47

    def test_every_code_ends_in_its_check_digit(self):
        codes = list(Municipality.objects.values_list("code", flat=True))
        assert [code for code in codes if code[5] != check_digit(code[:5])] == []

    def test_179_municipalities_lie_under_14_bureaus_of_hokkaido(self):
        counted = {
            bureau.code: Municipality.objects.under(bureau.code, TODAY).count()
            for bureau in Bureau.objects.filter(prefecture="01")
        }
        assert counted == BUREAUS
        assert sum(counted.values()) == 179

    def test_35_municipalities_of_yamagata_lie_under_4_offices_and_two_branches(self):
        counted = {
            bureau.code: Municipality.objects.under(bureau.code, TODAY).count()
            for bureau in Bureau.objects.filter(prefecture="06")
        }
        assert counted == {
            "murayama": 14, "nishimurayama": 5, "kitamurayama": 4, "mogami": 8, "okitama": 8, "shonai": 5,
        }  # fmt: skip

    def test_nobody_lay_under_an_office_before_the_records_begin(self):
        assert Municipality.objects.under("nemuro", date(2010, 3, 31)).count() == 0
        assert Municipality.objects.under("nemuro", date(2010, 4, 1)).count() == 5

    def test_heads_are_titled_after_their_office(self):
        assert Bureau.objects.get(code="sorachi").head_title == "総合振興局長"
        assert Bureau.objects.get(code="nemuro").head_title == "振興局長"

    @pytest.mark.parametrize(
        ("series", "year", "prefecture", "people"),
        [
            ("census", 1980, None, 117_060_359),
            ("census", 2010, None, 128_057_352),
            ("census", 2015, None, 127_094_745),
            ("census", 2020, None, 126_146_099),
            ("census", 2020, "01", 5_224_614),
            ("census", 2020, "06", 1_068_027),
            ("census", 2010, "06", 1_168_924),
            ("census", 2015, "06", 1_123_891),
            ("census", 2005, "06", 1_216_181),
            ("ipss_h25", 2040, "06", 835_554),
            ("ipss_r5", 2050, "01", 3_820_016),
            ("ipss_r5", 2050, "06", 710_838),
        ],
    )
    def test_sums_equal_the_published_totals(self, series, year, prefecture, people):
        assert total(series, year, prefecture) == people

    @pytest.mark.parametrize(("year", "cities", "towns"), [(2005, 954_210, 261_971), (2010, 924_003, 244_921)])
    def test_yamagata_cities_and_towns_equal_the_policy_of_2018(self, year, cities, towns):
        figures = PopulationFigure.objects.filter(series="census", year=year, municipality__prefecture="06")
        assert figures.filter(municipality__kind="市").aggregate(n=Sum("total"))["n"] == cities
        assert figures.exclude(municipality__kind="市").aggregate(n=Sum("total"))["n"] == towns

    def test_projections_start_from_the_census_of_their_base_year(self):
        for series in PopulationSeries.objects.filter(kind="projection"):
            census = dict(
                PopulationFigure.objects.filter(series="census", year=series.base_year).values_list(
                    "municipality", "total"
                )
            )
            base = PopulationFigure.objects.filter(series=series, year=series.base_year, total__isnull=False)
            assert [f.municipality_id for f in base if f.total != census[f.municipality_id]] == []

    def test_census_groups_and_unknown_ages_make_the_total_and_75_is_part_of_65(self):
        for figure in PopulationFigure.objects.filter(series="census", year=2020):
            parts = figure.age_0_14 + figure.age_15_64 + figure.age_65_over + figure.age_unknown
            assert (parts, figure.age_75_over <= figure.age_65_over) == (figure.total, True)
        assert PopulationFigure.objects.filter(series="census", year=2020, age_unknown__gt=0).exists()

    def test_northern_villages_carry_no_figures(self):
        assert not PopulationFigure.objects.filter(municipality__northern_territory=True).exists()

    def test_the_one_computed_figure_says_so(self):
        noted = PopulationFigure.objects.exclude(note="")
        assert [(f.series_id, f.municipality_id, f.year) for f in noted] == [("ipss_h25", "063657", 2040)]

    def test_every_municipality_has_its_outline_and_hokkaido_and_yamagata_in_full(self):
        assert Boundary.objects.count() == 1747
        full = Boundary.objects.filter(detail="full").values_list("municipality__prefecture", flat=True)
        assert Counter(full) == {"01": 185, "06": 35}

    def test_outlines_are_closed_rings_in_japan(self):
        for boundary in Boundary.objects.iterator():
            shape = boundary.geometry
            polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            for ring in (ring for polygon in polygons for ring in polygon):
                assert len(ring) >= 4
                assert ring[0] == ring[-1]
                assert all(122 < x < 154 and 20 < y < 46 for x, y in ring)

    def test_neighbours_are_named_once_smaller_code_first(self):
        pairs = Adjacency.objects.values_list("a", "b")
        assert len(pairs) == 4403
        assert all(a < b for a, b in pairs)
        inside = Adjacency.objects.filter(a__prefecture="01", b__prefecture="01")
        assert inside.filter(a__northern_territory=False).count() == 445
        assert Adjacency.objects.filter(a__prefecture="06", b__prefecture="06").count() == 85

    def test_every_source_names_its_terms_and_its_credit(self):
        assert [s.code for s in DataSource.objects.all() if not (s.licence and s.credit)] == []

    def test_a_second_load_changes_nothing(self):
        out = StringIO()
        call_command("load_reference", "--json", stdout=out)
        counts = json.loads(out.getvalue())["tables"]
        touched = {table: count for table, count in counts.items() if table.startswith("municipalities.")}
        assert {table: c["new"] + c["changed"] for table, c in touched.items()} == dict.fromkeys(touched, 0)
        assert touched["municipalities.Municipality"]["same"] == 1747

    def test_a_figure_that_was_mended_by_hand_is_set_back_and_counted(self):
        PopulationFigure.objects.filter(series="census", municipality="012238", year=2020).update(total=1)
        counts = load_all()
        assert counts["municipalities.PopulationFigure"].changed == 1
        assert PopulationFigure.objects.get(series="census", municipality="012238", year=2020).total == 24_636


class TestCodes:
    @pytest.mark.parametrize(("code5", "digit"), [("01100", "2"), ("06201", "4"), ("01403", "6"), ("01696", "9")])
    def test_check_digits_as_the_ministry_prints_them(self, code5, digit):
        assert check_digit(code5) == digit

    @pytest.mark.parametrize("text", ["1100", "01100", "011002", "０１１００２", 1100.0, " 011002 "])
    def test_a_code_is_read_with_five_or_six_digits_or_a_lost_zero(self, text):
        assert full_code(text) == "011002"

    @pytest.mark.parametrize("text", ["011003", "札幌市", "", "1100２３４"])
    def test_a_wrong_code_is_refused_with_a_sentence(self, text):
        with pytest.raises(ValueError, match="団体コード"):
            full_code(text)

    def test_a_stored_code_must_have_six_digits(self):
        with pytest.raises(ValidationError):
            validate_code("01100")
