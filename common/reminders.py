"""What is owed until a day: one register for the reminders, the start page and the year's calendar.

A room names its obligations by a source (`@source("report")`); the table `fixtures/ground/reminders.yaml` says for each
kind on which days it is called to mind and who hears of it. `send_due` walks all of it, as often as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from . import audit, clock, notices
from .models import Notice, Reminder
from .viewer import OFFICE_DUTIES, SYSTEM, Duty, OfficeKind, Viewer

TABLE: Path = settings.BASE_DIR / "fixtures/ground/reminders.yaml"
MOST = 200  # obligations of one source that a page reads
Told = Mapping[str, tuple[Duty, ...]]


@dataclass(frozen=True)
class Kind:
    """One line of the table. `day` is (month, day), or `within` a number of days, where the table sets the due date."""

    key: str
    label: str
    steps: tuple[int, ...]
    owes: Told
    at_due: Told
    after: Told
    catch_up: int
    day: tuple[int, int] | None = None
    within: int | None = None

    def due_from(self, began_on: date) -> date:
        """Return the last of the days that the table gives to what began on a day."""
        assert self.within is not None  # only kinds whose due date no paper sets are asked
        return _shifted(began_on, self.within)

    def told_at(self, step: int) -> Iterator[tuple[str, tuple[Duty, ...]]]:
        """Return party and duties that hear of this step; who owes hears of every step."""
        yield from self.owes.items()
        if step >= 0:
            yield from self.at_due.items()
        if step > 0:
            yield from self.after.items()

    def latest(self, due_on: date, on: date, since: date | None) -> int | None:
        """Return the step whose day came last, at most `on` and after `since`; None where none is to be sent.

        What nobody sent for more than `catch_up` days is let lie.
        """
        step = max((step for step in self.steps if _shifted(due_on, step) <= on), default=None)
        if step is None or (on - _shifted(due_on, step)).days > self.catch_up:
            return None
        return None if since is not None and _shifted(due_on, step) <= since else step

    @property
    def duties(self) -> frozenset[Duty]:
        """Everybody who may ever hear of it."""
        told = (*self.owes.values(), *self.at_due.values(), *self.after.values())
        return frozenset(duty for duties in told for duty in duties)


@dataclass(frozen=True)
class Obligation:
    """Something owed until a day; `key` is its line in the table.

    `subject` names it for good (a row, or type and id), `about` is the thing whose page and history it belongs to
    (default: the subject). `parties` are office keys by the names the table uses. `since` is the day on which those who
    owe were told last by other means: steps up to that day stay silent.
    """

    key: str
    subject: Model | tuple[str, object]
    due_on: date
    name: str
    url: str
    parties: Mapping[str, tuple[str, ...]]
    since: date | None = None
    about: Model | tuple[str, object] | None = None

    @property
    def kind(self) -> Kind:
        return kinds()[self.key]

    @property
    def text(self) -> str:
        """南空知地域 補正の期限."""
        return f"{self.name} {self.kind.label}"

    def concerns(self, viewer: Viewer, *, above: bool = False) -> bool:
        """Whether the person owes it or answers for it on the day; with `above` also who hears of it afterwards."""
        step = 1 if above else 0
        return any(
            viewer.office.key in self.parties.get(party, ()) and viewer.has(*duties)
            for party, duties in self.kind.told_at(step)
        )


Source = Callable[[Viewer, date], Iterable[Obligation]]
Hook = Callable[[Obligation, date], None]
_sources: dict[str, Source] = {}
_hooks: dict[str, Hook] = {}


@cache
def kinds() -> dict[str, Kind]:
    """Return the table, by key."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {key: _kind(key, table | row) for key, row in table["kinds"].items()}


def source(key: str) -> Callable[[Source], Source]:
    """Decorate the function that names the open obligations of a kind.

    It takes who looks (`SYSTEM` for all of them) and a day: for a person it may leave out what was due before that day.
    """

    def register(function: Source) -> Source:
        _sources[key] = function
        return function

    return register


