"""D-31 交付金台帳: the register on A3 paper, three lines of dates, numbers and amounts for each application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.documents import Head, freeze
from common.fiscal_year import FiscalYear

from ..grant_register import GrantLine, Sums, register_columns, summed

KIND = "D-31"
TITLE = "交付金台帳"


@dataclass(frozen=True)
class RegisterRow:
    """One application; amounts in yen, None where there is none yet."""

    number: str
    year: str
    program: str
    support: int | None
    bureau: str
    region: str
    lead: str
    members: int
    state: str
    cells: dict[str, Any]
    additions_yen: int  # 加算金・延滞金
    sums: Sums


@dataclass(frozen=True)
class RegisterPaper:
    """D-31. `scope` says in words what was chosen (令和8年度　空知総合振興局)."""

    head: Head
    scope: tuple[str, ...]
    rows: tuple[RegisterRow, ...]
    total: Sums


def register_paper(lines: Iterable[GrantLine], scope: Sequence[str], on: date, office: str) -> dict[str, Any]:
    """Return the data of the register as it stands on the day."""
    held = list(lines)
    paper = RegisterPaper(
        head=Head(
            title=f"{TITLE}（{'、'.join(scope)}）",
            heading=(TITLE,),
            issued_on=on,
            sender=(office,),
            numbered=False,
        ),
        scope=tuple(scope),
        rows=tuple(_row(line) for line in held),
        total=summed(held),
    )
    return freeze(paper)


def _row(line: GrantLine) -> RegisterRow:
    row = line.row
    return RegisterRow(
        number=row.number,
        year=FiscalYear(row.fiscal_year).short,
        program=row.call.program.short_name,
        support=line.support_number,
        bureau=row.lead_bureau.short_name,
        region=row.region.name,
        lead=row.lead.name,
        members=len(row.parts.all()),
        state=row.get_state_display(),
        cells={column.heading.partition("（")[0]: column.value(line) for column in register_columns()},
        additions_yen=line.additions_yen,
        sums=line.sums,
    )
