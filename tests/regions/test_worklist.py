"""What waits in this room for whom: papers to consent to, to receive, to adopt, figures owed."""

from __future__ import annotations

from datetime import date

from common.viewer import Duty
from regions import services
from regions.models import ConferenceMeeting, ForwardPlan, Kpi, Region
from regions.worklist import items_for
from tests.factories.regions import (
    AgreementFactory,
    ConferenceMeetingFactory,
    ForwardPlanFactory,
    KpiFactory,
    ProjectFactory,
    RegionFactory,
    SubGroupFactory,
    VisionFactory,
)
from tests.queries import queries_of
from tests.viewers import saved, viewer


def waits(person) -> list[tuple[str, str]]:
    return [(item.kind, item.label) for item in items_for(person)]


def test_an_agreement_waits_for_its_writer_then_for_each_approver_then_for_the_head(world):
    agreement = services.create_agreement(
        world.region.pk, services.AgreementDraft(title="協定", framework=True), viewer=world.planner()
    )
    assert waits(world.planner()) == [("協定", "作成中")]
    assert waits(world.planner(world.yuni)) == []
    services.start_consent(agreement.pk, viewer=world.planner())
    assert waits(world.planner()) == []
    for town in (world.naganuma, world.yuni):
        approver = world.approver(town)
        assert waits(approver) == [("協定", "要同意")]
        services.record_consent(agreement.pk, viewer=approver, agreed_on=date(2026, 11, 20), document_no="第1号")
        assert waits(approver) == []
    (line,) = items_for(world.head())
    assert (line.label, line.waiting_days, line.url) == ("要受理", 1, f"/agreements/{agreement.pk}/")
    assert waits(world.head(world.nemuro)) == []
    services.receive_agreement(agreement.pk, received_on=date(2026, 11, 21), viewer=world.head())
    assert waits(world.head()) == []


def test_an_agreement_known_from_history_waits_for_nobody(world):
    AgreementFactory(region=world.region, source="報告（令和6年3月）")
    assert waits(world.head()) == []


def test_a_vision_waits_for_its_writer_for_the_bureau_and_for_who_adopts_it(world):
    vision = VisionFactory(region=world.region, state="draft", adopted_on=None)
    assert waits(world.planner()) == [("ビジョン", "作成中")]
    vision.state = "consulted"
    vision.save()
    assert waits(world.reviewer()) == [("ビジョン", "協議中")]
    assert waits(world.approver()) == [("ビジョン", "要策定")]
    assert waits(world.approver(world.yuni)) == []
    vision.state, vision.adopted_on = "adopted", date(2026, 11, 1)
    vision.save()
    assert waits(world.head()) == [("ビジョン", "要受理")]


def test_a_sub_group_with_work_and_no_decision_waits_for_its_chair(world):
    project = ProjectFactory(region=world.region)
    SubGroupFactory(region=world.region)
    group = SubGroupFactory(region=world.region, chair=world.yuni)
    group.projects.set([project])
    chair = world.planner(world.yuni)
    assert waits(chair) == [("部会", "要記録")]
    assert waits(world.planner()) == []
    draft = services.DecisionDraft(date(2026, 11, 15), "件名", "内容", ("014281",))
    services.record_decision(group.pk, draft, viewer=chair)
    assert waits(chair) == []


def test_figures_that_are_owed_wait_for_the_secretariat_and_for_the_officer_who_writes_the_initiative(world):
    kpi = KpiFactory(project__region=world.region, project__from_fy=2024, project__secretariat=world.yuni)
    Kpi.objects.filter(pk=kpi.pk).update(target_fy=2029, baseline_fy=2023)
    planner = world.planner(world.yuni)
    assert waits(planner) == [("KPI", "要入力")]
    assert waits(world.planner()) == []
    officer = saved(viewer(Duty.MF, municipality="014281"))
    assert waits(officer) == []
    assert [item.kind for item in items_for(officer, assigned={kpi.project_id})] == ["KPI"]


def test_meetings_and_plans_wait_for_the_bureau_that_holds_them(world):
    meeting = ConferenceMeetingFactory(bureau=world.sorachi)
    ConferenceMeeting.objects.filter(pk=meeting.pk).update(planned_on=date(2026, 11, 20), state="scheduled")
    assert waits(world.reviewer()) == [("検討会議", "要記録")]
    ConferenceMeeting.objects.filter(pk=meeting.pk).update(state="held", held_on=date(2026, 11, 20))
    ForwardPlanFactory(bureau=world.sorachi, version=9, state="conference", adopted_on=None)
    assert sorted(waits(world.head())) == [("前進プラン", "要策定"), ("検討会議", "要確認")]
    assert waits(world.decider()) == []
    ForwardPlan.objects.update(state="adopted", adopted_on=date(2026, 11, 20))
    assert waits(world.decider()) == [("前進プラン", "要受理")]
    assert waits(world.head(world.nemuro)) == []


def test_a_region_that_moved_on_waits_until_somebody_says_where_to(world):
    Region.objects.update(state="national")
    later = RegionFactory(lead_bureau=world.nemuro)
    assert waits(world.head()) == waits(world.staff()) == [("連携地域", "要登録")]
    assert waits(world.head(world.nemuro)) == []
    services.link_successor(world.region.pk, viewer=world.staff(), successor=later.pk)
    assert waits(world.head()) == waits(world.staff()) == []


def test_much_work_asks_no_more_than_little(world):
    def more() -> None:
        for _ in range(4):
            region = RegionFactory(members=[world.naganuma, world.yuni], lead_bureau=world.sorachi)
            AgreementFactory(region=region)
            VisionFactory(region=region)
            KpiFactory(project__region=region)

    people = (world.planner(), world.head())
    more()
    few = [len(queries_of(lambda person=person: items_for(person))) for person in people]
    more()
    assert [len(queries_of(lambda person=person: items_for(person))) for person in people] == few
    assert max(few) <= 9
