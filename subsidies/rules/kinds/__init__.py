"""The vocabulary of rules, one module per noun. How to add a kind: `docs/add-a-rule-kind.md`."""

from . import territory
from .base import KINDS, Kind, kind

__all__ = ["KINDS", "Kind", "kind", "territory"]
