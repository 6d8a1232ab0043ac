"""Drafting, agreeing and deciding: one page each, with the papers that will go out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common.access import require
from common.directory import departments
from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ..duties import APPROVAL
from ..forms.decision import CommentForm, DecideForm, DraftForm, NotSelectForm, SelectForm
from ..forms.review import ReasonForm
from ..grants import proposal_of
from ..judging import stage_of
from ..models import Application, ApprovalRoute, ApprovalStep
from ..previews import notice_kind
from ..services import approvals, batches
from ..services.advance import open_actions, sits_in_authority
from ..services.approvals import may_concur
from ..verdict_panel import needs_of, panel_of
from ..workflow import Action
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted
from .review import doing


@doing(Action.DRAFT_DECISION)
def decision_draft(request: Request, application: Application) -> HttpResponse:
    """起案: the amount that follows from the rules is proposed; cuts and conditions are seen before it circulates."""
    proposal = proposal_of(application)
    sections = departments(application.region.prefecture_id)
    form = DraftForm(posted(request), sections, proposal.amount_yen if proposal else application.proposed_yen)

    def act() -> None:
        approvals.draft(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "起案しました。合議と決裁に回しています。"):
        return redirect("subsidies:decision_decide", application.pk)
    context = {
        "application": application,
        "form": form,
        "proposal": proposal,
        "reductions": application.reductions.select_related("cost").order_by("cost__number"),
        "opinions": application.opinions.all(),
        "last_route": application.routes.order_by("-id").prefetch_related("steps").first(),
        "needs": needs_of(application, stage_of(application)),
        "may": Action.DRAFT_DECISION in open_actions(application, request.viewer),
    }
    return render(request, "subsidies/decision_draft.html", context)


def decision_decide(request: Request, pk: int) -> HttpResponse:
    """The proposal beside the budget, the judgements and the paper; the decider approves or sends it back here."""
    application = application_for(request, pk)
    require(request.viewer, APPROVAL)
    if request.method == "POST":
        _require_decider(request, application)
    if request.method == "GET" and {Action.GRANT, Action.REFUSE} & set(open_actions(application, request.viewer)):
        batches.note_opening(application, request.viewer)
    form = DecideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            decision = approvals.decide(application_id=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
            application.refresh_from_db()
        else:
            number = f"（{decision.document.number.text}）" if decision.document and decision.document.number else ""
            messages.success(request, f"決裁しました。{decision.get_kind_display()}の通知書{number}を発行しました。")
            return redirect("subsidies:document_list", pk)
    return _approval_page(request, application, form)


@require_POST
def decision_send_back(request: Request, pk: int) -> HttpResponse:
    """決裁を差し戻す."""
    application = application_for(request, pk)
    require(request.viewer, APPROVAL)
    _require_decider(request, application)
    form = ReasonForm(request.POST)

    def act() -> None:
        approvals.send_back(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "起案を差し戻しました。審査に戻っています。"):
        return redirect("subsidies:application_review", pk)
    return _approval_page(request, application, DecideForm(), back=form)


def _require_decider(request: Request, application: Application) -> None:
    """Raise PermissionDenied, before any form is read, unless the viewer sits in the office that decides."""
    require(request.viewer, APPROVAL, Access.SUBMIT)
    if not sits_in_authority(application, request.viewer):
        raise PermissionDenied("この申請の決裁は、制度が定める決裁者（主管振興局または本庁）が行います。")


def decision_concur(request: Request, pk: int) -> HttpResponse:
    """合議: a section of headquarters or a concurring bureau reads the draft, and agrees or objects with a reason."""
    application = application_for(request, pk)
    require(request.viewer, APPROVAL)
    form = CommentForm(posted(request))
    if request.method == "POST":
        if not may_concur(application, request.viewer):
            raise PermissionDenied(approvals.CONCURS)
        if form.is_valid():
            try:
                done = _concur(request, application, form.cleaned_data["comment"])
            except Refused as refused:
                form.add_error("comment", refused.problems)
            else:
                messages.success(request, done)
                return redirect("subsidies:decision_concur", pk)
    return _approval_page(request, application, DecideForm(), concur=form)


def _concur(request: Request, application: Application, comment: str) -> str:
    """Do what the pressed button says and return the sentence for it."""
    if request.POST.get("act") == "object":
        approvals.object_to(application_id=application.pk, viewer=request.viewer, reason=comment)
        return "異議を記録し、起案した部署と決裁者に知らせました。"
    approvals.concur(application_id=application.pk, viewer=request.viewer, comment=comment)
    return "合議に同意しました。"


def _approval_page(
    request: Request,
    application: Application,
    form: DecideForm,
    *,
    back: ReasonForm | None = None,
    concur: CommentForm | None = None,
) -> HttpResponse:
    viewer = request.viewer
    route = application.routes.order_by("-id").prefetch_related("steps").first()
    circulating = route is not None and route.state == ApprovalRoute.State.CIRCULATING
    can = open_actions(application, viewer)
    waiting = [step for step in route.steps.all() if _waits(step)] if route else []
    context: dict[str, Any] = {
        "application": application,
        "case_page": case_page(viewer),
        "form": form,
        "back_form": back or ReasonForm(),
        "concur_form": concur or CommentForm(),
        "route": route,
        "circulating": circulating,
        "notice": notice_kind(route) if route else "",
        "proposal": proposal_of(application),
        "panel": panel_of(application, viewer),
        "reductions": application.reductions.select_related("cost").order_by("cost__number"),
        "waiting": waiting,
        "own_draft": route is not None and route.drafted_by_id == viewer.user_id,
        "may_decide": circulating and bool({Action.GRANT, Action.REFUSE} & set(can)),
        "may_concur": circulating and may_concur(application, viewer),
        "refused_form": next((one for one in (form, back, concur) if one is not None and one.errors), None),
    }
    return render(request, "subsidies/decision_decide.html", context)


def _waits(step: ApprovalStep) -> bool:
    """Whether this turn keeps the decider from deciding: nobody answered, or the answer was an objection."""
    open_results = (ApprovalStep.Result.WAITING, ApprovalStep.Result.OBJECTED)
    return step.kind == ApprovalStep.Kind.CONCUR and step.result in open_results


@doing(Action.SELECT)
def request_decide(request: Request, application: Application) -> HttpResponse:
    """採否: headquarters selects a request with an amount, or does not select it, with the reason the notice gives."""
    proposal = proposal_of(application)
    chosen = request.POST.get("act") if request.method == "POST" else None
    amount = proposal.amount_yen if proposal else None
    select = SelectForm(request.POST if chosen == "select" else None, application, amount)
    refuse = NotSelectForm(request.POST if chosen == "not_select" else None)
    form = select if chosen == "select" else refuse
    if chosen and form.is_valid():
        act = approvals.select if chosen == "select" else approvals.not_select
        try:
            decision = act(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"{decision.get_kind_display()}を決定し、通知書を発行しました。")
            return redirect("subsidies:document_list", application.pk)
    context = {
        "application": application,
        "select_form": select,
        "refuse_form": refuse,
        "refused_form": form if chosen else None,
        "proposal": proposal,
        "panel": panel_of(application, request.viewer),
        "opinions": application.opinions.all(),
        "needs": needs_of(application, stage_of(application)),
        "may": Action.SELECT in open_actions(application, request.viewer),
    }
    return render(request, "subsidies/request_decide.html", context)


urls = [
    path("applications/<int:pk>/draft/", decision_draft, name="decision_draft"),
    path("applications/<int:pk>/decide/", decision_decide, name="decision_decide"),
    path("applications/<int:pk>/send-back/", decision_send_back, name="decision_send_back"),
    path("applications/<int:pk>/concur/", decision_concur, name="decision_concur"),
    path("applications/<int:pk>/select/", request_decide, name="request_decide"),
]
