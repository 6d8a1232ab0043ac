"""The list of sample people: there where a demo runs, absent and refused everywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from common.models import AuditEvent
from common.viewer import Duty
from tests.viewers import saved, viewer


@pytest.fixture
def sample(db: None) -> User:
    person = saved(viewer(Duty.BS, user_id=700_010, name="デモ 審査担当"))
    User.objects.filter(pk=person.user_id or 0).update(is_sample=True, display_name="デモ 審査担当")
    return User.objects.get(pk=person.user_id or 0)


def test_the_demo_lists_sample_people_by_office_with_what_they_can_do(sample: User, settings):
    settings.DEMO = True
    page = Client().get("/sign-in/")
    (group,) = page.context["groups"]
    assert (group.title, group.people[0].name) == ("振興局", "デモ 審査担当")
    assert "受け付け、要件ごとに審査し、差し戻す" in page.content.decode()


def test_one_click_signs_in_and_is_written_down(sample: User, settings):
    settings.DEMO = True
    client = Client()
    done = client.post("/sign-in/sample/", {"username": sample.username, "next": "/worklist/"})
    assert done["Location"] == "/worklist/"
    assert client.get("/").context["viewer"].name == "デモ 審査担当"
    assert AuditEvent.objects.filter(action="session.start", user_id=sample.pk).exists()


def test_without_a_demo_there_is_no_list_and_no_way_in(sample: User, settings):
    settings.DEMO = False
    client = Client()
    assert "デモ 審査担当" not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/sample/", {"username": sample.username}).status_code == 404
    assert client.get("/").status_code == 302


def test_a_real_person_is_no_sample_even_in_a_demo(sample: User, settings):
    settings.DEMO = True
    User.objects.update(is_sample=False)
    assert Client().post("/sign-in/sample/", {"username": sample.username}).status_code == 404


def test_a_sample_person_whose_post_ended_is_not_listed(sample: User, settings):
    settings.DEMO = True
    sample.posts.update(valid_to=date(2021, 3, 31))
    assert Client().get("/sign-in/").context["groups"] == []


def test_production_has_no_demo():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.production", "SECRET_KEY": "x", "DEMO": "1"}
    code = "from django.conf import settings; print(settings.DEMO, repr(settings.DEMO_DATE))"
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False ''"
