"""A sheet on its way in: compared, confirmed, undone; nothing half, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from python_calamine import CalamineWorkbook

from common import audit
from common.errors import Conflict, Refused
from common.models import AuditEvent, SheetImport, StoredFile
from common.sheets import importing
from common.sheets.kinds import kind_of
from common.sheets.messages import Unreadable
from common.sheets.paging import page_of
from common.sheets.results import result_file
from common.tasks import run_next
from common.viewer import Duty
from municipalities.models import PopulationFigure

from ..viewers import saved, viewer
from .sheet_files import HEAD, NAGANUMA, NEMURO, SAPPORO, book, text, towns_with_census

State = SheetImport.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    towns_with_census()
    return saved(viewer(Duty.HS))


def checked(upload: Any, staff: Any) -> SheetImport:
    return importing.check(importing.start(upload, kind="I-03", viewer=staff), staff)


def done(upload: Any, staff: Any) -> SheetImport:
    return importing.confirm(checked(upload, staff), viewer=staff)


def counts(run: SheetImport) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.same, run.error


def with_total(row: list[Any], total: int) -> list[Any]:
    """The same row with another total; people of working age make the difference."""
    return [*row[:4], total, row[5], total - row[5] - row[7], row[7]]


def figures() -> dict[str, int]:
    return dict(PopulationFigure.objects.values_list("municipality", "total"))


def test_nothing_is_written_before_the_confirmation_and_everything_by_it(staff: Any):
    run = checked(book(SAPPORO, [12238, "根室市", "国勢調査", "令和2年", "１，２３４", "", "…", "－"]), staff)
    assert (run.state, counts(run), run.summary) == (
        State.CHECKED, (2, 0, 0, 0), "登録 2件、更新 0件、変更なし 0件、エラー 0件"
    )  # fmt: skip
    assert not PopulationFigure.objects.exists()
    run = importing.confirm(run, viewer=staff)
    assert (run.state, run.confirmed_by_id) == (State.DONE, staff.user_id)
    columns = ("municipality", "series", "year", "total", "age_0_14", "note")
    assert list(PopulationFigure.objects.order_by("municipality").values_list(*columns)) == [
        ("011002", "census", 2020, 100, 10, ""),
        ("012238", "census", 2020, 1234, None, ""),
    ]


def test_the_same_file_twice_changes_nothing(staff: Any):
    done(book(SAPPORO, NEMURO), staff)
    run = checked(book(SAPPORO, NEMURO), staff)
    assert counts(run) == (0, 0, 2, 0)
    assert importing.confirm(run, viewer=staff).state == State.DONE


def test_rows_that_are_not_in_the_sheet_stay(staff: Any):
    done(book(SAPPORO, NEMURO), staff)
    done(book(with_total(NEMURO, 51)), staff)
    assert figures() == {"011002": 100, "012238": 51}


def test_columns_that_are_not_in_the_sheet_stay(staff: Any):
    done(book(SAPPORO), staff)
    PopulationFigure.objects.update(note="速報", age_75_over=9)
    run = done(book(["011002", "国勢調査", 2020, 110], head=["団体コード", "出典", "年", "総人口"]), staff)
    assert counts(run) == (0, 1, 0, 0)
    assert list(PopulationFigure.objects.values_list("total", "age_0_14", "age_75_over", "note")) == [
        (110, 10, 9, "速報")
    ]


def test_the_page_shows_each_cell_before_and_after(staff: Any):
    done(book(SAPPORO, NEMURO), staff)
    run = checked(book(SAPPORO, with_total(NEMURO, 51), NAGANUMA), staff)
    (row,) = page_of(run, viewer=staff, result="changed").rows
    assert (row.number, row.label) == (3, "更新")
    assert [(cell.heading, cell.before, cell.after) for cell in row.cells if cell.changed] == [
        ("総人口", "50", "51"),
        ("15-64歳", "30", "31"),
    ]
    assert [one.number for one in page_of(run, viewer=staff).rows] == [2, 3, 4]
    assert [one.number for one in page_of(run, viewer=staff, result="new").rows] == [4]
    (same,) = page_of(run, viewer=staff, result="same").rows
    assert [cell.after for cell in same.cells][-4:] == ["100", "10", "60", "30"]


def test_pages_are_cut_across_chunks(staff: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("common.sheets.chunks.SIZE", 3)
    years = [[*SAPPORO[:3], year, *SAPPORO[4:]] for year in range(2000, 2011)]
    years[4][4] = "不明な数"
    run = checked(book(*years), staff)
    assert run.chunks.count() == 4
    page = page_of(run, viewer=staff, result="new", page=2, per_page=4)
    assert ([row.number for row in page.rows], page.pages, page.total) == ([7, 8, 9, 10], 3, 10)
    assert [row.number for row in page_of(run, viewer=staff, result="new", page=99, per_page=4).rows] == [11, 12]
    assert [row.number for row in page_of(run, viewer=staff, result="error").rows] == [6]


def test_one_error_stops_all_rows_and_names_its_cell(staff: Any):
    run = checked(book(SAPPORO, [*NEMURO[:4], "約五十", *NEMURO[5:]]), staff)
    assert counts(run) == (1, 0, 0, 1)
    (row,) = page_of(run, viewer=staff, result="error").rows
    assert row.messages == ("3行目：数値ではありません（「約五十」）。",)
    (cell,) = [cell for cell in row.cells if cell.problem]
    assert (cell.heading, cell.after) == ("総人口", "約五十")
    with pytest.raises(Refused, match="エラーが1行あるため"):
        importing.confirm(run, viewer=staff)
    run.refresh_from_db()
    assert run.state == State.CHECKED
    assert not PopulationFigure.objects.exists()


def test_headquarters_may_leave_faulty_rows_out(staff: Any):
    run = checked(book(SAPPORO, [*NEMURO[:4], "", *NEMURO[5:]]), staff)
    run = importing.confirm(run, viewer=staff, skip_errors=True)
    assert (run.state, run.skip_errors, figures()) == (State.DONE, True, {"011002": 100})


def test_others_may_not_leave_faulty_rows_out(staff: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(type(kind_of("I-03")), "allows", lambda self, viewer: True)
    bureau = saved(viewer(Duty.BS))
    run = checked(book(SAPPORO, [*NEMURO[:4], "", *NEMURO[5:]]), bureau)
    with pytest.raises(PermissionDenied, match="本庁 審査担当"):
        importing.confirm(run, viewer=bureau, skip_errors=True)
    assert not PopulationFigure.objects.exists()


def test_who_may_not_edit_the_master_brings_nothing_in(staff: Any):
    with pytest.raises(PermissionDenied, match="本庁 審査担当"):
        importing.start(book(SAPPORO), kind="I-03", viewer=saved(viewer(Duty.MP)))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (SAPPORO, "3行目：同じキーの行が重複しています（2行目）。"),
        (["011003", *NEMURO[1:]], "3行目：団体コード「011003」の検査数字が一致しません（正：011002）。"),
        (["", "", *NEMURO[2:]], "3行目：「団体コード」が未入力です。"),
        ([*NEMURO[:4], "－", *NEMURO[5:]], "3行目：「総人口」が未入力です。"),
        (["131016", *NEMURO[1:]], "3行目：団体コード「131016」は登録されていません。"),
    ],
)
def test_each_fault_is_said_with_its_row(staff: Any, row: list[Any], sentence: str):
    run = checked(book(SAPPORO, row), staff)
    assert counts(run) == (1, 0, 0, 1)
    assert sentence in page_of(run, viewer=staff, result="error").rows[0].messages


def test_a_sheet_without_a_required_column_waits_for_a_person(staff: Any):
    run = checked(book(SAPPORO[:4], head=HEAD[:4]), staff)
    assert run.state == State.MAPPING
    assert run.messages[0]["text"] == "必須列「総人口」がありません。"


def test_a_person_says_which_column_is_meant(staff: Any):
    run = checked(book(SAPPORO, head=[*HEAD[:4], "ひと", *HEAD[5:]]), staff)
    assert run.state == State.MAPPING
    mapping = {"団体コード": "code", "出典": "series", "年": "year", "ひと": "total"}
    run = importing.check(importing.choose(run, mapping=mapping, save_as="市の様式", viewer=staff), staff)
    assert counts(run) == (1, 0, 0, 0)
    again = checked(book(NEMURO, head=[*HEAD[:4], "ひと", *HEAD[5:]]), staff)
    assert (again.state, counts(again)) == (State.CHECKED, (1, 0, 0, 0))


def test_a_field_is_fed_by_one_column(staff: Any):
    run = importing.start(book(SAPPORO), kind="I-03", viewer=staff)
    with pytest.raises(Refused, match="「総人口」に2つの列"):
        importing.choose(run, mapping={"年": "total", "総人口": "total"}, viewer=staff)


def test_what_is_no_table_leaves_nothing_behind(staff: Any):
    with pytest.raises(Unreadable):
        importing.start(text(name="人口.pdf"), kind="I-03", viewer=staff)
    assert not SheetImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_row_that_changed_since_the_comparison_stops_the_confirmation(staff: Any):
    done(book(SAPPORO, NEMURO), staff)
    run = checked(book(with_total(SAPPORO, 101), with_total(NEMURO, 51), NAGANUMA), staff)
    PopulationFigure.objects.filter(municipality="012238").update(total=52)
    with pytest.raises(Conflict, match="3行目の登録が、確認のあとに"):
        importing.confirm(run, viewer=staff)
    run.refresh_from_db()
    assert (run.state, figures()) == (State.REFUSED, {"011002": 100, "012238": 52})
    assert "3行目" in run.problem
    run = importing.confirm(importing.check(run, staff), viewer=staff)
    assert (run.state, figures()["012238"]) == (State.DONE, 51)


def test_a_row_that_somebody_else_added_meanwhile_stops_the_confirmation(staff: Any):
    first, second = checked(book(SAPPORO), staff), checked(book(SAPPORO), staff)
    importing.confirm(first, viewer=staff)
    with pytest.raises(Conflict, match="2行目"):
        importing.confirm(second, viewer=staff)


def test_a_double_click_writes_once(staff: Any):
    run = checked(book(SAPPORO), staff)
    importing.confirm(run, viewer=staff)
    with pytest.raises(Conflict, match="取込済み"):
        importing.confirm(run, viewer=staff)
    run.refresh_from_db()
    assert (run.state, PopulationFigure.objects.count()) == (State.DONE, 1)


def test_undo_brings_back_what_stood(staff: Any):
    done(book(SAPPORO, NEMURO), staff)
    before = list(PopulationFigure.objects.order_by("municipality").values())
    run = done(book(with_total(SAPPORO, 101), NEMURO, NAGANUMA), staff)
    assert figures() == {"011002": 101, "012238": 50, "014281": 20}
    run = importing.undo(run, staff)
    assert (run.state, run.undone_by_id) == (State.UNDONE, staff.user_id)
    assert list(PopulationFigure.objects.order_by("municipality").values()) == before


@pytest.mark.parametrize("change", [{"total": 22}, {"note": "確認済み"}])
def test_undo_is_refused_once_a_row_was_touched(staff: Any, change: dict[str, Any]):
    run = done(book(SAPPORO, NAGANUMA), staff)
    PopulationFigure.objects.filter(municipality="014281").update(**change)
    with pytest.raises(Conflict, match="3行目の登録が、取込のあとに変更されています"):
        importing.undo(run, staff)
    run.refresh_from_db()
    assert (run.state, PopulationFigure.objects.count()) == (State.DONE, 2)


def test_undo_is_refused_once_a_row_is_gone(staff: Any):
    run = done(book(SAPPORO, NAGANUMA), staff)
    PopulationFigure.objects.filter(municipality="011002").delete()
    with pytest.raises(Conflict, match="2行目"):
        importing.undo(run, staff)


def test_a_discarded_run_goes_no_further(staff: Any):
    run = importing.discard(checked(book(SAPPORO), staff), staff)
    assert (run.state, run.chunks.count()) == (State.DISCARDED, 0)
    with pytest.raises(Conflict):
        importing.confirm(run, viewer=staff)


def test_a_rule_of_the_database_refuses_with_a_sentence(staff: Any):
    done(book(SAPPORO), staff)
    PopulationFigure.objects.update(age_75_over=25)
    run = checked(book([*SAPPORO[:6], 70, 20]), staff)
    with pytest.raises(Refused, match="登録の決まりに合わないため、何も書き込みませんでした"):
        importing.confirm(run, viewer=staff)
    run.refresh_from_db()
    assert run.state == State.REFUSED


def test_each_act_is_one_event_with_the_hash_of_the_difference(staff: Any):
    run = done(book(SAPPORO, NEMURO, NAGANUMA), staff)
    importing.undo(run, staff)
    events = AuditEvent.objects.filter(subject_type="common.sheetimport", action__startswith="sheet.").order_by("id")
    assert [event.action for event in events] == ["sheet.start", "sheet.check", "sheet.confirm", "sheet.undo"]
    assert {event.after["diff"] for event in list(events)[1:]} == {run.diff_sha256}
    assert len(run.diff_sha256) == 64
    assert audit.first_broken() is None


def test_the_result_file_is_the_original_with_two_more_columns(staff: Any):
    done(book(SAPPORO), staff)
    run = checked(book(SAPPORO, NEMURO, [*NAGANUMA[:4], "二十", *NAGANUMA[5:]]), staff)
    run = importing.confirm(run, viewer=staff, skip_errors=True)
    with result_file(run, staff) as file:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEAD, "結果", "メッセージ"]
    assert [row[8:] for row in rows[1:]] == [
        ["変更なし", ""],
        ["登録", ""],
        ["エラー（取込から除外）", "4行目：数値ではありません（「二十」）。"],
    ]
    assert [row[:8] for row in rows[1:]] == [SAPPORO, NEMURO, [*NAGANUMA[:4], "二十", *NAGANUMA[5:]]]


def test_long_sheets_are_worked_off_by_the_worker(staff: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    run = checked(book(SAPPORO, NEMURO, NAGANUMA), staff)
    assert (run.state, run.task.kind) == (State.CHECKING, "sheets.check")
    run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert (run.state, counts(run)) == (State.CHECKED, (3, 0, 0, 0))
    run = importing.confirm(run, viewer=staff)
    assert (run.state, PopulationFigure.objects.count()) == (State.WRITING, 0)
    run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert (run.state, run.confirmed_by_id, PopulationFigure.objects.count()) == (State.DONE, staff.user_id, 3)
    run = importing.undo(run, staff)
    run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert (run.state, PopulationFigure.objects.count()) == (State.UNDONE, 0)


def test_a_worker_that_may_not_write_says_why_on_the_run(staff: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    run = checked(book(SAPPORO, NEMURO), staff)
    run_next("w1", heartbeat=False)
    run.refresh_from_db()
    importing.confirm(run, viewer=staff)
    PopulationFigure.objects.create(series_id="census", municipality_id="012238", year=2020, total=1)
    task = run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert (task.state, run.state) == ("dead", State.REFUSED)
    assert "3行目" in run.problem
    assert figures() == {"012238": 1}


def test_a_worker_that_fails_for_good_leaves_the_run_failed_and_open_to_another_try(
    staff: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    run = checked(book(SAPPORO, NEMURO), staff)
    type(run.task).objects.update(attempts=2)
    with monkeypatch.context() as broken:
        broken.setattr("common.sheets.comparing.compare", lambda *args: 1 / 0)
        run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert (run.state, run.problem) == (
        State.FAILED,
        "処理できませんでした。システム管理者に処理番号を伝えてください。",
    )
    run = importing.check(run, staff)
    run_next("w1", heartbeat=False)
    run.refresh_from_db()
    assert run.state == State.CHECKED


def test_the_stock_export_writes_what_stands(staff: Any):
    done(book(SAPPORO), staff)
    dataset = kind_of("I-03").export()
    assert dict(zip(dataset.headers, dataset[0], strict=True))["総人口"] == "100"


def test_an_import_belongs_to_its_office_and_is_followed_by_headquarters_and_audit(staff: Any):
    run = checked(book(SAPPORO), staff)
    for person, seen in (
        (staff, True),
        (viewer(Duty.AU), True),
        (viewer(Duty.AD), True),
        (viewer(Duty.SD), False),
        (viewer(Duty.BS), False),
        (viewer(Duty.MP), False),
        (viewer(Duty.OB), False),
    ):
        assert SheetImport.objects.visible_to(person).filter(pk=run.pk).exists() is seen, person.duties


def test_what_does_not_fit_the_column_is_found_before_it_is_written(staff: Any):
    run = checked(book(["011002", "札幌市", "国勢調査", 2020, 3_000_000_000, "", "", ""]), staff)
    assert counts(run) == (0, 0, 0, 1)
    assert page_of(run, viewer=staff).rows[0].messages == ("2行目：「3000000000」は数が大きすぎます。",)


def test_another_reading_forgets_the_comparison(staff: Any):
    run = importing.choose(checked(book(SAPPORO), staff), mapping={"団体コード": "code"}, viewer=staff)
    assert (run.state, counts(run), run.diff_sha256) == (State.MAPPING, (0, 0, 0, 0), "")
    with pytest.raises(Conflict):
        importing.confirm(run, viewer=staff)
