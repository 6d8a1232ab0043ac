"""The timeline as SVG: a lane for each region, zone or support; names inside their bars, states as a band below."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.charts import BLUE, GREY, INK, INK_SOFT, LINE, SKY
from common.fiscal_year import FiscalYear

from .timeline import Lane, Segment, Timeline

WIDTH, LEFT, RIGHT = 1093, 8, 12
TITLE, BAR, BAND, MARKS, GAP = 20, 26, 14, 18, 16
FOOT = 26
FILLS = {"open": "#ffffff", "light": "#e8f1fe", "middle": SKY, "dark": BLUE, "grey": GREY}
ON_DARK = {"dark"}


def timeline_picture(timeline: Timeline) -> SafeString:
    """Draw the timeline; a name too long for its bar is numbered, and written out under its lane."""
    scale = _Scale(timeline.first, timeline.last)
    out: list[str] = []
    y = 4.0
    for lane in timeline.lanes:
        drawn, y = _lane(lane, scale, y)
        out += drawn
    out = _years(scale, y) + out
    height = y + FOOT
    view = f'viewBox="0 0 {WIDTH} {height:.0f}"'
    return mark_safe(f'<svg {view} role="img" aria-label="{escape(timeline.told)}">{"".join(out)}</svg>')  # noqa: S308


class _Scale:
    """From a day to its place."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, FiscalYear.of(last).last_day
        self.days = max((self.last - first).days, 1)

    def x(self, day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / self.days

    def span(self, one: Segment) -> tuple[float, float]:
        """Left edge and width, the last day included."""
        left = self.x(one.first)
        return left, max(self.x(one.last) - left, 3.0)


def _lane(lane: Lane, scale: _Scale, top: float) -> tuple[list[str], float]:
    """One lane from `top` down; returns it with the place of the next."""
    out = [_text(LEFT, top + 14, lane.title, bold=True)]
    y = top + TITLE
    numbers, notes = count(1), []
    for one in lane.names:
        left, wide = scale.span(one)
        label = one.label
        if _width(label) > wide - 8:
            mark = f"（{next(numbers)}）"
            notes.append(f"{mark}{label}")
            label = mark if _width(mark) <= wide - 2 else ""
        out.append(_rect(left, y, wide, BAR, one.shade))
        if label:
            out.append(_text(left + wide / 2, y + 18, label, middle=True, light=one.shade in ON_DARK))
    y += BAR
    for one in lane.states:
        left, wide = scale.span(one)
        out.append(_rect(left, y + 2, wide, BAND, one.shade))
        if _width(one.label, 12) <= wide - 6:
            out.append(_text(left + wide / 2, y + 13, one.label, middle=True, size=12, light=one.shade in ON_DARK))
    y += BAND + 2 if lane.states else 0
    edge = 0.0
    for day, towns in lane.joins:
        x = scale.x(day)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + TITLE - 3:.1f}" y2="{y + 6:.1f}" stroke="{INK}"/>')
        end = x + 4 + _width(towns, 12)
        if x < edge:
            y += MARKS
        anchored = end > WIDTH
        out.append(_text(x - 4 if anchored else x + 4, y + 15, towns, size=12, end=anchored))
        edge = end + 8
    y += MARKS if lane.joins else 0
    if notes:
        out.append(_text(LEFT, y + 16, "　".join(notes), size=12, soft=True))
        y += MARKS
    return out, y + GAP


def _years(scale: _Scale, bottom: float) -> list[str]:
    """A line on each 1 April with the year below; every second year is written where they stand close."""
    first, last = scale.first.year, FiscalYear.of(scale.last)
    step = 1 if (WIDTH / max(last - first + 1, 1)) > 44 else 2
    out = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom:.1f}" y2="{bottom:.1f}" stroke="{LINE}"/>']
    for year in range(first, last + 1):
        x = scale.x(FiscalYear(year).first_day)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom:.1f}" stroke="#e6e6e6"/>')
        if (year - first) % step == 0:
            out.append(_text(x + 2, bottom + 18, str(year), size=13, soft=True))
    return out


def _rect(x: float, y: float, wide: float, high: float, shade: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high}" fill="{FILLS[shade]}" '
        f'stroke="{LINE}" stroke-width=".8"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 14,
    bold: bool = False,
    soft: bool = False,
    light: bool = False,
    middle: bool = False,
    end: bool = False,
) -> str:
    anchor = "middle" if middle else "end" if end else "start"
    fill = "#ffffff" if light else INK_SOFT if soft else INK
    weight = ' font-weight="700"' if bold else ""
    classes = [
        name for name, wanted in (("t-light", light), ("t-soft", soft), ("t-b", bold), ("t-s", size < 13)) if wanted
    ]
    named = f' class="{" ".join(classes)}"' if classes else ""
    return (
        f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight} fill="{fill}">'
        f"{escape(text)}</text>"
    )


def _width(text: str, size: int = 14) -> float:
    """About how wide a text is: a letter of the alphabet is half as wide as a Japanese one."""
    return sum(size * (0.58 if ord(letter) < 256 else 1.0) for letter in text)
