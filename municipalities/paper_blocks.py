"""What several papers print of municipalities alike: key figures, the people over the years, where the places lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import maps
from .population_chart import People

FULL_NAMES = 6  # up to so many places the map has room for 根室市, beyond for 根室
MAP_SIZE = (336, 300)


@dataclass(frozen=True)
class Fact:
    """One key figure of the head of a paper."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Column:
    """One year of the population table: 実績 or 推計."""

    year: int
    kind: str


@dataclass(frozen=True)
class PeopleBlock:
    """Chart and table of the people by age group: the census, then one edition of the projection."""

    message: str
    chart_svg: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


def people_block(people: People) -> PeopleBlock:
    """Return what was drawn for the page as a paper keeps it."""
    return PeopleBlock(
        message=people.message,
        chart_svg=str(people.svg),
        columns=tuple(Column(column.year, column.kind) for column in people.columns),
        rows=people.rows,
    )


def place_map(codes: Sequence[str], told: str, *, uid: str = "map") -> str:
    """Draw the municipalities for a paper, "" where there is none; `told` says in words what is seen (根室市、…)."""
    if not codes:
        return ""
    return str(
        maps.municipality_map(
            codes,
            label=told,
            members=codes,
            names="full" if len(codes) <= FULL_NAMES else "short",
            size=MAP_SIZE,
            paper=True,
            uid=uid,
        )
    )
