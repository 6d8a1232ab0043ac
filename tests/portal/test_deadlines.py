"""The calendar of the start page: calls that close, and what a town is asked for until a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.viewer import Duty
from portal.deadlines import deadlines_for
from subsidies.services import reviews
from subsidies.services.reviews import ItemInput
from tests.factories.regions import AgreementFactory
from tests.factories.subsidies import Scene
from tests.viewers import viewer

pytestmark = pytest.mark.django_db


def texts(person) -> list[str]:
    return [one.text for one in deadlines_for(person)]


def test_whoever_reads_calls_reads_when_they_close():
    scene = Scene()
    name = f"{scene.call.program.short_name} 令和8年度 第{scene.call.round}次 募集締切"
    for person in (scene.planner(), scene.approver(), scene.reviewer(), viewer(Duty.HS)):
        assert name in texts(person)
    assert name not in texts(viewer(Duty.OB))
    scene.call.state = "closed"
    scene.call.save()
    assert name not in texts(scene.planner())


def test_a_town_reads_its_own_due_dates_and_no_other_does():
    scene = Scene()
    case = scene.application("bureau_review")
    due_on = clock.today() + timedelta(days=3)
    items = [ItemInput("costs", "内訳を記入してください。")]
    reviews.send_back_to_town(application_id=case.pk, viewer=scene.reviewer(), due_on=due_on, items=items)
    (mine,) = [one for one in deadlines_for(scene.planner()) if "補正の期限" in one.text]
    assert mine.on == due_on
    assert mine.url.endswith(f"/applications/{case.pk}/")
    assert not any("補正の期限" in text for text in texts(scene.planner("014273")))
    assert not any("補正の期限" in text for text in texts(scene.reviewer()))
    with clock.standing_at(clock.at(due_on + timedelta(days=1))):
        assert not any("補正の期限" in text for text in texts(scene.planner()))


def test_a_town_reads_until_when_it_is_asked_to_answer_to_an_agreement():
    scene = Scene()
    due = clock.today() + timedelta(days=9)
    AgreementFactory(region=scene.region, version=9, state="consent", consents="none", answer_by=due)
    (mine,) = [one for one in deadlines_for(scene.planner()) if "協定への回答の期限" in one.text]
    assert mine.on == due
    assert "協定への回答の期限" not in "".join(texts(scene.reviewer()))
