"""The search in the header finds what this office may know, by name, kana, code and number, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from common.viewer import Duty
from portal.search import SHOWN, search_for, suggestions
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.subsidies import Scene
from tests.queries import BUDGET, queries_of
from tests.viewers import client_for, viewer


def found(person, text: str) -> dict[str, list[str]]:
    return {group.title: [hit.title for hit in group.hits] for group in search_for(person, text)}


@pytest.mark.parametrize("text", ["根室", "ねむろ", "012238", "01223", " 根室市 ", "０１２２３８"])
def test_a_municipality_is_found_by_name_kana_and_code_in_any_width(text: str, db: None):
    MunicipalityFactory(code="012238", name="根室市", kana="ねむろし")
    MunicipalityFactory(code="014281", name="長沼町", kana="ながぬまちょう")
    assert found(viewer(Duty.MP), text)["市町村"] == ["根室市"]


def test_a_village_of_the_northern_territories_is_not_offered(db: None):
    MunicipalityFactory(code="014036", name="泊村")
    MunicipalityFactory(code="016969", name="泊村", northern_territory=True)
    (group,) = search_for(viewer(Duty.MP), "泊村")
    assert [hit.note for hit in group.hits] == ["北海道　014036"]


def test_a_draft_is_found_by_its_towns_and_by_nobody_else(db: None):
    scene = Scene()
    scene.application("draft")
    number = "successor-2026"
    assert "申請" in found(scene.planner(), number)
    assert "申請" in found(scene.planner("014273"), number), "a participant"
    for person in (scene.reviewer(), scene.staff(), viewer(Duty.MP, municipality="012025"), viewer(Duty.OB)):
        assert "申請" not in found(person, number)


def test_a_submitted_application_is_found_by_its_bureau_and_by_headquarters(db: None):
    scene = Scene()
    scene.application("submitted")
    for person in (scene.reviewer(), scene.staff()):
        assert found(person, "長沼・栗山")["申請"] == ["長沼・栗山連携地域　新規採用職員の合同研修"]
    assert "申請" not in found(viewer(Duty.BS, bureau="nemuro"), "長沼・栗山")


def test_papers_are_found_by_their_number_with_the_application_alone(db: None):
    scene = Scene()
    application = scene.application("granted")
    number = application.receipt_number
    assert found(scene.planner(), number)["申請"]
    titles = found(scene.head(), "交付決定")
    assert any(titles.get("発行した文書", []))
    assert "発行した文書" not in found(viewer(Duty.MP, municipality="012025"), "交付決定")


def test_a_region_is_found_by_the_full_name_of_a_member(db: None):
    scene = Scene()
    assert found(viewer(Duty.OB), "由仁町")["連携地域"] == [scene.region.name]


def test_many_hits_are_counted_and_only_the_first_shown(db: None):
    for number in range(SHOWN + 3):
        MunicipalityFactory(name=f"試験{number}町")
    (group,) = search_for(viewer(Duty.MP), "試験")
    assert (len(group.hits), group.total) == (SHOWN, SHOWN + 3)


def test_the_page_shows_hits_and_says_when_there_are_none(db: None):
    MunicipalityFactory(code="012238", name="根室市")
    client = client_for(viewer(Duty.MP))
    assert "<mark>根室</mark>市" in client.get("/search/", {"q": "根室"}).content.decode()
    nothing = client.get("/search/", {"q": "<script>"}).content.decode()
    assert "見つかりませんでした" in nothing
    assert "<script>」" not in nothing
    assert "上の欄に入れてください" in client.get("/search/").content.decode()


def test_a_search_asks_a_fixed_number_of_queries(db: None):
    Scene().application("submitted")
    client = client_for(viewer(Duty.HS))
    client.get("/search/", {"q": "長沼"})  # reads what the scene has changed
    for address in ("/search/", "/search/answers/"):
        assert len(queries_of(lambda url=address: client.get(url, {"q": "長沼"}))) <= BUDGET


def test_the_box_at_the_top_asks_nothing(db: None):
    client = client_for(viewer(Duty.HS))
    client.get("/worklist/")
    assert not [sql for sql in queries_of(lambda: client.get("/worklist/")) if "portal_search" in sql]


def test_one_kind_is_turned_over_page_by_page(db: None):
    for number in range(SHOWN + 3):
        MunicipalityFactory(name=f"試験{number:02}町")
    client = client_for(viewer(Duty.MP))
    assert "市町村をすべて見る" in client.get("/search/", {"q": "試験"}).content.decode()
    second = client.get("/search/", {"q": "試験", "kind": "municipality", "page": "2"})
    (group,) = second.context["groups"]
    assert (len(group.hits), group.total) == (3, SHOWN + 3)
    assert "前の20件" in second.content.decode()
    assert "次の20件" not in second.content.decode()
    assert client.get("/search/", {"q": "試験", "kind": "そんな", "page": "x"}).status_code == 200


def test_an_exact_number_comes_before_everything_else(db: None):
    scene = Scene()
    application = scene.application("submitted")
    groups = search_for(scene.planner(), application.number)
    assert groups[0].kind == "application"
    assert search_for(scene.planner(), "由仁町")[0].kind == "municipality", "called so, before those that name it"


@pytest.mark.parametrize(
    "text", ["6,000,000", "600万円", "6000千円", "６００万円", "R8", "令和8年度", "2026", "基幹的 研修"]
)
def test_an_application_is_found_by_amount_year_and_words(db: None, text: str):
    scene = Scene()
    scene.application("submitted", grant_yen=6_000_000)
    assert "申請" in found(scene.planner(), text)


def test_each_side_finds_a_state_by_the_word_it_reads(db: None):
    scene = Scene()
    scene.application("bureau_review")
    assert "申請" in found(scene.planner(), "審査中")
    assert "申請" not in found(scene.planner(), "要審査")
    assert "申請" in found(scene.reviewer(), "要審査")


def test_a_former_name_still_finds_the_region(db: None):
    scene = Scene()
    scene.region.names.create(name="旧・南空知連携地域", valid_from=date(2019, 4, 1))
    assert found(viewer(Duty.OB), "南空知")["連携地域"] == [scene.region.name]


def test_a_name_mistyped_is_offered_as_it_was_perhaps_meant(db: None):
    Scene()
    MunicipalityFactory(code="012238", name="根室市", kana="ねむろし")
    page = client_for(viewer(Duty.MP)).get("/search/", {"q": "長沼・栗山連携地或"}).content.decode()
    assert "もしかして" in page
    assert "長沼・栗山連携地域" in page
    nothing = client_for(viewer(Duty.MP)).get("/search/", {"q": "zzzz"}).content.decode()
    assert "もしかして" not in nothing


def test_the_list_under_the_box_holds_the_first_answers_as_options(db: None):
    scene = Scene()
    scene.application("submitted")
    client = client_for(scene.planner())
    page = client.get("/search/answers/", {"q": "長沼"}).content.decode()
    assert page.count('role="option"') == len(suggestions(scene.planner(), "長沼")) + 1
    assert "<mark>長沼</mark>" in page
    assert 'role="option"' not in client.get("/search/answers/", {"q": "ながな無い"}).content.decode()
