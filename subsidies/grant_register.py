"""交付金台帳 (D-31): one line an application, with every date, number and amount of its life.

The page, the paper and the sheet show the same rows. A constant number of questions however many lines there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from common.fiscal_year import FiscalYear
from common.models import DocumentIssue
from common.sheets.writing import Column
from common.viewer import Viewer

from .models import Application, Decision, Payment
from .support_years import support_numbers

Kind = Decision.Kind
OUTCOMES = (Kind.GRANTED, Kind.REFUSED, Kind.NOT_SELECTED)


@dataclass(frozen=True)
class RegisterFilters:
    """What narrows the register; empty values narrow nothing."""

    year: int | None = None
    program: str = ""
    bureau: str = ""

    @property
    def any(self) -> bool:
        return self != RegisterFilters()


@dataclass(frozen=True)
class Sums:
    """Whole yen of some lines."""

    requested_yen: int = 0
    granted_yen: int = 0
    fixed_yen: int = 0
    paid_yen: int = 0
    returned_yen: int = 0

    @property
    def balance_yen(self) -> int:
        """What was paid and not given back."""
        return self.paid_yen - self.returned_yen


@dataclass(frozen=True)
class GrantLine:
    """One application as the register tells it."""

    row: Application
    support_number: int | None

    @cached_property
    def _decisions(self) -> dict[str, Decision]:
        """The decision of each kind that holds, else the last one."""
        found: dict[str, Decision] = {}
        for decision in self.row.decisions.all():
            found[decision.kind] = decision
        return found

    def decided(self, *kinds: str) -> Decision | None:
        """The latest decision of these kinds."""
        known = [self._decisions[kind] for kind in kinds if kind in self._decisions]
        return max(known, key=lambda one: one.pk) if known else None

    def day_of(self, *kinds: str) -> date | None:
        decision = self.decided(*kinds)
        return decision.decided_on if decision else None

    def number_of(self, *kinds: str) -> str:
        """The number of the paper of that decision."""
        decision = self.decided(*kinds)
        paper: DocumentIssue | None = decision.document if decision else None
        if paper is None:
            return decision.letter_number if decision else ""
        return paper.number.text if paper.number else ""

    @cached_property
    def _paid(self) -> list[Payment]:
        return [one for one in self.row.payments.all() if one.state == Payment.State.PAID]

    def paid(self, *kinds: str) -> int:
        """Whole yen of payments of these kinds that were made."""
        return sum(one.amount_yen for one in self._paid if one.kind in kinds)

    def paid_on(self, kind: str) -> date | None:
        """The day of the last payment of the kind."""
        return max((one.paid_on for one in self._paid if one.kind == kind and one.paid_on), default=None)

    @property
    def granted_on(self) -> date | None:
        """The day of the decision on the grant, favourable or not."""
        return self.day_of(*OUTCOMES)

    @property
    def order_number(self) -> str:
        """The number of its letter."""
        return self.number_of(*OUTCOMES)

    @property
    def fixed_on(self) -> date | None:
        return self.day_of(Kind.FIXED)

    @property
    def fixed_number(self) -> str:
        """The number of the letter that fixes the amount."""
        return self.number_of(Kind.FIXED)

    @property
    def first_granted_yen(self) -> int | None:
        """What was granted first; `row.granted_yen` is what holds after changes."""
        granted = self._decisions.get(Kind.GRANTED)
        return granted.amount_yen if granted else None

    @property
    def changed_yen(self) -> int | None:
        """What the last change was approved with; None where nothing was changed."""
        changed = self._decisions.get(Kind.CHANGED)
        return changed.amount_yen if changed else None

    @property
    def revoked_yen(self) -> int | None:
        """What all revocations together took back of the grant; None where nothing was revoked."""
        taken = [one.amount_yen or 0 for one in self.row.decisions.all() if one.kind == Kind.REVOKED]
        return sum(taken) if taken else None

    @property
    def left_yen(self) -> int | None:
        """What revocations left of the grant; None where nothing was revoked."""
        return None if self.revoked_yen is None else self.row.granted_yen

    @property
    def additions_yen(self) -> int:
        """加算金 and 延滞金 that were ordered."""
        return sum(order.addition_yen + (order.late_yen or 0) for order in self.row.return_orders.all())

    @property
    def additions_open_yen(self) -> int:
        """加算金 and 延滞金 that have not come in."""
        return sum(order.unpaid_yen for order in self.row.return_orders.all())

    @property
    def sums(self) -> Sums:
        kind = Payment.Kind
        return Sums(
            self.row.requested_yen,
            self.row.granted_yen or 0,
            self.row.fixed_yen or 0,
            self.paid(kind.ADVANCE, kind.FINAL),
            self.paid(kind.RETURN),
        )


def grants(viewer: Viewer, filters: RegisterFilters) -> QuerySet[Application]:
    """The applications of the register that this person may know: once submitted, by number, the newest year first."""
    rows = Application.objects.visible_to(viewer).filter(submitted_at__isnull=False)
    if filters.year is not None:
        rows = rows.filter(fiscal_year=filters.year)
    if filters.program:
        rows = rows.filter(call__program=filters.program)
    if filters.bureau:
        rows = rows.filter(lead_bureau=filters.bureau)
    return rows.order_by("-fiscal_year", "call__program__order", "number")


def with_money(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With what a line of the page tells: three questions."""
    decisions = Decision.objects.select_related("document__number").order_by("pk")
    joined = rows.select_related("call__program", "region", "lead", "lead_bureau", "report")
    return joined.prefetch_related(Prefetch("decisions", decisions), "payments")


