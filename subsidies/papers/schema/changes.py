"""Papers of a running grant that changes: 変更, 中止・廃止, 遅延."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head

from .shared import Reference


@dataclass(frozen=True)
class Figure:
    """An amount before and after in whole yen; None where there is none."""

    before_yen: int | None
    after_yen: int | None


@dataclass(frozen=True)
class FigureRow:
    """One row of a before–after table: the upper line of each cell is the figure before, in parentheses."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class FigureTable:
    """Rows with the headings of their figures and a total row."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    total: FigureRow | None = None


@dataclass(frozen=True)
class Term:
    """Something in words before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Agreed:
    """A member's consent as the lead states it."""

    name: str
    on: date | None
    document_no: str


@dataclass(frozen=True)
class ChangeApplication:
    """D-11 変更承認申請書. `decision` is the grant's notice; only what changes stands in `terms`."""

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    title: str
    decision: Reference
    effective_on: date
    reason: str
    grant: Figure
    terms: tuple[Term, ...]
    costs: FigureTable
    incomes: FigureTable
    shares: FigureTable
    consents: tuple[Agreed, ...] = ()
    outlook: str = ""


@dataclass(frozen=True)
class ChangeApproval:
    """D-12 変更承認（決定）通知書. `application` is D-11, `decision` the grant's notice."""

    head: Head
    grant_name: str
    fiscal_year: int
    title: str
    application: Reference
    decision: Reference
    grant: Figure
    effective_on: date
    start_on: date
    end_on: date
    terms: tuple[Term, ...]
    costs: FigureTable
    shares: FigureTable
    note: str = ""


@dataclass(frozen=True)
class StopApplication:
    """D-13 中止（廃止）承認申請書; `act` is 中止 or 廃止."""

    head: Head
    act: str
    grant_name: str
    fiscal_year: int
    region: str
    title: str
    decision: Reference
    granted_yen: int
    paid_yen: int
    effective_on: date
    reason: str
    work_done: str
    spent_yen: int
    outlook: str = ""


@dataclass(frozen=True)
class StopApproval:
    """D-14 中止（廃止）承認通知書. `report_due_on` is when the work done is to be reported, None for a suspension."""

    head: Head
    act: str
    grant_name: str
    fiscal_year: int
    title: str
    application: Reference
    decision: Reference
    granted_yen: int
    effective_on: date
    report_due_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DelayReport:
    """D-15b 遅延等報告書; `carries_over` where the new last day lies in the next fiscal year."""

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    title: str
    decision: Reference
    granted_yen: int
    start_on: date
    old_end_on: date
    new_end_on: date
    reason: str
    work_done: str
    outlook: str
    spent_yen: int | None = None
    carries_over: bool = False
