"""The side navigation: each duty's entries, never one too many, none leading nowhere."""

from __future__ import annotations

import pytest

from common.viewer import NOBODY, Duty
from portal.menu import LIMIT, MENU, menu_for
from tests.viewers import client_for, viewer

from .world import World


def entries(duty: Duty) -> list:
    return [entry for group in menu_for(viewer(duty)) for entry in group.entries]


@pytest.mark.parametrize("duty", Duty)
def test_no_entry_leads_nowhere(duty: Duty, db: None):
    person = World().person(duty)
    client = client_for(person)
    shown = [entry for group in client.get("/").context["menu"] for entry in group.entries]
    assert 1 <= len(shown) <= LIMIT
    answers = {entry.title: client.get(entry.url).status_code for entry in shown}
    assert set(answers.values()) == {200}, answers


def test_no_duty_has_more_entries_than_the_menu_holds():
    held = {duty: sum(duty in entry.duties for _, group in MENU for entry in group) for duty in Duty}
    assert max(held.values()) <= LIMIT, held


def test_the_technical_site_is_in_the_administrators_menu_alone(db: None):
    having = [duty for duty in Duty if "システム管理" in [entry.title for entry in entries(duty)]]
    assert having == [Duty.AD]


def test_the_present_place_is_marked(db: None):
    page = client_for(viewer(Duty.BS)).get("/worklist/")
    (current,) = [entry for group in page.context["menu"] for entry in group.entries if entry.current]
    assert current.title == "未処理一覧"
    assert 'aria-current="page">未処理一覧' in page.content.decode()


@pytest.mark.parametrize(
    ("duty", "view", "place"),
    [
        (Duty.BM, "subsidies:case_return", "申請・交付決定"),
        (Duty.AC, "subsidies:report_detail", "申請・交付決定"),
        (Duty.AC, "subsidies:payment_list", "支払"),
        (Duty.MP, "subsidies:payment_claim", "申請・交付決定"),
        (Duty.MP, "subsidies:call_detail", "申請を始める"),
        (Duty.HS, "subsidies:call_detail", "募集と配分"),
        (Duty.MP, "subsidies:follow_up_detail", "申請・交付決定"),
        (Duty.HS, "subsidies:follow_up_detail", "年度と記録"),
        (Duty.HS, "regions:agreement_detail", "連携地域"),
        (Duty.MP, "regions:agreement_detail", "協定・ビジョン"),
    ],
)
def test_the_narrowest_place_alone_is_marked(duty: Duty, view: str, place: str, db: None):
    lines = [line for group in menu_for(viewer(duty), view) for line in group.entries]
    assert [line.title for line in lines if line.current] == [place]


def test_nobody_has_no_menu():
    assert menu_for(NOBODY) == []


def test_what_comes_after_the_daily_work_is_reached_in_two_clicks(db: None):
    wanted = {
        Duty.HS: {"年度更新", "支払", "保存と廃棄", "情報公開用の書き出し", "交付金台帳", "支援後の状況"},
        Duty.HM: {"年度更新", "支払", "保存と廃棄", "情報公開用の書き出し", "交付金台帳", "支援後の状況"},
        Duty.BM: {"支払", "保存と廃棄", "交付金台帳", "支援後の状況", "操作の記録"},
        Duty.AU: {"年度更新", "支払", "保存と廃棄", "交付金台帳", "支援後の状況", "操作の記録"},
    }
    for duty, titles in wanted.items():
        person = World().person(duty)
        client = client_for(person)
        assert "年度と記録" in [entry.title for group in client.get("/").context["menu"] for entry in group.entries]
        pages = [page for group in client.get("/records/").context["groups"] for page in group.pages]
        assert titles <= {page.title for page in pages}
        assert {client.get(page.url).status_code for page in pages} == {200}


def test_a_page_behind_the_records_marks_its_entry(db: None):
    page = client_for(World().person(Duty.HM)).get("/retention/")
    (current,) = [entry for group in page.context["menu"] for entry in group.entries if entry.current]
    assert current.title == "年度と記録"
