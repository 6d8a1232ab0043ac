"""支払: every claim, payment and return that a person may know, by what it waits for; the page and the written list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer

from .models import Payment
from .querysets import PaymentQuerySet

PAGE_ROWS = 50
S, K = Payment.State, Payment.Kind


@dataclass(frozen=True)
class Tab:
    """One heap of the list: its code in the address, its words, which rows lie on it, in which order they are read."""

    code: str
    label: str
    rows: Q
    order: tuple[str, ...]


TABS = (
    Tab("pay", "支払待ち", Q(state=S.APPROVED) & ~Q(kind=K.RETURN), ("approved_on", "id")),
    Tab("return", "返納待ち", Q(state=S.APPROVED, kind=K.RETURN), ("due_on", "id")),
    Tab("paid", "支払済", Q(state=S.PAID), ("-paid_on", "-id")),
    Tab("claimed", "承認待ち", Q(state=S.CLAIMED), ("claimed_on", "id")),
)


@dataclass(frozen=True)
class PaymentFilters:
    """What narrows the list; empty values narrow nothing."""

    year: int | None = None
    program: str = ""
    bureau: str = ""
    words: str = ""

    @property
    def any(self) -> bool:
        return self != PaymentFilters()


@dataclass(frozen=True)
class Heap:
    """How much lies on one tab (whole yen)."""

    tab: Tab
    count: int
    yen: int


def tab_of(code: str | None) -> Tab:
    """The tab that the address names, the first one for anything else."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def payments(viewer: Viewer, filters: PaymentFilters) -> PaymentQuerySet:
    """The rows of all tabs that this person may know, narrowed."""
    rows: PaymentQuerySet = Payment.objects.visible_to(viewer)
    if filters.year is not None:
        rows = rows.filter(application__fiscal_year=filters.year)
    if filters.program:
        rows = rows.filter(application__call__program=filters.program)
    if filters.bureau:
        rows = rows.filter(application__lead_bureau=filters.bureau)
    for word in filters.words.split():
        rows = rows.filter(
            Q(application__region__name__icontains=word)
            | Q(application__lead__name__icontains=word)
            | Q(application__number__icontains=word)
            | Q(creditor_no=word)
            | Q(document_no__icontains=word)
        )
    return rows


def on_tab(rows: PaymentQuerySet, tab: Tab) -> PaymentQuerySet:
    """The rows of one tab with what a line shows, in its order."""
    return rows.filter(tab.rows).for_list().select_related("document").order_by(*tab.order)


def heaps(rows: PaymentQuerySet) -> list[Heap]:
    """How much lies on each tab. One query."""
    sums = {f"{tab.code}_yen": Sum("amount_yen", filter=tab.rows) for tab in TABS}
    counts = {f"{tab.code}_count": Count("pk", filter=tab.rows) for tab in TABS}
    found = rows.order_by().aggregate(**sums, **counts)
    return [Heap(tab, found[f"{tab.code}_count"], found[f"{tab.code}_yen"] or 0) for tab in TABS]


def payment_columns() -> list[Column[Any]]:
    """支払一覧 for the accounting system: one claim or return a line, whole yen, no account number."""
    return [
        Column("申請番号", lambda row: row.application.number, 22),
        Column("回", lambda row: row.number, 6),
        Column("年度（西暦）", lambda row: row.application.fiscal_year, 12),
        Column("年度", lambda row: FiscalYear(row.application.fiscal_year).wareki, 12),
        Column("支出年度（西暦）", lambda row: int(row.application.work_year), 14),
        Column("制度", lambda row: row.application.call.program.name, 26),
        Column("区分", lambda row: row.get_kind_display(), 10),
        Column("状態", lambda row: row.get_state_display(), 10),
        Column("債権者番号", lambda row: row.creditor_no, 16),
        Column("債権者", lambda row: row.application.lead.name, 14),
        Column("団体コード", lambda row: row.application.lead_id, 12),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("主管振興局", lambda row: row.application.lead_bureau.name, 18),
        Column("金額（円）", lambda row: row.amount_yen, 14),
        Column("請求日", lambda row: row.claimed_on, 12),
        Column("請求文書番号", lambda row: row.document_no, 18),
        Column("承認日", lambda row: row.approved_on, 12),
        Column("返納期限", lambda row: row.due_on, 12),
        Column("支払日・納付日", lambda row: row.paid_on, 14),
    ]
