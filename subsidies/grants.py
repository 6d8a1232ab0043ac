"""How much could be granted: the formula of the ruleset on the stored facts, less what was cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from .models import Application, CallAllotment
from .rules.exact import share_text
from .rules.facts import ApplicationFacts
from .rules.kinds.grants import limit_of
from .rules.kinds.years import year_number
from .rules.money import grant_yen, rate_in
from .rulesets import rules_of

FORMULA = "grant_amount"  # the kind of rule that carries cap, rates and rounding (C-06, N-02)


@dataclass(frozen=True)
class Proposal:
    """The amount that follows from the rules, with every figure it follows from (whole yen).

    `left_yen` is what the bureau's allotment leaves, None where nothing is allotted.
    """

    requested_yen: int
    eligible_yen: int
    reduced_yen: int
    other_income_yen: int
    rate: Fraction
    year_number: int
    cap_yen: int
    unit_yen: int
    allotted_yen: int | None
    left_yen: int | None
    amount_yen: int

    @property
    def rate_text(self) -> str:
        return share_text(self.rate)

    @property
    def base_yen(self) -> int:
        """What the rate is applied to."""
        return self.eligible_yen - self.reduced_yen - self.other_income_yen


def proposal_of(application: Application) -> Proposal | None:
    """Return the amount that may be granted at most; None before the first evaluation, and where a cap by heads meets
    an unknown population. Two queries."""
    row = next(
        (row for row in rules_of(application.call.ruleset).walk() if row.kind and row.kind.name == FORMULA), None
    )
    if row is None or application.evaluation is None:
        return None
    facts, values = ApplicationFacts.from_json(application.evaluation.facts), row.values
    reduced = application.reductions.aggregate(yen=Sum("amount_yen"))["yen"] or 0
    allotment = CallAllotment.objects.filter(call=application.call_id, bureau=application.lead_bureau_id).first()
    number = year_number(facts, values["counting"])
    rate = rate_in(values["rates"], number)
    cap = limit_of(facts, values)
    if cap is None:
        return None
    most = grant_yen(
        eligible_yen=facts.eligible_yen - reduced,
        other_income_yen=facts.other_income_yen,
        rate=rate,
        cap_yen=cap,
        unit_yen=values["unit"],
        budget_yen=allotment.left_yen if allotment else None,
    )
    return Proposal(
        requested_yen=application.requested_yen,
        eligible_yen=facts.eligible_yen,
        reduced_yen=reduced,
        other_income_yen=facts.other_income_yen,
        rate=rate,
        year_number=number,
        cap_yen=cap,
        unit_yen=values["unit"],
        allotted_yen=allotment.amount_yen if allotment else None,
        left_yen=allotment.left_yen if allotment else None,
        amount_yen=min(most, application.requested_yen),
    )
