"""The import pages: what a person is shown on the way from a file to the confirmed import."""

from __future__ import annotations

import csv
import io
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from common import tasks
from common.models import AuditEvent, SheetImport, SheetMapping, Task
from common.sheets import importing
from common.sheets.kinds import all_kinds
from common.viewer import Duty
from municipalities.models import DataSource, PopulationFigure, PopulationSeries
from tests.factories.municipalities import MunicipalityFactory
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db
State = SheetImport.State
HEAD = ["団体コード", "出典", "年", "総人口"]
STRANGE = ["番号", "名前", "どの調査", "いつ", "ひと"]


def text(*rows: list[Any], encoding: str = "utf-8", name: str = "人口.csv") -> SimpleUploadedFile:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(encoding))


def book(**sheets: list[list[Any]]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with Workbook(out) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for index, row in enumerate(rows):
                page.write_row(index, 0, row)
    return SimpleUploadedFile("人口.xlsx", out.getvalue())


@pytest.fixture(autouse=True)
def towns() -> None:
    for code, name in (("011002", "札幌市"), ("012238", "根室市"), ("014281", "長沼町")):
        MunicipalityFactory(code=code, name=name)
    source = DataSource.objects.create(code="census", title="国勢調査")
    PopulationSeries.objects.create(
        code="census", kind="actual", name="国勢調査", publisher="総務省", source=source, order=1
    )


@pytest.fixture
def staff() -> Any:
    return saved(viewer(Duty.HS))


@pytest.fixture
def client(staff: Any) -> Client:
    return client_for(staff)


def upload(client: Client, file: Any, kind: str = "I-03", **fields: str) -> tuple[Any, SheetImport]:
    """Send a file and follow to the page it leads to."""
    answer = client.post(f"/imports/new/{kind}/", {"file": file, **fields}, follow=True)
    return answer, SheetImport.objects.latest("pk")


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_known_table_leads_straight_to_its_differences(client: Client):
    PopulationFigure.objects.create(municipality_id="012238", series_id="census", year=2020, total=24_636)
    answer, run = upload(
        client, text(HEAD, ["014281", "国勢調査", 2020, 10_289], ["012238", "国勢調査", "令和2年", "24,000"])
    )
    assert answer.redirect_chain == [(f"/imports/{run.pk}/", 302)]
    shown = page_of(answer)
    assert "1件を新しく登録し、1件の値を更新します。" in shown
    assert "<del>" in shown and "24,636</del>" in shown and "24,000</ins>" in shown
    assert not PopulationFigure.objects.filter(municipality="014281").exists()
    assert "取り込む（2件）" in shown


def test_confirming_twice_writes_once_and_shows_the_result(client: Client):
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    for _ in range(2):
        answer = client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256}, follow=True)
        assert "登録 1件、更新 0件を書き込みました。" in page_of(answer)
    assert PopulationFigure.objects.get().total == 10_289
    assert AuditEvent.objects.filter(action="sheet.confirm").count() == 1


def test_what_the_page_did_not_show_is_not_written(client: Client):
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    answer = client.post(f"/imports/{run.pk}/confirm/", {"diff": "0" * 64})
    assert answer.status_code == 422
    assert "もう一度確かめてください" in page_of(answer)
    assert not PopulationFigure.objects.exists()


def test_an_error_names_sheet_row_and_column_and_what_to_do(client: Client):
    rows = [HEAD, ["014281", "国勢調査", 2020, "約1万人"], ["012238", "国勢調査", 2020, 24_636]]
    answer, _ = upload(client, book(人口=rows))
    shown = page_of(answer)
    assert "シート「人口」　2行　「総人口」列" in shown
    assert "数値ではありません（「約1万人」）。" in shown
    assert "数字だけを入れてください。" in shown
    assert "取り込む（" not in shown
    assert "エラー行を除いて取込（1件）" in shown  # headquarters may


