"""The list of applications: one set of filters, orders and columns for the page and for what is written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, When
from django.db.models.functions import Coalesce

from common.fiscal_year import FiscalYear
from common.sheets.writing import Column
from common.viewer import Viewer

from .models import Application
from .querysets import ApplicationQuerySet
from .rulesets import Traits, decided_by_hq, traits
from .state_badges import Badge, badge
from .states import BEFORE_SUBMISSION, UNDER_REVIEW, State

PAGE_ROWS = 50
NOT_DECIDED = (*BEFORE_SUBMISSION, *UNDER_REVIEW, State.RETURNED)
NEWEST = "-number"
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("due",),
    "state": ("state",),
    "region": ("region__name", "region"),
    "program": ("call__program__order", "fiscal_year"),
    "requested": ("requested_yen",),
    "granted": ("granted_yen",),
    "submitted": ("submitted_at",),
    "number": ("id",),
    "ng": ("fail_count", "judge_count"),
}
MAY_BE_EMPTY = ("due", "granted_yen", "submitted_at")


@dataclass(frozen=True)
class Filters:
    """What narrows the list; empty values narrow nothing. `turn` is mine or others."""

    year: int | None = None
    program: str = ""
    group: str = ""
    bureau: str = ""
    turn: str = ""
    words: str = ""

    @property
    def any(self) -> bool:
        return self != Filters()


def applications(viewer: Viewer, filters: Filters, order: str = NEWEST) -> ApplicationQuerySet:
    """Return the applications this person may know, narrowed and ordered; `order` is a key of ORDERS, - for falling.

    Ties keep the newest first, so that pages never overlap.
    """
    rows = Application.objects.visible_to(viewer)
    if filters.year is not None:
        rows = rows.filter(fiscal_year=filters.year)
    if filters.program:
        rows = rows.filter(call__program=filters.program)
    if filters.group:
        rows = rows.in_group(filters.group)
    if filters.bureau:
        rows = rows.filter(lead_bureau=filters.bureau)
    if filters.words.strip():
        rows = rows.search(filters.words)
    if filters.turn:
        mine = Application.objects.visible_to(viewer).waiting_for(viewer, decided_by_hq())
        rows = (
            rows.filter(pk__in=mine.values("pk"))
            if filters.turn == "mine"
            else rows.filter(state__in=(*BEFORE_SUBMISSION, *UNDER_REVIEW, "returned")).exclude(
                pk__in=mine.values("pk")
            )
        )
    return _ordered(rows, order)


def _ordered(rows: ApplicationQuerySet, order: str) -> ApplicationQuerySet:
    falling, name = order.startswith("-"), order.removeprefix("-")
    if name == "due":
        by_state = Case(
            When(state__in=BEFORE_SUBMISSION, then="call__closes_on"),
            When(state__in=UNDER_REVIEW, then="call__decision_expected_on"),
            output_field=DateField(),
        )
        rows = rows.annotate(due=Coalesce("due_on", by_state))
    fields: list[Any] = [_by(field, falling=falling) for field in ORDERS.get(name, ("id",))]
    return rows.order_by(*fields, *([] if name == "number" else ["-id"]))


def _by(field: str, *, falling: bool) -> Any:
    """An order with empty values last; columns that are never empty keep the order of their index."""
    if field not in MAY_BE_EMPTY:
        return f"-{field}" if falling else field
    return F(field).desc(nulls_last=True) if falling else F(field).asc(nulls_last=True)


def page_rows(page: Any, viewer: Viewer, order: str) -> list[Any]:
    """Return the rows of one page (a slice of `applications`) with what a line shows.

    Only the page's keys are sorted and cut; what a line shows is read for these rows alone.
    """
    rows = Application.objects.filter(pk__in=page.values("pk"))
    return list(with_row_facts(_ordered(rows, order), viewer))


def with_row_facts(rows: ApplicationQuerySet, viewer: Viewer) -> ApplicationQuerySet:
    """Add what a line shows, and leave the long texts in the database."""
    shown = rows.for_list().only(
        "number", "fiscal_year", "phase", "state", "state_since", "requested_yen", "selected_yen", "granted_yen",
        "submitted_at", "received_on", "receipt_number", "due_on", "fail_count", "judge_count", "evaluation",
        "call__ruleset", "call__closes_on", "call__decision_expected_on", "call__program__name",
        "call__program__short_name", "region__name", "lead__name", "lead_bureau__name", "lead_bureau__short_name",
    )  # fmt: skip
    return shown.with_own_consent(viewer) if viewer.is_municipal else shown


@dataclass(frozen=True)
class Reading:
    """How one person reads the rows: badges, and which columns she may see."""

    viewer: Viewer
    rulesets: Mapping[int, Traits]

    @classmethod
    def of(cls, viewer: Viewer) -> Reading:
        return cls(viewer, traits())

    def badge(self, row: Application) -> Badge:
        return badge(row, self.viewer, authority=self.rulesets[row.call.ruleset_id].authority)

    def columns(self) -> list[Column[Any]]:
        """The columns of the written list: one value in each, units in the headings, both ways to write a year."""
        own: list[Column[Any]] = [
            Column("申請番号", lambda row: row.number, 22),
            Column("年度（西暦）", lambda row: row.fiscal_year, 10),
            Column("年度", lambda row: FiscalYear(row.fiscal_year).wareki, 12),
            Column("制度", lambda row: row.call.program.name, 26),
            Column("段階", lambda row: row.get_phase_display(), 10),
            Column("状態", lambda row: self.badge(row).label, 14),
            Column("連携地域コード", lambda row: row.region_id, 12),
            Column("連携地域", lambda row: row.region.name, 28),
            Column("代表市町村コード", lambda row: row.lead_id, 14),
            Column("代表市町村", lambda row: row.lead.name, 12),
            Column("主管振興局", lambda row: row.lead_bureau.name, 18),
            Column("申請額（円）", lambda row: row.requested_yen, 14),
            Column("内定額（円）", lambda row: row.selected_yen, 14),
            Column("交付決定額（円）", lambda row: row.granted_yen, 14),
            Column("提出日", lambda row: row.submitted_at, 12),
            Column("受付日", lambda row: row.received_on, 12),
            Column("収受番号", lambda row: row.receipt_number, 20),
            Column("期限", due_of, 12),
        ]
        if self.viewer.sees_internal:
            own += [
                Column("不適合（件）", lambda row: row.fail_count if row.evaluation_id else None, 10),
                Column("要判断（件）", lambda row: row.judge_count if row.evaluation_id else None, 10),
            ]
        return own


def due_of(application: Application) -> date | None:
    """Return until when the present step is to be done.

    The date set for it (a correction), before submission the deadline of the call, during review and approval the day
    on which the decision is expected.
    """
    if application.due_on is not None:
        return application.due_on
    if application.state in BEFORE_SUBMISSION:
        return application.call.closes_on
    return application.call.decision_expected_on if application.state in UNDER_REVIEW else None
