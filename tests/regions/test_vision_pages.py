"""The pages on which a vision is begun, written part by part, compared, printed, and stood in for by a zone's."""

from datetime import date

import pytest

from regions import services
from regions.models import Project, Vision
from tests.factories.municipalities import people, series
from tests.factories.regions import (
    AgreementFactory,
    KpiFactory,
    NationalZoneFactory,
    ProjectFactory,
    VisionFactory,
)
from tests.queries import queries_of
from tests.viewers import client_for


def text_of(response):
    return response.content.decode()


def _asked(client, page):
    return len(queries_of(lambda: client.get(page)))


@pytest.fixture
def vision(world):
    AgreementFactory(region=world.region)
    return services.create_vision(
        world.region.pk, services.VisionDraft("連携ビジョン", "支え合う地域", 2026, 2030), viewer=world.planner()
    )


@pytest.fixture
def client(world):
    return client_for(world.planner())


def test_a_vision_is_begun_with_a_title_written_and_adopted(world, client):
    AgreementFactory(region=world.region)
    known = ProjectFactory(region=world.region, name="共同訓練")
    new = f"/regions/{world.region.pk}/visions/new/"
    assert "地域連携ビジョン" in text_of(client.get(new))
    answer = client.post(new, {"title": "連携ビジョン", "term_from_fy": "R8", "term_to_fy": "R12"})
    vision = Vision.objects.get()
    assert answer.url == f"/visions/{vision.pk}/edit/"
    edit = f"/visions/{vision.pk}/edit/"
    words = {
        "title": "連携ビジョン",
        "term_from_fy": "R8",
        "term_to_fy": "R12",
        "future_image": "支え合う",
        "go": "items",
    }
    assert client.post(edit, words | {"revision": 1}).url == f"{edit}items/"
    added = client.post(f"{edit}items/add/", {"project": known.pk, "revision": 2})
    item = vision.items.get()
    assert added.url == f"{edit}items/{item.pk}/"
    part = {"outline": "合同で行う", "part_014273": "会場", "main_field": "disaster", "revision": 3, "go": "costs"}
    assert client.post(added.url, part).url == f"{edit}costs/"
    cells = {f"cost_{item.pk}_2026": "3,000", f"cost_{item.pk}_2027": "１，５００千円", "revision": 4}
    assert client.post(f"{edit}costs/", cells).status_code == 302
    assert dict(item.costs.values_list("fiscal_year", "amount_yen")) == {2026: 3_000_000, 2027: 1_500_000}
    page = text_of(client.get(f"/visions/{vision.pk}/"))
    for said in ("4,500", "会場", "合同で行う", "「共同訓練」のKPIがありません。"):
        assert said in page
    client.post(f"/visions/{vision.pk}/consult/")
    assert client_for(world.approver()).post(f"/visions/{vision.pk}/adopt/", {"day": "R8.11.20"}).status_code == 302
    vision.refresh_from_db()
    assert (vision.state, vision.adopted_on) == ("adopted", date(2026, 11, 20))
    assert client.get(edit).url == f"/visions/{vision.pk}/"
    assert client.post(f"{edit}costs/", cells).status_code == 302
    assert item.costs.count() == 2


def test_a_beginning_that_cannot_be_is_told_and_leaves_nothing(world, client):
    typed = {"title": "連携ビジョン", "term_from_fy": "R12", "term_to_fy": "R8"}
    answer = client.post(f"/regions/{world.region.pk}/visions/new/", typed)
    assert (answer.status_code, "終了年度が開始年度より前" in text_of(answer)) == (422, True)
    assert not Vision.objects.exists()


def test_what_both_changed_is_shown_twice_and_the_person_chooses(world, client, vision):
    edit, base = f"/visions/{vision.pk}/edit/", '{"title":["連携ビジョン"],"future_image":["支え合う地域"]}'
    mine = {"title": "連携ビジョン", "term_from_fy": "R8", "term_to_fy": "R12", "base": base}
    other = client_for(world.planner(world.yuni))
    other.post(edit, mine | {"future_image": "由仁町の言葉", "revision": 1})
    answer = client.post(edit, mine | {"future_image": "長沼町の言葉", "revision": 1})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "由仁町の言葉" in page and "長沼町の言葉" in page and "どちらを残すか選んでください" in page
    vision.refresh_from_db()
    assert vision.future_image == "由仁町の言葉"
    taken = client.post(edit, mine | {"future_image": "長沼町の言葉", "use": "future_image"})
    assert taken.status_code == 302
    vision.refresh_from_db()
    assert vision.future_image == "由仁町の言葉"


