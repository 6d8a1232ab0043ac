"""Every URL × every duty, as `access/` says; a URL it does not list fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from pytest_django.plugin import DjangoDbBlocker

from common.viewer import Duty, Viewer

from .access import MATRIX
from .access.row import Row
from .world import World
from .world_people import TERRITORIAL

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows, told in full before the first; what a request changes is undone (`_ask`)."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World().told()
        world.everybody_signed_in()
        yield world
        transaction.set_rollback(True)


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _patterns(one, inner)
        else:
            yield f"{namespace}{one.name}", one


ALL_PATTERNS = list(_patterns(get_resolver()))
ADMIN = [(name, pattern) for name, pattern in ALL_PATTERNS if name.startswith("admin:")]


def test_the_matrix_lists_every_url_once():
    listed = [row.view for row in MATRIX]
    existing = {name for name, _ in ALL_PATTERNS if not name.startswith("admin:")}
    assert not existing - set(listed), f"add to tests/portal/access/: {sorted(existing - set(listed))}"
    assert not set(listed) - existing, f"no such URL: {sorted(set(listed) - existing)}"
    assert len(listed) == len(set(listed)), "a URL is listed twice"


def _ask(client: Client, row: Row, world: World) -> int:
    named = [getattr(world, name).pk for name in row.named]
    address = reverse(row.view, args=[*named, *row.args])
    with transaction.atomic():  # what a POST changed is undone before the next duty asks
        response = client.get(address + row.query) if row.post is None else client.post(address, row.post)
        transaction.set_rollback(True)
    return response.status_code


def _wrong(row: Row, world: World, people: list[tuple[str, Viewer | None, int]]) -> list[str]:
    answers = []
    for who, person, expected in people:
        status = _ask(world.client(person) if person else Client(), row, world)
        if status != expected:
            answers.append(f"{row.view}: {who} reads {status}, the matrix says {expected}")
    return answers


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.view)
def test_each_duty_reads_what_the_matrix_says(row: Row, world: World):
    stranger = (404 if row.post is not None and not row.ok else 200) if row.public else 302
    people: list[tuple[str, Viewer | None, int]] = [("whoever has not signed in", None, stranger)]
    people += [(duty.value, world.person(duty), row.expected(duty)) for duty in Duty]
    wrong = _wrong(row, world, people)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("row", [row for row in MATRIX if row.named], ids=lambda row: row.view)
def test_a_stranger_does_not_learn_that_it_exists(row: Row, world: World):
    people = [
        (f"{duty} elsewhere", world.stranger(duty), row.expected(duty) if row.open_to_strangers else row.strangers)
        for duty in TERRITORIAL
    ]
    wrong = _wrong(row, world, people)
    assert not wrong, "\n" + "\n".join(wrong)


TAKEN_AWAY = ("subsidies:package_make",)  # what an auditor asks to be packed; nothing of the case changes
SHEETS = ("_export", "_members", "_budget")  # a list written out: reading, with a form that says how


def _post_nothing(person: Viewer, row: Row, world: World) -> tuple[int, bool]:
    """Post an empty form; return the status and whether the page says what is wrong with the form."""
    named = [getattr(world, name).pk for name in row.named]
    with transaction.atomic():
        response = world.client(person).post(reverse(row.view, args=[*named, *row.args]), {})
        transaction.set_rollback(True)
    told = not response.streaming and b'id="error-summary"' in response.content
    return response.status_code, told


@pytest.mark.parametrize("row", [row for row in MATRIX if not row.public], ids=lambda row: row.view)
def test_whoever_may_not_is_refused_before_the_form_is_read(row: Row, world: World):
    people = [(duty.value, world.person(duty)) for duty in Duty if not row.may_post(duty)]
    if row.named and not row.open_to_strangers:
        people += [(f"{duty} elsewhere", world.stranger(duty)) for duty in TERRITORIAL]
    answers = {who: _post_nothing(person, row, world)[0] for who, person in people}
    wrong = {who: status for who, status in answers.items() if status not in (403, 404)}
    assert not wrong, f"{row.view}: {wrong}"


@pytest.mark.parametrize(
    "row", [row for row in MATRIX if not row.view.startswith("accounts:")], ids=lambda row: row.view
)
def test_no_form_of_an_auditor_is_read(row: Row, world: World):
    if row.view in TAKEN_AWAY:
        return
    if row.view.endswith(SHEETS):
        assert row.post is None
        return
    status, told = _post_nothing(world.person(Duty.AU), row, world)
    assert status in (200, 302, 403, 404), f"{row.view}: {status}"
    assert not told, f"{row.view} tells an auditor what is wrong with a form"
    assert row.post is None or status in (403, 404)


def _admin_address(name: str, pattern: URLPattern) -> str:
    """An address of this pattern; what it names need not exist."""
    arguments = {key: "common" if key == "app_label" else "1" for key in pattern.pattern.regex.groupindex}
    converters = getattr(pattern.pattern, "converters", {})
    for filled in (arguments, dict.fromkeys(converters, "1")):
        try:
            return reverse(name, kwargs=filled)
        except NoReverseMatch:
            continue
    return reverse(name, args=["common"])


@pytest.mark.parametrize("duty", Duty)
def test_the_technical_site_is_there_for_administrators_alone(duty: Duty, world: World):
    client = world.client(world.person(duty))
    wrong = []
    for name, pattern in ADMIN:
        if name in ("admin:None", "admin:view_on_site"):
            continue
        status = client.get(_admin_address(name, pattern)).status_code
        seen = status in (200, 302, 403) if duty == Duty.AD else status == 404
        if not seen:
            wrong.append(f"{name}: {duty} reads {status}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert len(ADMIN) > 10


def test_the_technical_site_asks_for_sign_in(world: World):
    response = Client().get(reverse("admin:index"))
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=%2Fadmin%2F")
