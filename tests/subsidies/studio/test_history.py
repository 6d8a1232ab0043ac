"""Ten years of support judged again by a draft."""

from __future__ import annotations

import pytest

from subsidies.models import RuleSetVersion
from subsidies.studio.bench import replay_draft
from tests.subsidies.published import published_db, reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_db"), pytest.mark.either_database]


def with_value(base, name, value):
    return {**base, "parameters": {**base["parameters"], name: {"value": value}}}


def test_history_under_a_tighter_rule_says_who_would_have_failed_and_by_which_rule():
    version = RuleSetVersion.objects.get(program="acceleration")
    as_it_was, data = replay_draft(version)
    assert {row["after"] for row in as_it_was["rows"] if row["program"] == "acceleration"} == {
        row["before"] for row in as_it_was["rows"] if row["program"] == "acceleration"
    }
    version.content = with_value(with_value(version.content, "blank_share", "1/1"), "cap_yen", 2_000_000)
    answer, same_data = replay_draft(version)
    shiribeshi = next(row for row in answer["rows"] if row["region"] == "A04" and row["fiscal_year"] == 2023)
    assert (shiribeshi["before"], shiribeshi["after"]) == ("pass", "fail")
    assert "A-02" in [why["rule"] for why in shiribeshi["why"]]
    assert (shiribeshi["cap_before"], shiribeshi["cap_after"]) == (10_000_000, 0)
    year = next(one for one in answer["years"] if one["fiscal_year"] == 2023)
    passing = year["regions"] - year["results"].get("fail", 0)
    assert year["cap_after"] == passing * 2_000_000
    assert data == same_data
    assert len(answer["rows"]) == sum(one["regions"] for one in answer["years"])
