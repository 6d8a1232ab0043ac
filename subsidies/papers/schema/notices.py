"""Notices to the lead: 内定, 不採択, 交付決定, 不交付決定."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head

from .shared import Project, Reduction, Reference, Split, Support


@dataclass(frozen=True)
class Conditions:
    """Numbers of the standard conditions (None where the ruleset sets none), and conditions added by the decider."""

    report_days: int | None
    report_last_on: date | None
    books_years: int | None
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """D-06 内定通知書. `next_steps` are sentences; `apply_by` is the last day for the formal application."""

    head: Head
    grant_name: str
    fiscal_year: int
    application: Reference
    projects: tuple[Project, ...]
    requested_yen: int
    amount_yen: int
    next_steps: tuple[str, ...]
    apply_by: date | None = None
    support: Support | None = None
    reductions: tuple[Reduction, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejection:
    """D-07 不採択通知書 and D-09 不交付決定通知書."""

    head: Head
    grant_name: str
    fiscal_year: int
    application: Reference
    projects: tuple[Project, ...]
    requested_yen: int
    reason: str
    next_steps: tuple[str, ...] = ()


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
