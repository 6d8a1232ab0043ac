"""How often the pages of an application ask the database: as often for twelve municipalities as for three.

A page that reads a whole application asks once for each kind of row, and once for each kind of fact about territory,
papers and money that the rules judge; the numbers are pinned, so that nothing is asked twice again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from regions.models import RegionMembership
from subsidies.models import (
    Application,
    ApplicationProject,
    CostLine,
    IncomeLine,
    Participant,
    SelfRunningLine,
)
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.subsidies import Scene, people_in
from tests.queries import queries_of
from tests.viewers import client_for

pytestmark = pytest.mark.django_db
MORE = 9


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"
    call_command("createcachetable")


def grow(scene: Scene, application: Application) -> None:
    """Nine more municipalities, initiatives, cost and income lines."""
    for number in range(MORE):
        town = MunicipalityFactory(bureau=scene.bureau)
        people_in("ipss_r5", town, 5_000, 4_000)
        RegionMembership.objects.create(region=scene.region, municipality=town, joined_on=date(2025, 4, 1))
        Participant.objects.create(application=application, municipality=town)
        SelfRunningLine.objects.create(
            application=application, member=town, fiscal_year=2027, funding="一般財源", amount_yen=1_000
        )
        project = scene.add_project(f"取組{number}")
        ApplicationProject.objects.create(application=application, project=project, order=10 + number)
        CostLine.objects.create(
            application=application,
            number=10 + number,
            category="commission",
            description=f"経費{number}",
            amount_yen=1_000,
            eligible_yen=1_000,
            project=project,
            member=town,
        )
        IncomeLine.objects.create(
            application=application,
            number=10 + number,
            kind="burden",
            description="負担金",
            amount_yen=1_000,
            member=town,
        )


PAGES = {
    "draft": {
        "draft_basic": ("planner", 35),
        "draft_members": ("planner", 39),
        "draft_projects": ("planner", 42),
        "draft_costs": ("planner", 41),
        "draft_kpi": ("planner", 34),
        "draft_confirm": ("planner", 35),
        "application_consult": ("planner", 15),
        "application_detail": ("planner", 20),
    },
    "consent": {"application_consent": ("approver", 18)},
    "ready": {"application_submit": ("approver", 38)},
    "bureau_review": {
        "application_review": ("reviewer", 22),
        "application_return": ("reviewer", 15),
        "application_forward": ("head", 15),
    },
    "approval": {"decision_decide": ("head", 15)},
}


@pytest.mark.parametrize("until", PAGES)
def test_pages_ask_as_often_for_many(until: str) -> None:
    scene = Scene()
    application = scene.application(until)

    def counts() -> dict[str, int]:
        asked = {}
        for page, (who, _) in PAGES[until].items():
            client, url = client_for(getattr(scene, who)()), reverse(f"subsidies:{page}", args=[application.pk])
            assert client.get(url).status_code == 200  # fills caches that live as long as the process
            asked[page] = len(queries_of(lambda client=client, url=url: client.get(url)))
        return asked

    few = counts()
    grow(scene, application)
    assert counts() == few
    assert {page: count for page, count in few.items() if count > PAGES[until][page][1]} == {}
