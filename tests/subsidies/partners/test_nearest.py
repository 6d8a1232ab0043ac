"""The smallest change of a set of towns that turns its verdict, beside the plain engine asked set by set."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.urls import reverse

from common.viewer import Duty
from subsidies.partners.nearest import MOST_CHANGES, Nearest, nearest_changes
from subsidies.questions import Desk
from subsidies.rules.verdict import Result
from tests.queries import queries_of
from tests.subsidies.published import published_db, reference_db  # noqa: F401
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("published_db")]
KURIYAMA, NANPORO, NAGANUMA = "014290", "014231", "014281"
BETTER = {Result.FAIL: (Result.PASS, Result.JUDGE), Result.JUDGE: (Result.PASS,), Result.NO_DATA: (Result.PASS,)}


@pytest.fixture
def desk() -> Desk:
    return Desk(prefecture="01")


def asked(desk: Desk, program: str, year: int, *members: str, keep: tuple[str, ...] = ()) -> Nearest | None:
    question = desk.read({"program": program, "fiscal_year": year, "members": list(members)})
    return nearest_changes(desk, question, desk.judge(question).result, keep)


def result(desk: Desk, program: str, year: int, members: Any) -> Result:
    return desk.judge(desk.read({"program": program, "fiscal_year": year, "members": sorted(members)})).result


def hangs_together(desk: Desk, members: set[str]) -> bool:
    reached, edge = set(), {min(members)}
    while edge:
        reached |= edge
        edge = {other for code in edge for other in desk.ground.neighbours[code]} & members - reached
    return reached == members


@pytest.mark.parametrize(("program", "year"), [("acceleration", 2022), ("model", 2016), ("successor", 2026)])
def test_no_smaller_change_would_do_and_those_shown_do(desk: Desk, program: str, year: int):
    rng = random.Random(f"{program}{year}")
    codes = sorted(code for code in desk.ground.names if code[:2] == "01" and desk.ground.neighbours[code])
    looked = 0
    for _ in range(14):
        members = {rng.choice(codes)}
        while len(members) < rng.choice((2, 3, 4)):
            around = {other for code in members for other in desk.ground.neighbours[code]} - members
            members.add(rng.choice(sorted(around & set(codes)) or codes))
        before = result(desk, program, year, members)
        found = asked(desk, program, year, *sorted(members))
        if before not in BETTER:
            assert found is None
            continue
        assert found is not None
        looked += 1
        for change in found.changes:
            assert result(desk, program, year, change.members) is found.result
            assert found.result in BETTER[before]
            assert hangs_together(desk, set(change.members))
        around = {other for code in members for other in desk.ground.neighbours[code]} - members
        ones = [members | {town} for town in around & desk.ground.names.keys()]
        ones += [members - {town} for town in members] if len(members) > 2 else []
        passing = [one for one in ones if hangs_together(desk, one) and result(desk, program, year, one) is Result.PASS]
        steps = {len(change.joining) + len(change.leaving) for change in found.changes}
        if passing:
            assert steps == {1}
            assert len(passing) == len(found.changes) + found.more
        elif found.result is Result.PASS:
            assert min(steps, default=MOST_CHANGES) > 1
    assert looked, "no set of the sample needed a change"


def test_the_own_town_never_leaves_its_own_question(desk: Desk):
    free = asked(desk, "acceleration", 2024, KURIYAMA, NANPORO, NAGANUMA)
    kept = asked(desk, "acceleration", 2024, KURIYAMA, NANPORO, NAGANUMA, keep=(NANPORO, NAGANUMA))
    assert free is not None
    assert kept is not None
    assert any(change.leaving for change in free.changes)
    assert all({NANPORO, NAGANUMA} <= set(change.members) for change in kept.changes)


def test_a_year_outside_the_program_is_mended_by_no_town(desk: Desk):
    found = asked(desk, "acceleration", 2026, KURIYAMA, NANPORO)
    assert found == Nearest()


def test_what_holds_needs_no_change(desk: Desk):
    assert asked(desk, "acceleration", 2024, "012238", "016918") is None


def test_the_page_offers_the_change_and_the_link_leads_to_a_verdict_that_holds():
    client = client_for(saved(viewer(Duty.MP, municipality=NANPORO)))
    address = reverse("subsidies:check") + f"?year=R6&program=acceleration&member={NANPORO}&member={KURIYAMA}"
    answer = client.get(address).context["check"].answers[0]
    assert answer.nearest.changes
    change = answer.nearest.changes[0]
    more = "".join(f"&add={town.code}" for town in change.joining)
    less = "".join(f"&remove={town.code}" for town in change.leaving)
    text = client.get(address).content.decode()
    assert change.text in text
    assert (more + less).replace("&", "&amp;") in text
    assert client.get(address + more + less).context["check"].answers[0].verdict.result is answer.nearest.result


def test_the_page_says_so_where_no_town_helps():
    client = client_for(saved(viewer(Duty.MP, municipality=NANPORO)))
    text = client.get(reverse("subsidies:check") + f"?year=R8&program=model&member={NANPORO}&member={KURIYAMA}").content
    assert "市町村の組合せでは変わりません" in text.decode()


def test_every_program_stands_side_by_side_with_a_constant_number_of_questions():
    client = client_for(saved(viewer(Duty.HS)))
    address = reverse("subsidies:check") + f"?year=R6&member={NANPORO}&member={KURIYAMA}"
    client.get(address)
    one = queries_of(lambda: client.get(address))
    every = client.get(address).context["all_programs"]
    three = queries_of(lambda: client.get(every))
    answers = client.get(every).context["check"].answers
    assert [answer.program for answer in answers] == ["model", "acceleration", "successor"]
    assert len(three) - len(one) <= 6, "each program asks its edition and its support only"
