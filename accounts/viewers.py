"""From a signed-in person to the Viewer that rooms understand."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from common import clock
from common.viewer import NOBODY, Absentee, Duty, Office, OfficeKind, Viewer

from .models import Absence, Post, User

SESSION_KEY = "office"


def viewers_of(user: User, ip: str = "") -> list[Viewer]:
    """Return one Viewer for each office in which the person holds a duty today, in a steady order.

    After her own come those of people who are away and whose deputy she is; such a post lasts only as long as both
    still belong to the office. One query.
    """
    today = clock.today()
    away = Absence.objects.in_force(today).filter(deputy=user, user=OuterRef("user"), office=OuterRef("office"))
    posts = Post.objects.held(today).filter(Q(user=user) | Exists(away)).select_related("office", "user")
    rows = sorted(posts, key=lambda post: (post.user_id != user.pk, post.office_id, post.user_id, post.duty))
    own = {(post.office.kind, post.office.code) for post in rows if post.user_id == user.pk}
    return [
        _viewer(user, held[0], held, ip)
        for held in (list(group) for _, group in groupby(rows, key=lambda post: (post.office_id, post.user_id)))
        if held[0].user_id == user.pk or (held[0].office.kind, held[0].office.code) in own
    ]


def viewer_for(user: User, worn: int | str | None, ip: str = "") -> tuple[Viewer, list[Viewer]]:
    """Return the post the person wears (the one chosen by its `post_key`, else her first) and all she could wear."""
    viewers = viewers_of(user, ip)
    chosen = next((viewer for viewer in viewers if viewer.post_key == str(worn)), None)
    return chosen or (viewers[0] if viewers else NOBODY), viewers


def _viewer(user: User, first: Post, held: list[Post], ip: str) -> Viewer:
    office = first.office
    return Viewer(
        user_id=user.pk,
        office=Office(OfficeKind(office.kind), office.code, office.name, office.section),
        duties=frozenset(Duty(post.duty) for post in held),
        name=user.display_name,
        post_id=office.pk,
        ip=ip,
        deputy_for=Absentee(first.user_id, first.user.display_name) if first.user_id != user.pk else None,
    )
