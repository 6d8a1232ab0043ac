"""The annual report of the loaded history says what the report of March 2024 published (tables 2, 3, 4 and 10)."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from common.fiscal_year import FiscalYear
from common.viewer import Duty
from portal.annual.report import annual_report, chapter_of, ground_of
from tests.viewers import viewer

from . import published

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("history_db")]
YEAR = FiscalYear(2023)


def plain(text: object) -> str:
    """Full-width figures, letters and brackets as half-width ones."""
    return unicodedata.normalize("NFKC", str(text))


def table(chapter: str, key: str, year: int = YEAR) -> dict[str, Any]:
    found = chapter_of(chapter, ground_of(FiscalYear(year), viewer(Duty.HS)))
    (one,) = [table for section in found["sections"] for table in section["tables"] if table["key"] == key]
    return one


def counts(program: str) -> dict[int, tuple[int, int, int]]:
    """Fiscal year → started, supported, municipalities."""
    rows = table("regions", "年度別の地域数")["rows"]
    return {year: tuple(numbers) for name, _, year, *numbers, _ in rows if program in name}  # type: ignore[misc]


def test_table_2_regions_members_and_initiatives_of_the_model_program():
    found = table("regions", "モデル事業の地域")
    shown = {tuple(plain(cell) for cell in (row[0], row[1])) for row in found["rows"]}
    assert shown == {tuple(plain(cell) for cell in row[:2]) for row in published.MODEL}
    for start, region, members, initiatives in published.MODEL:
        (row,) = [row for row in found["rows"] if plain(row[1]) == plain(region)]
        assert plain(row[0]) == start
        assert sorted(plain(row[2]).split("・")) == sorted(plain(members).split("・"))
        assert sorted(plain(row[4]).split("、")) == sorted(plain(initiatives).split("、"))
    assert found["total"][1:4] == ("11地域", "45市町村（重複を除く）", 45)


def test_table_3_initiatives_and_years_of_the_acceleration_program():
    found = table("regions", "加速化事業の取組と年度")
    years = [head["name"] for head in found["heads"][2:]]
    assert years[:4] == ["R2", "R3", "R4", "R5"]
    shown: dict[str, dict[str, tuple[str, ...]]] = {}
    for region, name, *cells in found["rows"]:
        ran = tuple(year for year, cell in zip(years, cells, strict=True) if cell)
        shown.setdefault(plain(region), {})[plain(name)] = ran
    assert shown == {
        plain(region): {plain(name): ran for name, ran in initiatives.items()}
        for region, initiatives in published.ACCELERATION.items()
    }
    total = table("regions", "加速化事業の地域")["total"]
    assert total[1:4] == ("8地域", "53市町村（重複を除く）", 53)


@pytest.mark.parametrize("program", ["モデル", "加速化"])
def test_as_many_regions_started_each_year_as_published(program: str):
    started = {year: found[0] for year, found in counts(program).items() if found[0]}
    assert started == published.STARTED[program]


def test_as_many_regions_and_municipalities_were_supported_each_year_as_published():
    found = {year: (regions, towns) for year, (_, regions, towns) in counts("加速化").items()}
    assert found == published.SUPPORTED["加速化"]


def test_years_of_support_that_no_source_names_are_marked():
    rows = [row for row in table("regions", "年度別の地域数")["rows"] if "モデル" in row[0]]
    assert {row[2]: row[-1] for row in rows} == {2015: "", 2016: "推定", 2017: "推定", 2018: "推定", 2019: "推定"}
    assert not any(row[-1] for row in table("regions", "年度別の地域数")["rows"] if "加速化" in row[0])


def test_the_region_grows_from_15_to_17_under_its_name_of_the_year():
    named = {
        year: [row[1] for row in table("regions", "加速化事業の地域", year)["rows"] if "後志" in row[1]]
        for year in (2021, 2022, 2023)
    }
    assert [plain(name) for (name,) in named.values()] == [
        "後志15町村連携地域",
        "後志16町村連携地域",
        "後志17町村連携地域",
    ]


@pytest.mark.parametrize("item", published.TABLE_4)
def test_table_4_the_programs_side_by_side(item: str):
    found = table("programs", "制度の比較")
    (row,) = [row for row in found["rows"] if row[0] == item]
    for said, cell in zip(published.TABLE_4[item], row[1:3], strict=True):
        assert said in cell
    assert [head["name"] for head in found["heads"][1:3]] == ["モデル事業", "加速化事業"]


def test_table_4_the_fields_of_both_programs():
    (row,) = [row for row in table("programs", "制度の比較")["rows"] if row[0] == "対象分野"]
    assert row[1] == f"12分野（{published.FIELDS_4[0]}）"
    assert row[2] == f"10分野（{published.FIELDS_4[1]}）"


def test_table_4_the_entry_requirements_stand_with_their_sources():
    rows = {row[1]: row for row in table("programs", "対象地域の要件")["rows"]}
    assert "1/2以上" in rows["A-02"][3]
    assert "概ね30％以上" in rows["M-05a"][3]
    assert all(row[4] for row in rows.values())


def test_the_successor_is_not_told_before_it_begins():
    assert len(table("programs", "制度の比較")["heads"]) == 3
    assert len(table("programs", "制度の比較", 2025)["heads"]) == 4


def test_table_10_baseline_actual_and_target():
    rows = table("indicators", "全道の指標", 2022)["rows"]
    assert tuple((row[0], row[1], row[2], row[3], row[5]) for row in rows) == published.TABLE_10
    assert [row[4] for row in rows] == [28, 178, None]


def test_table_10_computed_beside_published_year_by_year():
    rows = table("indicators", "指標の年度別の値", 2022)["rows"]
    told = {(row[0][:8], row[2]): row[3:6] for row in rows if row[4] is not None}
    assert told["国や道の広域連携", 2014] == (12, 12, 0)
    assert told["国や道の広域連携", 2022] == (28, 28, 0)
    assert told["国や道の制度を活", 2019] == (158, 158, 0)
    assert told["国や道の制度を活", 2022] == (178, 178, 0)
    assert told["広域連携前進プラ", 2022] == (None, 62, None)


def test_fields_are_counted_from_initiatives_and_gaps_are_said():
    """Tables 2 and 3 give no field per initiative: all of them stand under 分野の登録なし, none is guessed."""
    found = table("fields", "分野別の取組数")
    rows = {row[0]: row[1:] for row in found["rows"]}
    initiatives = sum(len(row[3].split("、")) for row in published.MODEL)
    running = sum(len(one) for one in published.ACCELERATION.values())
    assert rows["分野の登録なし"] == ("－", initiatives, initiatives, "－", running, running)
    assert rows["産業振興"][0::3] == ("対象", "対象外")
    assert rows["環境"][0::3] == ("対象外", "対象")
    assert found["total"] == ("計", "", initiatives, initiatives, "", running, running)


def test_no_amount_is_invented_for_the_years_of_the_report():
    assert table("money", "振興局別・制度別の額")["rows"] == ()
    said = chapter_of("money", ground_of(YEAR, viewer(Duty.HS)))["said"]
    assert any("報告には交付額の記載がない" in text for text in said)


def test_every_table_has_a_name_of_its_own_that_fits_a_sheet():
    report = annual_report(YEAR, viewer(Duty.HS))
    keys = [table["key"] for one in report["chapters"] for section in one["sections"] for table in section["tables"]]
    assert len(keys) == len(set(keys))
    assert max(map(len, keys)) <= 31
    for one in report["chapters"]:
        for section in one["sections"]:
            for shown in section["tables"]:
                assert {len(row) for row in shown["rows"]} <= {len(shown["heads"])}, shown["key"]
