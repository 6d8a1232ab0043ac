"""A person chooses the rhythm of her notices."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common import audit, clock, notices
from common.locks import locking
from common.viewer import Viewer

from ..models import NoticeRhythm, User


@transaction.atomic
def choose_rhythm(viewer: Viewer, *, mail: str, hour: int, weekday: int, unwanted: Sequence[str]) -> NoticeRhythm:
    """Keep a person's own choice; what waits to be mailed to her follows it at once. The form validates the values.

    Raises PermissionError where nobody is signed in.
    """
    person: User = locking(User.objects).get(pk=viewer.person)
    values = {"mail": mail, "hour": hour, "weekday": weekday, "unwanted": list(unwanted)}
    chosen, _ = NoticeRhythm.objects.update_or_create(user=person, defaults=values | {"changed_at": clock.now()})
    if person.email:
        notices.rearrange(person.email, chosen.rhythm)
    audit.record(viewer, "rhythm.choose", ("accounts.user", person.pk), "お知らせの受け取り方を変更", after=values)
    return chosen
