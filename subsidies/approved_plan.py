"""The plan that counts now: as it was granted, with every change that was approved or filed since.

The rows that the towns applied with (`CostLine`, `IncomeLine`, `Participant`, `ApplicationProject`) are never
overwritten: they are the first of the three columns plan → changed → actual. Whoever needs the figure that counts
(the performance report, the settlement, papers) asks here:

    approved_costs(application)[line.number].amount_yen     # the second column, by the number of the cost line
    approved_plan(application)                              # everything: amount, period, members, initiatives
    granted_plan(application)                               # the first column, as it was granted

A line that a change added has a `CostLine` of 0 yen, so that the report can tell its actual cost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from .models import Application, ChangeRequest, CostLine, Decision, IncomeLine
from .rows import with_rows
from .rules.codec import Json, decode, encode
from .rulesets import rules_of
from .shares import shares

CHANGES_PLANS = (ChangeRequest.Kind.CHANGE, ChangeRequest.Kind.LIGHT, ChangeRequest.Kind.DELAY)
COUNTS = (ChangeRequest.State.APPROVED, ChangeRequest.State.FILED)


@dataclass(frozen=True)
class PlanCost:
    """One cost line in whole yen; `category` is the code of its 節, `project` the id of the initiative."""

    number: int
    category: str
    description: str
    amount_yen: int
    eligible_yen: int
    project: int | None = None
    member: str = ""

    @property
    def category_label(self) -> str:
        return str(CostLine.Category(self.category).label)


@dataclass(frozen=True)
class PlanIncome:
    """One line of income besides the grant, in whole yen."""

    number: int
    kind: str
    description: str
    amount_yen: int
    member: str = ""

    @property
    def kind_label(self) -> str:
        return str(IncomeLine.Kind(self.kind).label)


@dataclass(frozen=True)
class PlanShare:
    """One municipality that takes part: its share of the grant and its own burden in whole yen.

    `until` is the day on which it leaves, `since` that on which it joined after the decision. One that leaves keeps
    its line: what it received until then is part of the grant (W24). `funding` is what a newcomer pays from once the
    support is over (N-06).
    """

    code: str
    name: str
    split_yen: int
    burden_yen: int = 0
    role: str = ""
    until: date | None = None
    since: date | None = None
    funding: str = ""


@dataclass(frozen=True)
class PlanProject:
    """One initiative with what is done in this year."""

    id: int
    name: str
    content: str = ""
    scale: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan as it was granted, is asked for, or counts now. Goes to JSON and back exactly."""

    grant_yen: int
    start_on: date | None
    end_on: date | None
    text: str
    costs: tuple[PlanCost, ...] = ()
    incomes: tuple[PlanIncome, ...] = ()
    shares: tuple[PlanShare, ...] = ()
    projects: tuple[PlanProject, ...] = ()

    @property
    def cost_yen(self) -> int:
        return sum(line.amount_yen for line in self.costs)

    @property
    def eligible_yen(self) -> int:
        return sum(line.eligible_yen for line in self.costs)

    @property
    def income_yen(self) -> int:
        """Income besides the grant, municipal burden included."""
        return sum(line.amount_yen for line in self.incomes)

    @property
    def other_income_yen(self) -> int:
        """Income that is taken off the eligible cost: all but the municipal burden."""
        return sum(line.amount_yen for line in self.incomes if line.kind != IncomeLine.Kind.BURDEN)

    @property
    def split_yen(self) -> int:
        return sum(share.split_yen for share in self.shares)

    def cost(self, number: int) -> PlanCost | None:
        """The line with this number, None where the plan has none (any more)."""
        return next((line for line in self.costs if line.number == number), None)

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, data: Json) -> Plan:
        return decode(cls, data)


def granted_plan(application: Application) -> Plan:
    """The plan as it was granted: eligible costs less what was cut (減額査定), shares of the granted amount."""
    first = application.changes.filter(kind__in=CHANGES_PLANS, state__in=COUNTS).order_by("closed_at", "number").first()
    if first is not None:
        return Plan.from_json(first.before)
    rows = with_rows(application)
    decided = application.decisions.filter(kind=Decision.Kind.GRANTED).order_by("id").first()
    amount = decided.amount_yen if decided is not None else application.granted_yen
    cut = dict(application.reductions.values_list("cost__number", "amount_yen"))
    unit = int(rules_of(application.call.ruleset).value("rounding_unit"))
    parts = list(rows.parts.all())
    given = shares(parts, amount or 0, unit, application.lead_id)
    return Plan(
        grant_yen=amount or 0,
        start_on=application.start_on,
        end_on=application.end_on,
        text=application.plan,
        costs=tuple(
            PlanCost(
                number=line.number,
                category=line.category,
                description=line.description,
                amount_yen=line.amount_yen,
                eligible_yen=max(0, line.eligible_yen - cut.get(line.number, 0)),
                project=line.project_id,
                member=line.member_id or "",
            )
            for line in rows.costs.all()
        ),
        incomes=tuple(
            PlanIncome(line.number, line.kind, line.description, line.amount_yen, line.member_id or "")
            for line in rows.incomes.all()
        ),
        shares=tuple(
            PlanShare(
                part.municipality_id, part.municipality.name, given[part.municipality_id], part.burden_yen, part.role
            )
            for part in parts
        ),
        projects=tuple(
            PlanProject(item.project_id, item.project.name, item.content, item.scale) for item in rows.items.all()
        ),
    )


def approved_plan(application: Application) -> Plan:
    """The plan that counts now, light changes included; the amount and the period are those of the application."""
    plan = _latest(application, COUNTS) or granted_plan(application)
    return replace(plan, grant_yen=application.granted_yen or plan.grant_yen, end_on=application.end_on)


def decided_plan(application: Application) -> Plan:
    """The plan of the last decision: several light changes together are measured against it (C-13)."""
    return _latest(application, (ChangeRequest.State.APPROVED,)) or granted_plan(application)


def approved_costs(application: Application) -> dict[int, PlanCost]:
    """The figures that count now by the number of every `CostLine`; a line that was given up has 0 yen."""
    found = {line.number: line for line in approved_plan(application).costs}
    for line in with_rows(application).costs.all():
        given_up = PlanCost(line.number, line.category, line.description, 0, 0, line.project_id, line.member_id or "")
        found.setdefault(line.number, given_up)
    return dict(sorted(found.items()))


def plan_changed(application: Application) -> bool:
    """Whether any figure or day of the plan changed since it was granted; `changes` may be prefetched."""
    return any(row.kind in CHANGES_PLANS and row.state in COUNTS for row in application.changes.all())


def approved_shares(application: Application) -> dict[str, int]:
    """What each municipality gets of the grant as it counts now (whole yen by 6-digit code)."""
    return {share.code: share.split_yen for share in approved_plan(application).shares}


def _latest(application: Application, states: Collection[str]) -> Plan | None:
    changes = application.changes.filter(kind__in=CHANGES_PLANS, state__in=states)
    row = changes.order_by("-closed_at", "-number").first()
    return None if row is None else Plan.from_json(row.after)
