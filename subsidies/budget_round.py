"""What a round can distribute now: the undecided applications, what the rules let each have, and the money left.

庁内限り. Read for the simulations; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum

from common.locks import locking
from municipalities.models import Bureau

from .distribution import Claim, Method, distribute
from .grants import formula_of, most_yen
from .models import Application, ApprovalRoute, Call, CallAllotment, Opinion, ReductionLine
from .rules.facts import ApplicationFacts
from .rulesets import rules_of
from .states import ENDED_WITHOUT_GRANT, State

UNDECIDED = (State.SUBMITTED, State.BUREAU_REVIEW, State.RETURNED, State.HQ_REVIEW)
RANKS = {Opinion.Priority.HIGH.value: 0, Opinion.Priority.NORMAL.value: 1, "": 2, Opinion.Priority.LOW.value: 3}
AGAINST = Opinion.Priority.AGAINST.value


@dataclass(frozen=True)
class Entry:
    """One undecided application: what it asks for, what the rules let it have at most, how reviewers rank it."""

    application: Application
    bureau: str
    requested_yen: int
    most_yen: int
    priority: str
    arrival: int

    @property
    def pk(self) -> int:
        return int(self.application.pk)

    @property
    def name(self) -> str:
        """長沼・栗山連携地域（次期R8-0001）."""
        return f"{self.application.region.name}（{self.application.number}）"

    @property
    def against(self) -> bool:
        return self.priority == AGAINST

    @property
    def priority_label(self) -> str:
        return Opinion.Priority(self.priority).label if self.priority else "－"

    @property
    def claim(self) -> Claim:
        return Claim(self.pk, self.most_yen, RANKS.get(self.priority, 2), self.arrival, self.against)


@dataclass(frozen=True)
class Pot:
    """One bureau's money in the round (whole yen): allotted, committed, and promised by 内定 or a circulating draft."""

    bureau: Bureau
    allotted_yen: int
    committed_yen: int
    promised_yen: int

    @property
    def available_yen(self) -> int:
        """What can still be given; never below zero."""
        return max(0, self.allotted_yen - self.committed_yen - self.promised_yen)


@dataclass(frozen=True)
class Round:
    """A call with its undecided applications in the order of receipt, and each bureau's money by code."""

    call: Call
    unit_yen: int
    entries: tuple[Entry, ...]
    pots: Mapping[str, Pot]

    def of_bureau(self, code: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.bureau == code]

    def amounts(self, method: Method, *, partial: bool = True) -> dict[int, int]:
        """Distribute bureau by bureau; amounts in whole yen by application."""
        found: dict[int, int] = {}
        for code, pot in self.pots.items():
            claims = [entry.claim for entry in self.of_bureau(code)]
            found |= distribute(method, claims, budget_yen=pot.available_yen, unit_yen=self.unit_yen, partial=partial)
        return found


def round_of(call: Call, *, lock: bool = False) -> Round:
    """Read the round; with `lock` its applications and allotments stay as they are until the transaction ends.

    Five queries. An application whose formula cannot be asked (never judged, population unknown) may have what it asks.
    """
    undecided = Application.objects.filter(call=call, state__in=UNDECIDED, selected_yen=None)
    if lock:
        list(locking(undecided.order_by("pk")).values_list("pk"))
        list(locking(CallAllotment.objects.filter(call=call).order_by("pk")).values_list("pk"))
    rows = list(
        undecided.select_related("region", "lead", "lead_bureau", "evaluation")
        .defer("purpose", "plan", "self_running_plan", "cost_sharing_note", "evaluation__findings")
        .order_by("submitted_at", "pk")
    )
    keys = [row.pk for row in rows]
    reduced = dict(
        ReductionLine.objects.filter(application__in=keys)
        .order_by()
        .values_list("application")
        .annotate(yen=Sum("amount_yen"))
    )
    priorities = _priorities(keys)
    formula = formula_of(rules_of(call.ruleset))

    def most(row: Application) -> int:
        if formula is None or row.evaluation is None:
            return row.requested_yen
        facts = ApplicationFacts.from_json(row.evaluation.facts)
        allowed = most_yen(formula, facts, reduced_yen=reduced.get(row.pk, 0))
        return row.requested_yen if allowed is None else min(row.requested_yen, allowed)

    entries = tuple(
        Entry(row, row.lead_bureau_id, row.requested_yen, most(row), priorities.get(row.pk, ""), number)
        for number, row in enumerate(rows)
    )
    return Round(call, int(formula.values["unit"]) if formula else 1, entries, _pots(call, entries))


def _priorities(keys: list[int]) -> dict[int, str]:
    """What the lead bureau says of each application, or headquarters where it says something itself."""
    offices = Q(office_key__startswith="prefecture:") | Q(office_key__startswith="bureau:")
    said = Opinion.objects.filter(offices, application__in=keys).exclude(office_key__contains="/").exclude(priority="")
    rows = said.select_related("application").only("priority", "office_key", "application__lead_bureau")
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: row.office_key.startswith("prefecture:")):  # headquarters has the last word
        of_lead = row.office_key == f"bureau:{row.application.lead_bureau_id}"
        if of_lead or row.office_key.startswith("prefecture:"):
            found[row.application_id] = row.priority
    return found


def _pots(call: Call, entries: tuple[Entry, ...]) -> dict[str, Pot]:
    """The money of every bureau that has an allotment or an application."""
    promised: dict[str, int] = {}
    selected = Application.objects.filter(call=call, selected_yen__isnull=False, granted_yen=None)
    circulating = ApprovalRoute.objects.filter(
        application__call=call, application__selected_yen=None, state="circulating", act="grant"
    )
    for rows in (
        selected.exclude(state__in=ENDED_WITHOUT_GRANT).values_list("lead_bureau").annotate(yen=Sum("selected_yen")),
        circulating.values_list("application__lead_bureau").annotate(yen=Sum("amount_yen")),
    ):
        for bureau, yen in rows.order_by():
            promised[bureau] = promised.get(bureau, 0) + yen
    allotted: dict[str, Any] = {row.bureau_id: row for row in call.allotments.all()}
    needed = {*allotted, *(entry.bureau for entry in entries), *promised}
    return {
        bureau.pk: Pot(
            bureau=bureau,
            allotted_yen=row.amount_yen if (row := allotted.get(bureau.pk)) else 0,
            committed_yen=row.committed_yen if row else 0,
            promised_yen=promised.get(bureau.pk, 0),
        )
        for bureau in Bureau.objects.filter(pk__in=needed)
    }