def test_a_bureau_may_not_leave_the_wrong_rows_out():
    client = client_for(viewer(Duty.BS))
    answer, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, "多数"], ["012238", "国勢調査", 2020, 1]))
    assert "エラー行を除いて取込" not in page_of(answer)
    answer = client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256, "skip_errors": "1"})
    assert answer.status_code == 403
    assert not PopulationFigure.objects.exists()


def test_the_tabs_hold_the_rows_of_their_result(client: Client):
    PopulationFigure.objects.create(municipality_id="012238", series_id="census", year=2020, total=24_636)
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 1], ["012238", "国勢調査", 2020, 24_636]))
    new, same = ["014281　長沼町"], ["012238　根室市"]
    tabs: dict[str, list[str]] = {"new": new, "same": same, "changed": [], "": new + same}
    for result, codes in tabs.items():
        table = client.get(f"/imports/{run.pk}/?result={result}").context["table"]
        assert [row.cells[0].text for row in table.rows] == codes
    assert client.get(f"/imports/{run.pk}/?result=nonsense&page=99").status_code == 200


def test_the_same_file_again_has_nothing_to_write(client: Client):
    rows = [HEAD, ["014281", "国勢調査", 2020, 10_289]]
    _, run = upload(client, text(*rows))
    client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256})
    answer, again = upload(client, text(*rows))
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert "取り込むものはありません" in page_of(answer)
    assert "取り込む（" not in page_of(answer)


def test_unknown_headings_are_mapped_by_a_person_and_remembered(client: Client):
    rows = [STRANGE, ["014281", "長沼町", "国勢調査", 2020, 10_289]]
    answer, run = upload(client, text(*rows))
    assert answer.redirect_chain[-1] == (f"/imports/{run.pk}/columns/", 302)
    chosen = {line.heading: line.chosen for line in answer.context["columns"]}
    assert (chosen["番号"], chosen["どの調査"]) == ("code", "series")
    fields = ["code", "", "series", "year", "total"]
    sent = {f"column-{index}": name for index, name in enumerate(fields)} | {"save_as": "○○課の表"}
    answer = client.post(f"/imports/{run.pk}/columns/", sent, follow=True)
    assert answer.redirect_chain == [(f"/imports/{run.pk}/", 302)]
    assert "1件を新しく登録します。" in page_of(answer)
    assert SheetMapping.objects.get().name == "○○課の表"
    answer, second = upload(client, text(*rows))
    assert answer.redirect_chain == [(f"/imports/{second.pk}/", 302)]  # nobody is asked again


def test_a_mapping_that_lacks_or_doubles_a_field_is_refused_with_what_was_chosen(client: Client):
    _, run = upload(client, text(STRANGE, ["014281", "長沼町", "国勢調査", 2020, 10_289]))
    answer = client.post(f"/imports/{run.pk}/columns/", {"column-0": "code", "column-1": "code", "save_as": "表"})
    assert answer.status_code == 422
    shown = page_of(answer)
    assert "「団体コード」に2つの列が選ばれています。1つにしてください。" in shown
    assert "必須の項目（出典、年、総人口）に当たる列を選んでください。" in shown
    assert 'aria-invalid="true"' in shown
    assert 'value="表"' in shown
    run.refresh_from_db()
    assert run.state == State.MAPPING


def test_a_book_with_several_sheets_asks_which(client: Client):
    first, second = ["014281", "国勢調査", 2015, 1], ["014281", "国勢調査", 2020, 2]
    answer, run = upload(client, book(旧=[HEAD, first], 新=[HEAD, second]))
    assert answer.redirect_chain[-1][0].endswith("/columns/")
    assert answer.context["source_form"].fields["sheet"].choices[1][0] == "新"
    answer = client.post(f"/imports/{run.pk}/reread/", {"sheet": "新"}, follow=True)
    sent = {f"column-{line.index}": line.chosen for line in answer.context["columns"]}
    client.post(f"/imports/{run.pk}/columns/", sent)
    run.refresh_from_db()
    assert (run.sheet, run.state, run.new) == ("新", State.CHECKED, 1)


