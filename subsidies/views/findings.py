"""所見: what rules say today beside what they said at the decision, and what staff conclude from it (庁内限り)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common.access import require
from common.errors import Refused
from common.request import Request

from ..duties import FINDING
from ..forms.revocation import ConcludeForm
from ..models import Application, Finding
from ..rules.verdict import Result
from ..services import findings
from ..state_badges import badge
from ..worklist import case_page
from .acting import acted
from .finding import application_for


def case_findings(request: Request, pk: int) -> HttpResponse:
    """The findings of a case: open ones first."""
    return _page(request, _case(request, pk), None, None)


@require_POST
def findings_rerun(request: Request, pk: int) -> HttpResponse:
    """要件を現在の事実で見直す."""
    application = _case(request, pk)
    _require_staff(request, application)
    try:
        new = findings.rerun(application_id=pk, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = f"新しい所見が{len(new)}件あります。" if new else "決定のときと変わった要件はありません。"
        messages.success(request, f"現在の事実で見直しました。{said}")
    return redirect("subsidies:case_findings", pk)


@require_POST
def finding_conclude(request: Request, pk: int, finding: int) -> HttpResponse:
    """所見の結論."""
    application = _case(request, pk)
    _require_staff(request, application)
    if not application.findings.filter(pk=finding).exists():
        raise Http404
    form = ConcludeForm(request.POST)

    def act() -> None:
        findings.conclude(application_id=pk, finding_id=finding, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "所見の結論を記録しました。"):
        return redirect("subsidies:case_findings", pk)
    return _page(request, application, form, finding)


def _page(request: Request, application: Application, form: ConcludeForm | None, which: int | None) -> HttpResponse:
    rows = [_told(row) for row in application.findings.all()]
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "case_page": case_page(request.viewer),
        "open": [row for row in rows if not row.conclusion and row.gone_at is None],
        "done": [row for row in rows if row.conclusion or row.gone_at is not None],
        "empty_form": ConcludeForm(),
        "form": form,
        "which": which,
        "may": findings.may_conclude(application, request.viewer),
        "watched": application.state in findings.WATCHED,
    }
    return render(request, "subsidies/case_findings.html", context)


def _told(row: Finding) -> Finding:
    """The row with both results as the page marks them."""
    row.result_before = Result(row.before["result"])  # type: ignore[attr-defined]
    row.result_now = Result(row.now["result"])  # type: ignore[attr-defined]
    return row


def _require_staff(request: Request, application: Application) -> None:
    if not findings.may_conclude(application, request.viewer):
        raise PermissionDenied("所見は、主管振興局または本庁が確認します。")


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, FINDING)
    return application


urls = [
    path("applications/<int:pk>/findings/", case_findings, name="case_findings"),
    path("applications/<int:pk>/findings/rerun/", findings_rerun, name="findings_rerun"),
    path("applications/<int:pk>/findings/<int:finding>/", finding_conclude, name="finding_conclude"),
]
