"""What planners type: rows of tables, sums, indicators; every error names its row and column."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from common.part_forms import Grid
from subsidies.forms.costs import CostRow
from subsidies.forms.kpi import KpiRow
from subsidies.sums import sums_of

CHOICES = {"projects": [("1", "研修")], "members": [("014281", "長沼町")]}
ROW = {"category": "reward", "description": "講師謝金", "quantity": "6", "unit": "回", "unit_price_yen": "120,000"}


def grid(*rows: dict[str, str]) -> Grid:
    data = QueryDict(mutable=True)
    for number, row in enumerate(rows):
        for name, text in row.items():
            data[f"costs-{number}-{name}"] = text
    return Grid("costs", "経費", CostRow, data=data, **CHOICES)


def test_quantity_and_price_give_the_amount_and_the_amount_is_eligible_unless_said():
    table = grid(ROW)
    assert table.is_valid()
    line = table.rows[0].line
    assert (line["amount_yen"], line["eligible_yen"]) == (720_000, 720_000)
    assert (line["project_id"], line["member_id"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount_yen": "700,000"}, "経費 2行目「金額」：数量×単価（720,000円）と一致しません。"),
        ({"eligible_yen": "720,001"}, "経費 2行目「対象額」：金額720,000円以下にしてください。"),
        ({"unit_price_yen": ""}, "経費 2行目「金額」：金額、または数量と単価を入力してください。"),
        (
            {"amount_yen": "七十二万"},
            "経費 2行目「金額」：金額として読み取れません（「七十二万」）。円単位の整数で入力してください。",
        ),
        ({"category": ""}, "経費 2行目「節」：選んでください。"),
        ({"quantity": "0.33", "unit_price_yen": "100"}, None),
        ({"quantity": "0.333"}, "経費 2行目「数量」：小数は2桁までです（「0.333」）。"),
        ({"quantity": "-1"}, "経費 2行目「数量」：0以上の数値を入力してください。"),
    ],
)
def test_an_error_names_table_row_and_column(change, problem):
    table = grid(ROW, ROW | change)
    table.is_valid()
    assert [one.text for one in table.problems()] == ([problem] if problem else [])


def test_a_fraction_of_a_yen_is_not_rounded_by_anyone():
    table = grid(ROW | {"quantity": "0.33", "unit_price_yen": "101"})
    assert not table.is_valid()
    assert "円未満の端数" in next(table.problems()).text


def test_empty_rows_count_as_not_there_and_new_ones_follow():
    table = grid(ROW, {"description": " "}, ROW)
    assert len(table.rows) == 2
    assert [row.place for row in table] == [1, 2, 3, 4]
    assert len({row.prefix for row in table}) == 4


def kpi(**typed: str) -> KpiRow:
    usual = {
        "name": "修了者", "unit": "人", "kind": "outcome", "direction": "up", "baseline": "▲3", "baseline_fy": "R7",
        "target": "1,500", "target_fy": "令和11年度", "y2026": "10.5",
    }  # fmt: skip
    return KpiRow(usual | typed, years=[2026, 2027])


def test_a_kpi_reads_minus_signs_fiscal_years_and_its_path():
    row = kpi()
    assert row.is_valid(), row.errors
    assert (row.draft.baseline, row.draft.baseline_fy, row.draft.target) == (Decimal(-3), 2025, Decimal(1500))
    assert row.draft.yearly == {2026: Decimal("10.5")}


def test_a_new_indicator_has_no_baseline_and_needs_no_year():
    row = kpi(baseline="新規", baseline_fy="")
    assert row.is_valid()
    assert row.draft.baseline is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"baseline_fy": ""}, "baseline_fy"), ({"target": ""}, "target"), ({"baseline": "不明"}, "baseline")],
)
def test_a_kpi_that_cannot_be_measured_is_told_where(typed, field):
    row = kpi(**typed)
    assert not row.is_valid()
    assert list(row.errors) == [field]


def test_all_municipalities_need_no_figure():
    assert kpi(target="", qualifier="all").is_valid()


def test_sums_say_what_is_short_and_by_how_much():
    sums = sums_of(
        [{"amount_yen": 700, "eligible_yen": 600}, {"amount_yen": None}],
        [{"amount_yen": 100}],
        500,
        [(200, 50), (None, None)],
    )
    assert (sums.cost_yen, sums.eligible_yen, sums.income_yen, sums.split_yen) == (700, 600, 600, 200)
    assert [balance.sentence for balance in sums.balances] == [
        "収入の合計（交付金を含む）が経費の合計より100円足りません。",
        "配分額の合計が交付申請額より300円足りません。",
    ]
