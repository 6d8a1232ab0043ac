"""What grants do to their region and initiatives: 形成 → 支援中 → 自走中, 計画 → 実施 → 自走 or 終了, and whom one asks."""

from __future__ import annotations

from datetime import date

import pytest

from common import clock
from common.models import AuditEvent, Notice
from regions.models import Project, Region, RegionState
from subsidies.models import Application, Call, FollowUp, SupportYear
from subsidies.services import due, follow_ups, submissions, support
from subsidies.services.asking import ask_about
from subsidies.services.follow_ups import Answer
from tests.factories.subsidies import CallFactory, Scene

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 4, 1)


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    Project.objects.filter(pk=scene.project.pk).update(state="planned")
    return scene


def state_of(scene: Scene) -> tuple[str, date]:
    scene.region.refresh_from_db()
    return scene.region.state, scene.region.states.latest("id").since


def project_of(scene: Scene) -> tuple[str, int | None]:
    return Project.objects.values_list("state", "to_fy").get(pk=scene.project.pk)


def close(application: Application) -> None:
    """The file ends; how it gets there is told by other tests."""
    Application.objects.filter(pk=application.pk).update(state="closed", closed_on=clock.today(), fixed_yen=1)
    ask_about([row.project_id for row in application.items.all()])


def asked(scene: Scene) -> list[int]:
    return sorted(FollowUp.objects.filter(project=scene.project).values_list("fiscal_year", flat=True))


def submit(scene: Scene, fiscal_year: int, answer: Answer) -> None:
    row = FollowUp.objects.get(project=scene.project, fiscal_year=fiscal_year)
    follow_ups.write(follow_up_id=row.pk, answer=answer, revision=1, viewer=scene.planner())
    follow_ups.submit(follow_up_id=row.pk, viewer=scene.approver())


def test_the_first_grant_makes_a_region_supported_and_its_withdrawal_what_it_was(scene: Scene):
    before = scene.region.state
    one = scene.application("granted")
    assert state_of(scene) == ("supported", clock.today())
    submissions.withdraw(application_id=one.pk, viewer=scene.approver(), reason="体制が整わないため。")
    assert state_of(scene)[0] == before
    assert AuditEvent.objects.filter(action="region.undo_support", title="支援の取りやめ").exists()


def test_a_region_supported_by_another_grant_stays_so_when_one_is_withdrawn(scene: Scene):
    scene.application("granted")
    scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={scene.bureau.pk: 10_000_000})
    other = scene.application("granted", grant_yen=2_000_000)
    submissions.withdraw(application_id=other.pk, viewer=scene.approver(), reason="体制が整わないため。")
    assert state_of(scene)[0] == "supported"


def test_a_region_that_was_supported_in_earlier_years_stays_so_when_this_years_grant_is_withdrawn(scene: Scene):
    Region.objects.filter(pk=scene.region.pk).update(state="supported")
    RegionState.objects.create(region=scene.region, state="supported", since=date(2025, 4, 1))
    one = scene.application("granted")
    SupportYear.objects.create(program=scene.call.program, region=scene.region, fiscal_year=2025, basis="sourced")
    submissions.withdraw(application_id=one.pk, viewer=scene.approver(), reason="体制が整わないため。")
    assert state_of(scene) == ("supported", date(2025, 4, 1))
    assert support.run_due(clock.today()) == 1, "and runs by itself from the year after"
    assert state_of(scene) == ("self_running", date(2026, 4, 1))


def test_support_ends_with_the_fiscal_year_but_not_before_the_last_file_is_inspected(scene: Scene):
    one = scene.application("granted")
    assert support.run_due(date(2027, 3, 31)) == 0
    for state in ("running", "report_due", "reported", "inspected"):
        Application.objects.filter(pk=one.pk).update(state=state)
        assert support.run_due(NEXT_YEAR) == 0, state
    Application.objects.filter(pk=one.pk).update(state="fixed", fixed_yen=1)
    assert due.run_due(NEXT_YEAR)["released"] == 1
    assert state_of(scene) == ("self_running", NEXT_YEAR)
    told = Notice.objects.get(title__contains="支援の終了")
    assert (told.office_key, told.title) == (
        f"municipality:{scene.region.lead_id}",
        f"{scene.region.name}：支援の終了（令和9年4月1日から自走中）",
    )
    assert support.run_due(NEXT_YEAR) == 0, "once"


