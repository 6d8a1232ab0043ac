"""The supported years of a region follow its grants: what is added up, what a withdrawal leaves (T17, T20, T35)."""

from __future__ import annotations

import pytest

from common import clock
from subsidies.models import Application, BudgetEntry, SupportYear
from subsidies.services import revocations, submissions
from tests.factories.subsidies import CallFactory, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def of_region(scene: Scene) -> list[tuple[int | None, str]]:
    return list(SupportYear.objects.filter(region=scene.region).values_list("amount_yen", "source"))


def revoke_part(scene: Scene, one: Application, yen: int) -> None:
    by = {"application_id": one.pk}
    revocations.propose(
        **by, viewer=scene.reviewer(), ground="other_use", scope="part", facts="別の事業に充てていた。", revoked_yen=yen
    )
    revocations.record_hearing(
        **by, viewer=scene.reviewer(), held_on=clock.today(), who="長沼町 課長", statement="誤りであった。"
    )
    revocations.decide(**by, viewer=scene.head())


def test_a_grant_withdrawn_after_its_notice_is_no_year_of_support(scene: Scene):
    one = scene.application("granted")
    assert of_region(scene) == [(6_000_000, one.number)]
    submissions.withdraw(application_id=one.pk, viewer=scene.approver(), reason="体制が整わないため。")
    one.refresh_from_db()
    assert (one.state, one.granted_yen) == ("withdrawn", 0)
    assert sum(BudgetEntry.objects.filter(application=one).values_list("amount_yen", flat=True)) == 0
    assert of_region(scene) == []


def test_two_grants_of_a_year_are_added_up_and_the_one_that_stays_keeps_the_year(scene: Scene):
    one = scene.application("granted")
    scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={scene.bureau.pk: 10_000_000})  # a second round
    other = scene.application("granted", grant_yen=2_000_000)
    numbers = f"{one.number}、{other.number}"
    assert of_region(scene) == [(8_000_000, numbers)]
    revoke_part(scene, one, 1_500_000)
    assert of_region(scene) == [(6_500_000, numbers)]
    submissions.withdraw(application_id=other.pk, viewer=scene.approver(), reason="体制が整わないため。")
    assert of_region(scene) == [(4_500_000, one.number)]
