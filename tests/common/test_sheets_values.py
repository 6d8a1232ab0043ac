"""One cell at a time: how offices write numbers, yen, days, years, codes and names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fiscal_year import FiscalYear
from common.municipality_codes import check_digit, full_code
from common.sheets import messages, values
from common.sheets.cells import letters
from common.sheets.messages import Message, Unreadable

MISSING = ["", " ", "　", "-", "－", "―", "—", "…", "...", "*", "＊", "***", "\n"]


@pytest.mark.parametrize("cell", MISSING)
@pytest.mark.parametrize(
    "reader",
    [
        values.text,
        values.name,
        values.kana,
        values.code,
        values.integer,
        values.decimal,
        values.yen,
        values.day,
        values.year,
        values.fiscal_year,
        values.municipality_code,
    ],
)
def test_what_says_that_there_is_no_value(reader: Any, cell: str):
    assert reader(cell) is None
    assert values.is_missing(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (1234, 1234),
        (1234.0, 1234),
        (-5.0, -5),
        ("1234", 1234),
        ("１，２３４", 1234),
        ("1,234,567人", 1234567),
        ("▲１２", -12),
        ("△ 12", -12),
        ("−12", -12),
        ("ー12", -12),
        ("+12", 12),
        (" 12 世帯 ", 12),
        ("12.0", 12),
        ("x", None),
        ("Χ", None),
    ],
)
def test_whole_numbers(cell: Any, value: int | None):
    assert values.integer(cell) == value


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ("約12", "E-09"),
        ("12人中3人", "E-09"),
        ("1,23", "E-09"),
        ("1,2345", "E-09"),
        ("1..2", "E-09"),
        ("人", "E-09"),
        ("(12)", "E-09"),
        (True, "E-09"),
        (date(2024, 4, 1), "E-09"),
        (timedelta(hours=3), "E-09"),
        (12.5, "E-46"),
        ("12.5", "E-46"),
        (1e16, "E-47"),
        ("9999999999999999", "E-47"),
        (float("inf"), "E-47"),
        (float("nan"), "E-47"),
        ("#N/A", "E-42"),
        ("#DIV/0!", "E-42"),
    ],
)
def test_what_is_no_whole_number(cell: Any, refused: str):
    with pytest.raises(Unreadable) as error:
        values.integer(cell)
    assert error.value.id == refused


def test_exact_numbers_as_the_sheet_shows_them():
    assert values.decimal(0.1 + 0.2) == Decimal("0.3")
    assert values.decimal("12.3％") == Decimal("12.3")
    assert values.decimal("▲.5") == Decimal("-0.5")
    assert values.decimal("１２．５０") == Decimal("12.5")


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("8,640,000", "円", 8_640_000),
        ("8,640,000円", "円", 8_640_000),
        ("金8,640,000円", "円", 8_640_000),
        ("¥8,640,000", "円", 8_640_000),
        ("\\8,640,000", "円", 8_640_000),
        ("￥８６４００００", "円", 8_640_000),
        (8640.0, "千円", 8_640_000),
        ("8,640", "千円", 8_640_000),
        ("8,640千円", "円", 8_640_000),
        ("8,640千円", "千円", 8_640_000),
        ("8,640,000円", "千円", 8_640_000),
        ("8.64", "百万円", 8_640_000),
        (8.64, "百万円", 8_640_000),
        ("864万円", "円", 8_640_000),
        ("0", "円", 0),
        ("－", "円", None),
    ],
)
def test_yen_and_thousands_of_yen(cell: Any, unit: str, value: int | None):
    assert values.yen(cell, unit=unit) == value


@pytest.mark.parametrize("cell", ["▲500", -500, "12.5", 0.5, "五百円", "1,23", 10**15, float("nan"), float("inf")])
def test_yen_are_whole_and_not_negative(cell: Any):
    with pytest.raises(Unreadable) as error:
        values.yen(cell)
    assert error.value.id == "E-10"


def test_a_difference_in_yen_may_be_negative():
    assert values.yen("▲1,120,000", negative=True) == -1_120_000
    assert values.yen(-12.0, unit="千円", negative=True) == -12_000


@pytest.mark.parametrize(
    "cell",
    [
        date(2024, 4, 1),
        datetime(2024, 4, 1, 9, 30),
        45383,
        45383.0,
        45383.75,
        20240401,
        "45383",
        "20240401",
        "2024/4/1",
        "2024-04-01",
        "2024.4.1",
        "２０２４年４月１日",
        "2024年4月1日(月)",
        "令和6年4月1日",
        "令和６年４月１日（月）",
        "R6.4.1",
        "r6/4/1",
        "R06.04.01",
        "令和 6 年 4 月 1 日",
        "2024/4/1 0:00",
        "2024-04-01T00:00:00",
    ],
)
def test_days(cell: Any):
    assert values.day(cell) == date(2024, 4, 1)


def test_days_at_the_change_of_an_era():
    assert values.day("令和元年5月1日") == values.day("R1.5.1") == date(2019, 5, 1)
    assert values.day("平成31年4月30日") == date(2019, 4, 30)
    assert values.day("S64.1.7") == date(1989, 1, 7)


@pytest.mark.parametrize(
    "cell", ["2024/2/30", "来年", "4月1日", 2024, 12.5, 0, -1, True, "#REF!x", "令和0年4月1日", 1e300, float("nan")]
)
def test_what_is_no_day(cell: Any):
    with pytest.raises(Unreadable) as error:
        values.day(cell)
    assert error.value.id == "E-11"


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (2024, 2024),
        (2024.0, 2024),
        ("2024", 2024),
        ("2024年度", 2024),
        ("FY2024", 2024),
        ("R6", 2024),
        ("Ｒ６", 2024),
        ("R06", 2024),
        ("令和６年度", 2024),
        ("令和6", 2024),
        ("令和6年度（2024年度）", 2024),
        ("2024(R6)年度", 2024),
        ("令和６（2024）年度", 2024),
        ("令和元年度", 2019),
        ("H31", 2019),
        ("R1", 2019),
        ("H32", 2020),
        ("昭和64年度", 1989),
        (date(2024, 4, 1), 2024),
        (45383.0, 2024),
    ],
)
def test_fiscal_years(cell: Any, year: int):
    assert values.fiscal_year(cell) == FiscalYear(year)


@pytest.mark.parametrize(
    "cell", [6, "6", 20240401, 2024.5, True, date(2025, 1, 15), "R6〜R8", "令和6年度（2023）", "毎年", "()", "R0"]
)
def test_what_is_no_fiscal_year(cell: Any):
    with pytest.raises(Unreadable) as error:
        values.fiscal_year(cell)
    assert error.value.id == "E-12"


def test_a_calendar_year_may_stand_as_a_day():
    assert (
        values.year(date(2020, 10, 1)) == values.year("令和2年") == values.year("2020年") == values.year(44105) == 2020
    )


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("011002", "011002"),
        ("01100", "011002"),
        (1100, "011002"),
        (1100.0, "011002"),
        ("1100.0", "011002"),
        ("０１１００２", "011002"),
        (" 011002　", "011002"),
        ("062014", "062014"),
        ("R01100", "011002"),
        (6201, "062014"),
        (131016.0, "131016"),
    ],
)
def test_municipality_codes(cell: Any, code: str):
    assert values.municipality_code(cell) == code


def test_five_digits_are_a_lost_zero_where_only_that_code_is_known():
    assert values.municipality_code(12025, known={"012025"}) == "012025"
    assert values.municipality_code("12025", known={"012025", "120251"}) == full_code("12025")
    assert values.municipality_code(12025) == full_code("12025")
    assert values.municipality_code("01202", known={"012025"}) == "012025"


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ("011003", "E-06"),
        ("札幌市", "E-43"),
        ("123", "E-43"),
        ("0110020", "E-43"),
        (-1100, "E-43"),
        (True, "E-43"),
    ],
)
def test_wrong_codes(cell: Any, refused: str):
    with pytest.raises(Unreadable) as error:
        values.municipality_code(cell)
    assert error.value.id == refused


def test_a_wrong_check_digit_is_told_with_the_right_one():
    with pytest.raises(Unreadable, match=r"団体コード「011003」の検査数字が一致しません（正：011002）。"):
        values.municipality_code("011003")


@given(st.integers(0, 99_999))
def test_every_code_is_read_with_and_without_its_check_digit(number: int):
    code5 = f"{number:05}"
    code = code5 + check_digit(code5)
    assert values.municipality_code(code) == values.municipality_code(code5) == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("　札幌市 ", "札幌市"),
        ("a\r\nb", "a\nb"),
        ("a_x000D_\nb", "a\nb"),
        ("5〜10", "5～10"),
        ("ー−－", "ー－－"),
        ("'=1+1", "=1+1"),
        ("'90年代", "'90年代"),
        (5.0, "5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (date(2024, 4, 1), "2024-04-01"),
        ("㈱①髙﨑", "㈱①髙﨑"),
    ],
)
def test_texts(cell: Any, text: str):
    assert values.text(cell) == text


def test_a_text_has_a_greatest_length():
    with pytest.raises(Unreadable, match="5字です。4字以内"):
        values.text("あいうえお", most=4)


def test_names_lose_their_spaces_and_nothing_else():
    assert values.name("釧　路　市") == "釧路市"
    assert values.name(" 山田　太郎 ") == "山田 太郎"
    assert values.name("㈱ｱｲｳ") == "㈱ｱｲｳ"


def test_names_are_compared_by_their_variants():
    assert values.name_key("龍ケ崎市") == values.name_key("龍ヶ崎市") == values.name_key("竜ケ﨑市")
    assert values.name_key("檜山町") == values.name_key("桧山町")
    assert values.name_key("泊村") != values.name_key("泊別村")


def test_half_width_kana_are_widened_and_the_rest_is_left():
    assert values.kana("ｸｼﾛ ｼ") == "クシロ シ"
    assert values.kana("ﾍﾞﾂｶｲﾁｮｳ①") == "ベツカイチョウ①"


def test_identifiers_are_half_width():
    assert values.code("Ａ－０１ ") == "A-01"
    assert values.code(12.0) == "12"


def test_a_choice_is_read_by_what_people_write():
    kinds = {"市": "city", "町": "town", "村": "village", "（指定）": "declared"}
    assert values.choice(" 市　", kinds) == "city"
    assert values.choice("(指定)", kinds) == "declared"
    assert values.choice("-", kinds) is None
    with pytest.raises(Unreadable, match="「郡」は選べません。選べるのは市、町、村、（指定）です。"):
        values.choice("郡", kinds)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.timedeltas()))
def test_no_cell_makes_a_reader_fail_in_another_way(cell: Any):
    for reader in (values.integer, values.decimal, values.yen, values.day, values.year, values.fiscal_year,
                   values.municipality_code, values.text, values.name, values.kana, values.code):  # fmt: skip
        try:
            first = reader(cell)
        except Unreadable as refused:
            assert "{" not in str(refused).replace(values.shown(cell), "")
        else:
            assert first is None or reader(cell) == first


def test_a_sentence_begins_with_its_row_once_that_is_known():
    fault = Unreadable("E-09", value="約十")
    assert str(fault) == "数値ではありません（「約十」）。"
    assert fault.at(sheet="人口", row=5, column="総人口") == Message(
        "E-09", "人口", 5, "総人口", "5行目：数値ではありません（「約十」）。"
    )


def test_every_sentence_is_japanese_and_keeps_its_number():
    assert {f"E-{number:02}" for number in range(1, 24)} | {"W-01", "W-02", "I-00"} <= set(messages.TEMPLATES)
    assert messages.sentence("E-13", row=9, other_row=4) == "9行目：同じキーの行が重複しています（4行目）。"
    assert (
        messages.sentence("I-00", new=1, changed=2, same=3, error=0) == "登録 1件、更新 2件、変更なし 3件、エラー 0件"
    )


def test_columns_have_letters():
    assert [letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
