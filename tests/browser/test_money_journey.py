"""Money out and back as one way through the pages: claimed, approved, paid in a batch, settled, closed, asked after."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from common.models import DocumentIssue
from subsidies.models import Application, FollowUp, Payment
from tests.factories.subsidies import Scene

from .axe import assert_accessible
from .conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_money_goes_out_and_the_file_is_closed(sit: Sit) -> None:
    scene = Scene()
    one = scene.application("running")
    money = f"/applications/{one.pk}/payments/"

    page = sit(scene.planner(), money)
    page.get_by_role("link", name="請求を準備する").click()
    page.get_by_label("請求額（円）").fill("2,000千円")
    page.get_by_label("概算払を必要とする理由").fill("年度当初に会場費を払うため。")
    assert_accessible(page)
    page.get_by_role("button", name="保存して承認者に回す").click()
    expect(page.locator("#main")).to_contain_text("準備中")

    page = sit(scene.approver(), money)
    page.get_by_role("link", name="概算払を請求する").click()
    page.get_by_role("button", name="請求する").click()
    expect(page.locator("#main")).to_contain_text("承認待ち")

    page = sit(scene.head(), money)
    page.get_by_role("link", name="請求を承認する").click()
    assert_accessible(page)
    page.get_by_role("button", name="承認する").click()
    expect(page.locator("#main")).to_contain_text("支払待ち")

    page = sit(scene.accountant(), "/payments/")
    assert_accessible(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="選んだ請求をまとめて支払済にする").click()
    page.get_by_role("button", name="どうなるか確かめる").click()
    page.get_by_role("button", name="1件を支払済にする").click()
    expect(page.locator("#batch-rows")).to_contain_text("概算払2,000,000円の支払を記録しました。")
    assert Payment.objects.get().state == "paid"

    for step in ("report_due", "reported", "inspected", "fixed"):
        getattr(scene, f"_{step}")(one)
    page = sit(scene.approver(), money + "claim/")
    expect(page.locator("#main")).to_contain_text("4,000,000")
    page.get_by_role("button", name="請求する").click()
    page = sit(scene.head(), money)
    page.get_by_role("link", name="請求を承認する").click()
    page.get_by_role("button", name="承認する").click()
    page = sit(scene.accountant(), money)
    page.get_by_role("link", name="支払を記録する").last.click()
    page.get_by_role("button", name="支払を記録する").click()
    page.get_by_role("button", name="精算する").click()
    expect(page.locator("#main")).to_contain_text("精算しました")

    DocumentIssue.objects.filter(pdf="").update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
    page = sit(scene.reviewer(), f"/applications/{one.pk}/close/")
    assert_accessible(page)
    page.get_by_role("button", name="完結する").click()
    expect(page.locator("#main")).to_contain_text("完結しました")
    assert Application.objects.get(pk=one.pk).state == "closed"

    FollowUp.objects.filter(application=one, fiscal_year=one.fiscal_year + 1).update(fiscal_year=one.fiscal_year)
    page = sit(scene.planner(), f"/applications/{one.pk}/follow-up/")
    page.get_by_role("link", name="新規採用職員の合同研修").first.click()
    assert_accessible(page)
    page.get_by_role("radio", name="続いている", exact=True).check()
    page.get_by_label("財源").fill("各町の一般財源")
    page.get_by_label("体制").fill("長沼町企画課が事務局")
    page.get_by_role("button", name="保存する").click()
    row = FollowUp.objects.get(application=one, fiscal_year=one.fiscal_year)
    page = sit(scene.approver(), f"/follow-ups/{row.pk}/")
    page.get_by_role("button", name="提出する").click()
    expect(page.locator("#main")).to_contain_text("各町の一般財源")
    assert_accessible(page)
