"""The one place that knows what day it is, so that a demo or a test can fix it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at an aware moment: the demo world is told day by day, tests cross a deadline."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def today() -> date:
    """Return the day in Japan; DEMO_DATE (settings) stands in for it where set."""
    if standing := _standing.get():
        return standing.astimezone(TOKYO).date()
    return date.fromisoformat(settings.DEMO_DATE) if settings.DEMO_DATE else timezone.localdate()


def now() -> datetime:
    """Return the aware moment; with DEMO_DATE its day is that day and its time of day the real one."""
    if standing := _standing.get():
        return standing
    moment = timezone.now()
    if not settings.DEMO_DATE:
        return moment
    return datetime.combine(today(), moment.astimezone(TOKYO).time(), TOKYO)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return an aware moment of office time on that day."""
    return datetime.combine(day, time(hour, minute), TOKYO)


def days_until(day: date) -> int:
    """Return the days left until `day`; negative when it has passed."""
    return (day - today()) // timedelta(days=1)
