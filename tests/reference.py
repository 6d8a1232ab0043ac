"""The real ground for tests: prefectures, offices, municipalities, neighbours and population of Hokkaido and Yamagata.

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]

`reference_db` loads once per module (about a second), inside a transaction that is rolled back after the module,
so modules with factories stay untouched by it. A test that commits (`transactional_db`, a live server) empties every
table and calls `load_ground()` itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from municipalities.load import load_all

PREFECTURES = frozenset({"01", "06"})


def load_ground() -> None:
    """Load Hokkaido and Yamagata, without the indicators (finance, schools, clinics)."""
    load_all(PREFECTURES, with_indicators=False)


@pytest.fixture(scope="module")
def reference_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The ground of Hokkaido and Yamagata for every test of the module; what a test writes is rolled back as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_ground()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)
