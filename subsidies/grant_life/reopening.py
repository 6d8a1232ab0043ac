"""Re-opening on the page of a closed application (T37)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.viewer import Viewer
from common.yen import show_yen

from ..duties import REOPENING
from ..models import Application, Reopening
from ..services.reopenings import may_ask, may_confirm
from ..states import State
from .registry import Offer, Place, Topic, offers, topics


@topics(Place.REOPENING)
def reopening_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """再確定: only offices read that it is asked; towns get the new notice."""
    if not viewer.may(REOPENING):
        return
    last = application.reopenings.order_by("-number").first()
    if last is not None:
        waits = last.state == Reopening.State.ASKED and not viewer.stands_for(last.asked_by_id)
        standing = f"{last.get_state_display()}（{show_yen(last.fixed_yen)}円）"
        yield Topic("再確定", _url(application), standing, due=waits and may_confirm(application, viewer))


@offers
def reopening_offers(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """The decider of headquarters begins it here."""
    asked = application.state == State.CLOSED and may_ask(application, viewer)
    if asked and not application.reopenings.filter(state=Reopening.State.ASKED).exists():
        yield Offer("額を再確定する", _url(application), stop=True)


def _url(application: Application) -> str:
    return reverse("subsidies:case_reopening", args=[application.pk])
