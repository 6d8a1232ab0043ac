"""The mail addresses behind an office and its duties; `common.notices` asks for them through a setting."""

from __future__ import annotations

from collections.abc import Collection

from common import clock
from common.viewer import Duty

from .models import Post


def addresses_of(office_key: str, duties: Collection[Duty]) -> list[str]:
    """Return the addresses of all who hold one of the duties (empty: any) in that office today, each once, sorted.

    `office_key` is the key of `common.viewer.Office`: "bureau:sorachi".
    """
    kind, _, code = office_key.partition(":")
    posts = Post.objects.held(clock.today()).filter(office__kind=kind, office__code=code).exclude(user__email="")
    if duties:
        posts = posts.filter(duty__in=[duty.value for duty in duties])
    return sorted(set(posts.values_list("user__email", flat=True)))
