"""What is kept until when: everything finished that this person may know, with what still holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from common import clock
from common.viewer import Viewer
from regions.models import Agreement, ForwardPlan, Vision
from subsidies.models import (
    Application,
    Finding,
    FollowUp,
    Package,
    Payment,
    Reopening,
    ReturnOrder,
    Revocation,
)
from subsidies.states import ENDED_WITHOUT_GRANT, State

from ..models import DisposalItem, RetentionHold
from .classes import Term, classes

MODELS: dict[str, type[Model]] = {
    "application": Application,
    "agreement": Agreement,
    "vision": Vision,
    "plan": ForwardPlan,
}
VIEWS = {
    "application": "subsidies:application_detail",
    "agreement": "regions:agreement_detail",
    "vision": "regions:vision_detail",
    "plan": "regions:plan_detail",
}
LED_BY = {
    "application": "lead_bureau",
    "agreement": "region__lead_bureau",
    "vision": "region__lead_bureau",
    "plan": "bureau",
}
FINISHED = (*ENDED_WITHOUT_GRANT, State.CLOSED)
DECIDED = ("decided", "erasing", "erased")
USED_AGAIN = "保存期間中か、手続中に戻りました。"
_ITS = {"application": OuterRef("pk")}
HOLDING: dict[str, tuple[QuerySet[Any], str]] = {
    "paying": (
        Payment.objects.filter(**_ITS, state__in=["claimed", "approved"]),
        "支払の手続が終わっていません。",
    ),
    "owing": (
        ReturnOrder.objects.filter(**_ITS).filter(
            Q(addition_yen__gt=0, addition_paid_on=None) | Q(late_yen__gt=0, late_paid_on=None)
        ),
        "返還命令の加算金または延滞金が納付されていません。",
    ),
    "revoking": (Revocation.objects.filter(**_ITS, state="proposed"), "取消しの手続が終わっていません。"),
    "reopening": (Reopening.objects.filter(**_ITS, state="asked"), "再確定の手続が終わっていません。"),
    "found": (Finding.objects.filter(**_ITS, gone_at=None, conclusion=""), "結論の出ていない所見があります。"),
    "asked": (FollowUp.objects.filter(**_ITS, answered_at=None), "支援後の状況の回答を待っています。"),
    "packing": (
        Package.objects.filter(applications=OuterRef("pk"), state__in=["asked", "making"]),
        "監査または情報公開の手続中です。",
    ),
    "copied": (
        Application.objects.filter(copied_from=OuterRef("pk")).exclude(state__in=FINISHED),
        "この申請を複写した申請が手続中です。",
    ),
}
"""What holds a finished application: open work of any kind, and the sentence that says so."""


@dataclass
class Record:
    """One finished thing. `held` says why it may not go yet; `item` is its line on a list that counts."""

    kind: str
    key: str
    number: str
    title: str
    term: Term
    amount_yen: int | None = None
    held: str = ""
    item: DisposalItem | None = None
    hold: RetentionHold | None = None
    extended_until: date | None = None

    @property
    def label(self) -> str:
        return classes()[self.kind].label

    @property
    def name(self) -> str:
        """What it is called in addresses: application-12."""
        return f"{self.kind}-{self.key}"

    @property
    def url(self) -> str:
        return reverse(VIEWS[self.kind], args=[self.key])

    @property
    def until(self) -> date:
        """The first day on which it may be disposed of, an extension counted."""
        return max(self.term.due_from, self.extended_until) if self.extended_until else self.term.due_from

    def is_due(self, on: date) -> bool:
        return self.until <= on

    def state(self, on: date) -> tuple[str, str]:
        """How it stands, as word and shape."""
        if self.item is not None:
            decided = self.item.list.state in DECIDED
            return (f"{self.item.get_treatment_display()}（決定）", "end") if decided else ("リストに掲載", "ours")
        if not self.is_due(on):
            return "保存期間中", "done"
        return ("廃棄できない", "late") if self.held else ("廃棄の対象", "ours")


def records(viewer: Viewer) -> list[Record]:
    """Everything finished and not erased, what is due first at the top; of a bureau only what it led.

    A constant number of queries.
    """
    kept = {kind: _led(known(kind, viewer), viewer, LED_BY[kind]) for kind in MODELS}
    return _told(kept)


def known(kind: str, viewer: Viewer) -> QuerySet[Any]:
    """The things of a class that the person may know."""
    rows: QuerySet[Any] = MODELS[kind]._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
    return rows


def hindrances(items: Iterable[DisposalItem]) -> dict[tuple[str, str], str]:
    """Why things on a list may not go today, whoever looks; what may go is not named."""
    wanted: dict[str, list[str]] = {kind: [] for kind in MODELS}
    titles: dict[tuple[str, str], str] = {}
    for item in items:
        wanted[item.kind].append(item.key)
        titles[item.kind, item.key] = item.title
    kept = {kind: MODELS[kind]._default_manager.filter(pk__in=keys) for kind, keys in wanted.items() if keys}
    today, standing = clock.today(), {(record.kind, record.key): record for record in _told(kept)}
    found = {}
    for name in titles:
        record = standing.get(name)
        if record is None or not record.is_due(today):
            found[name] = USED_AGAIN
        elif record.held:
            found[name] = record.held
    return found


def _told(kept: dict[str, QuerySet[Any]]) -> list[Record]:
    """The records of these rows, with what holds them and the list they stand on."""
    readers = {"application": _applications, "agreement": _agreements, "vision": _visions, "plan": _plans}
    found = [record for kind, rows in kept.items() for record in readers[kind](rows.filter(erased_on=None).order_by())]
    holds = {(hold.kind, hold.key): hold for hold in RetentionHold.objects.filter(lifted_at=None)}
    items: dict[tuple[str, str], DisposalItem] = {}
    extended: dict[tuple[str, str], date] = {}
    for item in DisposalItem.objects.select_related("list"):
        if item.open:
            items[item.kind, item.key] = item
        elif item.extended_until and item.list.state in DECIDED:
            extended[item.kind, item.key] = max(item.extended_until, extended.get((item.kind, item.key), date.min))
    for record in found:
        record.item = items.get((record.kind, record.key))
        record.extended_until = extended.get((record.kind, record.key))
        if hold := holds.get((record.kind, record.key)):
            record.hold, record.held = hold, f"{hold.get_ground_display()}のため、保存を続けています。"
    return sorted(found, key=lambda record: (record.until, record.kind, record.number, record.key))


def _applications(rows: QuerySet[Any]) -> Iterator[Record]:
    """Closed files, and requests that ended without a grant; kept as long as the approval says, five years at least."""
    years = Max("routes__retention_years", filter=Q(routes__state="approved"))
    finished = rows.filter(state__in=FINISHED).select_related("region")
    for row in finished.annotate(kept=years, **{name: Exists(asked) for name, (asked, _) in HOLDING.items()}):
        held = next((sentence for name, (_, sentence) in HOLDING.items() if getattr(row, name)), "")
        closed_on = row.closed_on or timezone.localtime(row.state_since).date()
        title = f"{row.region.name}　{row.title}".strip()
        term = Term(closed_on, max(row.kept or 0, classes()["application"].years))
        yield Record("application", str(row.pk), row.number, title, term, row.granted_yen, held)


def _agreements(rows: QuerySet[Any]) -> Iterator[Record]:
    """Agreements that were amended away or ended."""
    for row in _of_region(rows.filter(state__in=["amended", "ended"], ended_on__isnull=False)):
        yield _record("agreement", row, row.ended_on)


def _visions(rows: QuerySet[Any]) -> Iterator[Record]:
    """Visions that a later version replaced or whose term is over."""
    later = Vision.objects.filter(region=OuterRef("region"), version__gt=OuterRef("version"), adopted_on__isnull=False)
    over = _of_region(rows.filter(state__in=["revised", "expired"]))
    for row in over.annotate(replaced_on=later.order_by("version").values("adopted_on")[:1]):
        yield _record("vision", row, row.replaced_on or date(row.term_to_fy + 1, 3, 31))


def _plans(rows: QuerySet[Any]) -> Iterator[Record]:
    """Forward plans that a later version replaced."""
    later = ForwardPlan.objects.filter(bureau=OuterRef("bureau"), version__gt=OuterRef("version"))
    replaced = later.filter(adopted_on__isnull=False).order_by("version").values("adopted_on")[:1]
    for row in rows.filter(state="revised").annotate(replaced_on=replaced):
        yield _record("plan", row, row.replaced_on or date(row.term_to_fy + 1, 3, 31))


def _record(kind: str, row: Any, closed_on: date) -> Record:
    held = "この地域の申請が手続中です。" if getattr(row, "used", False) else ""
    title = f"{row.title}　第{row.version}版"
    return Record(kind, str(row.pk), "", title, Term(closed_on, classes()[kind].years), None, held)


def _of_region(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `used`: whether an application of the region, begun before, still goes on."""
    going = Application.objects.filter(region=OuterRef("region")).exclude(state__in=FINISHED)
    return rows.annotate(used=Exists(going))


def _led(rows: QuerySet[Any], viewer: Viewer, field: str) -> QuerySet[Any]:
    return rows.filter(**{field: viewer.office.code}) if viewer.is_bureau else rows
