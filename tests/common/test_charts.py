"""Charts: every value is written on the picture, missing ones say so, and the same spec is drawn once."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from common import charts
from common.charts import Stack, YearBar, stacked_years, vega

SPEC = {
    "data": {"values": [{"year": 2020, "people": 71771}, {"year": 2040, "people": 52607}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "year", "type": "ordinal"},
        "y": {"field": "people", "type": "quantitative", "axis": {"format": ",.0f"}},
    },
}


def stack(*bars: YearBar) -> Stack:
    return Stack(bars, ("65歳以上", "15–64歳", "0–14歳"), "実績（国勢調査）", "推計（令和5年推計）", "65歳以上の割合")


ACTUAL = YearBar(2020, (21_846, 40_629, 8_419), 71_771, False, note="30.8％", strong=True)
PROJECTED = YearBar(2040, (21_144, 27_062, 4_401), 52_607, True, note="40.2％")


def texts(svg: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", svg)


class TestStackedYears:
    def test_totals_years_notes_and_parts_are_written_directly(self):
        told = texts(stacked_years(stack(ACTUAL, PROJECTED), label="試し"))
        assert {"71,771", "52,607", "2020", "2040", "30.8％", "40.2％"} <= {*told}
        assert {"65歳以上", "15–64歳", "0–14歳", "実績（国勢調査）", "推計（令和5年推計）", "65歳以上の割合"} <= {*told}

    def test_only_projected_years_stand_on_grey_ground_with_stripes(self):
        svg = stacked_years(stack(ACTUAL, PROJECTED), label="", uid="x")
        assert svg.count("url(#x-stripes)") == 1
        (ground,) = re.findall(r'<rect x="([\d.]+)" y="0" width="([\d.]+)" height="\d+" fill="#f2f2f2"/>', svg)
        assert float(ground[0]) > 100
        assert 'fill="#f2f2f2"' not in stacked_years(stack(ACTUAL), label="")

    def test_bars_are_as_high_as_their_numbers(self):
        svg = stacked_years(stack(ACTUAL, PROJECTED), label="")
        wholes = [float(high) for high in re.findall(r'height="([\d.]+)" fill="none" stroke="#767676"', svg)]
        assert wholes[1] / wholes[0] == pytest.approx(52_607 / 71_771, abs=0.002)

    def test_a_year_without_a_value_says_so(self):
        svg = stacked_years(stack(ACTUAL, YearBar(2040, (None, None, None), None, True)), label="")
        assert "データなし" in texts(svg)
        assert svg.count('fill="none" stroke="#767676"') == 1

    def test_a_total_without_ages_is_one_grey_bar_and_no_part_is_named(self):
        svg = stacked_years(stack(YearBar(2040, (None, None, 5), 100, True)), label="")
        assert svg.count(f'fill="{charts.GREY}"') == 1
        assert "100" in texts(svg)
        assert "0–14歳" not in texts(svg)

    def test_people_of_unknown_age_keep_the_bar_higher_than_its_parts(self):
        svg = stacked_years(stack(YearBar(2020, (10, 10, 10), 60, False)), label="")
        parts = [float(high) for high in re.findall(r'height="([\d.]+)" fill="#(?:00428c|57b8ff|ffc199)"', svg)]
        (whole,) = [float(high) for high in re.findall(r'height="([\d.]+)" fill="none" stroke="#767676"', svg)]
        assert sum(parts) == pytest.approx(whole / 2, abs=0.2)

    def test_no_one_at_all_is_still_a_picture(self):
        assert "0" in texts(stacked_years(stack(YearBar(2050, (0, 0, 0), 0, True)), label=""))

    def test_names_are_escaped_and_nothing_is_inline(self):
        svg = stacked_years(stack(ACTUAL), label='"><script>', uid='"x')
        assert not re.search(r"style=|<style|<script", svg)

    def test_a_screen_reader_hears_one_picture(self):
        assert re.match(
            r'<svg viewBox="[\d ]+" role="img" aria-label="試し">', stacked_years(stack(ACTUAL), label="試し")
        )


class TestVega:
    def test_text_stays_text_without_style_and_script(self):
        svg = vega(SPEC, label="2年の人口")
        assert {"2020", "2040"} <= {*texts(svg)}
        assert not re.search(r"style=|<style|<script", svg)
        assert svg.count("role=") == 1
        assert 'role="img" aria-label="2年の人口"' in svg
        assert "BIZ UDPGothic" in svg

    def test_the_same_spec_is_drawn_once(self, monkeypatch):
        cache.clear()
        first = vega(SPEC, label="甲")
        monkeypatch.setattr(charts, "_vega_svg", lambda spec: pytest.fail("drawn twice"))
        assert vega(dict(reversed(SPEC.items())), label="甲") == first
        assert 'aria-label="乙"' in vega(SPEC, label="乙")

    def test_another_spec_is_another_picture(self):
        assert vega(SPEC, label="") != vega(SPEC | {"mark": "line"}, label="")

    def test_a_wrong_spec_is_refused(self):
        with pytest.raises(ValueError, match="conversion failed"):
            vega({"mark": 5, "encoding": {"x": 3}}, label="")

    def test_nothing_is_fetched(self):
        with pytest.raises(ValueError, match="External data url not allowed"):
            vega(SPEC | {"data": {"url": "http://192.0.2.1/data.json"}}, label="")
