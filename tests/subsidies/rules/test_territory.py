"""Who counts as blank, how many are missing, and which neighbour would help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subsidies.rules.facts import (
    ZoneStatus,
)

from .world import (
    FAIL,
    FULL_KPI,
    JUDGE,
    NO_DATA,
    PASS,
    WARN,
    application,
    blank,
    finding,
    in_zone,
    linked,
    project,
    region,
    result,
    rules_with,
    town,
)


@pytest.mark.parametrize(
    ("members", "blanks", "expected", "missing"),
    [
        (2, 1, PASS, None),
        (2, 0, FAIL, 2),
        (3, 1, FAIL, 1),
        (3, 2, PASS, None),
        (7, 3, FAIL, 1),
        (7, 4, PASS, None),
        (9, 2, FAIL, 5),
    ],
)
def test_half_of_the_members_is_enough_and_the_gap_is_counted(members, blanks, expected, missing):
    facts = region([blank(f"{n}") if n < blanks else in_zone(f"{n}") for n in range(members)])
    found = finding(facts, "A-02")
    assert found.result == expected
    assert (found.nearest_change or {}).get("add_blank") == missing


def test_the_missing_number_of_blank_towns_is_enough_and_one_less_is_not():
    for members in range(2, 12):
        for blanks in range(members):
            towns = [blank(f"{n}") if n < blanks else in_zone(f"{n}") for n in range(members)]
            found = finding(region(towns), "A-02")
            if found.result != FAIL:
                continue
            missing = found.nearest_change["add_blank"]
            grown = [*towns, *(blank(f"x{n}") for n in range(missing))]
            assert result(region(grown), "A-02") == PASS
            assert result(region(grown[:-1]), "A-02") == FAIL


def test_an_undeclared_hub_is_judged_only_where_it_matters():
    hub = town("H", ZoneStatus.UNDECLARED_HUB)
    decisive = region([blank("A"), hub, in_zone("C"), in_zone("D")])
    assert (result(decisive, "A-02"), result(decisive, "A-03")) == (JUDGE, JUDGE)
    harmless = region([blank("A"), blank("B"), hub])
    assert (result(harmless, "A-02"), result(harmless, "A-03")) == (PASS, WARN)
    hopeless = region([hub, in_zone("B"), in_zone("C")])
    assert (result(hopeless, "A-02"), result(hopeless, "A-03")) == (FAIL, WARN)
    assert result(decisive, "A-02", rules_with("acceleration", undeclared_hub="allow")) == PASS
    assert result(region([hub, blank("B")], "model"), "M-04") == JUDGE
    assert result(region([hub, blank("B")], "model"), "M-04", rules_with("model", undeclared_hub="allow")) == PASS


def test_a_town_of_unknown_status_is_missed_only_where_it_matters():
    unknown = replace(town("U", ZoneStatus.NO_DATA), status_note="圏域の登録前")
    decisive = region([blank("A"), unknown, in_zone("C"), in_zone("D")])
    assert result(decisive, "A-02") == NO_DATA
    assert finding(decisive, "A-02").reason == "U町の国の制度への参加状況が分かりません（圏域の登録前）。"
    assert result(region([blank("A"), blank("B"), unknown]), "A-02") == PASS
    assert result(region([unknown, blank("B")], "model"), "M-04") == NO_DATA
    assert result(region([unknown, in_zone("B")], "model"), "M-04") == FAIL


def test_zone_neighbours_without_their_hub_are_a_target_of_the_successor_and_with_it_not():
    neighbours = linked([in_zone("A"), in_zone("B")])
    assert result(region(neighbours, "successor"), "N-12") == PASS
    hub = town("H", ZoneStatus.MEMBER_HUB)
    assert result(region(linked([hub, in_zone("B")]), "successor"), "N-12") == FAIL
    mixed = region(linked([blank("A"), in_zone("B"), in_zone("C")]), "successor")
    assert result(mixed, "N-12") == FAIL


def test_a_digital_project_is_a_target_of_the_successor_whoever_takes_part():
    members = linked([town("H", ZoneStatus.MEMBER_HUB), in_zone("B")])
    digital = application(members, "successor", projects=(project(main_field="デジタル", kpis=(FULL_KPI,)),))
    assert result(digital, "N-12") == PASS
    both = replace(digital, projects=(*digital.projects, project("訓練", "防災")))
    assert result(both, "N-12") == FAIL


def test_candidates_touch_a_member_and_are_blank():
    members = [blank("A", near="BXY"), in_zone("B", near="AXZ"), in_zone("C", near="Z")]
    outside = (blank("X", near="AB"), in_zone("Y", near="A"), blank("Z", near="BC"), blank("W"))
    found = finding(region(members, outside=outside), "A-02")
    assert found.nearest_change == {"add_blank": 1, "candidates": ["X", "Z"]}


def test_a_town_between_two_parts_is_proposed_to_join_them():
    members = [blank("A", near="X"), blank("B", near="X"), blank("C", near="Y")]
    outside = (blank("X", near="AB"), blank("Y", near="C"))
    apart = finding(region(members, "model", outside=outside), "M-02")
    assert apart.result == WARN
    assert apart.nearest_change == {"connect_with": ["X"]}
    two = finding(region(members[:2], "model", outside=outside), "M-02")
    assert two.nearest_change == {"add": 1, "candidates": ["X"]}
