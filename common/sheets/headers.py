"""Find the table in a sheet: its heading rows, its rows of data, and what around it is title, note or total."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..yen import UNITS
from .cells import Cell, letters
from .memory import uncollected
from .messages import Message, Unreadable
from .reading import Grid
from .values import MISSING, SPACES, shown

SEARCHED_ROWS = 15
MOST_HEADER_ROWS = 3
MOST_NOTES = 30  # rows at the end that are looked at for notes
LONG_NOTE = 20
LONGEST_HEADING = 200
LONGEST_TOTAL = 40  # characters, spaces included
JOINT = "／"  # between a group heading and the heading under it
_UNIT = (
    r"人|名|円|千円|万円|百万円|億円|%|歳|年|年度|世帯|戸|件|回|箇所|か所|㎢|km2|km|ha|ポイント|点|単位.*|"
    r"漢字|必須|任意|[56]桁|半角.*|全角.*"
)
_ASIDE = re.compile(r"[(\[〔【<][^()\[\]〔〕【】<>]*[)\]〕】>]$")
_UNIT_ASIDE = re.compile(rf"[(\[〔【<](?:{_UNIT})[)\]〕】>]$")
_UNIT_CELL = re.compile(rf"[(\[〔【<]?(?:{_UNIT})[)\]〕】>]?")
_MARKS = re.compile(r"[\s＊*※★●■◎○◆/・_:]+|^[①-⑳]")
_DASHES = str.maketrans(dict.fromkeys("~〜−–—‐―", "-"))
_NOTE = re.compile(r"[(\[【〔]?(?:※|\*|注|備考:|資料|出典|出所|単位|更新日|作成日)|.{0,20}現在[)\]】〕]?$")
_SHEET_UNIT = re.compile(r"単位[:は]?(千円|万円|百万円|億円|円)")
_TOTALS = frozenset(["計", "合計", "総計", "小計", "総合計", "総数", "累計", "再計", "中計", "全計"])
_TOTAL_LIKE = re.compile(r".{1,14}(?:(?<![推統集会家設時])計|総数)")  # 石狩管内計; 令和5年推計 is none
_SUSPECT_STARTS = tuple("※＊*注備資出単更作（(【[〔")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is looked for: its names (synonyms), and whether a table cannot do without it."""

    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of data of a sheet, column by column. `numbers` are the rows as the sheet numbers them.

    `headings` are unique: a second 金額 is 金額（2）, a column without a heading is C列. `places` are the column
    numbers of the sheet, `unit` is a 単位 of money that the sheet names for all amounts (千円; "" if none).
    """

    sheet: str
    header_rows: tuple[int, ...]
    headings: tuple[str, ...]
    places: tuple[int, ...]
    numbers: list[int]
    columns: list[list[Cell]]
    notices: list[Message] = field(default_factory=list)
    unit: str = ""

    def address(self, column: int, index: int) -> str:
        """Return the cell (C12) of the value `columns[column][index]`."""
        return f"{letters(self.places[column])}{self.numbers[index]}"


@lru_cache(maxsize=8_192)
def normal(text: str) -> str:
    """Return a heading as it is compared: half-width, without spaces, line breaks, marks (＊, ※, ①) and case."""
    return _MARKS.sub("", _narrow(_MARKS.sub("", text))).casefold()


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def unit_of(heading: str) -> str:
    """Return the unit of money that a heading names (事業費（千円） gives 千円), "" if none."""
    found = _ASIDE.search(_narrow(heading).strip())
    unit = found[0][1:-1].replace("単位", "").strip(":は ") if found else ""
    return unit if unit in UNITS else ""


def _without(aside: re.Pattern[str]) -> Callable[[str], str]:
    @lru_cache(maxsize=8_192)
    def form(text: str) -> str:
        return "".join(normal(aside.sub("", part.strip())) for part in _narrow(text).split(_narrow(JOINT)))

    return form


_FORMS: tuple[tuple[Callable[[str], str], bool], ...] = (  # how two headings are compared; loose: only if one fits
    (normal, False),
    (_without(_UNIT_ASIDE), False),
    (_without(_ASIDE), True),
    (lambda text: _without(_UNIT_ASIDE)(text.rpartition(JOINT)[2]), True),
)


def match(headings: Sequence[str], wanted: Sequence[Heading]) -> dict[int, int]:
    """Return which wanted heading stands in which column: {index in `wanted`: index in `headings`}, one to one.

    A name fits best when equal, then without a unit in brackets, then without any bracket, then as the last part of a
    joined heading; the last two ways count only where exactly one column fits.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for form, loose in _FORMS:
        columns: dict[str, list[int]] = {}
        for index, heading in enumerate(headings):
            if index not in taken and (key := form(heading)):
                columns.setdefault(key, []).append(index)
        for number, one in enumerate(wanted):
            for name in one.names if number not in found else ():
                fitting = [index for index in columns.get(form(name), ()) if index not in taken]
                if fitting and (len(fitting) == 1 or not loose):
                    found[number] = fitting[0]
                    taken.add(fitting[0])
                    break
    return found


