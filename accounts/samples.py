"""The list of sample people on the sign-in page of a demo: who they are and what each can do."""

from __future__ import annotations

from dataclasses import dataclass

from common import clock
from common.viewer import Duty, OfficeKind

from .models import Post, User

GROUPS = (
    (OfficeKind.MUNICIPALITY, "市町村"),
    (OfficeKind.BUREAU, "振興局"),
    (OfficeKind.PREFECTURE, "本庁"),
    (OfficeKind.ASSOCIATION, "団体"),
)
IN_FULL = 6
ABLE = {
    Duty.MP: "要件を試し、共同の申請を作る",
    Duty.MA: "共同申請に同意し、提出する",
    Duty.MF: "担当する取組の欄を書く",
    Duty.BS: "受け付け、要件ごとに審査し、差し戻す",
    Duty.BM: "進達し、交付を決定する",
    Duty.HS: "本庁で審査し、起案する。制度と募集を管理する",
    Duty.HM: "内定、決裁、制度の公開をする",
    Duty.SD: "起案に意見を述べる（合議）",
    Duty.AC: "配当と決定額を確かめる（合議）",
    Duty.AU: "すべてと操作の記録を読む",
    Duty.AD: "利用者と基礎データを管理する",
    Duty.OB: "公表された内容を読む",
}


@dataclass(frozen=True)
class Sample:
    """One sample person: her name, her offices and duties, and what she can do."""

    username: str
    name: str
    posts: tuple[str, ...]
    able: tuple[str, ...]


@dataclass(frozen=True)
class SampleGroup:
    """The sample people of one kind of office: the first in full, `more` by name only."""

    title: str
    people: list[Sample]
    more: list[Sample]


def sample_groups() -> list[SampleGroup]:
    """Return the sample people with a post today, by the kind of their first office."""
    samples = User.objects.samples().with_posts(clock.today()).order_by("pk")
    people = [(user.held_posts, user) for user in samples if user.held_posts]
    return [
        SampleGroup(title, found[:IN_FULL], found[IN_FULL:])
        for kind, title in GROUPS
        if (found := [_sample(user, posts) for posts, user in people if posts[0].office.kind == kind])
    ]


def _sample(user: User, posts: list[Post]) -> Sample:
    return Sample(
        username=user.username,
        name=user.display_name,
        posts=tuple(f"{post.office}　{Duty(post.duty).label}" for post in posts),
        able=tuple(dict.fromkeys(ABLE[Duty(post.duty)] for post in posts)),
    )
