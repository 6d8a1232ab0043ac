"""I-01 市町村, I-02 振興局 and I-05 隣接 from a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from common import clock
from common.errors import Refused
from common.models import SheetImport
from common.sheets import importing
from common.viewer import Duty
from municipalities.models import Adjacency, Bureau, Jurisdiction, Municipality
from municipalities.territory import neighbours

from ..factories.municipalities import LONG_AGO, BureauFactory, MunicipalityFactory, PrefectureFactory, touch
from ..factories.regions import RegionFactory
from ..kinds import book, brought_in, checked, counts, found, sentences
from ..viewers import saved, viewer

pytestmark = pytest.mark.django_db
TOWNS = [
    "団体コード",
    "市町村名",
    "ふりがな",
    "種別",
    "振興局コード",
    "所管開始日",
    "適用開始日",
    "終了日",
    "統合先コード",
]
OFFICES = ["コード", "名称", "略称", "文書記号", "親コード", "所在地"]
PAIRS = ["コードA", "コードB", "区分", "開始日", "終了日"]
NAGANUMA = ["014281", "長沼町", "ﾅｶﾞﾇﾏﾁｮｳ", "町", "sorachi", "", "", "", ""]


@pytest.fixture
def staff(db: None) -> Any:
    hokkaido = PrefectureFactory(code="01")
    sorachi = BureauFactory(code="sorachi", prefecture=hokkaido, name="空知総合振興局", short_name="空知")
    ishikari = BureauFactory(code="ishikari", prefecture=hokkaido, name="石狩振興局", short_name="石狩")
    MunicipalityFactory(code="014231", name="南幌町", kana="なんぽろちょう", bureau=sorachi)
    MunicipalityFactory(code="012173", name="江別市", kana="えべつし", bureau=ishikari)
    return saved(viewer(Duty.HS))


def offices(code: str) -> list[tuple[str, date, date | None]]:
    rows = Jurisdiction.objects.filter(municipality=code).order_by("valid_from")
    return list(rows.values_list("bureau", "valid_from", "valid_to"))


class TestMunicipalities:
    def test_a_new_one_comes_with_its_reading_and_its_office(self, staff: Any):
        run = brought_in("I-01", book(TOWNS, NAGANUMA), staff)
        town = Municipality.objects.get(pk="014281")
        assert (town.kana, town.kana_key, town.prefecture_id, town.kind) == (
            "ながぬまちょう",
            "なかぬまちよう",
            "01",
            "町",
        )
        assert offices("014281") == [("sorachi", LONG_AGO, None)]
        assert counts(brought_in("I-01", book(TOWNS, NAGANUMA), staff)) == (0, 0, 1, 0)
        importing.undo(run, staff)
        assert not Municipality.objects.filter(pk="014281").exists()

    def test_an_office_changes_from_a_day_on_and_back(self, staff: Any):
        moved = ["014231", "南幌町", "なんぽろちょう", "町", "石狩", "令和6年4月1日", "", "", ""]
        run = brought_in("I-01", book(TOWNS, moved), staff)
        assert counts(run) == (0, 1, 0, 0)
        assert offices("014231") == [("sorachi", LONG_AGO, date(2024, 3, 31)), ("ishikari", date(2024, 4, 1), None)]
        assert counts(checked("I-01", book(TOWNS, moved), staff)) == (0, 0, 1, 0)
        importing.undo(run, staff)
        assert offices("014231") == [("sorachi", LONG_AGO, None)]

    @pytest.mark.parametrize("head", [TOWNS, [one for one in TOWNS if one != "所管開始日"]])
    def test_without_a_day_another_office_begins_today(self, staff: Any, head: list[str]):
        moved = {
            "団体コード": "014231",
            "市町村名": "南幌町",
            "ふりがな": "なんぽろちょう",
            "種別": "町",
            "振興局コード": "石狩振興局",
        }
        run = brought_in("I-01", book(head, [moved.get(one, "") for one in head]), staff)
        assert offices("014231")[-1] == ("ishikari", clock.today(), None)
        importing.undo(run, staff)
        assert offices("014231") == [("sorachi", LONG_AGO, None)]

    def test_one_that_ends_names_its_successor_and_leaves_its_office(self, staff: Any):
        merged = ["014231", "南幌町", "なんぽろちょう", "町", "sorachi", "", "", "2027/3/31", "012173"]
        run = brought_in("I-01", book(TOWNS, merged), staff)
        town = Municipality.objects.get(pk="014231")
        assert (town.valid_to, town.successor_id) == (date(2027, 3, 31), "012173")
        assert offices("014231") == [("sorachi", LONG_AGO, date(2027, 3, 31))]
        importing.undo(run, staff)
        assert offices("014231") == [("sorachi", LONG_AGO, None)]

    def test_a_successor_may_be_new_in_the_same_sheet(self, staff: Any):
        rows = [
            ["014231", "南幌町", "なんぽろちょう", "町", "sorachi", "", "", "2027/3/31", "014281"],
            ["014281", "長沼市", "", "市", "sorachi", "2027/4/1", "2027/4/1", "", ""],
        ]
        run = brought_in("I-01", book(TOWNS, *rows), staff)
        assert Municipality.objects.get(pk="014231").successor_id == "014281"
        importing.undo(run, staff)
        assert list(Municipality.objects.values_list("pk", flat=True)) == ["012173", "014231"]

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            (["014282", "長沼町", "", "町", "sorachi", "", "", "", ""], "団体コード", "E-06"),
            (["014281", "", "", "町", "sorachi", "", "", "", ""], "市町村名", "E-05"),
            (["014281", "長沼町", "", "郡", "sorachi", "", "", "", ""], "種別", "E-44"),
            (["014281", "長沼町", "", "町", "東空知", "", "", "", ""], "振興局コード", "E-61"),
            (["014281", "長沼町", "", "町", "", "", "", "", ""], "振興局コード", "E-05"),
            (["014281", "長沼町", "", "町", "sorachi", "", "R6.4.1", "R6.3.31", ""], "終了日", "E-14"),
            (["014281", "長沼町", "", "町", "sorachi", "", "昨日", "", ""], "適用開始日", "E-11"),
            (["014281", "長沼町", "", "町", "sorachi", "", "", "", "014281"], "統合先コード", "E-64"),
            (["014281", "長沼町", "", "町", "sorachi", "", "", "", "014290"], "統合先コード", "E-07"),
            (["621005", "どこか町", "", "町", "sorachi", "", "", "", ""], "団体コード", "E-61"),
            (["014231", "南幌町", "", "町", "ishikari", "2010/4/1", "", "", ""], "所管開始日", "E-15"),
        ],
    )  # fmt: skip
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        assert found(checked("I-01", book(TOWNS, row), staff), staff) == [(2, place, id)]

    def test_a_new_one_needs_its_office_where_the_prefecture_has_offices(self, staff: Any):
        PrefectureFactory(code="13", name="東京都")
        head = ["団体コード", "市町村名", "種別"]
        run = checked(
            "I-01",
            book(head, ["014281", "長沼町", "町"], ["131016", "千代田区", "特別区"], ["014231", "南幌町", "町"]),
            staff,
        )
        assert (found(run, staff), counts(run)) == ([(2, "", "E-04")], (1, 0, 1, 1))

    def test_one_that_is_used_meanwhile_cannot_be_taken_back(self, staff: Any):
        run = brought_in("I-01", book(TOWNS, NAGANUMA), staff)
        RegionFactory(members=[Municipality.objects.get(pk="014281"), Municipality.objects.get(pk="014231")])
        with pytest.raises(Refused, match="使われている"):
            importing.undo(run, staff)
        assert Municipality.objects.filter(pk="014281").exists()

    def test_a_bureau_may_not_keep_the_register(self, staff: Any):
        with pytest.raises(Exception, match="本庁 審査担当"):
            importing.start(book(TOWNS, NAGANUMA), kind="I-01", viewer=saved(viewer(Duty.BS, bureau="sorachi")))


class TestBureaus:
    def test_offices_with_a_branch(self, staff: Any):
        run = brought_in(
            "I-02",
            book(OFFICES, ["soya-w", "宗谷総合振興局西部出張所", "西部", "", "soya", "稚内市"],
                 ["soya", "宗谷総合振興局", "", "宗地政", "", "稚内市"], ["sorachi", "空知総合振興局", "空知", "空地政", "", "岩見沢市"]),
            staff,
        )  # fmt: skip
        assert counts(run) == (2, 1, 0, 0)
        soya = Bureau.objects.get(pk="soya")
        assert (soya.short_name, soya.head_title, soya.prefecture_id) == ("宗谷", "総合振興局長", "01")
        assert Bureau.objects.get(pk="soya-w").parent_id == "soya"
        importing.undo(run, staff)
        assert not Bureau.objects.filter(pk__startswith="soya").exists()
        assert Bureau.objects.get(pk="sorachi").symbol == ""

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            (["宗谷", "宗谷総合振興局", "", "", "", ""], "コード", "E-64"),
            (["soya", "", "", "", "", ""], "名称", "E-05"),
            (["soya", "空知総合振興局", "", "", "", ""], "名称", "E-64"),
            (["soya", "宗谷総合振興局", "", "", "nowhere", ""], "親コード", "E-61"),
            (["soya", "宗谷総合振興局", "", "", "soya", ""], "親コード", "E-64"),
            (["soya", "宗谷総合振興局", "", "あ" * 21, "", ""], "文書記号", "E-45"),
        ],
    )
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        assert found(checked("I-02", book(OFFICES, row), staff), staff) == [(2, place, id)]


class TestNeighbours:
    def test_a_pair_is_the_same_whichever_code_comes_first(self, staff: Any):
        run = brought_in("I-05", book(PAIRS, ["014231", "012173", "陸", "", ""]), staff)
        row = Adjacency.objects.get()
        assert (row.a_id, row.b_id, row.kind, row.cross_prefecture) == ("012173", "014231", "land", False)
        assert counts(checked("I-05", book(PAIRS, ["12173", "014231", "陸", "", ""]), staff)) == (0, 0, 1, 0)
        importing.undo(run, staff)
        assert not Adjacency.objects.exists()

    def test_a_pair_ends_with_its_last_day(self, staff: Any):
        touch(Municipality.objects.get(pk="012173"), Municipality.objects.get(pk="014231"))
        run = brought_in("I-05", book(PAIRS, ["012173", "014231", "指定", "2020/4/1", "2020/12/31"]), staff)
        assert counts(run) == (0, 1, 0, 0)
        assert (neighbours(["012173"]), Adjacency.objects.get().kind) == ({"012173": set()}, "declared")
        importing.undo(run, staff)
        assert neighbours(["012173"]) == {"012173": {"014231"}}

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            (["014231", "014231", "陸", "", ""], "コードB", "E-19"),
            (["014231", "014290", "陸", "", ""], "コードB", "E-07"),
            (["014231", "012173", "空", "", ""], "区分", "E-44"),
            (["014231", "", "陸", "", ""], "コードB", "E-05"),
            (["014231", "012173", "海", "R6.4.1", "R5.4.1"], "終了日", "E-14"),
        ],
    )
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        run = checked("I-05", book(PAIRS, row), staff)
        assert found(run, staff) == [(2, place, id)]

    def test_both_orders_of_one_pair_are_one_row_twice(self, staff: Any):
        run = checked(
            "I-05", book(PAIRS, ["014231", "012173", "陸", "", ""], ["012173", "014231", "陸", "", ""]), staff
        )
        assert sentences(run, staff) == ["3行目：同じキーの行が重複しています（2行目）。"]
        assert run.state == SheetImport.State.CHECKED

    def test_a_pair_that_has_the_kind_already_in_another_row(self, staff: Any):
        pair = touch(Municipality.objects.get(pk="012173"), Municipality.objects.get(pk="014231"))
        Adjacency.objects.create(a=pair.a, b=pair.b, kind="sea", source=pair.source)
        run = checked("I-05", book(PAIRS, ["012173", "014231", "海", "", ""]), staff)
        assert found(run, staff) == [(2, "区分", "E-15")]
