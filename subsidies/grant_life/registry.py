"""The register of what the page of a granted application shows and offers, subject by subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from common.viewer import Viewer

from ..models import Application


class Place(IntEnum):
    """Where the line of a subject stands: in the order of a grant's life, then what may befall it, then who looks."""

    PROGRESS = 1
    CHANGES = 2
    PAYMENTS = 3
    REPORT = 4
    CLOSING = 5
    FOLLOW_UP = 6
    REOPENING = 7
    REVOCATION = 8
    RETURN = 9
    FINDINGS = 10
    AUDIT = 11


@dataclass(frozen=True)
class Offer:
    """One button. `main` marks the one that brings the work on, `post` an act that needs no further page."""

    label: str
    url: str
    main: bool = False
    stop: bool = False
    post: bool = False


@dataclass(frozen=True)
class Topic:
    """One line of 交付決定後の手続: what it is, its page, how it stands in a few words; `due` marks waiting work."""

    label: str
    url: str
    standing: str
    due: bool = False


Offers = Callable[[Application, Viewer], Iterator[Offer]]
Topics = Callable[[Application, Viewer], Iterator[Topic]]
_offers: list[Offers] = []
_topics: dict[Place, Topics] = {}


def offers(function: Offers) -> Offers:
    """Register the buttons of one subject; the function looks at state and duty itself."""
    _offers.append(function)
    return function


def topics(place: Place) -> Callable[[Topics], Topics]:
    """Register the lines of one subject for 交付決定後の手続, for everybody who may read them."""

    def register(function: Topics) -> Topics:
        _topics[place] = function
        return function

    return register


def offers_after(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """Every button that the subjects offer this viewer on a granted application."""
    if application.granted_yen is not None:
        for function in _offers:
            yield from function(application, viewer)


def topics_of(application: Application, viewer: Viewer) -> list[Topic]:
    """Every line that this viewer reads of a granted application, in their order; empty before the decision."""
    if application.granted_yen is None:
        return []
    return [topic for place in sorted(_topics) for topic in _topics[place](application, viewer)]
