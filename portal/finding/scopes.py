"""What a person may find of each kind as SQL, put together once a day for each post: that took longer than asking it.

Only the sentence is kept, never an answer: every question asks states, memberships and delegations anew. The sentence
has to hang on the post and the day alone, so putting it together must not ask the database: it fails where it would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q

from common import clock
from common.viewer import Viewer

from ..models import SearchEntry

POSTS = 2_000  # whose sentences are kept, some 10 kB each

Condition = tuple[str, Sequence[Any]]  # on a row of `portal_searchentry`, and its values


def scopes_of(viewer: Viewer) -> Mapping[str, Condition]:
    """Return, kind by kind, what `SearchEntryQuerySet.visible_to` says; without kinds of which nothing may be known."""
    return _put_together(replace(viewer, name="", ip=""), clock.today())


def condition(wanted: Q) -> Condition:
    """Return what the ORM makes of it, empty where it asks nothing. Raises EmptyResultSet where nothing can meet it."""
    query = SearchEntry.objects.filter(wanted).query
    try:
        return query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        return "", ()


@lru_cache(maxsize=POSTS)
def _put_together(viewer: Viewer, day: date) -> Mapping[str, Condition]:
    with connection.execute_wrapper(_refuse):
        return dict(_conditions(viewer))


def _conditions(viewer: Viewer) -> Iterator[tuple[str, Condition]]:
    for kind, scope in SearchEntry.objects.scopes(viewer).items():
        try:
            yield kind, condition(scope)
        except EmptyResultSet:
            continue


def _refuse(execute: Callable[..., object], sql: str, *rest: object) -> NoReturn:
    raise RuntimeError(f"a scope that asks the database cannot be kept: {sql[:200]}")
