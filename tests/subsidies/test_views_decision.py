"""Drafting, agreeing and deciding on the pages: what is proposed, who may, and what the second of two reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.errors import Refused
from common.models import Notice
from common.viewer import Duty, Viewer
from subsidies.grants import proposal_of
from subsidies.guards import last_day_of
from subsidies.models import Application, ApprovalStep, CallAllotment, Decision
from subsidies.rules.ruleset import Stage
from subsidies.services import approvals, reviews
from subsidies.worklist import items_for
from tests.factories.subsidies import CallFactory, RuleSetVersionFactory, Scene
from tests.viewers import saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]
PLAN = "審査の結果、適当と認められるので交付することとしたい。"


def url(name: str, pk: int) -> str:
    return reverse(f"subsidies:{name}", args=[pk])


def ready_to_draft(scene: Scene, **more: object) -> Application:
    one = scene.application("hq_review", **more)
    scene.judge_open(one, scene.staff(), Stage.HQ)
    reviews.write_opinion(application_id=one.pk, viewer=scene.staff(), text="支障ない。")
    return Application.objects.get(pk=one.pk)


@pytest.mark.parametrize("name", ["decision_draft", "decision_decide", "decision_send_back", "decision_concur"])
def test_a_stranger_finds_no_such_draft(client_for: SignIn, name: str):
    one = Scene().application("approval")
    client = client_for(viewer(Duty.BS, Duty.BM, bureau="nemuro"))
    assert client.post(url(name, one.pk)).status_code == 404
    assert client.get(url(name, one.pk)).status_code in (404, 405)


@pytest.mark.parametrize("name", ["decision_draft", "decision_decide", "decision_concur", "request_decide"])
def test_a_town_learns_nothing_of_a_draft(client_for: SignIn, name: str):
    scene = Scene()
    one = scene.application("approval")
    answer = client_for(scene.approver()).get(url(name, one.pk))
    assert answer.status_code == 403
    assert PLAN not in answer.content.decode()


def test_the_amount_follows_from_the_rules_less_what_was_cut(client_for: SignIn):
    scene = Scene()
    one = ready_to_draft(scene)
    reviews.reduce_line(
        application_id=one.pk, viewer=scene.staff(), cost_id=one.costs.get().pk, amount_yen=100_500, reason="単価"
    )
    proposal = proposal_of(one)
    assert proposal is not None
    assert (proposal.eligible_yen, proposal.reduced_yen, proposal.base_yen) == (6_000_000, 100_500, 5_899_500)
    assert (proposal.rate_text, proposal.year_number, proposal.amount_yen) == ("1/1", 1, 5_899_000)
    page = client_for(scene.reviewer()).get(url("decision_draft", one.pk)).content.decode()
    assert 'value="5,899,000"' in page
    assert "単価" in page
    assert "支障ない。" in page


def test_the_amount_never_exceeds_what_the_allotment_leaves():
    scene = Scene(budget_yen=4_000_500)
    one = scene.application("bureau_review")
    proposal = proposal_of(one)
    assert proposal is not None
    assert (proposal.left_yen, proposal.amount_yen) == (4_000_500, 4_000_000)


def test_a_draft_goes_into_circulation_with_the_departments_chosen(client_for: SignIn):
    scene = Scene()
    one = ready_to_draft(scene)
    saved(viewer(Duty.SD, section="情報政策課"))
    client = client_for(scene.reviewer())
    typed = {
        "act": "grant",
        "amount_yen": "6,000,000",
        "plan": PLAN,
        "conditions": "名簿を添えること。",
        "concurring": ["prefecture:01/情報政策課"],
        "external_number": "R8-123",
    }
    assert "北海道　情報政策課" in client.get(url("decision_draft", one.pk)).content.decode()
    answer = client.post(url("decision_draft", one.pk), typed, follow=True)
    assert answer.redirect_chain[-1][0] == url("decision_decide", one.pk)
    route = one.routes.get()
    assert [(step.label, step.kind) for step in route.steps.all()] == [
        ("情報政策課", "concur"),
        ("空知総合振興局　空知総合振興局長", "decide"),
    ]
    assert (route.amount_yen, route.conditions, route.external_number) == (6_000_000, "名簿を添えること。", "R8-123")
    assert "決裁者の決裁を待っています" in answer.content.decode()


def circulating_by_all_sections(scene: Scene) -> tuple[Application, Viewer, Viewer]:
    """A draft that another department and accounting are asked to agree to."""
    one = ready_to_draft(scene)
    department, accounting = saved(viewer(Duty.SD, section="情報政策課")), saved(viewer(Duty.AC, section="出納局"))
    approvals.draft(
        application_id=one.pk,
        viewer=scene.reviewer(),
        act="grant",
        plan=PLAN,
        amount_yen=6_000_000,
        concurring=["prefecture:01/出納局", "prefecture:01/情報政策課"],
    )
    return one, department, accounting


def test_accounting_is_asked_in_its_own_duty_and_agrees(client_for: SignIn):
    scene = Scene()
    one, department, accounting = circulating_by_all_sections(scene)
    assert [(step.label, step.duty) for step in one.routes.get().steps.all()][:2] == [
        ("出納局", "AC"),
        ("情報政策課", "SD"),
    ]
    assert [item.label for item in items_for(accounting)] == ["要合議"]
    assert Notice.objects.filter(office_key="prefecture:01", duties="AC", title__contains="合議の依頼").exists()
    page = client_for(accounting).get(url("decision_concur", one.pk)).content.decode()
    assert "異議を述べる" in page
    client_for(accounting).post(url("decision_concur", one.pk), {"act": "agree", "comment": "支障なし。"})
    assert items_for(accounting) == []
    with pytest.raises(Refused, match="情報政策課"):
        approvals.decide(application_id=one.pk, viewer=scene.head())
    approvals.concur(application_id=one.pk, viewer=department)
    assert approvals.decide(application_id=one.pk, viewer=scene.head()).amount_yen == 6_000_000


def test_an_objection_needs_a_reason_and_keeps_the_decider_from_deciding(client_for: SignIn):
    scene = Scene()
    one, department, accounting = circulating_by_all_sections(scene)
    approvals.concur(application_id=one.pk, viewer=department)
    client = client_for(accounting)
    refused = client.post(url("decision_concur", one.pk), {"act": "object", "comment": " "})
    assert "異議の理由を入力してください" in refused.content.decode()
    client.post(url("decision_concur", one.pk), {"act": "object", "comment": "支払の時期が示されていない。"})
    step = one.routes.get().steps.get(duty="AC")
    assert (step.result, step.comment) == ("objected", "支払の時期が示されていない。")
    assert items_for(accounting) == []
    assert Notice.objects.filter(office_key="bureau:sorachi", title__contains="異議").exists()
    with pytest.raises(Refused, match="合議で異議があります（出納局）"):
        approvals.decide(application_id=one.pk, viewer=scene.head())
    page = client_for(scene.head()).get(url("decision_decide", one.pk)).content.decode()
    assert "支払の時期が示されていない。" in page
    approvals.concur(application_id=one.pk, viewer=accounting, comment="説明を受けた。")
    assert approvals.decide(application_id=one.pk, viewer=scene.head()).amount_yen == 6_000_000


def test_a_section_that_does_not_exist_is_not_asked():
    scene = Scene()
    one = ready_to_draft(scene)
    with pytest.raises(Refused, match="合議先"):
        approvals.draft(
            application_id=one.pk,
            viewer=scene.reviewer(),
            act="grant",
            plan=PLAN,
            amount_yen=6_000_000,
            concurring=["prefecture:01/存在しない課"],
        )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount_yen": "7,000,000"}, "申請額6,000,000円以内"),
        ({"amount_yen": "5,000,000"}, "経費ごとに減額と理由"),
        ({"amount_yen": ""}, "交付決定額を入力"),
        ({"plan": ""}, "処分の案と理由"),
    ],
)
def test_a_draft_that_does_not_hold_is_refused_in_words(client_for: SignIn, typed: dict[str, str], said: str):
    scene = Scene()
    one = ready_to_draft(scene)
    full = {"act": "grant", "amount_yen": "6,000,000", "plan": PLAN}
    page = client_for(scene.reviewer()).post(url("decision_draft", one.pk), full | typed).content.decode()
    assert said in page
    assert one.routes.count() == 0


def test_before_headquarters_answered_the_page_says_so(client_for: SignIn):
    scene = Scene()
    one = scene.application("hq_review")
    client = client_for(scene.reviewer())
    assert "意見の記入</strong>が必要です" in client.get(url("decision_draft", one.pk)).content.decode()
    typed = {"act": "grant", "amount_yen": "6,000,000", "plan": PLAN}
    department = saved(viewer(Duty.SD, section="情報政策課"))
    reviews.write_opinion(application_id=one.pk, viewer=department, text="意見なし。")  # not headquarters' answer
    assert "本庁の審査意見がまだありません" in client.post(url("decision_draft", one.pk), typed).content.decode()


def test_the_decider_sees_proposal_budget_and_paper_and_decides(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(scene.head())
    page = client.get(url("decision_decide", one.pk)).content.decode()
    assert "50,000,000<small>円（配当 50,000,000円）" in page
    assert "審査の結果、要件を満たすので交付することとしたい。" in page
    assert f'src="/applications/{one.pk}/preview/D-08/"' in page
    answer = client.post(url("decision_decide", one.pk), {"comment": "", "acting": ""}, follow=True)
    one.refresh_from_db()
    decision = one.decisions.get()
    assert (one.state, one.granted_yen, decision.amount_yen) == ("granted", 6_000_000, 6_000_000)
    assert decision.document.number.text in answer.content.decode()
    assert CallAllotment.objects.get().committed_yen == 6_000_000
    after = client.get(url("decision_decide", one.pk)).content.decode()
    assert "この起案は決裁済です" in after
    assert "決裁する" not in after


def test_the_second_of_two_deciders_reads_that_it_is_done(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    second = saved(viewer(Duty.BM, bureau="sorachi"))
    first, late = client_for(scene.head()), client_for(second)
    late.get(url("decision_decide", one.pk))
    first.post(url("decision_decide", one.pk))
    page = late.post(url("decision_decide", one.pk)).content.decode()
    assert "ほかの人がすでに処理した可能性があります" in page
    assert Decision.objects.count() == 1
    assert CallAllotment.objects.get().committed_yen == 6_000_000


def test_who_drafted_reads_that_another_must_decide(client_for: SignIn):
    scene = Scene()
    one = ready_to_draft(scene)
    both = saved(viewer(Duty.BS, Duty.BM, bureau="sorachi"))
    client = client_for(both)
    client.post(url("decision_draft", one.pk), {"act": "grant", "amount_yen": "6,000,000", "plan": PLAN})
    page = client.get(url("decision_decide", one.pk)).content.decode()
    assert "起案した人は決裁できません。" in page
    assert 'aria-disabled="true">決裁する' in page
    assert "起案した人は決裁できません。" in client.post(url("decision_decide", one.pk)).content.decode()
    assert one.decisions.count() == 0


def test_a_department_agrees_before_the_decision(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    route = one.routes.get()
    ApprovalStep.objects.create(
        route=route, order=9, kind="concur", office_key="prefecture:01/情報政策課", duty="SD", label="情報政策課"
    )
    head = client_for(scene.head())
    assert "合議が済んでいません（情報政策課）" in head.get(url("decision_decide", one.pk)).content.decode()
    assert "合議が済んでいません（情報政策課）" in head.post(url("decision_decide", one.pk)).content.decode()
    department = client_for(viewer(Duty.SD, section="情報政策課"))
    assert "合議に同意する" in department.get(url("decision_concur", one.pk)).content.decode()
    department.post(url("decision_concur", one.pk), {"comment": "異議なし。"})
    assert (route.steps.get(kind="concur").result, route.steps.get(kind="concur").comment) == ("agreed", "異議なし。")
    assert "合議に同意する" not in department.get(url("decision_concur", one.pk)).content.decode()
    head.post(url("decision_decide", one.pk))
    assert one.decisions.count() == 1


def test_a_department_that_was_not_asked_may_not_agree(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(viewer(Duty.SD, section="医療課"))
    assert "合議に同意する" not in client.get(url("decision_concur", one.pk)).content.decode()
    assert client.post(url("decision_concur", one.pk), {"comment": ""}).status_code == 403


def test_a_draft_is_sent_back_with_a_reason_and_drafted_again(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(scene.head())
    assert "入力してください。" in client.post(url("decision_send_back", one.pk), {"reason": ""}).content.decode()
    client.post(url("decision_send_back", one.pk), {"reason": "条件を書き足すこと。"})
    one.refresh_from_db()
    assert one.state == "hq_review"
    page = client_for(scene.reviewer()).get(url("decision_draft", one.pk)).content.decode()
    assert "条件を書き足すこと。" in page


def test_staff_reads_the_draft_and_finds_no_button(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(scene.reviewer())
    page = client.get(url("decision_decide", one.pk)).content.decode()
    assert "決裁する</button>" not in page
    assert client.post(url("decision_decide", one.pk)).status_code == 403
    assert one.decisions.count() == 0


def request_scene() -> Scene:
    return Scene(call=CallFactory(ruleset=RuleSetVersionFactory(), phases="both"))


def test_headquarters_selects_a_request(client_for: SignIn):
    scene = request_scene()
    one = ready_to_draft(scene)
    client = client_for(scene.decider())
    address = url("request_decide", one.pk)
    page = client.get(address).content.decode()
    assert 'value="6,000,000"' in page
    assert "支障ない。" in page
    until = clock.today() + timedelta(days=30)
    typed = {
        "act": "select",
        "select-amount_yen": "99,000,000",
        "select-conditions": "",
        "select-apply_by": until.isoformat(),
    }
    assert "申請額6,000,000円以内" in client.post(address, typed).content.decode()
    client.post(address, typed | {"select-amount_yen": "6,000,000"})
    one.refresh_from_db()
    paper = one.decisions.get().document
    assert (one.state, one.selected_yen, paper.kind) == ("selected", 6_000_000, "D-06")
    assert (one.due_on, paper.snapshot["apply_by"]) == (until, until.isoformat())
    call = one.call
    call.closes_on = clock.today() - timedelta(days=1)
    call.save()
    formal = approvals.open_grant_phase(application_id=one.pk, viewer=scene.planner())
    assert last_day_of(formal) == until


def test_headquarters_does_not_select_without_a_reason(client_for: SignIn):
    scene = request_scene()
    one = ready_to_draft(scene)
    client = client_for(scene.decider())
    address = url("request_decide", one.pk)
    assert "入力してください。" in client.post(address, {"act": "not_select", "not-reason": ""}).content.decode()
    client.post(address, {"act": "not_select", "not-reason": "予算の範囲を超えるため。"})
    one.refresh_from_db()
    assert (one.state, one.decisions.get().reason) == ("not_selected", "予算の範囲を超えるため。")
    assert client_for(scene.staff()).get(address).status_code == 403
