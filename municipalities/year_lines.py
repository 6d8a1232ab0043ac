"""Lines over years as SVG: each series a line of its own, its name at its end, no value drawn where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from common.charts import vega

SOLID: tuple[int, ...] = (1, 0)
LINE_PX = 16  # a name needs as much height


@dataclass(frozen=True)
class YearLine:
    """One line; `name` stands at its end, empty for a line that another one names (the actual before a projection)."""

    key: str
    name: str
    colour: str
    points: tuple[tuple[int, int | Fraction | None], ...]
    dash: tuple[int, ...] = SOLID

    @property
    def known(self) -> list[tuple[int, float]]:
        return [(year, float(value)) for year, value in self.points if value is not None]


@dataclass(frozen=True)
class Frame:
    """How one chart is drawn: pixels, first year, format of the axis, the lowest value (0 unless told)."""

    width: int = 460
    height: int = 220
    first_year: int = 2000
    axis: str = ",.0f"
    lowest: float = 0
    step: int = 10
    title: str = ""


FRAME = Frame()


def year_lines(lines: Sequence[YearLine], *, label: str, frame: Frame = FRAME) -> SafeString | None:
    """Draw the lines; None where none has a value from the first year on. `label` tells what the chart shows."""
    spec = _panel(lines, frame)
    return None if spec is None else vega(spec, label=label)


def year_panels(panels: Iterable[tuple[Sequence[YearLine], Frame]], *, label: str) -> SafeString | None:
    """Draw several charts beside one another; those without any value are left out."""
    specs = [spec for lines, frame in panels if (spec := _panel(lines, frame)) is not None]
    return vega({"hconcat": specs, "spacing": 28}, label=label) if specs else None


def _panel(lines: Sequence[YearLine], frame: Frame) -> dict[str, Any] | None:
    values: list[dict[str, Any]] = [
        {"year": year, "value": value, "line": line.key}
        for line in lines
        for year, value in line.known
        if year >= frame.first_year
    ]
    if not values:
        return None
    drawn = [line for line in lines if any(value["line"] == line.key for value in values)]
    end, top = max(value["year"] for value in values), max(value["value"] for value in values)
    domain = [frame.lowest, frame.lowest + (top - frame.lowest) * 1.08 or 1]
    keys = [line.key for line in drawn]
    colour = {
        "field": "line",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": keys, "range": [line.colour for line in drawn]},
    }
    x = {
        "field": "year",
        "type": "quantitative",
        "axis": {
            "format": "d",
            "title": None,
            "grid": False,
            "values": list(range(frame.first_year, end + 1, frame.step)),
        },
        "scale": {"domain": [frame.first_year, end], "nice": False},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"format": frame.axis, "title": None, "tickCount": 5},
        "scale": {"domain": domain, "nice": False},
    }
    curves = {
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30}},
        "encoding": {
            "x": x,
            "y": y,
            "color": colour,
            "strokeDash": {
                "field": "line",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": keys, "range": [list(line.dash) for line in drawn]},
            },
        },
    }
    names = {
        "data": {"values": _ends(drawn, values, end, domain, frame.height)},
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {
            "x": x,
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "name", "type": "nominal"},
            "color": colour,
        },
    }
    spec: dict[str, Any] = {
        "width": frame.width,
        "height": frame.height,
        "data": {"values": values},
        "layer": [curves, names],
    }
    return spec | ({"title": {"text": frame.title, "anchor": "start", "fontSize": 14}} if frame.title else {})


def _ends(
    lines: Sequence[YearLine], values: Sequence[dict[str, Any]], end: int, domain: Sequence[float], height: int
) -> list[dict[str, Any]]:
    """Where each name stands: right of the chart at the height of the line's last value, at least a line apart."""
    last = {value["line"]: value["value"] for value in values}
    named = sorted((line for line in lines if line.name), key=lambda line: last[line.key])
    space, below = (domain[1] - domain[0]) * LINE_PX / height, domain[0] - (domain[1] - domain[0])
    ends = []
    for line in named:
        below = max(last[line.key], below + space)
        ends.append({"line": line.key, "name": line.name, "year": end, "at": below})
    return ends
