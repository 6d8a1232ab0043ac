"""The review of a case in the browser's eyes: what is shown to whom, and what each button does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import audit, clock
from common.fiscal_year import wareki
from common.viewer import Duty, Viewer
from subsidies.forms.review import JudgeForm
from subsidies.models import Application, CorrectionItem, CorrectionRound, Judgement
from subsidies.rules.ruleset import Stage
from subsidies.rules.verdict import Finding, Result
from subsidies.services import drafts, reviews, submissions
from subsidies.services.reviews import ItemInput
from subsidies.states import State
from subsidies.verdict_panel import PanelRule, needs_of, panel_of
from tests.factories.subsidies import CallFactory, Scene
from tests.queries import queries_of
from tests.viewers import viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
REASON = "各町の議会で説明済みの財源であり、確実に続けられると認める。"
ACTS = ("receive", "judge_again", "note", "opinion", "reduce", "return", "forward", "hand_back", "lapse")


def url(name: str, *args: object) -> str:
    return reverse(f"subsidies:application_{name}", args=args)


def read(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def state_of(application: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)


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
    closed = {"number": "successor-2025-1-001", "fiscal_year": 2025, "state": State.CLOSED, "granted_yen": 5_000_000}
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
    assert len(queries_of(lambda: client.get(address))) <= few + 1  # + the items of the rounds
    assert few <= 40


# -- receive ------------------------------------------------------------------------------------------------------------


def test_receiving_takes_a_number_and_judges(client_for: SignIn):
    scene = Scene()
    one = scene.application("submitted")
    client = client_for(scene.reviewer())
    assert "受け付ける" in read(client, "review", one.pk)
    answer = client.post(url("receive", one.pk), {"received_on": "R8.11.20"}, follow=True)
    one.refresh_from_db()
    assert (one.state, one.received_on.isoformat()) == ("bureau_review", "2026-11-20")
    assert one.receipt_number in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("令和8年13月1日", "日付として読み取れません"), ("", "入力してください。"), ("令和9年1月1日", "本日以前")],
)
def test_a_wrong_day_of_receipt_is_said_and_nothing_happens(client_for: SignIn, typed: str, said: str):
    scene = Scene()
    one = scene.application("submitted")
    answer = client_for(scene.reviewer()).post(url("receive", one.pk), {"received_on": typed}, follow=True)
    assert said in answer.content.decode()
    assert state_of(one) == "submitted"


# -- judge --------------------------------------------------------------------------------------------------------------


def test_a_judgement_is_recorded_with_its_reason(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    answer = client.post(url("judge", one.pk, "C-12"), {"C-12-holds": "yes", "C-12-reason": REASON})
    assert answer.url == f"{url('review', one.pk)}#C-12"
    said = one.judgements.get(rule="C-12")
    assert (said.result, said.reason, said.confirmed_by) == ("pass", REASON, None)
    page = read(client, "review", one.pk)
    assert REASON in page
    assert "判断を改める" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"C-12-holds": "yes", "C-12-reason": "短い"}, "20字以上"),
        ({"C-12-reason": REASON}, "選んでください。"),
        ({"C-12-holds": "yes"}, "入力してください。"),
    ],
)
def test_a_judgement_that_cannot_be_defended_is_refused_and_kept_on_the_page(
    client_for: SignIn, typed: dict[str, str], said: str
):
    scene = Scene()
    one = scene.application("bureau_review")
    answer = client_for(scene.reviewer()).post(url("judge", one.pk, "C-12"), typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert typed.get("C-12-reason", "") in answer.content.decode()
    assert one.judgements.count() == 0


def test_a_script_gets_only_the_panel_and_the_bar(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    typed = {"C-12-holds": "no", "C-12-reason": REASON}
    page = client.post(url("judge", one.pk, "C-12"), typed, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="rules"' in page
    assert 'id="dock" hx-swap-oob="true"' in page
    assert "C-12 を「不適合」と判断しました。" in page
    assert "不適合1件の補正" in page


def test_a_rule_of_headquarters_is_not_judged_at_the_bureau(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    answer = client.post(url("judge", one.pk, "N-12"), {"N-12-holds": "yes", "N-12-reason": REASON}, follow=True)
    assert "いまはここで判断できません" in answer.content.decode()
    assert one.judgements.count() == 0


POINTS = ("他地域の参考", "将来的な課題", "先駆的でモデル性", "持続可能")


@pytest.mark.parametrize(("answers", "holds"), [("yyyy", True), ("yyny", False)])
def test_a_rule_of_four_questions_holds_when_all_are_answered_yes(answers: str, holds: bool):
    rule = PanelRule(Finding(Result.JUDGE, "", rule="M-06", inputs={"points": list(POINTS)}), asks=True)
    words = {"y": "yes", "n": "no"}
    typed = {f"M-06-point{n}": words[letter] for n, letter in enumerate(answers)} | {"M-06-reason": REASON}
    form = JudgeForm(rule, 20, typed)
    assert [form.fields[f"point{n}"].label for n in range(4)] == list(POINTS)
    assert form.is_valid()
    assert form.judgement()["holds"] is holds
    assert form.judgement()["points"] == list(zip(POINTS, [letter == "y" for letter in answers], strict=True))
    assert not JudgeForm(rule, 20, {key: typed[key] for key in list(typed)[1:]}).is_valid()


def test_judging_again_reads_the_present_data(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    first = one.evaluation_id
    answer = client_for(scene.reviewer()).post(url("judge_again", one.pk), follow=True)
    one.refresh_from_db()
    assert one.evaluation_id > first
    assert "もう一度判定しました" in answer.content.decode()


# -- notes, opinion, reductions -------------------------------------------------------------------------------------------


def test_a_note_and_an_opinion_are_kept(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    client.post(url("note", one.pk), {"note-text": "町に電話で確認した。"})
    client.post(
        url("opinion", one.pk),
        {"opinion-text": "採択が適当。", "opinion-priority": "normal", "opinion-proposed_yen": "5,900,000"},
    )
    assert one.notes.get().text == "町に電話で確認した。"
    assert one.opinions.get().proposed_yen == 5_900_000
    too_much = {"opinion-text": "x", "opinion-proposed_yen": "99,000,000"}
    assert "申請額6,000,000円以内" in client.post(url("opinion", one.pk), too_much).content.decode()
    assert "入力してください。" in client.post(url("note", one.pk), {}).content.decode()


def test_a_cut_is_recorded_shown_and_taken_back(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client, cost = client_for(scene.reviewer()), one.costs.get()
    typed = {"reduce-cost": cost.pk, "reduce-amount_yen": "100千円", "reduce-reason": "単価が高い。"}
    client.post(url("reduce", one.pk), typed)
    assert one.reductions.get().amount_yen == 100_000
    assert "▲100,000" in read(client, "review", one.pk)
    refused = client.post(url("reduce", one.pk), typed | {"reduce-amount_yen": "99,000,000"}).content.decode()
    assert "減額は対象額6,000,000円以内" in refused
    assert "理由を入力" in client.post(url("reduce", one.pk), typed | {"reduce-reason": ""}).content.decode()
    client.post(url("reduce", one.pk), typed | {"reduce-amount_yen": "0"})
    assert one.reductions.count() == 0


# -- return, forward, hand back, lapse, consultation ----------------------------------------------------------------------


def test_items_are_proposed_from_what_fails_and_sent_as_edited(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    fails = Judgement(
        application=one, rule="C-12", result="fail", reason=REASON, by_id=scene.reviewer().user_id, who="x",
        office_key="bureau:sorachi", at=clock.now(),
    )  # fmt: skip
    fails.save()
    reviews.judge_again(application_id=one.pk, viewer=scene.reviewer())
    client = client_for(scene.reviewer())
    assert "差し戻す（補正1件）" in read(client, "review", one.pk)
    assert "C-12" in read(client, "return", one.pk)
    typed = {
        "items-0-target": "basic",
        "items-0-rule": "C-12",
        "items-0-text": "役割の分担を書き直してください。",
        "items-1-target": "costs",
        "items-1-rule": "",
        "items-1-text": "見積書を付けてください。",
        "items-2-target": "",
        "items-2-rule": "",
        "items-2-text": "",
        "due_on": "令和8年12月1日",
        "message": "お手数をおかけします。",
    }
    client.post(url("return", one.pk), typed)
    assert state_of(one) == "returned"
    items = CorrectionItem.objects.filter(round__application=one)
    assert [(item.target, item.rule, item.text) for item in items] == [
        ("basic", "C-12", "役割の分担を書き直してください。"),
        ("costs", "", "見積書を付けてください。"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"due_on": "令和8年12月1日"}, "補正してほしいことを1つ以上"),
        ({"items-0-text": "直す", "items-0-target": "costs"}, "補正の期限"),
        ({"items-0-text": "直す", "items-0-target": "costs", "due_on": "令和8年11月1日"}, "本日以後の日"),
        ({"items-0-text": "直す", "due_on": "令和8年12月1日"}, "箇所を選んでください"),
    ],
)
def test_a_return_that_says_too_little_is_refused(client_for: SignIn, typed: dict[str, str], said: str):
    scene = Scene()
    one = scene.application("bureau_review")
    answer = client_for(scene.reviewer()).post(url("return", one.pk), typed)
    assert said in answer.content.decode()
    assert state_of(one) == "bureau_review"


def test_forwarding_says_what_is_missing_then_confirms_the_judgements(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.head())
    assert needs_of(one, Stage.BUREAU) == "要判断2件の判断と意見の記入"
    assert "進達には<strong>要判断2件の判断と意見の記入</strong>が必要です。" in read(client, "forward", one.pk)
    assert "振興局の意見を記入してください。" in client.post(url("forward", one.pk)).content.decode()
    assert state_of(one) == "bureau_review"
    scene.judge_open(one, scene.reviewer(), Stage.BUREAU)
    reviews.write_opinion(application_id=one.pk, viewer=scene.reviewer(), text="採択が適当。", priority="normal")
    page = read(client, "forward", one.pk)
    assert "満たすと判断した" in page
    assert "採択が適当。" in page
    client.post(url("forward", one.pk))
    assert state_of(one) == "hq_review"
    assert {row.confirmed_by_id for row in one.judgements.all()} == {scene.head().user_id}


def test_headquarters_hands_back_with_a_reason_that_the_town_never_reads(client_for: SignIn):
    scene = Scene()
    one = scene.application("hq_review")
    client = client_for(scene.staff())
    assert "入力してください。" in client.post(url("hand_back", one.pk), {"reason": ""}).content.decode()
    client.post(url("hand_back", one.pk), {"reason": "内々の確認が足りない。"})
    assert state_of(one) == "bureau_review"
    town = client_for(scene.planner()).get(reverse("subsidies:application_detail", args=[one.pk])).content.decode()
    assert "内々の確認" not in town


def test_a_case_lapses_only_after_reminder_and_seven_days(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    reviews.send_back_to_town(
        application_id=one.pk,
        viewer=scene.reviewer(),
        items=[ItemInput("costs", "直してください。")],
        due_on=clock.today(),
    )
    client = client_for(scene.head())
    assert "補正の期限がまだ過ぎていません" in client.post(url("lapse", one.pk), {"reason": ""}).content.decode()
    past = clock.today() - timedelta(days=8)
    one.rounds.update(due_on=past, reminded_on=past + timedelta(days=1))
    client.post(url("lapse", one.pk), {"reason": ""})
    assert state_of(one) == "lapsed"


def test_the_bureau_records_a_consultation(client_for: SignIn):
    scene = Scene()
    one = scene.application("preconsult")
    client = client_for(scene.reviewer())
    address = reverse("subsidies:consultation_close", args=[one.pk])
    page = client.get(address).content.decode()
    assert "対象経費の範囲について" in page
    typed = {"held_on": "令和8年11月20日", "attendees": "長沼町、空知", "answers": "対象になる。", "next_action": ""}
    assert "入力してください。" in client.post(address, typed | {"answers": ""}).content.decode()
    client.post(address, typed)
    assert state_of(one) == "draft"
    assert one.consultations.get().answers == "対象になる。"
    stranger = client_for(viewer(Duty.BS, bureau="nemuro"))
    assert stranger.get(address).status_code == 404


def test_next_leads_through_the_queue_and_home_when_nothing_waits(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    assert client.get(url("next", one.pk)).url == reverse("subsidies:application_list")
    Application.objects.filter(pk=one.pk).update(state=State.HQ_REVIEW)
    assert client_for(scene.staff()).get(url("next", one.pk)).url == reverse("subsidies:application_list")


def test_every_act_is_in_the_history(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    client = client_for(scene.reviewer())
    client.post(url("judge", one.pk, "C-12"), {"C-12-holds": "yes", "C-12-reason": REASON})
    titles = [event.title for event in audit.timeline(one, internal=True)]
    assert "C-12 を判断（適合）" in titles
    shown = [event.title for event in client.get(url("review", one.pk)).context["case"].events]
    assert shown[0] == "C-12 を判断（適合）"  # the run of the rules that followed is not told twice
