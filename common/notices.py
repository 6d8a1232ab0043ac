"""Notices: first in the portal, addressed to an office and its duties; by mail only where a relay is set.

A service calls `send` in its own transaction, so a notice exists only if what it tells of does. Mails go out as a
digest in each person's own rhythm: one mail with everything that came in since the last one, never one per notice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Min, Model, QuerySet
from django.utils.module_loading import import_string

from . import audit, clock
from .locks import locking
from .models import Notice, NoticeMail, NoticeRead
from .rhythm import COLLECTED, Rhythm
from .tasks import Run, enqueue, task
from .viewer import Duty, Viewer

logger = logging.getLogger(__name__)

MAIL_BATCH = 500
OLD = timedelta(days=3)
KIND_OF_ROOM = {
    "subsidies": Notice.Kind.GRANTS, "regions": Notice.Kind.REGIONS, "accounts": Notice.Kind.OFFICE,
}  # fmt: skip


def send(
    office_key: str,
    duties: Collection[Duty],
    title: str,
    body: str = "",
    url: str = "",
    subject: Model | tuple[str, object] | None = None,
    *,
    kind: Notice.Kind | None = None,
) -> Notice:
    """Leave a notice for everyone in the office who holds one of the duties (none given: everyone there).

    `url` is the path of the page where the work waits, `subject` what it is about; the kind follows from the subject
    where none is given.
    """
    subject_type, subject_id = audit.subject_of(subject) if subject is not None else ("", "")
    notice = Notice.objects.create(
        office_key=office_key,
        duties=",".join(sorted(duty.value for duty in duties)),
        title=title[:200],
        body=body,
        url=url,
        subject_type=subject_type,
        subject_id=str(subject_id),
        kind=kind or KIND_OF_ROOM.get(subject_type.partition(".")[0], Notice.Kind.OTHER),
        created_at=clock.now(),
    )
    if settings.EMAIL_RELAY:
        enqueue("notices.mail", {}, dedupe_key="notices.mail", run_after=COLLECTED)
    return notice


def for_viewer(viewer: Viewer) -> QuerySet:
    """Return the notices to this person in the post she wears, newest first, each with `read`."""
    return Notice.objects.visible_to(viewer).with_read(viewer)


def unread_count(viewer: Viewer) -> int:
    """Return how many notices this person has not seen yet in the post she wears."""
    return int(for_viewer(viewer).filter(read=False).count())


def mark_read(viewer: Viewer, notices: Iterable[Notice] | None = None) -> None:
    """Note that the person has seen these notices (default: all of hers). Notices to others are left alone."""
    if viewer.user_id is None:
        return
    mine = for_viewer(viewer).filter(read=False)
    if notices is not None:
        mine = mine.filter(pk__in=[notice.pk for notice in notices])
    now = clock.now()
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice=notice, user_id=viewer.user_id, read_at=now) for notice in mine],
        ignore_conflicts=True,  # two windows at once
    )


@task("notices.mail", title="お知らせのメール")
def mail_digest(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Give new notices to the addresses behind them, send what is due there: one mail per address.

    A notice counts as mailed before its mail leaves. So a worker killed in between costs one mail, whose notices still
    stand in the portal; nobody gets a mail twice.
    """
    now = clock.now()
    with get_connection() as relay:  # a relay that is away ends the try here, before anything counts as mailed
        with run.atomic():
            _give_out()
            waiting = list(NoticeMail.objects.filter(mailed_at=None, due_at__lte=now).select_related("notice"))
            NoticeMail.objects.filter(pk__in=[row.pk for row in waiting]).update(mailed_at=now)
            _come_again(now)
        by_address: defaultdict[str, list[Notice]] = defaultdict(list)
        for row in sorted(waiting, key=lambda one: one.notice_id):
            by_address[row.address].append(row.notice)
        refused = 0
        for done, (address, notices) in enumerate(by_address.items(), 1):
            try:
                _mail(address, notices, relay).send()
            except OSError:  # smtplib's errors are OSErrors: one bad address must not cost the others their mail
                logger.warning("the relay refused the mail to %s", address, exc_info=True)
                refused += 1
            run.progress(done, len(by_address), "お知らせのメールを送っています。")
    return {"text": f"{len(by_address) - refused}人にお知らせを送りました。", "refused": refused}


