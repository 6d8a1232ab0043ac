"""A running grant changes through the pages: asked for, read by the bureau, decided, its letter read; then a light one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common import clock
from common.fiscal_year import wareki
from common.models import DocumentIssue
from subsidies.models import Application
from tests.factories.subsidies import Scene
from tests.subsidies.change_cases import at_work

from .axe import assert_accessible
from .conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_is_asked_for_decided_and_followed_by_a_light_one(sit: Sit) -> None:
    scene = Scene()
    one = at_work(scene)
    base = f"/applications/{one.pk}/changes/"

    # the planner chooses by the keyboard, writes the new figures and hands them to the approver
    page = sit(scene.planner(), base)
    expect(page.locator("#main")).to_contain_text("手続はまだありません")
    assert_accessible(page)
    page.get_by_role("link", name="手続を始める").press("Enter")
    assert_accessible(page)
    page.get_by_role("button", name="書類の作成へ進む").click()
    expect(page.locator(".errors")).to_be_visible()
    page.locator("#kind-change").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="書類の作成へ進む").press("Enter")
    write(page, scene, 4_000_000)
    expect(page.locator("#said")).to_contain_text("承認が必要です")
    assert_accessible(page)
    page.get_by_role("button", name="保存して確かめる").click()
    expect(page.locator("#main")).to_contain_text("（6,000,000円）")
    assert_accessible(page)
    page.get_by_role("button", name="承認者に回す").click()

    page = sit(scene.approver(), f"{base}1/")
    page.get_by_label("文書番号").fill("企第200号")
    page.get_by_role("button", name="承認を申請する").click()
    expect(page.locator("#main")).to_contain_text("変更承認申請書")
    assert_accessible(page)

    # the bureau: its opinion, then its head decides
    page = sit(scene.reviewer(), f"{base}1/")
    page.get_by_role("button", name="意見を記録する").click()
    expect(page.locator(".errors")).to_contain_text("振興局の意見")
    page.get_by_label("適当と認める").check()
    page.get_by_label("意見と理由").fill("回数の見直しはやむを得ず、目的の達成に支障がないと認められる。")
    assert_accessible(page)
    page.get_by_role("button", name="意見を記録する").click()
    expect(page.locator("#main")).to_contain_text("目的の達成に支障がない")
    page = sit(scene.head(), f"{base}1/")
    assert_accessible(page)
    page.get_by_label("通知書に書き添えること").fill("実績報告に出席者名簿を添付すること。")
    page.get_by_role("button", name="承認する").click()
    expect(page.locator("#main")).to_contain_text("変更交付決定通知書")

    # the towns read the letter and the plan that counts; a smaller step is filed by notice
    page = sit(scene.planner("014273"), base)
    expect(page.locator("#now")).to_contain_text("4,000,000円")
    assert_accessible(page)
    page.get_by_role("link", name="変更交付決定通知書").click()
    expect(page.locator("#main")).to_contain_text("変更交付決定通知書")
    assert "出席者名簿" in DocumentIssue.objects.get(kind="D-12").snapshot["note"]
    page = sit(scene.planner(), f"{base}new/")
    page.locator("#kind-change").check()
    page.get_by_role("button", name="書類の作成へ進む").click()
    write(page, scene, 3_800_000)
    expect(page.locator("#said")).to_contain_text("届出で足ります")
    page.get_by_role("button", name="保存して確かめる").click()
    page = sit(scene.approver(), f"{base}2/")
    page.get_by_role("button", name="軽微な変更を届け出る").click()
    expect(page.locator("#main")).to_contain_text("届出済")
    assert_accessible(page)
    assert Application.objects.get(pk=one.pk).granted_yen == 3_800_000


def write(page: Page, scene: Scene, grant_yen: int) -> None:
    """Type the grant, the one line of cost, even shares, day, reason and every member's consent."""
    page.locator("[name=costs-0-amount_yen]").fill(f"{grant_yen:,}")
    page.locator("[name=costs-0-eligible_yen]").fill(f"{grant_yen:,}")
    share, rest = divmod(grant_yen, len(scene.members))
    for place, town in enumerate(scene.members):
        page.locator(f"[name=split_{town.code}]").fill(str(share + (rest if place == 0 else 0)))
        if place:
            page.locator(f"[name=on_{town.code}]").fill(wareki(clock.today()))
            page.locator(f"[name=no_{town.code}]").fill(f"企第{70 + place}号")
    page.get_by_label("変更の日").fill(wareki(clock.today()))
    page.get_by_label("変更後の交付額").fill(f"{grant_yen:,}")
    page.get_by_label("変更の理由").fill("講師の都合により回数を見直すため。")
    page.get_by_label("事業の内容（変更後）").press("Tab")
