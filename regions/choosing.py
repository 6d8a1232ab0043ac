"""Choosing the members of a region on a list and on a map, by plain links and boxes (no script needed)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.safestring import SafeString

from municipalities.maps import municipality_map
from municipalities.models import Bureau, Municipality


@dataclass(frozen=True)
class TownGroup:
    """The municipalities under one bureau, in code order; `chosen` how many of them are ticked."""

    code: str
    name: str
    towns: list[Municipality]
    chosen: int


@dataclass(frozen=True)
class Chooser:
    """What the page shows: the home bureau, the others, those ticked in code order, the map."""

    home: TownGroup
    others: list[TownGroup]
    ticked: list[Municipality]
    map: SafeString

    @property
    def codes(self) -> list[str]:
        return [town.pk for town in self.ticked]

    @property
    def outside(self) -> int:
        """How many are ticked outside the home bureau."""
        return sum(group.chosen for group in self.others)


def chooser(prefecture: str, home: str, chosen: Collection[str], on: date, address: str) -> Chooser:
    """Return what can be chosen on the day; a click on the map leads to `address` with one town more or less.

    `home` is the code of the bureau shown first (the first of the prefecture where it has none). Codes that are no
    municipality of the prefecture are left out. Two queries and those of the map.
    """
    bureaus = {row.code: row for row in Bureau.objects.filter(prefecture=prefecture).order_by("order")}
    under: dict[str, list[Municipality]] = {code: [] for code in bureaus}
    for town in Municipality.objects.existing(on).filter(prefecture=prefecture).with_bureau(on).order_by("code"):
        own = bureaus.get(town.bureau_code or "")
        if own is not None:
            under[own.parent_id or own.code].append(town)
    groups = {
        code: TownGroup(code, bureaus[code].name, towns, sum(town.pk in chosen for town in towns))
        for code, towns in under.items()
        if towns
    }
    first = groups.pop(home, None) or (groups.pop(next(iter(groups))) if groups else TownGroup("", "", [], 0))
    others = list(groups.values())
    ticked = [town for group in (first, *others) for town in group.towns if town.pk in chosen]
    ticked.sort(key=lambda town: town.pk)
    return Chooser(first, others, ticked, _map(first, others, ticked, address))


def _map(first: TownGroup, others: list[TownGroup], ticked: list[Municipality], address: str) -> SafeString:
    shown = [first, *(group for group in others if group.chosen)]
    towns = {town.pk: town.name for group in shown for town in group.towns}
    codes = [town.pk for town in ticked]
    label = (
        f"{'・'.join(group.name for group in shown)}の地図。{'・'.join(town.name for town in ticked) or 'なし'}を選択中"
    )
    links = {code: f"{address}?{_query(codes, code)}" for code in towns}
    return municipality_map(towns, label=label, selected=codes, links=links)


def _query(codes: list[str], turned: str) -> str:
    """The codes with one of them turned: taken out where it was in, put in where it was not."""
    query = QueryDict(mutable=True)
    query.setlist("member", [code for code in codes if code != turned] + ([] if turned in codes else [turned]))
    return str(query.urlencode())
