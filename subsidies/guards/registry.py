"""The register of guards by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..services.advance import Attempt

Guard = Callable[["Attempt"], Iterator[str]]
GUARDS: dict[str, Guard] = {}


def guard(check: Guard) -> Guard:
    """Register a guard under its own name."""
    GUARDS[check.__name__] = check
    return check
