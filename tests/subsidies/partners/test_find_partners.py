"""`find_partners` on the real municipalities of Hokkaido: the question as scripts put it, and what comes first."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from subsidies.partners.finder import Disagreement, Finder
from subsidies.rules.verdict import Result
from tests.queries import queries_of
from tests.subsidies.published import published_db, reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("published_db")]
NEMURO, BETSUKAI, SHIBETSU, YUBARI, BIEI = "01223", "01691", "01693", "01209", "01459"


def ask(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("find_partners", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def found(program: str, year: str, *more: str) -> dict[str, Any]:
    code, out, _ = ask("--program", program, "--fiscal-year", year, "--json", *more)
    answer = json.loads(out)
    assert code == (0 if answer["eligible"] else 1)
    return answer


def test_every_proposal_contains_the_town_and_passes():
    answer = found("acceleration", "2024", "--with", NEMURO, "--max-size", "4", "--limit", "500")
    assert answer["searched"] >= answer["eligible"] == len(answer["sets"]) > 0
    for item in answer["sets"]:
        assert NEMURO in item["members"]
        assert 2 <= len(item["members"]) <= 4
        assert item["result"] == "pass"
        assert {finding["rule"] for finding in item["findings"]} == {"A-01", "A-02", "A-03", "A-04"}
    assert len({tuple(item["members"]) for item in answer["sets"]}) == len(answer["sets"])


def test_check_region_agrees_with_every_proposal():
    for program, year in (("model", "2016"), ("acceleration", "2022"), ("successor", "2026")):
        for item in found(program, year, "--max-size", "3", "--limit", "8")["sets"]:
            out = StringIO()
            question = ("--program", program, "--fiscal-year", year, "--members", ",".join(item["members"]), "--json")
            call_command("check_region", *question, stdout=out)
            assert json.loads(out.getvalue())["result"] == item["result"]


def test_those_already_together_come_first_and_it_is_said():
    first = found("successor", "2026", "--with", NEMURO, "--max-size", "5", "--limit", "3")["sets"]
    assert all("同じ根室振興局の管内" in item["reasons"] for item in first)
    assert all(item["members"][0] == NEMURO for item in first)


def test_several_towns_are_all_in_each_proposal():
    answer = found("successor", "2026", "--with", f"{NEMURO},{SHIBETSU}", "--max-size", "5")
    assert answer["sets"]
    assert all({NEMURO, SHIBETSU} <= set(item["members"]) for item in answer["sets"])


def test_a_town_of_a_zone_finds_only_sets_with_enough_blank_partners():
    answer = found("acceleration", "2024", "--with", BIEI, "--max-size", "5", "--limit", "100")
    shares = {
        finding["inputs"]["share"]
        for item in answer["sets"]
        for finding in item["findings"]
        if finding["rule"] == "A-02"
    }
    assert all(int(share.split("/")[0]) * 2 >= int(share.split("/")[1]) for share in shares)


def test_remote_towns_count_for_a_field_that_allows_it_and_only_there():
    near = found("successor", "2026", "--with", NEMURO, "--max-size", "3", "--limit", "500")
    far = found("successor", "2026", "--with", NEMURO, "--max-size", "3", "--remote", "2", "--limit", "500")
    digital = found("successor", "2026", "--with", NEMURO, "--max-size", "3", "--remote", "2", "--field", "デジタル")
    assert near["eligible"] == far["eligible"]
    assert far["no_data"] > 0  # only the field of the projects could tell
    assert digital["eligible"] == digital["searched"] == far["searched"] > near["searched"]


def test_nothing_is_eligible_after_the_program_has_ended():
    code, out, _ = ask(
        "--program", "acceleration", "--fiscal-year", "2026", "--with", NEMURO, "--max-size", "3", "--json"
    )
    answer = json.loads(out)
    assert (code, answer["eligible"], answer["sets"]) == (1, 0, [])
    assert answer["searched"] > 0


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--program", "none", "--fiscal-year", "2026"), "制度「none」は登録されていません"),
        (("--program", "successor", "--fiscal-year", "いつか"), "年度"),
        (("--program", "successor", "--fiscal-year", "2026", "--with", "011003"), "検査数字"),
        (("--program", "successor", "--fiscal-year", "2026", "--with", "06201"), "06201」は登録されていません"),
        (("--program", "successor", "--fiscal-year", "2026", "--with", f"{NEMURO},{NEMURO}"), "2回"),
        (("--program", "successor", "--fiscal-year", "2026", "--max-size", "9"), "2から8まで"),
        (
            (
                "--program",
                "successor",
                "--fiscal-year",
                "2026",
                "--with",
                f"{NEMURO},{BETSUKAI},{SHIBETSU}",
                "--max-size",
                "2",
            ),
            "小さく",
        ),
        (("--program", "successor", "--fiscal-year", "2026", "--remote", "1"), "起点"),
        (("--program", "successor", "--fiscal-year", "2026", "--with", NEMURO, "--field", "観光"), "観光"),
        (("--program", "successor", "--fiscal-year", "2026", "--limit", "0"), "limit"),
        (
            ("--program", "successor", "--fiscal-year", "2026", "--with", YUBARI, "--remote", "2", "--max-size", "8"),
            "多すぎます",
        ),
    ],
)
def test_a_wrong_question_says_what_to_mend(arguments: tuple[str, ...], part: str):
    code, out, err = ask(*arguments, "--json")
    assert code == 2
    assert part in err
    assert json.loads(out)["error"] == err.strip()


def test_the_search_asks_the_same_few_questions_for_any_size():
    counts = set()
    for largest in (2, 5):

        def search(largest: int = largest) -> None:
            finder = Finder("01")
            finder.find(finder.read({"program": "successor", "fiscal_year": 2026, "given": NEMURO, "largest": largest}))

        counts.add(len(queries_of(search)))
    assert len(counts) == 1


def test_a_disagreement_is_never_shown_as_an_answer(monkeypatch: pytest.MonkeyPatch):
    finder = Finder("01")
    asked = finder.read({"program": "acceleration", "fiscal_year": 2024, "given": BIEI, "largest": 3})
    monkeypatch.setattr(
        "subsidies.partners.finder.compile_rules", lambda rules, gauge, sample: lambda sets: sets.all_of(0)
    )
    with pytest.raises(Disagreement):
        finder.find(asked)


def test_the_whole_prefecture_is_searched_once():
    finder = Finder("01")
    answer = finder.find(finder.read({"program": "acceleration", "fiscal_year": 2024, "largest": 5}))
    assert answer.searched == sum(answer.counts.values())
    assert all(proposal.verdict.result == Result.PASS for proposal in answer.proposals)
