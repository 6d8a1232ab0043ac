"""I-03 人口実績 and I-04 将来推計人口: counted and projected people from a sheet."""

from __future__ import annotations

from typing import Any

import pytest

from common.errors import Conflict
from common.models import SheetImport
from common.sheets import importing
from common.sheets.paging import page_of
from common.viewer import Duty
from municipalities.models import DataSource, PopulationFigure, PopulationSeries

from ..factories.municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory
from ..kinds import book, brought_in, checked, counts, found, sentences
from ..viewers import saved, viewer

pytestmark = pytest.mark.django_db
HEAD = ["団体コード", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"]
WIDE = ["推計版", "団体コード", "基準年", "2020年", "2030年", "2040年"]
LONG = ["推計版", "団体コード", "基準年", "年", "総人口", "65歳以上"]


@pytest.fixture
def staff(db: None) -> Any:
    hokkaido = PrefectureFactory(code="01")
    sorachi, nemuro = (
        BureauFactory(code="sorachi", prefecture=hokkaido),
        BureauFactory(code="nemuro", prefecture=hokkaido),
    )
    MunicipalityFactory(code="014281", name="長沼町", district="夕張郡", bureau=sorachi)
    MunicipalityFactory(code="012238", name="根室市", bureau=nemuro)
    MunicipalityFactory(code="014036", name="泊村", district="古宇郡", bureau=sorachi)
    MunicipalityFactory(code="016969", name="泊村", district="国後郡", bureau=nemuro)
    source = DataSource.objects.create(code="census", title="国勢調査")
    ipss = DataSource.objects.create(code="ipss_r5", title="日本の地域別将来推計人口（令和5年推計）")
    made = PopulationSeries.objects.create
    made(code="census", kind="actual", name="国勢調査", publisher="総務省統計局", source=source, order=1)
    made(code="juki", kind="actual", name="住民基本台帳人口", publisher="総務省", source=source, order=2)
    for code, name, edition, base in (
        ("ipss_r5", "令和5年推計", "令和5(2023)年推計", 2020),
        ("ipss_h30", "平成30年推計", "平成30年推計", 2015),
    ):
        made(code=code, kind="projection", name=name, edition=edition, publisher="社人研", base_year=base, source=ipss)
    return saved(viewer(Duty.HS))


def figures(**of: Any) -> list[tuple[Any, ...]]:
    rows = PopulationFigure.objects.filter(**of).order_by("municipality", "series", "year")
    return list(rows.values_list("municipality", "series", "year", "total", "age_0_14", "age_65_over", "age_unknown"))


class TestActuals:
    def test_new_changed_and_same_and_the_way_back(self, staff: Any):
        first = brought_in(
            "I-03",
            book(
                HEAD,
                ["014281", "国勢調査", 2015, 11076, 1200, 6000, 3876],
                ["12238", "国調", "令和2年", 24636, "", "", ""],
            ),
            staff,
        )
        assert counts(first) == (2, 0, 0, 0)
        assert figures() == [
            ("012238", "census", 2020, 24636, None, None, None),
            ("014281", "census", 2015, 11076, 1200, 3876, None),
        ]
        run = brought_in(
            "I-03",
            book(
                HEAD,
                ["014281", "国勢調査", 2015, 11076, 1200, 6000, 3876],
                ["012238", "国勢調査", "R2", 24635, "", "", ""],
                ["014281", "国勢調査", 2020, 10289, 1100, 5500, 3689],
            ),
            staff,
        )
        assert counts(run) == (1, 1, 1, 0)
        importing.undo(run, staff)
        assert [row[3] for row in figures()] == [24636, 11076]

    def test_a_row_that_changed_since_cannot_be_taken_back(self, staff: Any):
        run = brought_in("I-03", book(HEAD, ["014281", "国勢調査", 2020, 10289, "", "", ""]), staff)
        PopulationFigure.objects.update(total=1)
        with pytest.raises(Conflict, match="2行目"):
            importing.undo(run, staff)
        assert PopulationFigure.objects.get().total == 1

    def test_the_same_sheet_twice_changes_nothing(self, staff: Any):
        sheet = [HEAD, ["014281", "住民基本台帳", "令和6年", "１０，２００人", "－", "…", "*"]]
        brought_in("I-03", book(*sheet), staff)
        assert counts(brought_in("I-03", book(*sheet), staff)) == (0, 0, 1, 0)

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            (["014282", "国勢調査", 2020, 1, "", "", ""], "団体コード", "E-06"),
            (["014397", "国勢調査", 2020, 1, "", "", ""], "団体コード", "E-07"),
            (["", "国勢調査", 2020, 1, "", "", ""], "団体コード", "E-05"),
            (["014281", "国勢調査", "", 1, "", "", ""], "年", "E-05"),
            (["014281", "国勢調査", "来年", 1, "", "", ""], "年", "E-12"),
            (["014281", "県の推計", 2020, 1, "", "", ""], "出典", "E-61"),
            (["014281", "国勢調査", 2020, "多い", "", "", ""], "総人口", "E-09"),
            (["014281", "国勢調査", 2020, 1000, 100, 500, 300], "総人口", "E-17"),
        ],
    )  # fmt: skip
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        run = checked("I-03", book(["人口のまとめ"], HEAD, row), staff)
        assert found(run, staff) == [(3, place, id)]
        assert (counts(run), figures()) == ((0, 0, 0, 1), [])

    def test_sentences_say_what_is_wrong(self, staff: Any):
        run = checked(
            "I-03",
            book(
                HEAD,
                ["014282", "国勢調査", 2020, 1, "", "", ""],
                ["014281", "国勢調査", 2020, 1000, 100, 500, 300],
                ["014281", "国勢調査", 2020, 1000, "", "", ""],
            ),
            staff,
        )
        assert sentences(run, staff) == [
            "2行目：団体コード「014282」の検査数字が一致しません（正：014281）。",
            "3行目：年齢別人口の合計が総人口と一致しません（差 100人）。",
            "4行目：同じキーの行が重複しています（3行目）。",
        ]

    def test_the_page_names_the_source(self, staff: Any):
        run = checked("I-03", book(HEAD, ["014281", "juki", 2020, 1, "", "", ""]), staff)
        row = page_of(run, viewer=staff).rows[0]
        assert [cell.after for cell in row.cells][:2] == ["014281　長沼町", "住民基本台帳人口"]

    def test_people_of_unknown_age_belong_to_the_total(self, staff: Any):
        head = [*HEAD, "年齢不詳"]
        run = checked(
            "I-03",
            book(
                head,
                ["014281", "国勢調査", 2020, 1000, 100, 500, 300, 100],
                ["012238", "国勢調査", 2020, 1000, 100, 500, 300, 90],
            ),
            staff,
        )
        assert found(run, staff) == [(3, "総人口", "E-17")]

    def test_a_sheet_without_unknown_ages_is_compared_with_those_that_stand(self, staff: Any):
        brought_in("I-03", book([*HEAD, "不詳"], ["014281", "国勢調査", 2020, 1000, 100, 500, 300, 100]), staff)
        assert counts(checked("I-03", book(HEAD, ["014281", "国勢調査", 2020, 1000, 100, 500, 300]), staff)) == (
            0,
            0,
            1,
            0,
        )

    def test_more_people_over_75_than_over_65_is_a_fault(self, staff: Any):
        run = checked("I-03", book([*HEAD, "75歳以上"], ["014281", "国勢調査", 2020, 10, "", "", 3, 4]), staff)
        assert found(run, staff) == [(2, "75歳以上", "E-62")]

    def test_a_name_that_is_not_that_of_the_code(self, staff: Any):
        head = ["市町村名", *HEAD]
        run = checked(
            "I-03",
            book(
                head,
                ["夕張郡長沼町", "014281", "国勢調査", 2020, 1, "", "", ""],
                ["長沼町", "012238", "国勢調査", 2020, 1, "", "", ""],
            ),
            staff,
        )
        assert found(run, staff) == [(3, "市町村名", "E-08")]
        assert sentences(run, staff) == [
            "3行目：コード「012238」と市町村名「長沼町」が一致しません（登録名：根室市）。"
        ]

    def test_a_name_alone_counts_only_where_it_is_unique(self, staff: Any):
        head = ["市町村名", *HEAD[1:]]
        run = checked(
            "I-03",
            book(
                head,
                ["根　室　市", "国勢調査", 2020, 1, "", "", ""],
                ["泊村", "国勢調査", 2020, 1, "", "", ""],
                ["古宇郡泊村", "国勢調査", 2020, 2, "", "", ""],
                ["幻市", "国勢調査", 2020, 1, "", "", ""],
            ),
            staff,
        )
        assert found(run, staff) == [(3, "団体コード", "E-65"), (5, "団体コード", "E-61")]
        assert "014036、016969" in sentences(run, staff)[0]
        assert counts(run) == (2, 0, 0, 2)
        importing.confirm(run, viewer=staff, skip_errors=True)
        assert [row[0] for row in figures()] == ["012238", "014036"]

    def test_a_sheet_with_neither_code_nor_name_lacks_the_code(self, staff: Any):
        run = checked("I-03", book(HEAD[1:], ["国勢調査", 2020, 1, "", "", ""]), staff)
        assert run.state == SheetImport.State.MAPPING
        assert [(one["id"], one["column"]) for one in run.messages] == [("E-04", "団体コード")]

    def test_a_bureau_brings_in_only_its_own_municipalities(self, staff: Any):
        bureau = saved(viewer(Duty.BS, bureau="sorachi"))
        sheet = book(HEAD, ["014281", "国勢調査", 2020, 1, "", "", ""], ["012238", "国勢調査", 2020, 1, "", "", ""])
        run = checked("I-03", sheet, bureau)
        assert found(run, bureau) == [(3, "団体コード", "E-18")]
        assert sentences(run, bureau) == ["3行目：権限のない市町村のデータです。"]

    def test_a_large_change_is_told_and_does_not_stop(self, staff: Any):
        brought_in("I-03", book(HEAD, ["014281", "国勢調査", 2015, 10000, "", "", ""]), staff)
        run = checked(
            "I-03",
            book(
                HEAD,
                ["014281", "国勢調査", 2015, 12001, "", "", ""],
                ["014281", "国勢調査", 2020, 9601, "", "", ""],
                ["014281", "国勢調査", 2025, 7000, "", "", ""],
                ["014281", "住基", 2020, 1, "", "", ""],
            ),
            staff,
        )
        assert found(run, staff) == [(2, "総人口", "W-01"), (4, "総人口", "W-01")]
        assert sentences(run, staff)[0] == "2行目：前回値から20.0％変動しています。確認してください。"
        assert (counts(run), run.warning) == ((3, 1, 0, 0), 2)


