"""Records of the office: 事前協議記録票, 審査調書・意見書 and 起案用紙 (the last two 庁内限り)."""

from dataclasses import dataclass
from datetime import date, datetime

from common.documents import Head

from .shared import Reduction


@dataclass(frozen=True)
class Consultation:
    """D-02 事前協議記録票."""

    head: Head
    program: str
    fiscal_year: int
    region: str
    lead: str
    title: str
    asked_on: date
    held_on: date
    attendees: str
    points: str
    answers: str
    next_action: str
    recorder: str
    closed_on: date


@dataclass(frozen=True)
class Judgement:
    """What a person decided about a rule, with the reason."""

    result: str
    reason: str
    who: str
    on: date | None = None
    points: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class RuleRow:
    """One requirement as it was judged: `compared` are (label, text) pairs, `result` 適合, 要判断 …"""

    rule: str
    title: str
    result: str
    message: str
    compared: tuple[tuple[str, str], ...] = ()
    source: str = ""
    judgement: Judgement | None = None
    inner: bool = False


@dataclass(frozen=True)
class Opinion:
    """The opinion of an office."""

    office: str
    who: str
    priority: str
    text: str
    proposed_yen: int | None = None


@dataclass(frozen=True)
class Review:
    """D-04 審査調書・意見書. `basis` names ruleset version and projection edition."""

    head: Head
    program: str
    fiscal_year: int
    region: str
    lead: str
    members: tuple[str, ...]
    number: str
    receipt: str
    received_on: date | None
    title: str
    requested_yen: int
    proposed_yen: int | None
    priority: str
    basis: str
    judged_at: datetime | None
    result: str
    counts: tuple[tuple[str, int], ...]
    rules: tuple[RuleRow, ...]
    opinions: tuple[Opinion, ...]
    reductions: tuple[Reduction, ...] = ()


@dataclass(frozen=True)
class ApprovalBox:
    """One box of the circulation: 合議 or 決裁; empty until the person has acted. `result`: what is not consent."""

    kind: str
    label: str
    who: str = ""
    on: date | None = None
    acting: bool = False
    result: str = ""


@dataclass(frozen=True)
class Draft:
    """D-05 起案用紙."""

    head: Head
    subject: str
    act: str
    drafted_on: date
    drafter: str
    boxes: tuple[ApprovalBox, ...]
    retention_years: int
    program: str
    region: str
    lead: str
    number: str
    receipt: str
    plan: str
    amount_yen: int | None = None
    requested_yen: int = 0
    budget_left_yen: int | None = None
    conditions: tuple[str, ...] = ()
    classification: str = ""
    external_number: str = ""
    papers: tuple[str, ...] = ()
    decided_on: date | None = None
