"""Random lives of grants under one allotment: every act goes through its service, legal or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from common import clock
from common.errors import Refused
from common.models import DocumentIssue
from subsidies.approved_plan import approved_costs, approved_plan
from subsidies.models import Application, BudgetEntry, CallAllotment, Decision, Payment, Settlement
from subsidies.services import completion, payments, returns, revocations, settlements
from subsidies.settling import due_yen, paid_yen
from tests.factories.subsidies import Scene

from .change_cases import at_work
from .changing_lives import change_acts

DECIDED = (Decision.Kind.GRANTED, Decision.Kind.CHANGED)
RARELY = 0.25  # how often an attempt to revoke is meant
REASON = "年度当初に会場費を払うため。"


@dataclass
class Life:
    """One grant with the people of its scene; `tried` is what was attempted last, for the message of a failure."""

    scene: Scene
    pk: int
    random: Random
    tried: str = ""

    @property
    def row(self) -> Application:
        return Application.objects.get(pk=self.pk)

    def step(self) -> bool:
        """Try one act; True when it was done. What is refused must leave nothing behind."""
        name, act = self.random.choice(sorted(self.acts().items()))
        self.tried = name
        before = figures(self.row)
        try:
            with transaction.atomic():
                act()
        except (Refused, PermissionDenied):
            assert figures(self.row) == before, f"{name} was refused and left a trace"
            return False
        return True

    def acts(self) -> dict[str, Callable[[], object]]:
        """Everything that anybody might try, whether it is allowed now or not."""
        ask: dict[str, Any] = {"application_id": self.pk}
        number = self.random.randint(1, 4)
        scene, today = self.scene, clock.today()
        return {
            "advance": lambda: payments.claim(
                **ask, kind="advance", amount_yen=self.amount(), reason=REASON, viewer=scene.approver()
            ),
            "final": lambda: payments.claim(**ask, kind="final", amount_yen=self.rest(), viewer=scene.approver()),
            "prepare": lambda: payments.prepare(
                **ask, values=payments.ClaimInput(self.amount(), REASON), viewer=scene.planner()
            ),
            "take_back": lambda: payments.take_back(**ask, number=number, viewer=scene.approver()),
            "approve": lambda: payments.approve(**ask, number=number, viewer=scene.head()),
            "approve_again": lambda: payments.approve(**ask, number=number, viewer=scene.head()),
            "refuse": lambda: payments.refuse(**ask, number=number, reason="見積書", viewer=scene.head()),
            "pay": lambda: payments.record_paid(**ask, number=number, paid_on=today, viewer=scene.accountant()),
            "pay_again": lambda: payments.record_paid(**ask, number=number, paid_on=today, viewer=scene.accountant()),
            "finish": lambda: scene._report_due(self.row),
            "report": self.report,
            "inspect": self.inspect,
            "fix": lambda: settlements.fix(**ask, viewer=scene.head(), reason="対象外の経費を除いた。"),
            "order_return": lambda: returns.order_return(**ask, due_on=today + timedelta(days=20), viewer=scene.head()),
            "revoke": self.revoke,
            "settle": lambda: settlements.settle(**ask, viewer=scene.accountant()),
            "close": lambda: settlements.close(**ask, viewer=scene.reviewer()),
        } | change_acts(self)

    def revoke(self) -> None:
        """Proposed, heard and decided by three hands; rarely, or no life would go far."""
        if self.random.random() > RARELY:
            raise Refused("取り消す理由がありません。")
        ask: dict[str, Any] = {"application_id": self.pk}
        part = self.random.choice([True, True, False])
        revocations.propose(
            **ask, viewer=self.scene.reviewer(), ground="other_use", scope="part" if part else "whole",
            facts="交付の目的のほかに使った。", revoked_yen=1_000_000 if part else None,
        )  # fmt: skip
        revocations.record_hearing(
            **ask, viewer=self.scene.reviewer(), held_on=clock.today(), who="長沼町 企画課長", statement="相違ない。"
        )
        revocations.decide(**ask, viewer=self.scene.head())

    def amount(self) -> int:
        """Some money, sometimes more than may be claimed."""
        return self.random.choice([1, 999_999, 1_234_567, 2_500_000, 4_800_000, 6_000_001])

    def rest(self) -> int:
        """What is really left, or a yen beside it."""
        return max(1, (self.row.fixed_yen or 0) - paid_yen(self.row) + self.random.choice([0, 0, 0, 1, -1]))

    def report(self) -> None:
        actual = self.random.choice([0, 1_999_999, 3_000_500, 5_999_999, 6_000_000, 7_654_321])
        if not hasattr(self.row, "report"):
            raise Refused("報告する段階ではありません。")
        self.scene.report(self.row, actual_yen=actual)
        completion.submit(application_id=self.pk, viewer=self.scene.approver())

    def inspect(self) -> None:
        if not hasattr(self.row, "report"):
            raise Refused("検査する段階ではありません。")
        less = self.random.choice([{}, {"eligible_yen": 1_500_000}])
        self.scene.inspect(self.row, **less)


def lives(random: Random, count: int) -> list[Life]:
    """Grants that have just begun, of several regions, all under the one allotment of 空知."""
    scene = Scene()
    scene.accountant()  # whoever is made inside an act that is undone would be gone afterwards
    made = [Life(scene, at_work(scene).pk, random)]
    while len(made) < count:
        other = Scene(call=scene.call, towns=TOWNS[len(made) - 1])
        other.accountant()
        made.append(Life(other, at_work(other).pk, random))
    return made


TOWNS = (
    (("014303", "月形町"), ("014311", "浦臼町")),
    (("014320", "新十津川町"), ("014338", "妹背牛町")),
)


def figures(application: Application) -> tuple[object, ...]:
    """Everything that money moves in: what a refused act must not have touched."""
    moved = Payment.objects.filter(application=application).order_by("number")
    return (
        application.state,
        application.granted_yen,
        application.fixed_yen,
        tuple(application.changes.values_list("number", "kind", "state", "revision")),
        tuple(moved.values_list("number", "kind", "state", "amount_yen", "paid_on")),
        held_yen(application),
        Settlement.objects.filter(application=application).count(),
        Decision.objects.filter(application=application).count(),
        DocumentIssue.objects.filter(subject_id=str(application.pk)).count(),
        CallAllotment.objects.get(call=application.call_id, bureau=application.lead_bureau_id).committed_yen,
    )


def held_yen(application: Application) -> int:
    """What the ledger says is bound to the application."""
    entries = BudgetEntry.objects.filter(application=application)
    return entries.aggregate(yen=Sum("amount_yen"))["yen"] or 0


def assert_books_agree(call_id: int) -> None:
    """Budget, ledger, documents and settlement say the same to the yen."""
    held = 0
    for one in Application.objects.filter(call=call_id):
        fixed, paid, due = one.fixed_yen, paid_yen(one), due_yen(one)
        decided = [row.amount_yen or 0 for row in one.decisions.filter(kind__in=DECIDED)]
        decided += [int(row["grant_yen"]) for row in one.changes.filter(state="filed").values_list("after", flat=True)]
        assert held_yen(one) == due, "the ledger holds exactly what may still be due"
        assert 0 <= paid <= max(decided, default=0), "never more is out than was granted at any time"
        assert payments.advance_left_yen(one) >= 0
        if one.state in ("settled", "closed"):
            assert paid == fixed, "settled is what was fixed"
        settlement = one.settlements.filter(superseded_by=None).first()
        revoked = one.revocations.filter(state="decided", scope="whole").exists()
        assert fixed == (settlement.fixed_yen if settlement else 0 if revoked else None)
        assert one.payments.filter(state__in=["claimed", "approved"]).count() <= 1
        _papers_agree(one)
        _changes_agree(one)
        held += due
    allotments = CallAllotment.objects.filter(call=call_id)
    assert sum(row.committed_yen for row in allotments) == held
    ledger = BudgetEntry.objects.filter(allotment__call=call_id).aggregate(yen=Sum("amount_yen"))["yen"] or 0
    assert ledger == held
    assert all(row.committed_yen <= row.amount_yen for row in allotments)


def _papers_agree(one: Application) -> None:
    for row in one.payments.exclude(document=None).select_related("document"):
        said = row.document.snapshot
        assert said["claim_yen"] == row.amount_yen
        total = said["granted_yen"] if said["fixed_yen"] is None else said["fixed_yen"]
        assert said["received_yen"] + said["claim_yen"] + said["rest_yen"] == total
    claimed = one.payments.exclude(kind="return").exclude(state="draft")
    assert not claimed.filter(document=None).exists(), "no claim without its paper"
    for paper in DocumentIssue.objects.filter(kind__in=["D-11", "D-12"], subject_id=str(one.pk)):
        said = paper.snapshot
        assert sum(row["figures"][0]["after_yen"] for row in said["shares"]["rows"]) == said["grant"]["after_yen"]
        if paper.kind == "D-12":
            decided = Decision.objects.get(document=paper)
            assert (decided.kind, decided.amount_yen) == (Decision.Kind.CHANGED, said["grant"]["after_yen"])
    for decision in one.decisions.exclude(document=None).filter(kind__in=["granted", "fixed"]):
        said = decision.document.snapshot
        assert decision.amount_yen in (said.get("amount_yen"), said.get("fixed_yen"))


def _changes_agree(one: Application) -> None:
    """The plan that counts adds up to what is granted; one request at most is open; review and request go together."""
    plan = approved_plan(one)
    open_rows = list(one.changes.filter(state__in=["draft", "submitted", "returned"]))
    assert len(open_rows) <= 1
    under_review = one.state in ("change_review", "stop_review", "delay_review")
    assert under_review == any(row.state == "submitted" for row in open_rows)
    if one.state != "revoked" and not one.revocations.filter(state="decided").exists():
        assert plan.split_yen == plan.grant_yen == one.granted_yen
        assert sum(line.amount_yen for line in approved_costs(one).values()) == plan.cost_yen