class TestProjections:
    def test_a_column_for_each_year(self, staff: Any):
        run = brought_in("I-04", book(WIDE, ["令和5年推計", "014281", 2020, 10289, 9000, "…"]), staff)
        assert counts(run) == (1, 0, 0, 0)
        assert [row[1:4] for row in figures()] == [("ipss_r5", 2020, 10289), ("ipss_r5", 2030, 9000)]
        again = brought_in("I-04", book(WIDE, ["ipss_r5", "14281", 2020, 10289, 8999, 7000]), staff)
        assert counts(again) == (0, 1, 0, 0)
        assert [row[2:4] for row in figures()] == [(2020, 10289), (2030, 8999), (2040, 7000)]
        importing.undo(again, staff)
        assert [row[2:4] for row in figures()] == [(2020, 10289), (2030, 9000)]
        importing.undo(run, staff)
        assert figures() == []

    def test_a_row_for_each_year(self, staff: Any):
        rows = [["令和5年推計", "014281", 2020, 2020, 10289, 3700], ["令和5年推計", "014281", 2020, 2040, 7500, 3200]]
        assert counts(brought_in("I-04", book(LONG, *rows), staff)) == (2, 0, 0, 0)
        assert [(row[2], row[3], row[5]) for row in figures()] == [(2020, 10289, 3700), (2040, 7500, 3200)]
        assert counts(checked("I-04", book(LONG, *rows), staff)) == (0, 0, 2, 0)

    def test_age_groups_beside_the_totals_of_a_year(self, staff: Any):
        head = [
            "推計版",
            "団体コード",
            "基準年",
            "2040年",
            "2040年／0-14歳",
            "2040年／15～64歳",
            "2040年／65歳以上",
            "2040年 指数",
        ]
        run = checked("I-04", book(head, ["令和5年推計", "014281", 2020, 1000, 100, 500, 401, 80.5]), staff)
        assert found(run, staff) == [(2, "2040年", "E-17")]
        run = brought_in("I-04", book(head, ["令和5年推計", "014281", 2020, 1000, 100, 500, 400, 80.5]), staff)
        assert figures() == [("014281", "ipss_r5", 2040, 1000, 100, 400, None)]

    def test_emptied_cells_take_the_total_away_and_leave_the_ages(self, staff: Any):
        rows = ["令和5年推計", "014281", 2020, 2020, 10289, 3700]
        brought_in("I-04", book(LONG, rows), staff)
        brought_in("I-04", book(WIDE, ["令和5年推計", "014281", 2020, "", 9000, ""]), staff)
        assert [row[2:6] for row in figures()] == [(2020, None, None, 3700), (2030, 9000, None, None)]

    @pytest.mark.parametrize(
        "words",
        [
            "ipss_r5",
            "令和5年推計",
            "令和５年推計",
            "日本の地域別将来推計人口（令和5(2023)年推計）",
            "令和5(2023)年推計",
            "社人研令和5年推計",
        ],
    )
    def test_an_edition_is_known_by_any_of_its_names(self, staff: Any, words: str):
        assert counts(checked("I-04", book(WIDE, [words, "014281", 2020, 1, 1, 1]), staff)) == (1, 0, 0, 0)

    def test_editions_are_not_mixed(self, staff: Any):
        run = checked(
            "I-04",
            book(
                WIDE,
                ["令和5年推計", "014281", 2020, 1, 1, 1],
                ["平成30年推計", "012238", 2015, 1, 1, 1],
                ["令和5年推計", "012238", 2015, 1, 1, 1],
                ["令和4年推計", "014036", 2020, 1, 1, 1],
            ),
            staff,
        )
        assert found(run, staff) == [(3, "推計版", "E-21"), (4, "基準年", "E-21"), (5, "推計版", "E-61")]
        assert (
            sentences(run, staff)[:2]
            == ["推計版が混在しているため減少率を計算できません（令和5年推計／平成30年推計）。"] * 2
        )

    def test_a_sheet_in_neither_form_lacks_the_year(self, staff: Any):
        run = checked(
            "I-04", book(["推計版", "団体コード", "基準年", "人口密度"], ["令和5年推計", "014281", 2020, 1]), staff
        )
        assert [(one["id"], one["column"]) for one in run.messages] == [("E-04", "年"), ("E-04", "総人口")]

    def test_a_bureau_brings_in_only_its_own_municipalities(self, staff: Any):
        bureau = saved(viewer(Duty.BS, bureau="nemuro"))
        run = checked("I-04", book(WIDE, ["令和5年推計", "014281", 2020, 1, 1, 1]), bureau)
        assert found(run, bureau) == [(2, "団体コード", "E-18")]

    def test_a_column_that_falls_too_fast_is_told(self, staff: Any):
        run = checked("I-04", book(WIDE, ["令和5年推計", "014281", 2020, 1000, 690, 680]), staff)
        assert found(run, staff) == [(2, "2030年", "W-01")]