def when_sent(key: str) -> Callable[[Hook], Hook]:
    """Decorate what a room notes with each reminder of a kind, in the same transaction: (obligation, day)."""

    def register(function: Hook) -> Hook:
        _hooks[key] = function
        return function

    return register


def sources() -> frozenset[str]:
    """Return the kinds that some room has a source for."""
    return frozenset(_sources)


def known_to(rows: Any, viewer: Viewer, due_field: str, on: date) -> Any:
    """Return the rows the viewer may know that are due from the day on, the nearest first; for SYSTEM every row."""
    rows = rows.filter(**{f"{due_field}__isnull": False})
    if viewer is SYSTEM:
        return rows
    return rows.visible_to(viewer).filter(**{f"{due_field}__gte": on}).order_by(due_field)[:MOST]


def owed(viewer: Viewer, on: date, *, above: bool = False) -> list[Obligation]:
    """Return what concerns the person and is due on the day or later, the nearest first (see `Obligation.concerns`)."""
    found = [
        one
        for key, kind in kinds().items()
        if viewer.has(*kind.duties)
        for one in _sources.get(key, _nothing)(viewer, on)
        if one.due_on >= on and one.concerns(viewer, above=above)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.text))


def send_due(on: date, room: str = "") -> int:
    """Remind of everything whose step has come by the day, each step once for all; return how many obligations.

    After days on which nobody called this, only the latest step goes out. `room` narrows to the sources of a room.
    """
    sent = 0
    for asked in _sources.values():
        if asked.__module__.startswith(f"{room}." if room else ""):
            sent += sum(_remind(one, on) for one in list(asked(SYSTEM, on)))
    return sent


def _nothing(viewer: Viewer, on: date) -> Iterable[Obligation]:
    return ()


@transaction.atomic
def _remind(one: Obligation, on: date) -> bool:
    step = one.kind.latest(one.due_on, on, one.since)
    if step is None:
        return False
    subject_type, subject_id = audit.subject_of(one.subject)
    _, first = Reminder.objects.get_or_create(
        kind=one.kind.key,
        subject_type=subject_type,
        subject_id=str(subject_id),
        due_on=one.due_on,
        step=step,
        defaults={"sent_at": clock.now()},
    )
    if not first:
        return False
    about = one.subject if one.about is None else one.about
    title = f"{one.kind.label}{_when((one.due_on - on).days)}：{one.name}"
    for office_key, duties in _addresses(one, step).items():
        notices.send(office_key, duties, title, url=one.url, subject=about, kind=Notice.Kind.DEADLINE)
    if one.kind.key in _hooks:
        _hooks[one.kind.key](one, on)
    facts = {"kind": one.kind.key, "due_on": one.due_on, "step": step}
    audit.record(SYSTEM, "reminder.send", about, f"期限の知らせ：{one.kind.label}", after=facts)
    return True


def _addresses(one: Obligation, step: int) -> dict[str, set[Duty]]:
    """Return office key → duties, each office once, only duties that there are in such an office."""
    found: dict[str, set[Duty]] = {}
    for party, duties in one.kind.told_at(step):
        for office_key in one.parties.get(party, ()):
            held = OFFICE_DUTIES[OfficeKind(office_key.partition(":")[0])]
            if here := {duty for duty in duties if duty in held}:
                found.setdefault(office_key, set()).update(here)
    return found


def _when(left: int) -> str:
    if left > 0:
        return f"まであと{left}日です"
    return f"が{-left}日過ぎています" if left else "は本日です"


def _shifted(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _kind(key: str, row: Mapping[str, Any]) -> Kind:
    month, _, day = str(row.get("day", "")).partition("-")
    return Kind(
        key=key,
        label=row["label"],
        steps=tuple(sorted(row["steps"])),
        owes=_told(row.get("owes", {})),
        at_due=_told(row.get("at_due", {})),
        after=_told(row.get("after", {})),
        catch_up=row["catch_up"],
        day=(int(month), int(day)) if day else None,
        within=row.get("within"),
    )


def _told(column: Mapping[str, list[str]]) -> Told:
    return {party: tuple(Duty(duty) for duty in duties) for party, duties in column.items()}