def find_table(grid: Grid, wanted: Sequence[Heading], *, header_rows: Sequence[int] = ()) -> Table:
    """Return the table whose headings are wanted. Rows 1 to 15 are searched, headings may take up to three rows.

    `header_rows` are the rows that a person named (as the sheet numbers them); then nothing is searched.
    Raises Unreadable: E-41 nothing in the sheet, E-03 no row with known headings (then `guess_table` offers one).
    """
    if not grid.rows:
        raise Unreadable("E-41", sheet=grid.sheet)
    if header_rows:
        start = min(max(min(header_rows) - grid.first_row, 0), len(grid.rows) - 1)
        return _table(grid, start, min(max(header_rows) - min(header_rows) + 1, len(grid.rows) - start), wanted)
    best: tuple[tuple[int, int, int, int], int, int] | None = None
    searched = min(len(grid.rows), SEARCHED_ROWS - grid.first_row + 1)
    for start in range(searched):
        for depth in range(1, min(MOST_HEADER_ROWS, searched - start) + 1):
            found = match(_joined(grid, start, depth), wanted)
            score = (sum(wanted[number].required for number in found), len(found), -depth, -start)
            if len(found) >= min(2, len(wanted)) and (best is None or score > best[0]):
                best = score, start, depth
    if best is None:
        names = [one.names[0] for one in wanted if one.required] or [one.names[0] for one in wanted]
        raise Unreadable("E-03", columns="、".join(names))
    _, start, depth = best
    start, depth = _with_groups_above(grid, start, depth)
    return _table(grid, start, _with_rows_below(grid, start, depth, wanted), wanted)


def guess_table(grid: Grid) -> Table:
    """Return the table that the shape of the sheet suggests, for a person to map: the first row of mostly texts that is
    about as full as the fullest row among the first thirty. Raises Unreadable E-41 when the sheet holds nothing.
    """
    if not grid.rows:
        raise Unreadable("E-41", sheet=grid.sheet)
    filled = [sum(not _blank(cell) for cell in row) for row in grid.rows[: 2 * SEARCHED_ROWS]]
    for start, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        texts = sum(isinstance(cell, str) and not _blank(cell) for cell in row)
        if filled[start] >= 0.6 * max(filled) and texts >= 0.5 * filled[start]:
            break
    else:
        start = filled.index(max(filled))
    start, depth = _with_groups_above(grid, start, 1)
    return _table(grid, start, _with_rows_below(grid, start, depth, ()), ())


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip(SPACES)


def _text(cell: Cell) -> str:
    """Return a heading cell as one line of at most `LONGEST_HEADING` characters; a year that is a number as 2020."""
    if not isinstance(cell, str):
        return shown(cell)
    return re.sub(r"\s*\n\s*", "", cell[: 2 * LONGEST_HEADING].strip(SPACES))[:LONGEST_HEADING]


def _joined(grid: Grid, start: int, depth: int) -> list[str]:
    """Return one heading per column from `depth` rows: group headings spread over their columns, parts joined."""
    texts = [[_text(cell) for cell in row] for row in grid.rows[start : start + depth]]
    for level in range(depth - 1):
        _spread(grid, start + level, texts[level], texts[level + 1 :])
    units = texts.pop() if depth > 1 and _is_unit_row(texts[-1]) else None
    headings = [JOINT.join(dict.fromkeys(filter(None, parts))) for parts in zip(*texts, strict=True)]
    if units:
        headings = [
            f"{heading}（{unit.strip('()（）')}）" if heading and unit else heading or unit
            for heading, unit in zip(headings, units, strict=True)
        ]
    return headings


def _is_unit_row(texts: Iterable[str]) -> bool:
    filled = [_narrow(text) for text in texts if text]
    return bool(filled) and all(_UNIT_CELL.fullmatch(text) for text in filled)


def _spread(grid: Grid, row: int, texts: list[str], below: list[list[str]]) -> None:
    """Fill a group heading to the right: over its merged area, or over the empty cells that have a heading below."""
    number = grid.first_row + row
    areas = [area for area in grid.merged if area.first_row == number]
    for area in areas:
        first = area.first_column - grid.first_column
        if 0 <= first < len(texts):
            for column in range(first, min(area.last_column - grid.first_column + 1, len(texts))):
                texts[column] = texts[first]
    if areas:
        return
    last = below[-1]
    for column in range(1, len(texts)):
        if not texts[column] and last[column] and last[column - 1]:
            texts[column] = texts[column - 1]


