"""Requests to change, stop or extend that lie too long are called to mind: each side for its own part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common import clock
from common.fiscal_year import FiscalYear
from subsidies.approved_plan import approved_plan
from subsidies.models import Application
from subsidies.services import change_decisions
from tests.factories.subsidies import Scene

from .change_cases import approved, asked, at_work, opined, plan_of
from .test_obligations import heard, mine

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
BUREAU, TOWN, HQ = "bureau:sorachi", "municipality:014281", "prefecture:01"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def one(scene: Scene) -> Application:
    return at_work(scene)


def test_the_staff_hear_first_and_their_head_once_it_lies(scene: Scene, one: Application):
    change = asked(scene, one, after=plan_of(one, 4_000_000))
    (waiting,) = mine(scene.reviewer(), "change_review")
    assert waiting.due_on == clock.today() + timedelta(days=14)
    assert waiting.name.endswith("（第1号 変更）")
    due = waiting.due_on
    told = heard("change_review", due - timedelta(days=4), due - timedelta(days=3), due - timedelta(days=3), due)
    assert told == [(BUREAU, "BS"), (BUREAU, "BS")]
    assert heard("change_review", due + timedelta(days=7)) == [(BUREAU, "BM,BS")]
    change_decisions.opine(
        application_id=one.pk, number=change.number, text="計画の見直しはやむを得ないと認められる。", fits=True,
        viewer=scene.reviewer(),
    )  # fmt: skip
    assert not mine(scene.reviewer(), "change_review")


def test_after_the_opinion_the_head_of_the_bureau_owes_the_decision(scene: Scene, one: Application):
    opined(scene, one, after=plan_of(one, 4_000_000))
    assert heard("change_decision", clock.today() + timedelta(days=7)) == [(BUREAU, "BM")]
    assert heard("change_decision", clock.today() + timedelta(days=14)) == [(BUREAU, "BM,BS")]


def test_a_carry_over_is_owed_by_headquarters(scene: Scene, one: Application):
    late = date(FiscalYear(one.fiscal_year + 1), 6, 30)
    opined(scene, one, "delay", after=replace(approved_plan(one), end_on=late))
    assert heard("change_decision", clock.today() + timedelta(days=7)) == [(HQ, "HM")]


def test_what_was_sent_back_waits_for_the_towns(scene: Scene, one: Application):
    change = asked(scene, one, after=plan_of(one, 4_000_000))
    by = {"application_id": one.pk, "number": change.number, "viewer": scene.reviewer()}
    change_decisions.send_back(**by, reason="積算を示してください。")
    (waiting,) = mine(scene.planner(), "change_correction")
    assert heard("change_correction", waiting.due_on - timedelta(days=3)) == [(TOWN, "MP")]
    assert sorted(heard("change_correction", waiting.due_on + timedelta(days=7))) == [(BUREAU, "BS"), (TOWN, "MA,MP")]


def test_what_was_decided_is_owed_by_nobody(scene: Scene, one: Application):
    approved(scene, one, after=plan_of(one, 4_000_000))
    for kind in ("change_review", "change_decision", "change_correction"):
        assert heard(kind, clock.today() + timedelta(days=14)) == []