def test_what_two_people_wrote_in_different_fields_is_brought_together(world, client, vision):
    edit, base = f"/visions/{vision.pk}/edit/", '{"title":["連携ビジョン"],"future_image":["支え合う地域"]}'
    mine = {"title": "連携ビジョン", "term_from_fy": "R8", "term_to_fy": "R12", "base": base, "revision": 1}
    client_for(world.planner(world.yuni)).post(edit, mine | {"future_image": "支え合う地域", "issues": "職員の不足"})
    answer = client.post(edit, mine | {"future_image": "支え合う地域", "aims": "共同で守る"}, follow=True)
    assert "ほかの人が保存した内容と合わせて保存しました" in text_of(answer)
    vision.refresh_from_db()
    assert (vision.issues, vision.aims) == ("職員の不足", "共同で守る")


def test_each_cell_of_the_costs_is_its_own(world, client, vision):
    item = services.add_vision_item(
        vision.pk, services.ProjectDraft(name="訓練", from_fy=2026), revision=1, viewer=world.planner()
    )
    costs, base = f"/visions/{vision.pk}/edit/costs/", "{}"
    client_for(world.planner(world.yuni)).post(costs, {f"cost_{item.pk}_2026": "100", "base": base})
    assert client.post(costs, {f"cost_{item.pk}_2027": "200", "base": base}).status_code == 302
    assert dict(item.costs.values_list("fiscal_year", "amount_yen")) == {2026: 100_000, 2027: 200_000}
    wrong = client.post(costs, {f"cost_{item.pk}_2028": "百", f"cost_{item.pk}_2029": "300"})
    assert (wrong.status_code, "「訓練 令和10年度の事業費（千円）」" in text_of(wrong)) == (422, True)
    assert item.costs.get(fiscal_year=2029).amount_yen == 300_000


def test_sentences_of_numbers_go_into_the_issues_once(world, client, vision):
    series("census")
    for town, base, target in ((world.naganuma, (1_000, 5_000, 4_000), (500, 3_000, 3_500)),
                               (world.yuni, (500, 2_500, 2_000), (200, 1_000, 1_800))):  # fmt: skip
        people(town, "ipss_r5", 2020, *base)
        people(town, "ipss_r5", 2040, *target)
    edit = f"/visions/{vision.pk}/edit/"
    assert "15,000人から、2040年には10,000人へ33.3％減る" in text_of(client.get(edit))
    typed = {"title": "連携ビジョン", "term_from_fy": "R8", "term_to_fy": "R12", "future_image": "支え合う地域"}
    client.post(edit, typed | {"issues": "職員の不足。", "add": "total"})
    vision.refresh_from_db()
    assert vision.issues.startswith("職員の不足。\n構成2市町村の人口は2020年の15,000人から")
    client.post(edit, typed | {"issues": vision.issues, "add": "all", "revision": vision.revision})
    vision.refresh_from_db()
    assert vision.issues.count("33.3％減る") == 1
    assert "長沼町の30.0％から由仁町の40.0％に及ぶ" in vision.issues


def test_the_pages_of_a_draft_ask_as_often_for_many_initiatives(world, client, vision):
    def fill(count):
        for number in range(count):
            project = ProjectFactory(region=world.region, name=f"取組{vision.items.count()}{number}")
            KpiFactory(project=project)
            revision = Vision.objects.get(pk=vision.pk).revision
            services.add_vision_item(vision.pk, project.pk, revision=revision, viewer=world.planner())

    pages = [
        f"/visions/{vision.pk}/",
        *(f"/visions/{vision.pk}/edit/{one}" for one in ("", "items/", "costs/", "kpis/")),
    ]
    fill(2)
    client.get(pages[0])
    small = [_asked(client, page) for page in pages]
    fill(8)
    client.get(pages[0])  # the counts of the menu are asked anew after a change
    assert [_asked(client, page) for page in pages] == small
    assert max(small) <= 19


