"""People of a municipality or of several together: one sentence, the chart, its table and its sources.

Years up to the base year of the projection come from the census, later ones from that one edition; they stand side by
side and are never computed with one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from common.charts import Stack, YearBar, stacked_years, vega

from .population import TARGET_YEAR, Figure, Population, percent, populations

FIRST_YEAR = 2000
HEIGHT = 220  # pixels, of the comparison of editions
ROWS = {
    "総数": "total",
    "0–14歳": "age_0_14",
    "15–64歳": "age_15_64",
    "65歳以上": "age_65_over",
    "年齢不詳": "age_unknown",
}
PARTS = ("65歳以上", "15–64歳", "0–14歳")
EDITION_COLOURS = {"census": "#1a1a1a", "ipss_h25": "#a35200", "ipss_h30": "#0066be", "ipss_r5": "#00428c"}


@dataclass(frozen=True)
class Column:
    """One year of the table."""

    year: int
    kind: str  # 実績 or 推計
    figure: Figure

    @property
    def projected(self) -> bool:
        return self.kind == "推計"


@dataclass(frozen=True)
class People:
    """Everything a page or a paper shows about the people of a place."""

    name: str
    message: str
    svg: SafeString
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    credits: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def span(self) -> str:
        return f"{self.columns[0].year}–{self.columns[-1].year}年" if self.columns else ""


def people_of(codes: Sequence[str], name: str, series: str, *, width: int = 1093, uid: str = "people") -> People:
    """Read census and one projection of these municipalities together and draw them (4 queries)."""
    found = populations(codes, ["census", series])
    return show(found["census"], found[series], name, width=width, uid=uid)


def show(actual: Population, projected: Population, name: str, *, width: int = 1093, uid: str = "people") -> People:
    """Draw what was read already: `actual` from the census, `projected` from one edition."""
    base = projected.series.base_year or 0
    columns = (
        *(Column(year, "実績", actual.at(year)) for year in actual.years if FIRST_YEAR <= year <= base),
        *(Column(year, "推計", projected.at(year)) for year in projected.years if year > base),
    )
    message = _message(projected)
    stack = Stack(
        bars=tuple(_bar(column, base) for column in columns),
        part_names=PARTS,
        actual_title="実績（国勢調査）",
        projected_title=f"推計（{projected.series.name}）",
        note_title="65歳以上の割合",
        width=width,
    )
    rows = ((title, tuple(getattr(column.figure, field) for column in columns)) for title, field in ROWS.items())
    return People(
        name,
        message,
        stacked_years(stack, label=_label(name, columns), uid=uid),
        columns,
        tuple((title, values) for title, values in rows if any(value is not None for value in values)),
        (actual.series.source.credit, projected.series.source.credit),
        tuple(dict.fromkeys(gap.reason for gap in (*actual.missing, *projected.missing))),
    )


def editions_chart(name: str, editions: Sequence[Population]) -> SafeString | None:
    """Compare the totals of all editions as lines from their own base years; None where no edition has any value."""
    values: list[dict[str, Any]] = [
        {"year": year, "total": total, "series": edition.series.code, "name": edition.series.name}
        for edition in editions
        for year in edition.years
        if year >= FIRST_YEAR and (total := edition.at(year).total) is not None
    ]
    if not any(value["series"] != "census" for value in values):
        return None
    known = list(dict.fromkeys(value["series"] for value in values))
    colour = {
        "field": "series",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": known, "range": [EDITION_COLOURS.get(code, "#767676") for code in known]},
    }
    end, top = max(value["year"] for value in values), max(value["total"] for value in values)
    x = {
        "field": "year",
        "type": "quantitative",
        "axis": {"format": "d", "title": None, "grid": False, "values": list(range(FIRST_YEAR, end + 1, 10))},
        "scale": {"domain": [FIRST_YEAR, end], "nice": False},
    }
    y = {
        "field": "total",
        "type": "quantitative",
        "axis": {"format": ",.0f", "title": None, "tickCount": 5},
        "scale": {"domain": [0, top * 1.08], "nice": False},
    }
    dash = {"field": "series", "type": "nominal", "legend": None}
    lines = {
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30}},
        "encoding": {
            "x": x,
            "y": y,
            "color": colour,
            "strokeDash": dash | {"scale": {"domain": known, "range": [_dash(code) for code in known]}},
        },
    }
    names = {
        "data": {"values": _line_ends(values, end, top * 1.08)},
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {
            "x": x,
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "name", "type": "nominal"},
            "color": colour,
        },
    }
    spec = {"width": 460, "height": HEIGHT, "data": {"values": values}, "layer": [lines, names]}
    told = "、".join(dict.fromkeys(value["name"] for value in values))
    return vega(spec, label=f"{name}の総人口を{told}で比べた折れ線。数値は版ごとの表にある")


def _line_ends(values: Sequence[dict[str, Any]], end: int, top: float) -> list[dict[str, Any]]:
    """Where each line's name stands: right of the chart at the height of its last value, at least a line apart."""
    last = {value["series"]: value for value in values}
    space, below, ends = top * 16 / HEIGHT, -1.0, []
    for value in sorted(last.values(), key=lambda value: value["total"]):
        at = max(value["total"], below + space)
        below = at
        ends.append({"series": value["series"], "name": value["name"], "year": end, "at": at})
    return ends


def _dash(code: str) -> list[int]:
    return {"census": [1, 0], "ipss_h25": [2, 3], "ipss_h30": [6, 3]}.get(code, [1, 0])


def _bar(column: Column, base: int) -> YearBar:
    figure, share = column.figure, column.figure.old_share
    return YearBar(
        column.year,
        (figure.age_65_over, figure.age_15_64, figure.age_0_14),
        figure.total,
        column.projected,
        note="" if share is None else f"{percent(share, 1)}％",
        strong=column.year in (base, TARGET_YEAR),
    )


def _message(projected: Population) -> str:
    """One sentence: how many in 2040 and how many of ten are old. Says so where it is not known."""
    target, base = projected.at(TARGET_YEAR), projected.at(projected.series.base_year or 0)
    if target.total is None or base.total is None:
        return f"{projected.series.name}に{TARGET_YEAR}年の値がないため、見通しは示せません"
    change = Fraction(target.total - base.total, base.total) if base.total else Fraction(0)
    verb = "ほぼ変わらず" if abs(change) < Fraction(1, 100) else "減り" if change < 0 else "増え"
    share = target.old_share
    old = "" if share is None else f"、10人に{int(share * 10 + Fraction(1, 2))}人が65歳以上になる"
    return (
        f"{TARGET_YEAR}年には{_rough(target.total)}に{verb}{old}見通し"
        if old or verb != "ほぼ変わらず"
        else (f"{TARGET_YEAR}年には{_rough(target.total)}でほぼ変わらない見通し")
    )


def _rough(people: int) -> str:
    """5.3万人, 2,814人."""
    return f"{percent(Fraction(people, 1_000_000), 1)}万人" if people >= 10_000 else f"{people:,}人"


def _label(name: str, columns: Sequence[Column]) -> str:
    known = [column for column in columns if column.figure.total is not None]
    points = [column for column in known if column.year % 20 == 0 or column is known[-1]]
    told = "、".join(f"{column.year}年の{column.kind}{column.figure.total:,}人" for column in points)
    return f"{name}の年齢3区分別人口。{told}" if told else f"{name}の人口。値は登録されていません"
