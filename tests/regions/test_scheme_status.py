"""How towns stand to the national schemes on a day (rulings 8; W23)."""

from datetime import date

import pytest

from common import clock
from common.viewer import Duty
from regions.models import UndeclaredHub, ZoneStatusOverride
from regions.scheme_status import Scheme, scheme_status, scheme_statuses, zones_in_force
from tests.factories.municipalities import MunicipalityFactory, PrefectureFactory
from tests.factories.regions import NationalZoneFactory
from tests.queries import queries_of
from tests.viewers import saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    """One zone in force from 29 March 2019, so that something is known of the prefecture from that day on."""
    return NationalZoneFactory(
        name="さっぽろ連携中枢都市圏",
        kind="hub_urban",
        hubs=[MunicipalityFactory(name="札幌市")],
        neighbours=[MunicipalityFactory(name="南幌町")],
        since=date(2019, 3, 29),
    )


def member(zone, role):
    return zone.memberships.get(role=role).municipality


def test_hub_and_neighbour_are_told_apart_with_the_zone(zone):
    hub, neighbour = (
        scheme_status(member(zone, "hub").code, date(2020, 4, 1)),
        scheme_status(member(zone, "neighbour").code, date(2020, 4, 1)),
    )
    assert (hub.scheme, neighbour.scheme) == (Scheme.MEMBER_HUB, Scheme.MEMBER_NEIGHBOUR)
    assert neighbour.label == "さっぽろ連携中枢都市圏（近隣）"
    assert neighbour.in_zone
    assert not neighbour.blank


def test_a_town_in_no_zone_is_blank(zone):
    town = scheme_status(MunicipalityFactory().code, date(2020, 4, 1))
    assert (town.scheme, town.label, town.blank) == (Scheme.NONE, "空白地域", True)


def test_before_the_first_day_known_of_any_zone_nothing_is_known(zone):
    town = MunicipalityFactory()
    assert scheme_status(town.code, date(2019, 3, 28)).scheme == Scheme.NO_DATA
    assert "平成31年3月29日から" in scheme_status(town.code, date(2019, 3, 28)).note
    assert scheme_status(town.code, date(2019, 3, 29)).scheme == Scheme.NONE


def test_a_prefecture_without_any_zone_answers_no_data(zone):
    elsewhere = MunicipalityFactory(prefecture=PrefectureFactory(code="02"))
    answer = scheme_status(elsewhere.code, date(2020, 4, 1))
    assert (answer.scheme, answer.blank) == (Scheme.NO_DATA, False)


def test_w23_a_blank_town_that_joins_in_february_is_blank_until_the_day_before(zone):
    town = MunicipalityFactory()
    NationalZoneFactory(hubs=[member(zone, "hub")], neighbours=[town], since=date(2024, 2, 15))
    assert scheme_status(town.code, date(2023, 4, 1)).blank
    assert scheme_status(town.code, date(2024, 2, 14)).blank
    assert scheme_status(town.code, date(2024, 2, 15)).in_zone
    assert scheme_status(town.code, date(2024, 4, 1)).in_zone


def test_the_last_day_of_a_membership_still_counts(zone):
    town = MunicipalityFactory()
    NationalZoneFactory(hubs=[town], since=date(2019, 4, 1), until=date(2022, 3, 31))
    assert scheme_status(town.code, date(2022, 3, 31)).in_zone
    assert scheme_status(town.code, date(2022, 4, 1)).blank


def test_a_town_in_two_zones_shows_both_and_counts_as_hub_if_it_is_one(zone):
    town = member(zone, "neighbour")
    NationalZoneFactory(name="北しりべし定住自立圏", hubs=[town], since=date(2019, 4, 1))
    answer = scheme_status(town.code, date(2020, 4, 1))
    assert answer.scheme == Scheme.MEMBER_HUB
    assert set(answer.zone_names.split("・")) == {"さっぽろ連携中枢都市圏", "北しりべし定住自立圏"}


def test_a_membership_that_no_list_confirms_says_so(zone):
    row = zone.memberships.get(role="neighbour")
    row.basis = "inferred"
    row.save()
    assert scheme_status(row.municipality_id, date(2020, 4, 1)).note == "さっぽろ連携中枢都市圏の構成は推定です。"


def test_an_undeclared_hub_is_neither_member_nor_blank(zone):
    city = MunicipalityFactory(name="岩見沢市")
    UndeclaredHub.objects.create(municipality=city, valid_from=date(2022, 4, 1), reason="令和2年国勢調査で要件を満たす")
    assert scheme_status(city.code, date(2022, 3, 31)).scheme == Scheme.NONE
    answer = scheme_status(city.code, date(2022, 4, 1))
    assert (answer.scheme, answer.blank, answer.in_zone) == (Scheme.UNDECLARED_HUB, False, False)


def test_an_override_wins_over_all_while_it_lasts_and_gives_its_reason(zone, viewer):
    town = member(zone, "neighbour")
    decider = saved(viewer(Duty.HM))
    ZoneStatusOverride.objects.create(
        municipality=town,
        status="none",
        valid_from=date(2023, 4, 1),
        valid_to=date(2024, 3, 31),
        reason="協約の対象外",
        decided_by_id=decider.user_id,
    )
    during = scheme_status(town.code, date(2023, 4, 1))
    assert (during.scheme, during.overridden, during.note) == (Scheme.NONE, True, "協約の対象外")
    assert scheme_status(town.code, date(2024, 4, 1)).scheme == Scheme.MEMBER_NEIGHBOUR


def test_the_status_of_many_towns_takes_two_queries(zone):
    few = [MunicipalityFactory().code]
    many = few + [MunicipalityFactory().code for _ in range(40)]
    assert len(queries_of(lambda: scheme_statuses(few, clock.today()))) == 2
    assert len(queries_of(lambda: scheme_statuses(many, clock.today()))) == 2


def test_the_answer_keeps_the_order_asked_for(zone):
    codes = [MunicipalityFactory().code for _ in range(3)][::-1]
    assert list(scheme_statuses(codes, date(2020, 4, 1))) == codes


def test_a_zone_taken_over_by_another_counts_once():
    city = MunicipalityFactory(name="旭川市")
    new = NationalZoneFactory(name="旭川大雪", hubs=[city], since=date(2022, 1, 12))
    NationalZoneFactory(name="上川中部", hubs=[city], since=date(2010, 10, 31), until=date(2022, 3, 31), successor=new)
    assert [zone.name for zone in zones_in_force("01", date(2022, 1, 11))] == ["上川中部"]
    assert [zone.name for zone in zones_in_force("01", date(2022, 3, 31))] == ["旭川大雪"]
