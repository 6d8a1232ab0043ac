"""Notices: first in the portal, addressed to an office and its duties; by mail only where a relay is set.

A service calls `send` in its own transaction, so a notice exists only if what it tells of does. Mails go out as a
digest: one mail per person with everything that came in since the last one, never one mail per notice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

from . import audit, clock
from .models import Notice, NoticeRead
from .tasks import Run, enqueue, task
from .viewer import Duty, Viewer

logger = logging.getLogger(__name__)

DIGEST_AFTER = timedelta(minutes=15)
MAIL_BATCH = 500


def send(
    office_key: str,
    duties: Collection[Duty],
    title: str,
    body: str = "",
    url: str = "",
    subject: Model | tuple[str, object] | None = None,
) -> Notice:
    """Leave a notice for everyone in the office who holds one of the duties (none given: everyone there).

    `url` is the path of the page where the work waits, `subject` what it is about.
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
        created_at=clock.now(),
    )
    if settings.EMAIL_RELAY:
        enqueue("notices.mail", {}, dedupe_key="notices.mail", run_after=DIGEST_AFTER)
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
    """Send what was not mailed yet, one mail per person. A notice counts as mailed before its mail leaves.

    So a worker killed in between costs one mail, whose notices still stand in the portal; nobody gets a mail twice.
    """
    addresses_of = cache(import_string(settings.NOTICE_ADDRESSES))
    waiting = list(Notice.objects.filter(mailed_at=None).order_by("id")[:MAIL_BATCH])
    by_address: defaultdict[str, list[Notice]] = defaultdict(list)
    for notice in waiting:
        duties = frozenset(Duty(duty) for duty in notice.duties.split(",") if duty)
        for address in addresses_of(notice.office_key, duties):
            by_address[address].append(notice)
    refused = 0
    with get_connection() as relay:  # a relay that is away ends the try here, before anything counts as mailed
        with run.atomic():
            Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(mailed_at=clock.now())
            if len(waiting) == MAIL_BATCH:
                enqueue("notices.mail", {}, dedupe_key="notices.mail.rest")
        for done, (address, notices) in enumerate(by_address.items(), 1):
            try:
                _mail(address, notices, relay).send()
            except OSError:  # smtplib's errors are OSErrors: one bad address must not cost the others their mail
                logger.warning("the relay refused the mail to %s", address, exc_info=True)
                refused += 1
            run.progress(done, len(by_address), "お知らせのメールを送っています。")
    return {"text": f"{len(by_address) - refused}人にお知らせを送りました。", "refused": refused}


def _mail(address: str, notices: list[Notice], relay: Any) -> EmailMessage:
    """Return the digest: titles and links only, since a mail leaves the portal's protection."""
    lines = [f"・{notice.title}\n  {settings.PORTAL_URL}{notice.url}" for notice in notices]
    text = "広域連携ポータルにお知らせがあります。\n\n" + "\n".join(lines) + "\n\nこのメールには返信できません。\n"
    return EmailMessage(f"【広域連携ポータル】お知らせ{len(notices)}件", text, to=[address], connection=relay)
