"""Finding the table in a sheet: headings in one to three rows, what is around them, and how names are matched."""

from __future__ import annotations

from typing import Any

import pytest

from common.sheets.headers import Heading, Table, find_table, guess_table, match, normal, unit_of
from common.sheets.messages import Unreadable
from common.sheets.reading import Grid, Merged

CODE = Heading(("団体コード", "市区町村コード"), required=True)
TOTAL = Heading(("総人口", "人口総数"), required=True)
NAME = Heading(("市町村名", "自治体名", "団体名"))
WANTED = [CODE, NAME, TOTAL]


def grid(
    *rows: list[Any], merged: tuple[Merged, ...] = (), first_row: int = 1, hidden: frozenset[int] = frozenset()
) -> Grid:
    width = max(map(len, rows), default=0)
    return Grid("人口", [[*row, *[""] * (width - len(row))] for row in rows], first_row, 1, hidden, merged)


def ids(table: Table) -> list[str]:
    return [notice.id for notice in table.notices]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("団体コード＊", "団体コード"),
        ("団　体\nコ ー ド", "団体コード"),
        ("※総人口", "総人口"),
        ("①総人口", "総人口"),
        ("ＫＰＩ番号", "KPI番号"),
        ("kpi番号", "KPI番号"),
        ("0～14歳", "0-14歳"),
        ("０〜１４歳", "0−14歳"),
        ("ｺｰﾄﾞ", "コード"),
    ],
)
def test_headings_are_compared_without_what_offices_add(one: str, other: str):
    assert normal(one) == normal(other)


def test_headings_of_different_meaning_stay_apart():
    assert normal("人口（男）") != normal("人口（女）")
    assert normal("センター") != normal("センタ")


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["団体コード", "総人口"], {0: 0, 2: 1}),
        (["総人口（人）", "市区町村コード"], {0: 1, 2: 0}),
        (["団体コード（6桁）", "自治体名（漢字）", "人口総数[人]"], {0: 0, 1: 1, 2: 2}),
        (["団体コード", "総人口（速報）"], {0: 0, 2: 1}),
        (["団体コード", "総人口（速報）", "総人口（確報）"], {0: 0}),
        (["団体コード", "総人口", "総人口（速報）"], {0: 0, 2: 1}),
        (["コード／団体コード", "人口／総人口（人）"], {0: 0, 2: 1}),
        (["団体コード", "人口／総数（人）"], {0: 0, 2: 1}),
        (["男／総人口", "女／総人口", "団体コード"], {0: 2}),
        (["団体コード", "団体コード（2）"], {0: 0}),
        ([], {}),
        (["", "（人）"], {}),
    ],
)
def test_names_are_matched_from_equal_to_loose_and_only_where_one_column_fits(
    headings: list[str], found: dict[int, int]
):
    assert match(headings, WANTED) == found


def test_a_column_is_given_to_one_name_only():
    assert match(["コード"], [Heading(("コード",)), Heading(("コード", "番号"))]) == {0: 0}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("事業費（千円）", "千円"),
        ("事業費(単位:百万円)", "百万円"),
        ("金額[円]", "円"),
        ("人口（人）", ""),
        ("千円", ""),
    ],
)
def test_the_unit_of_money_in_a_heading(heading: str, unit: str):
    assert unit_of(heading) == unit


def test_the_unit_of_money_above_the_table():
    table = find_table(grid(["経費一覧", "", "（単位：千円）"], ["団体コード", "総人口"], ["011002", 1]), [CODE, TOTAL])
    assert table.unit == "千円"


def test_a_cell_has_an_address():
    table = find_table(grid(["x"], ["", "団体コード", "総人口"], ["", "011002", 5], first_row=3), [CODE, TOTAL])
    assert table.headings == ("団体コード", "総人口")
    assert table.header_rows == (4,)
    assert table.numbers == [5]
    assert table.address(1, 0) == "C5"


def test_group_headings_stand_before_those_under_them():
    table = find_table(
        grid(["団体コード", "年齢別", "", "", "備考"], ["", "総人口", "男", "女", ""], ["011002", 3, 1, 2, "x"]),
        [CODE, TOTAL],
    )
    assert table.headings == ("団体コード", "年齢別／総人口", "年齢別／男", "年齢別／女", "備考")
    assert table.columns[1] == [3]


def test_a_group_row_above_known_headings_is_taken_in():
    table = find_table(
        grid(["", "", "年齢別", ""], ["団体コード", "総人口", "15歳未満", "65歳以上"], ["011002", 3, 1, 2]),
        [CODE, TOTAL],
    )
    assert table.headings == ("団体コード", "総人口", "年齢別／15歳未満", "年齢別／65歳以上")
    assert table.header_rows == (1, 2)


def test_merged_headings_are_spread_over_their_area_and_no_further():
    merged = (Merged(1, 2, 1, 3), Merged(1, 1, 2, 1))
    table = find_table(
        grid(["団体コード", "人口", "", ""], ["", "総数", "男", "面積"], ["011002", 3, 1, 9], merged=merged),
        [CODE, TOTAL],
    )
    assert table.headings == ("団体コード", "人口／総数", "人口／男", "面積")


def test_years_under_a_group_are_headings_too():
    table = find_table(
        grid(["団体コード", "市町村名", "推計人口", ""], ["", "", 2020.0, 2025.0], ["011002", "札幌市", 5, 4]),
        [CODE, NAME],
    )
    assert table.headings == ("団体コード", "市町村名", "推計人口／2020", "推計人口／2025")
    assert table.numbers == [3]


