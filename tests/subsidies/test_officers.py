"""事業担当: a planner chooses who writes which initiative, and the field officer sees that one alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common import audit
from common.errors import Refused
from common.viewer import Duty, Viewer
from subsidies.models import Application, ApplicationProject
from subsidies.services import fieldwork
from subsidies.worklist import items_for
from tests.factories.subsidies import Scene
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def draft(scene: Scene) -> Application:
    """A draft with two initiatives."""
    draft = scene.application()
    other = scene.add_project("共同の採用説明会")
    ApplicationProject.objects.create(application=draft, project=other, order=2, content="年2回")
    return draft


def item_of(draft: Application, name: str) -> ApplicationProject:
    return draft.items.get(project__name__contains=name)


def officers_url(draft: Application) -> str:
    return reverse("subsidies:application_officers", args=[draft.pk])


def officer_in(town: str, name: str) -> Viewer:
    return saved(viewer(Duty.MF, municipality=town, name=name))


def test_the_page_lists_the_field_officers_of_ones_own_town(scene: Scene, draft: Application):
    officer_in("014281", "福祉課 佐藤")
    officer_in("014273", "由仁の担当")
    page = client_for(scene.planner()).get(officers_url(draft)).content.decode()
    assert "福祉課 佐藤" in page
    assert "由仁の担当" not in page
    link = client_for(scene.planner()).get(reverse("subsidies:application_detail", args=[draft.pk])).content.decode()
    assert officers_url(draft) in link


def test_a_tick_gives_one_initiative_and_no_other(scene: Scene, draft: Application):
    officer = officer_in("014281", "総務課 鈴木")
    assert not Application.objects.visible_to(officer).exists()
    item, other = item_of(draft, "研修"), item_of(draft, "説明会")
    client_for(scene.planner()).post(officers_url(draft), {f"item-{item.pk}": [str(officer.user_id)]})
    (errand,) = items_for(officer)
    assert (errand.label, errand.url) == ("要入力", reverse("subsidies:draft_item", args=[draft.pk]))
    client = client_for(officer)
    assert client.get(errand.url, follow=True).status_code == 200  # the work itself, one click from the start page
    assert client.get(reverse("subsidies:draft_item_edit", args=[draft.pk, other.pk])).status_code == 403
    seen = client.get(reverse("subsidies:application_detail", args=[draft.pk])).content.decode()
    assert item.project.name in seen
    assert other.project.name not in seen
    assert client.get(reverse("subsidies:paper_preview", args=[draft.pk, "D-03"])).status_code == 403


def test_taking_the_tick_away_takes_the_sight_away(scene: Scene, draft: Application):
    officer = officer_in("014281", "総務課 鈴木")
    item = item_of(draft, "研修")
    fieldwork.assign(application_id=draft.pk, viewer=scene.planner(), chosen={item.pk: [officer.user_id or 0]})
    assert Application.objects.visible_to(officer).exists()
    client_for(scene.planner()).post(officers_url(draft), {})
    assert not Application.objects.visible_to(officer).exists()
    titles = list(
        audit.timeline(draft, internal=False).filter(action="application.assign").values_list("title", flat=True)
    )
    assert titles == [
        f"取組「{item.project.name}」の事業担当（長沼町）：なし",
        f"取組「{item.project.name}」の事業担当（長沼町）：総務課 鈴木",
    ]


def test_each_town_chooses_its_own_and_leaves_the_others(scene: Scene, draft: Application):
    own, theirs = officer_in("014281", "長沼の担当"), officer_in("014273", "由仁の担当")
    item = item_of(draft, "研修")
    fieldwork.assign(application_id=draft.pk, viewer=scene.planner("014273"), chosen={item.pk: [theirs.user_id or 0]})
    fieldwork.assign(application_id=draft.pk, viewer=scene.planner(), chosen={item.pk: [own.user_id or 0]})
    assert set(item.assignees.values_list("pk", flat=True)) == {own.user_id, theirs.user_id}
    page = client_for(scene.planner()).get(officers_url(draft)).content.decode()
    assert "由仁の担当" in page


def test_nobody_of_another_town_or_duty_is_chosen(scene: Scene, draft: Application):
    item = item_of(draft, "研修")
    for person in (officer_in("014273", "由仁の担当"), scene.approver()):
        with pytest.raises(Refused, match="長沼町の事業担当ではない人"):
            fieldwork.assign(application_id=draft.pk, viewer=scene.planner(), chosen={item.pk: [person.user_id or 0]})
    answer = client_for(scene.planner()).post(officers_url(draft), {f"item-{item.pk}": ["1"]})
    assert answer.status_code == 422
    assert "一覧にある事業担当から" in answer.content.decode()


def test_only_a_planner_chooses_and_only_while_it_is_written(scene: Scene, draft: Application):
    for person in (scene.approver(), officer_in("014281", "担当")):
        assert client_for(person).post(officers_url(draft), {}).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        fieldwork.assign(application_id=draft.pk, viewer=scene.approver(), chosen={})
    Application.objects.filter(pk=draft.pk).update(state="consent")
    client = client_for(scene.planner())
    assert client.get(officers_url(draft)).status_code == 302


def test_a_town_without_field_officers_is_told_so(scene: Scene, draft: Application):
    page = client_for(scene.planner()).get(officers_url(draft)).content.decode()
    assert "役割を持つ人がいません" in page
