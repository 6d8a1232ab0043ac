"""The end of a grant's file (T34): what must be in order, who is asked afterwards, how long the papers are kept.

Retention counts from 1 April of the fiscal year after the file was closed (domain.md §9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common.fiscal_year import FiscalYear
from common.models import DocumentIssue
from common.yen import show_yen

from .models import Application, Payment, SupportYear
from .papers_access import SUBJECT
from .rulesets import rules_of
from .settling import to_return_yen, undecided_late
from .states import State


@dataclass(frozen=True)
class Retention:
    """How long the papers are kept: the years, the first day that counts, the first day on which they may go."""

    years: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Check:
    """One thing that must be in order before the file is closed."""

    label: str
    fulfilled: bool
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """One initiative with the fiscal years in which its towns are asked how it goes on."""

    project: str
    years: tuple[int, ...]


def retention_of(application: Application, closed_on: date) -> Retention:
    """Example: closed on 2024-05-20, five years → counts from 2025-04-01, may go from 2030-04-01."""
    years = int(rules_of(application.call.ruleset).value("retention_years"))
    first = FiscalYear.of(closed_on) + 1
    return Retention(years, date(first, 4, 1), date(first + years, 4, 1))


def asked_years(application: Application) -> tuple[int, ...]:
    """The fiscal years after support in which each initiative is asked about; none where a revocation left nothing."""
    if not application.granted_yen:
        return ()
    years = int(rules_of(application.call.ruleset).value("follow_up_years"))
    return tuple(application.fiscal_year + after for after in range(1, years + 1))


def asked_after(application: Application) -> list[Asked]:
    """Whom the closing will ask, initiative by initiative, without years in which a grant supports it. Two queries."""
    if not (years := asked_years(application)):
        return []
    names = dict(application.items.order_by("order", "id").values_list("project", "project__name"))
    supported = set(SupportYear.objects.filter(projects__in=names).values_list("projects", "fiscal_year"))
    asked = {project: tuple(year for year in years if (project, year) not in supported) for project in names}
    return [Asked(names[project], left) for project, left in asked.items() if left]


def checks_of(application: Application) -> list[Check]:
    """What must be in order, as the step itself asks (T34); a revoked grant has no settling. Six queries."""
    waiting = DocumentIssue.objects.filter(subject_type=SUBJECT, subject_id=str(application.pk), pdf="").count()
    open_claims = application.payments.filter(state__in=[Payment.State.CLAIMED, Payment.State.APPROVED]).count()
    settled = application.state in (State.SETTLED, State.CLOSED)
    revoked, owed = application.state == State.REVOKED, to_return_yen(application)
    orders = list(application.return_orders.all())
    unpaid = sum(order.unpaid_yen for order in orders)
    additions = "決裁者が延滞金を定めてください。" if undecided_late(application) else ""
    additions = additions or (f"{show_yen(unpaid)}円の納付を待っています。" if unpaid else "")
    return [
        *([] if revoked else [Check("精算が済んでいる", settled, "" if settled else "会計が精算すると完結できます。")]),
        Check("返還を命じる額が残っていない", not owed, f"{show_yen(owed)}円の返還を命じてください。" if owed else ""),
        *([Check("加算金・延滞金が定められ、納付されている", not additions, additions)] if orders else []),
        Check("支払・返納の残りがない", not open_claims, f"{open_claims}件残っています。" if open_claims else ""),
        Check(
            "全ての文書が作成されている",
            not waiting,
            f"作成中の文書が{waiting}件あります。しばらくしてから開き直してください。" if waiting else "",
        ),
    ]
