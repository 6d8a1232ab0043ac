"""The scene of the tests is a region that may really apply: every step is taken through the services."""

import pytest

from subsidies.judging import verdict_now
from subsidies.rules.ruleset import Stage
from tests.factories.subsidies import Scene


@pytest.mark.django_db
@pytest.mark.parametrize("until", ["draft", "preconsult"])
def test_an_application_is_told_up_to_the_state(until):
    assert Scene().application(until).state == until


@pytest.mark.django_db
def test_only_the_consultation_keeps_the_scene_from_being_submitted():
    application = Scene().application()
    blocking = verdict_now(application, Stage.SUBMIT).blocking(Stage.SUBMIT)
    assert [(finding.rule, finding.message) for finding in blocking] == [("N-07", "事前協議がまだ終わっていません。")]
