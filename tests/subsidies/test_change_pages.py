"""The pages of changes: what stands on them for each side, how often they ask the database, what a wrong entry says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import reverse

from common.viewer import Duty, Viewer
from subsidies.approved_plan import approved_plan
from subsidies.models import Application, ChangeRequest
from subsidies.services import change_decisions, changes
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries, queries_of
from tests.viewers import client_for, saved, viewer

from .change_cases import approved, asked, at_work, begun, cost, opined, plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"
    call_command("createcachetable")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def one(scene: Scene) -> Application:
    return at_work(scene)


def read(person: Viewer, name: str, *args: int) -> str:
    answer: HttpResponse = client_for(person).get(reverse(f"subsidies:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


class TestQueries:
    def test_the_list_asks_as_often_for_many_requests(self, scene: Scene, one: Application):
        for grant in (5_900_000, 5_800_000):
            filed(scene, one, grant)
        url = reverse("subsidies:application_changes", args=[one.pk])

        def grow() -> None:
            for step in range(8):
                filed(scene, one, 5_700_000 - 50_000 * step)

        assert_same_queries(client_for(scene.planner()), url, grow)

    @pytest.mark.parametrize(
        ("page", "who", "most"),
        [("change_detail", "approver", 46), ("change_edit", "planner", 46)],
    )
    def test_a_request_asks_as_often_for_many_lines(
        self, scene: Scene, one: Application, page: str, who: str, most: int
    ):
        """The rules are judged on the plan before and after; their facts are gathered once."""
        change = begun(scene, one, after=plan_of(one, 5_900_000))
        client, url = client_for(getattr(scene, who)()), reverse(f"subsidies:{page}", args=[one.pk, change.number])
        assert client.get(url).status_code == 200  # fills caches that live as long as the process
        few = len(queries_of(lambda: client.get(url)))
        lines = tuple(cost(500_000, number=number, description=f"研修{number}") for number in range(1, 13))
        row = ChangeRequest.objects.get(pk=change.pk)
        row.after = replace(plan_of(one, 6_000_000), costs=lines).to_json()
        row.save()
        assert len(queries_of(lambda: client.get(url))) == few <= most


class TestReading:
    def test_the_plan_that_counts_stands_beside_the_one_granted(self, scene: Scene, one: Application):
        assert "いまの計画" not in read(scene.planner(), "application_changes", one.pk)
        assert "申請したときの内容です" not in read(scene.planner(), "application_detail", one.pk)
        approved(scene, one, after=plan_of(one, 4_000_000))
        page = read(scene.planner(), "application_changes", one.pk)
        assert "（6,000,000円）" in page
        assert "<strong>4,000,000円</strong>" in page
        assert "変更承認申請書" in page
        assert "変更交付決定通知書" in page
        assert "申請したときの内容です" in read(scene.planner(), "application_detail", one.pk)

    def test_the_opinion_and_the_budget_stay_inside(self, scene: Scene, one: Application):
        change = opined(scene, one, after=plan_of(one, 7_000_000))
        inside = read(scene.head(), "change_detail", one.pk, change.number)
        assert change.opinion in inside
        assert "配当の残額" in inside
        for town in (scene.planner(), scene.approver(), scene.planner("014273")):
            outside = read(town, "change_detail", one.pk, change.number)
            assert change.opinion not in outside
            assert "配当の残額" not in outside

    def test_what_the_decider_adds_to_a_delay_is_read_by_the_towns(self, scene: Scene, one: Application):
        Application.objects.filter(pk=one.pk).update(end_on=date(2027, 2, 26))
        one.refresh_from_db()
        change = opined(scene, one, "delay", after=replace(approved_plan(one), end_on=date(2027, 3, 20)))
        assert "市町村に伝えること" in read(scene.head(), "change_detail", one.pk, change.number)
        change_decisions.approve(
            application_id=one.pk, number=change.number, viewer=scene.head(), comment="3月の会場を早く決めること。"
        )
        assert "3月の会場を早く決めること。" in read(scene.planner("014273"), "change_detail", one.pk, change.number)

    def test_a_line_only_partly_eligible_names_both_amounts(self, scene: Scene, one: Application):
        plan = plan_of(one, 5_000_000, costs=(cost(5_400_000, eligible_yen=5_000_000),))
        change = begun(scene, one, after=plan)
        page = read(scene.planner(), "change_detail", one.pk, change.number)
        assert "5,400,000円　うち対象額 5,000,000円" in page


class TestRefused:
    def test_a_posted_act_on_what_was_filed_says_why(self, scene: Scene, one: Application):
        change = filed(scene, one, 5_400_000)
        url = reverse("subsidies:change_approve", args=[one.pk, change.number])
        answer = client_for(scene.head()).post(url, {"comment": ""})
        assert "行えません" in answer.content.decode()
        assert Application.objects.get(pk=one.pk).state == "running"

    def test_a_wrong_amount_is_named_and_stays_typed(self, scene: Scene, one: Application):
        change = begun(scene, one, "suspend", spent_yen=None)
        url = reverse("subsidies:change_edit", args=[one.pk, change.number])
        client = client_for(scene.planner())
        answer = client.post(url, {"spent_yen": "約30万", "reason": "講師の都合", "go": "here"})
        page = answer.content.decode()
        assert "約30万" in page
        assert "これまでに要した経費" in page
        assert ChangeRequest.objects.get(pk=change.pk).spent_yen is None

    def test_a_day_after_the_period_keeps_the_approver_from_submitting(self, scene: Scene, one: Application):
        change = begun(scene, one, "suspend", effective_on=one.end_on + timedelta(days=1))
        url = reverse("subsidies:change_submit", args=[one.pk, change.number])
        answer = client_for(scene.approver()).post(url, {"act": "ask", "document_no": "企第1号"})
        assert "事業の完了予定日（令和9年3月31日）までの日にしてください" in answer.content.decode()
        assert ChangeRequest.objects.get(pk=change.pk).state == "draft"

    def test_nobody_reads_a_draft_but_the_towns_and_the_auditor(self, scene: Scene, one: Application):
        change = begun(scene, one)
        url = reverse("subsidies:change_detail", args=[one.pk, change.number])
        assert client_for(scene.reviewer()).get(url).status_code == 404
        assert client_for(scene.approver("014290")).get(url).status_code == 200
        assert client_for(saved(viewer(Duty.AU))).get(url).status_code == 200
        changes.withdraw(application_id=one.pk, number=change.number, viewer=scene.planner())
        asked_for = asked(scene, one, after=plan_of(one, 4_000_000))
        assert read(scene.reviewer(), "change_detail", one.pk, asked_for.number)


def filed(scene: Scene, one: Application, grant_yen: int) -> ChangeRequest:
    """A light notice of that grant."""
    change = begun(scene, one, after=plan_of(one, grant_yen))
    return changes.submit(application_id=one.pk, number=change.number, viewer=scene.approver(), light=True)
