"""The ledger of commitments (庁内限り): every line with the balance of its bureau after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum, Window

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer

from .models import BudgetEntry


@dataclass(frozen=True)
class LedgerFilters:
    """What narrows the ledger; empty values narrow nothing. Whole allotments are kept, so that balances stay right."""

    year: int | None = None
    call: int | None = None
    bureau: str = ""

    @property
    def any(self) -> bool:
        return self != LedgerFilters()


def entries(viewer: Viewer, filters: LedgerFilters) -> QuerySet[BudgetEntry]:
    """The lines, newest first, each with `balance_yen`: what was committed in its allotment when it was written."""
    rows = BudgetEntry.objects.visible_to(viewer)
    if filters.year is not None:
        rows = rows.filter(fiscal_year=filters.year)
    if filters.call is not None:
        rows = rows.filter(allotment__call=filters.call)
    if filters.bureau:
        rows = rows.filter(allotment__bureau=filters.bureau)
    balance = Window(Sum("amount_yen"), partition_by="allotment", order_by="id")
    return (
        rows.annotate(balance_yen=balance)
        .select_related("allotment__call__program", "allotment__bureau", "application__region", "by")
        .order_by("-id")
    )


def ledger_columns() -> list[Column[Any]]:
    """The ledger as a sheet, in whole yen."""
    return [
        Column("番号", lambda row: row.pk, 8),
        Column("日付", lambda row: row.at, 12),
        Column("年度（西暦）", lambda row: row.fiscal_year, 12),
        Column("年度", lambda row: FiscalYear(row.fiscal_year).wareki, 12),
        Column("制度", lambda row: row.allotment.call.program.name, 26),
        Column("回", lambda row: row.allotment.call.round, 6),
        Column("振興局", lambda row: row.allotment.bureau.name, 18),
        Column("申請番号", lambda row: row.application.number, 22),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("区分", lambda row: row.get_kind_display(), 12),
        Column("金額（円）", lambda row: row.amount_yen, 14),
        Column("決定済の累計（円）", lambda row: row.balance_yen, 16),
        Column("現在の配当（円）", lambda row: row.allotment.amount_yen, 16),
        Column("記帳した人", lambda row: str(row.by) if row.by else "", 24),
    ]


def committed(filters: QuerySet[BudgetEntry]) -> int:
    """The sum of the lines."""
    return int(filters.order_by().aggregate(yen=Sum(F("amount_yen")))["yen"] or 0)
