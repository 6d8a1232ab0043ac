"""The pages around the performance report: figures beside the plan, two at one report, evidence, inspection, fixing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from common.fiscal_year import wareki
from common.models import DocumentIssue
from common.viewer import Duty
from subsidies.models import Application, CaseSheet, CostLine, Report, ReportCost
from subsidies.services import completion
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def page(one: Application, name: str, *more: object) -> str:
    return reverse(f"subsidies:{name}", args=[one.pk, *more])


def state(one: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=one.pk)


class TestWriting:
    def test_the_day_of_completion_opens_the_report(self, scene: Scene):
        one = scene.application("running")
        Application.objects.filter(pk=one.pk).update(start_on=clock.today() - timedelta(days=30))
        client = client_for(scene.planner())
        wrong = client.post(page(one, "work_complete"), {"finished_on": ""})
        assert wrong.status_code == 422
        assert "事業を完了した日を入力してください。" in wrong.content.decode()
        done = client.post(page(one, "work_complete"), {"finished_on": wareki(clock.today())})
        assert done["Location"] == page(one, "report_detail")
        assert state(one) == "report_due"

    def test_actual_stands_beside_plan_and_the_difference_is_said_in_words(self, scene: Scene):
        one = scene.application("report_due")
        scene.report(one, actual_yen=5_000_000)
        shown = client_for(scene.planner()).get(page(one, "report_detail")).content.decode()
        assert "▲1,000,000" in shown
        assert "計画より少ない" in shown
        assert "この実績による交付金の額" in shown

    def test_two_planners_lose_none_of_their_words(self, scene: Scene):
        one = scene.application("report_due")
        first, second = client_for(scene.planner()), client_for(scene.planner("014273"))
        opened = second.get(page(one, "report_edit"))
        base, seen = opened.context["base"], opened.context["seen"]
        first.post(page(one, "report_edit"), {"work_done": "研修を6回開いた。", "base": base, "revision": "1"})
        text = {"effect": "受講者48人", "base": base, "seen": seen, "revision": "1"}
        second.post(page(one, "report_edit"), text)
        report = Report.objects.get(application=one)
        assert (report.work_done, report.effect) == ("研修を6回開いた。", "受講者48人")
        clash = second.post(page(one, "report_edit"), text | {"work_done": "研修を5回開いた。"})
        assert clash.status_code == 422
        assert "研修を6回開いた。" in clash.content.decode()
        assert "研修を5回開いた。" in clash.content.decode()
        assert Report.objects.get(application=one).work_done == "研修を6回開いた。"

    def test_a_field_officer_writes_the_lines_of_her_initiative_and_nothing_else(self, scene: Scene):
        one = scene.application("report_due")
        officer = scene.field_officer()
        one.items.get().assignees.add(officer.user_id)
        client = client_for(officer)
        shown = client.get(page(one, "report_edit"))
        assert "市町村別の精算" not in shown.content.decode()
        typed = {"actual_1": "5,000千円", "evidence_1": "領1", "work_done": "書けない", "base": shown.context["base"]}
        client.post(page(one, "report_edit"), typed | {"revision": "1", "seen": shown.context["seen"]})
        line = one.report.costs.get()
        assert (line.actual_yen, line.eligible_yen, line.evidence) == (5_000_000, 5_000_000, "領1")
        assert Report.objects.get(application=one).work_done == ""

    def test_an_amount_that_cannot_be_read_is_named_and_stays(self, scene: Scene):
        one = scene.application("report_due")
        client = client_for(scene.planner())
        answer = client.post(
            page(one, "report_edit"),
            {"actual_1": "五百万", "revision": "1", "base": json.dumps({}), "work_done": "研修"},
        )
        assert answer.status_code == 422
        assert "「1行目 実績額」" in answer.content.decode()
        assert "五百万" in answer.content.decode()

    def test_evidence_belongs_to_its_line_and_is_read_by_the_office_once_submitted(self, scene: Scene):
        one = scene.application("report_due")
        client, office = client_for(scene.planner()), client_for(scene.reviewer())
        upload = {"number": "1", "upload": SimpleUploadedFile("領収書.pdf", PDF)}
        assert client.post(page(one, "report_evidence"), upload).status_code == 302
        stored = client.get(page(one, "report_evidence")).context["view"].lines[0].files[0]
        assert office.get(page(one, "evidence_file", stored.pk)).status_code == 403
        scene.report(one)
        completion.submit(application_id=one.pk, viewer=scene.approver())
        assert office.get(page(one, "evidence_file", stored.pk)).status_code == 200
        client.post(page(one, "evidence_remove", stored.pk))
        assert client.get(page(one, "report_evidence")).context["view"].lines[0].files  # submitted: it stays

    def test_the_case_sheet_is_asked_for_before_the_report_goes_out(self, scene: Scene):
        one = scene.application("report_due")
        scene.report(one)
        CaseSheet.objects.update(effect="")
        client = client_for(scene.approver())
        assert "事例シートがありません" in client.get(page(one, "report_submit")).content.decode()
        refused = client.post(page(one, "report_submit"), {"confirmed": "on"})
        assert "事例シートがありません" in refused.content.decode()
        assert state(one) == "report_due"

    def test_a_long_report_asks_no_more_than_a_short_one(self, scene: Scene):
        one = scene.application("reported")
        client = client_for(scene.reviewer())
        line = one.report.costs.get()

        def grow() -> None:
            for number in range(2, 22):
                cost = CostLine.objects.create(
                    application=one, number=number, category="travel", description="旅費", amount_yen=1, eligible_yen=1
                )
                ReportCost.objects.create(report=line.report, cost=cost, actual_yen=1, eligible_yen=1)

        assert_same_queries(client, page(one, "report_detail"), grow, budget=50)


class TestOffice:
    def test_a_return_is_answered_and_comes_back(self, scene: Scene):
        one = scene.application("reported")
        office, town, approver = (client_for(who) for who in (scene.reviewer(), scene.planner(), scene.approver()))
        items = {"items": "領収書の日付を確かめてください。\n\n名簿を添付してください。", "due_on": "令和8年12月10日"}
        assert office.post(page(one, "report_return"), items).status_code == 302
        left = approver.get(page(one, "report_submit")).content.decode()
        assert "補正項目への回答が2件残っています。" in left
        asked = list(one.report.items.order_by("number"))
        town.post(page(one, "report_answers"), {f"answer_{item.pk}": "直しました。" for item in asked})
        approver.post(page(one, "report_submit"), {"confirmed": "on"})
        assert state(one) == "reported"
        assert DocumentIssue.objects.filter(kind="D-18", subject_id=str(one.pk)).count() == 2

    def test_the_inspection_records_what_was_looked_at_and_why_less_is_accepted(self, scene: Scene):
        one = scene.application("reported")
        client = client_for(scene.reviewer())
        typed = {"method": "on_site", "held_on": wareki(clock.today()), "sampled": ["1"], "eligible_yen": "5,500,000",
                 "other_income_yen": "0", "findings": "飲食費を除いた。"}  # fmt: skip
        typed |= {f"right_{place}": "yes" for place in range(1, 7)}
        missing = client.post(page(one, "report_inspect"), typed)
        assert "理由を書いてください" in missing.content.decode()
        client.post(page(one, "report_inspect"), typed | {"adjustment": "飲食費は対象外のため。"})
        kept = one.inspections.get()
        assert (kept.sampled, kept.eligible_yen, kept.adjustment) == ([1], 5_500_000, "飲食費は対象外のため。")
        paper = DocumentIssue.objects.get(kind="D-19", subject_id=str(one.pk))
        assert paper.internal
        assert (
            client_for(scene.planner()).get(reverse("subsidies:document_preview", args=[paper.pk])).status_code == 404
        )

    def test_a_point_that_is_not_right_says_why(self, scene: Scene):
        one = scene.application("reported")
        typed = {"method": "desk", "held_on": wareki(clock.today()), "eligible_yen": "6000000", "other_income_yen": "0"}
        typed |= {f"right_{place}": "yes" for place in range(1, 6)} | {"right_6": "no"}
        shown = client_for(scene.reviewer()).post(page(one, "report_inspect"), typed)
        assert "事項6が「否」の内容を書いてください。" in shown.content.decode()
        assert state(one) == "reported"

    def test_the_decider_reads_the_reckoning_and_the_notice_goes_out_with_its_number(self, scene: Scene):
        one = scene.application("inspected")
        client = client_for(scene.head())
        shown = client.get(page(one, "report_fix"))
        assert "6,000,000円に確定する" in shown.content.decode()
        assert client.get(reverse("subsidies:paper_preview", args=[one.pk, "D-20"])).status_code == 200
        client.post(page(one, "report_fix"), {"reason": ""})
        assert state(one) == "fixed"
        decision = one.decisions.get(kind="fixed")
        assert decision.document.kind == "D-20"
        assert decision.document.number is not None
        assert client.get(reverse("subsidies:paper_preview", args=[one.pk, "D-20"])).status_code == 404

    def test_who_inspected_reads_why_somebody_else_fixes(self, scene: Scene):
        one = scene.application("reported")
        both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
        found = {"method": "desk", "held_on": wareki(clock.today()), "eligible_yen": "6000000",
                            "other_income_yen": "0"} | {f"right_{place}": "yes" for place in range(1, 7)}  # fmt: skip
        client_for(both).post(page(one, "report_inspect"), found)
        assert "検査した人は額を確定できません" in client_for(both).get(page(one, "report_fix")).content.decode()
        refused = client_for(both).post(page(one, "report_fix"), {"reason": ""})
        assert "検査した人は額を確定できません" in refused.content.decode()
        assert state(one) == "inspected"
