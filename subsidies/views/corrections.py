"""Answering a correction request: each item with its answer and the step where it is mended, then resubmission."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common.errors import Refused
from common.request import Request
from common.viewer import Duty

from ..dossier import takes_part
from ..forms.acts import AnswerForm
from ..models import Application, CorrectionItem, CorrectionRound
from ..offers import problems_before
from ..rows import with_rows
from ..services import consents, corrections, submissions
from ..services.advance import open_actions
from ..state_badges import badge
from ..states import State
from ..workflow import Action
from .finding import application_for

Target = CorrectionItem.Target


def application_corrections(request: Request, pk: int) -> HttpResponse:
    """補正の回答: planners answer, the approver of the lead resubmits."""
    application = application_for(request, pk, rows=request.method != "POST")
    if not takes_part(application, request.viewer) or not request.viewer.has(Duty.MP, Duty.MA):
        raise PermissionDenied("補正の回答は、この申請に参加する市町村の企画担当と承認者が行います。")
    current = application.rounds.filter(resubmitted_at=None).order_by("-number").prefetch_related("items").first()
    if application.state != State.RETURNED or current is None:
        return redirect(reverse("subsidies:application_detail", args=[pk]) + "#rounds")
    form = AnswerForm(request.POST if request.method == "POST" else None, current=current)
    if request.method == "POST" and form.is_valid():
        try:
            done = _act(request, application, form)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, done)
            again = request.POST.get("act") != "resubmit"
            return redirect("subsidies:application_corrections" if again else "subsidies:application_detail", pk)
    return render(
        request,
        "subsidies/application_corrections.html",
        _context(request, application, current, form),
        status=422 if form.is_bound else 200,
    )


def _act(request: Request, application: Application, form: AnswerForm) -> str:
    """What the pressed button means; answers that were typed are kept with every button a planner presses."""
    act = request.POST.get("act", "save")
    if form.answers and request.viewer.has(Duty.MP):
        corrections.answer_items(application_id=application.pk, viewer=request.viewer, answers=form.answers)
    if act == "resubmit":
        submissions.resubmit(application_id=application.pk, viewer=request.viewer)
        return "申請を再提出しました。"
    if act == "ask_again":
        consents.ask_again(application_id=application.pk, viewer=request.viewer)
        return "構成市町村に、もう一度確認を依頼しました。"
    return "回答を保存しました。"


def _context(request: Request, application: Application, current: CorrectionRound, form: AnswerForm) -> dict[str, Any]:
    outdated = consents.outdated(application)
    actions = open_actions(application, request.viewer)
    return {
        "application": application,
        "badge": badge(application, request.viewer),
        "round": current,
        "form": form,
        "rows": [(item, field, _url_of(application, item)) for item, field in form.rows],
        "answered": sum(bool(item.answer) for item in form.items),
        "may_answer": request.viewer.has(Duty.MP),
        "may_ask_again": request.viewer.office.code == application.lead_id and request.viewer.has(Duty.MP, Duty.MA),
        "outdated": outdated,
        "parts": with_rows(application).parts.all(),
        "may_resubmit": Action.RESUBMIT in actions,
        "left": problems_before(application, Action.RESUBMIT, request.viewer),
    }


def _url_of(application: Application, item: CorrectionItem) -> str:
    """The step of the wizard where the item is mended."""
    step = "confirm" if item.target == Target.DOCUMENTS else item.target
    return reverse(f"subsidies:draft_{step}", args=[application.pk])


urls = [path("applications/<int:pk>/corrections/", application_corrections, name="application_corrections")]
