"""The settlement of a grant in figures: what the report or the inspection would fix, what was paid, what is left.

One place for the sums that pages, papers and services show: `subsidies.rules.settlement` has the formula, the stored
evaluation of the decision the rate and the unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F, Sum

from .grants import terms_of
from .models import Application, IncomeLine, Payment, Report, ReturnOrder
from .rules.exact import share_text
from .rules.returns import Advice, late_interest
from .rules.settlement import Settlement, settle
from .rulesets import rules_of


@dataclass(frozen=True)
class Sums:
    """What a report tells so far, in whole yen. `missing` counts the lines without a figure."""

    planned_yen: int
    actual_yen: int
    eligible_yen: int
    other_income_yen: int
    shares_yen: int
    missing: int


@dataclass(frozen=True)
class Reckoning:
    """A settlement with every figure it follows from (whole yen)."""

    granted_yen: int
    eligible_yen: int
    other_income_yen: int
    rate: Fraction
    unit_yen: int
    result: Settlement

    @property
    def rate_text(self) -> str:
        return share_text(self.rate)

    @property
    def base_yen(self) -> int:
        """What the rate is applied to; never below 0."""
        return max(0, self.eligible_yen - self.other_income_yen)


def sums_of(report: Report) -> Sums:
    """Add up what was typed; three queries. Municipal burden is no other income."""
    costs, incomes, shares = list(report.costs.select_related("cost")), list(report.incomes.all()), report.shares.all()
    return Sums(
        planned_yen=sum(line.cost.amount_yen for line in costs),
        actual_yen=sum(line.actual_yen or 0 for line in costs),
        eligible_yen=sum(line.eligible_yen or 0 for line in costs),
        other_income_yen=sum(line.actual_yen or 0 for line in incomes if line.kind != IncomeLine.Kind.BURDEN),
        shares_yen=sum(share.actual_yen or 0 for share in shares),
        missing=_missing(line.eligible_yen for line in costs)
        + _missing(line.actual_yen for line in incomes)
        + _missing(share.actual_yen for share in shares),
    )


def reckon(application: Application, *, eligible_yen: int, other_income_yen: int) -> Reckoning:
    """W28 for these figures of a granted application, with what was paid so far; three queries."""
    granted = application.granted_yen or 0
    rate, unit = terms_of(application)
    result = settle(
        granted_yen=granted,
        actual_eligible_yen=eligible_yen,
        other_income_yen=other_income_yen,
        rate=rate,
        unit_yen=unit,
        paid_yen=paid_yen(application),
    )
    return Reckoning(granted, eligible_yen, other_income_yen, rate, unit, result)


def paid_yen(application: Application) -> int:
    """What was really paid, less what came back; one query."""
    paid = application.payments.filter(state=Payment.State.PAID)
    back = paid.filter(kind=Payment.Kind.RETURN).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    return (paid.exclude(kind=Payment.Kind.RETURN).aggregate(yen=Sum("amount_yen"))["yen"] or 0) - back


def due_yen(application: Application) -> int:
    """What the grant comes to as things stand: the fixed amount, before that the amount decided."""
    return (application.granted_yen or 0) if application.fixed_yen is None else application.fixed_yen


def to_return_yen(application: Application) -> int:
    """What was paid beyond that and has to come back, 0 where nothing; one query."""
    return max(0, paid_yen(application) - due_yen(application))


def _missing(figures: Iterable[int | None]) -> int:
    return sum(figure is None for figure in figures)


def interest_rate(application: Application) -> Fraction | None:
    """The yearly rate of the ruleset; None where it sets none."""
    setting = rules_of(application.call.ruleset).settings.get("return_interest_rate")
    return None if setting is None or setting.value is None else Fraction(setting.value)


def late_advice_of(order: ReturnOrder) -> Advice | None:
    """延滞金 for a return that was paid; None before the payment or where the ruleset gives no rate."""
    rate, payment = interest_rate(order.application), order.payment
    if rate is None or payment.paid_on is None or payment.due_on is None:
        return None
    return late_interest(base_yen=payment.amount_yen, due_on=payment.due_on, paid_on=payment.paid_on, rate=rate)


def undecided_late(application: Application) -> list[Advice]:
    """延滞金 of returns that came in late and about which nobody has decided yet; one query."""
    orders = application.return_orders.filter(late_yen=None, payment__paid_on__gt=F("payment__due_on"))
    found = (late_advice_of(order) for order in orders.select_related("payment", "application__call__ruleset"))
    return [advice for advice in found if advice and advice.lines]
