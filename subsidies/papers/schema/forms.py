"""Forms that the region hands in: 事業要望書, 交付申請書, 取下書."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head

from .shared import Costs, KpiTable, Project, Reference, Support


@dataclass(frozen=True)
class Member:
    """A participating municipality: its consent, its role and its part of the money."""

    name: str
    code: str
    lead: bool = False
    agreed_on: date | None = None
    document_no: str = ""
    role: str = ""
    amount_yen: int = 0
    burden_yen: int = 0


@dataclass(frozen=True)
class Members:
    """All participants in the order of their codes. `word` is 市町村, 町村 …"""

    word: str
    rows: tuple[Member, ...]
    amount_yen: int
    burden_yen: int


@dataclass(frozen=True)
class Work:
    """An initiative as the year's plan describes it. No `members` means all participants."""

    name: str
    fields: tuple[str, ...] = ()
    secretariat: str = ""
    members: tuple[str, ...] = ()
    outline: str = ""
    scale: str = ""
    content: str = ""


@dataclass(frozen=True)
class Plan:
    """What is planned in the year, in the region's own words."""

    title: str
    purpose: str
    content: str
    start_on: date
    end_on: date
    works: tuple[Work, ...]
    applicant: str = ""
    early_start: str = ""
    other_subsidy: str = ""
    cost_sharing: str = ""
    self_running: str = ""
    self_running_lines: tuple["Funding", ...] = ()
    subgroup: str = ""


@dataclass(frozen=True)
class Funding:
    """Who pays how much after support, in which fiscal year, from where."""

    fiscal_year: int
    member: str
    source: str
    amount_yen: int | None = None


@dataclass(frozen=True)
class Cost:
    """One line of the estimate. `estimate` is the calculation as text (3回×120,000円)."""

    category: str
    project: str
    description: str
    estimate: str
    amount_yen: int
    eligible_yen: int


@dataclass(frozen=True)
class Income:
    """One line of income besides the grant."""

    kind: str
    description: str
    amount_yen: int


@dataclass(frozen=True)
class Budget:
    """Income and cost; `income_yen` includes the grant asked for."""

    incomes: tuple[Income, ...]
    income_yen: int
    costs: tuple[Cost, ...]
    cost_yen: int
    eligible_yen: int


@dataclass(frozen=True)
class Request:
    """D-01 事業要望書. Cost by category is shown in 千円."""

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    plan: Plan
    members: Members
    costs: Costs
    amount_yen: int
    kpis: KpiTable
    support: Support | None = None


@dataclass(frozen=True)
class GrantApplication:
    """D-03 交付申請書 with its six annexes. `prefecture` (北海道) is named in the pledge; `attachments` are the
    papers handed in besides the annexes.
    """

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    amount_yen: int
    plan: Plan
    members: Members
    budget: Budget
    costs: Costs
    kpis: KpiTable
    prefecture: str
    pledge_on: date | None
    attachments: tuple[str, ...] = ()
    support: Support | None = None


@dataclass(frozen=True)
class Withdrawal:
    """D-10 取下書, before the decision or, with `decision`, within the days after its notice."""

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    application: Reference
    title: str
    projects: tuple[Project, ...]
    amount_yen: int
    reason: str
    decision: Reference | None = None
