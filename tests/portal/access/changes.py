"""Rows of the access matrix: changes, stops and delays of a running grant (row 20)."""

from __future__ import annotations

from typing import Any

from common.viewer import Duty

from .row import ALL, OUTSIDE, Row, only

READS_CHANGES = ALL - OUTSIDE - only("SD")
NO_DRAFTS = OUTSIDE | only("BS", "BM", "HS", "HM", "AC")  # an office knows a change once it was submitted


def change(view: str, ok: frozenset[Duty], named: str = "delayed", **more: Any) -> Row:
    """A page of the first change, stop or delay of one running grant."""
    return Row(f"subsidies:{view}", **{"named": (named,), "args": (1,), "ok": ok, "hidden": OUTSIDE} | more)


CHANGES = [
    change("application_changes", READS_CHANGES, args=()),
    change("change_new", only("MP"), named="running", args=()),
    change("change_detail", READS_CHANGES),
    change("change_edit", only("MP"), named="changing"),
    change("change_hand_on", only("MP"), named="changing", post={}, hidden=NO_DRAFTS),
    change("change_submit", only("MA"), named="changing", post={"act": "ask"}, hidden=NO_DRAFTS),
    change("change_withdraw", only("MP", "MA"), named="changing", post={}, hidden=NO_DRAFTS, answers=302),
    change("change_return", only("BS"), post={}),
    change("change_opine", only("BS"), post={}),
    change("change_approve", only("BM"), post={}),  # within the year: the bureau's decider
    change("change_refuse", only("BM"), post={}),
    change("application_resume", only("MA"), named="running", args=()),
]
