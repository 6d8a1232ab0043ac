"""Notices reach an office and its duties in the portal, and a mailbox only where a relay is set."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db.models.functions import Now

from common import notices
from common.models import Notice, Task
from common.tasks import run_next
from common.viewer import NOBODY, Duty

from ..viewers import saved, viewer

pytestmark = pytest.mark.django_db


def titles(person) -> list[str]:
    return [notice.title for notice in notices.for_viewer(person)]


def test_a_notice_reaches_the_duties_it_names_in_that_office_and_nobody_else():
    notices.send("municipality:014281", [Duty.MA], "同意してください", url="/applications/1/")
    approver, planner = viewer(Duty.MA, municipality="014281"), viewer(Duty.MP, municipality="014281")
    assert titles(approver) == ["同意してください"]
    assert titles(viewer(Duty.MP, Duty.MA, municipality="014281")) == ["同意してください"]
    assert titles(planner) == titles(viewer(Duty.MA, municipality="012238")) == titles(NOBODY) == []


def test_a_notice_without_duties_reaches_everyone_in_the_office_newest_first():
    notices.send("bureau:sorachi", [], "一")
    notices.send("bureau:sorachi", [Duty.BS, Duty.BM], "二")
    assert titles(viewer(Duty.BM, bureau="sorachi")) == ["二", "一"]
    assert titles(viewer(Duty.BM, bureau="nemuro")) == []


def test_what_one_person_read_is_still_new_for_her_colleague():
    notices.send("bureau:sorachi", [], "一")
    second = notices.send("bureau:sorachi", [], "二")
    reader, colleague = saved(viewer(Duty.BS)), saved(viewer(Duty.BS))
    notices.mark_read(reader, [second])
    notices.mark_read(reader, [second])  # a second window
    assert [(one.title, one.read) for one in notices.for_viewer(reader)] == [("二", True), ("一", False)]
    assert (notices.unread_count(reader), notices.unread_count(colleague)) == (1, 2)
    notices.mark_read(reader)
    assert notices.unread_count(reader) == 0


def test_nobody_marks_the_notices_of_another_office_as_read():
    foreign = notices.send("bureau:nemuro", [], "根室あて")
    notices.mark_read(saved(viewer(Duty.BS, bureau="sorachi")), [foreign])
    assert not foreign.reads.exists()


def test_without_a_relay_no_mail_is_even_queued():
    notices.send("bureau:sorachi", [], "一")
    assert not Task.objects.exists()


@pytest.fixture
def relay(settings):
    settings.EMAIL_RELAY = "smtp://relay:25"
    settings.PORTAL_URL = "https://portal.example.lg.jp"


def _mailbox(person, address: str) -> None:
    saved(person)
    from accounts.models import User

    User.objects.filter(pk=person.user_id).update(email=address)


def test_with_a_relay_each_person_gets_one_mail_for_all_that_came_in(relay):
    _mailbox(viewer(Duty.BS), "shinsa@example.lg.jp")
    _mailbox(viewer(Duty.BM), "kessai@example.lg.jp")
    _mailbox(viewer(Duty.BS, bureau="nemuro"), "nemuro@example.lg.jp")
    notices.send("bureau:sorachi", [Duty.BS], "申請が届きました", "内部の本文", "/applications/1/")
    notices.send("bureau:sorachi", [], "締切が近づいています", url="/calls/1/")
    assert Task.objects.count() == 1  # a digest, not a flood
    assert run_next("w", heartbeat=False) is None  # and not at once
    Task.objects.update(run_after=Now())
    run_next("w", heartbeat=False)
    assert sorted((message.to, message.subject) for message in mail.outbox) == [
        (["kessai@example.lg.jp"], "【広域連携ポータル】お知らせ1件"),
        (["shinsa@example.lg.jp"], "【広域連携ポータル】お知らせ2件"),
    ]
    text = next(message.body for message in mail.outbox if "shinsa" in message.to[0])
    assert "・申請が届きました\n  https://portal.example.lg.jp/applications/1/" in text
    assert "内部の本文" not in text  # the mail only says where to look


def test_nothing_is_mailed_twice(relay):
    _mailbox(viewer(Duty.BS), "shinsa@example.lg.jp")
    for title in ("一", "二"):
        notices.send("bureau:sorachi", [], title)
        Task.objects.update(run_after=Now())
        run_next("w", heartbeat=False)
    assert [message.body.count("・") for message in mail.outbox] == [1, 1]


def test_a_relay_that_is_away_costs_no_mail(relay, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    _mailbox(viewer(Duty.BS), "shinsa@example.lg.jp")
    notices.send("bureau:sorachi", [], "一")
    Task.objects.update(run_after=Now())
    with monkeypatch.context() as patch:
        patch.setattr(notices, "get_connection", away)
        assert run_next("w", heartbeat=False).state == Task.State.FAILED
    assert Notice.objects.get().mailed_at is None
    Task.objects.update(run_after=Now())
    run_next("w", heartbeat=False)
    assert len(mail.outbox) == 1


def test_one_refused_address_does_not_cost_the_others_their_mail(relay, monkeypatch):
    _mailbox(viewer(Duty.BS), "a-wrong@example.lg.jp")
    _mailbox(viewer(Duty.BS), "b-right@example.lg.jp")
    notices.send("bureau:sorachi", [], "一")
    send = notices.EmailMessage.send

    def picky(message):
        if "wrong" in message.to[0]:
            raise OSError("550 no such user")
        return send(message)

    monkeypatch.setattr(notices.EmailMessage, "send", picky)
    Task.objects.update(run_after=Now())
    done = run_next("w", heartbeat=False)
    assert (done.state, done.result["refused"]) == (Task.State.DONE, 1)
    assert [message.to for message in mail.outbox] == [["b-right@example.lg.jp"]]
