"""Acts that were refused, for the audit chain: noted inside the transaction that is undone, written once it is.

A refusal raises, and what the act did so far is rolled back; so would be an event about it. `note` therefore only
remembers, and whoever surrounds the work (`kept`: the middleware for a request, the worker for a task) writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import audit
from .viewer import Viewer


@dataclass(frozen=True)
class Refusal:
    """An act that somebody tried on a subject, and the sentences that refused it."""

    viewer: Viewer
    action: str
    subject: Model
    title: str
    problems: tuple[str, ...]


_noted: ContextVar[list[Refusal] | None] = ContextVar("noted", default=None)


def note(refusal: Refusal) -> None:
    """Remember a refused act for the end of the surrounding work; nothing is written here."""
    noted = _noted.get()
    if noted is not None:
        noted.append(refusal)


@contextmanager
def kept() -> Iterator[None]:
    """Surround work that may be refused; what was, stands in the audit chain afterwards, 庁内限り."""
    noted: list[Refusal] = []
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
        for one in noted:
            audit.record(
                one.viewer,
                one.action + audit.REFUSED,
                one.subject,
                f"{one.title}（受け付けず）",
                reason="\n".join(one.problems),
                internal=True,
            )


class AttemptMiddleware:
    """Keep what was refused during a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with kept():
            return self.get_response(request)
