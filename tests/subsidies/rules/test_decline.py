"""The band of 「概ね」 and figures that are missing."""

from __future__ import annotations

import pytest

from .world import (
    FAIL,
    JUDGE,
    NO_DATA,
    PASS,
    blank,
    linked,
    region,
    result,
    rules_with,
)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((100_000, 70_001), JUDGE),
        ((100_000, 70_000), PASS),
        ((100_000, 69_999), PASS),
        ((100_000, 73_001), FAIL),
        ((100_000, 73_000), JUDGE),
        ((100_000, 72_999), JUDGE),
        ((100_000, 110_000), FAIL),
    ],
)
def test_the_band_of_about_thirty_percent_begins_at_27(people, expected):
    members = linked([blank("A", people=people), blank("B", people=(10, 5))])
    assert result(region(members, "model"), "M-05a") == expected
    total = region(linked([blank("A", people=people), blank("B", people=(0, 0))]), "model")
    assert result(total, "M-05a", rules_with("model", flat_mode="total")) == NO_DATA


def test_one_missing_figure_opens_the_total_but_does_not_hide_a_failing_town():
    known, missing = blank("A", people=(10_000, 5_000)), blank("B")
    assert result(region([known, missing], "model"), "M-05a") == NO_DATA
    assert result(region([known, missing], "model"), "M-05a", rules_with("model", flat_mode="total")) == NO_DATA
    slow = blank("C", people=(10_000, 9_000))
    assert result(region([slow, missing], "model"), "M-05a") == FAIL
