"""地域の未来予測 (D-33) of real municipalities of Hokkaido: what it says, what it does not say, how it prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from common.documents import Mark, render_html, render_pdf
from municipalities.load import load_all
from municipalities.models import Municipality
from municipalities.population import UnknownMunicipality, UnknownSeries
from portal.forecast_paper import IssueRow, Written, forecast_paper, title_names
from tests.common.pdf import complaints, pages_of, text_of
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("ground")]

ON = date(2026, 11, 21)
NEMURO = ("012238", "016918", "016926", "016934", "016942")
SIX = (*NEMURO, "016659")
WRITTEN = Written(
    title="根室地域の未来予測",
    edition="第1版",
    owners=("根室市", "別海町"),
    remarks="冬の道が長い。\n町ごとに事情が違う。",
    issues=(IssueRow(1, "医療・福祉", "通院の足", "バスの再編"), IssueRow(2, "－", "人材", "")),
)


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Hokkaido with its indicators, for this module alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all(frozenset({"01"}))
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def paper(codes: tuple[str, ...] = SIX, series: str = "ipss_r5", **more: Any) -> dict[str, Any]:
    return forecast_paper(codes, series, ON, **more)


def test_the_head_of_six_towns():
    data = paper()
    assert data["head"]["heading"] == ["根室市・別海町・中標津町・標津町・羅臼町・弟子屈町"]
    assert {fact["label"]: (fact["value"], fact["note"]) for fact in data["facts"]} == {
        "対象": ("6", ""),
        "人口 2020年": ("78,726", ""),
        "2040年の推計": ("57,040", "▲27.5％"),
        "65歳以上 2020→2040年": ("31.7→41.1", ""),
        "65歳以上1人に15–64歳 2020→2040年": ("1.79→1.23", ""),
    }
    assert [row["name"] for row in data["members"]] == [
        "根室市",
        "別海町",
        "中標津町",
        "標津町",
        "羅臼町",
        "弟子屈町",
    ], "in the order chosen, never ranked"
    assert data["place_names"] == ["根室管内", "釧路管内", "北海道"]


def test_people_by_age_from_1980_to_2050():
    people = paper()["people"]
    kinds = [(column["year"], column["kind"]) for column in people["columns"]]
    assert kinds == [(year, "実績") for year in range(1980, 2021, 5)] + [
        (year, "推計") for year in range(2025, 2051, 5)
    ]
    rows = dict(people["rows"])
    assert rows["総数"][0] == 111_337
    assert rows["総数"][-1] == 46_738
    assert rows["0–14歳"][-1] + rows["15–64歳"][-1] + rows["65歳以上"][-1] == 46_738


def test_each_edition_stands_by_itself_with_what_it_lacks():
    editions = {one["name"]: one for one in paper()["editions"]}
    assert (editions["令和5年推計"]["base_year"], editions["令和5年推計"]["base"]) == (2020, 78_726)
    assert (editions["平成30年推計"]["base_year"], editions["平成30年推計"]["base"]) == (2015, 84_379)
    partial = editions["平成25年3月推計"]
    assert (partial["base"], partial["target"], partial["change"]) == (None, None, "－")
    assert partial["reason"] == "平成25年3月推計に根室市の値は登録されていません。"
    assert paper()["missing"] == ["平成25年3月推計に根室市の値は登録されていません。"]


def test_every_line_of_the_charts_is_one_series():
    data = paper()
    for name in ("国勢調査", "平成30年推計", "令和5年推計"):
        assert name in data["editions_svg"]
        assert name in data["groups_svg"]
    assert "平成25年3月推計" not in data["editions_svg"], "a series without a sum draws no line"
    assert "北海道" in data["places_svg"]


def test_an_edition_that_lacks_a_town_says_so_and_prints():
    data = paper(series="ipss_h25")
    assert data["together"]["target"] is None
    row = next(row for row in data["members"] if row["name"] == "根室市")
    assert row["reason"] == "平成25年3月推計に根室市の値は登録されていません。"
    drawn = render_pdf("D-33", data)
    assert complaints(drawn) == []
    assert "平成25年3月推計に2040年の値がないため" in text_of(drawn)


def test_what_services_look_like_is_said_by_field():
    fields = {field["name"]: field for field in paper()["fields"]}
    assert fields["医療・福祉"]["issues"][1] == "救急出動件数の増加"
    rows = {row["name"]: row for row in fields["医療・福祉"]["rows"]}
    clinic = rows["診療所1か所当たりの65歳以上"]
    assert (clinic["now"], clinic["ahead"], clinic["years"]) == ("924", "868", "2023")
    assert rows["一般診療所数"]["ahead"] == "", "a number of clinics is not projected"
    vacant = next(row for row in fields["空間管理・防災"]["rows"] if row["name"] == "空き家数")
    assert vacant["now"] == "－"
    assert "別海町" in vacant["reason"]
    power = next(row for row in fields["共通"]["rows"] if row["name"] == "財政力指数")
    assert power["now"] == "0.21～0.42"


def test_the_paper_of_six_towns_conforms_and_says_what_a_study_meeting_needs():
    drawn = render_pdf("D-33", paper(written=WRITTEN))
    assert complaints(drawn) == []
    pages, text = pages_of(drawn), text_of(drawn)
    assert 5 <= len(pages) <= 9
    for said in (
        "根室地域の未来予測",
        "作成根室市・別海町",
        "優先課題",
        "通院の足",
        "バスの再編",
        "町ごとに事情が違う。",
        "推計の版ごとの見通し",
        "管内・全体との比較",
        "話し合いの手がかり",
        "メモ",
        "表1",
        "国立社会保障・人口問題研究所",
    ):
        assert said in text, said
    for name in ("共通", "医療・福祉", "子育て・教育", "空間管理・防災"):
        assert any(name in page for page in pages)
    assert "第号" not in text, "a working paper bears no number"


def test_without_words_the_paper_says_where_it_comes_from():
    text = text_of(render_pdf("D-33", paper(("012238",))))
    assert "庁内勉強会の資料（登録済みの公表値から自動で作成したもの）" in text
    assert "所見" not in text


def test_a_draft_is_marked_and_the_same_data_gives_the_same_paper():
    data = paper(("012238",))
    assert all("案" in page for page in pages_of(render_pdf("D-33", data, mark=Mark.DRAFT)))
    assert data == paper(("012238",))
    assert render_pdf("D-33", data) == render_pdf("D-33", data)


def test_the_preview_needs_no_style_of_its_own():
    html = render_html("D-33", paper(("012238",)))
    assert "style=" not in html
    assert "css/D-33.css" in html


def test_the_whole_prefecture_prints_too():
    codes = Municipality.objects.of_prefecture("01").filter(northern_territory=False).values_list("pk", flat=True)
    data = paper(tuple(codes))
    assert data["head"]["heading"] == ["札幌市ほか178市町村"]
    assert data["town_names"] == []
    assert "522.5万" in data["people"]["chart_svg"]
    drawn = render_pdf("D-33", data)
    assert complaints(drawn) == []


def test_the_questions_do_not_grow_with_the_municipalities():
    paper()  # outlines and charts are cached from here on
    paper(("012238",))
    few, many = (len(queries_of(lambda codes=codes: paper(codes))) for codes in (("012238",), SIX))
    assert few == many <= 10


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(UnknownMunicipality):
        paper(())
    with pytest.raises(UnknownSeries):
        paper(series="ipss_r9")
    with pytest.raises(ValueError, match="検査数字"):
        paper(("012239",))


def test_titles_stay_short():
    assert title_names(["根室市", "別海町"]) == "根室市・別海町"
    assert title_names([f"第{n}町" for n in range(1, 9)]) == "第1町ほか7市町村"
