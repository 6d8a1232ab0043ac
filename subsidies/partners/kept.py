"""Searches that were made before, kept by all they depend on: the same question of the same data is not searched twice.

The key is `Ready.key`: a new version of the ruleset or a change of the data makes another key, so nothing kept can be
stale and nothing has to be thrown away by hand. Lost entries are searched again.
"""

from __future__ import annotations

from collections import Counter

from django.core.cache import cache

from .finder import Ready
from .search import Found

SECONDS = 30 * 24 * 60 * 60


def known(ready: Ready) -> Found | None:
    """What was found for this question, None where nobody has asked it of this data."""
    kept = cache.get(_name(ready))
    return Found(Counter(kept["counts"]), [tuple(chosen) for chosen in kept["best"]]) if kept else None


def keep(ready: Ready, found: Found) -> None:
    """Keep the answer for whoever asks next."""
    cache.set(_name(ready), {"counts": dict(found.counts), "best": [list(chosen) for chosen in found.best]}, SECONDS)


def _name(ready: Ready) -> str:
    return f"partners:{ready.key}"
