"""The mail addresses behind an office and its duties; `common.notices` asks for them through a setting."""

from __future__ import annotations

from collections.abc import Collection

from common import clock
from common.rhythm import Recipient, Rhythm
from common.viewer import Duty

from .models import Absence, NoticeRhythm, Post, User


def recipients_of(office_key: str, duties: Collection[Duty]) -> list[Recipient]:
    """Return who holds one of the duties (empty: any) in that office today and has an address, with her rhythm.

    Deputies of those who are away hear too.

    `office_key` is the key of `common.viewer.Office`: "bureau:sorachi".
    """
    kind, _, code = office_key.partition(":")
    today = clock.today()
    posts = Post.objects.held(today).filter(office__kind=kind, office__code=code)
    if duties:
        posts = posts.filter(duty__in=[duty.value for duty in duties])
    holders = set(posts.values_list("user_id", flat=True))
    away = Absence.objects.in_force(today).filter(user__in=holders, office__kind=kind, office__code=code)
    holders |= set(away.exclude(deputy=None).values_list("deputy_id", flat=True))
    people = User.objects.filter(pk__in=holders, is_active=True).exclude(email="").order_by("email", "pk")
    chosen = {row.user_id: row.rhythm for row in NoticeRhythm.objects.filter(user__in=holders)}
    return [Recipient(person.email, chosen.get(person.pk, Rhythm())) for person in people]
