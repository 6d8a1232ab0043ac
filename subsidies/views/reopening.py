"""再確定: asked and confirmed on one page, with the amounts fixed before and now side by side."""

from __future__ import annotations

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

from ..duties import REOPENING
from ..forms.revocation import AnswerForm, ReopenForm
from ..models import Application, Reopening
from ..services import reopenings
from ..settling import paid_yen
from ..state_badges import badge
from ..states import State
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted


def case_reopening(request: Request, pk: int) -> HttpResponse:
    """Headquarters' decider asks here; everybody else in the offices reads how often the amount was fixed, and why."""
    application = _case(request, pk)
    if request.method == "POST" and not reopenings.may_ask(application, request.viewer):
        require(request.viewer, REOPENING, Access.EDIT)
        raise PermissionDenied(reopenings.ASKERS)
    form = ReopenForm(posted(request), initial=_as_fixed(application))

    def act() -> None:
        reopenings.ask(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "再確定を発議しました。別の決裁者の確認を待ちます。"):
        return redirect("subsidies:case_reopening", pk)
    return _page(request, application, form, AnswerForm())


@require_POST
def reopening_decide(request: Request, pk: int) -> HttpResponse:
    """確認 or 不承認, as the pressed button says."""
    application = _case(request, pk)
    require(request.viewer, REOPENING, Access.SUBMIT)
    if not reopenings.may_confirm(application, request.viewer):
        raise PermissionDenied(reopenings.CONFIRMERS)
    form = AnswerForm(request.POST)
    if form.is_valid():
        act = reopenings.refuse if request.POST.get("act") == "refuse" else reopenings.confirm
        try:
            act(application_id=pk, viewer=request.viewer, answer=form.cleaned_data["answer"])
        except Refused as refused:
            form.add_error("answer", refused.problems)
        else:
            messages.success(request, "記録しました。確認したときは、新しい額の確定通知書を発行しています。")
            return redirect("subsidies:case_reopening", pk)
    return _page(request, application, ReopenForm(None, initial=_as_fixed(application)), form)


def _page(request: Request, application: Application, form: ReopenForm, answer: AnswerForm) -> HttpResponse:
    viewer = request.viewer
    every = list(application.reopenings.all())
    made = next((one for one in every if one.state == Reopening.State.ASKED), None)
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "case_page": case_page(viewer),
        "settlements": application.settlements.select_related("inspection").order_by("-id"),
        "paid_yen": paid_yen(application),
        "made": made,
        "past": [one for one in every if one is not made],
        "form": form,
        "answer_form": answer,
        "refused_form": next((one for one in (form, answer) if one.is_bound and one.errors), None),
        "may_ask": made is None and application.state == State.CLOSED and reopenings.may_ask(application, viewer),
        "may_confirm": made is not None and reopenings.may_confirm(application, viewer),
        "own": made is not None and viewer.stands_for(made.asked_by_id),
    }
    return render(request, "subsidies/case_reopening.html", context)


def _as_fixed(application: Application) -> dict[str, int]:
    """The figures of the settlement in force, to be changed."""
    settlement = application.settlements.filter(superseded_by=None).first()
    if settlement is None:
        return {}
    return {"eligible_yen": settlement.eligible_yen, "other_income_yen": settlement.other_income_yen}


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, REOPENING)
    return application


urls = [
    path("applications/<int:pk>/reopening/", case_reopening, name="case_reopening"),
    path("applications/<int:pk>/reopening/decide/", reopening_decide, name="reopening_decide"),
]
