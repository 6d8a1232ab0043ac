"""Maps: shared borders stay shared, names never cover one another, nothing from outside gets into the SVG raw."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from common.maps import Look, Mark, draw, sheet, slope
from common.maps.geometry import area, cells, clip, path, simplify, topology, widest_point
from common.maps.sheet import CELL

SVG = "{http://www.w3.org/2000/svg}"


def square(left: float, bottom: float, side: float = 1.0) -> dict:
    right, top = left + side, bottom + side
    return {
        "type": "Polygon",
        "coordinates": [[[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]],
    }


def board(columns: int = 3, rows: int = 2) -> dict[str, dict]:
    """Squares side by side, touching: a1, b1 …"""
    return {f"{'abcdefgh'[x]}{y + 1}": square(140 + x, 40 + y) for x in range(columns) for y in range(rows)}


def on_board(**words):
    return sheet(board(), {}, width=400, height=300, **words)


def parsed(svg: str) -> ElementTree.Element:
    whole = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(whole)  # noqa: S314 - drawn a moment ago


def test_a_border_of_two_is_one_line_with_two_owners():
    shapes = {key: [[tuple(point) for point in shape["coordinates"][0]]] for key, shape in board(2, 1).items()}
    found = topology(shapes, lambda point: point, 0.01)
    assert [owners for _, owners in found.lines if len(owners) == 2] == [("a1", "b1")]
    shared = next(line for line, owners in found.lines if len(owners) == 2)
    assert {tuple(point) for point in shared} == {(141.0, 40), (141.0, 41.0)}


def test_neighbours_still_meet_after_simplification():
    """A wriggling border is straightened for both sides alike: together the two keep their area."""
    wriggle = [(1.0, 0.0), (1.04, 0.2), (0.97, 0.4), (1.02, 0.6), (0.99, 0.8), (1.0, 1.0)]
    left = [(0.0, 0.0), *wriggle, (0.0, 1.0), (0.0, 0.0)]
    right = [(2.0, 0.0), (2.0, 1.0), *wriggle[::-1], (2.0, 0.0)]
    found = topology({"l": [left], "r": [right]}, lambda point: (point[0] * 100, point[1] * 100), 5)
    one, other = abs(area(found.rings["l"][0])), abs(area(found.rings["r"][0]))
    assert round(one + other) == 20000
    assert len(found.rings["l"][0]) < len(left)


def test_an_island_inside_a_lake_and_its_hole_are_cut_the_same_way():
    hole = [(3.0, 3.0), (6.0, 3.0), (6.0, 6.0), (3.0, 6.0), (3.0, 3.0)]
    turned = [*hole[2:-1], *hole[:3]][::-1]
    outer = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)]
    found = topology({"out": [outer, hole], "in": [turned]}, lambda point: point, 0.1)
    assert len(found.lines) == 2
    assert ("in", "out") in [owners for _, owners in found.lines]


def test_tiny_islands_go_but_never_the_last_land_of_an_owner():
    speck = [(5.0, 5.0), (5.1, 5.0), (5.1, 5.1), (5.0, 5.0)]
    found = topology({"a": [[(0, 0), (4, 0), (4, 4), (0, 0)], speck], "b": [speck]}, lambda point: point, 0.01)
    assert [len(rings) for rings in found.rings.values()] == [1, 1]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), min_size=3, max_size=40))
def test_simplifying_keeps_both_ends_and_leaves_no_point_far_off(points):
    line = [(float(x), float(y)) for x, y in points]
    kept = simplify(line, 2.0)
    assert (kept[0], kept[-1]) == (line[0], line[-1])
    assert all(point in line for point in kept)


@given(st.floats(-50, 350), st.floats(-50, 250), st.floats(5, 200))
def test_clipping_keeps_what_is_inside(left, top, side):
    ring = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    wide = max(0.0, min(left + side, 300) - max(left, 0))
    high = max(0.0, min(top + side, 200) - max(top, 0))
    assert abs(abs(area(clip(ring, 0, 0, 300, 200) or [(0, 0)])) - wide * high) <= 0.1 * (wide + high + 1)


def test_the_name_goes_where_there_is_most_room():
    """A club of two fields with a thin neck: the wider one takes the name."""
    ring = [(0.0, 0.0), (20.0, 0.0), (20.0, 9.0), (60.0, 9.0), (60.0, -30.0), (160.0, -30.0), (160.0, 40.0),
            (60.0, 40.0), (60.0, 11.0), (20.0, 11.0), (20.0, 20.0), (0.0, 20.0), (0.0, 0.0)]  # fmt: skip
    (x, y), room = widest_point(ring)
    assert 90 < x < 130
    assert -10 < y < 20
    assert 20 < room <= 35


def test_covered_cells_are_those_under_the_land():
    ring = [(10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0), (10.0, 10.0)]
    assert {(3, 3), (5, 5)} <= {*cells(ring, CELL)}
    assert not {(0, 0), (8, 8), (3, 8)} & {*cells(ring, CELL)}


def test_path_data_is_short_and_exact_to_a_tenth_of_a_pixel():
    assert path([[(0.0, 0.0), (10.0, 0.5), (9.5, -0.5), (0.0, 0.0)]]) == "M0 0l10 .5-.5-1z"
    assert path([[(1.0, 2.0), (3.0, 2.0)]], closed=False) == "M1 2l2 0"


def test_each_place_is_one_path_with_its_code_look_and_name():
    svg = draw(
        on_board(),
        {"a1": Mark(Look.SELECTED), "b1": Mark(Look.SELECTED_ZONE), "c1": Mark(Look.ZONE), "a2": Mark(dashed=True)},
        label="試し",
        titles={key: f"{key}町" for key in board()},
    )
    root = parsed(svg)
    paths = {element.get("data-code"): element for element in root.iter(f"{SVG}path") if element.get("data-code")}
    assert set(paths) == set(board())
    assert paths["a1"].get("class") == "m m--selected on"
    assert paths["b1"].get("fill") == "url(#map-selected-zone)"
    assert paths["c1"].get("class") == "m m--zone"
    assert paths["a2"].find(f"{SVG}title").text == "a2町"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "試し"
    assert root.find(f".//{SVG}pattern").get("id") == "map-selected-zone"
    assert len([element for element in root.iter(f"{SVG}path") if element.get("stroke-dasharray")]) == 1


def test_patterns_of_two_maps_on_one_page_stay_apart():
    marks = {"a1": Mark(Look.SELECTED_ZONE)}
    one, two = (draw(on_board(), marks, label="", titles={}, uid=uid) for uid in ("one", "two"))
    assert re.findall(r'id="(.*?)"', one) == ["one-selected-zone"]
    assert "url(#two-selected-zone)" in two


def test_with_links_each_place_can_be_reached_and_the_map_is_no_single_picture():
    root = parsed(draw(on_board(), {}, label="", titles={"a1": "甲町"}, links={"a1": "/m/a1/"}))
    (link,) = root.iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-label")) == ("/m/a1/", "甲町")
    assert root.get("role") == "group"


def test_text_from_outside_is_escaped():
    evil = '"><script>alert(1)</script>'
    svg = draw(on_board(), {}, label=evil, titles={"a1": evil}, names={"a1": evil}, links={"a1": evil}, uid="m")
    assert "<script" not in svg
    parsed(svg)


def test_no_style_and_no_script_stands_in_a_map():
    svg = draw(on_board(), {"a1": Mark(Look.REGION_SETTLEMENT)}, label="", titles={}, names={"a1": "甲"})
    assert not re.search(r"style|<script|\son\w+=", svg)


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    return [
        (x - 6 * len(text), y - 12, x + 6 * len(text), y + 2)
        for x, y, text in (
            (float(x), float(y), text)
            for x, y, text in re.findall(r'<text[^>]* x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)</text>', svg)
        )
    ]


def test_names_do_not_cover_one_another_and_stay_on_the_map():
    tight = {f"{'abcdefgh'[x]}{y + 1}": square(140 + x * 0.2, 40 + y * 0.2, 0.2) for x in range(8) for y in range(8)}
    tight["far"] = square(145, 44)
    names = dict.fromkeys(tight, "長い名前の町")
    svg = draw(sheet(tight, {}, width=400, height=300), {}, label="", titles={}, names=names)
    placed = boxes(svg)
    assert len(placed) > 10
    for number, (left, top, right, bottom) in enumerate(placed):
        assert left > -2
        assert right < 402
        for other_left, other_top, other_right, other_bottom in placed[:number]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart


def test_a_name_without_room_is_led_outside_by_a_line():
    places = {"big": square(140, 40, 5), "speck": square(141, 41, 0.05)}
    svg = draw(sheet(places, {}, width=400, height=300), {}, label="", titles={}, callouts={"speck": "孤島\n注記"})
    assert re.search(r'<path d="M[\d. ]+L', svg)
    assert "<circle" in svg
    assert re.findall(r">([^<>]+)</text>", svg) == ["孤島", "注記"]


def test_groups_are_parted_by_a_line_and_named_once():
    groups = {key: "左" if key[0] == "a" else "右" for key in board()}
    grouped = on_board(groups=groups)
    assert set(grouped.groups) == {"左", "右"}
    svg = draw(grouped, {}, label="", titles={}, group_names=True)
    assert re.findall(r">([^<>]+)</text>", svg) == ["左", "右"]
    assert len(grouped.borders) > 0
    assert on_board().borders == ""


def test_the_inset_is_drawn_apart_and_takes_no_code():
    apart = on_board(inset=[square(147, 44)], inset_title="北方領土（縮尺は別）")
    svg = draw(apart, {}, label="", titles={})
    assert "北方領土（縮尺は別）" in svg
    assert len(re.findall("data-code", svg)) == len(board())
    assert apart.inset.left + apart.inset.width <= 400


def test_land_around_is_drawn_grey_without_names_and_cut_at_the_edge():
    whole = sheet(board(), {"out": square(143, 40, 3), "far": square(170, 40)}, width=400, height=300)
    assert whole.context.count("M") == 1
    numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", whole.context.split("l")[0][1:])]
    assert max(numbers) <= 404
    assert 'fill="#f2f2f2"' in draw(whole, {}, label="", titles={})


def test_on_paper_the_outline_of_a_name_is_text_of_its_own():
    """PDF renderers know no paint-order: without this the outline covers the letters."""
    page = draw(on_board(), {}, label="", titles={}, names={"a1": "甲"})
    paper = draw(on_board(), {}, label="", titles={}, names={"a1": "甲"}, paper=True)
    assert (page.count(">甲<"), paper.count(">甲<")) == (1, 2)
    assert "paint-order" not in paper


def test_slope_is_height_by_true_width():
    assert slope([square(140, 0.0, 1)]) < 1.001
    assert round(slope([square(140, 59.5, 1)]), 1) == 2.0