def test_two_versions_stand_side_by_side(world, client):
    AgreementFactory(region=world.region)
    first = VisionFactory(region=world.region, issues="職員が足りない。", term_from_fy=2026, term_to_fy=2030)
    second = services.revise(first.pk, viewer=world.planner())
    texts = services.VisionTexts(second.title, 2026, 2030, second.future_image, issues="技術職員が足りない。")
    services.save_vision_texts(second.pk, texts, revision=1, viewer=world.planner())
    new = services.ProjectDraft(name="共同の採用", from_fy=2026)
    services.add_vision_item(second.pk, new, revision=2, viewer=world.planner())
    page = text_of(client.get(f"/visions/{second.pk}/compare/"))
    assert "技術職員" in page and '<ins class="came">' in page and '<del class="gone">' in page
    assert "共同の採用" in page and "追加" in page
    lonely = text_of(client.get(f"/visions/{first.pk}/compare/?base={second.pk}"))
    assert "第2版（案） → 第1版" in lonely
    outside = text_of(client_for(world.reviewer(world.nemuro)).get(f"/visions/{first.pk}/compare/"))
    assert "見比べる版がありません" in outside


def test_the_vision_of_a_zone_is_registered_by_name(world, client):
    zone = NationalZoneFactory(name="南空知定住自立圏", hubs=[world.naganuma], neighbours=[world.yuni])
    known = ProjectFactory(region=world.region, name="共同の採用")
    page = f"/regions/{world.region.pk}/visions/equivalent/"
    assert "構成市町村2のうち2" in text_of(client.get(page))
    typed = {"zone": zone.pk, "title": "共生ビジョン", "term_from_fy": "R7", "term_to_fy": "R11", "reference": "第1号"}
    wrong = client.post(page, typed | {"names-0-main_field": "disaster"})
    assert (wrong.status_code, "新しい取組 1行目「取組名」" in text_of(wrong)) == (422, True)
    answer = client.post(page, typed | {"projects": [known.pk], "names-0-name": "消防の指令"})
    vision = Vision.objects.get()
    assert answer.url == f"/visions/{vision.pk}/"
    assert "南空知定住自立圏" in text_of(client.get(answer.url))
    assert client.get(f"/visions/{vision.pk}/edit/").url == f"/visions/{vision.pk}/equivalent/"
    changed = client.post(f"/visions/{vision.pk}/equivalent/", typed | {"projects": [known.pk], "revision": 1})
    assert changed.status_code == 302
    assert [item.project.name for item in vision.items.all()] == ["共同の採用"]


def test_an_initiative_has_its_page_its_new_name_and_its_end(world, client):
    typed = {"name": "合同研修", "from_fy": "R6", "main_field": "disaster", "secretariat": "014273"}
    answer = client.post(f"/regions/{world.region.pk}/projects/new/", typed)
    project = Project.objects.get()
    assert answer.url == f"/projects/{project.pk}/"
    changed = {"from_fy": "R6", "main_field": "disaster", "outline": "年6回", "participants": ["014281", "014273"]}
    assert client.post(f"/projects/{project.pk}/edit/", changed).status_code == 302
    early = client.post(f"/projects/{project.pk}/rename/", {"name": "研修", "from_fy": "R6"})
    assert (early.status_code, "より後の年度" in text_of(early)) == (422, True)
    client.post(f"/projects/{project.pk}/rename/", {"name": "新規採用職員研修", "from_fy": "R8"})
    vision = VisionFactory(region=world.region, projects=[project])
    page = text_of(client.get(f"/projects/{project.pk}/"))
    for said in ("新規採用職員研修", "合同研修", "年6回", "長沼町", vision.title):
        assert said in page
    close = {"state": "self_running", "to_fy": "R8", "reason": "定着した"}
    assert client.post(f"/projects/{project.pk}/close/", close).status_code == 302
    project.refresh_from_db()
    assert project.state == "self_running"
    assert "終了・自走</a>" not in text_of(client.get(f"/projects/{project.pk}/"))


def test_others_read_an_initiative_but_change_nothing(world):
    project = ProjectFactory(region=world.region)
    for person in (world.planner(world.betsukai), world.reviewer(), world.approver()):
        reader = client_for(person)
        assert "名称を変える" not in text_of(reader.get(f"/projects/{project.pk}/"))
        assert reader.get(f"/projects/{project.pk}/edit/").status_code == 403
