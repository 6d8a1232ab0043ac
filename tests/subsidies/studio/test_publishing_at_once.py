"""Two people at one ruleset at the same moment, on a real PostgreSQL."""

from __future__ import annotations

import pytest

from common import audit
from common.errors import Conflict, Refused
from common.viewer import Duty
from regions.models import Field
from subsidies.models import Call, RuleSetVersion
from subsidies.services import calls, publishing, studio
from tests.factories.regions import FieldFactory
from tests.factories.subsidies import Scene
from tests.subsidies.test_calls import values_of
from tests.subsidies.test_concurrency import at_once, refusals
from tests.viewers import saved, viewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene():
    made = Scene()
    for number, name in enumerate(made.call.ruleset.content["fields"]):
        if not Field.objects.filter(name=name).exists():
            FieldFactory(code=f"known-{number}", name=name)
    return made


def test_of_two_deciders_one_publishes_and_the_other_reads_why(scene):
    staff = scene.staff()
    draft = studio.copy_version(viewer=staff, version_id=scene.call.ruleset_id)
    publishing.propose(version_id=draft.pk, viewer=staff, revision=0)
    deciders = [saved(viewer(Duty.HM)), saved(viewer(Duty.HM))]
    answers = at_once(
        *[lambda one=one: publishing.publish(version_id=draft.pk, viewer=one, revision=1) for one in deciders]
    )
    assert sum(isinstance(answer, RuleSetVersion) for answer in answers) == 1
    assert "「公開」の版は公開できません" in str(refusals(answers)[0])
    assert audit.first_broken() is None


def test_of_two_saves_upon_one_revision_one_is_kept(scene):
    draft = studio.copy_version(viewer=scene.staff(), version_id=scene.call.ruleset_id)
    people = [scene.staff(), saved(viewer(Duty.HS))]

    def save(person, yen):
        table = {**draft.content["parameters"], "cap_yen": {"value": yen}}
        return studio.change(
            version_id=draft.pk, viewer=person, revision=0, title="数", by=lambda base: {**base, "parameters": table}
        )

    answers = at_once(lambda: save(people[0], 1_000), lambda: save(people[1], 2_000))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    draft.refresh_from_db()
    assert draft.revision == 1


def test_two_copies_at_once_bear_two_numbers(scene):
    people = [scene.staff(), saved(viewer(Duty.HS))]
    answers = at_once(
        *[lambda one=one: studio.copy_version(viewer=one, version_id=scene.call.ruleset_id) for one in people]
    )
    assert sorted(answer.version for answer in answers) == [2, 3]


def test_a_version_is_never_withdrawn_from_under_a_call(scene):
    staff, decider = scene.staff(), saved(viewer(Duty.HM))
    draft = studio.copy_version(viewer=staff, version_id=scene.call.ruleset_id)
    publishing.propose(version_id=draft.pk, viewer=staff, revision=0)
    publishing.publish(version_id=draft.pk, viewer=decider, revision=1)
    wanted = values_of(scene.call)
    wanted = type(wanted)(**{**wanted.__dict__, "ruleset_id": draft.pk})
    answers = at_once(
        lambda: calls.prepare_call(viewer=staff, values=wanted),
        lambda: publishing.withdraw(version_id=draft.pk, viewer=decider, reason="誤り"),
    )
    draft.refresh_from_db()
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Call.objects.filter(ruleset=draft).exists() == (draft.state == "published")
