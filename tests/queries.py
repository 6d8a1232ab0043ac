"""A page asks the database as often for 200 rows as for 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BUDGET = 15


def queries_of(call: Callable[[], object]) -> list[str]:
    """Return the SQL of every query that `call` makes (savepoints and transaction borders left out)."""
    with CaptureQueriesContext(connection) as captured:
        call()
    borders = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return [query["sql"] for query in captured if not query["sql"].startswith(borders)]


def assert_same_queries(client: Client, url: str, grow: Callable[[], object], *, budget: int = BUDGET) -> None:
    """Ask for the page, let `grow` add rows, ask again: the same number of queries, and at most `budget`.

    Call it with 2 rows in place and a `grow` that makes them 200 (or as many as the page shows).
    """

    def answer() -> None:
        response = client.get(url)
        assert response.status_code == 200, f"{url} answers {response.status_code}"

    answer()  # fills caches that live as long as the process
    few = queries_of(answer)
    grow()
    answer()  # and those that what grew has emptied
    many = queries_of(answer)
    more = Counter(_shape(sql) for sql in many) - Counter(_shape(sql) for sql in few)
    assert len(many) == len(few), f"{len(few)} queries became {len(many)}; more of:\n" + "\n".join(more)
    assert len(many) <= budget, f"{len(many)} queries, {budget} allowed:\n" + "\n".join(sql[:200] for sql in many)


def _shape(sql: str) -> str:
    return "".join("0" if char.isdigit() else char for char in sql)[:300]
