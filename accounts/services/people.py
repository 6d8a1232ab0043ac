"""Posts given and ended, sign-ins written down: every change over people, each with its audit event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.viewer import OFFICE_DUTIES, SYSTEM, Access, Duty, OfficeKind, Viewer

from ..duties import PEOPLE
from ..models import Office, Post, User
from ..viewers import viewer_for

SESSION = "accounts.session"


def problems_of_post(user: User, office: Office, duty: Duty, valid_from: date, valid_to: date | None) -> list[str]:
    """Return why this post cannot be given, as Japanese sentences; nothing when it can."""
    problems = []
    if duty not in OFFICE_DUTIES[OfficeKind(office.kind)]:
        problems.append(f"「{office}」に「{duty.label}」の役割はありません。")
    if valid_to and valid_to < valid_from:
        problems.append("終了日は開始日以後にしてください。")
    elif Post.objects.overlapping(valid_from, valid_to).filter(user=user, office=office, duty=duty.value).exists():
        problems.append(f"{user}さんは、その期間に同じ役割をすでに持っています。")
    return problems


@transaction.atomic
def give_post(
    viewer: Viewer, *, user_id: int, office_id: int, duty: Duty, valid_from: date, valid_to: date | None = None
) -> Post:
    """Give a person a duty in an office from a day on (to a last day, inclusive).

    Raises PermissionDenied (not an administrator), User.DoesNotExist, Office.DoesNotExist and Refused (a duty this
    kind of office does not have, an end before the start, a duty already held in those days).
    """
    if not viewer.may(PEOPLE, Access.EDIT):
        raise PermissionDenied
    user: User = locking(User.objects).get(pk=user_id)
    office = Office.objects.get(pk=office_id)
    if problems := problems_of_post(user, office, duty, valid_from, valid_to):
        raise Refused(*problems)
    post = Post.objects.create(user=user, office=office, duty=duty.value, valid_from=valid_from, valid_to=valid_to)
    audit.record(viewer, "post.give", user, f"役割を付ける：{office} {duty.label}", after=_facts(post))
    return post


@transaction.atomic
def end_post(viewer: Viewer, *, post_id: int, last_day: date) -> Post:
    """Let a post end with a last day (inclusive); what the person did in it stays.

    Raises PermissionDenied, Post.DoesNotExist and Refused (a last day before the first).
    """
    if not viewer.may(PEOPLE, Access.EDIT):
        raise PermissionDenied
    post = locking(Post.objects).select_related("user", "office").get(pk=post_id)
    if last_day < post.valid_from:
        raise Refused("終了日は開始日以後にしてください。")
    before = _facts(post)
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    title = f"役割を終える：{post.office} {Duty(post.duty).label}"
    audit.record(viewer, "post.end", post.user, title, before=before, after=_facts(post))
    return post


@dataclass(frozen=True)
class PersonRow:
    """A person and one post, as a sheet brings them (I-14)."""

    username: str
    name: str
    email: str
    office: int
    duty: str
    valid_from: date
    valid_to: date | None


def keep_people(viewer: Viewer, rows: Sequence[PersonRow]) -> None:
    """Write people by their user name and posts by (person, office, duty, first day), in the caller's transaction.

    A new person can sign in only once an administrator has handed over a password. What a post may be is checked before
    (`accounts.resources`); the import writes the audit event of the whole run. Raises PermissionDenied.
    """
    if viewer is not SYSTEM and not viewer.may(PEOPLE, Access.EDIT):
        raise PermissionDenied
    told = {row.username: row for row in rows}
    standing: Iterable[User] = locking(User.objects).filter(username__in=told)
    people = {one.username: one for one in standing}
    User.objects.bulk_create(
        User(
            username=name,
            display_name=row.name,
            email=row.email,
            password=make_password(None),
            date_joined=clock.now(),
        )
        for name, row in told.items()
        if name not in people
    )
    changed = []
    for name, person in people.items():
        if (person.display_name, person.email) != (told[name].name, told[name].email):
            person.display_name, person.email = told[name].name, told[name].email
            changed.append(person)
    User.objects.bulk_update(changed, ["display_name", "email"])
    ids = dict(User.objects.filter(username__in=told).values_list("username", "pk"))
    Post.objects.bulk_create(
        (
            Post(
                user_id=ids[row.username],
                office_id=row.office,
                duty=row.duty,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["user", "office", "duty", "valid_from"],
        update_fields=["valid_to"],
    )


def drop_posts(viewer: Viewer, keys: Iterable[tuple[str, int, str, date]], *, made_since: datetime | None) -> None:
    """Take posts (user name, office, duty, first day) out again, in the caller's transaction.

    People who were made since the moment, hold no other post and never signed in go with them. Raises PermissionDenied.
    """
    if viewer is not SYSTEM and not viewer.may(PEOPLE, Access.EDIT):
        raise PermissionDenied
    wanted = set(keys)
    names = {name for name, *_ in wanted}
    posts = Post.objects.filter(user__username__in=names).values_list(
        "pk", "user__username", "office_id", "duty", "valid_from"
    )
    Post.objects.filter(pk__in=[pk for pk, *key in posts if tuple(key) in wanted]).delete()
    if made_since is not None:
        strangers = User.objects.filter(username__in=names, posts=None, last_login=None, date_joined__gte=made_since)
        strangers.delete()


def sign_in_demo(username: str) -> User:
    """Return the sample person of that name, for the view to sign in.

    Raises PermissionDenied where no demo runs and User.DoesNotExist for anyone who is not a sample person.
    """
    if not settings.DEMO:
        raise PermissionDenied
    return User.objects.samples().get(username=username)


def note_sign_in(user: User, address: str) -> None:
    """Write down that a person signed in."""
    viewer, _ = viewer_for(user, None, address)
    audit.record(viewer, "session.start", (SESSION, user.pk), f"サインイン：{user}")


def note_sign_out(viewer: Viewer) -> None:
    """Write down that a person signed out."""
    audit.record(viewer, "session.end", (SESSION, viewer.user_id), f"サインアウト：{viewer.name}")


def note_refusal(username: str, address: str) -> None:
    """Write down a refused sign-in."""
    _note_stranger("session.refuse", "サインインできず", username, address)


def note_lock_out(username: str, address: str) -> None:
    """Write down that a username or an address is locked out for a while."""
    _note_stranger("session.lock", "サインインを一時停止", username, address)


def switch_post(viewer: Viewer) -> None:
    """Write down which office a person acts for from now on."""
    audit.record(viewer, "post.switch", (SESSION, viewer.user_id), f"所属を切り替える：{viewer.label}")


def change_password(viewer: Viewer, user: User, new_password: str) -> None:
    """Set a person's own new password. Validating it is the form's work."""
    with transaction.atomic():
        user.set_password(new_password)
        user.save(update_fields=["password"])
        audit.record(viewer, "password.change", (SESSION, user.pk), "パスワードを変更")


def _note_stranger(action: str, title: str, username: str, address: str) -> None:
    """Name the account only if there is one: people type passwords where the username goes."""
    known = User.objects.filter(username=username).first()
    stranger = Viewer(name=known.username if known else "登録のない利用者名", ip=address)
    audit.record(stranger, action, (SESSION, known.pk if known else ""), f"{title}：{stranger.name}")


def _facts(post: Post) -> dict[str, object]:
    return {
        "office": str(post.office), "duty": post.duty, "valid_from": post.valid_from, "valid_to": post.valid_to
    }  # fmt: skip
