"""The review of a case in the browser's eyes: who may open it, and what it shows to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.fiscal_year import wareki
from common.viewer import Duty, Viewer
from subsidies.models import Application, CorrectionRound
from subsidies.rules.verdict import Result
from subsidies.services import drafts, reviews, submissions
from subsidies.services.reviews import ItemInput
from subsidies.states import State
from subsidies.verdict_panel import panel_of
from tests.factories.subsidies import CallFactory, Scene
from tests.queries import queries_of
from tests.subsidies.review_pages import read, state_of, url
from tests.viewers import viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]
REASON = "各町の議会で説明済みの財源であり、確実に続けられると認める。"
ACTS = ("receive", "judge_again", "note", "opinion", "reduce", "return", "forward", "hand_back", "lapse")


# -- who may ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["review", "next", *ACTS])
def test_a_stranger_finds_no_such_case(client_for: SignIn, name: str):
    one = Scene().application("bureau_review")
    client = client_for(viewer(Duty.BS, Duty.BM, bureau="nemuro"))
    for answer in (client.get(url(name, one.pk)), client.post(url(name, one.pk))):
        assert answer.status_code in (404, 405)
    assert state_of(one) == "bureau_review"
    assert client.post(url("judge", one.pk, "C-12")).status_code == 404


@pytest.mark.parametrize("name", ["review", "next", "return", "forward", "hand_back", "lapse"])
def test_a_town_that_knows_the_case_reads_whose_duty_the_review_is(client_for: SignIn, name: str):
    scene = Scene()
    one = scene.application("bureau_review")
    answer = client_for(scene.planner()).get(url(name, one.pk))
    assert answer.status_code == 403
    assert "振興局 審査担当" in answer.content.decode()


@pytest.mark.parametrize("name", ["note", "opinion", "receive"])
def test_a_town_cannot_post_into_the_review(client_for: SignIn, name: str):
    scene = Scene()
    one = scene.application("bureau_review")
    assert client_for(scene.approver()).post(url(name, one.pk), {"note-text": "x"}).status_code == 403
    assert one.notes.count() == 0


def test_staff_cannot_do_what_the_decider_does(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    answer = client_for(scene.reviewer()).post(url("forward", one.pk))
    assert answer.status_code == 403
    assert "「進達」は、振興局 決裁者の役割で行います。" in answer.content.decode()


def test_an_auditor_reads_everything_and_changes_nothing(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    auditor = client_for(viewer(Duty.AU))
    page = read(auditor, "review", one.pk)
    assert "判断を記録する" not in page
    assert "メモを残す" not in page
    assert auditor.post(url("judge", one.pk, "C-12"), {"C-12-holds": "yes", "C-12-reason": REASON}).status_code == 403
    assert one.judgements.count() == 0


# -- what is shown ------------------------------------------------------------------------------------------------------


def test_what_is_reviewed_is_what_was_submitted_not_what_the_towns_write_now(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    items = [ItemInput("basic", "事業名を直してください。", "C-12")]
    by = {"application_id": one.pk, "viewer": scene.reviewer()}
    reviews.send_back_to_town(**by, items=items, due_on=clock.today() + timedelta(days=7))
    drafts.save_basic(
        application_id=one.pk, viewer=scene.planner(), revision=None, values={"title": "書きかけの事業名"}
    )
    page = read(client_for(scene.reviewer()), "review", one.pk)
    assert "書きかけの事業名" not in page
    assert "新規採用職員の合同研修" in page
    assert "事業名を直してください。" in page
    assert "補正待ち" in page


def test_a_resubmission_is_shown_beside_the_last_submission_with_its_changes(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    current = reviews.send_back_to_town(
        application_id=one.pk,
        viewer=scene.reviewer(),
        items=[ItemInput("basic", "実施方法を書いてください。")],
        due_on=clock.today() + timedelta(days=7),
    )
    drafts.save_basic(application_id=one.pk, viewer=scene.planner(), revision=None, values={"plan": "研修を7回開く。"})
    item = current.items.get()
    reviews.answer_item(application_id=one.pk, viewer=scene.planner(), item_id=item.pk, answer="書きました。")
    submissions.resubmit(application_id=one.pk, viewer=scene.approver())
    response = client_for(scene.reviewer()).get(url("review", one.pk))
    lines = {line.label: line for line in response.context["case"].overview}
    assert response.context["case"].earlier.label == "前回提出（第1版）"
    assert lines["事業の内容"].changed
    assert (lines["事業の内容"].before, lines["事業の内容"].after) == (
        "採用3年目までの職員を対象に研修を6回開く。",
        "研修を7回開く。",
    )
    assert not lines["目的"].changed
    assert "書きました。" in response.content.decode()


def test_the_year_before_is_compared_line_by_line(client_for: SignIn):
    scene = Scene()
    last_year = scene.application("submitted", grant_yen=5_000_000)
    old_call = CallFactory(ruleset=scene.call.ruleset, fiscal_year=2025)
    closed = {
        "number": "successor-2025-1-001",
        "fiscal_year": 2025,
        "state": State.CLOSED,
        "granted_yen": 5_000_000,
        "fixed_yen": 5_000_000,
    }
    Application.objects.filter(pk=last_year.pk).update(call=old_call, **closed)
    one = scene.application("bureau_review", grant_yen=6_000_000)
    response = client_for(scene.reviewer()).get(url("review", one.pk), {"compare": "year"})
    case = response.context["case"]
    assert case.facts[1] == ("前年度との差", "+1,000,000", "円（+20.0％）")
    assert [(row.before_yen, row.difference_yen) for row in case.costs.rows] == [(5_000_000, 1_000_000)]
    assert {line.label for line in case.overview if line.changed} == {"申請額"}
    assert "前年度（令和7年度）" in response.content.decode()


def test_the_first_submission_says_that_there_is_nothing_to_compare(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    assert "比べる前の申請はありません" in read(client_for(scene.reviewer()), "review", one.pk)


def test_the_panel_puts_first_what_needs_somebody():
    scene = Scene()
    one = scene.application("bureau_review")
    panel = panel_of(one, scene.reviewer())
    assert panel is not None
    order = [Result.FAIL, Result.JUDGE, Result.NO_DATA, Result.WARN]
    results = [rule.finding.result for rule in panel.pressing]
    assert results == sorted(results, key=order.index)
    assert [rule.id for rule in panel.walk() if rule.asks] == ["N-06", "C-12"]
    assert sum(count.number for count in panel.tally) + len(panel.off) == len(one.evaluation.findings["findings"])
    assert panel_of(one, scene.planner()) is not None
    assert not panel_of(one, scene.staff()).may_judge  # headquarters waits for the forwarding


def test_steps_carry_their_days_and_the_expected_decision(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    steps = client_for(scene.reviewer()).get(url("review", one.pk)).context["case"].steps
    today = wareki(clock.today()).split("年")[1]
    assert [step.title for step in steps] == ["提出", "受付", "振興局審査", "進達", "本庁審査", "決裁", "交付決定"]
    assert [step.note for step in steps[:2]] == [today, today]
    assert steps[2].current
    assert steps[2].note.startswith("期限 ")
    assert steps[-1].note.startswith("見込 ")


def test_internal_notes_and_opinions_never_reach_a_towns_page(client_for: SignIn):
    scene = Scene()
    one = scene.application("hq_review")
    reviews.write_note(application_id=one.pk, viewer=scene.staff(), text="内緒の審査メモ")
    reviews.write_opinion(application_id=one.pk, viewer=scene.staff(), text="内緒の本庁意見")
    cost = one.costs.get()
    reviews.reduce_line(
        application_id=one.pk, viewer=scene.staff(), cost_id=cost.pk, amount_yen=1_000, reason="内緒の減額理由"
    )
    assert "内緒の審査メモ" in read(client_for(scene.staff()), "review", one.pk)
    pages = [
        reverse("subsidies:application_detail", args=[one.pk]),
        reverse("subsidies:application_list"),
        reverse("subsidies:document_list", args=[one.pk]),
        reverse("portal:worklist"),
        reverse("portal:home"),
    ]
    for person in (scene.planner(), scene.approver(), scene.planner("014273"), scene.field_officer()):
        client = client_for(person)
        for address in pages:
            page = client.get(address).content.decode()
            assert "内緒" not in page
            assert "採択が適当である。" not in page
            assert "審査調書" not in page
            assert "庁内限り" not in page


def test_the_page_does_not_ask_more_often_for_more_members_lines_and_notes(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    address = url("review", one.pk)
    client.get(address)
    few = len(queries_of(lambda: client.get(address)))
    for number in range(20):
        reviews.write_note(application_id=one.pk, viewer=scene.reviewer(), text=f"メモ{number}")
        CorrectionRound.objects.create(
            application=one, number=number + 1, office_key="x", returned_from="submitted", due_on=clock.today(),
            by_id=scene.reviewer().user_id, at=clock.now(),
        )  # fmt: skip
    client.get(address)  # the menu counts anew after what was written
    assert len(queries_of(lambda: client.get(address))) <= few + 1  # + the items of the rounds
    assert few <= 40
