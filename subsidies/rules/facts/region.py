"""Who the members are, on a reference date: national schemes, neighbours, population."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from ..codec import Json, decode, encode


class ZoneStatus(StrEnum):
    """How a municipality stands to the national schemes (定住自立圏, 連携中枢都市圏) on a date."""

    NONE = "none"
    MEMBER_HUB = "member_hub"
    MEMBER_NEIGHBOUR = "member_neighbour"
    UNDECLARED_HUB = "undeclared_hub"
    NO_DATA = "no_data"

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]

    @property
    def in_zone(self) -> bool:
        return self in (ZoneStatus.MEMBER_HUB, ZoneStatus.MEMBER_NEIGHBOUR)


_STATUS_LABELS = {
    ZoneStatus.NONE: "空白地域",
    ZoneStatus.MEMBER_HUB: "国の制度の中心市",
    ZoneStatus.MEMBER_NEIGHBOUR: "国の制度に参加",
    ZoneStatus.UNDECLARED_HUB: "未宣言の中心市",
    ZoneStatus.NO_DATA: "不明",
}


class RegionType(StrEnum):
    """フラットな連携 or 中心都市と隣接市町村の連携."""

    FLAT = "flat"
    HUB = "hub"

    @property
    def label(self) -> str:
        return "フラットな連携" if self == RegionType.FLAT else "中心都市と隣接市町村による連携"


class SeriesMixedError(ValueError):
    """Two editions of the projection in one computation (E-21)."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"推計版が混在しているため減少率を計算できません（{one}／{other}）。")


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A zone that a municipality is in on the reference date."""

    code: str
    name: str
    role: ZoneStatus


@dataclass(frozen=True)
class Projection:
    """People by year of one municipality in one edition of the projection.

    `totals` are (year, people), years ascending; a year that was not published is left out.
    """

    series: str
    name: str
    base_year: int
    totals: tuple[tuple[int, int], ...]

    def total(self, year: int) -> int | None:
        """People in the year, None where the edition does not say."""
        return self._by_year.get(year)

    @property
    def base_people(self) -> int | None:
        """People in the base year of the edition."""
        return self.total(self.base_year)

    def decline(self, target_year: int) -> Fraction | None:
        """(base − target) / base as an exact fraction, None where a figure is missing or the base is 0."""
        base, target = self.total(self.base_year), self.total(target_year)
        return None if not base or target is None else Fraction(base - target, base)

    @cached_property
    def _by_year(self) -> dict[int, int]:
        return dict(self.totals)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One municipality on the reference date.

    `code` has 6 digits. `neighbours` are the codes it touches, ascending. `status_note` says why the status is what
    it is where that is not plain: the reason of an override by headquarters, or why it is unknown.
    `projection` is None where the edition has no row for it; `projection_note` says so.
    """

    code: str
    name: str
    status: ZoneStatus
    bureau: str = ""
    bureau_name: str = ""
    zones: tuple[ZoneFacts, ...] = ()
    status_overridden: bool = False
    status_note: str = ""
    neighbours: tuple[str, ...] = ()
    projection: Projection | None = None
    projection_note: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it cannot use the national schemes (空白地域)."""
        return self.status == ZoneStatus.NONE


@dataclass(frozen=True, slots=True)
class SupportFacts:
    """The region's earlier support under this program.

    `years` are the fiscal years supported before the one asked for, ascending (a carried-over year counts once);
    `members` who belonged in the last of them; `earlier_projects` the names of projects that the region or its
    predecessor ran under an earlier program; `note` says on what the years rest where they are assumed.
    """

    years: tuple[int, ...] = ()
    members: tuple[str, ...] = ()
    earlier_projects: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class RegionFacts:
    """A region as one program sees it in one fiscal year on one reference date.

    `members` are the municipalities asked about: those of a region, of an idea, or the participants of an application.
    `outside` are municipalities that are not members but touch one: the nearest change is looked for among them.
    `hub` is the code of the central city of a region of type hub; `hub_designated` whether headquarters has
    registered it (HubDesignation), on which plan in `hub_plan`. `type_assumed` marks 推定.

    Raises SeriesMixedError when a member's projection is of another edition than `series`, ValueError when a member
    appears twice or the hub is not a member.
    """

    program: str
    fiscal_year: int
    on: date
    members: tuple[MemberFacts, ...]
    type: RegionType = RegionType.FLAT
    type_assumed: bool = False
    hub: str = ""
    hub_designated: bool = False
    hub_plan: str = ""
    series: str = ""
    series_name: str = ""
    lead_bureau: str = ""
    lead_bureau_name: str = ""
    code: str = ""
    name: str = ""
    outside: tuple[MemberFacts, ...] = ()
    support: SupportFacts = SupportFacts()

    def __post_init__(self) -> None:
        codes = [member.code for member in self.members]
        if len(set(codes)) < len(codes):
            raise ValueError("同じ市町村が2回指定されています。")
        if self.hub and self.hub not in codes:
            raise ValueError("中心都市は構成市町村から選んでください。")
        for member in (*self.members, *self.outside):
            if member.projection is not None and member.projection.series != self.series:
                raise SeriesMixedError(self.series_name or self.series, member.projection.name)

    @cached_property
    def by_code(self) -> dict[str, MemberFacts]:
        return {member.code: member for member in self.members}

    @property
    def blank(self) -> tuple[MemberFacts, ...]:
        """Members that cannot use the national schemes."""
        return tuple(member for member in self.members if member.is_blank)

    def named(self, codes: Iterable[str]) -> list[str]:
        """Names of members in the order of the region."""
        wanted = set(codes)
        return [member.name for member in self.members if member.code in wanted]

    def components(self, codes: Iterable[str] | None = None) -> list[tuple[str, ...]]:
        """The connected groups of members (or of the given members) over their borders, largest first.

        Codes inside a group ascend; groups of one size are ordered by their first code.
        """
        left = set(self.by_code if codes is None else codes)
        found = []
        while left:
            group, edge = set(), [min(left)]
            while edge:
                code = edge.pop()
                if code in left:
                    left.discard(code)
                    group.add(code)
                    edge.extend(self.by_code[code].neighbours)
            found.append(tuple(sorted(group)))
        return sorted(found, key=lambda group: (-len(group), group))

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, data: Json) -> RegionFacts:
        return decode(cls, data)
