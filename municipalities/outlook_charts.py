"""The drawings of a forecast: each edition a line of its own, and the chosen municipalities beside other places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from django.utils.safestring import SafeString

from .outlook import FIRST_YEAR, Outlook, Place
from .population import GROUP_NAMES
from .population_chart import edition_lines, editions_chart
from .year_lines import Frame, YearLine, year_panels

DASHED = (6, 3)
COLOURS = ("#00428c", "#a35200", "#0066be", "#767676")
WHOLE = "#1a1a1a"  # a prefecture
WIDE = Frame(width=860, height=240, first_year=FIRST_YEAR)
PANEL = Frame(width=165, height=170, first_year=FIRST_YEAR, step=20)
PAIR = Frame(width=350, height=220, first_year=FIRST_YEAR)


def totals_chart(found: Outlook, name: str) -> SafeString | None:
    """The total by the census and by every edition."""
    return editions_chart(name, (found.census, *found.editions), frame=WIDE)


def groups_chart(found: Outlook, name: str) -> SafeString | None:
    """Three charts beside one another: 0–14, 15–64 and 65 or older, by the census and by every edition."""
    series = (found.census, *found.editions)
    panels = [
        (edition_lines(series, group), replace(PANEL, title=GROUP_NAMES[group])) for group in ("0-14", "15-64", "65+")
    ]
    return year_panels(panels, label=f"{name}の年齢3区分別人口を版ごとに示した折れ線。数値は版ごとの表にある")


def places_chart(found: Outlook) -> SafeString | None:
    """Two charts beside one another: people by those of the base year, and the share of the old."""
    base = found.series.base_year or 0
    shown = found.compared
    index = [line for n, place in enumerate(shown) for line in _lines(n, place, found, _index)]
    share = [line for n, place in enumerate(shown) for line in _lines(n, place, found, _share)]
    panels = [
        (index, replace(PAIR, title=f"人口（{base}年＝100）")),
        (share, replace(PAIR, title="65歳以上の割合（％）")),
    ]
    told = "、".join(place.name for place in shown)
    return year_panels(panels, label=f"人口の指数と65歳以上の割合を{told}で比べた折れ線。数値は比較の表にある")


def _lines(number: int, place: Place, found: Outlook, value: Callable[[Place, int], Fraction | None]) -> list[YearLine]:
    """The census solid up to the base year, the edition dashed from there; the name at the end of the later one."""
    base = found.series.base_year or 0
    colour = COLOURS[number % len(COLOURS)] if number == 0 or place.office else WHOLE
    actual = tuple((year, value(place, year)) for year in found.years if year <= base)
    ahead = tuple((year, value(place, year)) for year in found.years if year >= base)
    later = any(point is not None for year, point in ahead if year > base)
    return [
        YearLine(f"{number}-actual", "" if later else place.name, colour, actual),
        *([YearLine(f"{number}-ahead", place.name, colour, ahead, DASHED)] if later else []),
    ]


def _index(place: Place, year: int) -> Fraction | None:
    found = place.index(year)
    return None if found is None else found * 100


def _share(place: Place, year: int) -> Fraction | None:
    base = place.projected.series.base_year or 0
    share = (place.projected if year > base else place.census).at(year).old_share
    return None if share is None else share * 100
