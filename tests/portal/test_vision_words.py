"""A field officer writes her own initiative in a vision (matrix row 6), beside the planners, and nothing else of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common.models import AuditEvent
from common.viewer import Viewer
from regions import services
from regions.models import Vision, VisionProject
from tests.factories.regions import VisionFactory
from tests.factories.subsidies import Scene
from tests.viewers import client_for

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def item(scene: Scene) -> VisionProject:
    other = scene.add_project("共同の図書館")
    draft = VisionFactory(
        region=scene.region, version=2, state="draft", adopted_on=None, projects=[scene.project, other]
    )
    return draft.items.get(project=scene.project)


def given(scene: Scene) -> Viewer:
    officer = scene.field_officer()
    scene.application("draft").items.get().assignees.add(officer.user_id or 0)
    return officer


def page(item: VisionProject) -> str:
    return reverse("regions:vision_own_item", args=[item.vision_id, item.pk])


def test_she_finds_it_on_her_start_page_and_writes_words_and_her_towns_role(scene: Scene, item: VisionProject):
    client = client_for(given(scene))
    assert page(item) in client.get("/").content.decode()
    opened = client.get(page(item))
    typed = {
        "outline": "新規採用職員の研修を合同で開く。", "roles": "事務局は輪番", "part": "会場を用意する",
        "base": opened.context["base"], "seen": opened.context["seen"], "revision": opened.context["revision"],
    }  # fmt: skip
    assert client.post(page(item), typed | {"go": "here"}).status_code == 302
    item.refresh_from_db()
    assert (item.outline, item.roles) == ("新規採用職員の研修を合同で開く。", "事務局は輪番")
    assert list(item.parts.values_list("municipality", "role")) == [("014281", "会場を用意する")]
    assert AuditEvent.objects.filter(action="vision.edit", title__contains="担当する取組").exists()


def test_words_of_a_planner_saved_meanwhile_are_not_lost(scene: Scene, item: VisionProject):
    client = client_for(given(scene))
    opened = client.get(page(item))
    part = services.ItemPart(outline="企画担当の概要", parts={"014273": "講師を出す"}, main_field=scene.field.pk)
    services.save_vision_item(item.vision_id, item.pk, part, revision=item.vision.revision, viewer=scene.planner())
    sent = {
        "outline": "", "roles": "", "part": "会場を用意する", "base": opened.context["base"],
        "seen": opened.context["seen"], "revision": opened.context["revision"], "go": "here",
    }  # fmt: skip
    client.post(page(item), sent)
    item.refresh_from_db()
    assert item.outline == "企画担当の概要"
    assert dict(item.parts.values_list("municipality", "role")) == {"014273": "講師を出す", "014281": "会場を用意する"}
    item.project.refresh_from_db()
    assert item.project.main_field_id == scene.field.pk


def test_another_initiative_or_one_that_was_not_given_is_refused(scene: Scene, item: VisionProject):
    other = item.vision.items.exclude(pk=item.pk).get()
    assert client_for(scene.field_officer("014273")).get(page(item)).status_code == 403
    officer = client_for(given(scene))
    assert officer.get(page(other)).status_code == 403
    assert officer.post(page(other), {"outline": "書き換え"}).status_code == 403
    assert officer.get(reverse("regions:vision_edit", args=[item.vision_id])).status_code == 403


def test_an_adopted_version_is_only_read(scene: Scene, item: VisionProject):
    client = client_for(given(scene))
    Vision.objects.filter(pk=item.vision_id).update(state="adopted", adopted_on="2026-11-01")
    assert client.get(page(item))["Location"] == reverse("regions:vision_detail", args=[item.vision_id])
    assert page(item) not in client.get("/").content.decode()
