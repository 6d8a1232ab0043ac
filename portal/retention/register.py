"""What is kept until when: everything finished that this person may know, with what still holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from common.viewer import Viewer
from regions.models import Agreement, ForwardPlan, Vision
from subsidies.models import Application, FollowUp, Payment
from subsidies.states import ENDED_WITHOUT_GRANT, State

from ..models import DisposalItem
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
FINISHED = (*ENDED_WITHOUT_GRANT, State.CLOSED)


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
    extended_until: date | None = None

    @property
    def label(self) -> str:
        return classes()[self.kind].label

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
            decided = self.item.list.state == "decided"
            return (f"{self.item.get_treatment_display()}（決定）", "end") if decided else ("リストに掲載", "ours")
        if not self.is_due(on):
            return "保存期間中", "done"
        return ("廃棄できない", "late") if self.held else ("廃棄の対象", "ours")


def records(viewer: Viewer) -> list[Record]:
    """Everything finished, what is due first at the top; of a bureau only what it led. A constant number of queries."""
    found = [*_applications(viewer), *_agreements(viewer), *_visions(viewer), *_plans(viewer)]
    items: dict[tuple[str, str], DisposalItem] = {}
    extended: dict[tuple[str, str], date] = {}
    for item in DisposalItem.objects.select_related("list"):
        if item.open:
            items[item.kind, item.key] = item
        elif item.extended_until and item.list.state == "decided":
            extended[item.kind, item.key] = max(item.extended_until, extended.get((item.kind, item.key), date.min))
    for record in found:
        record.item = items.get((record.kind, record.key))
        record.extended_until = extended.get((record.kind, record.key))
    return sorted(found, key=lambda record: (record.until, record.kind, record.number, record.key))


def _applications(viewer: Viewer) -> Iterator[Record]:
    """Closed files, and requests that ended without a grant; kept as long as the approval says, five years at least."""
    years = Max("routes__retention_years", filter=Q(routes__state="approved"))
    paying = Payment.objects.filter(application=OuterRef("pk"), state__in=["claimed", "approved"])
    asked = FollowUp.objects.filter(application=OuterRef("pk"), answered_at=None)
    copies = Application.objects.filter(copied_from=OuterRef("pk")).exclude(state__in=FINISHED)
    finished = Application.objects.visible_to(viewer).filter(state__in=FINISHED).order_by()
    rows = _led(finished, viewer, "lead_bureau").select_related("region")
    for row in rows.annotate(kept=years, paying=Exists(paying), asked=Exists(asked), copied=Exists(copies)):
        held = (
            "支払の手続が終わっていません。"
            if row.paying
            else "支援後の状況の回答を待っています。"
            if row.asked
            else "この申請を複写した申請が手続中です。"
            if row.copied
            else ""
        )
        closed_on = row.closed_on or timezone.localtime(row.state_since).date()
        title = f"{row.region.name}　{row.title}".strip()
        term = Term(closed_on, max(row.kept or 0, classes()["application"].years))
        yield Record("application", str(row.pk), row.number, title, term, row.granted_yen, held)


def _agreements(viewer: Viewer) -> Iterator[Record]:
    """Agreements that were amended away or ended."""
    rows = Agreement.objects.visible_to(viewer).filter(state__in=["amended", "ended"], ended_on__isnull=False)
    for row in _of_region(rows, viewer):
        yield _record("agreement", row, row.ended_on)


def _visions(viewer: Viewer) -> Iterator[Record]:
    """Visions that a later version replaced or whose term is over."""
    later = Vision.objects.filter(region=OuterRef("region"), version__gt=OuterRef("version"), adopted_on__isnull=False)
    rows = Vision.objects.visible_to(viewer).filter(state__in=["revised", "expired"])
    for row in _of_region(rows, viewer).annotate(replaced_on=later.order_by("version").values("adopted_on")[:1]):
        yield _record("vision", row, row.replaced_on or date(row.term_to_fy + 1, 3, 31))


def _plans(viewer: Viewer) -> Iterator[Record]:
    """Forward plans that a later version replaced."""
    later = ForwardPlan.objects.filter(bureau=OuterRef("bureau"), version__gt=OuterRef("version"))
    replaced = later.filter(adopted_on__isnull=False).order_by("version").values("adopted_on")[:1]
    rows = ForwardPlan.objects.visible_to(viewer).filter(state="revised").order_by()
    for row in _led(rows, viewer, "bureau").annotate(replaced_on=replaced):
        yield _record("plan", row, row.replaced_on or date(row.term_to_fy + 1, 3, 31))


def _record(kind: str, row: Any, closed_on: date) -> Record:
    held = "この地域の申請が手続中です。" if getattr(row, "used", False) else ""
    title = f"{row.title}　第{row.version}版"
    return Record(kind, str(row.pk), "", title, Term(closed_on, classes()[kind].years), None, held)


def _of_region(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """With `used`: whether an application of the region, begun before, still goes on."""
    going = Application.objects.filter(region=OuterRef("region")).exclude(state__in=FINISHED)
    return _led(rows.order_by(), viewer, "region__lead_bureau").annotate(used=Exists(going))


def _led(rows: QuerySet[Any], viewer: Viewer, field: str) -> QuerySet[Any]:
    return rows.filter(**{field: viewer.office.code}) if viewer.is_bureau else rows