def send_waiting() -> bool:
    """Let a worker look for mail that is due (the daily run). Returns whether a relay is set at all."""
    if settings.EMAIL_RELAY:
        enqueue("notices.mail", {}, dedupe_key="notices.mail.timer")
    return bool(settings.EMAIL_RELAY)


def rearrange(address: str, rhythm: Rhythm) -> None:
    """Put what waits for an address into the rhythm its reader has just chosen; what she no longer wants is dropped."""
    now = clock.now()
    for row in locking(NoticeMail.objects).filter(address=address, mailed_at=None).select_related("notice"):
        due = rhythm.due(now, row.notice.kind)
        if due is None:
            row.delete()
        else:
            row.due_at = due
            row.save(update_fields=["due_at"])
    if settings.EMAIL_RELAY:
        _come_again(now)


def _give_out() -> None:
    """Write for each new notice to whom it goes and when; an address that several share hears as soon as the first."""
    recipients_of = cache(import_string(settings.NOTICE_RECIPIENTS))
    fresh = list(locking(Notice.objects).filter(queued_at=None).order_by("id")[:MAIL_BATCH])
    rows: dict[tuple[int, str], NoticeMail] = {}
    for notice in fresh:
        if notice.created_at < clock.now() - OLD:  # the relay was set up later: what lies back stands in the portal
            continue
        duties = frozenset(Duty(duty) for duty in notice.duties.split(",") if duty)
        for one in recipients_of(notice.office_key, duties):
            due, known = one.rhythm.due(notice.created_at, notice.kind), rows.get((notice.pk, one.address))
            if due is not None and (known is None or due < known.due_at):
                rows[notice.pk, one.address] = NoticeMail(notice=notice, address=one.address, due_at=due)
    gathering = dict(_next_of({address for _, address in rows}))
    for row in rows.values():  # what comes shortly after another goes into the same mail
        row.due_at = min(row.due_at, gathering.setdefault(row.address, row.due_at))
    NoticeMail.objects.bulk_create(rows.values(), ignore_conflicts=True)
    Notice.objects.filter(pk__in=[notice.pk for notice in fresh]).update(queued_at=clock.now())
    if len(fresh) == MAIL_BATCH:
        enqueue("notices.mail", {}, dedupe_key="notices.mail.rest")


def _next_of(addresses: Collection[str]) -> Iterable[tuple[str, datetime]]:
    waiting = NoticeMail.objects.filter(mailed_at=None, address__in=addresses).order_by()
    return waiting.values_list("address").annotate(Min("due_at"))


def _come_again(now: datetime) -> None:
    """Let a worker come when the next mail is due."""
    later = NoticeMail.objects.filter(mailed_at=None, due_at__gt=now).aggregate(first=Min("due_at"))["first"]
    if later is not None:
        enqueue("notices.mail", {}, dedupe_key=f"notices.mail.{later:%Y%m%d%H%M}", run_after=later - now)


def _mail(address: str, notices: list[Notice], relay: Any) -> EmailMessage:
    """Return the digest, case by case: titles and links only, since a mail leaves the portal's protection."""
    cases: dict[str, list[str]] = {}
    for notice in notices:
        cases.setdefault(notice.url, []).append(f"・{notice.title}")
    parts = ["\n".join([*titles, f"  {settings.PORTAL_URL}{url}"]) for url, titles in cases.items()]
    text = "広域連携ポータルにお知らせがあります。\n\n" + "\n\n".join(parts) + "\n\nこのメールには返信できません。\n"
    return EmailMessage(f"【広域連携ポータル】お知らせ{len(notices)}件", text, to=[address], connection=relay)
