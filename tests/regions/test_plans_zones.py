"""Forward plans, meetings, and what headquarters keeps about national schemes."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Refused
from regions import services
from regions.membership import hub_plans
from regions.models import ForwardPlan, HubDesignation, ZoneStatusOverride
from regions.scheme_status import Scheme, scheme_status
from tests.factories.regions import ConferenceMeetingFactory, NationalZoneFactory, RegionFactory

DAY = date(2026, 10, 1)


@pytest.fixture
def draft(world):
    return services.PlanDraft(
        title="空知広域連携前進プラン",
        term_from_fy=2026,
        term_to_fy=2030,
        direction="基幹的行政サービスを維持する。",
        regions=(world.region.pk,),
        initiatives=(services.InitiativeDraft("共同訓練", "disaster", world.region.pk),),
    )


@pytest.fixture
def meeting(world):
    return ConferenceMeetingFactory(bureau=world.sorachi, planned_on=DAY, held_on=DAY, state="held")


def test_a_plan_is_drafted_discussed_and_adopted_by_its_bureau(world, draft, meeting):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    assert (plan.version, plan.state) == (1, "draft")
    assert list(plan.regions.all()) == [world.region]
    assert plan.initiatives.get().field == world.disaster
    assert services.put_to_conference(plan.pk, viewer=world.reviewer()).state == "conference"
    adopted = services.adopt_plan(plan.pk, adopted_on=DAY, meeting_id=meeting.pk, viewer=world.head())
    assert (adopted.state, adopted.adopted_on) == ("adopted", DAY)
    assert ForwardPlan.objects.adopted(DAY).first() == plan
    assert not ForwardPlan.objects.adopted(date(2026, 9, 30)).exists()


def test_no_one_else_writes_or_adopts_it(world, draft):
    for person in (world.reviewer(world.nemuro), world.planner(), world.staff(), world.head()):
        with pytest.raises(PermissionDenied):
            services.create_plan("sorachi", draft, viewer=person)
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    services.put_to_conference(plan.pk, viewer=world.reviewer())
    for person in (world.reviewer(), world.decider()):
        with pytest.raises(PermissionDenied):
            services.adopt_plan(plan.pk, adopted_on=DAY, viewer=person)
    with pytest.raises(ForwardPlan.DoesNotExist):
        services.adopt_plan(plan.pk, adopted_on=DAY, viewer=world.head(world.nemuro))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "題名"),
        ({"term_to_fy": 2025}, "終了年度が開始年度より前"),
        ({"regions": ("NOWHERE",)}, "NOWHERE"),
        ({"initiatives": (services.InitiativeDraft(" "),)}, "名称を入力"),
        ({"initiatives": (services.InitiativeDraft("訓練", "nothing"),)}, "分野"),
        ({"equivalent_zone": "nothing"}, "圏域"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(world, draft, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.create_plan("sorachi", replace(draft, **change), viewer=world.reviewer())
    assert not ForwardPlan.objects.exists()


def test_a_plan_lists_only_regions_that_touch_the_bureau(world, draft):
    far = RegionFactory(members=[world.betsukai])
    with pytest.raises(Refused, match=far.pk):
        services.create_plan("sorachi", replace(draft, regions=(far.pk,)), viewer=world.reviewer())
    across = RegionFactory(members=[world.betsukai, world.kuriyama])
    plan = services.create_plan("sorachi", replace(draft, regions=(across.pk,)), viewer=world.reviewer())
    assert list(plan.regions.all()) == [across]


def test_a_plan_is_not_adopted_empty_unless_a_zones_plan_stands_in(world, draft):
    plan = services.create_plan(
        "sorachi", replace(draft, regions=(), initiatives=(), direction=""), viewer=world.reviewer()
    )
    with pytest.raises(Refused) as refused:
        services.adopt_plan(plan.pk, adopted_on=date(2026, 11, 22), viewer=world.head())
    assert refused.value.problems == [
        "策定日に将来の日は指定できません。",
        "推進の方向を入力してください。",
        "対象とする連携地域を1つ以上選んでください。",
        "協議した検討会議（策定日までに開いたもの）を選んでください。",
    ]
    zone = NationalZoneFactory(hubs=[world.betsukai])
    waived = replace(draft, regions=(), initiatives=(), equivalent_zone=zone.pk)
    with pytest.raises(Refused, match="同等とみなす理由"):
        services.update_plan(plan.pk, waived, revision=1, viewer=world.reviewer())
    waived = replace(waived, waiver_reason="圏域のビジョンが管内の全市町村を含む")
    services.update_plan(plan.pk, waived, revision=1, viewer=world.reviewer())
    assert services.adopt_plan(plan.pk, adopted_on=DAY, viewer=world.head()).state == "adopted"


def test_a_revision_replaces_the_plan_only_when_adopted(world, draft, meeting):
    first = services.create_plan("sorachi", draft, viewer=world.reviewer())
    services.adopt_plan(first.pk, adopted_on=DAY, meeting_id=meeting.pk, viewer=world.head())
    with pytest.raises(Refused, match="「策定済」"):
        services.update_plan(first.pk, draft, revision=1, viewer=world.reviewer())
    second = services.revise_plan(first.pk, viewer=world.reviewer())
    assert (second.version, second.initiatives.get().name) == (2, "共同訓練")
    with pytest.raises(Refused, match="作成中の前進プラン"):
        services.create_plan("sorachi", draft, viewer=world.reviewer())
    services.adopt_plan(second.pk, adopted_on=date(2026, 11, 1), meeting_id=meeting.pk, viewer=world.head())
    first.refresh_from_db()
    assert first.state == "revised"
    assert ForwardPlan.objects.adopted(date(2026, 11, 1)).first() == second


def test_headquarters_designates_hubs_and_ends_them_but_never_deletes(world):
    row = services.designate_hub(
        "014281", plan="新・北海道総合計画", kind="centre", valid_from=date(2016, 4, 1), viewer=world.staff()
    )
    assert hub_plans(["014281", "014273"], date(2016, 4, 1)) == {"014281": "新・北海道総合計画"}
    assert hub_plans(["014281"], date(2016, 3, 31)) == {}
    services.end_hub_designation(row.pk, valid_to=date(2025, 3, 31), viewer=world.staff())
    assert hub_plans(["014281"], date(2025, 4, 1)) == {}
    assert HubDesignation.objects.count() == 1
    with pytest.raises(Refused, match="開始日より前"):
        services.end_hub_designation(row.pk, valid_to=date(2016, 3, 31), viewer=world.staff())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"plan": ""}, "計画の名称"),
        ({"kind": "other"}, "中核都市群"),
        ({"code": "069999"}, "069999"),
        ({"again": True}, "既に登録されています"),
    ],
)
def test_a_designation_that_cannot_be_is_refused(world, given, sentence):
    values = {"plan": "計画", "kind": "centre", "viewer": world.staff()}
    if "again" in given:
        services.designate_hub("014281", **values)
    code = given.pop("code", "014281")
    with pytest.raises(Refused, match=sentence):
        services.designate_hub(code, **(values | {k: v for k, v in given.items() if k != "again"}))


def test_only_headquarters_keeps_these_lists(world):
    for person in (world.planner(), world.reviewer(), world.head()):
        with pytest.raises(PermissionDenied):
            services.designate_hub("014281", plan="計画", kind="centre", viewer=person)
        with pytest.raises(PermissionDenied):
            services.list_undeclared_hub("014281", valid_from=DAY, reason="要件", viewer=person)
    with pytest.raises(PermissionDenied):
        services.override_zone_status("014281", status="none", valid_from=DAY, reason="理由", viewer=world.staff())


def test_an_undeclared_hub_is_listed_once_with_its_reason(world):
    NationalZoneFactory(hubs=[world.betsukai])
    given = {"valid_from": DAY, "reason": "令和2年国勢調査", "viewer": world.staff()}
    for wrong, sentence in [({"reason": ""}, "根拠"), ({"valid_to": date(2026, 9, 30)}, "開始日より前")]:
        with pytest.raises(Refused, match=sentence):
            services.list_undeclared_hub("014281", **(given | wrong))
    services.list_undeclared_hub("014281", **given)
    assert scheme_status("014281", DAY).scheme == Scheme.UNDECLARED_HUB
    with pytest.raises(Refused, match="既に登録されています"):
        services.list_undeclared_hub("014281", **given)


def test_an_override_closes_the_one_before_and_never_overlaps(world):
    NationalZoneFactory(hubs=[world.betsukai])
    decider = world.decider()
    services.override_zone_status(
        "014281", status="member_neighbour", valid_from=date(2026, 4, 1), reason="協約の手続中", viewer=decider
    )
    services.override_zone_status("014281", status="none", valid_from=DAY, reason="手続の中止", viewer=decider)
    assert ZoneStatusOverride.objects.order_by("valid_from").first().valid_to == date(2026, 9, 30)
    assert scheme_status("014281", date(2026, 9, 30)).scheme == Scheme.MEMBER_NEIGHBOUR
    assert scheme_status("014281", DAY).scheme == Scheme.NONE
    with pytest.raises(Refused, match="重なっています"):
        services.override_zone_status(
            "014281", status="none", valid_from=date(2026, 5, 1), reason="重複", viewer=decider
        )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"status": "maybe"}, "国制度の状況"),
        ({"reason": " "}, "理由"),
        ({"valid_to": date(2026, 9, 30)}, "開始日より前"),
    ],
)
def test_an_override_without_its_reason_is_refused(world, given, sentence):
    values = {"status": "none", "valid_from": DAY, "reason": "理由", "viewer": world.decider()} | given
    with pytest.raises(Refused, match=sentence):
        services.override_zone_status("014281", **values)
