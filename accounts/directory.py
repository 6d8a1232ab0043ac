"""Sections and people as other rooms need them; `common.directory` asks for them through settings."""

from __future__ import annotations

from common import clock
from common.directory import Colleague, Section
from common.viewer import Duty, Office, OfficeKind

from .models import Post

AGREEING = (Duty.SD, Duty.AC)  # whose C (合議) stands in row 18 of the action matrix


def departments(prefecture_code: str) -> list[Section]:
    """Return the sections of this prefecture in which somebody holds 本庁 関係部局 or 会計担当 today, by name."""
    posts = Post.objects.held(clock.today()).filter(
        duty__in=[duty.value for duty in AGREEING],
        office__kind=OfficeKind.PREFECTURE,
        office__code=prefecture_code,
    )
    named = posts.exclude(office__section="").order_by("office__section", "duty")
    rows = named.values_list("office__code", "office__name", "office__section", "duty").distinct()
    return [
        Section(Office(OfficeKind.PREFECTURE, code, name, section), Duty(duty)) for code, name, section, duty in rows
    ]


def field_officers(municipality_code: str) -> list[Colleague]:
    """Return who holds 市町村 事業担当 in this municipality today, by name."""
    posts = Post.objects.held(clock.today()).filter(
        duty=Duty.MF, office__kind=OfficeKind.MUNICIPALITY, office__code=municipality_code
    )
    rows = posts.order_by("user__display_name").values_list("user_id", "user__display_name").distinct()
    return [Colleague(user_id, name) for user_id, name in rows]
