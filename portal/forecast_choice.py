"""Which municipalities a forecast looks at: read from the address, chosen by list, map or region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from common.viewer import Viewer
from municipalities.models import Municipality, PopulationSeries
from municipalities.outlook import LATEST
from regions.models import Region, RegionMembership
from subsidies.choosing_map import choosing_map
from subsidies.picking import Choice, Group, Town

S = Region.State
NEAREST = (S.SUPPORTED, S.SELF_RUNNING, S.FORMED, S.PAUSED, S.IDEA)


@dataclass(frozen=True)
class Asked:
    """The question as it stands in the address: municipality codes in the order chosen, and one edition."""

    members: tuple[str, ...]
    series: str

    def link(self, view: str = "regions:forecast_look", *, add: str = "", remove: str = "", series: str = "") -> str:
        """The address of the same question, of one municipality more or less, of another edition."""
        query = QueryDict(mutable=True)
        query.setlist("member", [code for code in (*self.members, add) if code and code != remove])
        query["series"] = series or self.series
        return f"{reverse(view)}?{query.urlencode()}"


def asked(query: QueryDict, viewer: Viewer, on: date) -> Asked:
    """Read the address; whoever has not chosen yet begins with the own ground.

    A municipality begins with itself and the members of its region, a bureau with the municipalities under it; `region`
    chooses the members of that region, as far as it is visible, `town` a municipality with those of its region. One
    edition counts, never two.
    """
    members = list(dict.fromkeys(query.getlist("member")))
    if code := query.get("region", ""):
        members = members_of(code, viewer, on)
    elif code := query.get("town", ""):
        members = with_region(code, viewer, on)
    elif not query:
        members = own_ground(viewer, on)
    for code in query.getlist("add"):
        members = [*members, code] if code not in members else members
    members = [code for code in members if code not in query.getlist("remove")]
    return Asked(tuple(members), query.get("series", "").strip() or LATEST)


def own_ground(viewer: Viewer, on: date) -> list[str]:
    """The municipalities that concern this office most; none for headquarters and associations."""
    if viewer.is_bureau:
        under = Municipality.objects.existing(on).under(viewer.office.code, on)
        return list(under.order_by("code").values_list("pk", flat=True))
    return with_region(viewer.office.code, viewer, on) if viewer.is_municipal else []


def with_region(town: str, viewer: Viewer, on: date) -> list[str]:
    """The municipality first, then the others of its region: of several the one that goes furthest (NEAREST), then the
    one with most members, then the one that it joined last."""
    acting = Region.objects.visible_to(viewer).acting()
    held = RegionMembership.objects.on(on).filter(municipality=town, region__in=acting)
    near = Case(
        *(When(region__state=state, then=rank) for rank, state in enumerate(NEAREST)),
        default=len(NEAREST),
        output_field=IntegerField(),
    )
    together = RegionMembership.objects.on(on).filter(region=OuterRef("region")).order_by()
    size = Subquery(together.values("region").annotate(towns=Count("pk")).values("towns"))
    latest = held.annotate(size=size).order_by(near, "-size", "-joined_on", "region").first()
    others = members_of(latest.region_id, viewer, on) if latest else []
    return [town, *(code for code in others if code != town)]


def members_of(region: str, viewer: Viewer, on: date) -> list[str]:
    """The members of a region on the day; nothing where the region is not visible."""
    visible = Region.objects.visible_to(viewer).filter(pk=region)
    held = RegionMembership.objects.on(on).filter(region__in=visible)
    return list(held.order_by("municipality").values_list("municipality", flat=True))


def region_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The regions that go on and that this office may know, for the quick choice."""
    rows = Region.objects.visible_to(viewer).acting().order_by("code")
    return [(code, name) for code, name in rows.values_list("pk", "name")]


def editions() -> list[PopulationSeries]:
    """The editions of the projection, newest first."""
    return list(PopulationSeries.objects.filter(kind=PopulationSeries.Kind.PROJECTION).order_by("-order"))


def choice(question: Asked, viewer: Viewer, on: date) -> Choice:
    """All municipalities of the prefecture by office, the own one or that of the first chosen one first (1 query)."""
    rows = list(
        Municipality.objects.visible_to(viewer)
        .existing(on)
        .of_prefecture(settings.PREFECTURE_CODE)
        .with_bureau(on)
        .order_by("code")
    )
    groups: dict[str, Group] = {}
    for row in rows:
        group = groups.setdefault(row.bureau_code or "", Group(row.bureau_code or "", row.bureau_name or "その他", []))
        group.towns.append(Town(row.pk, row.name, "", False, False, row.pk in question.members))
    own = viewer.office.code if viewer.is_bureau else ""
    chosen = (group.code for code in question.members for group in groups.values() if code in _codes(group))
    home = own if own in groups else next(chosen, "")
    first = groups.pop(home, None) or next(iter(groups.values()), Group("", "", []))
    return Choice(first, [group for group in groups.values() if group.code != first.code])


def choice_map(question: Asked, found: Choice) -> SafeString:
    """The municipalities of the home office and of each office with a chosen one; a link ticks or unticks each."""
    shown = [found.home, *(group for group in found.others if group.chosen)]
    links = {
        town.code: question.link(remove=town.code) if town.chosen else question.link(add=town.code)
        for group in shown
        for town in group.towns
    }
    return choosing_map(shown, set(question.members), (), links=links)


def _codes(group: Group) -> set[str]:
    return {town.code for town in group.towns}