def with_life(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With everything that a line tells: six questions."""
    return with_money(rows).prefetch_related("inspections", "parts", "return_orders")


def lines_of(rows: Iterable[Application]) -> Iterator[GrantLine]:
    """The lines of applications that were read `with_life`; support years are counted a portion at a time."""
    portion: list[Application] = []
    for row in rows:
        portion.append(row)
        if len(portion) == 500:
            yield from _counted(portion)
            portion = []
    yield from _counted(portion)


def _counted(rows: Sequence[Application]) -> Iterator[GrantLine]:
    numbers: Mapping[int, int] = support_numbers(rows) if rows else {}
    for row in rows:
        yield GrantLine(row, numbers.get(row.pk))


def summed(lines: Iterable[GrantLine]) -> Sums:
    """The sums of some lines."""
    names = [one.name for one in fields(Sums)]
    whole = dict.fromkeys(names, 0)
    for line in lines:
        for name in names:
            whole[name] += getattr(line.sums, name)
    return Sums(**whole)


def totals(rows: QuerySet[Application]) -> Sums:
    """The sums of all these applications, counted by the database: two questions."""
    kind = Payment.Kind
    own = rows.order_by().aggregate(
        requested_yen=Sum("requested_yen"), granted_yen=Sum("granted_yen"), fixed_yen=Sum("fixed_yen")
    )
    paid = Payment.objects.filter(state=Payment.State.PAID, application__in=rows.order_by().values("pk")).aggregate(
        paid_yen=Sum("amount_yen", filter=Q(kind__in=[kind.ADVANCE, kind.FINAL])),
        returned_yen=Sum("amount_yen", filter=Q(kind=kind.RETURN)),
    )
    return Sums(**{name: yen or 0 for name, yen in (own | paid).items()})


def register_columns() -> list[Column[GrantLine]]:
    """Every date, number and amount: one value a cell, whole yen."""
    kind = Payment.Kind
    take: list[tuple[str, Callable[[GrantLine], Any], int]] = [
        ("申請番号", lambda line: line.row.number, 18),
        ("年度（西暦）", lambda line: line.row.fiscal_year, 10),
        ("年度", lambda line: FiscalYear(line.row.fiscal_year).wareki, 12),
        ("制度", lambda line: line.row.call.program.name, 24),
        ("支援年次（年目）", lambda line: line.support_number, 12),
        ("振興局", lambda line: line.row.lead_bureau.name, 18),
        ("連携地域コード", lambda line: line.row.region_id, 12),
        ("連携地域", lambda line: line.row.region.name, 28),
        ("代表市町村コード", lambda line: line.row.lead_id, 12),
        ("代表市町村", lambda line: line.row.lead.name, 12),
        ("参加市町村（数）", lambda line: len(line.row.parts.all()), 12),
        ("状態", lambda line: line.row.get_state_display(), 14),
        ("提出日", lambda line: _day(line.row.submitted_at), 12),
        ("申請文書の番号", lambda line: line.row.lead_document_no, 18),
        ("受付日", lambda line: line.row.received_on, 12),
        ("収受番号", lambda line: line.row.receipt_number, 18),
        ("申請額（円）", lambda line: line.row.requested_yen, 14),
        ("内定日", lambda line: line.day_of(Kind.SELECTED), 12),
        ("内定の文書番号", lambda line: line.number_of(Kind.SELECTED), 18),
        ("内定額（円）", lambda line: line.row.selected_yen, 14),
        ("決定日", lambda line: line.granted_on, 12),
        ("指令番号", lambda line: line.order_number, 20),
        ("交付決定額（円）", lambda line: line.first_granted_yen, 14),
        ("変更承認日", lambda line: line.day_of(Kind.CHANGED), 12),
        ("変更の指令番号", lambda line: line.number_of(Kind.CHANGED), 20),
        ("変更後の交付決定額（円）", lambda line: line.changed_yen, 18),
        ("中止・廃止の日", lambda line: line.day_of(Kind.SUSPENDED, Kind.DISCONTINUED), 14),
        ("取消日", lambda line: line.day_of(Kind.REVOKED), 12),
        ("取消しの指令番号", lambda line: line.number_of(Kind.REVOKED), 20),
        ("取り消した額（円）", lambda line: line.revoked_yen, 16),
        ("取消し後の額（円）", lambda line: line.left_yen, 16),
        ("翌年度への繰越", lambda line: line.row.carried_over, 12),
        ("事業完了日", lambda line: line.row.finished_on, 12),
        ("実績報告日", lambda line: _day(_report(line.row, "submitted_at")), 12),
        ("実績報告の文書番号", lambda line: _report(line.row, "document_no") or "", 18),
        ("検査日", lambda line: max((one.held_on for one in line.row.inspections.all()), default=None), 12),
        ("確定日", lambda line: line.fixed_on, 12),
        ("確定の指令番号", lambda line: line.fixed_number, 20),
        ("確定額（円）", lambda line: line.row.fixed_yen, 14),
        ("概算払の日", lambda line: line.paid_on(kind.ADVANCE), 12),
        ("概算払（円）", lambda line: line.paid(kind.ADVANCE), 14),
        ("精算払の日", lambda line: line.paid_on(kind.FINAL), 12),
        ("精算払（円）", lambda line: line.paid(kind.FINAL), 14),
        ("返還命令日", lambda line: line.day_of(Kind.RETURN), 12),
        ("返還命令の番号", lambda line: line.number_of(Kind.RETURN), 20),
        ("返納の日", lambda line: line.paid_on(kind.RETURN), 12),
        ("返納（円）", lambda line: line.sums.returned_yen, 14),
        ("加算金・延滞金（円）", lambda line: line.additions_yen, 16),
        ("加算金・延滞金の未納（円）", lambda line: line.additions_open_yen, 18),
        ("支払済の差引（円）", lambda line: line.sums.balance_yen, 16),
        ("完結日", lambda line: line.row.closed_on, 12),
    ]
    return [Column(heading, value, width) for heading, value, width in take]


def _report(row: Application, name: str) -> Any:
    report = getattr(row, "report", None)
    return getattr(report, name) if report else None


def _day(at: datetime | None) -> date | None:
    """The day of a moment in Japan."""
    return timezone.localtime(at).date() if at else None
