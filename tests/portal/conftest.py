"""The published history for the tests of pages and indicators that span rooms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from portal.load import load_all as load_indicators
from regions.load import load_all, support_rows
from subsidies.load import load_programs, load_support_years
from tests.reference import load_ground


@pytest.fixture(scope="module")
def history_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The ground and the history of both programs, for every test of a module; rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_ground()
        load_all()
        load_programs("01")
        load_support_years(support_rows())
        load_indicators()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)