def test_a_request_under_way_keeps_the_support_a_draft_that_missed_its_call_does_not(scene: Scene):
    one = scene.application("granted")
    close(one)
    scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={scene.bureau.pk: 10_000_000})
    scene.application("draft")
    assert support.run_due(NEXT_YEAR) == 0
    Call.objects.filter(pk=scene.call.pk).update(state="closed")
    assert support.run_due(NEXT_YEAR) == 1


def test_a_planned_initiative_is_carried_out_from_the_first_day_of_the_work(scene: Scene):
    one = scene.application("granted")
    assert project_of(scene) == ("planned", None)
    due.begin(application_id=one.pk, on=one.start_on)
    assert project_of(scene) == ("running", None)
    event = AuditEvent.objects.get(action="project.begin")
    assert event.title == f"取組「{scene.project.name}」を実施とする"


def test_after_the_support_the_leads_answer_says_what_becomes_of_the_initiative(scene: Scene):
    close(scene.application("granted"))
    assert asked(scene)[0] == 2027
    with clock.standing_at(clock.at(date(2027, 10, 1))):
        submit(scene, 2027, Answer(True, "各町の一般財源", "長沼町企画課が事務局"))
        assert project_of(scene) == ("self_running", None)
    with clock.standing_at(clock.at(date(2028, 10, 1))):
        submit(scene, 2028, Answer(False, obstacles="担い手がいなくなった。"))
    assert project_of(scene) == ("ended", 2027)
    reasons = AuditEvent.objects.filter(action="project.close").order_by("id").values_list("reason", flat=True)
    assert list(reasons) == [f"支援後の状況（令和{year}年度）の回答による。" for year in (9, 10)]


def test_what_the_region_has_ended_or_merged_itself_stays_as_it_is(scene: Scene):
    close(scene.application("granted"))
    Project.objects.filter(pk=scene.project.pk).update(state="merged", to_fy=2026)
    with clock.standing_at(clock.at(date(2027, 10, 1))):
        submit(scene, 2027, Answer(True, "各町の一般財源", "長沼町企画課が事務局"))
    assert project_of(scene) == ("merged", 2026)


def test_nobody_is_asked_about_a_year_in_which_a_grant_supports_the_initiative(scene: Scene):
    close(scene.application("granted"))
    before = asked(scene)
    program = scene.call.program
    again = SupportYear.objects.create(program=program, region=scene.region, fiscal_year=2027, basis="decision")
    again.projects.add(scene.project)
    ask_about([scene.project.pk])
    assert asked(scene) == before[1:]
    again.delete()
    ask_about([scene.project.pk])
    assert asked(scene) == before


def test_what_somebody_has_typed_is_kept_and_leaves_a_supported_initiative_as_it_is(scene: Scene):
    close(scene.application("granted"))
    row = FollowUp.objects.get(project=scene.project, fiscal_year=2027)
    Project.objects.filter(pk=scene.project.pk).update(state="running")
    with clock.standing_at(clock.at(date(2027, 10, 1))):
        answer = Answer(True, "各町の一般財源", "長沼町企画課が事務局")
        follow_ups.write(follow_up_id=row.pk, answer=answer, revision=1, viewer=scene.planner())
        again = SupportYear.objects.create(
            program=scene.call.program, region=scene.region, fiscal_year=2027, basis="decision"
        )
        again.projects.add(scene.project)
        ask_about([scene.project.pk])
        assert 2027 in asked(scene)
        follow_ups.submit(follow_up_id=row.pk, viewer=scene.approver())
    assert project_of(scene) == ("running", None)
