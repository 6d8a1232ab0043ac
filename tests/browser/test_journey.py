"""The main path of a grant's life (T01 … T34) in a browser, from the first idea to the closed file; the review once by
keyboard alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from scripts import chromium, demo

NEMURO = (
    ("012238", "根室市"),
    ("016918", "別海町"),
    ("016926", "中標津町"),
    ("016934", "標津町"),
    ("016942", "羅臼町"),
)
TOPIC = "地域医療を支える専門職の共同確保"
GRANT = "4,800,000"


class Desk:
    """One browser in which people sign in from the list of sample people, one after the other."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.case = page, address, ""

    @contextmanager
    def person(self, username: str) -> Iterator[Page]:
        self.page.goto(f"{self.address}/sign-in/")
        self.page.locator(f'button[name="username"][value="{username}"]').click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        yield self.page
        self.page.locator("details.menu", has_text="利用者").locator("summary").click()
        self.page.get_by_role("button", name="サインアウト").click()
        expect(self.page).to_have_url(re.compile("/sign-in/"))

    def open(self, path: str) -> None:
        answer = self.page.goto(f"{self.address}{self.case}{path}")
        assert answer is not None and answer.ok, (answer and answer.status, path)


@pytest.fixture
def desk(page: Page) -> Desk:
    return Desk(page, "")


@contextmanager
def day(desk: Desk, world: demo.World, today: str) -> Iterator[None]:
    """Let it be a day: what time brings is done, then the portal serves."""
    world = world.on(today)
    world.manage("run_due")
    with demo.portal(world) as desk.address:
        yield
        desk.page.goto("about:blank")


def done(page: Page, text: str = "") -> None:
    """The page says that it was done, and nothing is wrong."""
    expect(page.locator(".errors")).to_have_count(0)
    if text:
        expect(page.locator("#main")).to_contain_text(text)


def dock(page: Page, name: str) -> Locator:
    return page.locator(".dock").get_by_role("button", name=name)


def test_from_an_idea_to_the_closed_file(desk: Desk, own_world: demo.World) -> None:
    with day(desk, own_world, demo.DEMO_DATE):
        check_partners(desk)
        write_application(desk)
        consult(desk)
        agree(desk, first=True)
        submit(desk, again=False)
        receive_and_send_back(desk)
        correct(desk)
        submit(desk, again=True)
        review_and_forward(desk)
        answer_for_headquarters(desk)
        draft(desk)
        decide(desk)
        read_letter(desk)
    with day(desk, own_world, "2027-01-20"):  # the work begins (T21)
        pay(desk, 1, reason="説明会の会場を年度内に押さえるため。", amount="2,000千円")
    with day(desk, own_world, "2027-03-25"):
        report(desk)
        inspect_and_fix(desk)
        pay(desk, 2)
        settle_and_close(desk)


def check_partners(desk: Desk) -> None:
    """A planner of 根室市 sees in one click that the five towns make an eligible region."""
    with desk.person("nemuro-kikaku") as page:
        page.get_by_role("link", name="要件を試す").first.click()
        codes = "&".join(f"member={code}" for code, _ in NEMURO)
        page.goto(f"{page.url.split('?')[0]}?program=successor&program=acceleration&fiscal_year=2026&{codes}")
        expect(page.locator("#main")).to_contain_text("5のうち5")
        expect(page.locator("#main")).to_contain_text("出典")


def write_application(desk: Desk) -> None:
    with desk.person("nemuro-kikaku") as page:
        page.get_by_role("link", name="申請を始める").first.click()
        page.get_by_role("link", name=re.compile(r"申請を始める\s*（.*令和8年度 第2次）")).click()
        page.get_by_label("根室連携地域", exact=False).first.check()
        page.locator("#main").get_by_role("button", name=re.compile("作成を始める|申請を始める|始める")).first.click()
        expect(page).to_have_url(re.compile(r"/applications/\d+/edit/"))
        desk.case = re.search(r"/applications/\d+", page.url).group(0)  # type: ignore[union-attr]
        write_basics(desk, page)
        dock(page, "保存して次へ").click()
        expect(page.get_by_label("根室市", exact=False).first).to_be_checked()
        dock(page, "保存して次へ").click()
        write_project(page)
        dock(page, "保存して次へ").click()
        write_costs(page)
        dock(page, "保存して次へ").click()
        expect(page.locator("#main")).to_contain_text(TOPIC)
        dock(page, "保存して次へ").click()
        expect(page).to_have_url(re.compile("/edit/confirm/"))
        expect(page.locator("#main")).to_contain_text(GRANT)


