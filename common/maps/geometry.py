"""Outlines for maps: shared borders found once and simplified once, so that neighbours keep fitting together.

Input are GeoJSON geometries (longitude, latitude in degrees), output are rings in pixels. Pure functions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import cos, hypot, inf, radians
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Edge = tuple[Point, Point]


def rings_of(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Yield every ring of a Polygon or MultiPolygon, holes too, as a closed list of points."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(point[0], point[1]) for point in ring]


@dataclass(frozen=True)
class Projection:
    """Degrees to pixels: equirectangular at the middle latitude, true enough inside one prefecture."""

    left: float
    top: float
    stretch: float
    scale: float
    offset_x: float
    offset_y: float

    @classmethod
    def fit(cls, points: Iterable[Point], width: float, height: float, padding: float) -> Projection:
        """Return the projection that fits the points into the box, centred, with `padding` on every side."""
        xs, ys = zip(*points, strict=True)
        stretch = cos(radians((min(ys) + max(ys)) / 2))
        span_x, span_y = (max(xs) - min(xs)) * stretch, max(ys) - min(ys)
        scale = min((width - 2 * padding) / span_x, (height - 2 * padding) / span_y)
        return cls(min(xs), max(ys), stretch, scale, (width - span_x * scale) / 2, (height - span_y * scale) / 2)

    def __call__(self, point: Point) -> Point:
        x = (point[0] - self.left) * self.stretch * self.scale + self.offset_x
        y = (self.top - point[1]) * self.scale + self.offset_y
        return round(x, 1), round(y, 1)


@dataclass(frozen=True)
class Topology:
    """Rings in pixels by owner, and each line between two borders with its owners (one owner: a coast)."""

    rings: Mapping[str, list[Ring]]
    lines: list[tuple[Ring, tuple[str, ...]]]


def topology(shapes: Mapping[str, Sequence[Ring]], project: Callable[[Point], Point], tolerance: float) -> Topology:
    """Cut all rings where borders meet, simplify each line once (pixels), and put the rings together again.

    Rings smaller than half a square pixel are dropped, but never the largest of an owner.
    """
    near: defaultdict[Point, set[Point]] = defaultdict(set)
    owners: defaultdict[Edge, set[str]] = defaultdict(set)
    for owner, rings in shapes.items():
        for ring in rings:
            for a, b in pairwise(ring):
                if a != b:
                    near[a].add(b)
                    near[b].add(a)
                    owners[min(a, b), max(a, b)].add(owner)
    nodes = {point for point, others in near.items() if len(others) != 2}
    simplified: dict[tuple[Point, Point, Point, int], Ring] = {}
    lines: list[tuple[Ring, tuple[str, ...]]] = []
    found: dict[str, list[Ring]] = {}
    for owner, rings in shapes.items():
        kept = []
        for ring in rings:
            whole: Ring = []
            for line in _cut(ring, nodes):
                forward = line[0] < line[-1] or (line[0] == line[-1] and line[1] <= line[-2])
                straight = line if forward else line[::-1]
                key = (straight[0], straight[1], straight[-1], len(straight))
                if key not in simplified:
                    simplified[key] = simplify([project(point) for point in straight], tolerance)
                    a, b = straight[0], straight[1]
                    lines.append((simplified[key], tuple(sorted(owners[min(a, b), max(a, b)]))))
                part = simplified[key] if forward else simplified[key][::-1]
                whole += part[1:] if whole else part
            kept.append(whole)
        largest = max(kept, key=lambda ring: abs(area(ring)))
        found[owner] = [ring for ring in kept if ring is largest or (len(ring) > 3 and abs(area(ring)) >= 0.5)]
    return Topology(found, lines)


def _cut(ring: Ring, nodes: set[Point]) -> Iterator[Ring]:
    """Yield the lines of a ring between its nodes; a ring without nodes is one line from its smallest point."""
    points = ring[:-1] if ring[0] == ring[-1] else ring
    at = [index for index, point in enumerate(points) if point in nodes]
    if not at:
        start = points.index(min(points))
        yield points[start:] + points[:start] + [points[start]]
        return
    turned = points[at[0] :] + points[: at[0]]
    line = [turned[0]]
    for point in [*turned[1:], turned[0]]:
        line.append(point)
        if point in nodes:
            yield line
            line = [point]


def simplify(line: Ring, tolerance: float) -> Ring:
    """Leave out points that lie within `tolerance` of the line without them (Douglas and Peucker); keep both ends."""
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        dx, dy = bx - ax, by - ay
        length = hypot(dx, dy)
        worst, at = tolerance, -1
        for index in range(first + 1, last):
            x, y = line[index]
            off = abs((x - ax) * dy - (y - ay) * dx) / length if length else hypot(x - ax, y - ay)
            if off > worst:
                worst, at = off, index
        if at >= 0:
            keep[at] = True
            stack += [(first, at), (at, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def area(ring: Ring) -> float:
    """Signed area; the sign is the direction of the ring."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def clip(ring: Ring, left: float, top: float, right: float, bottom: float) -> Ring:
    """Return the part of a ring inside the box (Sutherland and Hodgman); empty where there is none."""
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        result: Ring = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a:
                result.append(a)
            if inside_a != inside_b:
                part = (limit - a[axis]) / (b[axis] - a[axis])
                x, y = a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
                result.append((round(x, 1), round(y, 1)))
        ring = result
        if not ring:
            break
    return ring


