"""The real ground with the zones, the regions of both closed programs and the rulesets, for tests of commands.

from .published import published_db  # noqa: F401
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_db")]
"""

from __future__ import annotations

from typing import Any

import pytest

from regions.load import load_all as load_regions
from subsidies.load import load_all as load_programs
from tests.reference import reference_db

__all__ = ["published_db", "reference_db"]


@pytest.fixture(scope="module")
def published_db(reference_db: None, django_db_blocker: Any) -> None:
    """Loaded once per module, rolled back with the ground."""
    with django_db_blocker.unblock():
        load_regions()
        load_programs()
