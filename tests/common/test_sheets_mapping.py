"""Headings as real sheets write them are led to the right field, and never two columns to one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.mapping import Why, as_text, likeness, normalised, signature, suggest


class Code:
    def clean(self, value: Any, row: Any = None) -> str:
        text = as_text(value).zfill(5)
        if not re.fullmatch(r"\d{5,6}", text) or not 1 <= int(text[:2]) <= 47:
            raise ValueError(value)
        return text


class Whole:
    def clean(self, value: Any, row: Any = None) -> int | None:
        text = as_text(value).replace(",", "")
        return None if text in ("－", "*") else int(text)


class Year:
    def clean(self, value: Any, row: Any = None) -> int:
        text = as_text(value)
        if match := re.fullmatch(r"(?:令和|R)(\d+)(?:年度?)?", text):
            return 2018 + int(match[1])
        if not 1900 <= int(text.removesuffix("年")) <= 2100:
            raise ValueError(value)
        return int(text.removesuffix("年"))


class Words:
    def clean(self, value: Any, row: Any = None) -> str:
        return as_text(value)


class OneOf:
    def __init__(self, *words: str) -> None:
        self.words = words

    def clean(self, value: Any, row: Any = None) -> str:
        if value not in self.words:
            raise ValueError(value)
        return str(value)


@dataclass
class Field:
    heading: str
    reader: Any
    synonyms: tuple[str, ...] = ()
    required: bool = False


FIELDS = {
    "code": Field("団体コード", Code(), ("コード", "市区町村コード"), required=True),
    "name": Field("市町村名", Words(), ("自治体名", "団体名")),
    "source": Field("出典", OneOf("国勢調査", "住民基本台帳"), required=True),
    "year": Field("年", Year(), ("調査年",), required=True),
    "total": Field("総人口（人）", Whole(), ("人口総数",), required=True),
    "child": Field("0-14歳", Whole(), ("年少人口",)),
    "old": Field("65歳以上", Whole(), ("老年人口", "高齢者人口")),
}
CODES, NAMES, PEOPLE, YEARS = (
    [1100, "01202", "01203"],
    ["札幌市", "函館市", "小樽市"],
    [1_952_356.0, 265_979, "121,924"],
    ["R2"] * 3,
)


def fields_of(headings: list[str], samples: list[list[Any]] | None = None) -> list[str | None]:
    return [one.field for one in suggest(headings, samples or [[] for _ in headings], FIELDS)]


def test_the_declared_headings_are_certain():
    found = suggest([field.heading for field in FIELDS.values()], [[] for _ in FIELDS], FIELDS)
    assert [one.field for one in found] == list(FIELDS)
    assert all(one.certain and one.confidence == 100 and one.why == Why.NAME for one in found)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("団体ｺｰﾄﾞ", "code"),
        ("団体コード（6桁）", "code"),
        (" 団 体 コ ー ド ", "code"),
        ("市区町村コード※", "code"),
        ("全国地方公共団体コード", "code"),
        ("自治体名", "name"),
        ("市町村の名称", "name"),
        ("総人口[人]", "total"),
        ("総　人　口", "total"),
        ("人口 総数", "total"),
        ("人口／総人口", "total"),
        ("０～１４歳", "child"),
        ("年少人口（15歳未満）", "child"),
        ("６５歳以上人口", "old"),
        ("調査年次", "year"),
        ("15～64歳", None),
        ("備考", None),
        ("", None),
    ],
)
def test_a_messy_heading_is_led_to_its_field(heading: str, field: str | None):
    assert fields_of([heading]) == [field]


def test_a_similar_name_is_suggested_but_not_taken_without_a_person():
    (found,) = suggest(["全国地方公共団体コード"], [CODES], FIELDS)
    assert found.field == "code"
    assert 50 <= found.confidence < 90
    assert not found.certain


def test_values_tell_what_a_heading_hides():
    headings = ["Ａ", "Ｂ", "Ｃ", "Ｄ"]
    samples = [NAMES, CODES, ["国勢調査"] * 3, PEOPLE]
    found = suggest(headings, samples, FIELDS)
    assert [one.field for one in found] == [None, "code", "source", None]  # names and numbers may be anything
    assert {one.why for one in found if one.field} == {Why.VALUES}
    assert not any(one.certain for one in found)


def test_an_exact_name_wins_the_field_over_a_similar_one():
    found = suggest(["旧団体コード", "団体コード"], [CODES, CODES], FIELDS)
    assert [one.field for one in found] == [None, "code"]


def test_two_columns_of_the_same_name_do_not_share_a_field():
    assert fields_of(["総人口", "総人口"]) == ["total", None]


def test_a_synonym_whose_values_cannot_be_that_field_is_left_to_the_person():
    (found,) = suggest(["コード"], [["空知", "石狩", "後志"]], FIELDS)
    assert not found.certain
    assert found.contradicted


def test_the_declared_name_holds_whatever_stands_below_it():
    (found,) = suggest(["総人口（人）"], [["不明", "不詳", "－"]], FIELDS)
    assert (found.field, found.certain, found.contradicted) == ("total", True, True)


def test_samples_are_shown_as_a_person_reads_them():
    (found,) = suggest(["総人口"], [[None, "", 1952356.0, 1952356.0, " 265,979 "]], FIELDS)
    assert found.samples == ("1952356", "265,979")


def test_a_sheet_is_known_again_by_its_headings_whatever_their_width():
    assert signature(["団体コード", "総人口"]) == signature(["団体ｺｰﾄﾞ ", "総人口"])
    assert signature(["団体コード", "総人口"]) != signature(["総人口", "団体コード"])


def test_units_and_brackets_do_not_count():
    assert normalised("総人口（人）") == normalised("総人口【人】") == normalised("総 人 口") == "総人口"
    assert normalised("（人）") == "人"  # nothing else stands there
    assert likeness("市町村名", "市町村の名") == 1


@given(
    st.lists(
        st.tuples(
            st.text(max_size=12),
            st.lists(st.one_of(st.none(), st.text(max_size=8), st.floats(), st.integers()), max_size=4),
        ),
        max_size=8,
    )
)
def test_any_sheet_gets_one_suggestion_a_column_and_no_field_twice(columns: list[tuple[str, list[Any]]]):
    found = suggest([heading for heading, _ in columns], [cells for _, cells in columns], FIELDS)
    assert [one.column for one in found] == list(range(len(columns)))
    named = [one.field for one in found if one.field]
    assert len(named) == len(set(named))
    assert all(0 <= one.confidence <= 100 for one in found)