def write_basics(desk: Desk, page: Page) -> None:
    desk.open("/edit/basic/")
    page.get_by_label("事業名").fill(TOPIC)
    page.get_by_label("目的").fill(
        "単独では確保が難しい医療専門職を共同で募集し、地域で医療を受け続けられるようにする。"
    )
    page.get_by_label("事業の内容").fill("合同の説明会を4回開き、採用の窓口を一つにする。")
    page.get_by_label("開始日").fill("令和9年1月20日")
    page.get_by_label("完了予定日").fill("R9.3.19")
    page.get_by_label("費用負担・役割分担の考え方").fill("事務局の経費は均等に分担する。")
    page.get_by_label("支援が終わった後の見通し").fill("各市町の負担金により続ける。")
    page.get_by_label("ない", exact=True).check()
    for _, name in NEMURO:
        page.get_by_label(f"{name}の財源", exact=True).fill("一般財源")
        page.get_by_label(re.compile(f"^{name}の.*見込額")).first.fill("400,000")


def write_project(page: Page) -> None:
    page.get_by_role("checkbox", name=TOPIC).check()
    page.get_by_label(f"今年度の内容（{TOPIC}）").fill("合同の説明会を4回、面談を20回行う。")
    page.get_by_label(re.compile("規模・回数（" + TOPIC)).fill("説明会4回、面談20回")


def write_costs(page: Page) -> None:
    rows = (("委託料", "採用サイトと説明会の運営", "4000000"), ("旅費", "説明会・面談旅費", "８００，０００"))
    for number, (category, text, amount) in enumerate(rows, 1):
        page.get_by_label(f"{number}行目 節").first.select_option(label=category)
        page.get_by_label(f"{number}行目 内容").first.fill(text)
        page.get_by_label(f"{number}行目 金額").first.fill(amount)
        page.get_by_label(f"{number}行目 取組").first.select_option(label=TOPIC)
        page.get_by_label(f"{number}行目 負担団体").first.select_option(label="根室市")
    page.get_by_label("交付申請額").fill(GRANT)
    page.get_by_role("button", name="市町村に均等に配分する").click()
    expect(page.get_by_label("別海町の配分額", exact=True)).to_have_value("960,000")


def consult(desk: Desk) -> None:
    with desk.person("nemuro-kikaku") as page:
        desk.open("/consult/")
        page.get_by_label("相談したいこと").fill("対象経費の範囲について助言をお願いします。")
        page.get_by_role("button", name="事前協議を申し込む").click()
        done(page, "事前協議中")
    with desk.person("nemuro-shinsa") as page:
        page.get_by_role("link", name="根室連携地域").first.click()
        desk.open("/consultation/")
        page.get_by_label("協議日").fill("令和8年11月21日")
        page.get_by_label("出席者").fill("根室市、根室振興局")
        page.get_by_label("回答・助言").fill("対象経費は計画どおりでよい。")
        page.get_by_role("button", name="協議を完了する").click()
        done(page)
    with desk.person("nemuro-kikaku") as page:
        desk.open("/edit/confirm/")
        page.get_by_label("記載した内容に相違ないことを確かめました", exact=False).check()
        dock(page, "構成市町村へ確認を依頼する").click()
        done(page, "同意")


def agree(desk: Desk, *, first: bool) -> None:
    for number, (code, name) in enumerate(NEMURO, 1):
        with desk.person(f"shonin-{code}") as page:
            if first:
                expect(page.locator("#main")).to_contain_text("根室連携地域")
            desk.open("/consent/")
            page.get_by_label("文書番号").fill(f"企第{number}号")
            page.get_by_role("button", name="同意する", exact=True).click()
            done(page, name)


def submit(desk: Desk, *, again: bool) -> None:
    with desk.person("shonin-012238") as page:
        if again:
            desk.open("/corrections/")
            dock(page, "再提出する").click()
        else:
            desk.open("/submit/")
            page.get_by_label("申請文書の番号").fill("根企第102号")
            page.get_by_label("申請の内容を確かめました", exact=False).check()
            page.get_by_role("button", name="提出する", exact=True).click()
        done(page, "提出")


def receive_and_send_back(desk: Desk) -> None:
    with desk.person("nemuro-shinsa") as page:
        desk.open("/review/")
        dock(page, "受け付ける").click()
        done(page, "受付番号")
        page.locator(".dock").get_by_role("link", name="差し戻す").click()
        page.get_by_label("1行目 箇所").select_option(label="経費")
        page.get_by_label("1行目 直していただきたいこと").fill("委託料の積算の根拠を内容に書いてください。")
        page.get_by_label("補正の期限").fill("令和8年12月4日")
        dock(page, "差し戻す").click()
        done(page, "補正")


