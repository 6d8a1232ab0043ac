"""The municipalities a town can choose from: those of its bureau first, the others by bureau."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from municipalities.models import Bureau
from regions.scheme_status import SchemeStatus

from .ground import Ground

SCHEMES = {"settlement": "定住自立圏", "hub_urban": "連携中枢都市圏"}


@dataclass(frozen=True)
class Town:
    """One municipality to tick; `note` names its national scheme, `chosen` whether it is ticked."""

    code: str
    name: str
    note: str
    blank: bool
    in_zone: bool
    chosen: bool


@dataclass(frozen=True)
class Group:
    """The municipalities under one bureau, in code order."""

    code: str
    name: str
    towns: list[Town]

    @property
    def chosen(self) -> int:
        return sum(town.chosen for town in self.towns)

    @property
    def rows(self) -> int:
        """Rows of a list in two columns."""
        return (len(self.towns) + 1) // 2


@dataclass(frozen=True)
class Choice:
    """Everything to choose from: the home bureau and the rest of the prefecture."""

    home: Group
    others: list[Group]

    @property
    def towns(self) -> dict[str, Town]:
        return {town.code: town for group in (self.home, *self.others) for town in group.towns}

    @property
    def outside(self) -> int:
        """How many are chosen outside the home bureau."""
        return sum(group.chosen for group in self.others)


def choice(ground: Ground, prefecture: str, home: str, chosen: Collection[str], on: date) -> Choice:
    """Return what can be chosen on the day; `home` is the code of the bureau shown first.

    `ground` knows the prefecture. One query, and those of the ground's schemes where it was not asked yet.
    """
    bureaus = {bureau.code: bureau for bureau in Bureau.objects.filter(prefecture=prefecture).order_by("order")}
    statuses = ground.statuses(on)
    under: dict[str, list[Town]] = {code: [] for code in bureaus}
    for code, name in ground.names.items():
        own = bureaus.get(ground.bureau_on(code, on)[0])
        if own is not None:
            under[own.parent_id or own.code].append(_town(code, name, statuses[code], code in chosen))
    groups = {code: Group(code, bureaus[code].name, under[code]) for code in bureaus if under[code]}
    first = groups.pop(home, None) or Group(home, "", [])
    return Choice(first, list(groups.values()))


def home_bureau(ground: Ground, prefecture: str, office_code: str, on: date) -> str:
    """The bureau over a municipality, the bureau itself, else the first of the prefecture."""
    own, _ = ground.bureau_on(office_code, on)
    if own:
        return Bureau.objects.filter(pk=own).values_list("parent", flat=True).first() or own
    bureaus = Bureau.objects.filter(prefecture=prefecture, parent=None).order_by("order").values_list("code", flat=True)
    return office_code if office_code in bureaus else bureaus.first() or ""


def _town(code: str, name: str, status: SchemeStatus, chosen: bool) -> Town:
    kinds = dict.fromkeys(SCHEMES[zone.kind] for zone in status.zones)
    note = "・".join(kinds) if status.in_zone else "" if status.blank else status.label
    return Town(code, name, note, status.blank, status.in_zone, chosen)
