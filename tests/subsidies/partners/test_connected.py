"""Every connected set once, compared with trying all subsets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.partners.connected import Graph, children, levels, members


@st.composite
def borders(draw: st.DrawFn) -> list[list[int]]:
    size = draw(st.integers(1, 9))
    pairs = list(combinations(range(size), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return [[b if a == town else a for a, b in chosen if town in (a, b)] for town in range(size)]


def hangs_together(towns: tuple[int, ...], near: list[list[int]]) -> bool:
    reached, edge = {towns[0]}, [towns[0]]
    while edge:
        for other in near[edge.pop()]:
            if other in towns and other not in reached:
                reached.add(other)
                edge.append(other)
    return len(reached) == len(towns)


def sets_of(near: list[list[int]], roots: list[int], largest: int) -> list[tuple[int, ...]]:
    found = list(levels(Graph(near), roots, largest))
    return [
        tuple(sorted(int(town) for town in row))
        for size in range(1, largest + 1)
        for row in members(found, size, np.arange(len(found[size - 1].town)))
    ]


@settings(max_examples=150, deadline=None)
@given(borders(), st.integers(1, 6))
def test_every_connected_set_comes_exactly_once(near: list[list[int]], largest: int):
    expected = {
        towns
        for size in range(1, min(largest, len(near)) + 1)
        for towns in combinations(range(len(near)), size)
        if hangs_together(towns, near)
    }
    found = sets_of(near, list(range(len(near))), largest)
    assert len(found) == len(set(found))
    assert set(found) == expected


@settings(max_examples=100, deadline=None)
@given(borders(), st.data())
def test_a_town_finds_all_sets_it_is_in_and_no_other(near: list[list[int]], data: st.DataObject):
    town = data.draw(st.integers(0, len(near) - 1))
    every = {towns for towns in sets_of(near, list(range(len(near))), len(near)) if town in towns}
    found = sets_of(near, [town], len(near))
    assert len(found) == len(every)
    assert set(found) == every


def test_masks_reach_beyond_one_word():
    chain = [[town - 1, town + 1] for town in range(1, 199)]
    near = [[1], *chain, [198]]
    found = list(levels(Graph(near), range(200), 3))
    assert [len(level.town) for level in found] == [200, 199, 198]


def test_bits_are_unfolded_row_by_row():
    rows, towns = children(np.array([[5, 1], [0, 1 << 63]], np.uint64))
    assert (rows.tolist(), towns.tolist()) == ([0, 0, 0, 1], [0, 2, 64, 127])
