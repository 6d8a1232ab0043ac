"""What the import pages show of kinds and runs, in the words and shapes of the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404

from common.models import AuditEvent, SheetImport
from common.sheets.describing import about
from common.sheets.fields import Context, Number, SheetField, Whole, Yen
from common.sheets.kinds import Origin, SheetKind, all_kinds
from common.sheets.paging import CellDiff, Finding, RowDiff, page_of
from common.sheets.writing import Column
from common.viewer import Viewer

from .import_texts import ADVICE, Badge, badge_of

COUNTED = {"checked", "writing", "done", "undoing", "undone"}


@dataclass(frozen=True)
class ColumnView:
    """A column as the upload page explains it."""

    heading: str
    key: bool
    required: bool
    about: str
    example: str
    synonyms: tuple[str, ...]


class KindView:
    """A kind of sheet as a person chooses it."""

    def __init__(self, kind: SheetKind, ctx: Context | None = None) -> None:
        self.id, self.title, self.hint = kind.id, kind.title, kind.hint
        self._fields = kind.form_fields(ctx or Context())

    @property
    def keys(self) -> list[str]:
        return [one.heading for one in self._fields if one.key]

    @property
    def others(self) -> list[str]:
        return [one.heading for one in self._fields if not one.key]

    @property
    def columns(self) -> list[ColumnView]:
        return [_column(one) for one in self._fields]


@dataclass(frozen=True)
class RunLine:
    """A run as the list shows it."""

    run: SheetImport
    title: str
    badge: Badge
    counted: bool

    @property
    def errors(self) -> str:
        return f"{self.run.error:,}"


@dataclass(frozen=True)
class Happening:
    """One event of a run as the timeline takes it."""

    title: str
    at: Any
    who: str
    reason: str = ""
    internal: bool = False


def lines_of(runs: Iterable[SheetImport], viewer: Viewer) -> list[RunLine]:
    """Return the runs of one page with the titles of their kinds, as this person sees whose turn it is."""
    kinds = {kind.id: kind for kind in all_kinds()}
    lines = []
    for run in runs:
        kind = kinds.get(run.kind)
        mine = kind is not None and kind.allows(viewer) and run.office_key == viewer.office.key
        title = kind.title if kind else run.kind
        lines.append(RunLine(run, title, badge_of(run, mine=mine), run.state in COUNTED))
    return lines


def export_columns() -> list[Column[SheetImport]]:
    """What the list of imports writes out, one value a cell."""
    titles = {kind.id: kind.title for kind in all_kinds()}
    return [
        Column("番号", lambda run: run.pk, 8),
        Column("様式", lambda run: f"{run.kind} {titles.get(run.kind, '')}".strip(), 22),
        Column("ファイル", lambda run: run.file_name, 30),
        Column("シート", lambda run: run.sheet, 14),
        Column("状態", lambda run: badge_of(run).label, 14),
        Column("取り込む人", lambda run: run.created_by_name, 30),
        Column("受付日", lambda run: run.created_at, 12),
        Column("取込日", lambda run: run.confirmed_at, 12),
        Column("取消日", lambda run: run.undone_at, 12),
        Column("登録（件）", lambda run: run.new, 10),
        Column("更新（件）", lambda run: run.changed, 10),
        Column("変更なし（件）", lambda run: run.same, 12),
        Column("エラー（件）", lambda run: run.error, 10),
        Column("SHA-256", lambda run: run.file_sha256, 66),
    ]


def history_of(run: SheetImport) -> list[Happening]:
    """Return what the audit chain says about a run, newest first."""
    events = AuditEvent.objects.filter(
        subject_type=run._meta.label_lower, subject_id=str(run.pk), action__startswith="sheet."
    ).order_by("-id")[:20]
    return [Happening(event.title, event.at, event.who, event.reason) for event in events]


def origin_of(kind: SheetKind, parameters: Mapping[str, Any], viewer: Viewer) -> Origin | None:
    """Return what a sheet is about and the page it was called from. Raises Http404 where the viewer may not know it."""
    if not kind.parameters:
        return None
    try:
        return kind.origin(parameters, viewer)
    except (ObjectDoesNotExist, ValueError) as unknown:
        raise Http404 from unknown


def in_words(value: object) -> str:
    """Return an example as a person would type it."""
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    return "" if value is None else str(value)


def _column(field: SheetField) -> ColumnView:
    told = about(field.reader)
    return ColumnView(
        field.heading, field.key, field.required or field.key, told.text, in_words(told.example), field.synonyms
    )


@dataclass(frozen=True)
class ShownProblem:
    """One finding as the table shows it: where, what, and what to do."""

    place: str
    text: str
    advice: str
    mark: str
    word: str


@dataclass(frozen=True)
class ShownCell:
    """One cell: what it becomes, what it was (for a changed one), whether it is wrong."""

    text: str
    before: str
    changed: bool
    wrong: bool
    num: bool

    @property
    def long(self) -> bool:
        """Whether the text may take several lines."""
        return max(len(self.text), len(self.before)) > LONG


@dataclass(frozen=True)
class ShownRow:
    """One row of the comparison."""

    number: int
    result: str
    label: str
    mark: str
    cells: tuple[ShownCell, ...]
    problems: tuple[ShownProblem, ...]


@dataclass(frozen=True)
class ShownColumn:
    """A head of the table."""

    heading: str
    num: bool


@dataclass(frozen=True)
class Filter:
    """A tab: how many rows have this result; `result` is the mark, "" for all rows."""

    label: str
    url: str
    current: bool
    count: int
    result: str


@dataclass(frozen=True)
class RowsTable:
    """The rows of one tab, a page of them."""

    caption: str
    columns: list[ShownColumn]
    rows: list[ShownRow]
    with_problems: bool
    empty: str


MARKS = {"new": "pass", "changed": "judge", "same": "no_data", "error": "fail"}
TABS = (("", "すべて"), ("new", "登録"), ("changed", "更新"), ("same", "変更なし"), ("error", "エラー"))
FIRST_SHOWN = ("error", "changed", "new", "same")  # what a person must look at first
EMPTY = {
    "new": "新しく登録する行はありません。",
    "changed": "値の変わる行はありません。",
    "same": "登録済みと同じ行はありません。",
    "error": "エラーの行はありません。",
    "": "表に行がありません。",
}
ROWS_PER_PAGE = 50
LONG = 24  # characters of a cell beyond which its text may be broken into lines


def rows_of(run: SheetImport, viewer: Viewer, query: Mapping[str, str]) -> dict[str, Any]:
    """Return tabs, table and pager of a run that was compared; `query` holds `result` and `page` of the address."""
    counts = {"": run.rows, "new": run.new, "changed": run.changed, "same": run.same, "error": run.error}
    chosen = query.get("result", next((name for name in FIRST_SHOWN if counts[name]), ""))
    chosen = chosen if chosen in counts else ""
    wanted = query.get("page", "1")
    page = page_of(
        run,
        viewer=viewer,
        result=chosen or None,
        page=int(wanted) if wanted.isdecimal() else 1,
        per_page=ROWS_PER_PAGE,
    )
    label = dict(TABS)[chosen]
    kept = [at for at, one in enumerate(page.fields) if one.attribute or any(row.cells[at].after for row in page.rows)]
    fields = [page.fields[at] for at in kept]  # columns that are only read are left out where they hold nothing
    numeric = {one.name for one in fields if isinstance(one.reader, Whole | Yen | Number)}
    rows = [_row(row, [row.cells[at] for at in kept], run.sheet, numeric) for row in page.rows]
    table = RowsTable(
        caption=f"{label}の行（{page.total:,}行中{len(rows):,}行）",
        columns=[ShownColumn(one.heading, one.name in numeric) for one in fields],
        rows=rows,
        with_problems=any(row.problems for row in rows),
        empty=EMPTY[chosen],
    )
    filters = [
        Filter(text, f"?result={name}", name == chosen, counts[name], MARKS.get(name, "")) for name, text in TABS
    ]
    pager = Paginator(range(page.total), ROWS_PER_PAGE).get_page(page.number)
    return {"filters": filters, "table": table, "page": pager, "compared": True}


def _row(row: RowDiff, cells: Sequence[CellDiff], sheet: str, numeric: Set[str]) -> ShownRow:
    return ShownRow(
        number=row.number,
        result=row.result,
        label=row.label,
        mark=MARKS[row.result],
        cells=tuple(_cell(cell, row.result, cell.field in numeric) for cell in cells),
        problems=tuple(_problem(one, row.number, sheet) for one in row.findings),
    )


def _cell(cell: CellDiff, result: str, num: bool) -> ShownCell:
    def shown(text: str) -> str:
        whole = text.removeprefix("-").isdecimal() and num
        return f"{int(text):,}".replace("-", "▲") if whole else text or "－"

    return ShownCell(
        text=shown(cell.after),
        before=shown(cell.before),
        changed=cell.changed and result == "changed",
        wrong=bool(cell.problem),
        num=num,
    )


def _problem(one: Finding, row: int, sheet: str) -> ShownProblem:
    place = "　".join(
        part
        for part in (
            f"シート「{sheet}」" if sheet else "",
            f"{row}行",
            f"「{one.heading}」列" if one.heading else "行全体",
        )
        if part
    )
    mark, word = ("warn", "注意") if one.warns else ("fail", "エラー")
    return ShownProblem(place, one.text.partition("行目：")[2] or one.text, ADVICE.get(one.id, ""), mark, word)
