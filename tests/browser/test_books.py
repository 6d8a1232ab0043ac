"""From a decided disposal to the line that is left, and through the annual report and the grant register: axe is silent."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from common.tasks import run_next
from common.viewer import Duty
from scripts import chromium
from tests.factories.municipalities import PrefectureFactory
from tests.factories.regions import VisionFactory
from tests.factories.subsidies import Scene
from tests.portal.test_erasing import decided_list, second, told_case
from tests.portal.test_retention import head
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import sign_in


def test_from_the_dry_run_to_the_line_and_through_the_books(
    transactional_db: None, context: BrowserContext, page: Page, watch: chromium.Watch, live_server
):
    watch.allow("422")  # another count than that of the list
    scene = Scene()
    PrefectureFactory(code="01")
    case = told_case(scene)
    made = decided_list()
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(context, live_server.url, second())
    page.goto(f"{live_server.url}/retention/lists/{made.pk}/")
    page.get_by_role("link", name="消去の内容を確かめる").click()
    assert_accessible(page)
    page.get_by_label("消去する件数").fill("7")
    page.get_by_role("button", name="消去を行う").click()
    expect(page.get_by_role("alert")).to_contain_text("消去するのは1件です")
    assert_accessible(page)
    page.get_by_label("消去する件数").fill("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tasks/"))
    while run_next("test", heartbeat=False):
        pass
    page.goto(f"{live_server.url}/retention/lists/{made.pk}/")
    expect(page.get_by_role("link", name="廃棄の記録（PDF）")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{live_server.url}/applications/{case.pk}/")
    expect(page).to_have_url(re.compile(f"/retention/erased/application-{case.pk}/$"))
    assert_accessible(page)
    kept = VisionFactory(region=scene.region, version=9)
    for address in (
        "/retention/",
        "/retention/erased/",
        f"/retention/hold/vision-{kept.pk}/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert_accessible(page)
    sign_in(context, live_server.url, saved(viewer(Duty.AU, user_id=700_011)))
    for address in ("/annual/", f"/annual/{case.fiscal_year}/", f"/annual/{case.fiscal_year}/money/", "/register/"):
        page.goto(f"{live_server.url}{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
    sign_in(context, live_server.url, head())
    page.goto(f"{live_server.url}/register/")
    expect(page.get_by_text(case.number)).to_be_visible()
