"""Money that comes back (T36): ordered with additions as advice, and what came in of the additions."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet, Sum

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from common.yen import show_yen

from ..duties import REVOCATION
from ..issuing import issue_paper
from ..models import Application, Decision, Payment, ReturnOrder, Revocation
from ..rules.returns import Advice, Receipt, addition
from ..settling import interest_rate, late_advice_of, paid_yen, to_return_yen
from ..states import State
from ..workflow import AT_WORK, Action
from .advance import advance, locked, sits_in_authority

PAID_TOO_MUCH = "確定額を超えて支払われた額"


@transaction.atomic
def order_return(
    *,
    application_id: int,
    due_on: date,
    viewer: Viewer,
    reason: str = "",
    addition_yen: int | None = None,
    addition_reason: str = "",
) -> Payment:
    """Order the towns to give back what was paid beyond what is due (T36) and issue D-21.

    `addition_yen` is what the official orders besides (加算金), the advised amount when it is not given; another amount
    needs its reason. Raises Refused: a day that is past, nothing to return, a changed addition without its reason.
    """
    application = locked(application_id, viewer)
    if due_on < clock.today():
        raise Refused("返納の期限は本日以後の日にしてください。")
    at_work = application.state in AT_WORK
    principal = to_return_yen(application)
    revocation = last_revocation(application)
    advice = advice_of(application, until=due_on)
    advised = advice.yen if advice else 0
    ordered = advised if addition_yen is None else addition_yen
    if ordered != advised and not addition_reason.strip():
        raise Refused(f"加算金を参考計算の{show_yen(advised)}円と異なる額にするときは、その理由を入力してください。")
    step = Action.ORDER_PART_RETURN if at_work else Action.ORDER_RETURN
    changes = {} if at_work else {"due_on": due_on}
    recorded = {"return_yen": principal, "addition_yen": ordered}
    advance(application, step, viewer, reason=reason, changes=changes, recorded=recorded)
    words = reason.strip() or (f"交付決定の取消し：{revocation.get_ground_display()}" if revocation else PAID_TOO_MUCH)
    today = clock.today()
    decision = Decision.objects.create(
        application=application, kind=Decision.Kind.RETURN, amount_yen=principal, reason=words, decided_on=today,
        decided_at=clock.now(), decided_by_id=viewer.person,
    )  # fmt: skip
    last = application.payments.order_by("-number").values_list("number", flat=True).first() or 0
    payment = Payment.objects.create(
        application=application,
        number=last + 1,
        kind=Payment.Kind.RETURN,
        state=Payment.State.APPROVED,
        amount_yen=principal,
        reason=words,
        claimed_on=today,
        claimed_by_id=viewer.person,
        approved_on=today,
        approved_by_id=viewer.person,
        due_on=due_on,
    )
    order = ReturnOrder.objects.create(
        application=application,
        decision=decision,
        payment=payment,
        revocation=revocation,
        advice=advice.as_json() if advice else None,
        addition_yen=ordered,
        addition_reason=addition_reason.strip(),
    )
    decision.document = issue_paper("D-21", application, viewer, order=order)
    decision.save(update_fields=["document"])
    return payment


@transaction.atomic
def charge_late_interest(
    *, application_id: int, number: int, viewer: Viewer, late_yen: int, reason: str = ""
) -> ReturnOrder:
    """The decider orders 延滞金 for a return that came in late: the advised amount, or another with its reason."""
    application = locked(application_id, viewer)
    require(viewer, REVOCATION, Access.SUBMIT)
    if not sits_in_authority(application, viewer):
        raise PermissionDenied("延滞金は、制度が定める決裁者（主管振興局または本庁）が定めます。")
    order = _order(application, number)
    advice = late_advice_of(order)
    if order.late_yen is not None:
        raise Refused("延滞金はすでに定められています。")
    if application.state == State.CLOSED:
        raise Refused("完結した申請の延滞金は定められません。")
    if advice is None or not advice.lines:
        raise Refused("期限までに納付されたか、まだ納付されていないので、延滞金はありません。")
    if late_yen != advice.yen and not reason.strip():
        raise Refused(f"延滞金を参考計算の{show_yen(advice.yen)}円と異なる額にするときは、その理由を入力してください。")
    order.late_advice, order.late_yen, order.late_reason = advice.as_json(), late_yen, reason.strip()
    order.save(update_fields=["late_advice", "late_yen", "late_reason"])
    _record(viewer, "return.late", order, "延滞金の決定", {"late_yen": late_yen}, reason)
    return order


@transaction.atomic
def record_addition(*, application_id: int, number: int, viewer: Viewer, paid_on: date) -> ReturnOrder:
    """Accounting records that the additions ordered so far (加算金, 延滞金) came in on a day."""
    application = locked(application_id, viewer)
    require(viewer, REVOCATION, Access.EDIT)
    if not (viewer.is_prefecture and viewer.has(Duty.AC)):
        raise PermissionDenied("加算金・延滞金の納付は、会計の担当者が記録します。")
    order = _order(application, number)
    if not order.unpaid_yen:
        raise Refused("納付を待つ加算金・延滞金はありません。")
    if paid_on > clock.today() or paid_on < order.decision.decided_on:
        raise Refused("納付日は、返還命令の日から本日までの日を入力してください。")
    if viewer.stands_for(order.decision.decided_by_id):
        raise Refused("返還を命じた人は納付を記録できません。")
    came_in = order.unpaid_yen
    if order.addition_yen and order.addition_paid_on is None:
        order.addition_paid_on = paid_on
    if order.late_yen and order.late_paid_on is None:
        order.late_paid_on = paid_on
    order.save(update_fields=["addition_paid_on", "late_paid_on"])
    _record(viewer, "return.addition_paid", order, "加算金・延滞金の納付の記録", {"amount_yen": came_in})
    return order


def advice_of(application: Application, *, until: date) -> Advice | None:
    """加算金 as it would be, were the money given back on a day; None where the ruleset gives no rate.

    Only money that a revocation takes back carries it; what was merely paid beyond the fixed amount does not, also
    where both come back with one order.
    """
    rate = interest_rate(application)
    if rate is None:
        return None
    returned = taken_back_yen(application)
    if not returned:
        return Advice(rate, ())
    paid = list(application.payments.filter(state=Payment.State.PAID, paid_on__isnull=False))
    out = [Receipt(one.paid_on, one.amount_yen) for one in paid if one.kind != Payment.Kind.RETURN and one.paid_on]
    back = sum(one.amount_yen for one in paid if one.kind == Payment.Kind.RETURN)
    return addition(out, returned_yen=returned, until=until, rate=rate, came_back_yen=back)


def last_revocation(application: Application) -> Revocation | None:
    """The last decided revocation from which something of the next return follows; None where nothing does."""
    return _unordered(application).order_by("-number").first() if taken_back_yen(application) else None


def taken_back_yen(application: Application) -> int:
    """How much of what has to come back was taken back by revocations (whole yen): not above what they revoked, nor
    above what was paid beyond the grant that is left. The rest was merely paid beyond the fixed amount."""
    revoked = _unordered(application).aggregate(yen=Sum("revoked_yen"))["yen"] or 0
    beyond = max(0, paid_yen(application) - (application.granted_yen or 0))
    return min(revoked, beyond, to_return_yen(application))


def _unordered(application: Application) -> QuerySet[Revocation]:
    """The decided revocations since the last return that one of them led to."""
    ordered = application.return_orders.aggregate(number=Max("revocation__number"))["number"] or 0
    return application.revocations.filter(state=Revocation.State.DECIDED, number__gt=ordered)


def _order(application: Application, number: int) -> ReturnOrder:
    found = locking(application.return_orders).select_related("payment", "decision")
    order = found.filter(payment__number=number).first()
    if order is None:
        raise Refused("返還命令が見つかりません。")
    return order


def _record(
    viewer: Viewer, action: str, order: ReturnOrder, title: str, after: dict[str, int], reason: str = ""
) -> None:
    kept = {"payment": order.payment.number} | after
    audit.record(viewer, action, order.application, title, after=kept, reason=reason.strip())
