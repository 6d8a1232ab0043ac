"""Fills, names and leader lines on a sheet. Colours stand as attributes, so that a PDF needs no style sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .geometry import Point
from .sheet import CELL, Sheet

ACCENT, ACCENT_DARK, LAND, ISLANDS, GREY_LINE = "#00428c", "#00234b", "#f2f2f2", "#ccc", "#767676"
INK, INK_SOFT = "#1a1a1a", "#4d4d4d"
FONT = 12
LINE_HEIGHT = 15
DIRECTIONS = [(cos(step * pi / 8), sin(step * pi / 8)) for step in (12, 4, 14, 10, 2, 6, 15, 9, 1, 7, 0, 8)]


class Look(StrEnum):
    """How a municipality is filled. Looks differ in lightness or pattern, never in hue alone."""

    PLAIN = "plain"
    ZONE = "zone"
    SELECTED = "selected"
    SELECTED_ZONE = "selected-zone"
    MEMBER = "member"
    HUB_URBAN = "hub-urban"
    SETTLEMENT = "settlement"
    REGION = "region"
    REGION_HUB_URBAN = "region-hub-urban"
    REGION_SETTLEMENT = "region-settlement"
    AFTER = "after"


# Fill, and the second colour where the fill is striped
FILLS: dict[Look, tuple[str, str]] = {
    Look.PLAIN: ("#fff", ""),
    Look.ZONE: ("#e6e6e6", ""),
    Look.SELECTED: (ACCENT, ""),
    Look.SELECTED_ZONE: ("#c0e4ff", "#0066be"),
    Look.MEMBER: ("#dcf0ff", ""),
    Look.HUB_URBAN: (ACCENT, ""),
    Look.SETTLEMENT: ("#c0e4ff", ""),
    Look.REGION: ("#ffa66d", ""),
    Look.REGION_HUB_URBAN: (ACCENT, "#ffa66d"),
    Look.REGION_SETTLEMENT: ("#c0e4ff", "#ffa66d"),
    Look.AFTER: ("#ffeee2", ""),
}
OUTLINED = {Look.SELECTED, Look.SELECTED_ZONE}
DARK = {Look.SELECTED, Look.HUB_URBAN}
STRONG = {Look.SELECTED, Look.SELECTED_ZONE, Look.MEMBER}


@dataclass(frozen=True)
class Mark:
    """How one municipality is shown: its fill, and a dashed line around one that could be added."""

    look: Look = Look.PLAIN
    dashed: bool = False


def draw(
    on: Sheet,
    marks: Mapping[str, Mark],
    *,
    label: str,
    titles: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    callouts: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    group_names: bool = False,
    paper: bool = False,
    uid: str = "map",
) -> SafeString:
    """Return the SVG element (put it into `<figure class="map">`).

    `marks`, `titles` (the tooltip), `names` (written on the map), `callouts` (written beside it with a leader line) and
    `links` go by the keys of the sheet; a key without a mark is plain. Each municipality is one path with `data-code`
    and the classes `m`, `m--LOOK` and, where selected, `on`. With `links` each stands inside an `<a>`. `label` says in
    words what the map shows; `paper` draws the outline of names as text of its own, for PDFs (no paint-order there);
    `uid` keeps the patterns of several maps on one page apart.
    """
    shown = {key: marks.get(key, Mark()) for key in on.outlines}
    role = "group" if links else "img"
    parts = [
        f'<svg viewBox="0 0 {on.width} {on.height}" role="{role}" aria-label="{escape(label)}">',
        _patterns({mark.look for mark in shown.values()}, uid),
        f'<path d="{on.context}" fill="{LAND}"/>' if on.context else "",
        f'<g stroke="{"#fff" if on.borders else GREY_LINE}" stroke-width="{".9" if on.borders else ".8"}">',
        *(_place(on, key, mark, titles.get(key, ""), (links or {}).get(key, ""), uid) for key, mark in shown.items()),
        "</g>",
        f'<path d="{on.borders}" fill="none" stroke="{GREY_LINE}" stroke-width=".9"/>' if on.borders else "",
        *_outlines(on, shown),
        *_inset(on),
        f'<g font-size="{FONT}" text-anchor="middle" fill="{INK}">',
        *(text for name in _names(on, shown, names or {}, callouts or {}, group_names) for text in name.svg(paper)),
        "</g></svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text from outside went through escape()


def _patterns(looks: set[Look], uid: str) -> str:
    stripes = [
        f'<pattern id="{escape(uid)}-{look}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{FILLS[look][0]}"/>'
        f'<rect width="2.5" height="6" fill="{FILLS[look][1]}"/></pattern>'
        for look in Look
        if (look in looks or (look == Look.SELECTED_ZONE and Look.ZONE in looks)) and FILLS[look][1]
    ]
    return f"<defs>{''.join(stripes)}</defs>" if stripes else ""


def _place(on: Sheet, key: str, mark: Mark, title: str, link: str, uid: str) -> str:
    fill, second = FILLS[mark.look]
    paint = f"url(#{escape(uid)}-{mark.look})" if second else fill
    classes = f"m m--{mark.look}" + (" on" if mark.look in OUTLINED else "")
    line = f' stroke="{ACCENT}" stroke-width="1"' if mark.look == Look.MEMBER else ""
    if on.borders and mark.look == Look.PLAIN:
        line = ' stroke="#b3b3b3"'
    shape = (
        f'<path class="{classes}" data-code="{escape(key)}" d="{on.outlines[key].d}" fill="{paint}"{line}>'
        f"<title>{escape(title)}</title></path>"
    )
    return f'<a href="{escape(link)}" aria-label="{escape(title)}">{shape}</a>' if link else shape


def _outlines(on: Sheet, shown: Mapping[str, Mark]) -> Iterator[str]:
    """Dashed lines around what could be added, then a dark line around what is selected."""
    for key, mark in shown.items():
        if mark.dashed:
            d = on.outlines[key].d
            yield f'<path class="cut" d="{d}" fill="none" stroke="#fff" stroke-width="2.2"/>'
            yield f'<path class="cut" d="{d}" fill="none" stroke="{ACCENT}" stroke-width="1.8" stroke-dasharray="5 3"/>'
    for key, mark in shown.items():
        if mark.look in OUTLINED:
            yield f'<path class="cut" d="{on.outlines[key].d}" fill="none" stroke="{ACCENT_DARK}" stroke-width="1.8"/>'


def _inset(on: Sheet) -> Iterator[str]:
    if on.inset is None:
        return
    box = on.inset
    yield f'<rect x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}" fill="#fff" stroke="#b3b3b3"/>'
    yield f'<path d="{box.d}" fill="{ISLANDS}"/>'
    title = escape(box.title)
    yield f'<text class="t-s" x="{box.left + 8}" y="{box.top + 17}" font-size="{FONT}" fill="{INK}">{title}</text>'


@dataclass(frozen=True)
class _Name:
    """A name centred on a point, outlined to set it off from the lines under it; `line` leads to its place."""

    x: float
    y: float
    text: str
    size: int = FONT
    bold: bool = False
    inverse: bool = False
    line: tuple[Point, Point] | None = None

    def svg(self, paper: bool) -> Iterator[str]:
        if self.line:
            (x, y), (to_x, to_y) = self.line
            yield f'<path d="M{x} {y}L{to_x:.1f} {to_y:.1f}" stroke="{INK}" stroke-width=".8" fill="none"/>'
            yield f'<circle cx="{x}" cy="{y}" r="2" fill="{INK}"/>'
        ink, around = ("#fff", ACCENT) if self.inverse else (INK, "#fff")
        classes = " ".join(
            name for name, wanted in (("t-s", self.size == FONT), ("t-b", self.bold), ("t-inv", self.inverse)) if wanted
        )
        at = f'x="{self.x:.0f}" y="{self.y + self.size * 0.36:.0f}"'
        at += f' font-size="{self.size}"' if self.size != FONT else ""
        at += ' font-weight="700"' if self.bold else ""
        halo = f'stroke="{around}" stroke-width="3" stroke-linejoin="round"'
        if paper:
            yield f'<text {at} fill="{around}" {halo}>{escape(self.text)}</text>'
            yield f'<text {at} fill="{ink}">{escape(self.text)}</text>'
        else:
            yield f'<text class="{classes}" {at} fill="{ink}" {halo} paint-order="stroke">{escape(self.text)}</text>'


class _Places:
    """Keeps names from covering one another."""

    def __init__(self, on: Sheet) -> None:
        self.on = on
        self.taken: list[tuple[float, float, float, float]] = []
        if on.inset:
            self.taken.append((on.inset.left, on.inset.top, on.width, on.inset.top + on.inset.height))

    def take(self, x: float, y: float, wide: float, high: float) -> bool:
        """Reserve a box centred on the point; False, and nothing reserved, where it leaves the map or covers one."""
        left, top, right, bottom = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        if left < 1 or top < 1 or right > self.on.width - 1 or bottom > self.on.height - 1:
            return False
        if any(left < r and le < right and top < b and t < bottom for le, t, r, b in self.taken):
            return False
        self.taken.append((left, top, right, bottom))
        return True

    def clear(self, x: float, y: float, wide: float, high: float) -> bool:
        """Whether the box lies beside what is shown: on the sea or on grey land."""
        return not any(
            (column, row) in self.on.covered
            for column in range(int((x - wide / 2) // CELL), int((x + wide / 2) // CELL) + 1)
            for row in range(int((y - high / 2) // CELL), int((y + high / 2) // CELL) + 1)
        )


def _names(
    on: Sheet, shown: Mapping[str, Mark], names: Mapping[str, str], callouts: Mapping[str, str], group_names: bool
) -> Iterator[_Name]:
    """Names where there is most room; where another name stands in the way, a little aside, else by a leader line."""
    places = _Places(on)
    if group_names:
        for group, (x, y) in on.groups.items():
            shift = next((dy for dy in (0, 9, -9, 18, -18) if places.take(x, y + dy, 14 * len(group), 18)), None)
            if shift is not None:
                yield _Name(x, y + shift, group, size=14, bold=True)
    for key in sorted(
        names.keys() & shown.keys(), key=lambda key: (shown[key].look not in STRONG, -on.outlines[key].room, key)
    ):
        yield from _name(places, key, shown[key], names[key])
    for key, text in callouts.items():
        if key in shown:
            yield from _callout(places, on.outlines[key].at, text.split("\n"))


def _name(places: _Places, key: str, mark: Mark, text: str) -> Iterator[_Name]:
    outline = places.on.outlines[key]
    (x, y), wide = outline.at, FONT * len(text) + 2
    for dx, dy in ((0, 0), (0, 7), (0, -7), (wide / 4, 0), (-wide / 4, 0), (wide / 4, 8), (-wide / 4, -8)):
        if places.take(x + dx, y + dy, wide, LINE_HEIGHT):
            inverse = mark.look in DARK and outline.room >= FONT / 2
            yield _Name(x + dx, y + dy, text, bold=mark.look in STRONG, inverse=inverse)
            return
    yield from _callout(places, (x, y), [text])


def _callout(places: _Places, at: Point, lines: list[str]) -> Iterator[_Name]:
    """A name beside its place, joined to it by a thin line; left out where there is no room at all."""
    wide, high = FONT * max(map(len, lines)) + 2, LINE_HEIGHT * len(lines)
    spots = [
        (at[0] + dx * (away + wide / 3), at[1] + dy * away)
        for away in (26, 38, 52, 70, 95, 125, 160)
        for dx, dy in DIRECTIONS
    ]
    beside = [spot for spot in spots if places.clear(*spot, wide, high)]
    for x, y in [*beside, *spots]:
        if places.take(x, y, wide, high):
            end = min(max(at[0], x - wide / 2), x + wide / 2), y + high / 2 if y < at[1] else y - high / 2
            for number, text in enumerate(lines):
                down = (number - (len(lines) - 1) / 2) * LINE_HEIGHT
                yield _Name(x, y + down, text, line=None if number else (at, end))
            return
