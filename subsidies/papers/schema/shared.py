"""Pieces that several papers are made of.

Money is whole yen; a value that does not exist is None and is printed as －. Days and years that come from the rules
(report_days, books_years …) are parameters of the ruleset in force, carried here so that a paper says for ever what
it said on the day.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Reference:
    """A paper that is referred to: its day and the number it bore (京企第45号); the number may be empty."""

    number: str
    dated_on: date


@dataclass(frozen=True)
class Project:
    """An initiative with its fields (人材の育成、職員等の交流), main field first."""

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
    """A cost line that was cut (減額査定), with the reason; `difference_yen` is negative."""

    description: str
    requested_yen: int
    allowed_yen: int
    difference_yen: int
    reason: str


@dataclass(frozen=True)
class Category:
    """The cost of one 節."""

    name: str
    amount_yen: int
    eligible_yen: int


@dataclass(frozen=True)
class Costs:
    """Cost by 節 with its totals."""

    rows: tuple[Category, ...]
    amount_yen: int
    eligible_yen: int


@dataclass(frozen=True)
class Kpi:
    """One indicator. Figures are texts as entered (新規, 180以上); `targets` follow the years of the table."""

    project: str
    name: str
    unit: str
    kind: str
    baseline: str
    targets: tuple[str, ...]
    target: str
    data_source: str = ""


@dataclass(frozen=True)
class KpiTable:
    """Indicators with their yearly path; `years` are fiscal years."""

    years: tuple[int, ...]
    rows: tuple[Kpi, ...]
