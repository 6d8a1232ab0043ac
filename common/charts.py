"""Charts as SVG, drawn on the server: one drawing for page and PDF, no inline style or script, text stays text.

`vega()` draws any Vega-Lite spec; `stacked_years()` the one chart whose form the house prescribes in detail (people by
age group, actual beside projected). Put the result into `<figure class="chart">` under one sentence that says what it
shows, with its table beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

DAY = 24 * 60 * 60
# Dark and light alternate, so that neighbours stay apart in grey print and for colour-blind readers
BLUE, SKY, PEACH, GREY = "#00428c", "#57b8ff", "#ffc199", "#b3b3b3"
INK, INK_SOFT, LINE, GROUND = "#1a1a1a", "#4d4d4d", "#767676", "#f2f2f2"
CONFIG: dict[str, Any] = {
    "font": "BIZ UDPGothic",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "labelColor": INK_SOFT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": INK_SOFT,
        "gridColor": "#e6e6e6",
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "text": {"fontSize": 13, "color": INK},
}


def vega(spec: Mapping[str, Any], *, label: str) -> SafeString:
    """Draw a Vega-Lite spec (a plain dict with its data inside); `label` says in words what the chart shows.

    Series are labelled directly in the chart: no legend, no colour gradient (a PDF loses it). A picture drawn before
    comes from the cache, found by the hash of its spec. Raises ValueError where the spec is wrong.
    """
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG} | dict(spec)
    digest = hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    drawn = str(cache.get_or_set(f"chart:{digest}", lambda: _vega_svg(whole), DAY))
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1))  # noqa: S308


def _vega_svg(spec: Mapping[str, Any]) -> str:
    import vl_convert  # 60 MB of engine: only the process that draws pays for it

    _register_fonts()
    drawn: str = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    # The picture is one image to a screen reader: its parts carry no roles of their own
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)


@once
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(Path(settings.BASE_DIR) / "fonts"))


@dataclass(frozen=True)
class YearBar:
    """One year: the parts from the bottom up, the total written above; None where a value is missing.

    The parts may make less than the total (people of unknown age): the rest is drawn white.
    """

    year: int
    parts: tuple[int | None, ...]
    total: int | None
    projected: bool
    note: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Stack:
    """A stacked bar for every year: actual on white, projected on grey ground with stripes."""

    bars: tuple[YearBar, ...]
    part_names: tuple[str, ...]
    actual_title: str
    projected_title: str
    note_title: str = ""
    width: int = 1093
    height: int = 330


COLOURS = (BLUE, SKY, PEACH)
HEAD, FOOT, BESIDE = 48, 46, 100
DIGIT_PX = 8.2


def stacked_years(stack: Stack, *, label: str, uid: str = "years") -> SafeString:
    """Draw the years side by side, each value written on its bar, each part named once beside the last bar.

    A year without a total shows 「データなし」, a total without parts one grey bar. `uid` keeps the stripes of several
    charts on one page apart.
    """
    drawn = "".join(_stacked(stack, uid))
    view = f'viewBox="0 0 {stack.width} {stack.height}"'
    return mark_safe(f'<svg {view} role="img" aria-label="{escape(label)}">{drawn}</svg>')  # noqa: S308


def _stacked(stack: Stack, uid: str) -> Sequence[str]:
    base, highest = stack.height - FOOT, max((bar.total or 0 for bar in stack.bars), default=0) or 1
    step = (stack.width - BESIDE - 8) / len(stack.bars)
    scale = (base - HEAD) / highest
    out = [
        f'<defs><pattern id="{escape(uid)}-stripes" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="1.6" height="6" fill="#fff" fill-opacity=".62"/></pattern></defs>'
    ]
    out += _grounds(stack, step, base)
    for number, bar in enumerate(stack.bars):
        out += _bar(bar, 8 + step * (number + 0.5), step, base, scale, uid)
    end = 8 + step * len(stack.bars)
    out.append(f'<line x1="8" x2="{end:.1f}" y1="{base}" y2="{base}" stroke="{INK}"/>')
    out += _part_names(stack, end + 4, base, scale)
    out.append(_text(end + 4, base + 19, "年", soft=True, small=True, anchor="start"))
    if stack.note_title:
        out.append(_text(end + 4, base + 39, stack.note_title, soft=True, small=True, anchor="start"))
    return out


def _grounds(stack: Stack, step: float, base: int) -> list[str]:
    """The grey ground under the projected years, and what each side is."""
    actual = sum(not bar.projected for bar in stack.bars)
    edge, end = 8 + step * actual, 8 + step * len(stack.bars)
    out = []
    if actual < len(stack.bars):
        out.append(f'<rect x="{edge:.1f}" y="0" width="{end - edge:.1f}" height="{base}" fill="{GROUND}"/>')
        out.append(_text((edge + end) / 2, 18, stack.projected_title, soft=True))
    if actual:
        out.append(_text((8 + edge) / 2, 18, stack.actual_title, soft=True))
    return out


def _bar(bar: YearBar, middle: float, step: float, base: int, scale: float, uid: str) -> list[str]:
    wide = min(56.0, step * 0.7)
    x, out = middle - wide / 2, []
    if bar.total is None:
        out.append(_text(middle, base - 8, "データなし", soft=True, small=True))
    else:
        top = base - bar.total * scale
        box = f'x="{x:.1f}" width="{wide:.1f}"'
        known = None not in bar.parts
        y = float(base)
        for count, colour in zip(bar.parts, COLOURS, strict=True) if known else [(bar.total, GREY)]:
            high = (count or 0) * scale
            y -= high
            out.append(
                f'<rect {box} y="{y:.1f}" height="{high:.1f}" fill="{colour}" stroke="#fff" stroke-width="1.5"/>'
            )
        whole = f'{box} y="{top:.1f}" height="{base - top:.1f}"'
        if bar.projected:
            out.append(f'<rect {whole} fill="url(#{escape(uid)}-stripes)"/>')
        out.append(f'<rect {whole} fill="none" stroke="{LINE}" stroke-width=".8"/>')
        out.append(_text(middle, top - 7, _written(bar.total, step), bold=bar.strong))
    out.append(_text(middle, base + 20, str(bar.year), bold=bar.strong))
    if bar.note:
        out.append(_text(middle, base + 40, bar.note, bold=bar.strong, soft=True))
    return out


def _written(total: int, room: float) -> str:
    """5,224,614, or 522.5万 where the next bar's number would be touched."""
    text = f"{total:,}"
    return text if len(text) * DIGIT_PX <= room else f"{total / 10_000:,.1f}万"


def _part_names(stack: Stack, x: float, base: int, scale: float) -> list[str]:
    """Each part's name at the height of its middle in the last bar, at least a line apart."""
    last = stack.bars[-1]
    if last.total is None or None in last.parts:
        return []
    out, below, y = [], 0, base + 14.0
    for name, count in zip(stack.part_names, last.parts, strict=True):
        middle = base - (below + (count or 0) / 2) * scale + 5
        y = min(middle, y - 17)
        out.append(_text(x, y, name, anchor="start"))
        below += count or 0
    return out


def _text(
    x: float,
    y: float,
    text: str,
    *,
    bold: bool = False,
    soft: bool = False,
    small: bool = False,
    anchor: str = "middle",
) -> str:
    classes = " ".join(name for name, wanted in (("t-soft", soft), ("t-b", bold), ("t-s", small)) if wanted)
    named = f' class="{classes}"' if classes else ""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{12 if small else 14}"{weight} '
        f'fill="{INK_SOFT if soft else INK}">{escape(text)}</text>'
    )
