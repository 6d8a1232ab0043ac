"""Sub-groups (部会): members of the region, a chair among them, decisions on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Conflict, Refused
from regions import services
from regions.models import SubGroup
from tests.factories.regions import AgreementFactory, ProjectFactory, RegionFactory, SubGroupFactory

from .conftest import ended

DRAFT = services.GroupDraft(
    name="消防部会", chair="014281", members=("014281", "014273"), set_up_on=date(2026, 11, 1), purpose="消防の共同化"
)
DECISION = services.DecisionDraft(
    date(2026, 11, 15), "共同訓練", "令和9年度に申請する。", ("014281", "014273"), "第3号"
)


def test_a_planner_of_a_member_sets_up_a_group_with_initiatives(world):
    project = ProjectFactory(region=world.region)
    group = services.set_up_group(
        world.region.pk, replace(DRAFT, projects=(project.pk,)), viewer=world.planner(world.yuni)
    )
    assert [town.name for town in group.members.order_by("code")] == ["由仁町", "長沼町"]
    assert list(group.projects.all()) == [project]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "名称を入力"),
        ({"members": ("014281",)}, "2つ以上"),
        ({"members": ("014281", "014290")}, "いまの構成市町村から"),
        ({"chair": "014290"}, "座長の市町村は、参加市町村から"),
        ({"projects": (999_999,)}, "この地域の取組から"),
        ({"set_up_on": date(2026, 11, 22)}, "将来の日"),
        ({"set_up_on": date(2022, 3, 31)}, "構成の開始日以後"),
    ],
)
def test_a_group_that_cannot_be_is_refused(world, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.set_up_group(world.region.pk, replace(DRAFT, **change), viewer=world.planner())
    assert not SubGroup.objects.exists()


def test_a_name_is_borne_by_one_acting_group_at_a_time(world):
    group = services.set_up_group(world.region.pk, DRAFT, viewer=world.planner())
    with pytest.raises(Refused, match="既にあります"):
        services.set_up_group(world.region.pk, DRAFT, viewer=world.reviewer())
    services.end_group(group.pk, ended_on=date(2026, 11, 20), reason="目的を達成", viewer=world.planner())
    assert services.set_up_group(world.region.pk, DRAFT, viewer=world.planner()).pk != group.pk


def test_only_members_and_the_lead_bureau_write(world):
    for person in (world.approver(), world.planner(world.betsukai), world.reviewer(world.nemuro), world.staff()):
        with pytest.raises(PermissionDenied):
            services.set_up_group(world.region.pk, DRAFT, viewer=person)
    ended(world.region)
    with pytest.raises(Refused, match="「終了」"):
        services.set_up_group(world.region.pk, DRAFT, viewer=world.planner())


def test_two_people_change_a_group_and_the_second_is_told(world):
    group = services.set_up_group(world.region.pk, DRAFT, viewer=world.planner())
    changed = replace(DRAFT, name="消防・防災部会")
    services.change_group(group.pk, changed, viewer=world.planner(), revision=1)
    with pytest.raises(Conflict):
        services.change_group(group.pk, DRAFT, viewer=world.reviewer(), revision=1)
    assert SubGroup.objects.get().name == "消防・防災部会"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "件名"),
        ({"text": " "}, "決定の内容"),
        ({"decided_on": date(2026, 11, 22)}, "将来の日"),
        ({"decided_on": date(2026, 10, 31)}, "設置日以後"),
        ({"attended": ()}, "出席した市町村を選んで"),
        ({"attended": ("014290",)}, "部会の参加市町村から"),
    ],
)
def test_a_decision_says_who_decided_what_when(world, change, sentence):
    group = services.set_up_group(world.region.pk, DRAFT, viewer=world.planner())
    with pytest.raises(Refused, match=sentence):
        services.record_decision(group.pk, replace(DECISION, **change), viewer=world.planner())
    assert services.record_decision(group.pk, DECISION, viewer=world.planner()).document_no == "第3号"
    assert group.decisions.count() == 1


def test_an_ended_group_decides_nothing_more(world):
    group = SubGroupFactory(region=world.region)
    for given, sentence in [
        ({"reason": ""}, "理由"),
        ({"ended_on": date(2026, 12, 1)}, "将来の日"),
        ({"ended_on": date(2022, 3, 1)}, "設置日以後"),
    ]:
        values = {"ended_on": date(2026, 11, 1), "reason": "統合"} | given
        with pytest.raises(Refused, match=sentence):
            services.end_group(group.pk, viewer=world.planner(), **values)
    services.end_group(group.pk, ended_on=date(2026, 11, 1), reason="統合", viewer=world.planner())
    with pytest.raises(Refused, match="終了しています"):
        services.record_decision(group.pk, DECISION, viewer=world.planner())


def test_a_member_that_leaves_the_region_leaves_its_groups_unless_it_is_in_the_chair(world):
    region = RegionFactory(members=[world.naganuma, world.yuni, world.kuriyama], lead_bureau=world.sorachi)
    group = SubGroupFactory(region=region, chair=world.kuriyama)
    agreement = AgreementFactory(region=region)
    agreement.consents.filter(municipality=world.kuriyama).delete()
    leave = {
        "municipality_code": "014290",
        "left_on": date(2026, 10, 31),
        "reason": "取りやめ",
        "agreement_id": agreement.pk,
        "viewer": world.planner(),
    }
    with pytest.raises(Refused, match="座長です"):
        services.remove_member(region.pk, **leave)
    SubGroup.objects.update(chair=world.naganuma)
    services.remove_member(region.pk, **leave)
    assert sorted(group.members.values_list("pk", flat=True)) == ["014273", "014281"]


def test_groups_are_known_to_those_with_a_part_in_the_region(world):
    group = SubGroupFactory(region=world.region)
    for person, seen in [
        (world.planner(world.yuni), [group]),
        (world.reviewer(), [group]),
        (world.staff(), [group]),
        (world.planner(world.betsukai), []),
        (world.reviewer(world.nemuro), []),
    ]:
        assert list(SubGroup.objects.visible_to(person)) == seen
