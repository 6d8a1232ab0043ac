"""The end of a grant's file on its page: the checklist, the day it was closed and how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.fiscal_year import wareki
from common.viewer import Viewer

from ..closing import retention_of
from ..duties import SETTLEMENT
from ..models import Application
from ..services.advance import open_actions
from ..states import State
from ..workflow import Action
from .registry import Offer, Place, Topic, offers, topics


@topics(Place.CLOSING)
def closing_of(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """完結, from the settlement on."""
    if application.state not in (State.SETTLED, State.CLOSED) or not viewer.may(SETTLEMENT):
        return
    url = reverse("subsidies:application_close", args=[application.pk])
    if application.closed_on is None:
        yield Topic("完結", url, "精算が済みました。完結の手続を待っています", _may(application, viewer))
        return
    kept = retention_of(application, application.closed_on)
    yield Topic(
        "完結",
        url,
        f"{wareki(application.closed_on)}に完結　書類の保存 {wareki(kept.from_on)}から{kept.years}年",
    )


@offers
def closing_acts(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """完結する, for the staff of the lead bureau."""
    if application.state == State.SETTLED and _may(application, viewer):
        yield Offer("完結する", reverse("subsidies:application_close", args=[application.pk]), main=True)


def _may(application: Application, viewer: Viewer) -> bool:
    return Action.CLOSE in open_actions(application, viewer)
