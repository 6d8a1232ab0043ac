"""The published history, read from the committed files and loaded: numbers that the sources print."""

from collections import Counter
from datetime import date

import pytest

from common.fiscal_year import FiscalYear
from common.viewer import Duty
from regions import history, services
from regions.load import load_all, support_rows
from regions.membership import member_codes, names_on
from regions.models import (
    Agreement,
    Field,
    NationalZone,
    Project,
    Region,
    RegionLink,
    RegionMembership,
    Vision,
    ZoneMembership,
)
from regions.scheme_status import scheme_statuses, zones_in_force
from tests.viewers import saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_db")]


def test_the_regions_of_both_programs_start_as_the_report_says():
    starts = Counter((region.program, region.start_fy) for region in history.regions())
    assert [starts["model", year] for year in (2015, 2016, 2017)] == [5, 2, 4]
    assert [starts["acceleration", year] for year in range(2020, 2024)] == [3, 3, 1, 1]


def test_the_model_program_has_45_members_and_the_acceleration_program_53():
    for prefix, total in (("M", 45), ("A", 53)):
        rows = RegionMembership.objects.filter(region__code__startswith=prefix)
        assert rows.values("municipality").distinct().count() == total


@pytest.mark.parametrize(("year", "regions", "towns"), [(2020, 3, 19), (2021, 6, 44), (2022, 7, 49), (2023, 8, 53)])
def test_regions_and_members_of_the_acceleration_program_year_by_year(year, regions, towns):
    supported = [
        row["region"] for row in support_rows() if (row["program"], row["fiscal_year"]) == ("acceleration", year)
    ]
    members = {code for region in supported for code in member_codes(region, FiscalYear(year).last_day)}
    assert (len(supported), len(members)) == (regions, towns)


def test_years_of_the_model_program_after_the_first_are_assumed():
    rows = [row for row in support_rows() if row["region"] == "M06"]
    assert [(row["fiscal_year"], row["basis"]) for row in rows] == [
        (2016, "sourced"),
        (2017, "inferred"),
        (2018, "inferred"),
    ]
    assert all(row["projects"] == [Project.objects.get(code="M06-01").pk] for row in rows)


def test_the_basic_survey_of_minamisorachi_was_supported_in_its_first_year_only():
    names = {
        row["fiscal_year"]: Project.objects.filter(pk__in=row["projects"]).count()
        for row in support_rows()
        if row["region"] == "A01"
    }
    assert names == {2020: 4, 2021: 3, 2022: 3, 2023: 3}


def test_w21_shiribeshi_grows_from_15_to_17_and_changes_its_name_each_time():
    for year, count in ((2021, 15), (2022, 16), (2023, 17)):
        day = FiscalYear(year).first_day
        assert len(member_codes("A04", day)) == count
        assert names_on(["A04"], day)["A04"] == f"後志{count}町村連携地域"
    assert Region.objects.get(pk="A04").name == "後志17町村連携地域"
    assert list(Project.objects.get(code="A04-01").names.values_list("from_fy", "name")) == [
        (2021, "後志15町村新規採用職員研修"),
        (2023, "後志17町村新規採用職員研修"),
    ]


@pytest.mark.parametrize(("year", "blank", "members"), [(2021, 11, 15), (2022, 12, 16), (2023, 13, 17)])
def test_w21_the_blank_members_of_shiribeshi(year, blank, members):
    day = FiscalYear(year).last_day
    codes = member_codes("A04", day)
    assert (sum(status.blank for status in scheme_statuses(codes, day).values()), len(codes)) == (blank, members)


@pytest.mark.parametrize(("day", "blank"), [("2024-04-01", 6), ("2025-03-25", 6), ("2025-03-31", 0), ("2025-04-01", 0)])
def test_w31_minamisorachi_is_blank_in_6_of_9_until_its_own_zone(day, blank):
    on = date.fromisoformat(day)
    statuses = scheme_statuses(member_codes("A01", on), on).values()
    assert (sum(status.blank for status in statuses), len(statuses)) == (blank, 9)
    if blank:
        inside = [status.code for status in statuses if status.in_zone]
        assert inside == ["012106", "014231", "014281"]  # 岩見沢市, 南幌町, 長沼町 in さっぽろ圏


@pytest.mark.parametrize(
    ("code", "day", "inside"),
    [
        ("A07", "2022-04-01", ["015628"]),  # 西興部村 in 北・北海道中央圏域
        ("M05", "2016-03-31", ["016462", "016471", "016489"]),  # とかち東北部 inside 十勝
        ("A06", "2026-04-01", []),
    ],
)
def test_members_inside_zones(code, day, inside):
    on = date.fromisoformat(day)
    statuses = scheme_statuses(member_codes(code, on), on)
    assert [status.code for status in statuses.values() if status.in_zone] == inside


def test_which_model_regions_have_members_in_zones_at_the_end_of_their_first_year():
    found = set()
    for region in history.regions():
        if region.program == history.MODEL:
            day = FiscalYear(region.start_fy).last_day
            if any(status.in_zone for status in scheme_statuses(member_codes(region.code, day), day).values()):
                found.add(region.code)
    assert found == {"M02", "M03", "M05", "M10"}


