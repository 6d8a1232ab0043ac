"""What waits for an answer among offices: findings, progress reports, disclosures, questions after the support."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from common import clock, reminders
from common.models import Notice
from common.reminders import Obligation, owed, send_due
from common.viewer import Duty, Viewer
from portal.deadlines import REGISTERED
from portal.worklist import items_for
from subsidies.models import Application, Finding, FollowUp, Package
from subsidies.services import packages, progress
from subsidies.waiting_packages import disclosures_waiting
from subsidies.year_end import open_work
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
assert REGISTERED


@pytest.fixture
def scene() -> Scene:
    return Scene()


def mine(who: Viewer, key: str, *, above: bool = False) -> list[Obligation]:
    return [one for one in owed(who, date(2026, 4, 1), above=above) if one.key == key]


def heard(key: str, *days: date) -> list[tuple[str, str]]:
    """Office and duties told of this kind on these days, in order."""
    before = set(Notice.objects.values_list("pk", flat=True))
    for day in days:
        for one in list(reminders._sources[key](reminders.SYSTEM, day)):
            reminders._remind(one, day)
    return list(Notice.objects.exclude(pk__in=before).order_by("pk").values_list("office_key", "duties"))


def finding(one: Application, rule: str) -> Finding:
    return Finding.objects.create(
        application=one, rule=rule, title="空白地域の割合", before={}, now={}, digest=rule * 4, found_at=clock.now()
    )


def test_a_finding_waits_two_weeks_for_what_follows_and_the_head_hears_of_a_late_one(scene: Scene):
    one = scene.application("running")
    first = finding(one, "A-02")
    finding(one, "A-03")
    due = localdate(first.found_at) + timedelta(days=14)
    (open_one,) = mine(scene.reviewer(), "finding")
    assert (open_one.due_on, open_one.url) == (due, reverse("subsidies:case_findings", args=[one.pk]))
    assert not mine(scene.planner(), "finding", above=True)
    bureau = f"bureau:{scene.bureau.code}"
    told = heard("finding", due - timedelta(days=4), due - timedelta(days=3), due - timedelta(days=3), due)
    assert told == [(bureau, "BS"), (bureau, "BS")]
    assert heard("finding", due + timedelta(days=7)) == [(bureau, "BM,BS")]
    Finding.objects.update(conclusion="no_action", note="基準日の後の変更である。", concluded_at=clock.now())
    assert not mine(scene.reviewer(), "finding")


def test_a_progress_report_that_nobody_has_read_is_called_to_mind(scene: Scene):
    one = scene.application("running")
    scene.progress(one)
    (open_one,) = mine(scene.reviewer(), "progress_read")
    assert open_one.due_on == clock.today() + timedelta(days=14)
    progress.accept(application_id=one.pk, as_of=clock.today(), viewer=scene.reviewer())
    assert not mine(scene.reviewer(), "progress_read")


def test_a_progress_report_given_back_waits_for_the_town_again(scene: Scene):
    one = scene.application("running")
    scene.progress(one)
    day = {"application_id": one.pk, "as_of": clock.today()}
    progress.send_back(**day, viewer=scene.reviewer(), comment="支出済額を確かめてください。")
    assert [line.label for line in items_for(scene.approver())] == ["遂行状況の提出"]
    assert items_for(scene.planner()) == []
    report = one.progress_reports.get()
    draft = progress.ProgressDraft(outlook="")
    progress.save_progress(**day, draft=draft, revision=report.revision, viewer=scene.planner())
    assert [line.label for line in items_for(scene.planner())] == ["遂行状況の作成"]
    assert items_for(scene.approver()) == []


def asked(scene: Scene, by: Viewer) -> Package:
    one = scene.application("granted")
    return packages.ask_disclosure(
        application_ids=[one.pk], viewer=by, reason="住民からの開示請求に応じるため。", with_internal=False
    )


def test_a_disclosure_waits_for_another_decider_and_the_staff_hear_the_answer(scene: Scene):
    both = saved(viewer(Duty.HS, Duty.HM))
    package = asked(scene, both)
    url = reverse("subsidies:disclosure_detail", args=[package.pk])
    assert list(Notice.objects.filter(url=url).values_list("office_key", "duties")) == [("prefecture:01", "HM")]
    assert disclosures_waiting(both) == []
    assert disclosures_waiting(scene.staff()) == []
    (line,) = [one for one in items_for(scene.decider()) if one.url == url]
    assert (line.label, line.due) == ("要承認", clock.today() + timedelta(days=7))
    (open_one,) = mine(scene.decider(), "disclosure")
    assert open_one.url == url
    packages.refuse(package_id=package.pk, viewer=scene.decider(), answer="請求の範囲を確かめてください。")
    last = Notice.objects.filter(url=url).order_by("-pk")[0]
    assert (last.duties, last.body) == ("HS", "請求の範囲を確かめてください。")
    assert disclosures_waiting(scene.decider()) == []
    assert not mine(scene.decider(), "disclosure")


def test_a_disclosure_that_lies_is_called_to_mind_once_a_step(scene: Scene):
    asked(scene, scene.staff())
    due = clock.today() + timedelta(days=7)
    hq = "prefecture:01"
    assert heard("disclosure", due - timedelta(days=3), due - timedelta(days=3), due) == [(hq, "HM"), (hq, "HM")]
    assert heard("disclosure", due + timedelta(days=7)) == [(hq, "HM,HS")]


def test_the_question_after_the_support_leads_to_its_form_and_is_asked_once_more_in_april(scene: Scene):
    one = scene.application("running")
    row = FollowUp.objects.create(application=one, project=scene.project, fiscal_year=2026)
    (open_one,) = mine(scene.planner(), "follow_up")
    assert open_one.url == reverse("subsidies:follow_up_detail", args=[row.pk])
    assert open_one.name == f"{scene.region.name}「{scene.project.name}」"
    town, bureau = f"municipality:{one.lead_id}", f"bureau:{scene.bureau.code}"
    assert heard("follow_up", date(2027, 3, 31), date(2027, 4, 7), date(2027, 4, 7)) == [
        (town, "MA,MP"), (town, "MA,MP"), (bureau, "BM"),
    ]  # fmt: skip


def test_nothing_is_sent_twice_however_often_the_day_is_run(scene: Scene):
    finding(scene.application("running"), "A-02")
    asked_on = clock.today() + timedelta(days=11)
    first = send_due(asked_on, "subsidies")
    assert first >= 1
    assert send_due(asked_on, "subsidies") == 0


def test_what_was_carried_over_is_owed_until_the_books_of_the_next_year_close(scene: Scene):
    one = scene.application("fixed")
    keys = {"fix": scene.reviewer(), "books": scene.accountant()}
    assert one.fiscal_year == 2026

    def owed_on(day: date, key: str) -> list[tuple[date, str]]:
        return [(row.due_on, row.name) for row in owed(keys[key], day, above=False) if row.key == key]

    assert owed_on(date(2027, 4, 20), "books") == [(date(2027, 5, 31), "令和8年度（1件）")]
    Application.objects.filter(pk=one.pk).update(carried_over=True)
    assert owed_on(date(2027, 4, 20), "books") == []
    assert owed_on(date(2028, 4, 20), "books") == [(date(2028, 5, 31), "令和8年度からの繰越（1件）")]
    Application.objects.filter(pk=one.pk).update(state="reported")
    assert owed_on(date(2027, 6, 1), "fix") == []
    assert owed_on(date(2028, 4, 20), "fix") == [(date(2028, 5, 31), "令和8年度からの繰越（1件）")]
    assert [one.total for one in open_work(2026, scene.staff())] == [0, 0, 0, 0]
    assert [one.total for one in open_work(2027, scene.staff())] == [0, 0, 0, 1]
