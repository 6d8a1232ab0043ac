"""Signing in, being locked out, coming back after idling, signing out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.middleware import SEEN, SEEN_STEP
from accounts.models import User
from common.models import AuditEvent
from common.viewer import Duty
from tests.viewers import client_for, saved, viewer

PASSWORD = "naganuma-no-himitsu"
LOCK_AFTER = 5


@pytest.fixture(autouse=True)
def _no_failures_from_other_tests() -> None:
    cache.clear()


@pytest.fixture
def planner(db: None) -> User:
    person = saved(viewer(Duty.MP, user_id=700_001))
    user = User.objects.get(pk=person.user_id or 0)
    user.username = "naganuma"
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str = PASSWORD, username: str = "naganuma", **more: str):
    return client.post("/sign-in/", {"login": username, "password": password, **more})


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_whoever_has_not_signed_in_is_sent_to_sign_in_and_comes_back(planner: User):
    client = Client()
    asked = client.get("/search/", {"q": "根室"})
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    assert "expired" not in asked["Location"]
    done = sign_in(client, next=page.context["way_back"])
    assert (done.status_code, unquote(done["Location"])) == (302, "/search/?q=根室")


def test_a_way_back_to_another_site_leads_home(planner: User):
    done = sign_in(Client(), next="https://example.com/")
    assert done["Location"] == "/"


def test_a_sign_in_is_written_down_with_the_post(planner: User):
    sign_in(Client())
    event = AuditEvent.objects.get(action="session.start")
    assert (event.user_id, event.office_key, event.ip) == (planner.pk, "municipality:014281", "127.0.0.1")


def test_a_wrong_password_says_so_and_is_written_down_without_what_was_typed(planner: User):
    page = sign_in(Client(), "chigau-aikotoba")
    assert "利用者名またはパスワードが違います。" in page.content.decode()
    sign_in(Client(), PASSWORD, username=PASSWORD)  # the password where the username goes
    assert actions() == ["session.refuse", "session.refuse"]
    assert not AuditEvent.objects.filter(title__contains=PASSWORD).exists()


def test_five_failures_lock_the_username_and_even_the_right_password_waits(planner: User):
    client = Client()
    for _ in range(LOCK_AFTER):
        sign_in(client, "chigau-aikotoba")
    for _ in range(2):
        page = sign_in(client)
        assert "5分ほどおいてから" in page.content.decode()
    assert actions() == ["session.refuse"] * LOCK_AFTER + ["session.lock"]
    assert client.get("/").status_code == 302


def test_four_failures_do_not_lock(planner: User):
    client = Client()
    for _ in range(LOCK_AFTER - 1):
        sign_in(client, "chigau-aikotoba")
    assert sign_in(client).status_code == 302


def test_a_person_who_left_cannot_sign_in(planner: User):
    User.objects.update(is_active=False)
    assert "利用者名またはパスワードが違います。" in sign_in(Client()).content.decode()


def test_after_idling_the_sign_in_page_says_why_and_returns_to_the_page(planner: User):
    client = Client()
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    asked = client.get("/worklist/")
    page = client.get(asked["Location"])
    assert "30分間操作がなかったため、サインアウトしました。" in page.content.decode()
    assert page.context["way_back"] == "/worklist/"


def test_a_click_starts_the_idle_time_again_and_is_written_once_a_minute(planner: User):
    client = Client()
    sign_in(client)
    client.get("/")
    last = Session.objects.get().expire_date
    client.get("/")
    assert Session.objects.get().expire_date == last
    session = client.session
    session[SEEN] -= SEEN_STEP
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    client.get("/")
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


def test_a_form_sent_after_idling_returns_to_the_page_of_the_form(planner: User):
    client = Client()
    sign_in(client)
    Session.objects.all().delete()
    asked = client.post("/post/", {"office": "1"}, headers={"referer": "http://testserver/worklist/?show=late"})
    assert "next=%2Fworklist%2F%3Fshow%3Dlate" in asked["Location"]


def test_a_script_that_asks_after_idling_moves_the_whole_page_to_sign_in(planner: User):
    answer = Client().get("/", headers={"hx-request": "true", "hx-current-url": "http://testserver/worklist/"})
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fworklist%2F"


def test_signing_out_ends_the_session_and_is_written_down(planner: User):
    client = Client()
    sign_in(client)
    page = client.post("/sign-out/", follow=True)
    assert "サインアウトしました。" in page.content.decode()
    assert "操作がなかった" not in page.content.decode()
    assert client.get("/").status_code == 302
    assert actions() == ["session.start", "session.end"]


def test_signing_out_by_a_link_is_not_possible(planner: User):
    client = Client()
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_login"])
def test_nothing_else_of_allauth_can_be_reached(name: str):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_changed_password_counts_from_now_on(planner: User):
    client = Client()
    sign_in(client)
    new = "atarashii-aikotoba-2026"
    done = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert done["Location"] == "/"
    assert client.get("/").status_code == 200, "the session goes on"
    assert sign_in(Client()).status_code == 200
    assert sign_in(Client(), new).status_code == 302
    assert "password.change" in actions()


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("chigau", "atarashii-aikotoba-2026", "atarashii-aikotoba-2026", "現在のパスワードが違います。"),
        (PASSWORD, "atarashii-aikotoba-2026", "betsu-no-aikotoba-2026", "一致しません"),
        (PASSWORD, "mijikai-pw", "mijikai-pw", "12 文字以上"),
        (PASSWORD, "password1234", "password1234", "よく使われる"),
    ],
)
def test_a_bad_new_password_is_refused_in_japanese(planner: User, old: str, new: str, again: str, sentence: str):
    client = Client()
    client.force_login(planner, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})
    text = page.content.decode()
    assert sentence in text
    assert 'href="#id_' in text, "the error summary links to the field"
    planner.refresh_from_db()
    assert planner.check_password(PASSWORD)


def test_someone_without_a_post_reads_that_nothing_is_hers(db: None):
    user = User.objects.create(username="mu-shozoku", display_name="無所属")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "役割：なし" in client.get("/").content.decode()


def test_the_token_of_a_form_is_checked_and_the_refusal_is_japanese(db: None):
    client = client_for(viewer(Duty.MP))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/sign-out/")
    assert answer.status_code == 403
    assert "画面が古くなっている" in answer.content.decode()
