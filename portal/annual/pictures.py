"""The drawings of the annual report: numbers written on the bars, series labelled beside them, no legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.charts import BLUE, GREY, INK, PEACH, SKY, vega

COLOURS = (BLUE, SKY, PEACH, GREY)
DARK = (BLUE,)
WIDTH = 620


def bars(rows: Sequence[tuple[str, int]], *, label: str, unit: str = "") -> str:
    """Horizontal bars in the order given, each with its number; empty where there is nothing to draw."""
    if not any(value for _, value in rows):
        return ""
    most = max(value for _, value in rows)
    values = [{"name": name, "value": value, "text": f"{value:,}{unit}"} for name, value in rows]
    names = [name for name, _ in rows]
    base: dict[str, Any] = {
        "y": {"field": "name", "type": "nominal", "sort": names, "axis": {"title": None, "labelLimit": 220}},
        "x": {
            "field": "value",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, most * 1.15 or 1]},
        },
    }
    spec = {
        "width": WIDTH,
        "height": {"step": 22},
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "size": 14}, "encoding": base},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": INK, "fontSize": 12},
                "encoding": base | {"text": {"field": "text"}},
            },
        ],
    }
    return str(vega(spec, label=label))


def stacked(years: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, label: str) -> str:
    """Bars of years made of series from the bottom up; each part bears its number, each series its name at the end.

    Empty where there is nothing to draw.
    """
    shown = [(name, values) for name, values in series if any(values)]
    if not shown:
        return ""
    values: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for place, year in enumerate(years):
        foot = 0
        for number, (_, counts) in enumerate(shown):
            count = counts[place]
            if count:
                row = {"year": year, "from": foot, "to": foot + count, "count": f"{count:,}"}
                row |= {"mid": foot + count / 2, "colour": COLOURS[number % len(COLOURS)]}
                row["ink"] = "#ffffff" if COLOURS[number % len(COLOURS)] in DARK else INK
                values.append(row)
            foot += count
    for number, (name, counts) in enumerate(shown):
        last = max(place for place, count in enumerate(counts) if count)
        top = sum(other[last] for _, other in shown[: number + 1])
        names.append({"year": years[last], "at": top, "name": name})
    x = {"field": "year", "type": "ordinal", "sort": list(years), "axis": {"title": None, "labelAngle": 0}}
    highest = max(row["to"] for row in values)
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, highest * 1.15]}}
    bar = {"x": x, "y": y | {"field": "from"}, "y2": {"field": "to"}, "color": {"field": "colour", "scale": None}}
    middle = {"x": x, "y": y | {"field": "mid"}, "text": {"field": "count"}, "color": {"field": "ink", "scale": None}}
    spec = {
        "width": WIDTH,
        "height": 190,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "size": min(70, WIDTH // (len(years) + 2))}, "encoding": bar},
            {"mark": {"type": "text", "baseline": "middle", "fontSize": 12}, "encoding": middle},
            {
                "data": {"values": names},
                "mark": {"type": "text", "dy": -7, "baseline": "bottom", "color": INK, "fontSize": 12},
                "encoding": {"x": x, "y": y | {"field": "at"}, "text": {"field": "name"}},
            },
        ],
    }
    return str(vega(spec, label=label))
