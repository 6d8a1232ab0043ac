"""One kind of work that may wait for a person, as a condition on applications."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from .states import State


@dataclass(frozen=True)
class Errand:
    """One kind of work: the word shown, the states in which it arises, the further condition, and its page.

    `page` is a URL name that takes the application's pk.
    """

    code: str
    label: str
    states: tuple[State, ...]
    further: Q
    page: str

    @property
    def when(self) -> Q:
        return Q(state__in=self.states) & self.further