def test_the_filled_in_form_comes_back_without_a_question_about_its_example(client: Client):
    blank = b"".join(client.get("/imports/new/I-03/form.xlsx").streaming_content)
    made = CalamineWorkbook.from_filelike(io.BytesIO(blank))
    assert made.sheet_names == ["様式", "記入例"]
    headings = made.get_sheet_by_index(0).to_python()[0]
    assert headings[:2] == ["団体コード", "市町村名"]
    row = {"団体コード": "014281", "市町村名": "長沼町", "出典": "国勢調査", "年": 2020, "総人口": 10_289}
    filled = [headings, [row.get(heading, "") for heading in headings]]
    answer, run = upload(client, book(様式=filled, 記入例=made.get_sheet_by_index(1).to_python()))
    assert (run.state, run.new) == (State.CHECKED, 1), page_of(answer)


@pytest.mark.parametrize("kind", [kind.id for kind in all_kinds() if not kind.parameters])
def test_every_sheet_is_explained_and_has_its_form(kind: str):
    client = client_for(viewer(Duty.AD))
    explained = client.get(f"/imports/new/{kind}/").context["kind"]
    assert all(column.about for column in explained.columns)
    assert explained.hint
    form = b"".join(client.get(f"/imports/new/{kind}/form.xlsx").streaming_content)
    headings = CalamineWorkbook.from_filelike(io.BytesIO(form)).get_sheet_by_name("様式").to_python()[0]
    assert headings == [column.heading for column in explained.columns]


def test_a_wrong_encoding_can_be_chosen_again(client: Client):
    rows = [HEAD, ["014281", "国勢調査", 2020, 10_289]]
    _, run = upload(client, text(*rows, encoding="cp932"), encoding="cp932")
    assert (run.encoding, run.state) == ("cp932", State.CHECKED)
    answer = client.post(f"/imports/{run.pk}/reread/", {"encoding": "utf-8"}, follow=True)
    assert "別の文字コードを選んでください" in page_of(answer)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "ファイルを選んでください。"),
        (SimpleUploadedFile("人口.csv", b""), "ファイルが空です。"),
        (SimpleUploadedFile("人口.pdf", b"%PDF-1.4 "), "ファイル形式が対応していません"),
        (SimpleUploadedFile("人口.xlsx", b"PK\x03\x04 nothing"), "ファイルが壊れている"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_on_the_spot(client: Client, file: Any, sentence: str):
    answer = client.post("/imports/new/I-03/", {"file": file} if file else {})
    assert answer.status_code == 422
    assert sentence in page_of(answer)
    assert not SheetImport.objects.exists()


def test_undo_is_offered_and_refused_with_the_row_named(client: Client, staff: Any):
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256})
    PopulationFigure.objects.update(total=5)
    answer = client.post(f"/imports/{run.pk}/undo/")
    assert answer.status_code == 422
    assert "2行目" in page_of(answer)
    PopulationFigure.objects.update(total=10_289)
    answer = client.post(f"/imports/{run.pk}/undo/", follow=True)
    assert "取込を取り消しました" in page_of(answer)
    assert not PopulationFigure.objects.exists()


