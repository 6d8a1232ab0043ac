"""How a municipality signs and is written to on a day: its head, or who acts for the head."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from common import clock

from .models import ActingHead, Municipality


def heads_of(towns: Iterable[Municipality], on: date | None = None) -> dict[str, str]:
    """Return code → 長沼町長, or 長沼町長職務代理者　長沼町副町長 while somebody acts; on a day (today). One query."""
    every = list(towns)
    acting = ActingHead.objects.on(on or clock.today()).filter(municipality__in=[town.pk for town in every])
    titles = dict(acting.values_list("municipality", "title"))
    return {
        town.pk: f"{town.name}長職務代理者　{town.name}{titles[town.pk]}" if town.pk in titles else f"{town.name}長"
        for town in every
    }


def head_of(town: Municipality, on: date | None = None) -> str:
    """Return how one municipality signs on a day (today). One query."""
    return heads_of([town], on)[town.pk]
