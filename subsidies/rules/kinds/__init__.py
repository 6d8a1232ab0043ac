"""The vocabulary of rules, one module per noun. How to add a kind: `docs/add-a-rule-kind.md`."""

from . import costs, decline, documents, grants, human, projects, territory, years
from .base import KINDS, Kind, kind

__all__ = [
    "KINDS",
    "Kind",
    "costs",
    "decline",
    "documents",
    "grants",
    "human",
    "kind",
    "projects",
    "territory",
    "years",
]
