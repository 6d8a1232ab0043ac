"""Notices that take a grant back: 取消通知書 and 返還命令書."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head

from .shared import Project, Reference


@dataclass(frozen=True)
class RevocationNotice:
    """D-22 交付決定取消通知書. `instruction` (教示) is empty where the configuration has none."""

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    projects: tuple[Project, ...]
    whole: bool
    ground: str
    facts: str
    before_yen: int
    revoked_yen: int
    left_yen: int
    paid_yen: int
    to_return_yen: int
    heard_on: date | None = None
    instruction: str = ""


@dataclass(frozen=True)
class AdditionLine:
    """One line of the calculation of 加算金: so much money for so many days, both ends counted. `shown` is the share
    with two decimals, cut off (8,640.37)."""

    base_yen: int
    first_on: date
    last_on: date
    days: int
    shown: str


@dataclass(frozen=True)
class ReturnNotice:
    """D-21 返還命令書・返納通知. `addition_yen` is what was ordered; `rate` (10.95％) is empty where no rate is set.

    `addition_lines` add up to it; there are none where another amount than the calculated one was ordered.
    """

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    reason: str
    due_yen: int
    paid_yen: int
    amount_yen: int
    due_on: date
    addition_yen: int = 0
    rate: str = ""
    instruction: str = ""
    addition_lines: tuple[AdditionLine, ...] = ()
