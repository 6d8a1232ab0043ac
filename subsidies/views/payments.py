"""The money of one grant: what was granted, fixed, paid and left; claiming, approving, recording, settling."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common.access import require
from common.errors import Refused
from common.request import Request
from common.viewer import Access, Viewer

from ..duties import PAYMENT
from ..forms.payments import AnswerClaimForm, ClaimForm, PaidForm
from ..grant_life.purse import Purse
from ..models import Application, Payment
from ..services import payments, settlements
from ..state_badges import badge
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted


def application_payments(request: Request, pk: int) -> HttpResponse:
    """支払: the figures of the grant, every claim and return, and what this person may do now."""
    application = _granted(request, pk)
    return render(request, "subsidies/application_payments.html", _context(request, application))


def payment_claim(request: Request, pk: int) -> HttpResponse:
    """The lead's planner prepares a claim, its approver submits it: one page, one form, each with the own button."""
    application = _granted(request, pk)
    purse = Purse(application, request.viewer)
    if not (purse.claims or purse.prepares):
        raise PermissionDenied(f"請求は、代表市町村（{application.lead.name}）の企画担当と承認者が行います。")
    draft = purse.draft
    form = ClaimForm(
        posted(request),
        kind=purse.kind or "",
        most_yen=purse.most_yen,
        draft=draft,
        creditor_no=_creditor(application, request.viewer),
    )
    submits = purse.claims and request.POST.get("act") != "keep"

    def act() -> None:
        if purse.kind is None:
            raise Refused("請求は、事業の実施中（概算払）と額の確定の後（精算払）に行えます。")
        values = form.values()
        if submits:
            payments.claim(application_id=pk, kind=purse.kind, viewer=request.viewer, **vars(values))
        else:
            revision = request.POST.get("revision", "0")
            payments.prepare(
                application_id=pk, values=values, viewer=request.viewer,
                revision=int(revision) if revision.isdecimal() else 0,
            )  # fmt: skip

    done = "請求しました。請求書を発行しています。" if submits else "請求の準備ができました。承認者が請求します。"
    if acted(request, form, act, done):
        return redirect("subsidies:application_payments", pk)
    return _page(request, "subsidies/payment_claim.html", application, form, purse=Purse(application, request.viewer))


@require_POST
def payment_discard(request: Request, pk: int) -> HttpResponse:
    """Give up a claim in preparation."""
    _granted(request, pk)
    return _done(
        request, pk, lambda: payments.discard(application_id=pk, viewer=request.viewer), "請求の準備を取りやめました。"
    )


@require_POST
def payment_take_back(request: Request, pk: int, number: int) -> HttpResponse:
    """Take back a claim that was not approved yet."""
    _payment(request, pk, number)
    return _done(
        request,
        pk,
        lambda: payments.take_back(application_id=pk, number=number, viewer=request.viewer),
        "請求を取り下げました。",
    )


def payment_decide(request: Request, pk: int, number: int) -> HttpResponse:
    """承認・不承認: the claim beside the figures of the grant; the decider approves it, or says why not."""
    application, payment = _payment(request, pk, number)
    purse = Purse(application, request.viewer)
    if not purse.approves:
        raise PermissionDenied("請求は、制度が定める決裁者（主管振興局または本庁）が承認します。")
    refuses = request.POST.get("act") == "refuse"
    form = AnswerClaimForm(request.POST if refuses else None)
    if request.method == "POST":
        approve = forms.Form(request.POST)
        given = form if refuses else approve

        def act() -> None:
            if refuses:
                reason = form.cleaned_data["reason"]
                payments.refuse(application_id=pk, number=number, reason=reason, viewer=request.viewer)
            else:
                payments.approve(application_id=pk, number=number, viewer=request.viewer)

        done = "請求を不承認としました。" if refuses else "請求を承認しました。会計の支払を待っています。"
        if acted(request, given, act, done):
            return redirect("subsidies:application_payments", pk)
        if not refuses:
            payment.refresh_from_db()
            return _page(
                request, "subsidies/payment_decide.html", application, form, payment=payment, refused_form=approve
            )
    return _page(request, "subsidies/payment_decide.html", application, form, payment=payment, refused_form=form)


