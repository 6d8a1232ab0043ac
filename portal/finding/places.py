"""The newest entries of each kind that match, ranked and counted: one query, bounded however much is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Q

from ..models import SearchEntry
from .scopes import Condition, condition
from .tokens import Asked, holding

MOST = 500  # of one kind: so many are ranked and counted


@dataclass(frozen=True)
class Matching:
    """Entries of one kind: `asked` of the index of letters first, then `scope` and what has to be looked at."""

    asked: Asked
    scope: Condition
    wanted: Q


@dataclass(frozen=True)
class Place:
    """One entry among those of its kind; `of` are all that were found of it, `MOST` at most."""

    pk: int
    kind: str
    rank: int
    of: int


def places(found: Iterable[Matching], rank: Case, first: int, last: int) -> list[Place]:
    """Return the places first+1 to last of each kind by rank, in one query."""
    query = SearchEntry.objects.annotate(rank=rank).query
    ranked = query.get_compiler(connection=connection).compile(query.annotations["rank"])
    parts: list[str] = []
    params: list[Any] = []
    for matching in found:
        try:
            sql, values = _newest(matching, ranked)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS newest")  # noqa: S608  # compiled by the ORM, values apart
        params += values
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BEST.format(union=" UNION ALL ".join(parts)), [*params, first, last])
        return [Place(*row) for row in cursor.fetchall()]


def _newest(matching: Matching, ranked: Condition) -> tuple[str, list[Any]]:
    """The newest that match, in the order of the index, so that the database stops where there are enough.

    The ORM would join the two tables as it likes; what it compiles here is the conditions and the rank.
    """
    ids, asked = holding(matching.asked)
    conditions = [condition(matching.wanted), matching.scope]
    where = " AND ".join(sql for sql, _ in conditions if sql)
    values = [value for _, values in conditions for value in values]
    sql = _NEWEST.format(rank=ranked[0], ids=ids, where=where, entry=_ENTRY[connection.vendor])
    return sql, [*ranked[1], *asked, *values, MOST]


_ENTRY = {
    "postgresql": "LATERAL (SELECT * FROM portal_searchentry WHERE id = held.rowid OFFSET 0) AS portal_searchentry",
    "sqlite": "portal_searchentry",
}
_NEWEST = """
SELECT id, kind, "order", "key", {rank} AS "rank"
FROM ({ids}) AS held CROSS JOIN {entry}
WHERE portal_searchentry.id = held.rowid AND {where}
ORDER BY held.rowid DESC LIMIT %s
"""
_BEST = """
SELECT id, kind, "rank", of_kind FROM (
  SELECT id, kind, "rank",
    ROW_NUMBER() OVER (PARTITION BY kind ORDER BY "rank", "order", "key") AS place,
    COUNT(*) OVER (PARTITION BY kind) AS of_kind
  FROM ({union}) AS found
) AS placed WHERE place > %s AND place <= %s ORDER BY place
"""
