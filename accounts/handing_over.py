"""What the pages of a hand-over show: who holds which duty on the day, who may take over, what moves with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from common.viewer import OFFICE_DUTIES, Duty, OfficeKind, Viewer

from . import personal_work
from .models import Handover, HandoverRow, Office, Post, User

STAYS, ENDS = "", "end"


@dataclass(frozen=True)
class Line:
    """One duty that could move. `chosen`: STAYS, ENDS or the successor's id as text; `work` hangs on the person."""

    post: Post
    chosen: str
    work: list[str]

    @property
    def duty(self) -> str:
        return Duty(self.post.duty).label


@dataclass(frozen=True)
class Sheet:
    """The page where successors are chosen: the office, its duties the day before, the people to choose from."""

    kind: OfficeKind
    code: str
    name: str
    lines: list[Line]
    people: list[User]
    unknown: list[str]

    def shown(self, typed: Mapping[int, str]) -> Sheet:
        """The sheet with what a person typed in place of what was prepared."""
        return replace(self, lines=[replace(line, chosen=typed.get(line.post.pk, line.chosen)) for line in self.lines])


def offices_of(viewer: Viewer) -> list[tuple[str, str]]:
    """The offices this person may hand over in, as (kind:code, name): her own; every office for the administrator."""
    if not viewer.has(Duty.AD):
        return [(viewer.office.key, viewer.office.name)]
    rows = Office.objects.order_by("kind", "code", "section").values_list("kind", "code", "name")
    return list({f"{kind}:{code}": name for kind, code, name in reversed(rows)}.items())[::-1]


def sheet_of(
    kind: OfficeKind, code: str, on: date, *, more: Collection[str] = (), chosen: Mapping[int, str] | None = None
) -> Sheet | None:
    """Return the duties held the day before `on`, and the people of the office; None where there is no such office.

    `more` are user names of people from elsewhere who come; those that nobody bears stand in `unknown`.
    """
    office = Office.objects.filter(kind=kind.value, code=code).order_by("section").first()
    if office is None:
        return None
    eve = on - timedelta(days=1)
    posts = list(Post.objects.held(eve).filter(office__kind=kind.value, office__code=code).for_list())
    coming = list(User.objects.filter(username__in=list(more), is_active=True))
    here = {post.user_id: post.user for post in posts}
    taking = [int(one) for one in (chosen or {}).values() if one.isdecimal()]
    here |= {user.pk: user for user in [*coming, *User.objects.filter(pk__in=taking)]}
    work = personal_work.open_work([post.user_id for post in posts if post.duty == Duty.MF], code)
    lines = [
        Line(post, (chosen or {}).get(post.pk, STAYS), work.get(post.user_id, []) if post.duty == Duty.MF else [])
        for post in posts
    ]
    people = sorted(here.values(), key=lambda user: user.display_name)
    unknown = sorted(set(more) - {user.username for user in coming})
    return Sheet(kind, code, office.name, lines, people, unknown)


def left_without(handover: Handover, rows: Collection[HandoverRow]) -> list[str]:
    """The duties of the office that nobody would hold any more from the day on, in words."""
    kind = OfficeKind(handover.office_kind)
    ending = {row.post_id for row in rows}
    held = Post.objects.held(handover.effective_on).filter(office__kind=kind.value, office__code=handover.office_code)
    staying = {str(duty) for duty in held.exclude(pk__in=ending).values_list("duty", flat=True)}
    staying |= {row.duty for row in rows if row.successor_id is not None}
    lost = {row.duty for row in rows} - staying
    return [duty.label for duty in OFFICE_DUTIES[kind] if duty.value in lost]
