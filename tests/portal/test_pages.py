"""The start page and the worklist: what waits, until when, and what is new, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock, notices
from common.viewer import Duty
from subsidies.models import Application
from tests.factories.municipalities import BureauFactory
from tests.factories.subsidies import CallFactory, Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, viewer


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_a_submitted_application_waits_for_the_bureau_and_the_town_waits_for_the_bureau(scene: Scene):
    scene.application("submitted")
    theirs = client_for(scene.reviewer()).get("/")
    assert [item.title for item in theirs.context["rows"]] == ["長沼・栗山連携地域"]
    assert "要受付" in theirs.content.decode()
    towns = client_for(scene.planner()).get("/")
    assert towns.context["rows"] == []
    assert [item.label for item in towns.context["waiting"]] == ["受付待ち"]


def test_another_bureau_has_nothing_to_do_with_it(scene: Scene):
    scene.application("submitted")
    BureauFactory(code="nemuro", name="根室振興局")
    page = client_for(viewer(Duty.BS, bureau="nemuro")).get("/")
    assert (page.context["rows"], page.context["waiting"]) == ([], [])
    assert "処理を待つものはありません" in page.content.decode()


def test_what_is_overdue_is_red_and_comes_first(scene: Scene):
    application = scene.application("bureau_review")
    Application.objects.filter(pk=application.pk).update(due_on=clock.today() - timedelta(days=1))
    page = client_for(scene.reviewer()).get("/worklist/")
    text = page.content.decode()
    assert 'class="state state--late">期限超過' in text
    assert "1日超過" in text
    assert "期限超過<strong>1件</strong>" in text


@pytest.mark.parametrize(("show", "rows"), [("", 1), ("late", 1), ("soon", 0), ("申請", 1), ("報告", 0)])
def test_filters_leave_what_they_say(scene: Scene, show: str, rows: int):
    application = scene.application("bureau_review")
    Application.objects.filter(pk=application.pk).update(due_on=clock.today() - timedelta(days=1))
    page = client_for(scene.reviewer()).get("/worklist/", {"show": show})
    assert len(page.context["rows"]) == rows
    if not rows:
        assert "この条件に合うものはありません" in page.content.decode()


def test_a_page_past_the_end_shows_the_last(scene: Scene):
    scene.application("submitted")
    page = client_for(scene.reviewer()).get("/worklist/?page=99")
    assert page.status_code == 200
    assert len(page.context["rows"]) == 1


def test_the_menu_counts_what_waits(scene: Scene):
    scene.application("submitted")
    text = client_for(scene.reviewer()).get("/password/").content.decode()
    assert '<span class="count"><span class="vh">、</span>1<span class="vh">件</span></span>' in text


def test_a_notice_is_new_once(scene: Scene):
    notices.send("bureau:sorachi", [Duty.BS], "申請が提出されました", url="/worklist/")
    client = client_for(scene.reviewer())
    assert "新着" in client.get("/").content.decode()
    again = client.get("/").content.decode()
    assert "申請が提出されました" in again
    assert "新着" not in again


def test_the_books_close_for_those_who_settle_and_not_for_towns(db: None, settings):
    settings.DEMO_DATE = "2026-05-30"
    bureau = client_for(viewer(Duty.BS)).get("/").content.decode()
    assert "令和7年度 出納閉鎖" in bureau
    assert "あと1日" in bureau
    assert "出納閉鎖" not in client_for(viewer(Duty.MP)).get("/").content.decode()
    settings.DEMO_DATE = "2026-06-01"
    assert "令和7年度 出納閉鎖" not in client_for(viewer(Duty.BS)).get("/").content.decode()


@pytest.mark.parametrize("address", ["/", "/worklist/"])
def test_many_rows_ask_no_more_than_few(scene: Scene, address: str):
    scene.application("submitted")
    person = scene.reviewer()
    client = client_for(person)

    def grow() -> None:
        first = Application.objects.get()
        for number in range(1, 40):
            call = CallFactory(ruleset=scene.call.ruleset)
            Application.objects.create(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Application._meta.fields
                    if field.attname not in ("id", "call_id", "serial", "number", "evaluation_id")
                },
                call=call,
                serial=1,
                number=f"増やした{number}",
            )

    assert_same_queries(client, address, grow)
