"""What of a map does not depend on what is shown on it: projected outlines, land around, borders of groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from typing import Any

from .geometry import Point, Projection, Ring, area, cells, clip, path, rings_of, topology, widest_point

TOLERANCE = 0.4  # pixels
PADDING = 10
CELL = 8  # pixels; how finely a sheet knows what is covered


@dataclass(frozen=True)
class Outline:
    """One municipality on the sheet: path data, where its name has most room, how much, and its box."""

    d: str
    at: Point
    room: float
    size: float


@dataclass(frozen=True)
class Inset:
    """A part drawn apart at its own scale (北方領土), outside every count."""

    d: str
    left: float
    top: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Sheet:
    """Everything about a map that does not depend on what is shown on it; plain values, made to be cached."""

    width: int
    height: int
    outlines: Mapping[str, Outline]
    context: str
    borders: str
    groups: Mapping[str, Point]
    covered: frozenset[tuple[int, int]]
    inset: Inset | None


def sheet(
    shown: Mapping[str, Mapping[str, Any]],
    context: Mapping[str, Mapping[str, Any]],
    *,
    width: int,
    height: int,
    groups: Mapping[str, str] | None = None,
    inset: Sequence[Mapping[str, Any]] = (),
    inset_title: str = "",
) -> Sheet:
    """Project GeoJSON geometries by key onto a sheet that fits those `shown`; `context` is the land around them.

    `groups` (key → name) draws a line between groups and gives each a point for its name. `inset` is drawn small in
    the top right corner.
    """
    places = {key: list(rings_of(geometry)) for key, geometry in shown.items()}
    project = Projection.fit((p for rings in places.values() for ring in rings for p in ring), width, height, PADDING)
    around = {key: list(rings_of(geometry)) for key, geometry in context.items() if key not in shown}
    near = {key: rings for key, rings in around.items() if _reaches(rings, project, width, height)}
    found = topology(places | near, project, TOLERANCE)
    outlines = {}
    for key in places:
        rings = found.rings[key]
        largest = max(rings, key=lambda ring: abs(area(ring)))
        at, room = widest_point(largest)
        outlines[key] = Outline(path(rings), at, room, round(abs(area(largest)), 1))
    land = [clip(ring, -4, -4, width + 4, height + 4) for key in near for ring in found.rings[key]]
    borders = [line for line, owners in found.lines if groups and places.keys() & {*owners} and _parts(owners, groups)]
    return Sheet(
        width,
        height,
        outlines,
        path(ring for ring in land if len(ring) > 2),
        path(borders, closed=False),
        _group_points(found.rings, groups or {}),
        frozenset(cell for key in places for ring in found.rings[key] for cell in cells(ring, CELL)),
        _inset(inset, inset_title, width) if inset else None,
    )


def slope(geometries: Iterable[Mapping[str, Any]]) -> float:
    """Height by width of what a sheet of these geometries shows, to choose its size."""
    points = [point for geometry in geometries for ring in rings_of(geometry) for point in ring]
    xs, ys = zip(*points, strict=True)
    return (max(ys) - min(ys)) / ((max(xs) - min(xs)) * cos(radians((max(ys) + min(ys)) / 2)))


def _parts(owners: Collection[str], groups: Mapping[str, str]) -> bool:
    """Whether a line parts two groups, or a group from the sea."""
    return len(owners) == 1 or len({groups.get(owner, "") for owner in owners}) > 1


def _reaches(rings: Sequence[Ring], project: Projection, width: int, height: int) -> bool:
    """Whether any of the rings may be seen on the sheet."""
    for ring in rings:
        points = [project(point) for point in ring]
        xs, ys = zip(*points, strict=True)
        if min(xs) < width and max(xs) > 0 and min(ys) < height and max(ys) > 0:
            return True
    return False


def _group_points(rings: Mapping[str, Sequence[Ring]], groups: Mapping[str, str]) -> dict[str, Point]:
    """For each group the middle of its land, moved to its largest member where the middle is outside all of them."""
    found: dict[str, Point] = {}
    for group in dict.fromkeys(groups.values()):
        largest = [max(rings[key], key=lambda ring: abs(area(ring))) for key in groups if groups[key] == group]
        weights = [abs(area(ring)) for ring in largest]
        middles = [widest_point(ring, precision=3)[0] for ring in largest]
        total = sum(weights)
        x = sum(weight * middle[0] for weight, middle in zip(weights, middles, strict=True)) / total
        y = sum(weight * middle[1] for weight, middle in zip(weights, middles, strict=True)) / total
        nearest = min(middles, key=lambda middle: (middle[0] - x) ** 2 + (middle[1] - y) ** 2)
        inside = any(_inside(ring, x, y) for ring in largest)
        found[group] = (round(x, 1), round(y, 1)) if inside else nearest
    return found


def _inside(ring: Ring, x: float, y: float) -> bool:
    crossings = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        crossings += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    return crossings % 2 == 1


def _inset(geometries: Sequence[Mapping[str, Any]], title: str, width: int) -> Inset:
    """A box in the top right corner, a bit less than a quarter of the map wide."""
    side = round(width * 0.23)
    left, top, head = width - side - 4, 8, 20
    rings = [ring for geometry in geometries for ring in rings_of(geometry)]
    fit = Projection.fit((point for ring in rings for point in ring), side, side - head, 8)
    moved = replace(fit, offset_x=fit.offset_x + left, offset_y=fit.offset_y + top + head)
    return Inset(path(topology({"inset": rings}, moved, TOLERANCE).rings["inset"]), left, top, side, side, title)
