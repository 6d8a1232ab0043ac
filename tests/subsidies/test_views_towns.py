"""The municipal pages besides the wizard: beginning, consent, submission, correction, papers, the application itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from common.models import StoredFile
from common.viewer import Duty
from subsidies.models import Application
from subsidies.services import reviews
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.subsidies import CallFactory, Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

from .wizard import address, post

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def page(name: str, application: Application, *args: object) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk, *args])


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


# -- beginning -------------------------------------------------------------------------------------------------------


def test_a_planner_begins_for_a_region_of_her_town(scene):
    client = client_for(scene.planner())
    listed = client.get(reverse("subsidies:apply")).content.decode()
    assert "申請を始める" in listed
    assert "50,000,000" not in listed, "no town ever reads a budget"
    start = reverse("subsidies:apply_start", args=[scene.call.pk])
    assert "長沼・栗山連携地域" in client.get(start).content.decode()
    went = client.post(start, {"region": scene.region.pk})
    application = Application.objects.get()
    assert went["Location"] == address(application, "basic")
    assert application.parts.count() == 3


def test_last_years_application_is_copied_with_its_content_but_not_its_dates(scene):
    old = scene.application()
    call = CallFactory(ruleset=scene.call.ruleset, fiscal_year=2027)
    client = client_for(scene.planner())
    client.post(reverse("subsidies:apply_start", args=[call.pk]), {"region": scene.region.pk, "copy_from": str(old.pk)})
    new = Application.objects.get(call=call)
    assert (new.copied_from_id, new.purpose, new.requested_yen) == (old.pk, old.purpose, old.requested_yen)
    assert new.costs.count() == old.costs.count()
    assert (new.start_on, new.declared) == (None, False)


def test_a_second_application_in_one_call_is_refused_with_its_number(scene):
    first = scene.application(filled=False)
    client = client_for(scene.planner("014273"))
    answer = client.post(reverse("subsidies:apply_start", args=[scene.call.pk]), {"region": scene.region.pk})
    assert answer.status_code == 422
    assert first.number in answer.content.decode()


def test_a_region_of_which_the_town_is_no_member_cannot_be_chosen(scene):
    town = MunicipalityFactory(code="012025", name="函館市", bureau=BureauFactory(code="oshima"))
    client = client_for(saved(viewer(Duty.MP, municipality=town.code)))
    start = reverse("subsidies:apply_start", args=[scene.call.pk])
    assert "連携地域がありません" in client.get(start).content.decode()
    assert client.post(start, {"region": scene.region.pk}).status_code == 422
    assert not Application.objects.exists()


# -- consent ---------------------------------------------------------------------------------------------------------


def test_an_approver_reads_one_page_and_consents_with_a_document_number(scene):
    application = scene.application("consent")
    client = client_for(scene.approver("014273"))
    read = client.get(page("application_consent", application)).content.decode()
    for told in ("由仁町の配分額", "2,000,000", "由仁町の負担額", "同意の状況（0／3）", "要同意"):
        assert told in read
    went = client.post(page("application_agree", application), {"document_no": "由企第5号", "note": "異存なし"})
    assert went.status_code == 302
    part = application.parts.get(municipality="014273")
    assert (part.consent, part.consent_document_no, part.consented_on) == ("agreed", "由企第5号", date(2026, 11, 21))
    assert "由企第5号" in client.get(page("application_consent", application)).content.decode()


def test_a_refusal_needs_a_reason_and_brings_the_application_back(scene):
    application = scene.application("consent")
    client = client_for(scene.approver("014273"))
    empty = client.post(page("application_decline", application), {"reason": " "})
    assert empty.status_code == 422
    assert "理由を入力してください。" in empty.content.decode()
    client.post(page("application_decline", application), {"reason": "負担額を見直したい"})
    assert fresh(application).state == "draft"
    assert (
        "負担額を見直したい"
        in client_for(scene.planner()).get(page("application_detail", application)).content.decode()
    )


def test_a_planner_reads_the_consents_and_gives_none(scene):
    application = scene.application("consent")
    client = client_for(scene.planner("014273"))
    read = client.get(page("application_consent", application)).content.decode()
    assert "として同意する" not in read
    assert client.post(page("application_agree", application), {}).status_code == 403


# -- submission ------------------------------------------------------------------------------------------------------


def test_the_approver_of_the_lead_submits_with_number_and_confirmation(scene):
    application = scene.application("ready")
    client = client_for(scene.approver())
    url = page("application_submit", application)
    unconfirmed = client.post(url, {"document_no": "長企第7号"})
    assert unconfirmed.status_code == 422
    assert 'value="長企第7号"' in unconfirmed.content.decode()
    assert client.post(url, {"document_no": "長企第7号", "confirmed": "on"}).status_code == 302
    submitted = fresh(application)
    assert (submitted.state, submitted.lead_document_no) == ("submitted", "長企第7号")


def test_what_keeps_from_submitting_is_told_before_the_button(scene):
    application = scene.application("ready")
    scene.call.closes_on = clock.today() - timedelta(days=1)
    scene.call.save()
    read = client_for(scene.approver()).get(page("application_submit", application)).content.decode()
    assert "いまは提出できません" in read
    assert "締切（令和8年11月20日）を過ぎています。" in read
    assert "提出する</button>" not in read


def test_a_submission_is_taken_back_before_receipt_and_withdrawn_with_a_reason_after(scene):
    application = scene.application("submitted")
    client = client_for(scene.approver())
    assert client.post(page("application_take_back", application), {}).status_code == 422
    client.post(page("application_take_back", application), {"confirmed": "on"})
    assert fresh(application).state == "draft"
    scene.call = CallFactory(ruleset=scene.call.ruleset)
    other = scene.application("bureau_review")
    url = page("application_withdraw", other)
    refused = client.post(url, {"confirmed": "on", "reason": ""})
    assert "受付後の取下げには理由が必要です。" in refused.content.decode()
    client.post(url, {"confirmed": "on", "reason": "計画を見直すため"})
    assert fresh(other).state == "withdrawn"


def test_a_consultation_is_asked_for_by_the_lead_and_the_bureau_then_reads_the_draft(scene):
    application = scene.application()
    bureau = client_for(scene.reviewer())
    assert bureau.get(page("application_detail", application)).status_code == 404
    went = client_for(scene.planner()).post(page("application_consult", application), {"points": "対象経費について"})
    assert went.status_code == 302
    assert fresh(application).consultations.get().points == "対象経費について"
    assert bureau.get(page("application_detail", application)).status_code == 200
    assert client_for(scene.planner("014273")).get(page("application_consult", application)).status_code == 403


# -- correction ------------------------------------------------------------------------------------------------------


@pytest.fixture
def returned(scene: Scene) -> Application:
    application = scene.application("bureau_review")
    reviews.send_back_to_town(
        application_id=application.pk,
        viewer=scene.reviewer(),
        items=[reviews.ItemInput("costs", "積算の内訳を書いてください。"), reviews.ItemInput("documents", "見積書")],
        due_on=date(2026, 12, 5),
        message="よろしくお願いします。",
    )
    return fresh(application)


def test_items_are_answered_with_links_to_the_steps_and_resubmitted(scene, returned):
    url = page("application_corrections", returned)
    planner, approver = client_for(scene.planner()), client_for(scene.approver())
    read = planner.get(url).content.decode()
    assert "よろしくお願いします。" in read
    assert f'href="{address(returned, "costs")}"' in read
    assert f'href="{address(returned, "confirm")}"' in read
    first, second = returned.rounds.get().items.all()
    planner.post(url, {f"answer_{first.pk}": "内訳を追記しました。", f"answer_{second.pk}": ""})
    waiting = approver.get(url).content.decode()
    assert "補正項目への回答が1件残っています。" in waiting
    refused = approver.post(url, {"act": "resubmit"})
    assert refused.status_code == 422
    planner.post(url, {f"answer_{first.pk}": "内訳を追記しました。", f"answer_{second.pk}": "添付しました。"})
    assert approver.post(url, {"act": "resubmit"}).status_code == 302
    assert fresh(returned).state == "submitted"


def test_a_changed_amount_asks_the_members_again(scene, returned):
    url = page("application_corrections", returned)
    planner = client_for(scene.planner())
    assert "同意した内容は変わっていません。" in planner.get(url).content.decode()
    post(
        planner, returned, "costs", costs__0__amount_yen="5,000,000", costs__0__eligible_yen="5,000,000",
        requested_yen="5,000,000", even="1",
    )  # fmt: skip
    assert "同意を取り直す必要があります" in planner.get(url).content.decode()
    first, second = returned.rounds.get().items.all()
    answers = {f"answer_{first.pk}": "減額", f"answer_{second.pk}": "添付"}
    planner.post(url, answers | {"act": "ask_again"})
    assert set(returned.parts.values_list("consent", flat=True)) == {"asked"}
    assert returned.rounds.get().items.filter(answer="").count() == 0, "the answers are kept with every button"
    for town in scene.members:
        client_for(scene.approver(town.code)).post(page("application_agree", returned), {})
    assert client_for(scene.approver()).post(url, {"act": "resubmit"}).status_code == 302


def test_offices_read_the_submitted_version_while_the_town_corrects(scene, returned):
    post(client_for(scene.planner()), returned, "basic", title="書きかけの題名")
    read = client_for(scene.reviewer()).get(page("application_detail", returned)).content.decode()
    assert "書きかけの題名" not in read
    assert "第1版" in read
    assert "書きかけの題名" in client_for(scene.planner()).get(page("application_detail", returned)).content.decode()


# -- papers ----------------------------------------------------------------------------------------------------------


def test_a_paper_is_attached_read_and_taken_out(scene):
    application = scene.application()
    planner = client_for(scene.planner())
    upload = SimpleUploadedFile("見積書.pdf", PDF, content_type="application/pdf")
    planner.post(page("attachment_add", application), {"label": "その他の書類", "upload": upload})
    file = StoredFile.objects.of(application).get()
    answer = planner.get(page("attachment", application, file.pk))
    assert b"".join(answer.streaming_content) == PDF
    assert client_for(scene.approver("014273")).get(page("attachment", application, file.pk)).status_code == 200
    town = MunicipalityFactory(code="012025", name="函館市", bureau=BureauFactory(code="oshima"))
    stranger = client_for(saved(viewer(Duty.MP, municipality=town.code)))
    assert stranger.get(page("attachment", application, file.pk)).status_code == 404
    planner.post(page("attachment_remove", application, file.pk))
    assert not StoredFile.objects.of(application).exists()
    assert planner.get(page("attachment", application, file.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("見積書.exe", b"MZ", "この種類のファイル"), ("見積書.pdf", b"", "空"), ("見積書.pdf", b"<html>", "形式")],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_the_reason(scene, name, content, why):
    application = scene.application()
    upload = SimpleUploadedFile(name, content)
    answer = client_for(scene.planner()).post(
        page("attachment_add", application), {"label": "その他の書類", "upload": upload}, follow=True
    )
    assert why in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_file_of_another_application_is_not_found_under_this_one(scene):
    one = scene.application()
    scene.call = CallFactory(ruleset=scene.call.ruleset)
    two = scene.application()
    planner = client_for(scene.planner())
    upload = SimpleUploadedFile("見積書.pdf", PDF)
    planner.post(page("attachment_add", one), {"label": "その他の書類", "upload": upload})
    file = StoredFile.objects.of(one).get()
    assert planner.get(page("attachment", two, file.pk)).status_code == 404


# -- the application -------------------------------------------------------------------------------------------------


def test_nothing_internal_reaches_the_town(scene):
    application = scene.application("bureau_review")
    reviews.write_note(application_id=application.pk, viewer=scene.reviewer(), text="内部のメモ")
    reviews.write_opinion(
        application_id=application.pk,
        viewer=scene.reviewer(),
        text="内部の意見",
        priority="low",
        proposed_yen=1_234_000,
    )
    for person in (scene.planner(), scene.approver("014273")):
        read = client_for(person).get(page("application_detail", application)).content.decode()
        for hidden in ("内部のメモ", "内部の意見", "1,234,000", "審査メモ", "意見を記入", "50,000,000", "庁内限り"):
            assert hidden not in read


def test_each_person_is_offered_what_she_may_do_now(scene):
    application = scene.application("ready")
    assert "提出へ進む" in client_for(scene.approver()).get(page("application_detail", application)).content.decode()
    planner = client_for(scene.planner()).get(page("application_detail", application)).content.decode()
    assert "提出へ進む" not in planner
    assert "同意の状況を見る" in planner
    bureau = client_for(scene.reviewer()).get(page("application_detail", application)).content.decode()
    assert 'class="dock"' not in bureau


def test_a_field_officer_reads_only_her_initiative(scene):
    application = scene.application()
    second = scene.add_project("広域バス")
    post(client_for(scene.planner()), application, "projects", **{f"use_{second.pk}": "on"})
    officer = scene.field_officer()
    application.items.get(project=scene.project).assignees.add(officer.user_id)
    read = client_for(officer).get(page("application_detail", application)).content.decode()
    assert "新規採用職員の合同研修" in read
    assert "広域バス" not in read


def test_many_saves_of_one_person_are_one_line_of_history(scene):
    application = scene.application()
    planner = client_for(scene.planner())
    for number in range(4):
        post(planner, application, "basic", title=f"題名{number}")
    read = planner.get(page("application_detail", application)).content.decode()
    assert read.count("を保存</strong>") == 1


def test_the_list_of_calls_asks_as_often_for_many(scene):
    client = client_for(scene.planner())
    from django.core.management import call_command

    call_command("createcachetable")
    assert_same_queries(
        client,
        reverse("subsidies:apply"),
        lambda: [CallFactory(ruleset=scene.call.ruleset, fiscal_year=year) for year in range(2027, 2047)],
    )
