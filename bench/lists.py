"""A page of 50 out of 10,000 applications, beside the Django admin's change list of the same rows in the same run."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import User
from common import clock
from subsidies.models import Application, Call, Participant
from subsidies.states import State
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import client_for

from .harness import Benchmark

ROWS = 10_000
STATES = (State.SUBMITTED, State.BUREAU_REVIEW, State.RETURNED, State.HQ_REVIEW, State.APPROVAL, State.RUNNING,
          State.CLOSED, State.WITHDRAWN, State.REFUSED, State.DRAFT)  # fmt: skip


def benchmarks() -> Iterator[Benchmark]:
    scene = Scene()
    fill(scene, scene.application("bureau_review"))
    url = reverse("subsidies:application_list")
    hq, bureau, town = (client_for(person) for person in (scene.staff(), scene.reviewer(), scene.planner()))
    asked: dict[str, tuple[Client, str, dict[str, str]]] = {
        "headquarters": (hq, url, {}),
        "headquarters.by_due": (hq, url, {"sort": "due"}),
        "headquarters.last_page": (hq, url, {"page": "200"}),
        "headquarters.search": (hq, url, {"q": "由仁", "year": "2026"}),
        "headquarters.mine": (hq, url, {"turn": "mine"}),
        "bureau": (bureau, url, {}),
        "town": (town, url, {}),
    }
    with override_settings(ROOT_URLCONF="bench.admin_urls"):
        change_list = get(_administrator(), reverse("bench:subsidies_application_changelist"), {})
        for name, (client, address, query) in asked.items():
            yield Benchmark(
                f"lists.{name}",
                get(client, address, query),
                "Django admin change list",
                change_list,
                facts={"rows": Application.objects.count()},
            )


def get(client: Client, url: str, query: dict[str, str]) -> Callable[[], object]:
    def call() -> None:
        response = client.get(url, query)
        assert response.status_code == 200, response.status_code

    return call


def _administrator() -> Client:
    client = Client()
    person = User.objects.create(username="bench", is_staff=True, is_superuser=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fill(scene: Scene, one: Application) -> None:
    """Copy the one application to 10,000: ten years, all states, its participants each."""
    calls = [scene.call]
    for year in range(2017, 2026):
        first = date(year, 4, 1)
        calls.append(CallFactory(ruleset=scene.call.ruleset, fiscal_year=year, opens_on=first, closes_on=first))
    rows = Application.objects.bulk_create((_copy(one, number, calls) for number in range(2, ROWS + 1)), 2_000)
    Participant.objects.bulk_create(
        (
            Participant(application=row, municipality=town, split_yen=row.requested_yen // len(scene.members))
            for row in rows
            for town in scene.members
        ),
        5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(one: Application, number: int, calls: list[Call]) -> Application:
    row = copy.copy(one)
    row.pk, row.serial, row.number = None, number, f"{one.call.program_id}-{number:05d}"
    row.call = calls[number % len(calls)]
    row.fiscal_year, row.state = row.call.fiscal_year, STATES[number % len(STATES)]
    row.requested_yen = 1_000_000 + number * 1_000
    row.granted_yen = row.requested_yen if row.state in (State.RUNNING, State.CLOSED) else None
    row.fixed_yen = row.granted_yen if row.state == State.CLOSED else None
    row.state_since = clock.now() - timedelta(days=number % 400)
    return row