def _with_groups_above(grid: Grid, start: int, depth: int) -> tuple[int, int]:
    """Take in the row above when it groups columns: it spans some of them, and is no title over all and no note."""
    while depth < MOST_HEADER_ROWS and start > 0:
        own = [_text(cell) for cell in grid.rows[start]]
        above = [_text(cell) for cell in grid.rows[start - 1]]
        if any(_NOTE.match(_narrow(text)) for text in above if text) or not any(above) or all(above) or above[0]:
            break
        spread = list(above)
        _spread(grid, start - 1, spread, [own])
        spans = Counter(filter(None, spread)).values()
        if not spans or max(spans) < 2 or max(spans) >= len(spread):
            break
        start, depth = start - 1, depth + 1
    return start, depth


def _with_rows_below(grid: Grid, start: int, depth: int, wanted: Sequence[Heading]) -> int:
    """Take in the next row when headings reach down into it: by a merged area, by units, or by having no key at all."""
    while depth < MOST_HEADER_ROWS and start + depth < len(grid.rows):
        row = grid.rows[start + depth]
        number = grid.first_row + start + depth
        merged = any(
            grid.first_row + start <= area.first_row < number <= area.last_row and area.last_row - area.first_row < 3
            for area in grid.merged
        )
        known = match(_joined(grid, start, depth), wanted).values()
        under = [_text(row[column]) for column in known]
        apart = bool(known) and all(not text or _UNIT_CELL.fullmatch(_narrow(text)) for text in under)
        labels = [_text(cell) for cell in row if not _blank(cell)]
        if (
            not labels
            or not (merged or apart or _is_unit_row(labels))
            or any(normal(text) in _TOTALS for text in under)
        ):
            break
        depth += 1
    return depth


def _table(grid: Grid, start: int, depth: int, wanted: Sequence[Heading]) -> Table:
    joined = _joined(grid, start, depth)
    body = _filled_down(grid, start + depth)
    across = _across(body, len(joined))
    kept = [index for index, heading in enumerate(joined) if heading or not all(map(_blank, across[index]))]
    unnamed = [letters(grid.first_column + index) for index in kept if not joined[index]]
    headings, doubled = _unique([joined[index] or f"{letters(grid.first_column + index)}列" for index in kept])
    keys = [kept[column] for number, column in match(headings, wanted).items() if wanted[number].required]
    skipped = _skipped(grid, start, depth, body, kept, keys)
    offset = grid.first_row + start + depth
    numbers = [offset + index for index in range(len(body)) if index not in skipped]
    if skipped:
        across = _across([row for index, row in enumerate(body) if index not in skipped], len(joined))
    notices = [*_about_the_head(grid, start, doubled, unnamed), *filter(None, skipped.values())]
    hidden = [number for number in numbers if number in grid.hidden_rows] if grid.hidden_rows else []
    if hidden:
        rows = "、".join(map(str, hidden[:10])) + ("…" if len(hidden) > 10 else "")
        notices.append(Message.of("W-03", sheet=grid.sheet, count=len(hidden), rows=rows))
    return Table(
        sheet=grid.sheet,
        header_rows=tuple(range(grid.first_row + start, offset)),
        headings=headings,
        places=tuple(grid.first_column + index for index in kept),
        numbers=numbers,
        columns=[list(across[index]) for index in kept],
        notices=notices,
        unit=_unit_around(grid, start),
    )


def _across(rows: list[list[Cell]], width: int) -> list[tuple[Cell, ...]]:
    with uncollected():
        return list(zip(*rows, strict=True)) if rows else [()] * width


def _filled_down(grid: Grid, first: int) -> list[list[Cell]]:
    """Return the rows from `first`, with a cell that is merged downwards standing in each of its rows."""
    body = grid.rows[first:]
    offset = grid.first_row + first
    for area in grid.merged:
        column = area.first_column - grid.first_column
        top = area.first_row - offset
        if area.first_column == area.last_column and 0 <= top < len(body) and 0 <= column < grid.width:
            for index in range(top + 1, min(area.last_row - offset + 1, len(body))):
                body[index] = [*body[index][:column], body[top][column], *body[index][column + 1 :]]
    return body


