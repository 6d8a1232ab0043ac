"""Maps of municipalities: which outlines, which names, what is marked. Projected outlines are cached."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from django.core.cache import cache
from django.db.models import Q
from django.utils.safestring import SafeString

from common import clock
from common.maps import Look, Mark, Sheet, draw, sheet, slope

from .models import Adjacency, Boundary, Jurisdiction, Municipality

CREDIT = "「国土数値情報（行政区域データ）」（国土交通省）を加工して作成"
INSET_TITLE = "北方領土（縮尺は別）"
WIDTH, LOWEST, HIGHEST = 416, 300, 500
PREFECTURE_SIZE = (732, 600)
DAY = 24 * 60 * 60


def municipality_map(
    codes: Collection[str] | Mapping[str, str],
    *,
    label: str,
    selected: Collection[str] = (),
    zoned: Collection[str] = (),
    candidates: Collection[str] = (),
    members: Collection[str] = (),
    names: Literal["short", "full", "none"] = "short",
    links: Mapping[str, str] | None = None,
    size: tuple[int, int] | None = None,
    paper: bool = False,
    uid: str = "map",
) -> SafeString:
    """Draw these municipalities, fitted into `size` pixels, on the grey land around them.

    `codes` have 6 digits; where the names are known already, a mapping from code to name saves the question for them.
    `selected` are blue, striped where also `zoned` (in a national scheme); `zoned` alone grey; `candidates` carry a
    dashed line; `members` are light blue (a region's own). `names`: 余市 (short), 余市町 (full) or none. `links` (code
    to address) makes each municipality a link. `label` says in words what the map shows; without `size` the map is 416
    wide and as high as its municipalities need; `paper` is for PDFs. Empty where no municipality has an outline.
    """
    marks = {code: _mark(code, selected, zoned, candidates, members) for code in codes}
    titles = (
        dict(codes)
        if isinstance(codes, Mapping)
        else dict(Municipality.objects.filter(pk__in=codes).values_list("pk", "name"))
    )
    written = (
        {} if names == "none" else {code: short(name) if names == "short" else name for code, name in titles.items()}
    )
    drawn = _sheet(codes, size)
    if drawn is None:
        return SafeString()
    return draw(drawn, marks, label=label, titles=titles, names=written, links=links, paper=paper, uid=uid)


def prefecture_map(
    prefecture_code: str,
    marks: Mapping[str, Mark],
    *,
    label: str,
    titles: Mapping[str, str] | None = None,
    callouts: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    size: tuple[int, int] | None = PREFECTURE_SIZE,
    paper: bool = False,
    uid: str = "map",
) -> SafeString:
    """Draw a whole prefecture with the lines and names of its offices; the northern villages in an inset.

    `titles` adds to the tooltip of a municipality (札幌市：連携中枢都市圏); `callouts` writes text beside single
    municipalities with a leader line.
    """
    places = dict(
        Municipality.objects.of_prefecture(prefecture_code).existing(clock.today()).values_list("code", "name")
    )
    told = {code: f"{name}：{titles[code]}" if titles and code in titles else name for code, name in places.items()}
    drawn = _sheet(list(places), size, grouped=True)
    if drawn is None:
        return SafeString()
    return draw(
        drawn,
        marks,
        label=label,
        titles=told,
        callouts=callouts,
        links=links,
        group_names=True,
        paper=paper,
        uid=uid,
    )


def short(name: str) -> str:
    """余市町 → 余市, for names on a map."""
    return name[:-1] if name[-1] in "市町村区" and len(name) > 1 else name


def forget_outlines() -> None:
    """Drop every cached outline; called when boundaries change."""
    cache.clear()


def _mark(
    code: str,
    selected: Collection[str],
    zoned: Collection[str],
    candidates: Collection[str],
    members: Collection[str],
) -> Mark:
    if code in selected:
        look = Look.SELECTED_ZONE if code in zoned else Look.SELECTED
    elif code in members:
        look = Look.MEMBER
    else:
        look = Look.ZONE if code in zoned else Look.PLAIN
    return Mark(look, code in candidates)


def _sheet(codes: Collection[str], size: tuple[int, int] | None, *, grouped: bool = False) -> Sheet | None:
    """Return the projected outlines, from the cache where they were drawn before; None where none has any."""
    wanted = sorted(set(codes))
    digest = hashlib.sha256(f"{wanted} {size} {grouped}".encode()).hexdigest()[:32]
    found: Sheet | None = cache.get(f"map-sheet:{digest}")
    if found is None:
        found = _project(wanted, size, grouped=grouped)
        if found:
            cache.set(f"map-sheet:{digest}", found, DAY)
    return found


def _project(codes: list[str], size: tuple[int, int] | None, *, grouped: bool) -> Sheet | None:
    """Read outlines of the municipalities and of all land that may lie around them, and project them."""
    prefectures = {code[:2] for code in codes}
    across = Adjacency.objects.filter(Q(a__in=codes) | Q(b__in=codes), cross_prefecture=True).values_list("a", "b")
    around = Boundary.objects.filter(
        Q(municipality__prefecture__in=prefectures) | Q(municipality__in={code for pair in across for code in pair})
    )
    outlines: dict[str, Any] = dict(around.values_list("municipality", "geometry"))
    villages = set(
        Municipality.objects.filter(prefecture__in=prefectures, northern_territory=True).values_list("pk", flat=True)
    )
    shown = {code: outlines[code] for code in codes if code in outlines}
    if not shown:
        return None
    apart = [outlines.pop(code) for code in sorted(villages & outlines.keys())] if grouped else []
    width, height = size or (WIDTH, min(max(round(WIDTH * slope(shown.values())), LOWEST), HIGHEST))
    return sheet(
        shown,
        outlines,
        width=width,
        height=height,
        groups=_offices(codes) if grouped else None,
        inset=apart,
        inset_title=INSET_TITLE,
    )


def _offices(codes: Iterable[str]) -> dict[str, str]:
    """The short name of the office over each municipality today; a branch counts for its office."""
    held = Jurisdiction.objects.filter(municipality__in=codes, valid_to=None).order_by("bureau__order", "municipality")
    return {
        row.municipality_id: (row.bureau.parent or row.bureau).short_name
        for row in held.select_related("bureau__parent")
    }
