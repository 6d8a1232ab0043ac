"""How letters write: full-width figures, dates with 全角, drawings. Builtins of the document templates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.fiscal_year import FiscalYear, wareki

register = template.Library()
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc"),
    *("defs", "clipPath", "pattern", "linearGradient", "radialGradient", "stop", "symbol", "marker", "mask"),
}


@register.filter
def wide(value: object) -> str:
    """後地政第204号 → 後地政第２０４号."""
    return str(value).translate(_WIDE)


@register.filter
def on(value: str | date | None) -> str:
    """令和６年５月１０日 from 2024-05-10; blanks to be filled in by hand where there is no day yet."""
    day = _day(value)
    return wide(wareki(day)) if day else "令和　　年　　月　　日"


@register.filter
def on_half(value: str | date | None) -> str:
    """令和6年5月10日, for tables; － where there is none."""
    return wareki(_day(value)) or "－"


@register.filter
def fy_wide(year: int | None) -> str:
    """令和６年度."""
    return "－" if year is None else wide(FiscalYear(year).wareki)


@register.filter
def fy_short(year: int) -> str:
    """令和6, for the head of narrow columns."""
    return FiscalYear(year).wareki.removesuffix("年度")


@register.filter
def kin_or_none(amount: int | None) -> str:
    """金8,640,000円; － where there is no amount."""
    return "－" if amount is None else f"金{amount:,}円"


@register.filter
def moment(value: str) -> str:
    """令和8年11月21日14時05分 (Japanese time) from an ISO moment."""
    local = timezone.localtime(datetime.fromisoformat(value))
    return f"{wareki(local.date())}{local.hour}時{local.minute:02d}分"


@register.filter
def svg(source: str) -> SafeString:
    """Return a drawing of our own charts for embedding, named by its label as a PDF needs it.

    A script, a link or an inline style is refused. Raises ValueError with a Japanese sentence.
    """
    root = ElementTree.fromstring(source)  # noqa: S314 - entities are refused below, the source is our own
    if "<!" in source:
        raise ValueError("図に使えない宣言が含まれています。")
    for element in root.iter():
        if element.tag.removeprefix(_SVG) not in _DRAWING:
            raise ValueError(f"図に使えない要素が含まれています（{element.tag.removeprefix(_SVG)}）。")
        for name in element.attrib:
            if name.startswith("on") or name.endswith("href") or name == "style":
                raise ValueError(f"図に使えない属性が含まれています（{name}）。")
    start, body = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).split(">", 1)
    named = f"<title>{escape(root.get('aria-label', ''))}</title>" if root.find(f"{_SVG}title") is None else ""
    return mark_safe(f'{start} font-family="BIZ UDPGothic" font-size="12">{named}{body}')  # noqa: S308 - checked above


def _day(value: str | date | None) -> date | None:
    return (date.fromisoformat(value) if value else None) if isinstance(value, str) else value


_WEB = {"num": "num", "nw": "nw", "again": "soft"}


@dataclass(frozen=True)
class TableCell:
    """One cell of a table of plain data as it is drawn: its words and its classes on paper."""

    text: str
    look: str

    @property
    def web(self) -> str:
        """Its classes on a page of the portal."""
        worn = self.look.split()
        return " ".join(mine for theirs, mine in _WEB.items() if theirs in worn)


@register.filter
def table_rows(table: Mapping[str, Any]) -> list[list[TableCell]]:
    """The rows of a table of plain data (`heads`, `rows`, `groups`): numbers as they are written, the first columns
    grey where they say the same as the row above."""
    rows: list[list[TableCell]] = []
    above: Sequence[object] = ()
    for row in table["rows"]:
        same = True
        cells = []
        for place, (head, value) in enumerate(zip(table["heads"], row, strict=True)):
            same = same and place < table["groups"] and bool(above) and above[place] == value
            cells.append(_cell(head, value, again=same))
        rows.append(cells)
        above = row
    return rows


@register.filter
def table_total(table: Mapping[str, Any]) -> list[TableCell]:
    """The cells of the last line of such a table."""
    return [_cell(head, value) for head, value in zip(table["heads"], table["total"], strict=True)]


def _cell(head: Mapping[str, Any], value: object, *, again: bool = False) -> TableCell:
    looks = [head["look"], "num" if head["num"] else "", "again" if again else ""]
    plain = not head["num"] or head["look"] == "plain"
    return TableCell(_written(value, plain=plain), " ".join(filter(None, looks)))


@register.filter
def table_widths(table: Mapping[str, Any]) -> list[int]:
    """How wide each column of such a table is, in percent of the whole: by what stands in it, so that no number and
    no short word is broken. Fixed widths also spare the drawing of every cell twice."""
    wanted = []
    for place, head in enumerate(table["heads"]):
        longest = max((_room(row[place]) for row in table["rows"]), default=0)
        name = _room(head["name"])
        if head["num"] or head["look"] in ("nw", "year"):
            wanted.append(max(longest, min(name, 8)) + 3)
        else:
            wanted.append(min(max(longest, min(name, 12)), 28 if head["look"] == "mid" else 52) + 3)
    whole = sum(wanted)
    return [max(1, round(100 * part / whole)) for part in wanted]


def _room(value: object) -> int:
    """How many half-width places a text takes; of a number with its commas."""
    text = _written(value, plain=False)
    return sum(1 if character.isascii() else 2 for character in text)


def _written(value: object, *, plain: bool) -> str:
    """1,240 for numbers (also decimal texts), ▲ for minus, days in 和暦, － for none; `plain` text stays as it is."""
    if value is None:
        return "－"
    text = str(value)
    if _ISO_DAY.match(text):
        return wareki(date.fromisoformat(text))
    if plain or not _NUMBER.match(text):
        return text
    whole, point, rest = text.lstrip("-").partition(".")
    return f"{'▲' if text.startswith('-') else ''}{int(whole):,}{point}{rest}"
