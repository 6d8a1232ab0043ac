"""A further program in a browser, from an empty name to an application under it, without a line of code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_accessible
from .test_journey import NEMURO, TOPIC, Desk, agree, dock, done, submit, write_basics, write_costs, write_project

NAME = "小規模町村連携支援制度"


@pytest.fixture
def desk(page: Page, portal: str) -> Desk:
    return Desk(page, portal)


def test_headquarters_builds_a_program_and_a_region_applies_under_it(desk: Desk) -> None:
    build(desk)
    put_to_the_test(desk)
    publish(desk)
    open_call(desk)
    apply_under_it(desk)


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="制度の設計").get_by_role("link", name=name, exact=True).click()


def panel(page: Page):
    return page.locator("#studio-panel")


def build(desk: Desk) -> None:
    with desk.person("honcho-shinsa") as page:
        page.get_by_role("link", name="制度とルール").first.click()
        page.get_by_role("link", name="新しい制度を作る").click()
        page.get_by_label("制度の名称").fill(NAME)
        page.get_by_label("略称").fill("小規模連携")
        page.get_by_label("コード").fill("small-towns")
        page.get_by_label("目的").fill("人口の少ない町村の連携を支える。")
        page.get_by_label("もとにするルール").select_option(label="次期広域連携支援制度（例）　第1版（公開）")
        page.get_by_label("適用開始年度").fill("R8")
        page.get_by_label("適用終了年度").fill("令和12年度")
        assert_accessible(page)
        dock(page, "案を作る").click()
        done(page, NAME)
        expect(panel(page)).to_contain_text("適用年度")  # the copied term does not fit the new years
        numbers(page)
        fields(page)
        rules(page)
        desk.case = re.search(r"/studio/\d+", page.url).group(0)  # type: ignore[union-attr]


def numbers(page: Page) -> None:
    """A different share, a cap by heads, the municipalities' share by year; what is wrong is said while typing."""
    tab(page, "数と条件")
    page.get_by_label("国の制度を使えない市町村の割合", exact=True).fill("半分")
    page.get_by_label("国の制度を使えない市町村の割合", exact=True).press("Tab")
    expect(panel(page)).to_contain_text("割合として読み取れません（「半分」）")
    page.get_by_label("国の制度を使えない市町村の割合", exact=True).fill("７５％")
    page.get_by_label("上限の単位", exact=True).select_option(label="人口1人あたり")
    page.get_by_label("上限額", exact=True).fill("100")
    page.get_by_label("補助率（支援年目の順）", exact=True).fill("10/10、2/3、1/2")
    for label, year in (("実施期間の初年度", "R8"), ("実施期間の最終年度", "R12"), ("新規採択の最終年度", "R10")):
        page.get_by_label(label, exact=True).fill(year)
    page.get_by_label("上限額の出典", exact=True).fill("部内の検討")
    page.get_by_label("上限額の出典", exact=True).press("Tab")
    expect(panel(page)).to_contain_text("1,000万円 → 100円")
    expect(panel(page)).to_contain_text("1/2 → 3/4")
    assert_accessible(page)
    dock(page, "保存する").click()
    done(page, "数と条件を変更しました")


def fields(page: Page) -> None:
    tab(page, "対象分野")
    for name in ("上下水道", "空き家"):
        page.get_by_text("一覧にない分野を登録する").click()
        page.get_by_label("分野の名称").fill(name)
        page.get_by_role("radio", name="生活機能").check()
        page.get_by_role("button", name="分野を登録する").click()
        done(page, f"分野「{name}」を登録し")
    expect(page.get_by_label("空き家", exact=True)).to_be_checked()
    assert_accessible(page)


def rules(page: Page) -> None:
    """A rule switched off, one added, two combined."""
    tab(page, "要件")
    page.get_by_role("button", name=re.compile("使わない.*N-07")).click()
    done(page, "要件N-07を使わないことにしました")
    page.get_by_role("link", name="要件を加える").click()
    assert_accessible(page)
    page.get_by_role("link", name="フラットな連携の人口減少率").click()
    page.get_by_label("番号").fill("S-01")
    page.get_by_label("基準の率の値", exact=True).fill("20%")
    page.get_by_label("「概ね」の判断を求める下限の値").fill("18%")
    page.get_by_label("見方の値", exact=True).select_option(label="地域全体で見る")
    page.get_by_label("文言").fill("地域全体の人口減少率が概ね20％以上であること")
    page.get_by_label("出典").fill("部内の検討")
    assert_accessible(page)
    dock(page, "保存する").click()
    done(page, "要件S-01を追加しました")
    page.get_by_label("C-08を選ぶ").check()
    page.get_by_label("C-12を選ぶ").check()
    page.get_by_text("選んだ要件を組み合わせる").click()
    page.get_by_label("番号").fill("S-02")
    page.get_by_label("名称").fill("重複と負担")
    page.get_by_label("文言").fill("他の補助と重ならず、負担が公平であること")
    page.get_by_label("出典").fill("部内の検討")
    page.get_by_role("button", name="組み合わせる", exact=True).click()
    done(page, "要件S-02に組合せを作成しました")
    expect(panel(page)).to_contain_text("要件S-02「重複と負担」を加えました")
    assert_accessible(page)


