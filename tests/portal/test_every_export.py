"""Every list of the portal has an export, and every export answers in each form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from common.viewer import Duty
from tests import exports
from tests.viewers import client_for

from .access import MATRIX
from .access.row import Row
from .test_access_matrix import ALL_PATTERNS
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
ALSO = ("regions:region_members", "regions:zone_members", "subsidies:call_budget")
SHEETS = [row for row in MATRIX if row.view.endswith("_export") or row.view in ALSO]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World().told()
        transaction.set_rollback(True)


def test_every_list_page_has_its_export():
    names = {name for name, _ in ALL_PATTERNS if not name.startswith("admin:")}
    lists = {name for name in names if name.endswith("_list")}
    missing = {name for name in lists if name.removesuffix("_list") + "_export" not in names}
    assert missing == set()


@pytest.mark.parametrize("row", SHEETS, ids=lambda row: row.view)
def test_each_sheet_can_be_taken_in_every_form_by_whoever_reads_its_list(row: Row, world: World):
    duty = min(row.ok, key=lambda one: (one not in (Duty.HS, Duty.AU), one.value))
    client = client_for(world.person(duty))
    url = reverse(row.view, args=[*(getattr(world, name).pk for name in row.named), *row.args]) + row.query
    head = exports.headings(client, url)
    assert len(head) == len(set(head)), "two columns bear one heading"
    with transaction.atomic():
        sheet = exports.book(client, url)
        transaction.set_rollback(True)
    assert [str(cell) for cell in sheet[0]] == head
    plain = exports.rows(client, url)
    assert len(plain) == len(sheet) - 1
    assert exports.written(client, url, "cp932", gaps="ok").decode("cp932").splitlines()[0].split(",") == head