def correct(desk: Desk) -> None:
    with desk.person("nemuro-kikaku") as page:
        desk.open("/edit/costs/")
        page.get_by_label("1行目 内容").first.fill("採用サイトと説明会の運営（見積2社の低い方）")
        dock(page, "保存して次へ").click()
        desk.open("/corrections/")
        page.get_by_label(re.compile("どう直したか")).fill("見積書の内容を書き加えました。")
        dock(page, "回答を保存する").click()
        done(page, "回答済")


def review_and_forward(desk: Desk) -> None:
    with desk.person("nemuro-shinsa") as page:
        desk.open("/review/")
        dock(page, "受け付ける").click()
        expect(page.locator("#main")).to_contain_text("見積2社の低い方")
        expect(page.locator("#main .tag--new").first).to_be_visible()
        judge_all(desk, page)
        desk.open("/review/")
        page.get_by_label("優先度").select_option(label="採択が適当")
        page.get_by_label("交付予定額の案（円）").fill(GRANT)
        page.locator("#notes").get_by_label("意見").fill("必要性・効果とも認められ、採択が適当である。")
        page.get_by_role("button", name="意見を記録する").click()
        done(page, "採択が適当")
    with desk.person("nemuro-kyokucho") as page:
        desk.open("/forward/")
        dock(page, "進達する").click()
        done(page, "本庁")


def judge_all(desk: Desk, page: Page) -> None:
    """Judge every open question, one after the other; the panel changes in place."""
    waiting = page.locator("article.rule:has(> p .mark--judge) form.judge")
    desk.open("/review/")
    for left in range(waiting.count(), 0, -1):
        form = waiting.first
        form.get_by_label("適合", exact=True).check()
        form.get_by_label("理由").fill("提出書類と事前協議の記録により、要件を満たすと判断した。")
        form.get_by_role("button", name="判断を記録する").click()
        expect(waiting).to_have_count(left - 1)


def answer_for_headquarters(desk: Desk) -> None:
    with desk.person("honcho-shinsa") as page:
        judge_all(desk, page)
        desk.open("/review/")
        page.locator("#notes").get_by_label("意見").fill("振興局の意見のとおりで支障ない。")
        page.get_by_role("button", name="意見を記録する").click()
        done(page)


def draft(desk: Desk) -> None:
    with desk.person("nemuro-shinsa") as page:
        desk.open("/draft/")
        page.get_by_label("交付決定額（円）").fill(GRANT)
        page.get_by_label("処分の案と理由").fill("審査の結果、要件を満たすので交付することとしたい。")
        page.get_by_role("button", name="起案する").click()
        done(page, "決裁中")


def decide(desk: Desk) -> None:
    with desk.person("nemuro-kyokucho") as page:
        desk.open("/decide/")
        expect(page.frame_locator("iframe").locator("body")).to_contain_text("交付決定通知書")
        dock(page, "決裁する").click()
        done(page, "決裁しました")


def read_letter(desk: Desk) -> None:
    """The town opens the numbered letter; what it prints is what was decided. Nothing internal is in reach."""
    with desk.person("nemuro-kikaku") as page:
        desk.open("/documents/")
        page.get_by_role("link", name=re.compile("交付決定通知書")).first.click()
        pdf = re.sub(r"/$", "", page.url) + "/pdf/"
        answer = page.request.get(pdf)
        assert answer.ok and answer.headers["content-type"] == "application/pdf"
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
        plain = re.sub(r"\s", "", text)
        assert "交付決定通知書" in plain and "4,800,000円" in plain and "指令" in plain
        assert "根企第１０２号" in plain and "北海道根室振興局長" in plain
        for kind in ("D-04", "D-05"):
            assert page.request.get(f"{desk.address}{desk.case}/preview/{kind}/").status in (403, 404)
        assert page.request.get(f"{desk.address}{desk.case}/review/").status in (403, 404)


def pay(desk: Desk, number: int, *, amount: str = "", reason: str = "") -> None:
    """The lead claims, the bureau's head approves, accounting pays (T26; without an amount the balance, T33)."""
    with desk.person("shonin-012238") as page:
        desk.open("/payments/claim/")
        if amount:
            page.get_by_label("請求額（円）").fill(amount)
            page.get_by_label("概算払を必要とする理由").fill(reason)
        page.get_by_label("請求文書の番号").fill(f"根企第{200 + number}号")
        page.get_by_label("債権者番号").fill("0012238")
        dock(page, "請求する").click()
        done(page, "承認を待")
    with desk.person("nemuro-kyokucho") as page:
        desk.open(f"/payments/{number}/decide/")
        dock(page, "承認する").click()
        done(page, "支払待ち")
    with desk.person("suito") as page:
        desk.open(f"/payments/{number}/record/")
        dock(page, "支払を記録する").click()
        done(page, "支払済")