def put_to_the_test(desk: Desk) -> None:
    with desk.person("honcho-shinsa") as page:
        desk.open("/bench/")
        row = page.get_by_role("row", name=re.compile("^W29b"))
        expect(row).to_contain_text("不適合")
        page.get_by_text("計算例を追加する").click()
        page.get_by_label("名称").fill("根室の5市町")
        page.get_by_label("構成市町村").fill("、".join(name for _, name in NEMURO))
        page.get_by_label("年度", exact=False).last.fill("R8")
        page.get_by_label("適合", exact=True).check()
        page.get_by_role("button", name="追加する").click()
        done(page, "計算例を追加しました")
        expect(page.get_by_role("row", name=re.compile("^根室の5市町"))).not_to_contain_text("期待と違います")
        assert_accessible(page)
        for path, words in (("/replay/", "年度ごとの結果と上限額の合計"), ("/reach/", "対象になる組合せがある")):
            desk.open(path)
            page.get_by_role("button", name="実行する").click()
            page.get_by_role("link", name="結果を開く").click(timeout=120_000)
            expect(page.locator("#main")).to_contain_text(words)
            assert_accessible(page)


def publish(desk: Desk) -> None:
    with desk.person("honcho-shinsa") as page:
        desk.open("/")
        expect(panel(page)).to_contain_text("ありません")
        page.get_by_role("button", name="公開を起案する").click()
        done(page, "公開を起案しました")
    with desk.person("honcho-kessai") as page:
        page.get_by_role("link", name="制度とルール").first.click()
        page.get_by_role("link", name="第1版（決裁待ち）").click()
        assert_accessible(page)
        page.get_by_role("button", name="公開する", exact=True).click()
        done(page, "ルールを公開しました")


def open_call(desk: Desk) -> None:
    with desk.person("honcho-shinsa") as page:
        desk.open("/")
        page.get_by_role("link", name="この版で募集を準備する").click()
        page.get_by_label("制度とルールの版").select_option(label=f"{NAME}　第1版")
        page.get_by_label("年度", exact=False).first.fill("R8")
        page.get_by_label("交付申請のみ").check()
        page.get_by_label("将来推計人口の版").select_option(label="令和5年推計")
        page.get_by_label("受付開始日").fill("令和8年11月20日")
        page.get_by_label("締切日").fill("令和9年1月29日")
        page.get_by_label("申請番号の記号").fill("小規模")
        dock(page, "準備する").click()
        done(page, "募集を準備しました")
        page.get_by_text("配当を変える").click()
        page.get_by_label("根室振興局", exact=True).fill("10,000,000")
        page.get_by_role("button", name="配当を登録する").click()
        done(page, "配当を登録しました")
        desk.case = re.search(r"/calls/\d+", page.url).group(0)  # type: ignore[union-attr]
    with desk.person("honcho-kessai") as page:
        desk.open("/")
        page.get_by_role("button", name="公開する", exact=True).click()
        done(page, "募集を公開しました")


def apply_under_it(desk: Desk) -> None:
    with desk.person("nemuro-kikaku") as page:
        page.goto(f"{desk.address}/programs/small-towns/")
        expect(page.locator("#parameters")).to_contain_text("人口1人あたり")
        expect(page.locator("#rules")).not_to_contain_text("事前協議")
        desk.open("/start/")
        page.get_by_label("根室連携地域", exact=False).first.check()
        page.locator("#main").get_by_role("button", name=re.compile("作成を始める|申請を始める|始める")).first.click()
        expect(page).to_have_url(re.compile(r"/applications/\d+/edit/"))
        desk.case = re.search(r"/applications/\d+", page.url).group(0)  # type: ignore[union-attr]
        write_basics(desk, page)
        dock(page, "保存して次へ").click()
        dock(page, "保存して次へ").click()
        write_project(page)
        dock(page, "保存して次へ").click()
        expect(page.locator("#main")).to_contain_text("上限 100円（人口1人あたり、年度ごと）")
        write_costs(page)
        dock(page, "保存して次へ").click()
        expect(page.locator("#main")).to_contain_text(TOPIC)
        dock(page, "保存して次へ").click()
        expect(page).to_have_url(re.compile("/edit/confirm/"))
        page.get_by_label("記載した内容に相違ないことを確かめました", exact=False).check()
        dock(page, "構成市町村へ確認を依頼する").click()
        done(page, "同意")
    agree(desk, first=True)
    submit(desk, again=False)
