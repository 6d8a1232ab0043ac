"""What a chapter of the annual report consists of: plain data that page, paper and workbook all show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from municipalities.paper_blocks import Fact

Cell = str | int | None
"""A number is an int, or its decimal text (12.5) in a column of numbers; None is shown as －."""


@dataclass(frozen=True)
class Head:
    """One column: its name, the unit of its numbers, whether it holds numbers, how wide it is (`narrow`, `wide`)."""

    name: str
    unit: str = ""
    num: bool = False
    look: str = ""

    @property
    def heading(self) -> str:
        """交付決定額（円）, as a sheet writes it."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True)
class Table:
    """One table. The first `groups` columns repeat from row to row; `total` is the last line, of as many cells.

    `key` names it in addresses and is the name of its sheet (at most 31 characters, unique in the report).
    """

    key: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    groups: int = 0
    look: str = ""
    empty: str = "該当はない。"


@dataclass(frozen=True)
class Picture:
    """A drawing under the sentence that it shows; `look` is map for the lower one of a map."""

    message: str
    svg: str
    look: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a chapter: what it says, then its picture, its tables, and what to know about them."""

    title: str
    said: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One chapter; `key` is its address, `number` is given by the report."""

    key: str
    title: str
    sections: tuple[Section, ...]
    said: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class AnnualReport:
    """D-28: the whole report of one fiscal year as it stood on `on`."""

    head: Any
    fiscal_year: int
    year: str
    prefecture: str
    on: str
    chapters: tuple[Chapter, ...] = field(default_factory=tuple)


def tables_of(chapters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every table of a frozen report, in its order."""
    return [table for chapter in chapters for section in chapter["sections"] for table in section["tables"]]
