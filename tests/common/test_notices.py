"""Notices reach an office and its duties in the portal, and a mailbox only where a relay is set."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from accounts import services
from accounts.models import NoticeRhythm
from common import clock, notices
from common.models import Notice, NoticeMail, Task
from common.rhythm import Rhythm
from common.tasks import run_next
from common.viewer import NOBODY, Duty

from ..viewers import client_for, saved, viewer

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


def work(after: timedelta = timedelta(minutes=16)):
    """Let a worker do what is due that much later; return its task."""
    Task.objects.update(run_after=Now())
    with clock.standing_at(clock.now() + after):
        return run_next("w", heartbeat=False)


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
    work()
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
        work()
    assert [message.body.count("・") for message in mail.outbox] == [1, 1]


def test_a_relay_that_is_away_costs_no_mail(relay, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    _mailbox(viewer(Duty.BS), "shinsa@example.lg.jp")
    notices.send("bureau:sorachi", [], "一")
    with monkeypatch.context() as patch:
        patch.setattr(notices, "get_connection", away)
        assert work().state == Task.State.FAILED
    assert Notice.objects.get().queued_at is None
    assert not NoticeMail.objects.exists()
    work()
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
    done = work()
    assert (done.state, done.result["refused"]) == (Task.State.DONE, 1)
    assert [message.to for message in mail.outbox] == [["b-right@example.lg.jp"]]


MONDAY_9 = clock.at(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("rhythm", "wanted"),
    [
        (Rhythm(), clock.at(date(2026, 11, 23), 9, 15)),
        (Rhythm("daily", hour=17), clock.at(date(2026, 11, 23), 17)),
        (Rhythm("daily", hour=9), clock.at(date(2026, 11, 24), 9)),
        (Rhythm("weekly", hour=8, weekday=0), clock.at(date(2026, 11, 30), 8)),
        (Rhythm("weekly", hour=10, weekday=0), clock.at(date(2026, 11, 23), 10)),
        (Rhythm("weekly", hour=8, weekday=4), clock.at(date(2026, 11, 27), 8)),
        (Rhythm("never"), None),
        (Rhythm(unwanted=frozenset({"grants"})), None),
    ],
)
def test_a_mail_leaves_in_the_rhythm_of_its_reader(rhythm: Rhythm, wanted: datetime | None):
    assert rhythm.due(MONDAY_9, "grants") == wanted


def choose(person, **more):
    values = {"mail": "at_once", "hour": 8, "weekday": 0, "unwanted": []} | more
    return services.choose_rhythm(person, **values)


def test_each_person_gets_one_mail_a_period_with_her_cases_together_and_nothing_twice(relay):
    daily, weekly, never = (saved(viewer(Duty.BS)) for _ in range(3))
    for person, address, often in (
        (daily, "d@x.jp", "daily"),
        (weekly, "w@x.jp", "weekly"),
        (never, "n@x.jp", "never"),
    ):
        _mailbox(person, address)
        choose(person, mail=often)
    with clock.standing_at(MONDAY_9):
        for title, url in (
            ("提出", "/applications/1/"),
            ("他の件", "/applications/2/"),
            ("再提出", "/applications/1/"),
        ):
            notices.send("bureau:sorachi", [Duty.BS], title, url=url)
            work()
        assert mail.outbox == []
        work(timedelta(hours=23))
        assert [message.to for message in mail.outbox] == [["d@x.jp"]]
        assert mail.outbox[0].body.index("再提出") < mail.outbox[0].body.index("applications/1/")
        assert mail.outbox[0].body.count("applications/1/") == 1
        work(timedelta(days=7))
        work(timedelta(days=8))
        assert [message.to for message in mail.outbox] == [["d@x.jp"], ["w@x.jp"]]
    assert NoticeMail.objects.count() == 6


def test_a_kind_that_a_person_does_not_want_stays_in_the_portal_only(relay):
    reader = saved(viewer(Duty.BS))
    _mailbox(reader, "shinsa@example.lg.jp")
    choose(reader, unwanted=["other"])
    notices.send("bureau:sorachi", [Duty.BS], "その他の件")
    notices.send("bureau:sorachi", [Duty.BS], "申請の件", subject=("subsidies.application", 1))
    work()
    assert "申請の件" in mail.outbox[0].body
    assert "その他の件" not in mail.outbox[0].body
    assert sorted(titles(reader)) == ["その他の件", "申請の件"]


def test_what_waits_follows_a_new_choice_at_once(relay):
    reader = saved(viewer(Duty.BS))
    _mailbox(reader, "shinsa@example.lg.jp")
    choose(reader, mail="weekly")
    notices.send("bureau:sorachi", [Duty.BS], "一")
    work()
    choose(reader, mail="at_once")
    work(timedelta(minutes=31))
    assert len(mail.outbox) == 1
    notices.send("bureau:sorachi", [Duty.BS], "二")
    work(timedelta(seconds=1))
    choose(reader, mail="never")
    work()
    assert len(mail.outbox) == 1


def test_a_relay_set_up_later_sends_no_mail_about_old_notices(relay):
    _mailbox(viewer(Duty.BS), "shinsa@example.lg.jp")
    with clock.standing_at(clock.now() - timedelta(days=4)):
        notices.send("bureau:sorachi", [], "古い件")
    work()
    assert mail.outbox == []


def test_the_page_says_whether_mail_is_set_up_and_keeps_the_choice(client_of, settings):
    page = client_of.get("/notices/settings/").content.decode()
    assert "このネットワークではメールの送信を設定していません" in page
    typed = {"mail": "weekly", "hour": "7", "weekday": "2", "kinds": ["deadline"]}
    assert client_of.post("/notices/settings/", typed).status_code == 302
    settings.EMAIL_RELAY = "smtp://relay:25"
    page = client_of.get("/notices/settings/").content.decode()
    assert "メールアドレスが登録されていない" in page
    kept = NoticeRhythm.objects.get()
    assert (kept.mail, kept.hour, kept.weekday) == ("weekly", 7, 2)
    assert kept.unwanted == ["grants", "regions", "office", "other"]
    assert client_of.post("/notices/settings/", typed | {"hour": "25"}).status_code == 422


@pytest.fixture
def client_of():
    return client_for(viewer(Duty.BS))