def cells(ring: Ring, size: float) -> Iterator[tuple[int, int]]:
    """Yield column and row of each square cell that the ring passes through or whose middle line it covers."""
    edges = list(zip(ring, ring[1:] + ring[:1], strict=True))
    for x, y in ring:
        yield int(x // size), int(y // size)
    ys = [y for _, y in ring]
    for row in range(int(min(ys) // size), int(max(ys) // size) + 1):
        y = (row + 0.5) * size
        crossed = sorted((bx - ax) * (y - ay) / (by - ay) + ax for (ax, ay), (bx, by) in edges if (ay > y) != (by > y))
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            for column in range(int(left // size), int(right // size) + 1):
                yield column, row


def widest_point(ring: Ring, flatten: float = 2.0, precision: float = 1.0) -> tuple[Point, float]:
    """Return the point inside the ring with the most room around it, and that room (pixels up and down).

    Room counts `flatten` times as far sideways, because a name is wider than high. Cells are halved where they can
    still hold a better point, until nothing better by `precision` is possible.
    """
    squeezed = [(x / flatten, y) for x, y in ring]
    xs, ys = zip(*squeezed, strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    size = max(min(right - left, bottom - top), 0.1)
    half = size / 2
    best = (_room(squeezed, (left + right) / 2, (top + bottom) / 2), ((left + right) / 2, (top + bottom) / 2))
    heap: list[tuple[float, float, float, float, float]] = []

    def push(x: float, y: float, half: float) -> None:
        nonlocal best
        room = _room(squeezed, x, y)
        best = max(best, (room, (x, y)))
        if room + half * 1.4143 > best[0] + precision:
            heappush(heap, (-(room + half * 1.4143), x, y, half, room))

    x = left + half
    while x - half < right:
        y = top + half
        while y - half < bottom:
            push(x, y, half)
            y += size
        x += size
    while heap:
        reach, x, y, half, _ = heappop(heap)
        if -reach <= best[0] + precision:
            break
        for dx in (-half / 2, half / 2):
            for dy in (-half / 2, half / 2):
                push(x + dx, y + dy, half / 2)
    (room, (x, y)) = best
    return (round(x * flatten, 1), round(y, 1)), round(room, 1)


def _room(ring: Ring, x: float, y: float) -> float:
    """Distance of the point to the ring, negative outside."""
    inside, nearest = False, inf
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
        dx, dy = bx - ax, by - ay
        long = dx * dx + dy * dy
        part = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / long)) if long else 0.0
        nearest = min(nearest, (x - ax - part * dx) ** 2 + (y - ay - part * dy) ** 2)
    return nearest**0.5 if inside else -(nearest**0.5)


def path(rings: Iterable[Ring], *, closed: bool = True) -> str:
    """Return SVG path data in tenths of a pixel, relative after each start."""
    out = []
    for ring in rings:
        points = [(round(x * 10), round(y * 10)) for x, y in ring]
        if closed and points[0] == points[-1]:
            points.pop()
        (x, y), text = points[0], [_tenth(points[0][0]), _tenth(points[0][1])]
        steps = []
        for next_x, next_y in points[1:]:
            if (next_x, next_y) != (x, y):
                steps += [_tenth(next_x - x), _tenth(next_y - y)]
            x, y = next_x, next_y
        if steps:
            out.append(f"M{_joined(text)}l{_joined(steps)}{'z' if closed else ''}")
    return "".join(out)


def _tenth(tenths: int) -> str:
    """12 → 1.2, 10 → 1, -5 → -.5."""
    whole, rest = divmod(abs(tenths), 10)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if tenths < 0 else text


def _joined(numbers: Sequence[str]) -> str:
    """Numbers one after another, a space only where the next has no minus."""
    return numbers[0] + "".join(one if one[0] == "-" else f" {one}" for one in numbers[1:])
