"""What says no says it in Japanese, with a way on, and tells nobody more than she may know."""

from __future__ import annotations

import pytest
from django.test import Client

from common.viewer import Duty
from tests.viewers import client_for, viewer

pytestmark = pytest.mark.urls("tests.portal.refusing_urls")


def text(response) -> str:
    assert response["Content-Type"].startswith("text/html")
    assert 'lang="ja"' in response.content.decode()
    return response.content.decode()


def test_a_page_that_does_not_exist(db: None):
    answer = client_for(viewer(Duty.MP)).get("/nowhere/")
    assert answer.status_code == 404
    assert "ページが見つかりません" in text(answer)
    assert 'href="/"' in text(answer)


def test_not_ones_duty_names_the_duty_and_the_post_worn(db: None):
    answer = client_for(viewer(Duty.BS)).get("/for-administrators/")
    assert answer.status_code == 403
    assert "「利用者・役割」は、システム管理者の役割で使います。" in text(answer)
    assert "振興局 審査担当" in text(answer)


def test_a_duty_that_may_is_let_through(db: None):
    assert client_for(viewer(Duty.AD)).get("/for-administrators/").content.decode() == "はい"


def test_a_refusal_without_a_reason_still_says_something(db: None):
    assert "いまの役割ではできません" in text(client_for(viewer(Duty.BS)).get("/without-reason/"))


def test_a_failure_says_that_nothing_changed_and_nothing_about_the_inside(db: None):
    client = client_for(viewer(Duty.MP))
    client.raise_request_exception = False
    answer = client.get("/failing/")
    assert answer.status_code == 500
    assert "データは変わっていません" in text(answer)
    assert "壊れました" not in text(answer)


def test_whoever_has_not_signed_in_does_not_learn_what_exists(db: None):
    assert Client().get("/for-administrators/").status_code == 302
    assert Client().get("/nowhere/").status_code == 404


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(db: None):
    policy = client_for(viewer(Duty.MP)).get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
