"""Money that comes back: what is owed, the additions line by line as advice, the order, and what came in."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common import clock
from common.access import require
from common.request import Request
from common.viewer import Access, Duty

from ..duties import REVOCATION
from ..forms.revocation import LateForm, PaidOnForm, ReturnForm
from ..models import Application, ReturnOrder
from ..services import returns
from ..services.advance import open_actions, sits_in_authority
from ..settling import due_yen, late_advice_of, paid_yen, to_return_yen
from ..state_badges import badge
from ..workflow import Action
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted

DAYS_TO_PAY = timedelta(days=20)
"""The day that the form proposes; the official changes it as the ordinance says."""


def case_return(request: Request, pk: int) -> HttpResponse:
    """返還: the decider orders here; everybody concerned reads what was ordered and what came in."""
    application = _case(request, pk)
    proposed = clock.today() + DAYS_TO_PAY
    form = ReturnForm(posted(request), initial={"due_on": proposed})
    if request.method == "POST":
        require(request.viewer, REVOCATION, Access.SUBMIT)
        if not sits_in_authority(application, request.viewer):
            raise PermissionDenied("返還は、制度が定める決裁者（主管振興局または本庁）が命じます。")

    def act() -> None:
        returns.order_return(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "返還を命じ、返還命令書を発行しました。"):
        return redirect("subsidies:case_return", pk)
    return _page(request, application, order=form)


@require_POST
def return_addition(request: Request, pk: int, number: int) -> HttpResponse:
    """加算金・延滞金の納付の記録."""
    application = _case(request, pk)
    require(request.viewer, REVOCATION, Access.EDIT)
    if not request.viewer.has(Duty.AC):
        raise PermissionDenied("加算金・延滞金の納付は、会計の担当者が記録します。")
    form = PaidOnForm(request.POST)

    def act() -> None:
        returns.record_addition(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "加算金・延滞金の納付を記録しました。"):
        return redirect("subsidies:case_return", pk)
    return _page(request, application, paid=form)


@require_POST
def return_late(request: Request, pk: int, number: int) -> HttpResponse:
    """延滞金の決定."""
    application = _case(request, pk)
    require(request.viewer, REVOCATION, Access.SUBMIT)
    if not sits_in_authority(application, request.viewer):
        raise PermissionDenied("延滞金は、制度が定める決裁者（主管振興局または本庁）が定めます。")
    form = LateForm(request.POST)

    def act() -> None:
        returns.charge_late_interest(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "延滞金を定めました。"):
        return redirect("subsidies:case_return", pk)
    return _page(request, application, late=form)


def _page(
    request: Request,
    application: Application,
    *,
    order: ReturnForm | None = None,
    paid: PaidOnForm | None = None,
    late: LateForm | None = None,
) -> HttpResponse:
    viewer = request.viewer
    owed = to_return_yen(application)
    ordering = {Action.ORDER_RETURN, Action.ORDER_PART_RETURN} & set(open_actions(application, viewer))
    form = order or ReturnForm(None, initial={"due_on": clock.today() + DAYS_TO_PAY})
    until = form.cleaned_data.get("due_on") if form.is_bound and form.is_valid() else None
    advice = returns.advice_of(application, until=until or clock.today() + DAYS_TO_PAY) if owed else None
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "case_page": case_page(viewer),
        "owed": owed,
        "due_yen": due_yen(application),
        "paid_yen": paid_yen(application),
        "orders": [_told(one) for one in _orders(application)],
        "form": form,
        "paid_form": paid or PaidOnForm(initial={"paid_on": clock.today()}),
        "late_form": late or LateForm(),
        "refused_form": next((one for one in (order, paid, late) if one is not None and one.errors), None),
        "advice": advice.as_json() if advice else None,
        "revoked": returns.last_revocation(application),
        "may_order": bool(owed and ordering),
        "may_charge": viewer.may(REVOCATION, Access.SUBMIT) and sits_in_authority(application, viewer),
        "may_record": viewer.has(Duty.AC),
    }
    return render(request, "subsidies/case_return.html", context, status=422 if context["refused_form"] else 200)


def _orders(application: Application) -> list[ReturnOrder]:
    orders = application.return_orders.select_related("payment", "decision__document__number", "revocation")
    return list(orders.order_by("-id"))


def _told(order: ReturnOrder) -> ReturnOrder:
    """The order with 延滞金 as it would be, where it came in late and nothing was decided yet."""
    advice = late_advice_of(order) if order.late_yen is None else None
    order.late_proposed = advice.as_json() if advice and advice.lines else None  # type: ignore[attr-defined]
    return order


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, REVOCATION)
    return application


urls = [
    path("applications/<int:pk>/return-order/", case_return, name="case_return"),
    path("applications/<int:pk>/return-order/<int:number>/addition/", return_addition, name="return_addition"),
    path("applications/<int:pk>/return-order/<int:number>/late/", return_late, name="return_late"),
]
