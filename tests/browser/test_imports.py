"""A sheet is brought in through the pages: with the mouse, by keyboard alone, without JavaScript, in the background."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from python_calamine import CalamineWorkbook

from common import tasks
from common.models import SheetImport, Task
from common.sheets import importing
from common.viewer import Duty
from municipalities.models import DataSource, PopulationFigure, PopulationSeries
from scripts.chromium import Watch, watched_context

from ..factories.municipalities import MunicipalityFactory
from ..viewers import saved, viewer
from ..xls import xls
from .axe import assert_accessible
from .conftest import sign_in

HEAD = ["団体コード", "出典", "年", "総人口"]
TOWNS = {"011002": "札幌市", "012238": "根室市", "014281": "長沼町", "012025": "函館市", "012033": "小樽市"}


@pytest.fixture
def staff(transactional_db: None) -> Any:
    for code, name in TOWNS.items():
        MunicipalityFactory(code=code, name=name)
    source = DataSource.objects.create(code="census", title="国勢調査")
    PopulationSeries.objects.create(
        code="census", kind="actual", name="国勢調査", publisher="総務省", source=source, order=1
    )
    PopulationFigure.objects.create(municipality_id="012238", series_id="census", year=2020, total=24_636)
    PopulationFigure.objects.create(municipality_id="011002", series_id="census", year=2020, total=1_973_395)
    return saved(viewer(Duty.HS))


def cp932_csv(path: Path, *rows: list[Any]) -> Path:
    """A table as Excel in Japan saves it, with a title above the headings and a total below."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["国勢調査による人口～市町村別～"], HEAD, *rows, ["合計", "", "", 99]])
    path.write_bytes(out.getvalue().encode("cp932"))
    return path


def total(code: str) -> int | None:
    return PopulationFigure.objects.filter(municipality=code).values_list("total", flat=True).first()


def test_a_cp932_csv_is_compared_confirmed_and_undone(
    live_server: Any, context: BrowserContext, page: Page, watch: Watch, staff: Any, tmp_path: Path
):
    watch.allow("422")
    file = cp932_csv(
        tmp_path / "人口.csv",
        ["014281", "国勢調査", "令和2年", "１０，２８９"],
        ["012238", "国勢調査", "R2", "24,000"],
        [1100, "国勢調査", 2020, "1,973,395人"],
    )
    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="ファイルを取り込む").first.click()
    page.get_by_role("link", name="人口実績", exact=True).click()
    assert_accessible(page)
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()

    expect(page.get_by_role("heading", name="取り込む内容を確かめてください")).to_be_visible()
    expect(page.get_by_text("1件を新しく登録し、1件の値を更新します。")).to_be_visible()
    expect(page.get_by_text("合計行と判断して読み飛ばしました")).to_be_visible()
    changed = page.locator(".is-changed")
    expect(changed.locator("del")).to_have_text("変更前 24,636")
    expect(changed.locator("ins")).to_have_text(" 変更後 24,000")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 1366
    page.get_by_role("navigation", name="結果で絞り込む").get_by_role("link", name="変更なし").click()
    expect(page.get_by_role("table")).to_contain_text("011002")
    assert total("014281") is None

    page.get_by_role("button", name="取り込む（2件）").click()
    expect(page.get_by_role("heading", name="取り込みました")).to_be_visible()
    assert_accessible(page)
    assert (total("014281"), total("012238")) == (10_289, 24_000)
    with page.expect_download() as arrived:
        page.get_by_role("link", name="結果の入ったファイルを受け取る").click()
    rows = CalamineWorkbook.from_path(arrived.value.path()).get_sheet_by_index(0).to_python()
    assert [row[-2] for row in rows[2:5]] == ["登録", "更新", "変更なし"]

    PopulationFigure.objects.filter(municipality="012238").update(total=23_999)
    page.get_by_role("button", name="取込を取り消す").click()
    refusal = page.get_by_role("alert").first
    expect(refusal).to_contain_text("4行目")
    expect(refusal).to_be_focused()
    assert (total("014281"), total("012238")) == (10_289, 23_999)
    PopulationFigure.objects.filter(municipality="012238").update(total=24_000)
    page.get_by_role("button", name="取込を取り消す").click()
    expect(page.get_by_role("heading", name="取込を取り消しました")).to_be_visible()
    assert (total("014281"), total("012238")) == (None, 24_636)


