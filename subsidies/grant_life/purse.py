"""The money of one grant as its page 支払 shows it: figures, every claim, and who may do what with it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from common import clock
from common.viewer import Access, Duty, Viewer

from ..books import books_close_on, closed_problem, soon_closing
from ..duties import PAYMENT
from ..models import Application, Payment
from ..services.advance import may_take, sits_in_authority, sits_on
from ..services.payments import advance_left_yen, final_left_yen, kind_now, may_pay
from ..state_badges import DONE, END, LATE, OURS, THEM, Badge
from ..states import State
from ..workflow import STEPS, Action, Side
from .money import Money

PS = Payment.State
_WORDS = {
    PS.DRAFT: ("準備中", OURS),
    PS.PAID: ("支払済", DONE),
    PS.REFUSED: ("不承認", END),
    PS.TAKEN_BACK: ("取下げ", END),
}


@dataclass(frozen=True)
class Line:
    """One claim or return as this person reads it; `act` is the page where she does what it waits for."""

    payment: Payment
    badge: Badge
    act: str = ""
    act_label: str = ""
    take_back: bool = False


class Purse:
    """What the page of one grant's money shows to one person. A handful of queries, none for each line."""

    def __init__(self, application: Application, viewer: Viewer) -> None:
        self.application, self.viewer = application, viewer
        self.kind = kind_now(application)
        rows = Payment.objects.visible_to(viewer).filter(application=application).select_related("document")
        self._rows = list(rows.order_by("number"))
        self.money = Money(
            application.granted_yen or 0, application.fixed_yen, sum(_moved_yen(row) for row in self._rows)
        )
        leads = sits_on(application, Side.LEAD, viewer)
        self.claims = leads and viewer.has(Duty.MA) and viewer.may(PAYMENT, Access.SUBMIT)
        self.prepares = leads and viewer.has(Duty.MP) and viewer.may(PAYMENT, Access.EDIT)
        self.approves = viewer.may(PAYMENT, Access.SUBMIT) and sits_in_authority(application, viewer)
        self.pays = may_pay(viewer)

    @property
    def lines(self) -> list[Line]:
        return [self._line(row) for row in self._rows]

    @property
    def draft(self) -> Payment | None:
        return next((row for row in self._rows if row.state == PS.DRAFT), None)

    @property
    def waiting(self) -> Payment | None:
        """The claim (or return) that is not settled yet; at most one."""
        return next((row for row in self._rows if row.open), None)

    @cached_property
    def advance_left_yen(self) -> int:
        return advance_left_yen(self.application)

    @cached_property
    def most_yen(self) -> int:
        """How much may be claimed now."""
        if self.kind is None or self.waiting is not None:
            return 0
        return self.advance_left_yen if self.kind == Payment.Kind.ADVANCE else final_left_yen(self.application)

    @property
    def may_claim(self) -> bool:
        """Whether this person could prepare or submit a claim now."""
        return (self.claims or self.prepares) and self.most_yen > 0 and not self.books_closed

    @property
    def books_closed(self) -> str:
        """Why nothing more can be paid and what is to be done; empty while the books are open or all is paid."""
        return closed_problem(self.application, clock.today()) if self.money.to_pay_yen else ""

    @property
    def closes_on(self) -> date:
        return books_close_on(self.application)

    @property
    def counts_down(self) -> bool:
        """Whether the days until the books close are shown: they are near and money is still to go out."""
        return soon_closing(self.application) and self.money.to_pay_yen > 0

    @property
    def may_settle(self) -> bool:
        """Whether accounting can confirm now that exactly the fixed amount is paid."""
        step = STEPS[Action.SETTLE]
        return (
            State(self.application.state) in step.sources
            and may_take(self.application, step, self.viewer)
            and self.application.fixed_yen == self.money.paid_yen
        )

    def _line(self, row: Payment) -> Line:
        state = PS(row.state)
        back = row.kind == Payment.Kind.RETURN
        if state == PS.CLAIMED:
            if self.approves:
                return Line(row, Badge("要承認", OURS), "subsidies:payment_decide", "承認・不承認")
            return Line(row, Badge("承認待ち", THEM), take_back=self.claims)
        if state == PS.APPROVED:
            late = row.due_on is not None and row.due_on < clock.today()
            if self.pays:
                word = ("返納期限超過" if late else "返納待ち") if back else "要支払"
                label = "返納を記録する" if back else "支払を記録する"
                return Line(row, Badge(word, LATE if late else OURS), "subsidies:payment_record", label)
            if back:
                mine = sits_on(self.application, Side.LEAD, self.viewer)
                return Line(row, Badge("返納期限超過" if late else "要返納", LATE if late else OURS if mine else THEM))
            return Line(row, Badge("支払待ち", THEM))
        if state == PS.DRAFT:
            if self.claims and not self.books_closed:
                return Line(row, Badge("要請求", OURS), "subsidies:payment_claim", "確かめて請求する")
            return Line(row, Badge("準備中", THEM), "subsidies:payment_claim" if self.prepares else "", "続きを書く")
        label, shape = _WORDS[state]
        return Line(row, Badge("納付済" if back and state == PS.PAID else label, shape))


def _moved_yen(row: Payment) -> int:
    """What this row has brought to the towns: a return counts against it, what is not recorded yet nothing."""
    if row.state != PS.PAID:
        return 0
    return -row.amount_yen if row.kind == Payment.Kind.RETURN else row.amount_yen
