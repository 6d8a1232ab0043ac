"""The list of municipalities and the page of one: what they show, to whom, with how many queries."""

from __future__ import annotations

import re

import pytest

from common.viewer import Duty
from municipalities.models import Municipality, PopulationFigure
from tests.queries import BUDGET, queries_of
from tests.reference import reference_db  # noqa: F401
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]

LIST = "/municipalities/"


@pytest.fixture
def client():
    return client_for(saved(viewer(Duty.MP)))


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row" class="nw"><a href="/municipalities/\d{6}/">([^<]+)</a>', html)


class TestList:
    def test_without_filters_it_shows_the_own_prefecture_in_code_order(self, client):
        html = page(client, LIST)
        assert "<strong>179市町村</strong>" in html
        assert names(html)[:3] == ["札幌市", "函館市", "小樽市"]
        assert len(names(html)) == 50
        assert "泊村" not in names(page(client, LIST + "?page=4")) or "国後郡" not in page(client, LIST + "?page=4")

    def test_an_office_narrows_it_and_brings_a_map_of_links(self, client):
        html = page(client, LIST + "?bureau=nemuro")
        assert names(html) == ["根室市", "別海町", "中標津町", "標津町", "羅臼町"]
        assert html.count("data-code=") == 5
        assert '<a href="/municipalities/012238/" aria-label="根室市">' in html
        assert "data-code=" not in page(client, LIST)

    def test_an_office_of_another_prefecture_is_no_filter_there(self, client):
        assert "<strong>35市町村</strong>" in page(client, LIST + "?prefecture=06&bureau=nemuro")
        assert "<strong>14市町村</strong>" in page(client, LIST + "?prefecture=06&bureau=murayama")

    @pytest.mark.parametrize("typed", ["根室", "ねむろ", "012238", "01223"])
    def test_a_name_a_reading_and_a_code_find_it(self, client, typed):
        assert names(page(client, f"{LIST}?q={typed}")) == ["根室市"]

    def test_a_kind_narrows_it(self, client):
        assert names(page(client, LIST + "?kind=政令市")) == ["札幌市"]

    def test_people_and_change_come_from_census_and_latest_edition(self, client):
        html = page(client, LIST + "?q=根室市")
        assert re.findall(r'<td class="num">([^<]+)</td>', html) == ["24,636", "16,022", "▲35.0"]
        assert "国勢調査" in html
        assert "社会保障・人口問題研究所" in html

    def test_a_missing_value_is_a_dash_and_no_guess(self, client):
        PopulationFigure.objects.filter(municipality="012238", series="ipss_r5", year=2040).delete()
        html = page(client, LIST + "?q=根室市")
        assert re.findall(r'<td class="num">([^<]+)</td>', html) == ["24,636", "－", "－"]

    def test_nothing_found_says_so_and_how_to_go_back(self, client):
        html = page(client, LIST + "?q=存在しない町&page=9&kind=国")
        assert "条件に合う市町村はありません。" in html
        assert "条件を外す" in html

    def test_one_count_of_queries_for_few_and_for_many_rows(self, client):
        page(client, LIST)
        few = queries_of(lambda: page(client, LIST + "?kind=政令市"))
        many = queries_of(lambda: page(client, LIST))
        assert len(few) == len(many) <= BUDGET
        page(client, LIST + "?bureau=sorachi")
        assert len(queries_of(lambda: page(client, LIST + "?bureau=sorachi"))) <= BUDGET

    def test_accounting_and_strangers_do_not_read_it(self, client):
        assert client_for(saved(viewer(Duty.AC))).get(LIST).status_code == 403
        client.logout()
        assert client.get(LIST).status_code == 302


class TestDetail:
    def test_it_names_place_office_and_people(self, client):
        html = page(client, "/municipalities/012238/")
        for text in ("根室市", "ねむろし", "団体コード 012238", "根室振興局", "24,636", "16,022", "▲35.0"):
            assert text in html
        assert "2040年には1.6万人に減り、10人に4人が65歳以上になる見通し" in html

    def test_each_edition_stands_for_itself_and_the_missing_one_says_why(self, client):
        html = page(client, "/municipalities/012238/")
        rows = dict(re.findall(r'<th scope="row" class="nw">(\S+推計)</th>(.*?)</tr>', html))
        assert "26,917" in rows["平成30年推計"]
        assert "▲43.6" in rows["平成30年推計"]
        assert "データなし" in rows["平成25年3月推計"]
        assert "平成25年3月推計に根室市の値は登録されていません。" in rows["平成25年3月推計"]
        assert "2040年の推計は、平成30年推計の15,190人から令和5年推計の16,022人まで832人の幅がある" in html

    def test_another_edition_can_be_drawn_and_an_unknown_one_falls_back(self, client):
        assert "推計（平成30年推計）" in page(client, "/municipalities/012238/?series=ipss_h30")
        assert "推計（令和5年推計）" in page(client, "/municipalities/012238/?series=nonsense")
        assert "平成25年3月推計に2040年の値がないため、見通しは示せません" in page(
            client, "/municipalities/012238/?series=ipss_h25"
        )

    def test_neighbours_are_listed_and_linked_on_the_map(self, client):
        html = page(client, "/municipalities/016926/")
        assert "陸で接する市町村（" in html
        near = re.findall(r'<th scope="row"><a href="/municipalities/(\d{6})/">', html)
        assert {"016918", "016934"} <= {*near}
        assert html.count('aria-label="別海町"') == 1

    def test_an_island_says_that_it_touches_none(self, client):
        assert "陸で接する市町村はありません。" in page(client, "/municipalities/013676/")

    def test_both_tomari_have_their_own_page(self, client):
        assert "古宇郡" in page(client, "/municipalities/014036/")
        north = page(client, "/municipalities/016969/")
        assert "北方領土の村です。" in north
        assert "国後郡" in north
        assert 'class="facts"' not in north

    def test_five_digits_lead_to_six(self, client):
        response = client.get("/municipalities/01223/")
        assert (response.status_code, response["Location"]) == (301, "/municipalities/012238/")

    @pytest.mark.parametrize("code", ["012239", "999999", "abc", "99999"])
    def test_what_is_not_registered_is_not_found(self, client, code):
        assert client.get(f"/municipalities/{code}/", follow=True).status_code == 404

    def test_sources_stand_beside_the_data(self, client):
        html = page(client, "/municipalities/012238/")
        assert "国立社会保障・人口問題研究所「日本の地域別将来推計人口（令和5年推計）」" in html
        assert "総務省統計局「国勢調査」" in html
        assert "「国土数値情報（行政区域データ）」（国土交通省）を加工して作成" in html

    def test_nothing_is_inline(self, client):
        html = page(client, "/municipalities/012238/")
        assert not re.search(r"<[^>]+\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=", html)

    def test_it_stays_within_the_budget(self, client):
        for code in ("012238", "014001", "062014"):
            page(client, f"/municipalities/{code}/")
            assert len(queries_of(lambda code=code: page(client, f"/municipalities/{code}/"))) <= BUDGET

    def test_municipalities_all_over_two_prefectures_open(self, client):
        for code in Municipality.objects.values_list("code", flat=True)[::31]:
            page(client, f"/municipalities/{code}/")