def _unique(headings: Sequence[str]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the headings made unique (金額, 金額（2）), and how often each repeated one stands there."""
    seen: Counter[str] = Counter()
    names = []
    for heading in headings:
        seen[heading] += 1
        names.append(heading if seen[heading] == 1 else f"{heading}（{seen[heading]}）")
    return tuple(names), {heading: count for heading, count in seen.items() if count > 1}


def _about_the_head(grid: Grid, start: int, doubled: dict[str, int], unnamed: list[str]) -> list[Message]:
    notices = [Message.of("W-08", sheet=grid.sheet)] if grid.hidden else []
    titles = [texts for row in grid.rows[:start] if (texts := [_text(cell) for cell in row if not _blank(cell)])]
    if titles:
        notices.append(Message.of("W-04", sheet=grid.sheet, count=len(titles), text=shown(titles[0][0])))
    for heading, count in doubled.items():
        notices.append(Message.of("W-06", sheet=grid.sheet, column=heading, count=count))
    if unnamed:
        notices.append(Message.of("W-07", sheet=grid.sheet, letters="、".join(f"{one}列" for one in unnamed)))
    return notices


def _unit_around(grid: Grid, start: int) -> str:
    """Return the unit of money that a row above the headings names for the whole sheet (「単位：千円」)."""
    for row in grid.rows[:start]:
        for cell in row:
            found = isinstance(cell, str) and _SHEET_UNIT.search(_narrow(cell).replace(" ", ""))
            if found:
                return found[1]
    return ""


def _skipped(
    grid: Grid, start: int, depth: int, body: list[list[Cell]], kept: list[int], keys: list[int]
) -> dict[int, Message | None]:
    """Return the rows of the body that hold no data, each with its notice: empty, total, note, repeated heading.

    Only rows whose first cell gives cause are looked at closely, so that long sheets cost nothing.
    """
    if not kept:
        return dict.fromkeys(range(len(body)))
    first = kept[0]
    head = grid.rows[start + depth - 1]
    title = head[first]
    suspects = [
        index
        for index, row in enumerate(body)
        if isinstance(cell := row[first], str)
        and not cell.isdigit()
        and (
            not cell
            or cell.isspace()
            or cell in MISSING
            or "計" in cell
            or "総" in cell
            or cell.startswith(_SUSPECT_STARTS)
            or cell == title
        )
    ]
    last = max(len(body) - MOST_NOTES, 0)
    suspects += [index for index in range(last, len(body)) if index not in set(suspects)]
    skipped: dict[int, Message | None] = {}
    for index in sorted(suspects):
        row = body[index]
        filled = [] if row.count("") == len(row) else [cell for cell in row if not _blank(cell)]
        if not filled:
            skipped[index] = None
            continue
        number = grid.first_row + start + depth + index
        if row == head:
            skipped[index] = Message.of("W-09", sheet=grid.sheet, row=number)
        elif _is_total(row, filled, keys):
            skipped[index] = Message.of("W-02", sheet=grid.sheet, row=number)
        elif _is_note(filled, len(kept)):
            skipped[index] = Message.of("W-05", sheet=grid.sheet, row=number, text=shown(filled[0]))
    return skipped


def _is_total(row: list[Cell], filled: list[Cell], keys: list[int]) -> bool:
    """A total names itself in its first text (合計), or ends in 計 (石狩管内計) and lacks a key of the table."""
    labels = [
        normal(cell)
        for cell in filled[:4]
        if isinstance(cell, str) and len(cell) <= LONGEST_TOTAL and cell.strip(SPACES) not in MISSING
    ]
    keyless = any(isinstance(row[key], str) and _keyless(row[key]) for key in keys)
    if labels and labels[0] in _TOTALS and (keyless or not keys or _keyless(filled[0]) or filled[0] is row[keys[0]]):
        return True
    return keyless and any(label in _TOTALS or _TOTAL_LIKE.fullmatch(label) for label in labels)


def _keyless(cell: Cell) -> bool:
    """Say whether a key cell holds no key: nothing, a dash, or the word for a total."""
    if not isinstance(cell, str) or len(cell) > LONGEST_TOTAL:
        return False
    plain = normal(cell)
    return cell.strip(SPACES) in MISSING or plain in _TOTALS or bool(_TOTAL_LIKE.fullmatch(plain))


def _is_note(filled: list[Cell], width: int) -> bool:
    """A note stands alone in its row and begins like one (※, 注, 資料：), or is a long sentence."""
    first = filled[0]
    if len(filled) > 2 or width < 3 or not isinstance(first, str):
        return False
    plain = _narrow(first.strip(SPACES))
    return bool(_NOTE.match(plain)) or (len(filled) == 1 and len(plain) >= LONG_NOTE and not plain.isascii())