def test_the_published_number_of_zones_centres_and_neighbours_of_october_2023():
    day = date(2023, 10, 1)
    zones = zones_in_force("01", day)
    assert Counter(zones.values_list("kind", flat=True)) == {"settlement": 13, "hub_urban": 2}
    members = Counter(
        ZoneMembership.objects.filter(zone__in=zones, in_force_by__lte=day).values_list("zone__kind", "role")
    )
    assert (members["settlement", "hub"], members["settlement", "neighbour"]) == (15, 100)
    assert (members["hub_urban", "hub"], members["hub_urban", "neighbour"]) == (2, 19)


@pytest.mark.parametrize(("day", "zones"), [("2015-03-31", 12), ("2018-03-31", 12), ("2022-03-31", 15)])
def test_zones_in_force_at_the_end_of_a_year(day, zones):
    assert zones_in_force("01", date.fromisoformat(day)).count() == zones


def test_a_zone_that_ended_names_the_one_that_took_over():
    found = dict(NationalZone.objects.filter(successor__isnull=False).values_list("name", "successor__name"))
    assert found == {
        "上川中部定住自立圏": "旭川大雪圏域連携中枢都市圏",
        "網走市大空町定住自立圏": "東オホーツク定住自立圏",
        "山形定住自立圏": "山形連携中枢都市圏",
    }


def test_a_zone_without_a_day_of_its_own_takes_the_month_of_its_vision():
    row = ZoneMembership.objects.filter(zone="YG-T01").first()
    assert (row.in_force_by, row.in_force_basis) == (date(2013, 3, 31), "出典：共生ビジョン策定 2013年3月")


def test_every_membership_says_on_what_its_day_rests():
    assert not ZoneMembership.objects.filter(in_force_basis="").exists()
    assert not ZoneMembership.objects.filter(source="").exists()


def test_which_region_goes_on_in_which():
    links = {
        (row.predecessor_id, row.successor_id or row.successor_zone_id): row.continued
        for row in RegionLink.objects.all()
    }
    assert links == {
        ("M01", "A01"): True,
        ("M04", "A03"): True,
        ("M09", "A05"): True,
        ("M11", "A06"): True,
        ("M08", "A08"): True,
        ("M06", "HK-T02"): True,
        ("M10", "A07"): False,
    }


@pytest.mark.parametrize(
    ("code", "day", "parties"),
    [
        ("M03", date(2016, 2, 18), 4),
        ("M04", date(2016, 3, 4), 3),
        ("M10", date(2017, 3, 23), 5),
        ("A01", date(2020, 10, 9), 9),
        ("A04", date(2021, 3, 18), 15),
    ],
)
def test_known_agreements_are_in_force_from_their_day(code, day, parties):
    agreement = Agreement.objects.in_force(day).get(region=code)
    assert agreement.consents.filter(state="done", agreed_on=day).count() == parties
    assert not Agreement.objects.in_force(day.replace(day=1)).filter(region=code).exists()


def test_only_the_known_agreements_are_loaded():
    assert set(Agreement.objects.values_list("region", flat=True)) == {"M03", "M04", "M10", "A01", "A04"}


def test_a_day_that_had_to_be_assumed_is_marked():
    assert set(Vision.objects.values_list("region", "basis")) == {("A01", "inferred"), ("A04", "inferred")}
    assert "日は月末とした" in Vision.objects.get(region="A01").source


def test_the_lead_of_a_past_region_is_derived_and_says_so():
    leads = {region.pk: region.lead.name for region in Region.objects.select_related("lead")}
    assert (leads["A01"], leads["A06"], leads["M03"], leads["M02"]) == ("岩見沢市", "根室市", "八雲町", "浦河町")
    assert set(Region.objects.values_list("lead_basis", flat=True)) == {"inferred"}
    bureaus = dict(Region.objects.values_list("code", "lead_bureau"))
    assert (bureaus["M03"], bureaus["M02"], bureaus["A08"]) == ("oshima", "hidaka", "rumoi")


def test_only_minamisorachi_is_known_to_have_a_hub():
    assert dict(Region.objects.filter(type="hub").values_list("code", "hub__name")) == {"A01": "岩見沢市"}


def test_memberships_derived_by_arithmetic_are_marked():
    derived = RegionMembership.objects.filter(basis="inferred").values_list("region", flat=True)
    assert Counter(derived) == {"A02": 7, "A03": 3, "A05": 5, "A06": 5, "A07": 4, "A08": 3}


def test_tomari_is_the_village_of_shiribeshi_not_the_one_in_the_north():
    assert {row.municipality_id for row in RegionMembership.objects.filter(municipality__name="泊村")} == {"014036"}


def test_the_fields_are_those_of_both_programs_and_digital():
    assert Field.objects.count() == 17
    assert Field.objects.get(pk="digital").group == "network"


def test_loading_again_changes_nothing():
    assert all(count.touched == 0 for count in load_all().values())


def test_loading_again_leaves_what_people_did_since():
    planner = saved(viewer(Duty.MP, municipality="012238"))
    services.set_lead("A06", lead="016926", viewer=planner)
    services.rename_region("A06", name="根室管内連携地域", valid_from=date(2026, 11, 1), viewer=planner)
    project = Project.objects.get(code="A06-01")
    services.rename_project(project.pk, name="防災勉強会", from_fy=2026, viewer=planner)
    load_all()
    region = Region.objects.get(pk="A06")
    assert (region.lead_id, region.name) == ("016926", "根室管内連携地域")
    assert Project.objects.get(code="A06-01").name == "防災勉強会"
