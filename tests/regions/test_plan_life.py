"""What happens around a forward plan: opinions, the meeting behind it, D-25, receipt, yearly review, two versions."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common.errors import Conflict, Refused
from common.models import Notice
from common.viewer import Duty
from regions import services
from regions.models import ForwardPlan, ForwardPlanReview
from regions.plan_compare import compare
from regions.services import InitiativeDraft, PlanDraft, ProgressOf, ReviewDraft
from tests.factories.regions import ConferenceMeetingFactory, ForwardPlanFactory, ProjectFactory, RegionFactory
from tests.viewers import saved, viewer

DAY = date(2026, 10, 1)


@pytest.fixture
def draft(world):
    return PlanDraft(
        "空知プラン", 2026, 2030, "行政サービスを守る。", (world.region.pk,), (InitiativeDraft("共同訓練"),)
    )


@pytest.fixture
def meeting(world):
    return ConferenceMeetingFactory(bureau=world.sorachi, planned_on=DAY, held_on=DAY, state="held")


@pytest.fixture
def adopted(world, draft, meeting):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    return services.adopt_plan(plan.pk, adopted_on=DAY, meeting_id=meeting.pk, viewer=world.head())


def test_an_initiative_taken_from_a_region_brings_its_name_field_and_region(world, draft):
    project = ProjectFactory(region=world.region, name="合同研修", main_field=world.disaster)
    plan = services.create_plan(
        "sorachi", replace(draft, initiatives=(InitiativeDraft(project=project.pk),)), viewer=world.reviewer()
    )
    row = plan.initiatives.get()
    assert (row.name, row.field, row.region, row.project) == ("合同研修", world.disaster, world.region, project)
    far = ProjectFactory(region=RegionFactory(members=[world.betsukai]))
    for rows, sentence in [
        ((InitiativeDraft(project=far.pk),), "管内の連携地域の取組ではない"),
        ((InitiativeDraft(project=project.pk), InitiativeDraft(project=project.pk)), "2回選ばれて"),
    ]:
        with pytest.raises(Refused, match=sentence):
            services.update_plan(plan.pk, replace(draft, initiatives=rows), revision=1, viewer=world.reviewer())


def test_towns_and_headquarters_say_something_once_the_draft_is_shown(world, draft):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    with pytest.raises(ForwardPlan.DoesNotExist):
        services.comment_plan(plan.pk, "取組を加えて", viewer=world.planner())
    services.put_to_conference(plan.pk, viewer=world.reviewer())
    told = set(Notice.objects.filter(title__contains="前進プランの案").values_list("office_key", flat=True))
    assert {"municipality:014281", "prefecture:01"} <= told
    for person in (world.planner(), world.approver(), world.staff(), saved(viewer(Duty.SD))):
        services.comment_plan(plan.pk, "取組を加えて", viewer=person)
    assert plan.comments.count() == 4
    with pytest.raises(Refused, match="意見を入力"):
        services.comment_plan(plan.pk, " ", viewer=world.planner())
    with pytest.raises(PermissionDenied):
        services.comment_plan(plan.pk, "自分の案に", viewer=world.reviewer())
    services.update_plan(plan.pk, draft, revision=1, viewer=world.reviewer())
    plan.refresh_from_db()
    assert plan.state == "conference", "what the conference is discussing may be mended before its eyes"


def test_who_saves_later_is_told(world, draft):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    services.update_plan(plan.pk, draft, revision=1, viewer=world.reviewer())
    with pytest.raises(Conflict):
        services.update_plan(plan.pk, draft, revision=1, viewer=world.reviewer())


def test_a_plan_is_adopted_after_a_meeting_of_its_own_bureau_held_by_that_day(world, draft):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    for other in (
        ConferenceMeetingFactory(bureau=world.nemuro, planned_on=DAY, held_on=DAY, state="held"),
        ConferenceMeetingFactory(bureau=world.sorachi, planned_on=DAY),
        ConferenceMeetingFactory(bureau=world.sorachi, planned_on=DAY, held_on=date(2026, 10, 2), state="held"),
    ):
        with pytest.raises(Refused, match="協議した検討会議"):
            services.adopt_plan(plan.pk, adopted_on=DAY, meeting_id=other.pk, viewer=world.head())


def test_adoption_freezes_the_paper_and_headquarters_receives_it(world, adopted):
    assert adopted.document.kind == "D-25"
    assert adopted.document.snapshot["total"] == 1
    assert Notice.objects.filter(office_key="prefecture:01", title__contains="受理待ち").exists()
    for person in (world.head(), world.staff(), world.planner()):
        with pytest.raises(PermissionDenied):
            services.receive_plan(adopted.pk, received_on=DAY, viewer=person)
    for day in (date(2026, 9, 30), date(2026, 11, 22)):
        with pytest.raises(Refused, match="策定日から今日まで"):
            services.receive_plan(adopted.pk, received_on=day, viewer=world.decider())
    assert services.receive_plan(adopted.pk, received_on=DAY, viewer=world.decider()).received_on == DAY
    with pytest.raises(Refused, match="すでに受理"):
        services.receive_plan(adopted.pk, received_on=DAY, viewer=world.decider())


def test_the_plan_is_looked_at_once_a_year_and_mended_while_the_year_lasts(world, adopted, meeting):
    initiative = adopted.initiatives.get()
    review = ReviewDraft(DAY, "順調", "goes_on", meeting.pk, {initiative.pk: ProgressOf("running", "9月に実施")})
    services.review_plan(adopted.pk, review, viewer=world.reviewer())
    services.review_plan(adopted.pk, replace(review, summary="遅れはあるが続ける"), viewer=world.reviewer())
    kept = ForwardPlanReview.objects.get()
    assert (kept.fiscal_year, kept.summary, kept.lines.get().state) == (2026, "遅れはあるが続ける", "running")
    for person in (world.planner(), world.staff(), world.reviewer(world.nemuro)):
        with pytest.raises(PermissionDenied):
            services.review_plan(adopted.pk, review, viewer=person)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reviewed_on": date(2026, 11, 22)}, "今日までの日"),
        ({"reviewed_on": date(2026, 3, 31)}, "今日までの日"),
        ({"summary": " "}, "進み具合と課題"),
        ({"result": "perhaps"}, "改定するか"),
        ({"meeting": 999_999}, "この振興局の検討会議"),
        ({"initiatives": {999_999: ProgressOf("running")}}, "この前進プランにない取組"),
    ],
)
def test_a_review_that_cannot_be_is_refused(world, adopted, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.review_plan(
            adopted.pk, replace(ReviewDraft(DAY, "順調", "goes_on"), **change), viewer=world.reviewer()
        )
    assert not ForwardPlanReview.objects.exists()


def test_a_draft_is_not_reviewed(world, draft):
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    with pytest.raises(Refused, match="「案」"):
        services.review_plan(plan.pk, ReviewDraft(DAY, "順調", "goes_on"), viewer=world.reviewer())


def test_a_receipt_has_day_and_person(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        ForwardPlanFactory(bureau=world.sorachi, received_on=DAY)


def test_two_versions_show_what_came_and_went(world, adopted, draft):
    second = services.revise_plan(adopted.pk, viewer=world.reviewer())
    rows = (InitiativeDraft("共同採用"), InitiativeDraft("共同訓練"))
    changed = replace(draft, direction="行政サービスを分担して守る。", initiatives=rows, regions=())
    services.update_plan(second.pk, changed, revision=1, viewer=world.reviewer())
    second.refresh_from_db()
    found = compare(adopted, second)
    passages = {one.title: one.changed for one in found.passages}
    assert (passages["題名"], passages["期間"], passages["推進の方向"]) == (False, False, True)
    assert [(line.change, line.text.split("（")[0]) for line in found.initiatives] == [
        ("added", "共同採用"),
        ("kept", "共同訓練"),
    ]
    assert [line.change for line in found.regions] == ["removed"]
