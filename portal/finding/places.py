"""The newest entries of each kind that match, ranked and counted: one query, bounded however much is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ..models import SearchEntry
from .tokens import Asked, holding

MOST = 500  # of one kind: so many are ranked and counted


@dataclass(frozen=True)
class Matching:
    """Entries of one kind: `asked` of the index of letters first, then `rows` with what has to be looked at.

    `rows` carries the scope and filters by subqueries alone, and `rank`.
    """

    asked: Asked
    rows: QuerySet[SearchEntry]


@dataclass(frozen=True)
class Place:
    """One entry among those of its kind; `of` are all that were found of it, `MOST` at most."""

    pk: int
    kind: str
    rank: int
    of: int


def places(found: Iterable[Matching], first: int, last: int) -> list[Place]:
    """Return the places first+1 to last of each kind in one query."""
    parts: list[str] = []
    params: list[Any] = []
    for matching in found:
        try:
            sql, values = _newest(matching)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS newest")  # noqa: S608  # compiled by the ORM, values apart
        params += values
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BEST.format(union=" UNION ALL ".join(parts)), [*params, first, last])
        return [Place(*row) for row in cursor.fetchall()]


def _newest(matching: Matching) -> tuple[str, list[Any]]:
    """The newest that match, in the order of the index, so that the database stops where there are enough.

    The ORM would join the two tables as it likes; what it compiles here is the condition and the rank.
    """
    ids, asked = holding(matching.asked)
    query = matching.rows.query
    compiler = query.get_compiler(connection=connection)
    rank, ranked = compiler.compile(query.annotations["rank"])
    where, wanted = compiler.compile(query.where)
    entry = _ENTRY[connection.vendor]
    return _NEWEST.format(rank=rank, ids=ids, where=where, entry=entry), [*ranked, *asked, *wanted, MOST]


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
