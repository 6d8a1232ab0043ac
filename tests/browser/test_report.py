"""From the finished work to the fixed amount in a real browser: typing, pasting, evidence, return, inspection, D-20."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from common.fiscal_year import wareki
from common.viewer import Viewer
from subsidies.models import Application
from tests.factories.subsidies import Scene

from .axe import assert_accessible
from .conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_grant_is_reported_returned_inspected_and_fixed(
    sit: Sit, page: Page, live_server: LiveServer, tmp_path: Path
):
    scene = Scene()
    one = scene.application("running")
    Application.objects.filter(pk=one.pk).update(start_on=clock.today() - timedelta(days=40))
    base = f"{live_server.url}/applications/{one.pk}"
    receipt = tmp_path / "領収書.pdf"
    receipt.write_bytes(b"%PDF-1.4\n%%EOF\n")

    def at(person: Viewer, path: str) -> None:
        sit(person, f"/applications/{one.pk}{path}")

    # the planner: completion, figures, shares, words, case sheet, evidence
    at(scene.planner(), "/complete/")
    assert_accessible(page)
    page.get_by_role("textbox", name="事業を完了した日").fill(wareki(clock.today()))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="実績を入力する").click()
    page.get_by_role("textbox", name="1行目 実績額").fill("5,400千円")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("1回をオンラインで開いたため")
    page.keyboard.press("Tab")
    page.keyboard.type("領収書1")
    page.get_by_role("textbox", name="実施した内容").fill("合同研修を6回開いた。")
    page.get_by_role("textbox", name="事業の効果").fill("48人が受講した。")
    page.get_by_role("textbox", name="事例の名称").fill("合同研修の進め方")
    page.get_by_role("textbox", name="効果（数で）").fill("研修を開けた町が1から3に増えた。")
    page.get_by_role("textbox", name="かかった費用（円）").fill("5400000")
    page.get_by_role("textbox", name="苦労した点・工夫").fill("日程の調整。")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    page.get_by_role("button", name="均等に配分する").click()
    expect(page.locator("#sums")).to_contain_text("一致しています")
    assert_accessible(page)
    page.get_by_role("button", name="証拠書類のファイルを添付する").click()
    page.get_by_role("combobox", name="経費").select_option(index=1)
    page.locator("input[type=file]").set_input_files(str(receipt))
    page.get_by_role("button", name="添付する", exact=True).click()
    expect(page.get_by_role("link", name="領収書.pdf", exact=True)).to_be_visible()
    assert_accessible(page)

    # the approver submits, the bureau returns one item, the town answers, the approver submits again
    at(scene.approver(), "/report/submit/")
    assert_accessible(page)
    page.get_by_label("報告の内容を確かめました").check()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("実績報告を提出しました。")).to_be_visible()
    at(scene.reviewer(), "/report/return/")
    page.get_by_role("textbox", name="補正してほしいこと").fill("受講者の名簿を添付してください。")
    page.get_by_role("textbox", name="補正の期限").fill(wareki(clock.today() + timedelta(days=7)))
    page.get_by_role("button", name="補正を依頼する").click()
    expect(page.get_by_text("受講者の名簿を添付してください。")).to_be_visible()
    at(scene.planner(), "/report/answers/")
    page.get_by_role("textbox", name="項目1をどう直したか").fill("名簿を添付しました。")
    page.get_by_role("button", name="回答を保存する").click()
    expect(page.get_by_text("回答を保存しました。")).to_be_visible()
    assert_accessible(page)
    at(scene.approver(), "/report/submit/")
    page.get_by_label("報告の内容を確かめました").check()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("実績報告を提出しました。")).to_be_visible()

    # the bureau inspects, its head fixes
    at(scene.reviewer(), "/report/inspect/")
    page.get_by_role("textbox", name="検査日").fill(wareki(clock.today()))
    for place in range(6):
        page.get_by_label("適", exact=True).nth(place).check()
    page.locator("input[name=sampled]").first.check()
    assert_accessible(page)
    page.get_by_role("button", name="検査を終える").click()
    expect(page.get_by_text("検査調書を作成しました。")).to_be_visible()
    at(scene.head(), "/report/fix/")
    expect(page.get_by_role("button", name="5,400,000円に確定する")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="5,400,000円に確定する").click()
    expect(page.get_by_text("交付金の額を確定し、通知書を発行しました。")).to_be_visible()
    one.refresh_from_db()
    assert (one.state, one.fixed_yen) == ("fixed", 5_400_000)
    page.goto(f"{base}/documents/")
    expect(page.get_by_text("額の確定通知書").first).to_be_visible()
