"""The page about sheets in the administrators' handbook (docs/sheets.md), written from the declarations themselves.

`manage.py sheet_handbook > docs/sheets.md` writes it anew; a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..viewer import Access, Duty
from .describing import about
from .fields import Context, SheetField
from .kinds import SheetKind, all_kinds
from .layouts import all_layouts
from .messages import ROW, TEMPLATES

HEAD = """# The sheets that come in

Written by `manage.py sheet_handbook` from the declarations in each room's `resources`; do not edit by hand.
How an import goes: [imports.md](imports.md). Sheets that go out: [add-a-sheet.md](add-a-sheet.md).

**All sheets alike.** Headings are searched in the first 15 rows, under any of the names below, also over several
rows. A row is found by its key (🔑); a row that is missing from the file is never deleted, what ends gets its 終了日.
A column that the file does not have leaves what stands as it is; an empty cell of a column that it has empties the
value, and the difference shows it. A municipality is found by its code; a name alone counts where it is unique inside
the prefecture (泊村 is there twice).

**Who.** Matrix row 36 lets bureau staff bring in what concerns their jurisdiction: people and indicators of their
municipalities, regions they lead; other rows are E-18. Masters (row 2) belong to headquarters and administrators.

**Age groups (E-17).** 0-14 + 15-64 + 65以上 + 年齢不詳 must make 総人口 where the three groups are given. Without the
column 年齢不詳 the people of unknown age that are registered count. **Large changes (W-01)** only warn: a total against
the one that it replaces, else against the year before; the percentage is an option of the kind (`notice_percent`).

**Settled data (E-20).** Applications keep the figures they were judged by as a snapshot, so people, zones and hubs may
be corrected. Regions that ended, and members of formed regions without their agreement, may not be changed by a sheet.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [HEAD, *map(_sheet, all_kinds()), _layouts(), _messages()]
    return "\n".join(parts)


def _sheet(kind: SheetKind) -> str:
    may = "、".join(duty.label for duty in Duty if kind.Sheet.action.allows(duty, Access.EDIT))
    told = [f"## {kind.id} {kind.title}", "", *([kind.hint, ""] if kind.hint else []), f"取込できる役割：{may}", ""]
    lines = ["| 列 | 必須 | 書き方 | ほかの見出し |", "|---|---|---|---|"]
    return "\n".join([*told, *lines, *map(_column, _fields(kind)), ""])


def _fields(kind: SheetKind) -> Iterator[SheetField]:
    yield from kind.form_fields(Context())


def _column(field: SheetField) -> str:
    told = about(field.reader)
    must = "必須" if field.required or field.key else ""
    heading = f"🔑 {field.heading}" if field.key else field.heading
    return f"| {heading} | {must} | {told.text} | {'、'.join(field.synonyms)} |"


def _layouts() -> str:
    lines = [f"| {layout.kind} | {layout.title} |" for layout in sorted(all_layouts(), key=lambda one: one.kind)]
    intro = "Recognised by headings and title; totals and wards are left out and reported."
    head = ["## Tables of ministries that are read as they are", "", intro, ""]
    return "\n".join([*head, "| 様式 | 表 |", "|---|---|", *lines, ""])


def _messages() -> str:
    lines = [f"| {id} | {text.replace(ROW, '{row}行目：')} |" for id, text in TEMPLATES.items()]
    return "\n".join(["## Messages\n\nE stops, W warns, I tells.\n", "| id | 文 |", "|---|---|", *lines, ""])
