"""When a person's mail leaves: at once, each day, each week or never. The notices in the portal do not depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .clock import TOKYO

AT_ONCE, DAILY, WEEKLY, NEVER = "at_once", "daily", "weekly", "never"
COLLECTED = timedelta(minutes=15)  # what comes in so shortly after another goes into the same mail
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rhythm:
    """How a person wants her mail. `hour` 0–23 in Japan, `weekday` 0 (Monday) – 6, `unwanted` kinds of notices."""

    mail: str = AT_ONCE
    hour: int = 8
    weekday: int = 0
    unwanted: frozenset[str] = frozenset()

    def due(self, moment: datetime, kind: str = "") -> datetime | None:
        """Return when the mail with a notice of this kind leaves that came in at the moment; None for no mail."""
        if self.mail == NEVER or kind in self.unwanted:
            return None
        if self.mail == AT_ONCE:
            return moment + COLLECTED
        here = moment.astimezone(TOKYO)
        first = datetime.combine(here.date(), time(self.hour), TOKYO)
        while first <= here or (self.mail == WEEKLY and first.weekday() != self.weekday):
            first += ONE_DAY
        return first


@dataclass(frozen=True)
class Recipient:
    """A mail address behind an office's duty, with the rhythm of the person who reads it."""

    address: str
    rhythm: Rhythm = Rhythm()
