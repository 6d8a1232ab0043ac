"""Sample people: labels instead of names, one for each duty, an approver for every member with open work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import Office, Post, User
from accounts.viewers import viewers_of
from common.viewer import Duty, OfficeKind, Viewer
from municipalities.models import Municipality

PASSWORD = "demo-portal-2026"  # noqa: S105  printed beside the sample sign-ins; only where DEMO=1
SINCE = date(2020, 4, 1)
NEMURO, NAGANUMA = "012238", "014281"


@dataclass(frozen=True)
class Person:
    """One sample person; `posts` are (office kind, code, office name, section, duty), `listed` says whether the sign-in
    page offers her (planners of other leads only play their part)."""

    username: str
    name: str
    posts: tuple[tuple[OfficeKind, str, str, str, Duty], ...]
    listed: bool = True


K = OfficeKind
SORACHI = (K.BUREAU, "sorachi", "空知総合振興局", "地域政策課")
NEMURO_BUREAU = (K.BUREAU, "nemuro", "根室振興局", "地域政策課")
OTHER_DEPARTMENT = (K.PREFECTURE, "01", "北海道", "関係部局（例：地域医療担当）")
HEADQUARTERS = (K.PREFECTURE, "01", "北海道", "広域連携担当")

PEOPLE = (
    Person("nemuro-kikaku", "デモ 企画担当（根室市）", ((K.MUNICIPALITY, NEMURO, "根室市", "", Duty.MP),)),
    Person("naganuma-kikaku", "デモ 企画担当（長沼町）", ((K.MUNICIPALITY, NAGANUMA, "長沼町", "", Duty.MP),)),
    Person("nemuro-jigyo", "デモ 事業担当（根室市）", ((K.MUNICIPALITY, NEMURO, "根室市", "", Duty.MF),)),
    Person("sorachi-shinsa", "デモ 審査担当（空知）", ((*SORACHI, Duty.BS),)),
    Person("nemuro-shinsa", "デモ 審査担当（根室）", ((*NEMURO_BUREAU, Duty.BS),)),
    Person("kenmu", "デモ 兼務の審査担当（空知・根室）", ((*SORACHI, Duty.BS), (*NEMURO_BUREAU, Duty.BS))),
    Person("sorachi-kyokucho", "デモ 局長（空知）", ((*SORACHI, Duty.BM),)),
    Person("nemuro-kyokucho", "デモ 局長（根室）", ((*NEMURO_BUREAU, Duty.BM),)),
    Person("honcho-shinsa", "デモ 本庁 審査担当", ((*HEADQUARTERS, Duty.HS),)),
    Person("honcho-kessai", "デモ 本庁 決裁者", ((*HEADQUARTERS, Duty.HM),)),
    Person(
        "kankei-bukyoku",
        "デモ 関係部局担当",
        ((K.PREFECTURE, "01", "北海道", "関係部局（例：地域医療担当）", Duty.SD),),
    ),
    Person("suito", "デモ 会計担当", ((K.PREFECTURE, "01", "北海道", "出納局", Duty.AC),)),
    Person("kansa", "デモ 監査担当", ((K.PREFECTURE, "01", "北海道", "監査委員事務局", Duty.AU),)),
    Person("kanri", "デモ システム管理者", ((K.PREFECTURE, "01", "北海道", "システム管理", Duty.AD),)),
    Person("choson-kai", "デモ 町村会職員", ((K.ASSOCIATION, "choson-kai", "北海道町村会", "", Duty.OB),)),
)


def load_people(approver_codes: Iterable[str]) -> dict[str, Viewer]:
    """Create the sample people and an approver for each municipality; return their viewers by username.

    The viewer of someone with several offices is the first; `username@code` names each of them.
    """
    towns = Municipality.objects.in_bulk(sorted(set(approver_codes) | {NEMURO, NAGANUMA}))
    everyone = [
        *PEOPLE,
        *(
            Person(f"shonin-{code}", f"デモ 承認者（{town.name}）", ((K.MUNICIPALITY, code, town.name, "", Duty.MA),))
            for code, town in sorted(towns.items())
        ),
        *(
            Person(
                f"kikaku-{code}",
                f"デモ 企画担当（{town.name}）",
                ((K.MUNICIPALITY, code, town.name, "", Duty.MP),),
                listed=False,
            )
            for code, town in sorted(towns.items())
            if code not in (NEMURO, NAGANUMA)
        ),
    ]
    viewers: dict[str, Viewer] = {}
    hashed = make_password(PASSWORD)  # once: the same for all, and slow on purpose
    for person in everyone:
        user = User.objects.filter(username=person.username).first() or User(username=person.username)
        user.display_name, user.is_sample = person.name, person.listed
        if not user.pk:
            user.password = hashed
        user.save()
        for kind, code, name, section, duty in person.posts:
            office, _ = Office.objects.get_or_create(
                kind=kind.value, code=code, section=section, defaults={"name": name}
            )
            Post.objects.get_or_create(user=user, office=office, duty=duty, defaults={"valid_from": SINCE})
        worn = viewers_of(user)
        viewers[person.username] = worn[0]
        viewers.update({f"{person.username}@{viewer.office.code}": viewer for viewer in worn})
    return viewers
