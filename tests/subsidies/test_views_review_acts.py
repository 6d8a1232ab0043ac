"""What each button of the review does: receive, judge, note, cut, return, forward, hand back, lapse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import audit, clock
from common.viewer import Duty, Viewer
from subsidies.forms.review import JudgeForm
from subsidies.models import Application, CorrectionItem, Judgement
from subsidies.rules.ruleset import Stage
from subsidies.rules.verdict import Finding, Result
from subsidies.services import reviews
from subsidies.services.reviews import ItemInput
from subsidies.states import State
from subsidies.verdict_panel import PanelRule, needs_of
from tests.factories.subsidies import Scene
from tests.subsidies.review_pages import read, state_of, url
from tests.viewers import viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]
REASON = "各町の議会で説明済みの財源であり、確実に続けられると認める。"


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
