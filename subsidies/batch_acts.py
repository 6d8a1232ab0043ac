"""What reviewers may do to several applications at once: who, what would come of it, and how one row is done.

Each act is done by the same service as on the page of one case; nothing here changes a state itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.errors import Refused
from common.viewer import Viewer
from common.yen import show_yen

from .grants import proposal_of
from .models import Application, ApprovalRoute, Batch, CaseOpening, Payment
from .services import approvals, payments, reviews
from .services.advance import hindrances, locked, may_take
from .services.payments import may_pay
from .services.reviews import ItemInput
from .workflow import STEPS, Action

Given = Mapping[str, Any]
NOT_YOURS = "この申請には、いまの役割では行えません。"
NOT_OPENED = "この起案はまだ開いていません。決裁の画面で確かめてから、まとめて決裁してください。"


@dataclass(frozen=True)
class BatchAct:
    """One act. `looks` says what would come of one application (raises Refused with what keeps it from being done),
    `does` does it and says what came of it."""

    code: Batch.Act
    verb: str
    action: Action | None  # None for what is no step of an application: a payment
    looks: Callable[[Application, Viewer, Given], str]
    does: Callable[[int, Viewer, Given], str]

    def may(self, viewer: Viewer) -> bool:
        return may_pay(viewer) if self.action is None else viewer.has(*STEPS[self.action].duties)

    def preview(self, application: Application, viewer: Viewer, given: Given) -> str:
        """What would come of this row. Raises Refused."""
        if self.action is not None and not may_take(application, STEPS[self.action], viewer):
            raise Refused(NOT_YOURS)
        return self.looks(application, viewer, given)


def _ask(application: Application, action: Action, viewer: Viewer, **more: Any) -> None:
    if problems := hindrances(application, action, viewer, **more):
        raise Refused(*problems)


def _day(given: Given, name: str) -> date:
    return date.fromisoformat(given[name])


def _look_receive(application: Application, viewer: Viewer, given: Given) -> str:
    _ask(application, Action.RECEIVE, viewer)
    return "受け付けて、収受番号を付けます。"


def _receive(pk: int, viewer: Viewer, given: Given) -> str:
    done = reviews.receive(application_id=pk, viewer=viewer, received_on=_day(given, "received_on"))
    return f"受け付けました（{done.receipt_number}）。"


def _look_forward(application: Application, viewer: Viewer, given: Given) -> str:
    _ask(application, Action.FORWARD, viewer)
    return "本庁へ進達します。"


def _forward(pk: int, viewer: Viewer, given: Given) -> str:
    reviews.forward(application_id=pk, viewer=viewer)
    return "進達しました。"


def _items(given: Given) -> list[ItemInput]:
    lines = [line.strip() for line in str(given["items"]).splitlines()]
    return [ItemInput(given["target"], line) for line in lines if line]


def _look_return(application: Application, viewer: Viewer, given: Given) -> str:
    items = _items(given)
    _ask(application, Action.RETURN, viewer, changes={"due_on": _day(given, "due_on")}, items=items)
    return f"補正{len(items)}件を付けて差し戻します。"


def _return(pk: int, viewer: Viewer, given: Given) -> str:
    items = _items(given)
    reviews.send_back_to_town(
        application_id=pk, viewer=viewer, items=items, due_on=_day(given, "due_on"), message=given["message"]
    )
    return f"補正{len(items)}件を付けて差し戻しました。"


def _amount(application: Application, given: Given) -> int | None:
    """What the draft of a grant proposes: what the rules and the adopted distribution give."""
    if given["act"] != ApprovalRoute.Act.GRANT:
        return None
    proposal = proposal_of(application)
    if proposal is None:
        raise Refused("判定がまだないため、交付できる額を計算できません。")
    approvals.check_amount(application, proposal.amount_yen)
    return proposal.amount_yen


def _look_draft(application: Application, viewer: Viewer, given: Given) -> str:
    amount = _amount(application, given)
    _ask(application, Action.DRAFT_DECISION, viewer, act=given["act"], amount_yen=amount)
    return "不交付で起案します。" if amount is None else f"{show_yen(amount)}円で起案します。"


def _draft(pk: int, viewer: Viewer, given: Given) -> str:
    application = Application.objects.visible_to(viewer).select_related("call__ruleset", "evaluation").get(pk=pk)
    amount = _amount(application, given)
    approvals.draft(
        application_id=pk,
        viewer=viewer,
        act=given["act"],
        plan=given["plan"],
        amount_yen=amount,
        conditions=given["conditions"],
    )
    return "不交付で起案しました。" if amount is None else f"{show_yen(amount)}円で起案しました。"


def _equal(application: Application, viewer: Viewer, given: Given) -> ApprovalRoute:
    """The circulating draft, when it is of the kind that is decided here and this person has opened it."""
    route = application.routes.filter(state=ApprovalRoute.State.CIRCULATING).first()
    if route is None:
        raise Refused("決裁を待つ起案がありません。")
    if route.act != given["act"]:
        raise Refused(f"この起案は「{route.get_act_display()}」です。同じ処分のものだけをまとめて決裁できます。")
    if not CaseOpening.objects.filter(application=application, user=viewer.person, at__gte=route.drafted_at).exists():
        raise Refused(NOT_OPENED)
    return route


def _look_approve(application: Application, viewer: Viewer, given: Given) -> str:
    route = _equal(application, viewer, given)
    if route.act == ApprovalRoute.Act.GRANT:
        _ask(application, Action.GRANT, viewer, amount_yen=route.amount_yen)
        return f"{show_yen(route.amount_yen)}円の交付を決定し、通知書を発行します。"
    _ask(application, Action.REFUSE, viewer, reason=route.plan)
    return "不交付を決定し、通知書を発行します。"


def _approve(pk: int, viewer: Viewer, given: Given) -> str:
    application = locked(pk, viewer)
    _equal(application, viewer, given)
    decision = approvals.decide(application_id=pk, viewer=viewer, comment=given["comment"])
    number = decision.document.number.text if decision.document and decision.document.number else ""
    return f"{decision.get_kind_display()}を決裁しました{f'（{number}）' if number else ''}。"


def _payable(pk: int, viewer: Viewer) -> Payment:
    """The claim of the application that was approved and is to be paid; a grant has at most one."""
    waiting = Payment.objects.visible_to(viewer).filter(application=pk, state=Payment.State.APPROVED)
    found = waiting.exclude(kind=Payment.Kind.RETURN).first()
    if found is None:
        raise Refused("支払待ちの請求がありません。すでに支払が記録された可能性があります。返納は1件ずつ記録します。")
    return found


def _look_pay(application: Application, viewer: Viewer, given: Given) -> str:
    payment = _payable(application.pk, viewer)
    if problems := payments.paying_problems(application, payment, _day(given, "paid_on"), viewer):
        raise Refused(*problems)
    return f"{payment.get_kind_display()}{show_yen(payment.amount_yen)}円の支払を記録します。"


def _pay(pk: int, viewer: Viewer, given: Given) -> str:
    payment = _payable(pk, viewer)
    payments.record_paid(application_id=pk, number=payment.number, paid_on=_day(given, "paid_on"), viewer=viewer)
    return f"{payment.get_kind_display()}{show_yen(payment.amount_yen)}円の支払を記録しました。"


A = Batch.Act
ACTS: dict[str, BatchAct] = {
    act.code.value: act
    for act in (
        BatchAct(A.RECEIVE, "受け付ける", Action.RECEIVE, _look_receive, _receive),
        BatchAct(A.FORWARD, "進達する", Action.FORWARD, _look_forward, _forward),
        BatchAct(A.RETURN, "同じ補正を求めて差し戻す", Action.RETURN, _look_return, _return),
        BatchAct(A.DRAFT, "起案する", Action.DRAFT_DECISION, _look_draft, _draft),
        BatchAct(A.APPROVE, "決裁する", Action.GRANT, _look_approve, _approve),
        BatchAct(A.PAY, "支払済にする", None, _look_pay, _pay),
    )
}


def acts_for(viewer: Viewer) -> list[BatchAct]:
    """The acts that this person's duties ever take, in the order of a case's way."""
    return [act for act in ACTS.values() if act.may(viewer)]
