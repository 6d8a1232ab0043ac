"""From the proposal to revoke to the money that came back; then the auditor opens the case and its package."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from common.fiscal_year import wareki
from common.tasks import run_next
from common.viewer import Duty, Viewer
from subsidies.models import Application, Package
from subsidies.services import payments, settlements
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

from .axe import assert_accessible
from .conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_grant_is_revoked_paid_back_and_audited(sit: Sit, page: Page, live_server: LiveServer):
    scene = Scene()
    one = scene.application("running")
    ask: dict[str, Any] = {"application_id": one.pk}
    claim = payments.claim(**ask, kind="advance", amount_yen=2_000_000, reason="会場費", viewer=scene.approver())
    payments.approve(**ask, number=claim.number, viewer=scene.head())
    payments.record_paid(**ask, number=claim.number, paid_on=clock.today(), viewer=scene.accountant())
    base = f"{live_server.url}/applications/{one.pk}"

    def at(person: Viewer, path: str) -> None:
        sit(person, f"/applications/{one.pk}{path}")

    # staff of the bureau: the proposal, first without its facts, then the hearing
    at(scene.reviewer(), "/revocation/propose/")
    assert_accessible(page)
    page.get_by_label("全部").check()
    page.get_by_label("目的外の使用").check()
    page.get_by_role("button", name="起案する").click()
    expect(page.locator(".errors")).to_contain_text("事実の内容")
    page.get_by_label("事実の内容").fill("会場費を別の事業の備品の購入に充てていた。")
    page.get_by_role("button", name="起案する").click()
    page.get_by_role("link", name="弁明を記録する").click()
    page.get_by_label("弁明を聴いた日").fill(wareki(clock.today()))
    page.get_by_label("弁明した人").fill("長沼町 企画財政課長")
    page.get_by_label("弁明の内容").fill("会計の区分を誤った。")
    assert_accessible(page)
    page.get_by_role("button", name="記録する").click()

    # the bureau's head: the decision, the return with 加算金
    at(scene.head(), "/revocation/")
    assert_accessible(page)
    page.get_by_role("button", name="取り消す").click()
    expect(page.locator("#main")).to_contain_text("取消通知書")
    at(scene.head(), "/return-order/")
    expect(page.locator("#main")).to_contain_text("参考")
    assert_accessible(page)
    page.get_by_role("button", name="返還を命じる").click()
    expect(page.locator("#main")).to_contain_text("返還命令書を発行しました")

    # the town reads it; accounting records what came in
    at(scene.planner(), "/return-order/")
    expect(page.locator("#main")).to_contain_text("2,000,000")
    order = one.payments.get(kind="return")
    payments.record_paid(**ask, number=order.number, paid_on=clock.today(), viewer=scene.accountant())
    at(scene.accountant(), "/return-order/")
    assert_accessible(page)
    page.get_by_role("button", name="加算金・延滞金の納付を記録する").click()
    expect(page.locator("#main")).to_contain_text("納付を記録しました")
    settlements.settle(**ask, viewer=scene.accountant())
    assert Application.objects.get(pk=one.pk).state == "settled"

    # the auditor: one line of time, searched by amount, and the package
    at(saved(viewer(Duty.AU)), "/audit/")
    assert_accessible(page)
    page.get_by_label("番号・金額・ことば").fill("2,000,000")
    page.get_by_role("button", name="絞り込む").click()
    expect(page.locator("#trail-h")).to_contain_text("件／全")
    page.get_by_role("button", name="パッケージを作成する").click()
    while run_next("worker", heartbeat=False):
        pass
    page.goto(f"{base}/audit/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="ダウンロード").click()
    assert taken.value.suggested_filename == Package.objects.get().name
