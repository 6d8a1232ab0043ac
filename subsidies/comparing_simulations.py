"""Simulations of one round side by side: each application's amount in each, and the difference from the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from common.sheets.writing import Column

from .budget_round import Round, round_of
from .models import Application, BudgetSimulation, Call, SimulationLine
from .simulating import violations

MOST = 4  # columns that still can be read beside each other


@dataclass(frozen=True)
class Cell:
    """One application in one simulation; None where that one does not know it. `difference_yen` is from the first."""

    amount_yen: int | None
    difference_yen: int | None


@dataclass(frozen=True)
class ComparedLine:
    """One application in all simulations."""

    application: Application
    requested_yen: int
    most_yen: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Total:
    """One simulation's foot: the sum, the difference, how many are cut or get nothing, and what does not hold."""

    simulation: BudgetSimulation
    given_yen: int
    difference_yen: int
    cut: int
    nothing: int
    violations: int


@dataclass(frozen=True)
class Pots:
    """One bureau: what can be given, and what each simulation leaves (below zero: too much)."""

    name: str
    available_yen: int
    left: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """The whole table."""

    lines: list[ComparedLine]
    totals: list[Total]
    pots: list[Pots]


def comparison_of(call: Call, chosen: Sequence[BudgetSimulation]) -> Comparison:
    """Compare simulations of one call. Eight queries, however many there are."""
    found = round_of(call)
    rows = SimulationLine.objects.filter(simulation__in=chosen).select_related(
        "application__region", "application__lead_bureau"
    )
    by_simulation: dict[int, dict[int, SimulationLine]] = {one.pk: {} for one in chosen}
    known: dict[int, SimulationLine] = {}
    for row in rows:
        by_simulation[row.simulation_id][row.application_id] = row
        known.setdefault(row.application_id, row)
    tables = [by_simulation[one.pk] for one in chosen]
    ordered = sorted(
        known.values(), key=lambda row: (row.application.lead_bureau.order, row.application.submitted_at, row.pk)
    )
    return Comparison(
        lines=[_line(row, tables) for row in ordered],
        totals=[_total(found, one, by_simulation[one.pk], tables[0]) for one in chosen],
        pots=_pots(found, tables),
    )


def _line(row: SimulationLine, tables: Sequence[dict[int, SimulationLine]]) -> ComparedLine:
    amounts = [table[row.application_id].amount_yen if row.application_id in table else None for table in tables]
    first = amounts[0]
    return ComparedLine(
        application=row.application,
        requested_yen=row.requested_yen,
        most_yen=row.most_yen,
        cells=tuple(Cell(yen, None if yen is None or first is None else yen - first) for yen in amounts),
    )


def _total(
    found: Round, one: BudgetSimulation, table: dict[int, SimulationLine], first: dict[int, SimulationLine]
) -> Total:
    given = sum(row.amount_yen for row in table.values())
    return Total(
        simulation=one,
        given_yen=given,
        difference_yen=given - sum(row.amount_yen for row in first.values()),
        cut=sum(0 < row.amount_yen < row.requested_yen for row in table.values()),
        nothing=sum(not row.amount_yen for row in table.values()),
        violations=len(violations(found, {pk: row.amount_yen for pk, row in table.items()})),
    )


def _pots(found: Round, tables: Sequence[dict[int, SimulationLine]]) -> list[Pots]:
    def left(code: str, available: int, table: dict[int, SimulationLine]) -> int:
        return available - sum(row.amount_yen for row in table.values() if row.application.lead_bureau_id == code)

    return [
        Pots(pot.bureau.name, pot.available_yen, tuple(left(code, pot.available_yen, table) for table in tables))
        for code, pot in found.pots.items()
    ]


def line_columns() -> list[Column[SimulationLine]]:
    """One simulation's lines as a sheet (庁内限り)."""
    return [
        Column("申請番号", lambda row: row.application.number, 22),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("主管振興局", lambda row: row.application.lead_bureau.name, 18),
        Column("申請額（円）", lambda row: row.requested_yen, 14),
        Column("ルールで認められる額（円）", lambda row: row.most_yen, 20),
        Column("配分額（円）", lambda row: row.amount_yen, 14),
        Column("減額（円）", lambda row: row.requested_yen - row.amount_yen, 14),
        Column("減額の理由", lambda row: row.reason, 40),
        Column("手で変えた", lambda row: "○" if row.by_hand else "", 10),
    ]


def comparison_columns(chosen: Sequence[BudgetSimulation]) -> list[Column[ComparedLine]]:
    """The comparison as a sheet: one column of amounts for each simulation."""
    columns: list[Column[Any]] = [
        Column("申請番号", lambda row: row.application.number, 22),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("主管振興局", lambda row: row.application.lead_bureau.name, 18),
        Column("申請額（円）", lambda row: row.requested_yen, 14),
        Column("ルールで認められる額（円）", lambda row: row.most_yen, 20),
    ]
    for at, one in enumerate(chosen):
        columns.append(Column(f"案：{one.name}（円）", _amount_at(at), 16))
    return columns


def _amount_at(at: int) -> Callable[[ComparedLine], int | None]:
    return lambda row: row.cells[at].amount_yen
