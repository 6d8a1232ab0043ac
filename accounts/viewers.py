"""From a signed-in person to the Viewer that rooms understand."""

from __future__ import annotations

from itertools import groupby

from common import clock
from common.viewer import NOBODY, Duty, Office, OfficeKind, Viewer

from .models import Post, User

SESSION_KEY = "office"


def viewers_of(user: User, ip: str = "") -> list[Viewer]:
    """Return one Viewer for each office in which the person holds a duty today, in a steady order."""
    posts = Post.objects.held(clock.today()).filter(user=user).select_related("office").order_by("office_id", "duty")
    return [
        Viewer(
            user_id=user.pk,
            office=Office(OfficeKind(office.kind), office.code, office.name, office.section),
            duties=frozenset(Duty(post.duty) for post in held),
            name=user.display_name,
            post_id=office.pk,
            ip=ip,
        )
        for office, held in groupby(posts, key=lambda post: post.office)
    ]


def viewer_for(user: User, office_id: int | None, ip: str = "") -> tuple[Viewer, list[Viewer]]:
    """Return the post the person wears (the chosen office, else her first) and all she could wear."""
    viewers = viewers_of(user, ip)
    chosen = next((viewer for viewer in viewers if viewer.post_id == office_id), None)
    return chosen or (viewers[0] if viewers else NOBODY), viewers
