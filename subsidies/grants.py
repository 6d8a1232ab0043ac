"""How much could be granted: the formula of the ruleset on the stored facts, less what was cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from .models import Application, BudgetSimulation, CallAllotment, SimulationLine
from .rules.exact import share_text
from .rules.facts import ApplicationFacts
from .rules.kinds.grants import limit_of
from .rules.kinds.years import year_number
from .rules.money import grant_yen, rate_in
from .rules.ruleset import Row, RuleSet
from .rulesets import rules_of

FORMULA = "grant_amount"  # the kind of rule that carries cap, rates and rounding (C-06, N-02)


@dataclass(frozen=True)
class Proposal:
    """The amount that follows from the rules, with every figure it follows from (whole yen).

    `left_yen` is what the bureau's allotment leaves, None where nothing is allotted; `allocated` is what the adopted
    simulation of the round gives, None where it says nothing of this request.
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
    allocated: SimulationLine | None
    amount_yen: int

    @property
    def rate_text(self) -> str:
        return share_text(self.rate)

    @property
    def base_yen(self) -> int:
        """What the rate is applied to."""
        return self.eligible_yen - self.reduced_yen - self.other_income_yen


def formula_of(rules: RuleSet) -> Row | None:
    """The row of the ruleset that says how an amount is found; None where a ruleset has none."""
    return next((row for row in rules.walk() if row.kind and row.kind.name == FORMULA), None)


def most_yen(row: Row, facts: ApplicationFacts, *, reduced_yen: int, left_yen: int | None = None) -> int | None:
    """What the formula gives on these facts less what was cut; `left_yen` limits it where a budget does.

    None where a cap by heads meets an unknown population.
    """
    values = row.values
    cap = limit_of(facts, values)
    if cap is None:
        return None
    return grant_yen(
        eligible_yen=facts.eligible_yen - reduced_yen,
        other_income_yen=facts.other_income_yen,
        rate=rate_in(values["rates"], year_number(facts, values["counting"])),
        cap_yen=cap,
        unit_yen=values["unit"],
        budget_yen=left_yen,
    )


def allocation_of(application: Application) -> SimulationLine | None:
    """What the adopted simulation of the round gives to the request as it stands; None where it says nothing of it.

    A request that changed since, or the formal application after a 内定, is not bound by what was adopted before.
    """
    lines = SimulationLine.objects.filter(
        application=application.pk,
        simulation__state=BudgetSimulation.State.ADOPTED,
        phase=application.phase,
        requested_yen=application.requested_yen,
    )
    return lines.select_related("simulation").first()


def terms_of(application: Application) -> tuple[Fraction, int]:
    """The rate of the application's support year and the rounding unit (yen), as its evaluation stands.

    Raises LookupError where nothing was judged yet or the ruleset has no formula: such an application has no grant.
    """
    row = formula_of(rules_of(application.call.ruleset))
    if row is None or application.evaluation is None:
        raise LookupError(f"application {application.pk} has no evaluation with the rule {FORMULA}")
    facts, values = ApplicationFacts.from_json(application.evaluation.facts), row.values
    return rate_in(values["rates"], year_number(facts, values["counting"])), values["unit"]


def proposal_of(application: Application) -> Proposal | None:
    """Return the amount that may be granted at most; None before the first evaluation, and where a cap by heads meets
    an unknown population. Three queries."""
    row = formula_of(rules_of(application.call.ruleset))
    if row is None or application.evaluation is None:
        return None
    facts, values = ApplicationFacts.from_json(application.evaluation.facts), row.values
    reduced = application.reductions.aggregate(yen=Sum("amount_yen"))["yen"] or 0
    allotment = CallAllotment.objects.filter(call=application.call_id, bureau=application.lead_bureau_id).first()
    allocated = allocation_of(application)
    number = year_number(facts, values["counting"])
    most = most_yen(row, facts, reduced_yen=reduced, left_yen=allotment.left_yen if allotment else None)
    cap = limit_of(facts, values)
    if most is None or cap is None:
        return None
    limits = [most, application.requested_yen, *([allocated.amount_yen] if allocated else [])]
    return Proposal(
        requested_yen=application.requested_yen,
        eligible_yen=facts.eligible_yen,
        reduced_yen=reduced,
        other_income_yen=facts.other_income_yen,
        rate=rate_in(values["rates"], number),
        year_number=number,
        cap_yen=cap,
        unit_yen=values["unit"],
        allotted_yen=allotment.amount_yen if allotment else None,
        left_yen=allotment.left_yen if allotment else None,
        allocated=allocated,
        amount_yen=min(limits),
    )
