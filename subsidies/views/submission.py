"""The legal acts of the lead: submitting, resubmitting, taking back, withdrawing; and asking for a consultation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from common.errors import Refused
from common.request import Request

from ..dossier import Dossier
from ..forms.acts import ConsultForm, ReasonForm, SubmitForm
from ..models import Application
from ..offers import problems_before
from ..services import approvals, preconsultations, submissions
from ..services.advance import may_take, open_actions
from ..state_badges import badge
from ..workflow import STEPS, Action
from .finding import application_for

TEMPLATES = {
    Action.SUBMIT: "subsidies/application_submit.html",
    Action.TAKE_BACK: "subsidies/application_take_back.html",
    Action.WITHDRAW: "subsidies/application_withdraw.html",
    Action.WITHDRAW_GRANT: "subsidies/application_withdraw.html",
    Action.ASK_CONSULTATION: "subsidies/application_consult.html",
}


def application_submit(request: Request, pk: int) -> HttpResponse:
    """提出: what is handed in, what still keeps from it, the document number."""
    application = _for_act(request, pk, Action.SUBMIT)
    form = SubmitForm(
        request.POST if request.method == "POST" else None, initial={"document_no": application.lead_document_no}
    )

    def act() -> str:
        submissions.submit(application_id=pk, viewer=request.viewer, document_no=form.cleaned_data["document_no"])
        return "申請を提出しました。受付の結果はお知らせで届きます。"

    problems = [] if request.method == "POST" else problems_before(application, Action.SUBMIT, request.viewer)
    return _act(request, application, Action.SUBMIT, form, act, problems=problems)


def application_take_back(request: Request, pk: int) -> HttpResponse:
    """受付前の取下げ."""
    application = _for_act(request, pk, Action.TAKE_BACK)
    form = ReasonForm(request.POST if request.method == "POST" else None, asks_reason=False)

    def act() -> str:
        submissions.take_back(application_id=pk, viewer=request.viewer)
        return "申請を作成中に戻しました。"

    return _act(request, application, Action.TAKE_BACK, form, act)


def application_withdraw(request: Request, pk: int) -> HttpResponse:
    """取下げ, before the decision or within the days after it."""
    application = application_for(request, pk)
    action = Action.WITHDRAW_GRANT if application.state in STEPS[Action.WITHDRAW_GRANT].sources else Action.WITHDRAW
    application = _for_act(request, pk, action)
    needs_reason = bool(application.receipt_number) or action == Action.WITHDRAW_GRANT
    form = ReasonForm(request.POST if request.method == "POST" else None, needs_reason=needs_reason)

    def act() -> str:
        submissions.withdraw(application_id=pk, viewer=request.viewer, reason=form.cleaned_data["reason"])
        return "申請を取り下げました。"

    return _act(request, application, action, form, act)


def application_consult(request: Request, pk: int) -> HttpResponse:
    """事前協議の申込み."""
    application = _for_act(request, pk, Action.ASK_CONSULTATION)
    form = ConsultForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        preconsultations.ask(application_id=pk, viewer=request.viewer, points=form.cleaned_data["points"])
        return f"{application.lead_bureau.name}に事前協議を申し込みました。"

    return _act(request, application, Action.ASK_CONSULTATION, form, act)


@require_http_methods(["POST"])
def application_open_grant(request: Request, pk: int) -> HttpResponse:
    """After 内定: the formal application on the same record."""
    _for_act(request, pk, Action.OPEN_GRANT_PHASE)
    try:
        approvals.open_grant_phase(application_id=pk, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, " ".join(refused.problems))
        return redirect("subsidies:application_detail", pk)
    messages.success(request, "交付申請の作成を始めました。要望の内容を引き継いでいます。")
    return redirect("subsidies:draft_basic", pk)


def _for_act(request: Request, pk: int, action: Action) -> Application:
    """Find the application; 403 for duties that never take the step."""
    application = application_for(request, pk, rows=request.method != "POST")
    if not may_take(application, STEPS[action], request.viewer):
        raise PermissionDenied(f"「{STEPS[action].title}」は、代表市町村（{application.lead.name}）が行います。")
    return application


def _act(
    request: Request,
    application: Application,
    action: Action,
    form: forms.Form,
    act: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    """Show the page of an act, or do it: a refusal stays on the page with what was typed.

    Where the application has moved on since the link was drawn, its own page says where it stands.
    """
    if request.method != "POST" and action not in open_actions(application, request.viewer):
        messages.warning(request, f"「{application.get_state_display()}」の申請には行えません。")
        return redirect("subsidies:application_detail", application.pk)
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, done)
            return redirect("subsidies:application_detail", application.pk)
    context |= {
        "application": application,
        "badge": badge(application, request.viewer),
        "form": form,
        "dossier": Dossier(application, request.viewer),
    }
    return render(request, TEMPLATES[action], context, status=422 if form.is_bound else 200)


urls = [
    path("applications/<int:pk>/submit/", application_submit, name="application_submit"),
    path("applications/<int:pk>/take-back/", application_take_back, name="application_take_back"),
    path("applications/<int:pk>/withdraw/", application_withdraw, name="application_withdraw"),
    path("applications/<int:pk>/consult/", application_consult, name="application_consult"),
    path("applications/<int:pk>/open-grant/", application_open_grant, name="application_open_grant"),
]
