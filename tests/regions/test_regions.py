"""Regions: proposed by towns or their bureau, named, joined, left, closed."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Refused
from regions import services
from regions.membership import member_codes, members_on, names_on
from regions.models import Region
from tests.factories.municipalities import LONG_AGO, MunicipalityFactory, PrefectureFactory
from tests.factories.regions import AgreementFactory, RegionFactory
from tests.queries import queries_of

from .conftest import ended

DRAFT = services.RegionDraft(
    name="南空知消防連携地域", members=("014281", "014290"), lead="014281", start=date(2026, 11, 1)
)


def test_a_planner_proposes_an_idea_that_her_bureau_leads(world):
    region = services.propose_region(DRAFT, viewer=world.planner())
    assert (region.code, region.state, region.type) == ("R8-01", "idea", "flat")
    assert (region.lead_bureau, region.secretariat) == (world.sorachi, world.naganuma)
    assert member_codes(region.pk, date(2026, 11, 1)) == ["014281", "014290"]
    assert member_codes(region.pk, date(2026, 10, 31)) == []
    second = services.propose_region(replace(DRAFT, name="別の名称"), viewer=world.planner())
    assert second.code == "R8-02"


def test_a_region_with_a_hub_is_of_type_hub(world):
    region = services.propose_region(replace(DRAFT, hub="014290"), viewer=world.planner())
    assert (region.type, region.hub) == ("hub", world.kuriyama)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "名称を入力"),
        ({"members": ("014281",)}, "2つ以上"),
        ({"members": ("014281", "014281")}, "2回"),
        ({"members": ("014281", "019999")}, "019999"),
        ({"lead": "014273"}, "代表市町村は構成市町村から"),
        ({"secretariat": "014273"}, "事務局市町村は構成市町村から"),
        ({"hub": "014273"}, "中心都市は構成市町村から"),
        ({"lead": "099999"}, "099999"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_whole(world, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.propose_region(replace(DRAFT, **change), viewer=world.planner())
    assert Region.objects.count() == 1


def test_two_acting_regions_do_not_share_a_name_but_an_ended_one_lends_it(world):
    draft = replace(DRAFT, name=world.region.name)
    with pytest.raises(Refused, match="既に登録されています"):
        services.propose_region(draft, viewer=world.planner())
    ended(world.region)
    assert services.propose_region(draft, viewer=world.planner()).name == world.region.name


def test_a_town_of_another_prefecture_does_not_join(world):
    elsewhere = MunicipalityFactory(prefecture=PrefectureFactory(code="06"))
    with pytest.raises(Refused, match=elsewhere.code):
        services.propose_region(replace(DRAFT, members=("014281", elsewhere.code)), viewer=world.planner())


def test_a_region_is_proposed_only_for_ones_own_territory(world):
    with pytest.raises(PermissionDenied, match="自分の市町村を含む"):
        services.propose_region(DRAFT, viewer=world.planner(world.betsukai))
    with pytest.raises(PermissionDenied, match="管内に含む"):
        services.propose_region(DRAFT, viewer=world.reviewer(world.nemuro))
    with pytest.raises(PermissionDenied):
        services.propose_region(DRAFT, viewer=world.staff())
    assert services.propose_region(DRAFT, viewer=world.reviewer()).lead_bureau == world.sorachi


def test_a_town_without_a_bureau_cannot_lead(world):
    world.naganuma.jurisdictions.update(valid_to=date(2020, 3, 31))
    with pytest.raises(Refused, match="所管する振興局"):
        services.propose_region(DRAFT, viewer=world.planner())


def test_a_new_name_counts_from_its_day_and_the_old_one_stays(world):
    first = world.region.name
    services.rename_region(world.region.pk, name="新しい名称", valid_from=date(2026, 11, 21), viewer=world.planner())
    world.region.refresh_from_db()
    assert world.region.name == "新しい名称"
    assert names_on([world.region.pk], date(2026, 11, 20)) == {world.region.pk: first}
    assert names_on([world.region.pk], date(2026, 11, 21)) == {world.region.pk: "新しい名称"}
    assert names_on([world.region.pk], date(2022, 3, 31)) == {}
    named = Region.objects.with_name(date(2026, 11, 20)).get(pk=world.region.pk)
    assert named.name_on == first


def test_a_name_that_begins_later_is_not_borne_yet(world):
    services.rename_region(world.region.pk, name="来年の名称", valid_from=date(2027, 4, 1), viewer=world.planner())
    world.region.refresh_from_db()
    assert world.region.name != "来年の名称"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"name": ""}, "名称を入力"), ({"valid_from": date(2022, 4, 1)}, "開始日より後")],
)
def test_a_name_needs_words_and_a_later_day(world, given, sentence):
    values = {"name": "名称", "valid_from": date(2026, 11, 1)} | given
    with pytest.raises(Refused, match=sentence):
        services.rename_region(world.region.pk, viewer=world.planner(), **values)


def test_an_idea_takes_members_without_an_agreement(world):
    region = services.propose_region(DRAFT, viewer=world.planner())
    services.add_member(region.pk, municipality_code="014273", joined_on=date(2026, 11, 10), viewer=world.planner())
    assert member_codes(region.pk, date(2026, 11, 10)) == ["014273", "014281", "014290"]
    services.remove_member(
        region.pk,
        municipality_code="014273",
        left_on=date(2026, 11, 15),
        reason="取りやめ",
        viewer=world.planner(),
    )
    assert "014273" in member_codes(region.pk, date(2026, 11, 15))
    assert "014273" not in member_codes(region.pk, date(2026, 11, 16))


def test_w24_a_formed_region_changes_members_only_with_an_amended_agreement(world):
    join = {"municipality_code": "014290", "joined_on": date(2026, 10, 1), "viewer": world.planner()}
    with pytest.raises(Refused, match="先に協定を改定"):
        services.add_member(world.region.pk, **join)
    agreement = AgreementFactory(region=world.region)
    with pytest.raises(Refused, match="当事者に栗山町が含まれていません"):
        services.add_member(world.region.pk, agreement_id=agreement.pk, **join)
    agreement.consents.create(municipality=world.kuriyama, state="done", agreed_on=date(2026, 9, 1))
    assert services.add_member(world.region.pk, agreement_id=agreement.pk, **join).agreement == agreement
    leave = {"municipality_code": "014290", "left_on": date(2026, 10, 31), "reason": "取りやめ"}
    with pytest.raises(Refused, match="まだ当事者"):
        services.remove_member(world.region.pk, agreement_id=agreement.pk, viewer=world.planner(), **leave)
    agreement.consents.filter(municipality=world.kuriyama).delete()
    left = services.remove_member(world.region.pk, agreement_id=agreement.pk, viewer=world.planner(), **leave)
    assert left.left_on == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": " "}, "理由を入力"),
        ({"municipality_code": "014281"}, "代表・事務局・中心都市"),
        ({"municipality_code": "016918"}, "構成市町村ではありません"),
        ({"left_on": date(2026, 10, 31)}, "加入日より前"),
        ({}, "2つ未満"),
    ],
)
def test_a_departure_that_cannot_be_is_refused(world, given, sentence):
    region = services.propose_region(DRAFT, viewer=world.planner())
    values = {"municipality_code": "014290", "left_on": date(2026, 11, 15), "reason": "都合"} | given
    with pytest.raises(Refused, match=sentence):
        services.remove_member(region.pk, viewer=world.planner(), **values)
    assert member_codes(region.pk, date(2026, 11, 20)) == ["014281", "014290"]


def test_nobody_joins_twice(world):
    region = services.propose_region(DRAFT, viewer=world.planner())
    with pytest.raises(Refused, match="既に構成市町村"):
        services.add_member(region.pk, municipality_code="014290", joined_on=date(2026, 11, 5), viewer=world.planner())


def test_the_lead_bureau_follows_the_lead(world):
    region = RegionFactory(members=[world.naganuma, world.betsukai])
    services.set_lead(region.pk, lead="016918", viewer=world.planner())
    region.refresh_from_db()
    assert (region.lead_bureau, region.secretariat, region.lead_basis) == (world.nemuro, world.betsukai, "sourced")
    with pytest.raises(Refused, match="いまの構成市町村から"):
        services.set_lead(region.pk, lead="014290", viewer=world.planner())


def test_an_ended_region_does_not_change_any_more(world):
    ended(world.region)
    with pytest.raises(Refused, match="「終了」の地域"):
        services.rename_region(world.region.pk, name="名称", valid_from=date(2027, 1, 1), viewer=world.planner())


def test_a_name_given_ahead_is_borne_from_its_day_on(world):
    services.rename_region(world.region.pk, name="来年の名称", valid_from=date(2027, 4, 1), viewer=world.planner())
    assert services.bear_names(date(2027, 3, 31)) == 0
    assert [services.bear_names(date(2027, 4, 1)), services.bear_names(date(2027, 4, 1))] == [1, 0]
    world.region.refresh_from_db()
    assert world.region.name == "来年の名称"


def test_members_of_many_regions_come_in_one_query(world):
    codes = [RegionFactory(since=LONG_AGO).pk for _ in range(5)]
    assert len(queries_of(lambda: members_on(codes, date(2026, 11, 21)))) == 1
    assert {len(rows) for rows in members_on(codes, date(2026, 11, 21)).values()} == {2}


def test_search_finds_code_former_name_member_and_reading(world):
    services.rename_region(world.region.pk, name="新名称", valid_from=date(2026, 11, 1), viewer=world.planner())
    other = RegionFactory(members=[world.betsukai, MunicipalityFactory(kana="ねむろし")])
    old = world.region.names.first().name
    for words, found in [
        (world.region.pk.lower(), [world.region]),
        (old, [world.region]),
        ("長沼", [world.region]),
        ("新名称 由仁", [world.region]),
        ("ねむろ", [other]),
        ("長沼 別海", []),
    ]:
        assert list(Region.objects.search(words)) == found, words
