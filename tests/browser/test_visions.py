"""A vision in Chromium: written part by part with costs from Excel, printed, adopted; and by two planners at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from common.viewer import Duty, Viewer
from regions import services
from regions.models import Vision
from regions.papers import issued_paper
from scripts import chromium
from tests.factories.regions import AgreementFactory, NationalZoneFactory, RegionFactory
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
AUTOSAVED = re.compile("自動保存しました")


def planner(town: str = "014281") -> Viewer:
    return saved(viewer(Duty.MP, municipality=town))


@pytest.fixture
def scene() -> Scene:
    """長沼町、由仁町、栗山町 with people; their region has an agreement and a first vision, another one only the first."""
    return Scene()


@pytest.fixture
def second(browser: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    """Another planner at another machine."""
    with chromium.watched_context(browser) as (context, watch):
        yield context, context.new_page()
        watch.allow("422")  # the page that shows both texts
        assert not watch.unexpected, "\n".join(watch.unexpected)


def test_a_vision_is_written_part_by_part_printed_and_adopted(
    scene: Scene, page: Page, context: BrowserContext, live_server: LiveServer
):
    region = RegionFactory(members=scene.members, lead_bureau=scene.bureau, name="夕張川流域連携地域")
    AgreementFactory(region=region)
    NationalZoneFactory(name="南空知定住自立圏", hubs=scene.members[:1], neighbours=scene.members[1:])
    address = str(live_server.url)
    sign_in(context, address, planner())
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/regions/{region.pk}/visions/new/")
    expect(page.get_by_text("構成市町村3のうち3が南空知定住自立圏に加わっています")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="案を作って書き始める").click()

    lacking = page.locator("#lacks")
    expect(lacking).to_contain_text("目指す将来像を入力してください。")
    assert_accessible(page)
    page.get_by_label("目指す将来像").fill("どこに住んでいても同じ手続ができる地域")
    expect(page.locator("#saved")).to_contain_text(AUTOSAVED)
    expect(lacking).not_to_contain_text("目指す将来像を入力してください。")
    page.get_by_role("button", name=re.compile("課題に入れる.*人口")).click()
    expect(page.get_by_label("課題", exact=False).first).to_have_value(re.compile("30,000人から、2040年には21,000人"))
    page.locator(".dock").get_by_role("button", name="保存して次へ：取組").click()

    for name in ("水道の共同点検", "職員の合同研修"):
        expect(page.get_by_role("heading", name="ビジョンに載せる取組")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("新しい取組の名称").fill(name)
        page.get_by_role("button", name="加えて書く").click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        page.get_by_label("概要").fill(f"{name}を年4回行う。")
        page.get_by_label("由仁町の役割").fill("会場と機材")
        assert_accessible(page)
        page.locator(".dock").get_by_role("button", name="取組の一覧へ").click()
    page.get_by_role("button", name=re.compile("上へ.*職員の合同研修")).click()
    expect(page.locator("tbody tr").first).to_contain_text("職員の合同研修")

    page.locator(".dock").get_by_role("link", name="次へ：事業費").click()
    page.evaluate("text => navigator.clipboard.writeText(text)", "1,200\t1,200\t900\r\n3000\t3000\t3000")
    page.locator('[data-grid="costs"] input').first.focus()
    page.keyboard.press("Control+v")
    expect(page.locator("#saved")).to_contain_text(AUTOSAVED)
    expect(page.locator("#sums tfoot")).to_contain_text("12,300")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".dock").get_by_role("button", name="保存して次へ：KPI").click()
    assert_accessible(page)
    page.locator(".dock").get_by_role("link", name="次へ：確認").click()
    expect(page.get_by_text("策定できます", exact=True)).to_be_visible()
    assert_accessible(page)
    vision = Vision.objects.get(region=region)
    paper = context.request.get(f"{address}/visions/{vision.pk}/vision.pdf")
    assert paper.ok and paper.body().startswith(b"%PDF")

    sign_in(context, address, saved(viewer(Duty.MA, municipality="014281")))
    page.goto(f"{address}/visions/{vision.pk}/")
    assert_accessible(page)
    page.get_by_role("button", name="策定する").click()
    expect(page.get_by_text("策定済").first).to_be_visible()
    assert_accessible(page)
    document = issued_paper("D-24", vision)
    assert document is not None and document.snapshot["total_yen"] == 12_300_000


def test_two_planners_in_one_field_lose_nobodys_words(
    scene: Scene, page: Page, context: BrowserContext, live_server: LiveServer, second: tuple[BrowserContext, Page]
):
    address = str(live_server.url)
    vision = services.revise(scene.region.visions.get().pk, viewer=planner())
    other_context, other = second
    sign_in(context, address, planner())
    sign_in(other_context, address, planner("014273"))
    for one in (page, other):
        one.goto(f"{address}/visions/{vision.pk}/edit/")
    page.get_by_label("課題", exact=False).first.fill("水道の技術職員が足りない。")
    expect(page.locator("#saved")).to_contain_text(AUTOSAVED)
    other.get_by_label("目指す姿").fill("共同で守る。")
    expect(other.locator("#saved")).to_contain_text("ほかの人の変更があります")
    other.get_by_label("課題", exact=False).first.fill("病院が遠い。")
    expect(other.locator("#saved")).to_contain_text("ほかの人が同じところを書き換えました")
    other.get_by_role("button", name="両方を見比べる").click()
    told = other.locator(".errors")
    expect(told).to_contain_text("水道の技術職員が足りない。")
    expect(told).to_contain_text("病院が遠い。")
    assert_accessible(other)
    assert Vision.objects.get(pk=vision.pk).issues == "水道の技術職員が足りない。"
    other.get_by_role("button", name="あなたが入力した内容で保存する").click()
    expect(other.locator("#saved")).to_contain_text("保存しました")
    saved_now = Vision.objects.get(pk=vision.pk)
    assert (saved_now.issues, saved_now.aims) == ("病院が遠い。", "共同で守る。")