def test_a_row_of_units_belongs_to_the_headings():
    table = find_table(
        grid(["団体コード", "総人口", "事業費"], ["", "（人）", "千円"], ["011002", 5, 4]), [CODE, TOTAL]
    )
    assert table.headings == ("団体コード", "総人口（人）", "事業費（千円）")


def test_a_title_is_no_group_heading():
    table = find_table(
        grid(["北海道の人口", "", "令和2年10月1日現在"], ["団体コード", "総人口", "備考"], ["011002", 5, ""]),
        [CODE, TOTAL],
    )
    assert table.headings == ("団体コード", "総人口", "備考")
    assert ids(table) == ["W-04"]
    assert "「北海道の人口」" in table.notices[0].text


def test_data_is_no_heading_even_where_its_first_row_has_gaps():
    table = find_table(grid(["団体コード", "市町村名", "総人口"], ["011002", "", 5], ["012025", "函館市", ""]), WANTED)
    assert table.header_rows == (1,)
    assert table.numbers == [2, 3]


def test_a_person_may_name_the_heading_rows():
    rows = grid(["団体コード", "総人口"], ["コード", "人"], ["011002", 5])
    table = find_table(rows, [CODE, TOTAL], header_rows=(2,))
    assert table.headings == ("コード", "人")
    assert table.numbers == [3]
    assert find_table(rows, [CODE], header_rows=(90,)).numbers == []


def test_the_missing_headings_are_named():
    with pytest.raises(Unreadable, match="必要な列：団体コード、総人口"):
        find_table(grid(["氏名", "電話"], ["山田", "011"]), WANTED)


@pytest.mark.parametrize(
    ("row", "skipped"),
    [
        (["合計", "", 9], "W-02"),
        (["計", "", 9], "W-02"),
        (["", "総　数", 9], "W-02"),
        (["-", "北海道計", 9], "W-02"),
        (["空知管内計", "", 9], "W-02"),
        (["※速報値である。", "", ""], "W-05"),
        (["（注）国勢調査による", "", ""], "W-05"),
        (["資料：総務省", "", ""], "W-05"),
        (["この表の数字は令和2年国勢調査の確定値によっている。", "", ""], "W-05"),
        (["団体コード", "市町村名", "総人口"], "W-09"),
    ],
)
def test_rows_that_are_no_data_are_passed_over_and_told(row: list[Any], skipped: str):
    table = find_table(grid(["団体コード", "市町村名", "総人口"], ["011002", "札幌市", 5], row), WANTED)
    assert table.numbers == [2]
    assert [(notice.id, notice.row) for notice in table.notices] == [(skipped, 3)]


@pytest.mark.parametrize(
    "row",
    [
        ["012025", "合計特殊町", 5],
        ["012025", "", ""],
        ["", "函館市", 5],
        [0.0, 0.0, 0.0],
        ["012025", "計", 5],
        ["総合政策部", "函館市", 5],
    ],
)
def test_incomplete_or_odd_rows_stay_data_to_be_judged(row: list[Any]):
    table = find_table(grid(["団体コード", "市町村名", "総人口"], row), WANTED)
    assert table.numbers == [2]
    assert table.notices == []


def test_hidden_rows_are_read_and_told():
    rows = [["011002", "札幌市", 1] for _ in range(12)]
    table = find_table(grid(["団体コード", "市町村名", "総人口"], *rows, hidden=frozenset(range(2, 14))), WANTED)
    assert len(table.numbers) == 12
    assert table.notices[0].text == "非表示の行を読み込みました（12行：2、3、4、5、6、7、8、9、10、11…行目）。"


def test_a_cell_merged_downwards_stands_in_each_of_its_rows():
    table = find_table(
        grid(
            ["振興局", "団体コード", "総人口"],
            ["空知", "012106", 1],
            ["", "012254", 2],
            ["後志", "012033", 3],
            merged=(Merged(2, 1, 3, 1),),
        ),
        [CODE, TOTAL],
    )
    assert table.columns[0] == ["空知", "空知", "後志"]


def test_columns_that_are_empty_are_left_out_and_those_without_a_heading_are_named_by_their_letter():
    table = find_table(grid(["団体コード", "", "総人口", ""], ["011002", "", 5, "速報"]), [CODE, TOTAL])
    assert table.headings == ("団体コード", "総人口", "D列")
    assert table.places == (1, 3, 4)
    assert ids(table) == ["W-07"]


def test_repeated_headings_get_a_number():
    table = find_table(grid(["団体コード", "総人口", "総人口"], ["011002", 5, 6]), [CODE, TOTAL])
    assert table.headings == ("団体コード", "総人口", "総人口（2）")
    assert table.notices[0].column == "総人口"


def test_an_unknown_table_is_guessed_by_its_shape():
    table = guess_table(grid(["名簿", "", ""], [], ["氏名", "電話", "年齢"], ["山田", "011", 40], ["佐藤", "012", 50]))
    assert table.headings == ("氏名", "電話", "年齢")
    assert table.numbers == [4, 5]


def test_a_sheet_of_numbers_alone_is_guessed_too():
    table = guess_table(grid([1, 2], [3, 4]))
    assert table.headings == ("1", "2")
    assert table.columns == [[3], [4]]


def test_nothing_is_found_in_nothing():
    for find in (guess_table, lambda one: find_table(one, WANTED)):
        with pytest.raises(Unreadable) as refused:
            find(Grid("人口", []))
        assert refused.value.id == "E-41"
