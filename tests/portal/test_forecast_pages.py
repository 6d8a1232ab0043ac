"""The pages of the forecast on the published history: at once, by one click from a town or region; words of two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from common.documents import unissued
from common.models import Task
from common.tasks import run_next
from common.viewer import Duty
from portal import forecast_drawing
from portal.forecast_paper import paper_of
from regions.models import FutureForecast
from regions.services import ForecastDraft, agree_forecast, create_forecast, show_forecast
from tests.queries import BUDGET, assert_same_queries, queries_of
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("history_db")]

NEMURO = ["012238", "016918", "016926", "016934", "016942"]
LOOK = reverse("regions:forecast_look")


def client(duty: Duty, town: str = "012238", bureau: str = "nemuro") -> Client:
    return client_for(viewer(duty, municipality=town, bureau=bureau))


def draft(title: str = "根室の未来", **more: Any) -> ForecastDraft:
    return ForecastDraft(**{"title": title, "towns": tuple(NEMURO), "owners": ("012238",), "series": "ipss_r5"} | more)


def made(title: str = "根室の未来", **more: Any) -> FutureForecast:
    return create_forecast(draft(title, **more), viewer=saved(viewer(Duty.MP, municipality="012238")))


def posted(forecast: FutureForecast | None = None, **more: Any) -> dict[str, Any]:
    data = {
        "title": "根室の未来",
        "towns": NEMURO,
        "owners": ["012238"],
        "series": "ipss_r5",
        "remarks": "",
        "issues-TOTAL_FORMS": "1",
        "issues-INITIAL_FORMS": "0",
        "issues-0-field": "",
        "issues-0-issue": "",
        "issues-0-next_step": "",
    }
    return data | ({"revision": str(forecast.revision)} if forecast else {}) | more


class TestAtOnce:
    def test_a_town_begins_with_its_region(self):
        page = client(Duty.MP).get(LOOK)
        assert list(page.context["asked"].members) == NEMURO
        text = page.content.decode()
        assert "71,771" in text
        assert "52,607" in text
        assert "市町村を選び直す（5市町村を選択中）" in text

    def test_a_bureau_begins_with_the_towns_under_it_and_headquarters_chooses(self):
        assert list(client(Duty.BS).get(LOOK).context["asked"].members) == NEMURO
        page = client(Duty.HS).get(LOOK)
        assert page.context["paper"] is None
        assert "市町村を1つ以上選んでください。" in page.content.decode()

    def test_one_click_from_the_page_of_a_region_or_a_town(self):
        reader = client(Duty.HS)
        for page, link in (
            (reverse("regions:region_detail", args=["A06"]), f"{LOOK}?region=A06"),
            (reverse("municipalities:municipality_detail", args=["016934"]), f"{LOOK}?town=016934"),
        ):
            assert f'href="{link}"' in reader.get(page).content.decode()
            assert set(reader.get(link).context["asked"].members) == set(NEMURO)
        assert reader.get(f"{LOOK}?town=016934").context["asked"].members[0] == "016934"

    def test_a_region_that_is_not_visible_chooses_nobody(self):
        page = client(Duty.OB).get(f"{LOOK}?region=NOWHERE")
        assert page.context["asked"].members == ()

    def test_towns_are_added_and_taken_away_by_the_address(self):
        page = client(Duty.OB).get(f"{LOOK}?member=012238&member=016918&add=016926&remove=016918")
        assert page.context["asked"].members == ("012238", "016926")

    def test_one_edition_counts_even_where_two_are_named(self):
        page = client(Duty.MP).get(f"{LOOK}?member=012238&series=ipss_r5&series=ipss_h30")
        assert page.context["paper"]["series"] == "平成30年推計"
        assert page.context["paper"]["base_year"] == 2015

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("member=012239", "検査数字"),
            ("member=999997", "登録されていません"),
            ("member=012238&series=ipss_r9", "将来推計の版「ipss_r9」は登録されていません。"),
            ("member=012238&series=census", "将来推計の版「census」は登録されていません。"),
        ],
    )
    def test_what_cannot_be_computed_is_said_above_the_choice(self, query: str, message: str):
        page = client(Duty.MP).get(f"{LOOK}?{query}")
        assert page.status_code == 422
        assert message in page.content.decode()
        refused = client(Duty.MP).get(f"{reverse('regions:forecast_look_pdf')}?{query}")
        assert refused.status_code == 302

    def test_an_edition_without_the_town_says_no_data(self):
        text = client(Duty.MP).get(f"{LOOK}?member=012238&series=ipss_h25").content.decode()
        assert "データなし" in text
        assert "平成25年3月推計に根室市の値は登録されていません。" in text

    def test_the_paper_is_a_pdf(self):
        answer = client(Duty.OB).get(f"{reverse('regions:forecast_look_pdf')}?member=012238")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")

    def test_a_large_part_of_the_prefecture_is_drawn_by_the_worker(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(forecast_drawing, "LARGE", 4)
        reader = client(Duty.MP)
        address = f"{reverse('regions:forecast_look_pdf')}?{'&'.join(f'member={code}' for code in NEMURO)}"
        waiting = reader.get(address)
        task = Task.objects.get(kind=unissued.DRAW)
        assert waiting["Location"] == reverse("portal:task_detail", args=[task.pk])
        assert reader.get(address)["Location"] == waiting["Location"], "asked twice is drawn once"
        done = run_next("test", heartbeat=False)
        assert done is not None
        done.refresh_from_db()
        assert done.state == Task.State.DONE, done.error
        answer = reader.get(done.result["url"])
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert client(Duty.OB).get(waiting["Location"]).status_code == 404, "the task is its owner's"

    def test_what_was_drawn_long_ago_is_cleared_away(self, monkeypatch: pytest.MonkeyPatch):
        name = default_storage.save(f"{unissued.FOLDER}/old.pdf", ContentFile(b"%PDF-"))
        monkeypatch.setattr(unissued, "KEPT", timedelta(days=-1))
        unissued._clear()
        assert not default_storage.exists(name)

    def test_only_a_town_may_store_it(self):
        assert "所見と優先課題を書く" in client(Duty.MP).get(LOOK).content.decode()
        assert "所見と優先課題を書く" not in client(Duty.BS).get(LOOK).content.decode()

    def test_its_questions_do_not_grow_with_the_towns(self):
        reader = client(Duty.MP)
        few, many = f"{LOOK}?member=012238", f"{LOOK}?{'&'.join(f'member={code}' for code in NEMURO)}"
        for address in (few, many):
            reader.get(address)
        counts = [len(queries_of(lambda address=address: reader.get(address))) for address in (few, many)]
        assert counts[0] == counts[1] <= BUDGET + 10, "the page of six rooms: chooser, people, indicators, fields"


class TestStored:
    def test_a_planner_stores_it_with_words(self):
        writer = client(Duty.MP)
        page = writer.get(f"{reverse('regions:forecast_new')}?member=016918&series=ipss_r5")
        assert page.context["form"].initial["towns"] == ["012238", "016918"], "the own town is always in"
        answer = writer.post(
            reverse("regions:forecast_new"),
            posted(remarks="冬の道が長い。", **{"issues-0-issue": "通院の足", "issues-0-field": "health_welfare"}),
        )
        stored = FutureForecast.objects.get()
        assert answer["Location"] == reverse("regions:forecast_detail", args=[stored.pk])
        text = writer.get(answer["Location"]).content.decode()
        for said in ("作成中", "通院の足", "医療・福祉", "冬の道が長い。", "71,771"):
            assert said in text

    def test_towns_are_added_to_a_draft_by_name(self):
        stored = made()
        address = reverse("regions:forecast_edit", args=[stored.pk])
        writer = client(Duty.MP)
        wrong = writer.post(address, posted(stored, more="弟子屈町、どこか町"))
        assert "「どこか町」という市町村は登録されていません。" in wrong.content.decode()
        assert writer.post(address, posted(stored, more="弟子屈町")).status_code == 302
        assert set(stored.towns.values_list("pk", flat=True)) == {*NEMURO, "016659"}

    def test_what_was_typed_stays_beside_the_error(self):
        answer = client(Duty.MP).post(
            reverse("regions:forecast_new"),
            posted(title="", remarks="消えては困る言葉", **{"issues-0-next_step": "次"}),
        )
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "消えては困る言葉" in text
        assert "優先課題を入力してください。" in text

    def test_two_people_at_once_lose_nobodys_words(self):
        stored = made()
        address = reverse("regions:forecast_edit", args=[stored.pk])
        first, second = client(Duty.MP), client(Duty.MF)
        assert first.post(address, posted(stored, remarks="先に書いた言葉")).status_code == 302
        answer = second.post(address, posted(stored, remarks="後に書いた言葉"))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "先に書いた言葉" in text, "what is saved stands there to compare"
        assert "後に書いた言葉" in text, "what was typed stays"
        stored.refresh_from_db()
        assert stored.remarks == "先に書いた言葉"
        again = posted(stored, remarks="先に書いた言葉と後に書いた言葉", revision=str(answer.context["revision"]))
        assert second.post(address, again).status_code == 302
        stored.refresh_from_db()
        assert stored.remarks == "先に書いた言葉と後に書いた言葉"

    def test_the_bureau_comments_on_what_was_shown_and_associations_read_what_is_published(self):
        stored = made()
        detail = reverse("regions:forecast_detail", args=[stored.pk])
        bureau, association = client(Duty.BS), client(Duty.OB)
        assert bureau.get(detail).status_code == 404
        client(Duty.MP).post(reverse("regions:forecast_show", args=[stored.pk]))
        assert "意見を送る" in bureau.get(detail).content.decode()
        bureau.post(reverse("regions:forecast_comment", args=[stored.pk]), {"text": "職種の内訳も見てください。"})
        assert "職種の内訳も見てください。" in client(Duty.MP).get(detail).content.decode()
        assert association.get(detail).status_code == 404
        client(Duty.MA).post(reverse("regions:forecast_agree", args=[stored.pk]), {"revision": "1"})
        text = association.get(detail).content.decode()
        assert "公表" in text
        assert "職種の内訳も見てください。" not in text, "comments stay between the town and the prefecture"
        pdf = association.get(reverse("regions:forecast_pdf", args=[stored.pk]))
        assert pdf.content.startswith(b"%PDF-")

    def test_an_old_page_does_not_publish_new_words(self):
        stored = made()
        client(Duty.MP).post(reverse("regions:forecast_edit", args=[stored.pk]), posted(stored, remarks="改めた"))
        answer = client(Duty.MA).post(reverse("regions:forecast_agree", args=[stored.pk]), {"revision": "1"})
        assert answer.status_code == 422
        assert "確認したあとに内容が変わりました" in answer.content.decode()

    def test_the_list_asks_as_often_for_many(self):
        def grow() -> None:
            for number in range(15):
                made(f"未来予測{number}", towns=tuple(NEMURO[: 1 + number % 5]))

        made("一つ目")
        published = made("二つ目")
        person = saved(viewer(Duty.MA, municipality="012238"))
        show_forecast(published.pk, viewer=saved(viewer(Duty.MP, municipality="012238")))
        agree_forecast(published.pk, revision=1, paper=paper_of, viewer=person)
        assert_same_queries(client(Duty.MP), reverse("regions:forecast_list"), grow)

    def test_the_list_of_an_association_holds_what_is_published(self):
        made("作成中のもの")
        out = made("公表するもの")
        agree_forecast(out.pk, revision=1, paper=paper_of, viewer=saved(viewer(Duty.MA, municipality="012238")))
        text = client(Duty.OB).get(reverse("regions:forecast_list")).content.decode()
        assert "公表するもの" in text
        assert "作成中のもの" not in text
