"""What each paper of a grant says: snapshots built from the rows of an application.

`snapshot("D-08", application, decision=decision)` gives the plain JSON that `common.documents.issue` freezes; its
fields are described in `schema.py`. Each builder asks a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.documents import freeze
from common.documents.errors import UnknownKind

from ..models import Application
from .decisions import grant_decision

BUILDERS: dict[str, Callable[..., Any]] = {
    "D-08": grant_decision,
}


def snapshot(kind: str, application: Application, **extra: Any) -> dict[str, Any]:
    """Return the data of a paper of the application. Raises UnknownKind for a paper that no application has."""
    if kind not in BUILDERS:
        raise UnknownKind(kind)
    return freeze(BUILDERS[kind](application, **extra))
