"""A request that the database gave up because of a deadlock is done once more, instead of an error page.

Whoever changes something locks rows (`common.locks`) and takes the head of the audit chain (`common.audit`). A decision
also locks what follows from it (the region, the budget's allotment, a number) after it holds the head; somebody who has
just locked such a row and wants the head meets it there. PostgreSQL notices after a second and undoes one of both.
Nothing of it is kept, so the view may run again; the other one is through by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = TypeVar("Answer")
DEADLOCK = "40P01"  # SQLSTATE deadlock_detected, PostgreSQL's documentation, appendix A


class RedoMiddleware:
    """Run a view once more whose transaction was undone by a deadlock. A second deadlock is an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or not was_deadlock(exception):
            return None
        for _, uploads in request.FILES.lists():
            for upload in uploads:
                upload.seek(0)
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer


def once_more(act: Callable[[], Answer]) -> Answer:
    """Do an act that is one transaction, and again where a deadlock undid it: one of several in a request (a batch)."""
    try:
        return act()
    except OperationalError as error:
        if not was_deadlock(error):
            raise
    return act()


def was_deadlock(exception: Exception) -> bool:
    """Whether the database undid the transaction because two waited for each other."""
    return isinstance(exception, OperationalError) and getattr(exception.__cause__, "pgcode", None) == DEADLOCK
