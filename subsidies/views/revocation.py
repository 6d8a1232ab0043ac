"""Revoking a grant: the proposal, the hearing, who agreed and the decision; towns read what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common.access import require
from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ..duties import REVOCATION
from ..forms.revocation import AnswerForm, HearingForm, ProposeForm
from ..models import Application, Revocation
from ..services import revocations
from ..services.advance import sits_in_authority
from ..services.revocations import own_turn
from ..settling import due_yen, paid_yen
from ..state_badges import badge
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted


def case_revocation(request: Request, pk: int) -> HttpResponse:
    """取消し: the open proposal with everything that is needed to decide it, and what was decided before."""
    return _page(request, _case(request, pk))


def revocation_propose(request: Request, pk: int) -> HttpResponse:
    """取消しの起案."""
    application = _case(request, pk)
    _require_drafter(request, application)
    form = ProposeForm(posted(request))

    def act() -> None:
        revocations.propose(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "取消しを起案しました。弁明の記録を登録してください。"):
        return redirect("subsidies:case_revocation", pk)
    money = {"due_yen": due_yen(application), "paid_yen": paid_yen(application)}
    return render(request, "subsidies/revocation_propose.html", _about(request, application) | money | {"form": form})


def revocation_hearing(request: Request, pk: int) -> HttpResponse:
    """弁明の記録."""
    application = _case(request, pk)
    _require_drafter(request, application)
    made = _open(application)
    form = HearingForm(posted(request), initial=_heard(made))

    def act() -> None:
        revocations.record_hearing(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "弁明の記録を登録しました。"):
        return redirect("subsidies:case_revocation", pk)
    context = _about(request, application) | {"form": form, "made": made}
    return render(request, "subsidies/revocation_hearing.html", context)


@require_POST
def revocation_decide(request: Request, pk: int) -> HttpResponse:
    """決裁 or 差戻し, as the pressed button says."""
    application = _case(request, pk)
    require(request.viewer, REVOCATION, Access.SUBMIT)
    if not sits_in_authority(application, request.viewer):
        raise PermissionDenied("取消しは、制度が定める決裁者（主管振興局または本庁）が決裁します。")
    form = AnswerForm(request.POST)
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            done = _decide(request, pk, answer)
        except Refused as refused:
            form.add_error("answer", refused.problems)
        else:
            messages.success(request, done)
            return redirect("subsidies:case_revocation", pk)
    return _page(request, application_for(request, pk), decide=form)


def _decide(request: Request, pk: int, answer: str) -> str:
    """Do what the pressed button says and return the sentence for it."""
    if request.POST.get("act") == "send_back":
        revocations.send_back(application_id=pk, viewer=request.viewer, reason=answer)
        return "取消しの案を差し戻しました。"
    decision = revocations.decide(application_id=pk, viewer=request.viewer, answer=answer)
    number = f"（{decision.document.number.text}）" if decision.document and decision.document.number else ""
    return f"交付の決定を取り消しました。取消通知書{number}を発行しました。"


@require_POST
def revocation_concur(request: Request, pk: int) -> HttpResponse:
    """合議: agree or object."""
    application = _case(request, pk)
    require(request.viewer, REVOCATION, Access.COMMENT)
    form = AnswerForm(request.POST)
    agrees = request.POST.get("act") != "object"

    def act() -> None:
        comment = form.cleaned_data["answer"]
        revocations.concur(application_id=pk, viewer=request.viewer, agrees=agrees, comment=comment)

    if acted(request, form, act, "合議に同意しました。" if agrees else "異議を記録しました。"):
        return redirect("subsidies:case_revocation", pk)
    return _page(request, application, concur=form)


def _page(
    request: Request, application: Application, *, decide: AnswerForm | None = None, concur: AnswerForm | None = None
) -> HttpResponse:
    viewer = request.viewer
    every = list(application.revocations.select_related("decision__document__number").prefetch_related("concurrences"))
    if not viewer.sees_internal:
        every = [one for one in every if one.state == Revocation.State.DECIDED]
    made = next((one for one in every if one.state == Revocation.State.PROPOSED), None)
    context = _about(request, application) | {
        "made": made,
        "past": [one for one in every if one is not made],
        "due_yen": due_yen(application),
        "paid_yen": paid_yen(application),
        "decide_form": decide or AnswerForm(),
        "concur_form": concur or AnswerForm(),
        "refused_form": decide or concur,
        "may_propose": revocations.may_propose(application, viewer),
        "may_hear": made is not None and revocations.drafts(application, viewer),
        "may_decide": made is not None
        and viewer.may(REVOCATION, Access.SUBMIT)
        and sits_in_authority(application, viewer),
        "may_concur": made is not None and own_turn(application, viewer) is not None,
        "own_draft": made is not None and viewer.stands_for(made.drafted_by_id),
    }
    if made is not None:
        context["left_yen"] = context["due_yen"] - made.revoked_yen
        context["to_return_yen"] = max(0, context["paid_yen"] - context["left_yen"])
    return render(request, "subsidies/case_revocation.html", context)


def _about(request: Request, application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "badge": badge(application, request.viewer),
        "case_page": case_page(request.viewer),
    }


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, REVOCATION)
    return application


def _require_drafter(request: Request, application: Application) -> None:
    require(request.viewer, REVOCATION, Access.EDIT)
    if not revocations.drafts(application, request.viewer):
        raise PermissionDenied(revocations.DRAFTERS)


def _open(application: Application) -> Revocation | None:
    return application.revocations.filter(state=Revocation.State.PROPOSED).first()


def _heard(made: Revocation | None) -> dict[str, Any]:
    """What stands there already, so that a record can be completed."""
    if made is None:
        return {}
    return {
        "held_on": made.hearing_on,
        "who": made.hearing_who,
        "statement": made.hearing_statement,
        "waived": made.hearing_waived,
    }


urls = [
    path("applications/<int:pk>/revocation/", case_revocation, name="case_revocation"),
    path("applications/<int:pk>/revocation/propose/", revocation_propose, name="revocation_propose"),
    path("applications/<int:pk>/revocation/hearing/", revocation_hearing, name="revocation_hearing"),
    path("applications/<int:pk>/revocation/decide/", revocation_decide, name="revocation_decide"),
    path("applications/<int:pk>/revocation/concur/", revocation_concur, name="revocation_concur"),
]
