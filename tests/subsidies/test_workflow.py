"""The table of steps, read as a table."""

from __future__ import annotations

import pytest

from common.viewer import Duty
from subsidies.guards import GUARDS
from subsidies.states import State
from subsidies.workflow import STEPS, Action, Side

MAIN_PATH = ("T02", "T03", "T05", "T06", "T08", "T12", "T15", "T17", "T21")


PAYMENTS = {"T26"}  # money moves while the state stays: services.payments


def test_every_row_stands_in_the_table():
    rows = {step.row for step in STEPS.values()}
    assert rows | PAYMENTS == {f"T{number:02}" for number in range(2, 38)}


def test_every_guard_named_in_the_table_exists_and_every_guard_is_used():
    named = {name for step in STEPS.values() for name in step.guards}
    assert named == set(GUARDS)


def test_every_state_can_be_reached():
    reached = {step.target for step in STEPS.values() if step.target} | {State.DRAFT}
    assert reached == set(State)


def test_no_step_leads_out_of_an_end():
    ends = {State.NOT_SELECTED, State.REFUSED, State.WITHDRAWN, State.LAPSED}
    sources = {source for step in STEPS.values() for source in step.sources}
    assert not ends & sources


@pytest.mark.parametrize(
    "action",
    [
        Action.GRANT,
        Action.REFUSE,
        Action.SELECT,
        Action.FORWARD,
        Action.LAPSE,
        Action.REVOKE,
        Action.REVOKE_PART,
        Action.ORDER_RETURN,
        Action.REOPEN,
        Action.APPROVE_CHANGE,
        Action.APPROVE_SUSPENSION,
        Action.APPROVE_DISCONTINUATION,
        Action.REFUSE_CHANGE,
        Action.CONFIRM_DELAY,
        Action.CARRY_OVER,
    ],
)
def test_a_legal_act_of_the_prefecture_is_a_deciders(action: Action):
    assert STEPS[action].duties <= {Duty.BM, Duty.HM}


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW, Action.WITHDRAW_GRANT, Action.RESUBMIT])
def test_a_legal_act_of_the_town_is_its_approvers(action: Action):
    assert STEPS[action].duties == {Duty.MA}
    assert STEPS[action].side == Side.LEAD


def test_the_system_administrator_decides_nothing():
    assert not any(Duty.AD in step.duties for step in STEPS.values())


def test_what_happens_inside_the_prefecture_is_marked_internal():
    internal = {action for action, step in STEPS.items() if step.internal}
    assert internal == {Action.HAND_BACK, Action.DRAFT_DECISION, Action.SEND_BACK}
