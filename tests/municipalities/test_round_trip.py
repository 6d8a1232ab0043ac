"""What the reference data holds goes out as sheets and comes back without a change."""

from __future__ import annotations

from typing import Any

import pytest

from common.sheets import importing, writing
from common.sheets.fields import Context
from common.sheets.kinds import kind_of
from common.viewer import SYSTEM, Duty
from municipalities.models import Adjacency, Bureau, Indicator, IndicatorValue, Municipality, PopulationFigure

from ..kinds import SimpleUploadedFile, brought_in, checked, counts, found
from ..reference import reference_db  # noqa: F401  (a fixture)
from ..viewers import saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]
YEARS = range(2020, 2051, 5)


def sheet(form: str, head: list[str], rows: list[tuple[Any, ...]]) -> SimpleUploadedFile:
    """The rows as we export them: .xlsx, or CSV in cp932."""
    columns = [writing.Column(heading, lambda row, at=at: row[at]) for at, heading in enumerate(head)]
    if form == "xlsx":
        with writing.xlsx("表", columns, rows) as made:
            return SimpleUploadedFile("表.xlsx", made.read())
    return SimpleUploadedFile("表.csv", b"".join(writing.csv_lines(columns, rows, writing.Encoding.CP932)))


def figures(series: str, *values: str) -> list[tuple[Any, ...]]:
    rows = PopulationFigure.objects.filter(series=series, municipality__prefecture="01")
    return list(
        rows.order_by("municipality", "year").values_list("municipality", "municipality__name", "year", *values)
    )


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_census_of_a_prefecture(form: str):
    staff = saved(viewer(Duty.HS))
    groups = ("total", "age_0_14", "age_15_64", "age_65_over", "age_75_over", "age_unknown")
    rows = [(code, name, "国勢調査", *rest) for code, name, *rest in figures("census", *groups)]
    head = ["団体コード", "市町村名", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上", "75歳以上", "年齢不詳"]
    run = checked("I-03", sheet(form, head, rows), staff)
    assert (len(rows), counts(run)) == (179 * 9, (0, 0, 179 * 9, 0))


def test_the_columns_of_the_handbook_suffice_for_the_census():
    staff = saved(viewer(Duty.HS))
    rows = [
        (code, "国勢調査", *rest)
        for code, _, *rest in figures("census", "total", "age_0_14", "age_15_64", "age_65_over")
    ]
    run = checked(
        "I-03", sheet("xlsx", ["団体コード", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"], rows), staff
    )
    assert counts(run) == (0, 0, 179 * 9, 0)


def test_a_projection_with_a_column_for_each_year():
    staff = saved(viewer(Duty.HS))
    totals: dict[str, dict[int, int]] = {}
    for code, _, year, total in figures("ipss_r5", "total"):
        totals.setdefault(code, {})[year] = total
    rows = [("令和5年推計", code, 2020, *(years.get(year) for year in YEARS)) for code, years in totals.items()]
    head = ["推計版", "団体コード", "基準年", *(f"{year}年" for year in YEARS)]
    assert counts(checked("I-04", sheet("xlsx", head, rows), staff)) == (0, 0, 179, 0)
    rows[7] = (*rows[7][:-1], rows[7][-1] + 1)
    run = brought_in("I-04", sheet("csv", head, rows), staff)
    assert counts(run) == (0, 1, 178, 0)
    importing.undo(run, staff)
    assert {year: total for code, _, year, total in figures("ipss_r5", "total") if code == rows[7][1]} == totals[
        rows[7][1]
    ]


def test_a_projection_with_a_row_for_each_year():
    staff = saved(viewer(Duty.HS))
    groups = ("total", "age_0_14", "age_15_64", "age_65_over")
    rows = [("ipss_h30", code, name, 2015, *rest) for code, name, *rest in figures("ipss_h30", *groups)]
    head = ["推計版", "団体コード", "市町村名", "基準年", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"]
    assert counts(checked("I-04", sheet("csv", head, rows), staff)) == (0, 0, 179 * 7, 0)


def test_municipalities_with_their_offices():
    staff = saved(viewer(Duty.AD))
    rows = Municipality.objects.filter(prefecture__in=["01", "06"], northern_territory=False)
    told = rows.values_list(
        "code", "name", "kana", "kind", "jurisdictions__bureau", "jurisdictions__valid_from", "valid_from", "valid_to", "successor"
    )  # fmt: skip
    head = [
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
    run = checked("I-01", sheet("xlsx", head, list(told)), staff)
    assert (found(run, staff), counts(run)) == ([], (0, 0, 214, 0))


def test_offices_and_neighbours():
    staff = saved(viewer(Duty.HS))
    offices = Bureau.objects.values_list("code", "name", "short_name", "symbol", "parent", "seat")
    run = checked(
        "I-02", sheet("csv", ["コード", "名称", "略称", "文書記号", "親コード", "所在地"], list(offices)), staff
    )
    assert counts(run) == (0, 0, 20, 0)
    pairs = [
        (b, a, {"land": "陸"}[kind], day)
        for a, b, kind, day in Adjacency.objects.values_list("a", "b", "kind", "valid_from")
    ]
    run = checked("I-05", sheet("xlsx", ["コードA", "コードB", "区分", "開始日"], pairs), staff)
    assert counts(run) == (0, 0, len(pairs), 0)


def test_indicators_with_a_row_for_each_value():
    staff = saved(viewer(Duty.HS))
    made = Indicator.objects.create(code="fiscal_power_index", name="財政力指数", source_id="census", order=1)
    IndicatorValue.objects.create(indicator=made, municipality_id="012238", year=2021, value="0.41")
    row = ("012238", "財政力指数", 2021, "0.41")
    assert counts(checked("I-16", sheet("xlsx", ["団体コード", "指標", "年", "値"], [row]), staff)) == (0, 0, 1, 0)


@pytest.mark.parametrize("id", ["I-01", "I-02", "I-03", "I-04", "I-05", "I-16"])
def test_a_check_asks_the_database_a_few_times_whatever_the_rows(id: str, django_assert_max_num_queries: Any):
    kind = kind_of(id)
    ctx = Context(viewer=SYSTEM)
    with django_assert_max_num_queries(6):
        kind.prepare(ctx)
