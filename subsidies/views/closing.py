"""完結: the lead bureau closes the file of a grant (T34)."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from common import clock
from common.access import require
from common.request import Request
from common.viewer import Access

from ..closing import asked_after, checks_of, retention_of
from ..duties import SETTLEMENT
from ..services import settlements
from ..services.advance import open_actions
from ..state_badges import badge
from ..workflow import Action
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted


def application_close(request: Request, pk: int) -> HttpResponse:
    """What must be in order, who is asked afterwards, how long the papers are kept; then the file is closed."""
    application = application_for(request, pk)
    require(request.viewer, SETTLEMENT)
    if application.granted_yen is None:
        raise Http404
    form = forms.Form(posted(request))
    if request.method == "POST":
        require(request.viewer, SETTLEMENT, Access.EDIT)

    def act() -> None:
        settlements.close(application_id=pk, viewer=request.viewer)

    asks = "支援後の状況を、翌年度から毎年度たずねます。" if application.granted_yen else ""
    if acted(request, form, act, f"完結しました。{asks}"):
        return redirect("subsidies:application_detail", pk)
    checks = checks_of(application)
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "case_page": case_page(request.viewer),
        "form": form,
        "checks": checks,
        "asked": asked_after(application),
        "retention": retention_of(application, application.closed_on or clock.today()),
        "may": Action.CLOSE in open_actions(application, request.viewer),
        "ready": all(check.fulfilled for check in checks),
    }
    return render(request, "subsidies/application_close.html", context, status=422 if form.errors else 200)


urls = [path("applications/<int:pk>/close/", application_close, name="application_close")]