def report(desk: Desk) -> None:
    """The planned end has passed (T27); the planner reports on the plan's lines, the approver submits (T29)."""
    with desk.person("nemuro-kikaku") as page:
        desk.open("/report/edit/")
        for number, actual in enumerate(("4,000,000", "750,000"), 1):
            page.get_by_label(f"{number}行目 実績額").fill(actual)
            page.get_by_label(f"{number}行目 証拠書類の番号").fill(f"領収書{number}")
        page.get_by_label("2行目 差の理由").fill("面談を2回オンラインで行ったため")
        page.get_by_role("textbox", name="実施した内容").fill("合同の説明会を4回、面談を20回行った。")
        page.get_by_role("textbox", name="事業の効果").fill("保健師2人の採用が決まった。")
        page.get_by_role("textbox", name="事例の名称").fill("専門職の共同採用")
        page.get_by_role("textbox", name="効果（数で）").fill("応募が3人から11人に増えた。")
        page.get_by_role("textbox", name="かかった費用（円）").fill("4,750,000")
        page.get_by_role("textbox", name="苦労した点・工夫").fill("説明会の日程の調整。")
        dock(page, "保存する").click()
        page.get_by_role("button", name="均等に配分する").click()
        expect(page.locator("#sums")).to_contain_text("一致しています")
    with desk.person("shonin-012238") as page:
        desk.open("/report/submit/")
        page.get_by_label("報告の内容を確かめました").check()
        page.get_by_role("button", name="提出する").click()
        done(page, "報告")


def inspect_and_fix(desk: Desk) -> None:
    """The bureau inspects, its head fixes 4,750,000円 (T31, T32)."""
    with desk.person("nemuro-shinsa") as page:
        desk.open("/report/inspect/")
        page.get_by_label("検査日").fill("令和9年3月25日")
        right = page.get_by_label("適", exact=True)
        for place in range(right.count()):
            right.nth(place).check()
        page.locator("input[name=sampled]").first.check()
        dock(page, "検査を終える").click()
        done(page)
    with desk.person("nemuro-kyokucho") as page:
        desk.open("/report/fix/")
        dock(page, "4,750,000円に確定する").click()
        done(page, "交付金の額を確定し、通知書を発行しました。")


def settle_and_close(desk: Desk) -> None:
    """Accounting settles, the bureau closes the file (T33, T34); every paper of this life is in the list."""
    with desk.person("suito") as page:
        desk.open("/payments/")
        dock(page, "精算する").click()
        done(page, "精算しました")
    with desk.person("nemuro-shinsa") as page:
        desk.open("/close/")
        dock(page, "完結する").click()
        done(page, "完結")
        desk.open("/documents/")
        for name in (
            "交付申請書",
            "交付決定通知書",
            "概算払請求書",
            "実績報告書",
            "検査調書",
            "額の確定通知書",
            "精算払請求書",
        ):
            expect(page.get_by_role("link", name=re.compile(name)).first).to_be_visible()
        assert page.request.get(f"{desk.address}{desk.case}/").ok
    with desk.person("nemuro-kikaku") as page:
        desk.open("/")
        expect(page.locator("#main")).to_contain_text("完結")
        expect(page.locator("#life")).to_contain_text("4,750,000")


def test_by_keyboard_alone(browser: Browser, portal: str) -> None:
    """A reviewer signs in, finds her next case, judges and writes an opinion without touching the mouse."""
    with chromium.watched_context(browser) as (context, watch):
        page = context.new_page()
        page.goto(f"{portal}/sign-in/")
        press_to(page, lambda: focused_value(page) == "sorachi-shinsa")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("空知総合振興局")
        page.keyboard.press("Tab")
        assert focused_text(page) == "本文へ移動"
        page.goto(f"{portal}/worklist/?show=judge")
        page.keyboard.press("j")
        first = focused_text(page)
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert focused_text(page) == first
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/applications/\d+/review/"))
        waiting = page.locator("article.rule:has(> p .mark--judge) form.judge").count()
        assert waiting
        press_to(page, lambda: page.evaluate("document.activeElement.closest('form.judge') !== null"))
        page.keyboard.press("Space")
        press_to(page, lambda: page.evaluate("document.activeElement.tagName") == "TEXTAREA")
        page.keyboard.type("提出書類と事前協議の記録により、要件を満たすと判断した。")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("article.rule:has(> p .mark--judge) form.judge")).to_have_count(waiting - 1)
        assert not watch.unexpected


def press_to(page: Page, reached: object, key: str = "Tab") -> None:
    """Press a key until something is reached; far too many presses mean that it cannot be reached."""
    for _ in range(160):
        page.keyboard.press(key)
        if reached():  # type: ignore[operator]
            return
    raise AssertionError("not reachable by keyboard")


def focused_text(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || ''")).strip()


def focused_value(page: Page) -> str:
    return str(page.evaluate("document.activeElement.value || ''"))
