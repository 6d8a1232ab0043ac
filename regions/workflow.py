"""What may happen to a region: `domain.md` §3 (構想 → 形成 → 支援中 → 自走中 → …) as one readable table.

Nothing here acts: `services.life.enter` is the only function that writes `Region.state`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .models import Region

S = Region.State
OPEN = (S.IDEA, S.FORMED, S.SUPPORTED, S.SELF_RUNNING)


class Step(StrEnum):
    """One step in the life of a region; the value stands in the audit event."""

    FORM = "form"
    SUPPORT = "support"
    RELEASE = "release"
    UNDO_SUPPORT = "undo_support"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    GO_NATIONAL = "go_national"


class Side(StrEnum):
    """Who takes the step."""

    AGREEMENT = "agreement"  # the last consent to an agreement
    GRANT = "grant"  # a decision on a grant, told by the room that decides
    LEAD = "lead"  # the lead municipality's approver or the lead bureau's decider (row 4: S)


@dataclass(frozen=True)
class Rule:
    """One row: from where to where (None: back to the state before this one), who, and under which guards.

    `title` is what the history calls the step, `does` what the button says. Guards are names in `services.life`.
    """

    title: str
    does: str
    sources: tuple[Region.State, ...]
    target: Region.State | None
    side: Side
    needs_reason: bool = False
    guards: tuple[str, ...] = ()
    meaning: str = ""


# fmt: off
STEPS: dict[Step, Rule] = {
    Step.FORM: Rule(
        "形成", "形成する", (S.IDEA,), S.FORMED, Side.AGREEMENT),
    Step.SUPPORT: Rule(
        "支援の開始", "支援を始める", (S.IDEA, S.FORMED, S.SELF_RUNNING), S.SUPPORTED, Side.GRANT),
    Step.RELEASE: Rule(
        "支援の終了", "支援を終える", (S.IDEA, S.FORMED, S.SUPPORTED), S.SELF_RUNNING, Side.GRANT),
    Step.UNDO_SUPPORT: Rule(
        "支援の取りやめ", "支援を取りやめる", (S.SUPPORTED,), None, Side.GRANT),
    Step.PAUSE: Rule(
        "休止", "休止する", OPEN, S.PAUSED, Side.LEAD, needs_reason=True,
        guards=("no_running_grant",), meaning="しばらく活動を止めます。再開すると、休止の前の状態に戻ります。"),
    Step.RESUME: Rule(
        "再開", "再開する", (S.PAUSED,), None, Side.LEAD, needs_reason=True,
        meaning="休止の前の状態に戻ります。"),
    Step.END: Rule(
        "終了", "終了する", (*OPEN, S.PAUSED), S.ENDED, Side.LEAD, needs_reason=True,
        guards=("no_running_grant",), meaning="連携を終えます。あとから取り消せません。"),
    Step.GO_NATIONAL: Rule(
        "国制度への移行", "国制度へ移行する", (S.FORMED, S.SUPPORTED, S.SELF_RUNNING, S.PAUSED), S.NATIONAL, Side.LEAD,
        needs_reason=True, guards=("no_running_grant",),
        meaning="定住自立圏・連携中枢都市圏に引き継ぎます。あとから取り消せません。"),
}
# fmt: on


def steps_from(state: str, side: Side) -> list[Step]:
    """The steps this side may take from the state, in the order of the table."""
    return [step for step, rule in STEPS.items() if rule.side == side and state in rule.sources]
