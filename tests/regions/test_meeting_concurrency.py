"""Two people of a bureau at the same moment, on a real PostgreSQL: nobody's words are lost, no point is closed twice."""

from __future__ import annotations

from datetime import date

import pytest

from common import audit
from common.errors import Conflict, Refused
from regions import services
from regions.models import ConferenceMeeting, ForwardPlan, OpenPoint, PointProgress
from regions.services import (
    AttendanceDraft,
    ItemDraft,
    MeetingDraft,
    MinutesDraft,
    PlanDraft,
    PointDraft,
    ProgressDraft,
)
from tests.factories.regions import ConferenceMemberFactory
from tests.subsidies.test_concurrency import at_once

from .conftest import World

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 10, 1)


@pytest.fixture
def world() -> World:
    return World()


def meeting(world: World, day: date = DAY) -> ConferenceMeeting:
    draft = MeetingDraft("検討会議", day, items=(ItemDraft("議題"),))
    return services.schedule_meeting("sorachi", draft, viewer=world.reviewer())


def test_of_two_minutes_at_once_one_is_saved_and_attendance_beside_them_is_not_in_the_way(world: World):
    made, member = meeting(world), ConferenceMemberFactory(bureau=world.sorachi, municipality=world.naganuma)
    one, other, third = world.reviewer(), world.reviewer(), world.reviewer()

    def write(text, person):
        draft = MinutesDraft(DAY, decisions=(text,))
        return services.record_minutes(made.pk, draft, revision=1, viewer=person)

    answers = at_once(
        lambda: write("甲の決定", one),
        lambda: write("乙の決定", other),
        lambda: services.record_attendance(
            made.pk, {member.pk: AttendanceDraft("present")}, "", revision=1, viewer=third
        ),
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert made.decisions.count() == 1
    assert made.attendances.get().state == "present"
    assert audit.first_broken() is None


def test_two_meetings_that_close_one_point_at_once_close_it_once(world: World):
    first = meeting(world)
    services.record_minutes(
        first.pk, MinutesDraft(DAY, points=(PointDraft("論点"),)), revision=1, viewer=world.reviewer()
    )
    point = OpenPoint.objects.get()
    later = [meeting(world, date(2026, 10, day)) for day in (20, 21)]
    done = {point.pk: ProgressDraft("合意", closed=True)}
    people = [world.reviewer(), world.reviewer()]
    answers = at_once(
        *[
            lambda row=row, person=person: services.record_minutes(
                row.pk, MinutesDraft(row.planned_on, carried=done), revision=1, viewer=person
            )
            for row, person in zip(later, people, strict=True)
        ]
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert PointProgress.objects.filter(point=point, closed=True).count() == 1


def test_two_meetings_that_raise_points_at_once_number_them_apart(world: World):
    rows = [meeting(world, date(2026, 10, day)) for day in (1, 2)]
    people = [world.reviewer(), world.reviewer()]
    at_once(
        *[
            lambda row=row, person=person: services.record_minutes(
                row.pk, MinutesDraft(row.planned_on, points=(PointDraft("論点"),)), revision=1, viewer=person
            )
            for row, person in zip(rows, people, strict=True)
        ]
    )
    assert sorted(OpenPoint.objects.values_list("number", flat=True)) == [1, 2]


def test_of_two_texts_of_a_plan_at_once_one_is_saved_and_the_other_writes_nothing(world: World):
    draft = PlanDraft("プラン", 2026, 2030)
    plan = services.create_plan("sorachi", draft, viewer=world.reviewer())
    one, other = world.reviewer(), world.reviewer()

    def write(text, person):
        changed = PlanDraft("プラン", 2026, 2030, direction=text)
        return services.update_plan(plan.pk, changed, revision=1, viewer=person)

    answers = at_once(lambda: write("甲", one), lambda: write("乙", other))
    saved = [answer for answer in answers if isinstance(answer, ForwardPlan)]
    assert len(saved) == 1 and sum(isinstance(answer, Conflict) for answer in answers) == 1
    plan.refresh_from_db()
    assert (plan.direction, plan.revision) == (saved[0].direction, 2)
