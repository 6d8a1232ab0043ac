"""The data of each paper, field by field; `common.documents.freeze` turns them into stored snapshots.

Money is whole yen; a value that does not exist is None and is printed as －. Days and years that come from the rules
(report_days, books_years, withdraw_days …) are parameters of the ruleset in force, carried here so that a paper says
for ever what it said on the day.
"""

from dataclasses import dataclass
from datetime import date

from common.documents.head import Head


@dataclass(frozen=True)
class Reference:
    """A paper that is referred to: its date and the number it bore (京企第45号)."""

    number: str
    dated_on: date


@dataclass(frozen=True)
class Project:
    """An initiative with its fields (人材の育成、職員等の交流)."""

    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Support:
    """Which year of support this is, of how many, until which fiscal year of the program."""

    year: int
    max_years: int
    last_fiscal_year: int


@dataclass(frozen=True)
class SplitRow:
    """The share of one member."""

    name: str
    lead: bool = False
    agreed_on: date | None = None
    quantity: int | None = None
    eligible_yen: int | None = None
    amount_yen: int = 0


@dataclass(frozen=True)
class Split:
    """Shares per member as an annex; columns without a total are left out.

    `member_word` is 市町村, 町村 …; `quantity_label` is for a number that explains the shares (受講者（人）).
    """

    heading: str
    member_word: str
    amount_label: str
    rows: tuple[SplitRow, ...]
    total_amount_yen: int
    total_eligible_yen: int | None = None
    quantity_label: str = ""
    total_quantity: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Reduction:
    """A cost line that was cut (減額査定), with the reason."""

    description: str
    requested_yen: int
    allowed_yen: int
    difference_yen: int
    reason: str


@dataclass(frozen=True)
class Conditions:
    """Numbers of the standard conditions (None where the ruleset sets none), and conditions added by the decider."""

    report_days: int | None
    report_last_on: date | None
    books_years: int | None
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class GrantDecision:
    """D-08 交付決定通知書. `withdraw_days` None leaves the withdrawal note out."""

    head: Head
    grant_name: str
    fiscal_year: int
    application: Reference
    projects: tuple[Project, ...]
    total_cost_yen: int
    eligible_cost_yen: int
    amount_yen: int
    start_on: date
    end_on: date
    conditions: Conditions
    support: Support | None = None
    split: Split | None = None
    reductions: tuple[Reduction, ...] = ()
    withdraw_days: int | None = None
