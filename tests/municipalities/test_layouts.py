"""Tables as ministries publish them (numbers invented), recognised by their headings and brought in as they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.sheets import importing, layouts
from common.sheets.reading import open_book
from common.viewer import Duty
from municipalities.models import DataSource, Indicator, IndicatorValue, PopulationFigure, PopulationSeries

from ..factories.municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory
from ..kinds import book, brought_in, checked, counts, found, text, told
from ..viewers import saved, viewer
from ..xls import xls

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Any:
    hokkaido, tokyo = PrefectureFactory(code="01"), PrefectureFactory(code="13", name="東京都")
    bureau = BureauFactory(code="ishikari", prefecture=hokkaido)
    for code, name, district in (
        ("011002", "札幌市", ""), ("013030", "当別町", "石狩郡"), ("016969", "泊村", "国後郡"),
    ):  # fmt: skip
        MunicipalityFactory(code=code, name=name, district=district, bureau=bureau)
    MunicipalityFactory(
        code="131016", name="千代田区", prefecture=tokyo, bureau=BureauFactory(code="t", prefecture=tokyo)
    )
    source = DataSource.objects.create(code="census", title="国勢調査")
    made = PopulationSeries.objects.create
    made(code="census", kind="actual", name="国勢調査", publisher="総務省統計局", source=source, order=1)
    made(code="juki", kind="actual", name="住民基本台帳人口", publisher="総務省", source=source, order=2)
    made(code="ipss_r5", kind="projection", name="令和5年推計", publisher="社人研", base_year=2020, source=source)
    made(code="ipss_h30", kind="projection", name="平成30年推計", publisher="社人研", base_year=2015, source=source)
    for order, (code, name) in enumerate(
        (
            ("fiscal_power_index", "財政力指数"), ("ordinary_balance_ratio", "経常収支比率"),
            ("real_debt_service_ratio", "実質公債費比率"), ("future_burden_ratio", "将来負担比率"),
            ("laspeyres_index", "ラスパイレス指数"),
        )
    ):  # fmt: skip
        Indicator.objects.create(code=code, name=name, source=source, order=order)
    return saved(viewer(Duty.HS))


def people(series: str) -> list[tuple[Any, ...]]:
    rows = PopulationFigure.objects.filter(series=series).order_by("municipality", "year")
    return list(
        rows.values_list("municipality", "year", "total", "age_0_14", "age_15_64", "age_65_over", "age_unknown")
    )


RESIDENTS = [
    ["令和6年1月1日住民基本台帳人口・世帯数、令和5年（1月1日から同年12月31日まで）人口動態（市区町村別）（総計）"],
    ["", "", "", "令和6年", "", "", "", "令和5年", "", ""],
    ["", "", "", "2024年", "", "", "", "2023年", "", ""],
    ["", "", "", "人口", "", "", "世帯数", "住民票記載数", "", ""],
    ["", "", "", "男", "女", "計", "", "転入者数（国内）", "転入者数（国外）", "計"],
    ["団体コード", "都道府県名", "市区町村名", "人", "人", "人", "世帯", "人", "人", "人"],
    ["-", "合計", "-", 900, 1100, 2000, 1000, 1, 1, 2],
    ["010006", "北海道", "-", 800, 1000, 1800, 900, 1, 1, 2],
    ["011002", "北海道", "札幌市", 700, 800, 1500, 700, 1, 1, 2],
    ["011011", "北海道", "札幌市中央区", 300, 400, 700, 300, 1, 1, 2],
    ["013005", "北海道", "石狩郡", 100, 200, 300, 200, 0, 0, 0],
    ["013030", "北海道", "石狩郡当別町", 100, 200, 300, 200, 0, 0, 0],
    ["016969", "北海道", "国後郡泊村", 0, 0, 0, 0, 0, 0, 0],
    ["131016", "東京都", "千代田区", 90, 110, 200, 100, 0, 0, 0],
    ["注：外国人住民を含む。"],
]


@pytest.mark.parametrize("form", ["xlsx", "xls", "csv"])
def test_residents_of_the_ministry_of_internal_affairs(staff: Any, form: str):
    upload = {
        "xlsx": lambda: book(*RESIDENTS, name="000959256.xlsx"),
        "xls": lambda: SimpleUploadedFile("2401snsjin.xls", xls(RESIDENTS, sheet="人口")),
        "csv": lambda: text(*RESIDENTS, name="2401.csv"),
    }[form]()
    run = brought_in("I-03", upload, staff)
    assert counts(run) == (3, 0, 0, 0)
    assert people("juki") == [
        ("011002", 2024, 1500, None, None, None, None),
        ("013030", 2024, 300, None, None, None, None),
        ("131016", 2024, 200, None, None, None, None),
    ]
    assert told(run) == [
        ("I-01", None),
        ("W-02", 7),
        ("W-02", 8),
        ("W-02", 11),
        ("W-05", 15),
        ("W-10", None),
        ("W-10", None),
    ]
    assert importing.inspect(run, staff).layout is layouts.all_layouts("I-03")[0]


def test_residents_with_merged_headings(staff: Any):
    rows = [list(row) for row in RESIDENTS]
    rows[3][4:6] = [None, None]
    run = brought_in("I-03", book(*rows, merged=[("D2:G2", "令和6年"), ("D4:F4", "人口")]), staff)
    assert counts(run) == (3, 0, 0, 0)


def test_a_fault_in_a_published_table_is_told_by_the_row_of_the_file(staff: Any):
    rows = [list(row) for row in RESIDENTS]
    rows[11][5] = "調査中"
    rows[13][0] = "131024"
    run = checked("I-03", book(*rows), staff)
    assert found(run, staff) == [(12, "総人口", "E-09"), (14, "団体コード", "E-07")]


def test_residents_by_five_year_groups(staff: Any):
    groups = [f"{age}歳～{age + 4}歳" for age in range(0, 100, 5)] + ["100歳以上"]
    head = ["団体コード", "都道府県名", "市区町村名", "性別", "総数", *groups]

    def row(code: str, name: str, sex: str, each: int) -> list[Any]:
        return [code, "北海道", name, sex, each * 21, *[each] * 21]

    run = brought_in(
        "I-03",
        book(
            ["令和6年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）"],
            head,
            row("010006", "-", "計", 50),
            row("011002", "札幌市", "計", 10), row("011002", "札幌市", "男", 4), row("011002", "札幌市", "女", 6),
            row("013030", "石狩郡当別町", "計", 2),
        ),
        staff,
    )  # fmt: skip
    assert people("juki") == [
        ("011002", 2024, 210, 30, 100, 80, None),
        ("013030", 2024, 42, 6, 20, 16, None),
    ]
    assert ("W-10", None) in told(run)


def test_the_census_as_e_stat_writes_it(staff: Any):
    run = brought_in(
        "I-03",
        text(
            ["令和2年国勢調査 人口等基本集計 年齢（3区分）別人口－全国，都道府県，市区町村"],
            [],
            ["標準地域コード", "地域", "総数", "", "", "", "", "割合", "", ""],
            ["", "", "総数", "15歳未満", "15～64歳", "65歳以上", "不詳", "15歳未満", "15～64歳", "65歳以上"],
            ["00000", "全国", "126,146,099", "1", "2", "3", "4", "11.9", "59.5", "28.6"],
            ["01000", "北海道", "5,224,614", "1", "2", "3", "4", "10.7", "57.2", "32.1"],
            ["01100", "札幌市", "1,000", "110", "600", "250", "40", "11.0", "60.0", "25.0"],
            ["01101", "札幌市中央区", "300", "30", "200", "60", "10", "1", "1", "1"],
            ["01303", "当別町", "100", "10", "50", "40", "-", "1", "1", "1"],
            name="b01_02.csv",
        ),
        staff,
    )
    assert people("census") == [
        ("011002", 2020, 1000, 110, 600, 250, 40),
        ("013030", 2020, 100, 10, 50, 40, None),
    ]
    assert [id for id, _ in told(run)] == ["I-01", "W-02", "W-02", "W-10"]


SSDSE = [
    ["SSDSE-A-2024", "Prefecture", "Municipality", "A1101", "A110101", "A1301", "A1302", "A1303", "A1419", "A4101"],
    ["", "", "年度", "2020", "2020", "2020", "2020", "2020", "2020", "2021"],
    ["地域コード", "都道府県", "市区町村", "総人口", "総人口（男）", "15歳未満人口", "15～64歳人口", "65歳以上人口", "75歳以上人口", "出生数"],
    ["R01100", "北海道", "札幌市", "1000", "480", "110", "600", "250", "120", "9"],
    ["R01303", "北海道", "当別町", "100", "50", "10", "50", "40", "20", "0"],
]  # fmt: skip


def test_the_census_part_of_ssdse_a(staff: Any):
    run = brought_in("I-03", text(*SSDSE, name="SSDSE-A-2024.csv"), staff)
    assert people("census") == [
        ("011002", 2020, 1000, 110, 600, 250, 40),
        ("013030", 2020, 100, 10, 50, 40, 0),
    ]
    assert [id for id, _ in told(run)] == ["I-01", "I-02"]
    assert counts(brought_in("I-03", text(*SSDSE, name="SSDSE-A-2024.csv"), staff)) == (0, 0, 2, 0)


def test_the_indicators_of_ssdse_a_each_with_its_own_year(staff: Any):
    for order, (code, name) in enumerate((("births", "出生数"), ("elementary_schools", "小学校数"))):
        Indicator.objects.create(code=code, name=name, source_id="census", order=20 + order)
    rows = [
        [*SSDSE[0], "E2101"],
        [*SSDSE[1], "2022"],
        [*SSDSE[2], "小学校数"],
        [*SSDSE[3], "202"],
        [*SSDSE[4], "-"],
    ]
    run = brought_in("I-16", text(*rows, name="SSDSE-A-2024.csv"), staff)
    held = IndicatorValue.objects.order_by("indicator", "municipality")
    assert [(row.indicator_id, row.municipality_id, row.year, int(row.value)) for row in held] == [
        ("births", "011002", 2021, 9),
        ("births", "013030", 2021, 0),
        ("elementary_schools", "011002", 2022, 202),
    ]
    assert counts(run) == (3, 0, 0, 0)


def test_projections_of_the_institute_in_wide_form(staff: Any):
    years = [f"{year}年" for year in range(2020, 2051, 5)]
    run = brought_in(
        "I-04",
        book(
            ["結果表１　総人口および指数（2020年＝100とした場合）"],
            ["日本の地域別将来推計人口（令和5(2023)年推計）"],
            [],
            [
                "コード",
                "市などの別",
                "都道府県",
                "市区町村",
                "総人口（人）",
                *[""] * 6,
                "指数（2020年＝100）",
                *[""] * 6,
            ],
            ["", "", "", "", *years, *years],
            ["1000", "a", "北海道", "", *[5_224_614] * 7, *[100.0] * 7],
            [1100, "1", "北海道", "札幌市", 1000, 990, 980, 970, 960, 950, 940, *[99.0] * 7],
            ["01101", "0", "北海道", "札幌市中央区", *[300] * 7, *[99.0] * 7],
            ["01303", "3", "北海道", "当別町", 100, 99, 98, 97, 96, 95, 94, *[99.0] * 7],
            ["13101", "0", "東京都", "千代田区", *[200] * 7, *[99.0] * 7],
            name="kekkahyo1.xlsx",
        ),
        staff,
    )
    assert counts(run) == (3, 0, 0, 0)
    assert [row[:3] for row in people("ipss_r5") if row[0] == "013030"] == [
        ("013030", year, 100 - at) for at, year in enumerate(range(2020, 2051, 5))
    ]


def test_a_projection_without_a_title_is_told_by_its_first_year(staff: Any):
    years = [f"{year}年" for year in range(2015, 2046, 5)]
    run = brought_in(
        "I-04", book(["コード", "都道府県", "市区町村", *years], ["01303", "北海道", "当別町", *[100] * 7]), staff
    )
    assert (counts(run), len(people("ipss_h30"))) == ((1, 0, 0, 0), 7)


def test_old_people_by_year_join_the_totals(staff: Any):
    head = ["コード", "市などの別", "都道府県", "市区町村", "65歳以上人口（人）", "", "65歳以上人口割合（％）", ""]
    run = brought_in(
        "I-04",
        book(["令和5(2023)年推計"], head, ["", "", "", "", "2020年", "2050年", "2020年", "2050年"],
             ["01303", "3", "北海道", "当別町", 40, 45, 40.0, 52.0]),
        staff,
    )  # fmt: skip
    assert [(row[1], row[2], row[5]) for row in people("ipss_r5")] == [(2020, None, 40), (2050, None, 45)]
    assert counts(run) == (1, 0, 0, 0)


def test_projections_by_five_year_groups_in_long_form(staff: Any):
    groups = [f"{age}～{age + 4}歳" for age in range(0, 95, 5)] + ["95歳以上"]
    head = ["コード", "市などの別", "都道府県", "市区町村", "年", "男女計", *[""] * 20, "男", *[""] * 20]
    leaf = ["", "", "", "", "", "総数", *groups, "総数", *groups]

    def row(code: str, kind: str, name: str, year: str, each: int) -> list[Any]:
        return [code, kind, "北海道", name, year, each * 20, *[each] * 20, each * 9, *[1] * 20]

    run = brought_in(
        "I-04",
        book(["日本の地域別将来推計人口（令和5(2023)年推計）"], head, leaf,
             row("01000", "a", "", "2020年", 90), row("01303", "3", "当別町", "2020年", 5), row("01303", "3", "当別町", "2050年", 4)),
        staff,
    )  # fmt: skip
    assert [row[1:6] for row in people("ipss_r5")] == [(2020, 100, 15, 50, 35), (2050, 80, 12, 40, 28)]
    assert counts(run) == (2, 0, 0, 0)


FINANCE = [
    ["令和３年度　全市町村の主要財政指標"],
    [
        "団体コード",
        "都道府県名",
        "団体名",
        "財政力指数",
        "経常収支比率",
        "実質公債費比率",
        "将来負担比率",
        "ラスパイレス指数",
    ],
    ["011002", "北海道", "札幌市", 0.72, 97.1, 2.6, 41.5, 99.9],
    ["013030", "北海道", "当別町", 0.33, 88.4, 10.1, "－", "98.0"],
    ["", "", "全国市町村平均", 0.5, 88.9, 5.5, 15.4, ""],
]


def test_indicators_of_finance(staff: Any):
    run = brought_in("I-16", book(*FINANCE, name="000854234.xlsx"), staff)
    assert counts(run) == (2, 0, 0, 0)
    rows = IndicatorValue.objects.filter(municipality="013030").order_by("indicator__order")
    assert [(row.indicator_id, row.year, f"{row.value:f}") for row in rows] == [
        ("fiscal_power_index", 2021, "0.3300"),
        ("ordinary_balance_ratio", 2021, "88.4000"),
        ("real_debt_service_ratio", 2021, "10.1000"),
        ("laspeyres_index", 2021, "98.0000"),
    ]
    assert counts(brought_in("I-16", book(*FINANCE), staff)) == (0, 0, 2, 0)
    changed = [*FINANCE[:2], [*FINANCE[2][:3], "－", *FINANCE[2][4:]]]
    again = brought_in("I-16", book(*changed), staff)
    assert counts(again) == (0, 1, 0, 0)
    assert not IndicatorValue.objects.filter(municipality="011002", indicator="fiscal_power_index").exists()
    importing.undo(again, staff)
    assert IndicatorValue.objects.filter(municipality="011002", indicator="fiscal_power_index").exists()


def test_the_year_of_finance_may_stand_in_the_name_of_the_sheet(staff: Any):
    run = brought_in("I-16", book(*FINANCE[1:3], sheet="R3"), staff)
    assert IndicatorValue.objects.filter(year=2021).count() == 5
    assert counts(run) == (1, 0, 0, 0)


def test_a_table_without_any_year_says_that_the_year_is_missing(staff: Any):
    run = checked("I-16", book(*FINANCE[1:3]), staff)
    assert [(one["id"], one["column"]) for one in run.messages][:1] == [("E-04", "年")]


def test_a_table_that_is_meant_for_another_sheet_says_for_which(staff: Any):
    run = checked("I-04", book(*RESIDENTS), staff)
    assert run.state == "mapping"
    text = next(one["text"] for one in run.messages if one["id"] == "W-11")
    assert text == (
        "この表は「住民基本台帳に基づく人口（総務省、市区町村別）」のようです。様式「人口実績」を選ぶと、そのまま取り込めます。"
    )


def test_our_own_sheets_are_no_layout():
    own = book(["推計版", "団体コード", "基準年", "市区町村名", "2020年"], ["令和5年推計", "014281", 2020, "長沼町", 1])
    grid = open_book(own.read(), "a.xlsx").grid(None)
    assert layouts.recognise("", grid) is None
