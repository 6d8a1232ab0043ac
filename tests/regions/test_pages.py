"""The pages of the room: lists with one query count, the record of a region, and every form."""

from datetime import date

import pytest

from regions import services
from regions.models import ForwardPlan, Region
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.regions import (
    AgreementFactory,
    ConferenceMeetingFactory,
    ForwardPlanFactory,
    KpiFactory,
    NationalZoneFactory,
    ProjectFactory,
    RegionFactory,
    VisionFactory,
)
from tests.queries import assert_same_queries, queries_of
from tests.viewers import client_for


def text_of(response):
    return response.content.decode()


def test_the_list_asks_as_often_for_two_regions_as_for_a_page(world):
    client = client_for(world.staff())
    RegionFactory(members=[world.kuriyama, world.betsukai])

    def grow():
        for _ in range(25):
            RegionFactory()

    assert_same_queries(client, "/regions/", grow)


def test_the_list_of_papers_asks_as_often_for_two_as_for_a_page(world):
    client = client_for(world.approver())
    for kind, factory in (("agreement", AgreementFactory), ("vision", VisionFactory)):
        factory()
        factory()

        def grow(factory=factory):
            for _ in range(25):
                factory()

        assert_same_queries(client, f"/agreements/?kind={kind}", grow)


def test_zones_and_plans_ask_as_often_for_many(world):
    client = client_for(world.staff())
    NationalZoneFactory(hubs=[world.betsukai])
    ForwardPlanFactory(bureau=world.sorachi, regions=[world.region])

    def zones():
        for _ in range(20):
            NationalZoneFactory(hubs=[MunicipalityFactory()])

    def plans():
        for _ in range(10):
            ForwardPlanFactory()

    assert_same_queries(client, "/zones/", zones)
    assert_same_queries(client, "/plans/", plans)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["長沼由仁"]),
        ("state=all", ["長沼由仁", "終わった地域"]),
        ("state=ended", ["終わった地域"]),
        ("q=長沼", ["長沼由仁"]),
        ("q=ないない", []),
        ("bureau=nemuro&state=all", ["終わった地域"]),
        ("bureau=sorachi", ["長沼由仁"]),
        ("own=on&state=all", ["長沼由仁"]),
        ("state=all&sort=-name", ["長沼由仁", "終わった地域"]),
    ],
)
def test_the_list_is_narrowed_by_words_bureau_state_and_own(world, query, found):
    Region.objects.filter(pk=world.region.pk).update(name="長沼由仁")
    RegionFactory(name="終わった地域", members=[world.betsukai], state="ended")
    text = text_of(client_for(world.planner()).get(f"/regions/?{query}"))
    assert [name for name in ("長沼由仁", "終わった地域") if f">{name}</a>" in text] == found
    assert ("条件に合う連携地域はありません" in text) is (not found)


def test_the_record_asks_as_often_for_a_large_region(world):
    client = client_for(world.staff())
    large = RegionFactory(members=[world.naganuma, *(MunicipalityFactory() for _ in range(16))])
    for project in [ProjectFactory(region=large) for _ in range(6)]:
        KpiFactory(project=project)
    ProjectFactory(region=world.region)
    KpiFactory(project=world.region.projects.get())
    client.get(f"/regions/{world.region.pk}/")
    small = queries_of(lambda: client.get(f"/regions/{world.region.pk}/"))
    assert len(queries_of(lambda: client.get(f"/regions/{large.pk}/"))) == len(small)


def test_the_record_shows_the_public_form_to_others_and_the_acts_to_its_own(world):
    AgreementFactory(region=world.region)
    vision = VisionFactory(region=world.region)
    services.rename_region(world.region.pk, name="新名称", valid_from=date(2026, 11, 1), viewer=world.planner())
    own = text_of(client_for(world.planner()).get(f"/regions/{world.region.pk}/"))
    other = text_of(client_for(world.planner(world.betsukai)).get(f"/regions/{world.region.pk}/"))
    for text in (own, other):
        assert "新名称" in text
        assert vision.title in text
    assert "名称を変更" in own
    assert "協定を登録する" in own
    assert "名称を変更" not in other
    assert "協定を登録する" not in other