def test_an_old_excel_with_foreign_headings_is_mapped_and_remembered(
    live_server: Any, context: BrowserContext, page: Page, watch: Watch, staff: Any, tmp_path: Path
):
    watch.allow("422")
    rows = [["人口の表"], ["番号", "まち", "もと", "いつ", "ひと"]]
    rows += [[code, name, "国勢調査", 2020, 1000 + index] for index, (code, name) in enumerate(TOWNS.items())]
    file = tmp_path / "人口.xls"
    file.write_bytes(xls(rows))
    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/new/I-03/")
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()

    expect(page.get_by_role("heading", name="列の対応を確かめてください")).to_be_visible()
    expect(page.get_by_text("札幌市")).to_be_visible()  # values beside the heading
    expect(page.locator("#column-0")).to_have_value("code")
    expect(page.locator("#column-2")).to_have_value("series")
    assert_accessible(page)
    page.locator("#column-4").select_option("")
    page.get_by_role("button", name="違いを確かめる").click()
    expect(page.get_by_role("alert")).to_contain_text("に当たる列を選んでください。")
    page.locator("#column-3").select_option("year")
    page.locator("#column-4").select_option("total")
    page.get_by_label("この対応を保存する名前").fill("統計課の表")
    page.get_by_role("button", name="違いを確かめる").click()
    page.get_by_role("button", name="取り込む（5件）").click()
    expect(page.get_by_role("heading", name="取り込みました")).to_be_visible()
    assert total("014281") == 1002

    page.get_by_role("link", name="続けて取り込む").click()
    expect(page.get_by_text("統計課の表")).to_be_visible()
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_text("5行すべてが登録済みの値と同じです。")).to_be_visible()
    assert_accessible(page)


def test_errors_stand_where_they_are_and_only_right_rows_go_in(
    live_server: Any, context: BrowserContext, page: Page, staff: Any, tmp_path: Path
):
    file = cp932_csv(
        tmp_path / "人口.csv",
        ["014282", "国勢調査", 2020, 10_289],
        ["012238", "国勢調査", 2020, "約2万"],
        ["012025", "国勢調査", 2020, 251_084],
    )
    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/new/I-03/")
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_text("2行に直すところがあります。")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("検査数字が一致しません（正：014281）")
    expect(page.get_by_role("table")).to_contain_text("4行　「総人口」列")
    assert_accessible(page)
    page.get_by_role("button", name="エラー行を除いて取込（1件）").click()
    expect(page.get_by_text("エラーの2行は除きました。")).to_be_visible()
    assert (total("012025"), total("012238")) == (251_084, 24_636)


