"""Posts: several offices for one person, given from a day on, ended, switched between."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import services
from accounts.models import Office, Post, User
from accounts.viewers import viewer_for, viewers_of
from common.errors import Refused
from common.models import AuditEvent
from common.viewer import NOBODY, Duty, Viewer
from tests.viewers import client_for, saved, viewer


@pytest.fixture
def administrator(db: None) -> Viewer:
    return saved(viewer(Duty.AD))


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="kenmu", display_name="兼務 花子")


@pytest.fixture
def sorachi(db: None) -> Office:
    return Office.objects.create(kind="bureau", code="sorachi", name="空知総合振興局", section="地域政策課")


@pytest.fixture
def nemuro(db: None) -> Office:
    return Office.objects.create(kind="bureau", code="nemuro", name="根室振興局", section="地域政策課")


def give(administrator: Viewer, user: User, office: Office, duty: Duty = Duty.BS, **days: date) -> Post:
    days = {"valid_from": date(2026, 4, 1)} | days
    return services.give_post(administrator, user_id=user.pk, office_id=office.pk, duty=duty, **days)


def test_one_person_wears_one_post_at_a_time_and_switches(administrator, user, sorachi, nemuro):
    give(administrator, user, sorachi)
    give(administrator, user, nemuro)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    first = client.get("/")
    assert first.context["viewer"].office.code == "sorachi"
    assert "根室振興局 地域政策課に切り替える" in first.content.decode()
    done = client.post("/post/", {"office": str(nemuro.pk)}, follow=True)
    assert done.context["viewer"].office.code == "nemuro"
    assert "根室振興局 地域政策課の担当に切り替えました。" in done.content.decode()
    assert client.get("/worklist/").context["viewer"].office.code == "nemuro", "the choice stays"
    assert AuditEvent.objects.filter(action="post.switch", office_key="bureau:nemuro").exists()


def test_an_office_of_somebody_else_cannot_be_worn(administrator, user, sorachi, nemuro):
    give(administrator, user, sorachi)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for office in (str(nemuro.pk), "", "x"):
        assert client.post("/post/", {"office": office}).status_code == 404
    assert client.get("/").context["viewer"].office.code == "sorachi"


def test_several_duties_in_one_office_are_worn_together(administrator, user, sorachi):
    give(administrator, user, sorachi, Duty.BS)
    give(administrator, user, sorachi, Duty.BM)
    (worn,) = viewers_of(user)
    assert worn.duties == {Duty.BS, Duty.BM}


@pytest.mark.parametrize(
    ("on", "held"), [("2026-03-31", False), ("2026-04-01", True), ("2027-03-31", True), ("2027-04-01", False)]
)
def test_a_post_counts_from_its_first_to_its_last_day(administrator, user, sorachi, settings, on: str, held: bool):
    give(administrator, user, sorachi, valid_to=date(2027, 3, 31))
    settings.DEMO_DATE = on
    worn, _ = viewer_for(user, None)
    assert (worn is not NOBODY) == held


def test_a_town_has_no_bureau_duty(administrator, user):
    town = Office.objects.create(kind="municipality", code="014281", name="長沼町")
    with pytest.raises(Refused, match="「振興局 決裁者」の役割はありません"):
        give(administrator, user, town, Duty.BM)
    assert not Post.objects.filter(user=user).exists()


def test_the_same_duty_cannot_be_held_twice_on_a_day(administrator, user, sorachi):
    give(administrator, user, sorachi, valid_to=date(2027, 3, 31))
    with pytest.raises(Refused, match="すでに持っています"):
        give(administrator, user, sorachi, valid_from=date(2027, 3, 31))
    give(administrator, user, sorachi, valid_from=date(2027, 4, 1))


def test_an_end_before_the_start_is_refused(administrator, user, sorachi):
    with pytest.raises(Refused, match="終了日は開始日以後"):
        give(administrator, user, sorachi, valid_to=date(2026, 3, 31))
    post = give(administrator, user, sorachi)
    with pytest.raises(Refused, match="終了日は開始日以後"):
        services.end_post(administrator, post_id=post.pk, last_day=date(2026, 3, 31))


def test_giving_and_ending_are_written_down(administrator, user, sorachi):
    post = give(administrator, user, sorachi)
    services.end_post(administrator, post_id=post.pk, last_day=date(2027, 3, 31))
    given, ended = AuditEvent.objects.filter(subject_type="accounts.user", subject_id=str(user.pk)).order_by("id")
    assert (given.action, ended.action) == ("post.give", "post.end")
    assert (ended.before["valid_to"], ended.after["valid_to"]) == (None, "2027-03-31")


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty != Duty.AD])
def test_nobody_but_the_administrator_gives_posts(duty: Duty, user, sorachi):
    stranger = viewer(duty)
    with pytest.raises(PermissionDenied):
        give(stranger, user, sorachi)
    post = Post.objects.create(user=user, office=sorachi, duty="BS", valid_from=date(2026, 4, 1))
    with pytest.raises(PermissionDenied):
        services.end_post(stranger, post_id=post.pk, last_day=date(2027, 3, 31))


def test_the_administrator_gives_a_post_in_the_technical_site(administrator, user, sorachi):
    client = client_for(administrator)
    address = "/admin/accounts/post/add/"
    facts = {"user": user.pk, "office": sorachi.pk, "duty": "BS", "valid_from": "2026-04-01", "valid_to": ""}
    refused = client.post(address, facts | {"duty": "MP"})
    assert "「市町村 企画担当」の役割はありません" in refused.content.decode()
    assert client.post(address, facts).status_code == 302
    post = Post.objects.get(user=user)
    change = f"/admin/accounts/post/{post.pk}/change/"
    assert "終了日を入れてください" in client.post(change, {"valid_to": ""}).content.decode()
    assert client.post(change, {"valid_to": "2027-03-31"}).status_code == 302
    post.refresh_from_db()
    assert (post.duty, post.valid_to) == ("BS", date(2027, 3, 31))
    assert AuditEvent.objects.filter(action__in=["post.give", "post.end"]).count() == 2


def test_a_first_password_never_reaches_the_audit_chain(administrator):
    client = client_for(administrator)
    secret = "saisho-no-aikotoba-26"
    facts = {"username": "shinnin", "display_name": "新任", "email": "", "is_active": "on", "new_password": secret}
    short = client.post("/admin/accounts/user/add/", facts | {"new_password": "mijikai"})
    assert "12 文字以上" in short.content.decode()
    assert client.post("/admin/accounts/user/add/", facts).status_code == 302
    assert User.objects.get(username="shinnin").check_password(secret)
    event = AuditEvent.objects.get(action="reference.save")
    assert secret not in str((event.before, event.after, event.title))
    assert event.after["username"] == "shinnin"
