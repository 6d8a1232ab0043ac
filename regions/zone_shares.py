"""How much of a region lies in a national zone: why the zone's vision can stand for the region's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from .membership import members_on
from .models import NationalZone, ZoneMembership


@dataclass(frozen=True)
class ZoneShare:
    """The members of a region by whether they belong to the zone on the day (names, in code order)."""

    zone: NationalZone
    inside: tuple[str, ...]
    outside: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether the zone's vision may stand for the region's: more than half of the members belong to the zone."""
        return len(self.inside) > len(self.outside)

    @property
    def sentence(self) -> str:
        """The share in words."""
        total = len(self.inside) + len(self.outside)
        said = f"構成市町村{total}のうち{len(self.inside)}が{self.zone.name}に加わっています"
        if self.outside:
            said += f"（加わっていない市町村：{'、'.join(self.outside)}）"
        need = "" if self.counts else "過半数が加わる圏域のビジョンだけを、同等とみなすことができます。"
        return f"{said}。{need}"


def zone_shares(region_code: str, on: date) -> list[ZoneShare]:
    """Every zone to which a member belongs on the day, the one with most members first; two queries."""
    members = {row.municipality_id: row.municipality.name for row in members_on([region_code], on)[region_code]}
    rows = ZoneMembership.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=on), municipality__in=members, in_force_by__lte=on
    ).select_related("zone")
    held: dict[str, set[str]] = {}
    zones: dict[str, NationalZone] = {}
    for row in rows:
        held.setdefault(row.zone_id, set()).add(row.municipality_id)
        zones[row.zone_id] = row.zone
    shares = [_share(zones[code], members, codes) for code, codes in held.items()]
    return sorted(shares, key=lambda one: (-len(one.inside), one.zone.pk))


def zone_share(region_code: str, zone_code: str, on: date) -> ZoneShare:
    """The share of one zone. Raises NationalZone.DoesNotExist."""
    found = next((one for one in zone_shares(region_code, on) if one.zone.pk == zone_code), None)
    if found is not None:
        return found
    members = {row.municipality_id: row.municipality.name for row in members_on([region_code], on)[region_code]}
    return _share(NationalZone.objects.get(pk=zone_code), members, set())


def _share(zone: NationalZone, members: dict[str, str], inside: set[str]) -> ZoneShare:
    return ZoneShare(
        zone,
        tuple(name for code, name in members.items() if code in inside),
        tuple(name for code, name in members.items() if code not in inside),
    )
