"""Ready-made mappings: tables that ministries publish, recognised by their headings and read as one of our sheets.

A layout says by which headings its table is known, which column is which of ours, which rows are no municipality
(totals of a prefecture, wards of a designated city) and what stands in the title instead of in a column (the year).
Rooms register theirs; the engine asks `recognise` before it looks for headings of its own.

    if layout := recognise("I-03", grid, file_name):
        table = layout.read(grid, file_name)         # a Table under the headings of I-03
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..fiscal_year import FiscalYear
from . import values
from .headers import SEARCHED_ROWS, Table
from .messages import Message, Unreadable
from .reading import Cell, Grid

JOINT = "／"
MOST_WIDE = 2000  # columns looked at
NOTHING = ("", "-", "－", "―")
_CODE_HEADING = re.compile(r"^(標準地域|地域|団体|市区町村|市町村|全国地方公共団体|都道府県.*市区町村)?コード$")
_CODE = re.compile(r"^R?\d{4,6}$")
_TOTAL_NAME = re.compile(r"(郡|支庁|振興局|地域|市部|郡部|特別区部|計|全国|総数)$")
_YEAR = re.compile(
    r"(?:令和|平成|昭和)(?:元|\d{1,2})年度?|(?:19|20)\d\d年度?|(?<![A-Za-z0-9])[RH](?:元|\d{1,2})(?![0-9])"
)


@dataclass(frozen=True)
class Pick:
    """One of our columns and the heading under which the layout has it.

    `pattern` is searched in the joined headings of a column (人口／計), first column first. A `heading` with {1} takes
    the first group of the pattern and stands for every column that matches ({1}年). With `add` the matching columns
    are summed (five-year age groups).
    """

    heading: str
    pattern: str
    required: bool = True
    add: bool = False

    @property
    def many(self) -> bool:
        return "{1}" in self.heading


@dataclass(frozen=True)
class Cover:
    """What is written around the table: title and heading rows as one text, the names of sheet and file."""

    text: str
    sheet: str
    file: str
    paths: tuple[str, ...] = ()

    def year(self, pattern: str = "") -> int | None:
        """Return the first year written in the title, else in the name of the sheet or of the file.

        With a pattern, the year in what the pattern's first group finds (令和6年 before 1月1日).
        """
        for place in (self.text, self.sheet, self.file):
            plain = unicodedata.normalize("NFKC", place)
            if pattern and (told := re.search(pattern, plain)):
                plain = told[1]
            if found := _YEAR.search(plain):
                return int(FiscalYear.parse(found[0]))
        return None


def _nothing(cover: Cover) -> Mapping[str, Cell | None]:
    return {}


@dataclass(frozen=True)
class Layout:
    """One published table. All `marks` must be found among its headings, none of `never`.

    `constants` gives what holds for every row; `finish` may add columns computed from those that were read and says
    what it did (a sentence for the person). With `melt` every column whose headings are one of its codes and a year
    (B1101／2024) becomes rows of their own: 指標, 年 and 値 beside the columns that `picks` take.
    """

    id: str
    kind: str
    title: str
    marks: tuple[str, ...]
    picks: tuple[Pick, ...]
    name: str = r"^(市区町村名?|団体名|地域名?|都道府県・市区町村名)$"
    rows: str = ""  # where a column says which rows count: its heading, and what stands in those that do
    rows_are: str = ""
    never: tuple[str, ...] = ()
    titled: str = ""  # what title, sheet or file must say
    constants: Callable[[Cover], Mapping[str, Cell | None]] = _nothing
    finish: Callable[[dict[str, list[Cell]]], str] | None = None
    melt: Mapping[str, str] = field(default_factory=dict)

    def fits(self, head: Head, cover: Cover) -> bool:
        """Whether the headings (and title, where it asks for one) are those of this layout."""
        said = f"{cover.text}\n{cover.sheet}\n{cover.file}"
        return (
            all(any(re.search(mark, path) for path in head.paths) for mark in self.marks)
            and not any(re.search(mark, path) for mark in self.never for path in head.paths)
            and (not self.titled or re.search(self.titled, said) is not None)
            and all(_matching(pick, head) for pick in self.picks if pick.required)
        )

    def read(self, grid: Grid, file: str = "") -> Table:
        """Return the table under the headings of our sheet. The grid must be one that `recognise` gave this for."""
        head = find_head(grid)
        if head is None:
            raise Unreadable("E-03", columns="団体コード")
        cover = cover_of(grid, head, file)
        kept, notices = self._rows(grid, head)
        columns: dict[str, list[Cell]] = {}
        places: dict[str, int] = {}
        for pick in self.picks:
            found = _matching(pick, head)
            for heading, where in _columns(pick, found):
                columns[heading] = [_cell(grid.rows[at], where, code=where == [head.code]) for at in kept]
                places[heading] = grid.first_column + where[0]
        for heading, value in self.constants(cover).items():
            if value is not None and heading not in columns:
                columns[heading] = [value] * len(kept)
                places[heading] = grid.first_column + head.code
        if self.melt:
            kept = self._melted(grid, head, kept, columns, places)
        if self.finish is not None and (told := self.finish(columns)):
            places |= {heading: grid.first_column + head.code for heading in columns if heading not in places}
            notices.append(Message.of("I-02", sheet=grid.sheet, told=told))
        return Table(
            sheet=grid.sheet,
            header_rows=tuple(grid.first_row + at for at in range(head.top, head.data)),
            headings=tuple(columns),
            places=tuple(places[heading] for heading in columns),
            numbers=[grid.first_row + at for at in kept],
            columns=list(columns.values()),
            notices=[Message.of("I-01", sheet=grid.sheet, layout=self.title), *notices],
        )

    def _melted(
        self, grid: Grid, head: Head, kept: list[int], columns: dict[str, list[Cell]], places: dict[str, int]
    ) -> list[int]:
        """Turn the columns of `melt` into rows, in place; return the row of the grid that each of them stands in."""
        found = [
            (at, self.melt[told[1]], int(told[2]))
            for at, path in enumerate(head.paths)
            if (told := re.search(r"(?:^|／)(\w+)／((?:19|20)\d\d)(?:／|$)", path)) and told[1] in self.melt
        ]
        filled = [  # what was not published (－) makes no row
            (place, row, name, year, grid.rows[row][at])
            for at, name, year in found
            for place, row in enumerate(kept)
            if not values.is_missing(grid.rows[row][at])
        ]
        for heading, cells in columns.items():
            columns[heading] = [cells[place] for place, *_ in filled]
        columns["指標"] = [name for _, _, name, _, _ in filled]
        columns["年"] = [year for _, _, _, year, _ in filled]
        columns["値"] = [value for *_, value in filled]
        places |= dict.fromkeys(("指標", "年", "値"), grid.first_column + head.code)
        return [row for _, row, *_ in filled]

    def _rows(self, grid: Grid, head: Head) -> tuple[list[int], list[Message]]:
        """Return which rows are municipalities, and what is told about the others."""
        kept: list[int] = []
        notices: list[Message] = []
        wards: list[int] = []
        others = 0
        names = [at for at, path in enumerate(head.paths) if re.search(self.name, path.split(JOINT)[-1])]
        told = _first(head, self.rows) if self.rows else None
        for at in range(head.data, len(grid.rows)):
            row = grid.rows[at]
            code = _plain(row[head.code])
            name = next((text for where in names[::-1] if (text := _plain(row[where])) not in NOTHING), "")
            number = grid.first_row + at
            if not _CODE.match(code):
                text = next((_plain(cell) for cell in row if _plain(cell) not in NOTHING), "")
                if _is_total(code, name or text):
                    notices.append(Message.of("W-02", sheet=grid.sheet, row=number))
                elif text:
                    notices.append(Message.of("W-05", sheet=grid.sheet, row=number, text=text[:20]))
            elif _is_total(code, name) or (not name and names):
                notices.append(Message.of("W-02", sheet=grid.sheet, row=number))
            elif name.endswith("区") and _code5(code)[:2] != "13":
                wards.append(number)
            elif told is None or re.search(self.rows_are, _plain(row[told])):
                kept.append(at)
            else:
                others += 1
        if others:
            what = f"「{head.paths[told or 0].split(JOINT)[-1]}」が対象でない行"
            notices.append(Message.of("W-10", sheet=grid.sheet, count=others, what=what))
        if wards:
            notices.append(Message.of("W-10", sheet=grid.sheet, count=len(wards), what="政令指定都市の行政区"))
        return kept, notices


@dataclass(frozen=True)
class Head:
    """Where the headings are (rows of the grid, counted from 0) and what stands above each column, joined with ／."""

    top: int
    data: int
    code: int
    paths: tuple[str, ...] = field(repr=False)


_LAYOUTS: dict[str, Layout] = {}


def register(layout: Layout) -> Layout:
    """Make a layout known. Raises ValueError where the id is taken by another."""
    if _LAYOUTS.setdefault(layout.id, layout) is not layout:
        raise ValueError(f"two layouts are called {layout.id}")
    return layout


def all_layouts(kind: str = "") -> list[Layout]:
    """Return every layout, or those that feed one kind of sheet."""
    return [layout for layout in _LAYOUTS.values() if kind in ("", layout.kind)]


def recognise(kind: str, grid: Grid, file: str = "") -> Layout | None:
    """Return the layout of this kind ("" for any) whose headings these are, None where it is no known table."""
    head = find_head(grid) if all_layouts(kind) else None
    if head is None:
        return None
    cover = cover_of(grid, head, file)
    return next((layout for layout in all_layouts(kind) if layout.fits(head, cover)), None)


def find_head(grid: Grid) -> Head | None:
    """Find the heading rows around the row that names a code column; None where no row of the first 15 does."""
    for at, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        code = next((where for where, cell in enumerate(row[:10]) if _CODE_HEADING.match(_plain(cell))), None)
        if code is None:
            continue
        data = next(
            (below for below in range(at + 1, min(at + 8, len(grid.rows))) if _is_data(grid.rows[below], code)), None
        )
        if data is None:
            continue
        top = at
        while top > 0 and _is_heading(grid.rows[top - 1], code):
            top -= 1
        return Head(top, data, code, _paths(grid, top, data))
    return None


def cover_of(grid: Grid, head: Head, file: str) -> Cover:
    """Return title and heading rows as text, with the names of sheet and file."""
    lines = [" ".join(text for cell in row[:MOST_WIDE] if (text := _plain(cell))) for row in grid.rows[: head.data]]
    return Cover("\n".join(lines), grid.sheet, file, head.paths)


def _is_data(row: Sequence[Cell], code: int) -> bool:
    text = _plain(row[code])
    first = next((_plain(cell) for cell in row if _plain(cell)), "")
    return bool(_CODE.match(text)) or (text in NOTHING and first in ("-", "合計", "全国", "総計"))


def _is_heading(row: Sequence[Cell], code: int) -> bool:
    """A row above with several texts, or one that stands right of the code column; a title stands alone at the left."""
    filled = [where for where, cell in enumerate(row) if _plain(cell)]
    return len(filled) > 1 or any(where > code for where in filled)


def _paths(grid: Grid, top: int, data: int) -> tuple[str, ...]:
    """Join what stands above each column; a group heading reaches right until the next one begins."""
    width = min(grid.width, MOST_WIDE)
    rows = [[_plain(cell) for cell in grid.rows[at][:width]] for at in range(top, data)]
    last = max((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), default=0)
    paths: list[list[str]] = [[] for _ in range(width)]
    begins = [False] * width  # where a group of a row above begins: nothing of a row below reaches over it
    for at, row in enumerate(rows):
        reached = ""
        for where, text in enumerate(row):
            if text or begins[where]:
                reached = text
            said = text if at >= last else reached
            if said and (not paths[where] or paths[where][-1] != said):
                paths[where].append(said)
        begins = [already or bool(text) for already, text in zip(begins, row, strict=True)]
    return tuple(JOINT.join(path) for path in paths)


def _matching(pick: Pick, head: Head) -> list[tuple[int, str]]:
    """Return the columns a pick takes, each with the heading it gets."""
    found = [(at, match) for at, path in enumerate(head.paths) if (match := re.search(pick.pattern, path))]
    if pick.many:
        taken: dict[str, int] = {}
        for at, match in found:
            taken.setdefault(pick.heading.replace("{1}", match[1]), at)
        return [(at, heading) for heading, at in taken.items()]
    if pick.add:  # the same heading twice (men, women) counts once
        first: dict[str, int] = {}
        for at, _ in found:
            first.setdefault(head.paths[at], at)
        return [(at, pick.heading) for at in first.values()]
    return [(at, pick.heading) for at, _ in found[:1]]


def _columns(pick: Pick, found: Sequence[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    if pick.add:
        return [(pick.heading, [at for at, _ in found])] if found else []
    return [(heading, [at]) for at, heading in found]


def _cell(row: Sequence[Cell], where: Sequence[int], *, code: bool) -> Cell:
    """Return the cell, the sum of several, or a code without the R that SSDSE puts before it."""
    if code:
        return _code5_or_6(_plain(row[where[0]]))
    if len(where) == 1:
        return row[where[0]]
    try:
        numbers = [values.integer(row[at]) for at in where]
    except Unreadable:
        return next(row[at] for at in where if isinstance(row[at], str))
    return "" if None in numbers else sum(number for number in numbers if number is not None)


def _first(head: Head, pattern: str) -> int | None:
    return next((at for at, path in enumerate(head.paths) if re.search(pattern, path)), None)


def _is_total(code: str, name: str) -> bool:
    return _code5(code)[2:] == "000" or bool(_TOTAL_NAME.search(name)) or name in ("合計", "総計")


def _code5_or_6(code: str) -> str:
    plain = code.removeprefix("R")
    return plain.zfill(5) if len(plain) < 5 else plain


def _code5(code: str) -> str:
    return _code5_or_6(code)[:5] if _CODE.match(code) else ""


def _plain(cell: Any) -> str:
    """Return the text of a cell without spaces; a whole number without its point."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()) if not isinstance(cell, bool) else ""
