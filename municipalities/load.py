"""From the committed fixtures to the database: the ground that everything else stands on.

Files: `fixtures/ground/` (see `fixtures/README.md` for where each came from). Loading twice changes nothing; rows
that are not in the fixtures (entered by staff) are left alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Collection, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import models, transaction

from common.upsert import Counts, upsert

from .codes import full_code
from .kana import kana_key
from .maps import forget_outlines
from .models import (
    Adjacency,
    Boundary,
    Bureau,
    DataSource,
    Indicator,
    IndicatorValue,
    Jurisdiction,
    Municipality,
    PopulationFigure,
    PopulationSeries,
    Prefecture,
    ServiceField,
    ServiceMeasure,
)
from .models.service import PEOPLE
from .population import GROUPS

GROUND = Path(settings.BASE_DIR) / "fixtures" / "ground"
# No table names the day on which each municipality came under its office. Records begin with the reorganisation of
# Hokkaido's 支庁 into 総合振興局 and 振興局; since then no municipality has changed office.
RECORDS_BEGIN = date(2010, 4, 1)

Row = dict[str, Any]
Only = Collection[str] | None


@transaction.atomic
def load_all(prefectures: Only = None, *, with_indicators: bool = True) -> dict[str, Counts]:
    """Load every table of the ground; return what happened per model label (`municipalities.Municipality`).

    `prefectures` (two-digit codes) keeps to the municipalities of those, for tests that need only a part; offices,
    series and sources are always loaded whole.
    """

    def wanted(row: Row) -> bool:
        return prefectures is None or row["code"][:2] in prefectures

    tables: list[tuple[type[models.Model], Callable[[], Iterator[Row]], tuple[str, ...]]] = [
        (DataSource, sources, ("code",)),
        (Prefecture, prefecture_rows, ("code",)),
        (Bureau, bureaus, ("code",)),
        (Municipality, lambda: filter(wanted, municipalities()), ("code",)),
        (Jurisdiction, lambda: jurisdictions(prefectures), ("municipality_id", "valid_from")),
        (PopulationSeries, series, ("code",)),
        (PopulationFigure, lambda: population(prefectures), ("series_id", "municipality_id", "year")),
        (Boundary, lambda: boundaries(prefectures), ("municipality_id",)),
        (Adjacency, lambda: adjacency(prefectures), ("a_id", "b_id", "kind")),
        (ServiceField, service_fields, ("code",)),
        (ServiceMeasure, service_measures, ("code",)),
    ]
    if with_indicators:
        tables += [
            (Indicator, indicators, ("code",)),
            (IndicatorValue, lambda: indicator_values(prefectures), ("indicator_id", "municipality_id", "year")),
        ]
    counts = {model._meta.label: upsert(model, rows(), key) for model, rows, key in tables}
    if counts["municipalities.Boundary"].changed:
        transaction.on_commit(forget_outlines)
    return counts


def sources() -> Iterator[Row]:
    for row in _yaml("sources.yaml"):
        yield {"as_of": "", "note": ""} | row


def prefecture_rows() -> Iterator[Row]:
    yield from _yaml("prefectures.yaml")


def bureaus() -> Iterator[Row]:
    """Offices before their branches, so that a parent stands when its branch is written."""
    for row in sorted(_yaml("bureaus.yaml"), key=lambda row: ("parent" in row, row["order"])):
        yield {
            "code": row["code"],
            "prefecture_id": row["prefecture"],
            "name": row["name"],
            "short_name": row["short_name"],
            "symbol": row["symbol"],
            "head_title": row["head_title"],
            "seat": row["seat"],
            "parent_id": row.get("parent"),
            "order": row["order"],
            "note": row["note"],
        }


def municipalities() -> Iterator[Row]:
    for row in _csv("municipalities.csv"):
        yield {
            "code": full_code(row["code"]),
            "prefecture_id": row["code"][:2],
            "name": row["name"],
            "kana": row["kana"],
            "kana_key": kana_key(row["kana"]),
            "name_en": row["name_en"],
            "kind": row["kind"],
            "district": row["district"],
            "northern_territory": row["northern_territory"] == "1",
            "latitude": row["lat"] or None,
            "longitude": row["lon"] or None,
        }


def jurisdictions(only: Only = None) -> Iterator[Row]:
    for row in _csv("municipalities.csv"):
        if row["bureau"] and _inside(only, row["code"]):
            yield {"municipality_id": row["code"], "bureau_id": row["bureau"], "valid_from": RECORDS_BEGIN}


def series() -> Iterator[Row]:
    for row in _yaml("series.yaml"):
        source = row.pop("source")
        yield {"base_year": None} | row | {"source_id": source}


def population(only: Only = None) -> Iterator[Row]:
    for row in _csv("population.csv.gz"):
        if _inside(only, row["code"]):
            yield {
                "series_id": row["series"],
                "municipality_id": row["code"],
                "year": row["year"],
                "total": _whole(row["total"]),
                "age_0_14": _whole(row["0-14"]),
                "age_15_64": _whole(row["15-64"]),
                "age_65_over": _whole(row["65+"]),
                "age_75_over": _whole(row["75+"]),
                "age_unknown": _whole(row["unknown"]),
                "note": row["note"],
            }


def boundaries(only: Only = None) -> Iterator[Row]:
    """Hokkaido and Yamagata as published, the rest of Japan from the simplified topology."""
    full = ((place, Boundary.Detail.FULL) for name in ("hokkaido", "yamagata") for place in _geojson(name))
    rest = ((place, Boundary.Detail.SIMPLE) for place in _topology()) if only is None or {*only} - {"01", "06"} else ()
    for (code5, geometry), detail in chain(full, rest):
        if _inside(only, code5):
            yield {
                "municipality_id": full_code(code5),
                "detail": detail.value,
                "geometry": geometry,
                "source_id": "n03",
            }


def adjacency(only: Only = None) -> Iterator[Row]:
    for row in _csv("adjacency.csv.gz"):
        if _inside(only, row["a"]) and _inside(only, row["b"]):
            yield {
                "a_id": row["a"],
                "b_id": row["b"],
                "kind": Adjacency.Kind.LAND.value,
                "border_km": row["border_km"],
                "cross_prefecture": row["cross_prefecture"] == "1",
                "source_id": "adjacency",
            }


def indicators() -> Iterator[Row]:
    for order, row in enumerate(_yaml("indicators.yaml"), 1):
        yield {
            "code": row["code"],
            "name": row["name"],
            "unit": row["unit"],
            "source_id": row["source"],
            "order": order,
        }


def indicator_values(only: Only = None) -> Iterator[Row]:
    for row in _csv("indicators.csv.gz"):
        if _inside(only, row["code"]):
            yield {
                "indicator_id": row["indicator"],
                "municipality_id": row["code"],
                "year": row["year"],
                "value": row["value"],
            }


def service_fields() -> Iterator[Row]:
    for order, row in enumerate(_yaml("services.yaml"), 1):
        yield {"order": order} | {name: row[name] for name in ("code", "name", "issues", "question", "source")}


def service_measures() -> Iterator[Row]:
    """The measures of every field. Raises ValueError where one names a value that nobody publishes."""
    known = {row["code"] for row in _yaml("indicators.yaml")} | {f"{PEOPLE}{group}" for group in GROUPS}
    rows = [(field["code"], row) for field in _yaml("services.yaml") for row in field["measures"]]
    for order, (field, row) in enumerate(rows, 1):
        if unknown := {row["of"], row.get("by", row["of"])} - known:
            raise ValueError(f"services.yaml: {row['code']} names {sorted(unknown)}")
        yield {"by": "", "times": 1, "digits": 0, "ahead": False, "order": order, "field_id": field} | row


def _inside(only: Only, code: str) -> bool:
    return only is None or code[:2] in only


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _yaml(name: str) -> list[Row]:
    return yaml.safe_load((GROUND / name).read_text(encoding="utf-8"))


def _csv(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(_text(name)))


def _text(name: str) -> str:
    content = (GROUND / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode()


def _geojson(name: str) -> Iterator[tuple[str, Row]]:
    for feature in json.loads(_text(f"boundaries_{name}.geojson.gz"))["features"]:
        yield feature["properties"]["code"], feature["geometry"]


def _topology() -> Iterator[tuple[str, Row]]:
    """Turn the arcs of the topology into GeoJSON geometries with 5 decimals (about 1 m)."""
    data = json.loads(_text("boundaries_rest.topojson.gz"))
    (scale_x, scale_y), (left, bottom) = data["transform"]["scale"], data["transform"]["translate"]
    lines: list[list[list[float]]] = []
    for arc in data["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append([round(x * scale_x + left, 5), round(y * scale_y + bottom, 5)])
        lines.append(line)

    def ring(arcs: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for index in arcs:
            line = lines[index] if index >= 0 else lines[~index][::-1]
            points += line[1:] if points else line
        return points

    for place in data["objects"]["municipalities"]["geometries"]:
        polygons = [place["arcs"]] if place["type"] == "Polygon" else place["arcs"]
        shapes = [[ring(arcs) for arcs in polygon] for polygon in polygons]
        geometry = (
            {"type": "Polygon", "coordinates": shapes[0]}
            if place["type"] == "Polygon"
            else {"type": "MultiPolygon", "coordinates": shapes}
        )
        yield place["properties"]["code"], geometry
