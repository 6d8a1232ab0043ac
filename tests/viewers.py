"""Who is looking, in tests: `viewer(Duty.BS, bureau="sorachi")`."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.test import Client

from accounts.models import Office as OfficeRow
from accounts.models import Post, User
from accounts.viewers import SESSION_KEY
from common import clock
from common.viewer import OFFICE_DUTIES, Duty, Office, OfficeKind, Viewer

NAMES = {
    "011002": "札幌市",
    "012238": "根室市",
    "014281": "長沼町",
    "sorachi": "空知総合振興局",
    "nemuro": "根室振興局",
    "01": "北海道",
}
_user_ids = count(900_001)


def viewer(
    *duties: Duty,
    municipality: str | None = None,
    bureau: str | None = None,
    prefecture: str = "01",
    association: str = "choson-kai",
    name: str = "",
    user_id: int | None = None,
    section: str = "",
) -> Viewer:
    """Return a person with these duties, without touching the database.

    The first duty says what kind of office it is; `municipality` (6 digits) and `bureau` default to 長沼町 and 空知.
    The user id is one nobody else has; `saved()` makes the rows where a foreign key needs them.
    """
    first = duties[0]
    kind = next(kind for kind, held in OFFICE_DUTIES.items() if first in held)
    code = {
        OfficeKind.MUNICIPALITY: municipality or "014281",
        OfficeKind.BUREAU: bureau or "sorachi",
        OfficeKind.PREFECTURE: prefecture,
        OfficeKind.ASSOCIATION: association,
    }[kind]
    return Viewer(
        user_id=user_id or next(_user_ids),
        office=Office(kind, code, NAMES.get(code, code), section),
        duties=frozenset(duties),
        name=name or f"テスト {first.label}",
        ip="192.0.2.1",
    )


def saved(person: Viewer) -> Viewer:
    """Make the user, the office and the posts of that person where they are missing, and return the person."""
    user, _ = User.objects.get_or_create(
        pk=person.user_id or 0, defaults={"username": f"person-{person.user_id}", "display_name": person.name}
    )
    office, _ = OfficeRow.objects.get_or_create(**_office_key(person), defaults={"name": person.office.name})
    for duty in person.duties:
        if not Post.objects.held(clock.today()).filter(user=user, office=office, duty=duty.value).exists():
            Post.objects.create(user=user, office=office, duty=duty.value, valid_from=date(2020, 4, 1))
    return person


def client_for(person: Viewer) -> Client:
    """Return a test client signed in as that person, wearing that post."""
    saved(person)
    client = Client()
    client.force_login(
        User.objects.get(pk=person.user_id or 0), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session[SESSION_KEY] = OfficeRow.objects.get(**_office_key(person)).pk
    session.save()
    return client


def _office_key(person: Viewer) -> dict[str, str]:
    return {"kind": person.office.kind.value, "code": person.office.code, "section": person.office.section}
