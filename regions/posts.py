"""Who leads and who keeps the secretariat of each initiative, and how these posts are shared among the members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from municipalities.models import Municipality

from .membership import members_on
from .models import Project, Region
from .services.posts import OVER, Posts


@dataclass(frozen=True)
class GridLine:
    """One initiative: who may be chosen (those who take part), who is; `posts` is what the page shows as chosen."""

    project: Project
    able: list[Municipality]
    posts: Posts

    @property
    def lead_name(self) -> str:
        return next((town.name for town in self.able if town.pk == self.posts.lead), "")

    @property
    def secretariat_name(self) -> str:
        return next((town.name for town in self.able if town.pk == self.posts.secretariat), "")


@dataclass(frozen=True)
class PostShare:
    """The posts of one member; `share` is its part of all secretariat posts (None while there are none)."""

    town: Municipality
    leads: int
    secretariats: int
    share: Fraction | None

    @property
    def percent(self) -> Fraction | None:
        return None if self.share is None else self.share * 100


@dataclass(frozen=True)
class Grid:
    """All initiatives that go on, in code order, and the share of each member, in code order."""

    revision: int
    lines: list[GridLine]
    members: list[Municipality] = field(default_factory=list)

    @property
    def shares(self) -> list[PostShare]:
        return shares_of(self.members, [line.posts for line in self.lines])

    def shown(self, typed: Mapping[int, Posts]) -> Grid:
        """The grid with what a person typed in place of what is saved."""
        lines = [replace(line, posts=typed.get(line.project.pk, line.posts)) for line in self.lines]
        return replace(self, lines=lines)

    def differences(self, typed: Mapping[int, Posts]) -> list[str]:
        """For each initiative whose saved posts are not those typed, what is saved now."""
        return [
            f"「{line.project.name}」のいまの代表は「{line.lead_name or 'なし'}」、"
            f"事務局は「{line.secretariat_name or 'なし'}」です。"
            for line in self.lines
            if typed.get(line.project.pk, line.posts) != line.posts
        ]


def grid_of(region: Region, on: date) -> Grid:
    """Return the grid of the region's initiatives; those without named participants are open to all members."""
    members = [row.municipality for row in members_on([region.pk], on)[region.pk]]
    projects = region.projects.exclude(state__in=OVER).prefetch_related("participants").order_by("code")
    lines = []
    for project in projects:
        part = {town.pk for town in project.participants.all()}
        able = [town for town in members if not part or town.pk in part]
        lines.append(GridLine(project, able, Posts(project.lead_id or "", project.secretariat_id or "")))
    return Grid(region.revision, lines, members)


def shares_of(members: list[Municipality], posts: list[Posts]) -> list[PostShare]:
    """Count the posts of each member; initiatives without a secretariat count for nobody."""
    leads = Counter(post.lead for post in posts if post.lead)
    kept = Counter(post.secretariat for post in posts if post.secretariat)
    total = sum(kept.values())
    return [
        PostShare(town, leads[town.pk], kept[town.pk], Fraction(kept[town.pk], total) if total else None)
        for town in members
    ]