def grid(prefix, rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_bureau_writes_discusses_and_adopts_its_plan(world):
    staff, head = client_for(world.reviewer()), client_for(world.head())
    typed = {"title": "空知前進プラン", "term_from_fy": "R8", "term_to_fy": "R12", "direction": "維持する。"}
    rows = [{"name": "共同訓練", "field": "disaster", "region": world.region.pk}, {}]
    answer = staff.post("/plans/new/", typed | {"regions": [world.region.pk]} | grid("initiatives", rows))
    plan = ForwardPlan.objects.get()
    assert answer.url == f"/plans/{plan.pk}/"
    assert "共同訓練" in text_of(staff.get(answer.url))
    kept = {"revision": "1", "initiatives-0-field": "disaster"}
    wrong = staff.post(f"/plans/{plan.pk}/edit/", typed | kept)
    assert (wrong.status_code, "取組の名称を入力するか" in text_of(wrong)) == (422, True)
    staff.post(f"/plans/{plan.pk}/discuss/")
    assert "第1版（検討会議で協議中）" in text_of(client_for(world.planner()).get("/plans/"))
    held = ConferenceMeetingFactory(bureau=world.sorachi, held_on=date(2026, 11, 10), state="held").pk
    assert head.post(f"/plans/{plan.pk}/adopt/", {"day": "R8.11.22", "meeting": held}).status_code == 422
    assert head.post(f"/plans/{plan.pk}/adopt/", {"day": "R8.11.20", "meeting": held}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "adopted"


def test_a_zone_shows_members_with_day_and_basis_and_what_came_before(world):
    new = NationalZoneFactory(name="旭川大雪圏域", hubs=[world.betsukai], neighbours=[world.kuriyama])
    old = NationalZoneFactory(name="上川中部圏域", hubs=[world.betsukai], until=date(2022, 3, 31), successor=new)
    client = client_for(world.staff())
    page = text_of(client.get(f"/zones/{new.pk}/"))
    for words in ("別海町", "栗山町", "中心", "近隣", "平成27年4月1日", "上川中部圏域"):
        assert words in page
    assert "旭川大雪圏域</a>へ移行しました" in text_of(client.get(f"/zones/{old.pk}/"))
    listed = text_of(client.get("/zones/", {"on": "2010-01-01"}))
    assert "この日に効力のある圏域は登録されていません" in listed
    assert client.get("/zones/", {"on": "きのう"}).status_code == 404


def test_headquarters_keeps_its_lists_and_the_decider_overrides(world):
    staff, decider = client_for(world.staff()), client_for(world.decider())
    staff.post(
        "/zones/records/", {"act": "hub", "hub-town": "長沼町", "hub-plan": "新・北海道総合計画", "hub-kind": "centre"}
    )
    typed = {"act": "undeclared", "undeclared-town": "014273", "undeclared-valid_from": "R8.4.1"}
    assert staff.post("/zones/records/", typed).status_code == 422
    staff.post("/zones/records/", typed | {"undeclared-reason": "令和2年国勢調査"})
    override = {
        "act": "override",
        "override-town": "栗山町",
        "override-status": "none",
        "override-valid_from": "R8.4.1",
        "override-reason": "協約の対象外",
    }
    assert staff.post("/zones/records/", override).status_code == 403
    assert decider.post("/zones/records/", override).status_code == 302
    page = text_of(client_for(world.planner()).get("/zones/records/"))
    for words in ("新・北海道総合計画", "令和2年国勢調査", "協約の対象外"):
        assert words in page
    assert "<form" not in page.split('id="main"')[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("town", "sentence"), [("長沼町、由仁町", "1つだけ"), ("どこか町", "登録されていません"), ("", "必須")]
)
def test_a_record_is_about_exactly_one_municipality(world, town, sentence):
    answer = client_for(world.staff()).post(
        "/zones/records/", {"act": "hub", "hub-town": town, "hub-plan": "計画", "hub-kind": "centre"}
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_planner_writes_down_what_a_kpi_reached(world):
    kpi = KpiFactory(project=ProjectFactory(region=world.region), target=180)
    client = client_for(world.planner())
    address = f"/regions/{world.region.pk}/kpis/{kpi.pk}/"
    assert client.post(address, {"fiscal_year": "R9", "value": "142", "evidence": "名簿"}).status_code == 422
    client.post(address, {"fiscal_year": "R7", "value": "１４２", "evidence": "名簿"})
    page = text_of(client.get(f"/regions/{world.region.pk}/"))
    assert "142" in page
    assert ">79<" in page.replace(" ", "")
    elsewhere = KpiFactory()
    assert client.get(f"/regions/{world.region.pk}/kpis/{elsewhere.pk}/").status_code == 404
