"""From five towns on a list to an agreement in force, in a browser; a sixth joins later by an amendment."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from scripts import chromium

from .axe import violations

FIVE = (("014281", "長沼町"), ("014231", "南幌町"), ("014273", "由仁町"), ("014290", "栗山町"), ("014303", "月形町"))
SIXTH = ("012092", "夕張市")
PLANNER = "naganuma-kikaku"
COUNCIL = "014273"
NAME = "馬追丘陵連携地域"


def sign_in(page: Page, portal: str, username: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{portal}/sign-in/")
    page.locator(f'button[name="username"][value="{username}"]').click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def fine(page: Page, text: str) -> None:
    expect(page.locator(".errors")).to_have_count(0)
    expect(page.locator("#main")).to_contain_text(text)


def test_five_towns_agree_one_after_its_council_and_a_sixth_joins(
    page: Page, portal: str, watch: chromium.Watch
) -> None:
    watch.allow("422")  # a second reminder on the same day is refused
    sign_in(page, portal, PLANNER)
    region = propose(page, portal)
    agreement = draft(page)
    ask(page, portal, agreement)
    for code, _ in FIVE[:4]:
        consent(page, portal, agreement, code, council=code == COUNCIL)
    remind(page, portal, agreement)
    consent(page, portal, agreement, FIVE[4][0])
    fine(page, "議決待ち")
    resolve(page, portal, agreement)
    read_as_others(page, portal, agreement)
    amended = join(page, portal, region)
    for code, _ in (*FIVE, SIXTH):
        consent(page, portal, amended, code, day="令和8年11月20日")
    fine(page, "効力あり")
    page.goto(f"{portal}{amended}compare/")
    fine(page, f"加わる市町村：{SIXTH[1]}")
    assert violations(page) == []
    page.goto(f"{portal}{region}")
    expect(page.locator("#members")).to_contain_text(SIXTH[1])


def propose(page: Page, portal: str) -> str:
    """An idea (構想) of five towns; returns the path of its page."""
    page.goto(f"{portal}/regions/new/?go=1&" + "&".join(f"member={code}" for code, _ in FIVE))
    page.get_by_label("地域の名称").fill(NAME)
    page.get_by_role("button", name="登録する", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    return re.search(r"/regions/[^/]+/", page.url).group(0)  # type: ignore[union-attr]


def draft(page: Page) -> str:
    """Articles from the template, one changed; one row of the annexed table; costs by halves. Returns the path."""
    page.get_by_role("link", name="協定を登録する").click()
    expect(page.get_by_label("題名")).to_have_value(f"{NAME}における連携に関する協定")
    page.get_by_label("防災", exact=True).check()
    page.get_by_role("button", name="案を作り、条文へ進む").click()
    fine(page, "第8条")
    agreement = re.search(r"/agreements/\d+/", page.url).group(0)  # type: ignore[union-attr]
    page.get_by_label("第1条の条文").fill(
        "この協定は、五町が支え合い、暮らしに必要な行政サービスを続けることを目的とする。"
    )
    page.get_by_role("button", name=re.compile(r"下へ\s*（第1条）")).click()
    expect(page.get_by_label("第2条の見出し")).to_have_value("目的")
    page.get_by_role("button", name=re.compile(r"上へ\s*（第2条）")).click()
    fine(page, "標準から変更")
    assert violations(page) == []
    page.get_by_role("button", name="保存して次へ").click()
    page.get_by_role("link", name="取組を加える").click()
    page.get_by_label("名称").fill("避難所の物資の共同備蓄")
    page.get_by_label("事務局").select_option(label="栗山町")
    page.get_by_label("月形町の役割").fill("倉庫を提供する。")
    page.get_by_role("button", name="保存して別表へ戻る").click()
    fine(page, "避難所の物資の共同備蓄")
    page.get_by_role("link", name="次へ：費用負担").click()
    page.get_by_label("均等割と人口割の併用").check()
    expect(page.locator("#shares")).to_contain_text("均等割50％、人口割50％")  # saved by itself, the table follows
    page.get_by_role("button", name="保存して次へ").click()
    fine(page, "別表第１のとおりとする")
    return agreement


def ask(page: Page, portal: str, agreement: str) -> None:
    page.get_by_label("回答の期限").fill(f"{date(2027, 1, 20):%Y/%m/%d}")
    page.get_by_role("button", name="各市町村へ同意を依頼する").click()
    fine(page, "構成市町村へ同意を依頼しました。")
    page.goto(f"{portal}{agreement}edit/articles/")
    fine(page, "書き換えられません")


def consent(
    page: Page, portal: str, agreement: str, code: str, *, council: bool = False, day: str = "令和8年11月18日"
) -> None:
    sign_in(page, portal, f"shonin-{code}")
    page.goto(f"{portal}{agreement}")
    page.locator(".dock").get_by_role("link", name="内容を確かめて同意する").click()
    fine(page, "協定の全文")
    if council:
        page.get_by_label("議会の議決を要する").check()
        assert violations(page) == []
    page.get_by_label("同意日").fill(day)
    page.get_by_label("文書番号").fill("企第12号")
    page.get_by_role("button", name="同意を記録する").click()
    fine(page, "同意を記録しました。")


def remind(page: Page, portal: str, agreement: str) -> None:
    sign_in(page, portal, PLANNER)
    page.goto(f"{portal}{agreement}")
    page.get_by_role("button", name="未回答の1団体に督促する").click()
    fine(page, "月形町に督促しました。")
    page.get_by_role("button", name="未回答の1団体に督促する").click()
    expect(page.locator(".errors")).to_contain_text("本日すでに督促しています")


def resolve(page: Page, portal: str, agreement: str) -> None:
    """The council has resolved: the last consent is whole, and the agreement in force."""
    sign_in(page, portal, f"shonin-{COUNCIL}")
    page.goto(f"{portal}{agreement}consent/")
    page.get_by_label("議決日").fill("令和8年11月19日")
    page.get_by_role("button", name="同意を記録する").click()
    fine(page, "協定が締結されました")
    answer = page.request.get(f"{portal}{agreement}paper.pdf")
    assert answer.ok and answer.headers["content-type"] == "application/pdf"


def read_as_others(page: Page, portal: str, agreement: str) -> None:
    sign_in(page, portal, "choson-kai")
    page.goto(f"{portal}{agreement}")
    fine(page, "五町が支え合い")
    expect(page.locator("#main")).not_to_contain_text("企第12号")


def join(page: Page, portal: str, region: str) -> str:
    """The amendment that lets a sixth town join; returns its path."""
    sign_in(page, portal, PLANNER)
    page.goto(f"{portal}{region}")
    page.get_by_role("link", name="加入・脱退を協定の改定で行う").click()
    page.get_by_label("新たに加入する市町村").fill(SIXTH[1])
    page.get_by_label("改定の効力発生日").fill("令和8年11月21日")
    page.get_by_role("button", name="改定案を作る").click()
    expect(page.get_by_label("新たに加わる市町村")).to_have_value(SIXTH[1])
    amended = re.search(r"/agreements/\d+/", page.url).group(0)  # type: ignore[union-attr]
    page.goto(f"{portal}{amended}")
    fine(page, f"加わる市町村：{SIXTH[1]}")
    page.get_by_role("button", name="各市町村へ同意を依頼する").click()
    fine(page, "構成市町村へ同意を依頼しました。")
    return amended
