"""Papers of the time after the decision: 遂行状況, 督促, 実績報告, 検査調書, 額の確定. Money is whole yen."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head

from .shared import Project, Reference


@dataclass(frozen=True)
class KpiActual:
    """One indicator with what was reached in the fiscal year; figures are texts as people read them (－ where none)."""

    project: str
    name: str
    unit: str
    planned: str
    actual: str
    target: str
    achieved: str
    source: str = ""


@dataclass(frozen=True)
class ProgressRow:
    """How far one initiative has come, in whole percent."""

    project: str
    done_percent: int
    text: str


@dataclass(frozen=True)
class SpentRow:
    """What was spent so far in one 節."""

    name: str
    planned_yen: int
    spent_yen: int


@dataclass(frozen=True)
class Progress:
    """D-15 遂行状況報告書."""

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    title: str
    amount_yen: int
    as_of: date
    items: tuple[ProgressRow, ...]
    spent: tuple[SpentRow, ...]
    planned_yen: int
    spent_yen: int
    kpis: tuple[KpiActual, ...]
    problems: str
    outlook: str


@dataclass(frozen=True)
class Reminder:
    """D-16 実績報告の督促: when it was due, until when it is asked for now."""

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    finished_on: date
    due_on: date
    new_due_on: date
    text: str
    contact: str


@dataclass(frozen=True)
class ActualCost:
    """One cost line: planned when granted, in the plan that counts, and what it was. `evidence` numbers its papers."""

    number: int
    category: str
    project: str
    description: str
    granted_yen: int
    planned_yen: int
    actual_yen: int
    eligible_yen: int
    difference_yen: int
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class ActualIncome:
    """One line of income besides the grant."""

    kind: str
    description: str
    planned_yen: int
    actual_yen: int
    difference_yen: int


@dataclass(frozen=True)
class ActualShare:
    """One municipality's part of the grant after the work."""

    name: str
    lead: bool
    planned_yen: int
    actual_yen: int
    difference_yen: int


@dataclass(frozen=True)
class EvidenceRow:
    """One file of evidence with the number of its cost line."""

    number: int
    evidence: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Case:
    """A case sheet (事例シート) of one initiative."""

    project: str
    title: str
    effect: str
    cost_yen: int
    obstacles: str


@dataclass(frozen=True)
class Performance:
    """D-18 実績報告書 with 収支決算書, 市町村別精算, KPI実績, 証拠書類一覧 and case sheets."""

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    title: str
    projects: tuple[Project, ...]
    start_on: date
    finished_on: date
    granted_yen: int
    settled_yen: int
    settled_difference_yen: int
    member_word: str
    costs: tuple[ActualCost, ...]
    granted_cost_yen: int
    planned_cost_yen: int
    actual_cost_yen: int
    cost_difference_yen: int
    eligible_yen: int
    incomes: tuple[ActualIncome, ...]
    planned_receipts_yen: int
    actual_receipts_yen: int
    receipts_difference_yen: int
    other_income_yen: int
    rate: str
    shares: tuple[ActualShare, ...]
    planned_shares_yen: int
    shares_difference_yen: int
    kpis: tuple[KpiActual, ...]
    work_done: str
    effect: str
    problems: str
    outlook: str
    evidence: tuple[EvidenceRow, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Check:
    """One thing looked at in an inspection."""

    text: str
    right: bool
    note: str = ""


@dataclass(frozen=True)
class Sample:
    """A cost line whose papers were looked at."""

    number: int
    description: str
    evidence: str
    actual_yen: int
    eligible_yen: int


@dataclass(frozen=True)
class InspectionRecord:
    """D-19 検査調書 (庁内限り)."""

    head: Head
    program: str
    fiscal_year: int
    region: str
    lead: str
    title: str
    decision: Reference
    method: str
    held_on: date
    inspector: str
    finished_on: date
    checks: tuple[Check, ...]
    samples: tuple[Sample, ...]
    granted_yen: int
    reported_eligible_yen: int
    eligible_yen: int
    reported_income_yen: int
    other_income_yen: int
    rate: str
    reckoned_yen: int
    adjustment: str
    findings: str
    result: str


@dataclass(frozen=True)
class FixedAmount:
    """D-20 額の確定通知書: the reckoning, what was paid and what is left.

    `replaces` is the notice that this one takes the place of (再確定, T37) and `replaced_yen` what it had fixed.
    """

    head: Head
    grant_name: str
    fiscal_year: int
    decision: Reference
    report: Reference
    projects: tuple[Project, ...]
    granted_yen: int
    eligible_yen: int
    other_income_yen: int
    rate: str
    unit_yen: int
    fixed_yen: int
    paid_yen: int
    to_pay_yen: int
    to_return_yen: int
    reason: str
    books_years: int | None
    replaces: Reference | None = None
    replaced_yen: int | None = None
