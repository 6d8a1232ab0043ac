"""A member's consent to a joint application: one page to read, one act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from common import audit
from common.access import require
from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ..dossier import Dossier, shortened, takes_part
from ..duties import CONSENT
from ..forms.acts import AgreeForm, DeclineForm
from ..models import Application
from ..rows import with_rows
from ..services import consents
from ..state_badges import badge
from ..states import State
from .finding import application_for

OPEN = (State.CONSENT, State.READY, State.RETURNED)


def application_consent(request: Request, pk: int) -> HttpResponse:
    """What the town agrees to, who has agreed, and 同意する or 同意しない for its approver."""
    application = application_for(request, pk, rows=True)
    require(request.viewer, CONSENT)
    return _page(request, application, AgreeForm(), DeclineForm())


@require_http_methods(["POST"])
def application_agree(request: Request, pk: int) -> HttpResponse:
    """同意する."""
    application = application_for(request, pk)
    _require_approver(request, application)
    form = AgreeForm(request.POST)
    if form.is_valid():
        try:
            consents.agree(application_id=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"{request.viewer.office.name}の同意を記録しました。")
            return redirect("subsidies:application_consent", pk)
    return _page(request, application, form, DeclineForm(), status=422)


@require_http_methods(["POST"])
def application_decline(request: Request, pk: int) -> HttpResponse:
    """同意しない・修正を求める."""
    application = application_for(request, pk)
    _require_approver(request, application)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            consents.decline(application_id=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "修正の求めを代表市町村に伝えました。")
            return redirect("subsidies:application_detail", pk)
    return _page(request, application, AgreeForm(), form, status=422)


def _require_approver(request: Request, application: Application) -> None:
    """Raise PermissionDenied, before any form is read, unless an approver of a participant acts."""
    require(request.viewer, CONSENT, Access.SUBMIT)
    if not takes_part(application, request.viewer):
        raise PermissionDenied("同意は、この申請に参加する市町村の承認者が行います。")


def _page(
    request: Request, application: Application, agree: AgreeForm, decline: DeclineForm, status: int = 200
) -> HttpResponse:
    parts = list(with_rows(application).parts.all())
    own = next((part for part in parts if part.municipality_id == request.viewer.office.code), None)
    may = request.viewer.may(CONSENT, Access.SUBMIT) and own is not None and application.state in OPEN
    read = Dossier(application, request.viewer)
    history = audit.timeline(application, internal=False).exclude(action="application.edit")[:30]
    context: dict[str, Any] = {
        "application": application,
        "badge": badge(application, request.viewer),
        "parts": parts,
        "own": own,
        "may": may and own is not None and own.consent != own.Consent.AGREED,
        "may_decline": may,
        "agreed": sum(part.consent == part.Consent.AGREED for part in parts),
        "dossier": read,
        "events": shortened(history),
        "agree": agree,
        "decline": decline,
    }
    return render(request, "subsidies/application_consent.html", context, status=status)


urls = [
    path("applications/<int:pk>/consent/", application_consent, name="application_consent"),
    path("applications/<int:pk>/consent/agree/", application_agree, name="application_agree"),
    path("applications/<int:pk>/consent/decline/", application_decline, name="application_decline"),
]