def payment_record(request: Request, pk: int, number: int) -> HttpResponse:
    """Accounting records the day on which the money went out or came back."""
    application, payment = _payment(request, pk, number)
    back = payment.kind == Payment.Kind.RETURN
    if not payments.may_pay(request.viewer):
        raise PermissionDenied("支払は、会計の担当者が記録します。")
    form = PaidForm(posted(request), back=back)

    def act() -> None:
        payments.record_paid(
            application_id=pk, number=number, paid_on=form.cleaned_data["paid_on"], viewer=request.viewer
        )

    if acted(request, form, act, "返納を記録しました。" if back else "支払を記録しました。"):
        return redirect("subsidies:application_payments", pk)
    return _page(request, "subsidies/payment_record.html", application, form, payment=payment)


@require_POST
def settlement_settle(request: Request, pk: int) -> HttpResponse:
    """精算: accounting confirms that exactly the fixed amount is paid (T33)."""
    _granted(request, pk)
    if not payments.may_pay(request.viewer):
        raise PermissionDenied("精算は、会計の担当者が行います。")
    return _done(
        request,
        pk,
        lambda: settlements.settle(application_id=pk, viewer=request.viewer),
        "精算しました。振興局が完結の手続をします。",
    )


def _granted(request: Request, pk: int) -> Application:
    """The application after its decision, for those who may read of its money; 404 before the decision."""
    application = application_for(request, pk)
    require(request.viewer, PAYMENT, Access.READ)
    if application.granted_yen is None:
        raise Http404
    return application


def _payment(request: Request, pk: int, number: int) -> tuple[Application, Payment]:
    application = _granted(request, pk)
    payment = Payment.objects.visible_to(request.viewer).filter(application=application, number=number).first()
    if payment is None:
        raise Http404
    return application, payment


def _creditor(application: Application, viewer: Viewer) -> str:
    """The creditor number that the lead last used."""
    used = (
        Payment.objects.visible_to(viewer)
        .filter(application__lead=application.lead_id)
        .exclude(creditor_no="")
        .order_by("-id")
    )
    return used.values_list("creditor_no", flat=True).first() or ""


def _context(request: Request, application: Application) -> dict[str, object]:
    return {
        "application": application,
        "badge": badge(application, request.viewer),
        "purse": Purse(application, request.viewer),
        "case_page": case_page(request.viewer),
    }


def _page(request: Request, template: str, application: Application, form: forms.Form, **more: object) -> HttpResponse:
    context = _context(request, application) | {"form": form, "refused_form": form} | more
    failed = any(isinstance(one, forms.Form) and one.errors for one in (form, context["refused_form"]))
    return render(request, template, context, status=422 if failed else 200)


def _done(request: Request, pk: int, act: Callable[[], object], done: str) -> HttpResponse:
    """Act on a button without a form, and say what came of it on the page of the grant's money."""
    try:
        act()
    except Refused as refused:
        messages.error(request, " ".join(refused.problems))
    else:
        messages.success(request, done)
    return redirect("subsidies:application_payments", pk)


urls = [
    path("applications/<int:pk>/payments/", application_payments, name="application_payments"),
    path("applications/<int:pk>/payments/claim/", payment_claim, name="payment_claim"),
    path("applications/<int:pk>/payments/discard/", payment_discard, name="payment_discard"),
    path("applications/<int:pk>/payments/settle/", settlement_settle, name="settlement_settle"),
    path("applications/<int:pk>/payments/<int:number>/take-back/", payment_take_back, name="payment_take_back"),
    path("applications/<int:pk>/payments/<int:number>/decide/", payment_decide, name="payment_decide"),
    path("applications/<int:pk>/payments/<int:number>/record/", payment_record, name="payment_record"),
]
