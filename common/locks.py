"""The one way to lock rows until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Manager, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def locking(rows: QuerySet[Row] | Manager[Row], *, skip_locked: bool = False) -> QuerySet[Row]:
    """Return the rows, locked from the moment they are read until the transaction ends; SQLite locks all of itself.

    Only their own rows are locked, not those of tables they are joined with (an order of the model may join one), and
    foreign keys to them may still be checked: whoever writes a row about a locked one holds the head of the audit chain
    when the database checks that key at the end, and would wait for the lock while its owner waits for the head.
    """
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
