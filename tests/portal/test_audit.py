"""操作の記録: found by person, act, application and day; a bureau reads its own, the administrator nothing internal."""

from __future__ import annotations

from datetime import date

import pytest

from common import audit, clock
from common.viewer import Duty
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer


def titles(client, **query: str) -> list[str]:
    return [event.title for event, *_ in client.get("/audit/", query).context["rows"]]


@pytest.fixture
def events(db: None) -> None:
    sorachi, nemuro = (saved(viewer(Duty.BS, bureau=code)) for code in ("sorachi", "nemuro"))
    with clock.standing_at(clock.at(date(2026, 4, 10))):
        audit.record(sorachi, "application.receive", ("subsidies.call", 1), "空知が受け付ける")
    with clock.standing_at(clock.at(date(2026, 4, 11), 23, 59)):
        audit.record(nemuro, "application.note", ("subsidies.call", 1), "根室が審査メモを書く", internal=True)


def test_an_auditor_reads_everything_newest_first(events: None):
    assert titles(client_for(viewer(Duty.AU))) == ["根室が審査メモを書く", "空知が受け付ける"]


def test_a_bureau_reads_what_its_own_office_did(events: None):
    assert titles(client_for(viewer(Duty.BM, bureau="sorachi"))) == ["空知が受け付ける"]


def test_the_administrator_reads_nothing_internal(events: None):
    assert titles(client_for(viewer(Duty.AD))) == ["空知が受け付ける"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "審査メモ"}, ["根室が審査メモを書く"]),
        ({"q": "空知"}, ["空知が受け付ける"]),
        ({"since": "令和8年4月11日"}, ["根室が審査メモを書く"]),
        ({"until": "R8.4.10"}, ["空知が受け付ける"]),
        ({"since": "2026-04-11", "until": "2026/4/11"}, ["根室が審査メモを書く"]),
        ({"q": "ない言葉"}, []),
    ],
)
def test_words_and_days_narrow(events: None, query: dict[str, str], found: list[str]):
    assert titles(client_for(viewer(Duty.AU)), **query) == found


def test_a_wrong_day_says_so_and_narrows_nothing(events: None):
    client = client_for(viewer(Duty.AU))
    assert "1か所を直してください" in client.get("/audit/", {"since": "きのう"}).content.decode()
    assert len(titles(client, since="きのう")) == 2


def test_everything_about_an_application_is_found_by_its_number(db: None):
    scene = Scene()
    application = scene.application("bureau_review")
    client = client_for(viewer(Duty.AU))
    by_number = titles(client, q=application.number)
    assert by_number == titles(client, q=application.receipt_number)
    assert len(by_number) > 3


def test_the_administrator_is_offered_no_page_she_cannot_open(db: None):
    application = Scene().application("bureau_review")
    address = f'href="/applications/{application.pk}/"'
    assert address in client_for(viewer(Duty.AU)).get("/audit/").content.decode()
    assert address not in client_for(viewer(Duty.AD)).get("/audit/").content.decode()


def test_many_events_ask_no_more_than_few(events: None):
    def grow() -> None:
        for number in range(60):
            audit.record(viewer(Duty.HS), "application.note", ("subsidies.application", number), "記録")

    assert_same_queries(client_for(viewer(Duty.AU)), "/audit/", grow)
