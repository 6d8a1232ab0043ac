"""What waits for whom in the money of a grant and at its end: claims, payments, settling, closing, follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer

from .errands import Errand
from .models import FollowUp, Payment, ReturnOrder
from .querysets import PaymentQuerySet
from .states import State
from .workflow import STEPS, Action

PAGE = "subsidies:application_payments"
RETURN_PAGE = "subsidies:case_return"
FOLLOW_UP_PAGE = "subsidies:application_follow_up"
CLAIM_PAGE = "subsidies:payment_claim"
S = State
PAID_FROM = (  # a claim made while the work ran may still be open in each of these
    S.RUNNING, S.CHANGE_REVIEW, S.DELAY_REVIEW, S.STOP_REVIEW, S.SUSPENDED, S.DISCONTINUED, S.REPORT_DUE,
    S.REPORT_OVERDUE, S.REPORTED, S.REPORT_RETURNED, S.INSPECTED, S.FIXED, S.RETURN_ORDERED, S.REVOKED,
)  # fmt: skip
RETURN_FROM = tuple(sorted(STEPS[Action.ORDER_RETURN].sources | STEPS[Action.ORDER_PART_RETURN].sources))


def of_planner(viewer: Viewer) -> Iterator[Errand]:
    """The lead claims what is left of the fixed amount, and gives back what it was ordered to."""
    mine = Q(lead=viewer.office.code)
    yield Errand("claim_rest", "要請求", (S.FIXED,), mine & Q(_left()) & ~Q(_prepared()), CLAIM_PAGE)
    yield Errand("follow_up", "要回答", (S.CLOSED,), mine & Q(_asked(written=False)), FOLLOW_UP_PAGE)
    yield Errand("give_back", "要返納", PAID_FROM, mine & Q(_open(Payment.Kind.RETURN)), PAGE)


def of_approver(viewer: Viewer) -> Iterator[Errand]:
    """The lead's approver submits what was prepared."""
    mine = Q(lead=viewer.office.code)
    yield Errand("follow_up_submit", "要提出", (S.CLOSED,), mine & Q(_asked(written=True)), FOLLOW_UP_PAGE)
    yield Errand("claim", "要請求", (S.RUNNING, S.FIXED), mine & Q(_prepared()), CLAIM_PAGE)


def of_decider(ours: Q) -> Iterator[Errand]:
    """The decider approves a claim and orders back what was paid too much; `ours` are the grants that this office
    decides."""
    claimed = Exists(_payments().filter(state=Payment.State.CLAIMED))
    yield Errand("approve_claim", "要承認", PAID_FROM, ours & Q(claimed), PAGE)
    yield Errand("order_return", "要返還命令", RETURN_FROM, ours & _too_much() & ~Q(_asked_for()), RETURN_PAGE)
    yield Errand("charge_late", "延滞金の決定", (*PAID_FROM, S.SETTLED), ours & Q(_undecided_late()), RETURN_PAGE)


def of_accounting() -> Iterator[Errand]:
    """Accounting pays, records what came back, and settles what is even."""
    money_out = _payments().filter(state=Payment.State.APPROVED).exclude(kind=Payment.Kind.RETURN)
    yield Errand("pay", "要支払", PAID_FROM, Q(Exists(money_out)), PAGE)
    yield Errand("settle", "要精算", (S.FIXED, S.RETURN_ORDERED), Q(fixed_yen=_paid()), PAGE)
    yield Errand("receive_back", "返納待ち", PAID_FROM, Q(_open(Payment.Kind.RETURN)), PAGE)


def of_staff(viewer: Viewer) -> Iterator[Errand]:
    """The lead bureau closes what is settled, or revoked with nothing to come back."""
    ours = Q(lead_bureau=viewer.office.code)
    yield Errand(
        "close",
        "要完結",
        (S.SETTLED, S.REVOKED),
        ours & ~_too_much() & ~Q(_undecided_late()),
        "subsidies:application_close",
    )


def _asked(*, written: bool) -> Exists:
    """A question after the support that waits in a year that has begun: for the planner, or written and to submit."""
    year = int(FiscalYear.of(clock.today()))
    rows = FollowUp.objects.filter(application=OuterRef("pk"), answered_at=None, fiscal_year__lte=year)
    return Exists(rows.filter(continues__isnull=not written))


def _payments() -> PaymentQuerySet:
    rows: PaymentQuerySet = Payment.objects.filter(application=OuterRef("pk"))
    return rows


def _open(kind: str) -> Exists:
    return Exists(_payments().filter(kind=kind, state=Payment.State.APPROVED))


def _prepared() -> Exists:
    return Exists(_payments().filter(state=Payment.State.DRAFT))


def _left() -> Q:
    """Something of the fixed amount is not paid, and nothing is asked for yet."""
    return Q(fixed_yen__gt=_paid()) & ~Q(_asked_for())


def _too_much() -> Q:
    """More was paid than the grant comes to: the fixed amount, before that the amount decided."""
    return Q(fixed_yen__lt=_paid()) | Q(fixed_yen=None, granted_yen__lt=_paid())


def _undecided_late() -> Exists:
    """A return that came in after its day, about whose 延滞金 nobody has decided (`settling.undecided_late`)."""
    rate = "application__call__ruleset__content__parameters__return_interest_rate"
    orders = ReturnOrder.objects.filter(application=OuterRef("pk"), late_yen=None)
    late = orders.filter(payment__paid_on__gt=F("payment__due_on"), **{f"{rate}__isnull": False})
    return Exists(late.exclude(**{f"{rate}__value": None}))


def _asked_for() -> Exists:
    """A claim or a return that is under way."""
    return Exists(_payments().filter(state__in=(Payment.State.CLAIMED, Payment.State.APPROVED)))


def _paid() -> Coalesce:
    """What was really paid of the outer row, less what came back (whole yen)."""
    signed = Case(
        When(kind=Payment.Kind.RETURN, then=-F("amount_yen")), default=F("amount_yen"), output_field=BigIntegerField()
    )
    sums = _payments().filter(state=Payment.State.PAID).order_by().values("application").annotate(yen=Sum(signed))
    return Coalesce(Subquery(sums.values("yen")), Value(0), output_field=BigIntegerField())