def test_a_file_can_be_dropped_on_the_field(live_server: Any, context: BrowserContext, page: Page, staff: Any):
    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/new/I-03/")
    dropped = page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "人口.csv", {type: "text/csv"}));
            return data;
        }""",
        "団体コード,出典,年,総人口\r\n014281,国勢調査,2020,5\r\n",
    )
    zone = page.locator("[data-drop]")
    zone.dispatch_event("dragover", {"dataTransfer": dropped})
    expect(zone).to_have_class("drop drop--big drop--ready drop--over")
    zone.dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_role("button", name="内容を確かめる")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1件を新しく登録します。")).to_be_visible()


def test_the_way_can_be_walked_by_keyboard_alone(
    live_server: Any, context: BrowserContext, page: Page, staff: Any, tmp_path: Path
):
    def to(words: str) -> None:
        """Press Tab until the focus stands on the button or link with these words."""
        for _ in range(80):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.matches('a, button') && document.activeElement.textContent")
            if here and here.startswith(words):
                return
        raise AssertionError(f"Tab never reached {words}")

    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/new/")
    to("人口実績")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/new/I-03/")
    page.locator("input[type=file]").focus()
    page.locator("input[type=file]").set_input_files(
        cp932_csv(tmp_path / "人口.csv", ["014281", "国勢調査", 2020, 10_289], ["012238", "国勢調査", 2020, 1])
    )
    to("内容を確かめる")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/*/")
    to("登録")
    page.keyboard.press("Enter")
    page.wait_for_url("**?result=new")
    page.get_by_role("group", name="登録の行").focus()  # a wide table takes the focus, so that arrows can move it
    to("取り込む（2件）")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="取り込みました")).to_be_visible()
    to("取込を取り消す")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="取込を取り消しました")).to_be_visible()
    assert total("012238") == 24_636


def test_nothing_of_it_needs_javascript(live_server: Any, browser: Browser, staff: Any, tmp_path: Path):
    file = cp932_csv(tmp_path / "人口.csv", ["014281", "国勢調査", 2020, 10_289])
    with watched_context(browser, javascript=False) as (context, watch):
        sign_in(context, live_server.url, staff)
        page = context.new_page()
        page.goto(f"{live_server.url}/imports/new/I-03/")
        expect(page.get_by_text("引いて落とす")).to_be_hidden()
        page.get_by_label("取り込むファイル").set_input_files(file)
        page.get_by_role("button", name="内容を確かめる").click()
        page.get_by_role("button", name="取り込む（1件）").click()
        expect(page.get_by_role("heading", name="取り込みました")).to_be_visible()
        assert total("014281") == 10_289
        assert not watch.unexpected


@pytest.mark.parametrize("javascript", [True, False])
def test_long_work_can_be_left_and_found_again(
    live_server: Any, browser: Browser, staff: Any, tmp_path: Path, javascript: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    file = cp932_csv(tmp_path / "人口.csv", ["014281", "国勢調査", 2020, 10_289])
    with watched_context(browser, javascript=javascript) as (context, watch):
        sign_in(context, live_server.url, staff)
        page = context.new_page()
        page.goto(f"{live_server.url}/imports/new/I-03/")
        page.get_by_label("取り込むファイル").set_input_files(file)
        page.get_by_role("button", name="内容を確かめる").click()
        expect(page.get_by_role("status")).to_contain_text("順番待ち")
        if javascript:
            assert_accessible(page)
        page.goto(f"{live_server.url}/imports/")
        page.get_by_role("link", name="人口実績").click()
        run = SheetImport.objects.get()
        Task.objects.filter(pk=run.task_id).update(
            state="running", attempts=1, progress_done=300, progress_total=1200, progress_text="値を読み取っています"
        )
        expect(page.locator("#progress")).to_contain_text("300／1,200行")  # by itself in both
        Task.objects.filter(pk=run.task_id).update(state="queued")
        tasks.run_next("worker", heartbeat=False)
        page.get_by_role("button", name="取り込む（1件）").click()
        expect(page.get_by_role("heading", name="取り込んでいます")).to_be_visible()
        tasks.run_next("worker", heartbeat=False)
        expect(page.get_by_role("heading", name="取り込みました")).to_be_visible()
        assert total("014281") == 10_289
        assert not watch.unexpected


def test_a_worker_that_was_killed_is_told_and_its_work_done_again(
    live_server: Any, context: BrowserContext, page: Page, staff: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    sign_in(context, live_server.url, staff)
    page.goto(f"{live_server.url}/imports/new/I-03/")
    file = cp932_csv(tmp_path / "人口.csv", ["014281", "国勢調査", 2020, 10_289])
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("status")).to_contain_text("順番待ち")
    run = SheetImport.objects.get()
    Task.objects.filter(pk=run.task_id).update(state="running", attempts=3, lease_until="2000-01-01T00:00:00Z")
    tasks.run_next("worker", heartbeat=False)  # three workers were killed: the fourth gives it up
    expect(page.get_by_role("button", name="やり直す")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("途中までの書込みはありません。")
    assert_accessible(page)
    page.get_by_role("button", name="やり直す").click()
    tasks.run_next("worker", heartbeat=False)
    expect(page.get_by_role("button", name="取り込む（1件）")).to_be_visible()