def test_the_result_file_is_the_original_with_what_became_of_each_row(client: Client):
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256})
    content = b"".join(client.get(f"/imports/{run.pk}/result.xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][-2:] == ["結果", "メッセージ"]
    assert rows[1][-2] == "登録"
    original = b"".join(client.get(f"/imports/{run.pk}/original/").streaming_content)
    assert original.decode().startswith("団体コード")


def test_long_work_shows_how_far_it_is_and_ends_by_itself(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    answer, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    assert run.state == State.CHECKING
    assert "順番待ち" in page_of(answer)
    assert '<noscript><meta http-equiv="refresh"' in page_of(answer)
    Task.objects.filter(pk=run.task_id).update(progress_done=300, progress_total=1200)
    piece = client.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"})
    assert "300／1,200行" in page_of(piece)
    assert "<html" not in page_of(piece)
    tasks.run_next("worker", heartbeat=False)
    ended = client.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "取り込む（1件）" in page_of(client.get(f"/imports/{run.pk}/"))


def test_a_worker_that_was_killed_is_told_and_the_work_can_be_done_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    Task.objects.filter(pk=run.task_id).update(state="running", attempts=2)
    assert "前の処理が中断されたため、2回目の処理をしています。途中までの書込みはありません。" in page_of(
        client.get(f"/imports/{run.pk}/")
    )
    importing.give_up(run.pk, State.FAILED, tasks.KILLED_TOO_OFTEN)
    answer = client.get(f"/imports/{run.pk}/")
    assert "処理が繰り返し中断されたため、打ち切りました。途中までの書込みはありません。" in page_of(answer)
    assert "やり直す" in page_of(answer)
    monkeypatch.setattr(importing, "AT_ONCE", 5_000)
    client.post(f"/imports/{run.pk}/retry/")
    run.refresh_from_db()
    assert (run.state, run.new) == (State.CHECKED, 1)


def test_whose_turn_it_is_follows_the_reader(client: Client):
    upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    for duty, shape in ((Duty.HS, "ours"), (Duty.AU, "them")):
        (line,) = client_for(viewer(duty)).get("/imports/").context["lines"]
        assert (line.badge.label, line.badge.shape) == ("確認待ち", shape)


def test_rows_of_a_sheet_that_has_other_columns_by_now_are_not_shown(client: Client):
    _, run = upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    client.post(f"/imports/{run.pk}/confirm/", {"diff": run.diff_sha256})
    chunk = run.chunks.get()
    chunk.payload = zlib.compress(zlib.decompress(chunk.payload).replace(b'"total"', b'"persons"'))
    chunk.save()
    answer = client.get(f"/imports/{run.pk}/")
    assert answer.status_code == 200
    assert "様式の項目（persons）がなくなったため" in page_of(answer)
    assert client.post(f"/imports/{run.pk}/undo/").status_code == 422
    assert PopulationFigure.objects.get().total == 10_289


def test_the_list_asks_as_often_for_many_runs(client: Client, staff: Any):
    def more(count: int = 30) -> None:
        run = SheetImport.objects.latest("pk")
        SheetImport.objects.bulk_create(
            [
                SheetImport(
                    kind="I-03",
                    office_key=run.office_key,
                    created_by_id=staff.user_id,
                    created_by_name="北海道",
                    created_at=run.created_at,
                    file_name=f"{number}.csv",
                )
                for number in range(count)
            ]
        )

    upload(client, text(HEAD, ["014281", "国勢調査", 2020, 10_289]))
    more(1)
    assert_same_queries(client, "/imports/", more)
    answer = client.get("/imports/?q=7.csv")
    assert {line.run.file_name for line in answer.context["lines"]} == {"7.csv", "17.csv", "27.csv"}


def test_the_rows_of_a_run_ask_as_often_for_many(client: Client):
    upload(client, text(HEAD, ["014281", "国勢調査", 2020, 1], ["012238", "国勢調査", 2020, 2]))
    run = SheetImport.objects.latest("pk")
    url = f"/imports/{run.pk}/?result=new"

    def more() -> None:
        rows = [["014281", "国勢調査", year, 1] for year in range(1930, 2020)]
        importing.choose(run, mapping={}, viewer=saved(viewer(Duty.HS)))
        with run.file.file.open("wb") as stored:
            stored.write(text(HEAD, *rows).read())
        importing.check(run, saved(viewer(Duty.HS)))

    assert_same_queries(client, url, more, budget=20)
