"""The departments of headquarters as other rooms need them; `common.directory` asks for them through a setting."""

from __future__ import annotations

from common import clock
from common.viewer import Duty, Office, OfficeKind

from .models import Post


def departments(prefecture_code: str) -> list[Office]:
    """Return the sections of this prefecture in which somebody holds the duty 本庁 関係部局 today, by name."""
    posts = Post.objects.held(clock.today()).filter(
        duty=Duty.SD, office__kind=OfficeKind.PREFECTURE, office__code=prefecture_code
    )
    rows = posts.order_by("office__section").values_list("office__code", "office__name", "office__section").distinct()
    return [Office(OfficeKind.PREFECTURE, code, name, section) for code, name, section in rows if section]
