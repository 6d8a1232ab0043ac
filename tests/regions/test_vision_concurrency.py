"""Two planners at the same moment, on a real PostgreSQL: one saves, the other reads why and keeps what she typed."""

from __future__ import annotations

import pytest

from common import audit
from common.errors import Conflict, Refused
from regions import services
from regions.models import Vision
from regions.services import ItemPart, ProjectDraft, VisionDraft, VisionTexts
from tests.at_once import at_once

from .conftest import World

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def vision(world: World) -> Vision:
    return services.create_vision(world.region.pk, VisionDraft("連携ビジョン", "", 2026, 2030), viewer=world.planner())


def test_of_two_texts_at_once_one_is_saved_and_the_other_writes_nothing(world: World, vision: Vision):
    people = {"長沼町の言葉": world.planner(), "由仁町の言葉": world.planner(world.yuni)}
    answers = at_once(
        *[
            lambda words=words, person=person: services.save_vision_texts(
                vision.pk, VisionTexts("連携ビジョン", 2026, 2030, issues=words), revision=1, viewer=person
            )
            for words, person in people.items()
        ]
    )
    saved = [answer for answer in answers if isinstance(answer, Vision)]
    assert len(saved) == 1 and sum(isinstance(answer, Conflict) for answer in answers) == 1
    vision.refresh_from_db()
    assert (vision.issues, vision.revision) == (saved[0].issues, 2)
    assert audit.first_broken() is None


def test_costs_and_an_initiative_taken_out_at_once_never_leave_costs_of_nothing(world: World, vision: Vision):
    item = services.add_vision_item(
        vision.pk, ProjectDraft(name="訓練", from_fy=2026), revision=1, viewer=world.planner()
    )
    one, other = world.planner(), world.planner(world.yuni)
    answers = at_once(
        lambda: services.save_vision_costs(vision.pk, {item.pk: {2026: 1_000}}, revision=2, viewer=one),
        lambda: services.remove_vision_item(vision.pk, item.pk, revision=2, viewer=other),
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    left = list(vision.items.all())
    assert [list(row.costs.values_list("amount_yen", flat=True)) for row in left] in ([], [[1_000]])


def test_two_initiatives_written_at_once_ask_the_later_writer_to_look_again(world: World, vision: Vision):
    items = []
    for number, name in enumerate(("訓練", "研修"), 1):
        new = ProjectDraft(name=name, from_fy=2026)
        items.append(services.add_vision_item(vision.pk, new, revision=number, viewer=world.planner()))
    people = (world.planner(), world.planner(world.yuni))
    answers = at_once(
        *[
            lambda item=item, person=person: services.save_vision_item(
                vision.pk, item.pk, ItemPart(outline="概要"), revision=3, viewer=person
            )
            for item, person in zip(items, people, strict=True)
        ]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert sorted(vision.items.values_list("outline", flat=True)) == ["", "概要"]


def test_two_drafts_begun_at_once_become_one(world: World):
    people = (world.planner(), world.planner(world.yuni))
    answers = at_once(
        *[
            lambda person=person: services.create_vision(
                world.region.pk, VisionDraft("連携ビジョン", "", 2026, 2030), viewer=person
            )
            for person in people
        ]
    )
    assert Vision.objects.count() == 1
    assert "作成中のビジョンがあります" in str(next(answer for answer in answers if isinstance(answer, Refused)))
