"""The papers of an application say what its rows say, and ask as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from common import clock
from common.documents import MissingGlyph, UnknownKind, render_pdf
from common.models import DocumentIssue
from municipalities.models import Prefecture
from regions.models import Kpi
from subsidies import papers
from subsidies.models import Application, CostLine, Participant, SupportYear
from subsidies.papers import sources
from subsidies.services import approvals, preconsultations, reviews, submissions
from tests.common.pdf import complaints, text_of
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.subsidies import CallFactory, ProgramFactory, RuleSetVersionFactory, Scene
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def issued(kind: str) -> dict[str, Any]:
    """The frozen data of the only paper of this kind."""
    return DocumentIssue.objects.get(kind=kind).snapshot


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


class TestTheGrantDecision:
    def test_the_letter_carries_number_day_amount_shares_and_conditions(self, scene: Scene):
        scene.application("granted")
        document = DocumentIssue.objects.get(kind="D-08")
        data = document.snapshot
        assert data["head"]["number"] == "空地政第1号指令"
        assert data["head"]["issued_on"] == clock.today().isoformat()
        assert data["head"]["addressee"] == ["長沼・栗山連携地域", "代表　長沼町長"]
        assert data["application"]["number"] == "企第100号"
        assert (data["total_cost_yen"], data["eligible_cost_yen"], data["amount_yen"]) == (6_000_000,) * 3
        assert [(row["name"], row["lead"], row["amount_yen"]) for row in data["split"]["rows"]] == [
            ("由仁町", False, 2_000_000),
            ("長沼町", True, 2_000_000),
            ("栗山町", False, 2_000_000),
        ]
        assert data["split"]["heading"] == "構成町別の内訳"
        assert data["support"] == {"year": 1, "max_years": 5, "last_fiscal_year": 2029}
        assert data["conditions"] == {
            "report_days": 30,
            "report_last_on": "2027-04-10",
            "books_years": 5,
            "extra": [],
        }
        assert data["withdraw_days"] == 10
        text = text_of(render_pdf("D-08", data))
        assert "空地政第１号指令" in text
        assert "交付決定額金6,000,000円" in text

    def test_numbers_of_rules_come_from_the_ruleset_of_the_call(self):
        ruleset = RuleSetVersionFactory(version=2, parameters={"withdraw_days": 15, "report_days": 20})
        scene = Scene(call=CallFactory(ruleset=ruleset))
        scene.application("granted")
        assert issued("D-08")["withdraw_days"] == 15
        assert issued("D-08")["conditions"]["report_days"] == 20

    def test_a_reduced_grant_shows_the_cut_lines_and_cuts_every_share(self, scene: Scene):
        application = scene.application("hq_review")
        reviews.reduce_line(
            application_id=application.pk,
            viewer=scene.staff(),
            cost_id=application.costs.get().pk,
            amount_yen=500_000,
            reason="必要な回数に改めるため。",
        )
        scene.judge_open(application, scene.staff(), reviews.Stage.HQ)
        reviews.write_opinion(application_id=application.pk, viewer=scene.staff(), text="支障ない。")
        approvals.draft(
            application_id=application.pk,
            viewer=scene.reviewer(),
            act="grant",
            plan="減額して交付する。",
            amount_yen=5_500_000,
            conditions="成果を公表すること。\n\n翌年度に報告すること。",
        )
        approvals.decide(application_id=application.pk, viewer=scene.head())
        data = issued("D-08")
        assert data["eligible_cost_yen"] == 5_500_000
        assert data["reductions"][0]["difference_yen"] == -500_000
        assert data["conditions"]["extra"] == ["成果を公表すること。", "翌年度に報告すること。"]
        shares = {row["name"]: row["amount_yen"] for row in data["split"]["rows"]}
        assert shares == {"由仁町": 1_833_000, "栗山町": 1_833_000, "長沼町": 1_834_000}
        assert "端数は代表の配分に加えた" in data["split"]["remark"]

    def test_the_year_of_support_counts_from_the_first(self, scene: Scene):
        program = ProgramFactory()
        SupportYear.objects.create(program=program, region=scene.region, fiscal_year=2025)
        support = sources.support_of(scene.application("ready"))
        assert support is not None
        assert (support.year, support.max_years) == (2, 5)

    def test_form_number_and_seal_are_configuration(self, scene: Scene):
        Prefecture.objects.filter(pk=scene.region.prefecture_id).update(
            terms={"forms": {"*": {"D-08": {"form_no": "様式第6号（第7条関係）", "seal_omitted": False}}}}
        )
        scene.region.refresh_from_db()
        scene.application("granted")
        head = issued("D-08")["head"]
        assert (head["form_no"], head["seal_omitted"]) == ("様式第6号（第7条関係）", False)


@pytest.mark.parametrize(
    ("asked", "amount", "given"),
    [
        ((3, 3, 3), 9, (3, 3, 3)),  # the whole of what was asked: exactly the shares asked for
        ((3_000_000, 2_000_000, 1_000_000), 4_000_000, (2_001_000, 1_333_000, 666_000)),
        ((1_000, 0, 0), 999, (999, 0, 0)),  # less than a unit: all of it falls to the lead
        ((0, 2_000, 1_000), 1_500, (500, 1_000, 0)),
    ],
)
def test_shares_are_whole_units_and_sum_to_the_amount(
    asked: tuple[int, ...], amount: int, given: tuple[int, ...]
) -> None:
    parts = [Participant(municipality_id=str(code), split_yen=yen) for code, yen in enumerate(asked)]
    shares = sources.shares(parts, amount, 1000, "0")
    assert tuple(shares.values()) == given
    assert sum(shares.values()) == amount


class TestForms:
    def test_the_application_carries_plan_budget_members_and_pledge(self, scene: Scene):
        scene.application("submitted")
        data = issued("D-03")
        assert data["head"]["number"] == "企第100号"
        assert data["head"]["sender"] == ["長沼・栗山連携地域", "代表　長沼町長"]
        assert data["budget"]["income_yen"] == data["budget"]["cost_yen"] == 6_000_000
        assert data["costs"]["rows"] == [{"name": "委託料", "amount_yen": 6_000_000, "eligible_yen": 6_000_000}]
        assert [(row["name"], row["document_no"]) for row in data["members"]["rows"]] == [
            ("由仁町", "企第1号"),
            ("長沼町", "企第1号"),
            ("栗山町", "企第1号"),
        ]
        assert data["kpis"]["years"] == [2026, 2027, 2028, 2029]
        assert data["kpis"]["rows"][0]["targets"] == ["40", "80", "120", "160"]
        assert data["kpis"]["rows"][0]["target"] == "150以上"
        assert data["pledge_on"] == clock.today().isoformat()
        assert data["plan"]["early_start"] == ""
        assert complaints(render_pdf("D-03", data)) == []

    def test_figures_of_indicators_are_written_as_officials_write_them(self, scene: Scene):
        application = scene.application("ready")
        kpi = Kpi.objects.get(project=scene.project)
        Kpi.objects.filter(pk=kpi.pk).update(baseline=Decimal("-3639"), target=None, qualifier="all")
        Kpi.objects.create(project=scene.project, number=2, name="新しい指標", unit="件", baseline_is_new=True)
        first, second = papers.snapshot("D-01", application)["kpis"]["rows"]
        assert (first["baseline"], first["targets"][1], first["target"]) == ("▲3,639", "80", "全数")
        assert (second["baseline"], second["targets"][1], second["target"]) == ("新規", "－", "－")

    def test_a_withdrawal_after_the_decision_names_the_decision(self, scene: Scene):
        application = scene.application("granted")
        submissions.withdraw(application_id=application.pk, viewer=scene.approver(), reason="体制が整わないため。")
        data = issued("D-10")
        assert data["decision"]["number"] == "空地政第1号指令"
        assert data["reason"] == "体制が整わないため。"
        text = text_of(render_pdf("D-10", data))
        assert "空地政第１号指令で交付の決定の通知があった" in text

    def test_a_withdrawal_after_a_cut_names_the_amount_that_was_decided(self, scene: Scene):
        application = scene.application("granted")
        Application.objects.filter(pk=application.pk).update(requested_yen=7_500_000)  # 1,500,000 were cut
        submissions.withdraw(application_id=application.pk, viewer=scene.approver(), reason="体制が整わないため。")
        assert "交付決定額金6,000,000円" in text_of(render_pdf("D-10", issued("D-10"))).replace("\n", "").replace(
            " ", ""
        )

    def test_a_withdrawal_before_the_decision_names_the_application(self, scene: Scene):
        application = scene.application("bureau_review")
        submissions.withdraw(application_id=application.pk, viewer=scene.approver(), reason="内容を改めるため。")
        assert issued("D-10")["decision"] is None
        assert "企第１００号で申請した" in text_of(render_pdf("D-10", issued("D-10")))

    def test_a_name_that_cannot_be_printed_stops_the_submission_and_says_which(self, scene: Scene):
        application = scene.application("ready")
        Application.objects.filter(pk=application.pk).update(purpose="𠮷野の水を守る。")
        with pytest.raises(MissingGlyph, match="𠮷"):
            submissions.submit(application_id=application.pk, viewer=scene.approver())
        assert fresh(application).state == "ready"


class TestRecords:
    def test_a_consultation_is_recorded(self, scene: Scene):
        application = scene.application("preconsult")
        preconsultations.close(
            application_id=application.pk,
            viewer=scene.reviewer(),
            held_on=date(2026, 11, 20),
            attendees="長沼町、空知総合振興局",
            answers="対象となる。",
            next_action="見積書を添える。",
        )
        data = issued("D-02")
        assert data["points"] == "対象経費の範囲について"
        assert data["held_on"] == "2026-11-20"
        assert not DocumentIssue.objects.get(kind="D-02").internal

    def test_the_review_carries_every_rule_judgement_and_opinion_and_is_internal(self, scene: Scene):
        application = scene.application("hq_review")
        document = DocumentIssue.objects.get(kind="D-04")
        assert document.internal
        data = document.snapshot
        rules = {row["rule"]: row for row in data["rules"]}
        assert rules["N-01"]["result"] == "適合"
        judged = [row for row in data["rules"] if row["judgement"]]
        assert judged
        assert all("を満たすと判断した" in row["judgement"]["reason"] for row in judged)
        assert data["opinions"][0]["office"] == "空知総合振興局"
        assert data["priority"] == "採択が適当"
        assert data["receipt"] == fresh(application).receipt_number
        assert "令和5年推計" in data["basis"]
        assert complaints(render_pdf("D-04", data)) == []

    def test_the_draft_is_issued_when_everybody_has_acted(self, scene: Scene):
        scene.application("granted")
        data = issued("D-05")
        assert [(box["kind"], box["who"], box["on"]) for box in data["boxes"]] == [
            ("決裁", scene.head().label, clock.today().isoformat())
        ]
        assert data["amount_yen"] == 6_000_000
        assert data["budget_left_yen"] == 50_000_000  # before the decision took its part
        assert data["retention_years"] == 5
        assert data["decided_on"] == clock.today().isoformat()

    def test_while_it_circulates_it_is_only_a_draft(self, scene: Scene):
        application = scene.application("approval")
        assert not DocumentIssue.objects.filter(kind="D-05").exists()
        data = papers.snapshot("D-05", application, route=application.routes.get())
        assert [(box["kind"], box["who"]) for box in data["boxes"]] == [("決裁", "")]
        assert data["decided_on"] is None

    def test_a_draft_that_was_sent_back_says_so_in_its_box(self, scene: Scene):
        application = scene.application("approval")
        approvals.send_back(application_id=application.pk, viewer=scene.head(), reason="金額を確かめてください。")
        assert issued("D-05")["boxes"][0]["result"] == "差戻し"


def refuse(scene: Scene) -> None:
    application = scene.application("hq_review")
    scene.judge_open(application, scene.staff(), reviews.Stage.HQ)
    reviews.write_opinion(application_id=application.pk, viewer=scene.staff(), text="支障がある。")
    approvals.draft(application_id=application.pk, viewer=scene.reviewer(), act="refuse", plan="要件を満たさないため。")
    approvals.decide(application_id=application.pk, viewer=scene.head())


def test_a_refusal_gives_its_reason_and_goes_to_all_members(scene: Scene):
    refuse(scene)
    data = issued("D-09")
    assert data["reason"] == "要件を満たさないため。"
    assert data["head"]["copies_to"] == ["構成町長"]
    text = text_of(render_pdf("D-09", data))
    assert "下記の理由により交付しないことに決定した" in text


class TestTheRequestPhase:
    @pytest.fixture
    def scene(self) -> Scene:
        return Scene(call=CallFactory(phases="both"))

    def test_a_request_is_handed_in_as_d01_and_answered_by_d06(self, scene: Scene):
        application = scene.application("hq_review")
        assert issued("D-01")["amount_yen"] == 6_000_000
        scene.judge_open(application, scene.staff(), reviews.Stage.HQ)
        approvals.select(
            application_id=application.pk,
            viewer=scene.decider(),
            amount_yen=6_000_000,
            conditions="成果を公表すること。",
        )
        data = issued("D-06")
        assert data["head"]["number"] == "空地政第1号"
        assert data["conditions"] == ["成果を公表すること。"]
        assert complaints(render_pdf("D-06", data)) == []

    def test_a_request_that_is_not_selected_gets_d07_with_the_reason(self, scene: Scene):
        application = scene.application("hq_review")
        approvals.not_select(application_id=application.pk, viewer=scene.decider(), reason="予算の範囲を超えるため。")
        assert issued("D-07")["reason"] == "予算の範囲を超えるため。"


def test_an_application_has_no_other_papers(scene: Scene):
    with pytest.raises(UnknownKind):
        papers.snapshot("D-27", scene.application())


def grow(application: Application, scene: Scene) -> None:
    """Twenty members, forty cost lines, five initiatives more."""
    for n in range(20):
        town = MunicipalityFactory(bureau=scene.bureau)
        Participant.objects.create(application=application, municipality=town)
        CostLine.objects.create(
            application=application,
            number=100 + n,
            category="travel",
            description="旅費",
            amount_yen=1,
            eligible_yen=1,
            project=scene.project,
            member=town,
        )
    for n in range(5):
        application.items.create(project=scene.add_project(f"取組{n}"), order=n)


@pytest.mark.parametrize(
    ("kind", "until", "extra", "most"),
    [
        ("D-01", "submitted", lambda application: {}, 20),
        ("D-03", "submitted", lambda application: {}, 25),
        ("D-04", "hq_review", lambda application: {}, 15),
        ("D-05", "approval", lambda application: {"route": application.routes.get()}, 15),
        ("D-08", "granted", lambda application: {"decision": application.decisions.get()}, 20),
        ("D-10", "granted", lambda application: {"reason": "理由"}, 15),
    ],
)
def test_a_paper_asks_as_often_for_many_rows_as_for_few(
    scene: Scene, kind: str, until: str, extra: Callable[[Application], dict[str, Any]], most: int
):
    pk = scene.application(until).pk

    def build() -> None:
        application = Application.objects.get(pk=pk)
        papers.snapshot(kind, application, **extra(application))

    build()
    few = len(queries_of(build))
    grow(Application.objects.get(pk=pk), scene)
    assert len(queries_of(build)) == few
    assert few <= most
