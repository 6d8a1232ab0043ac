"""The performance report on the side of the offices: urging, returning, inspecting, fixing the amount."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from common.access import require
from common.request import Request
from common.viewer import Access

from ..duties import REPORT, SETTLEMENT
from ..forms.inspection import InspectionForm, points_of
from ..forms.report import FixForm, ReturnForm, UrgeForm
from ..models import Application, Report
from ..offers import problems_before
from ..reporting import ReportView
from ..services import completion, settlements, urging
from ..services.advance import may_take, sits_in_authority, sits_on
from ..settling import reckon
from ..state_badges import badge
from ..states import State
from ..workflow import STEPS, Action, Side
from .acting import acted
from .finding import posted
from .report import report_for


def report_urge(request: Request, pk: int) -> HttpResponse:
    """督促: a report that was not handed in, with the old and the new day; the letter is numbered and sent."""
    application, report = report_for(request, pk)
    require(request.viewer, REPORT, Access.SUBMIT)
    if not sits_on(application, Side.BUREAU, request.viewer):
        raise PermissionDenied("督促は、主管の振興局の審査担当が行います。")
    form = UrgeForm(posted(request))

    def act() -> None:
        urging.urge(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "督促状を発行し、代表市町村に知らせました。"):
        return redirect("subsidies:report_detail", pk)
    context = _frame(request, application, report) | {
        "form": form,
        "open": application.state == State.REPORT_OVERDUE,
        "reminders": report.reminders.order_by("-sent_on"),
    }
    return render(request, "subsidies/report_urge.html", context, status=422 if form.errors else 200)


def report_return(request: Request, pk: int) -> HttpResponse:
    """補正の依頼: what has to be mended, one thing a line, and until when."""
    application, report = _for_step(request, pk, Action.RETURN_REPORT)
    form = ReturnForm(posted(request))

    def act() -> None:
        completion.send_back(
            application_id=pk, items=form.texts, due_on=form.cleaned_data["due_on"], viewer=request.viewer
        )

    if acted(request, form, act, "実績報告の補正を依頼しました。"):
        return redirect("subsidies:report_detail", pk)
    context = _frame(request, application, report) | {"form": form, "open": application.state == State.REPORTED}
    return render(request, "subsidies/report_return.html", context, status=422 if form.errors else 200)


def report_inspect(request: Request, pk: int) -> HttpResponse:
    """検査: the report with its differences, what was looked at, the amounts that are accepted."""
    application, report = _for_step(request, pk, Action.INSPECT)
    view = ReportView(application, report)
    form = InspectionForm(
        posted(request),
        points=points_of(application.region.prefecture.terms),
        lines=[line.row for line in view.lines],
        sums=view.sums,
    )

    def act() -> None:
        settlements.inspect(application_id=pk, viewer=request.viewer, **form.record)

    if acted(request, form, act, "検査調書を作成しました。決裁者が額を確定します。"):
        return redirect("subsidies:report_detail", pk)
    context = _frame(request, application, report) | {
        "form": form,
        "view": view,
        "open": application.state == State.REPORTED,
    }
    return render(request, "subsidies/report_inspect.html", context, status=422 if form.errors else 200)


def report_fix(request: Request, pk: int) -> HttpResponse:
    """額の確定: how the amount follows from the inspection, the reason of a reduction, the notice as it will go out."""
    application, report = report_for(request, pk)
    require(request.viewer, SETTLEMENT, Access.SUBMIT)
    if not sits_in_authority(application, request.viewer):
        raise PermissionDenied("額の確定は、制度が定める決裁者（主管振興局または本庁）が行います。")
    form = FixForm(posted(request))
    view = ReportView(application, report)

    def act() -> None:
        settlements.fix(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "交付金の額を確定し、通知書を発行しました。"):
        return redirect("subsidies:report_detail", pk)
    inspection = view.inspection
    open_now = application.state == State.INSPECTED and inspection is not None
    context = _frame(request, application, report) | {
        "form": form,
        "view": view,
        "open": open_now,
        "inspection": inspection,
        "figures": reckon(
            application, eligible_yen=inspection.eligible_yen, other_income_yen=inspection.other_income_yen
        )
        if inspection is not None
        else None,
        "problems": problems_before(application, Action.FIX, request.viewer) if open_now and not form.is_bound else [],
    }
    return render(request, "subsidies/report_fix.html", context, status=422 if form.errors else 200)


def _for_step(request: Request, pk: int, action: Action) -> tuple[Application, Report]:
    application, report = report_for(request, pk)
    if not may_take(application, STEPS[action], request.viewer):
        title = STEPS[action].title
        raise PermissionDenied(f"「{title}」は、主管の{application.lead_bureau.name}の審査担当が行います。")
    return application, report


def _frame(request: Request, application: Application, report: Report) -> dict[str, object]:
    return {"application": application, "report": report, "badge": badge(application, request.viewer)}


urls = [
    path("applications/<int:pk>/report/urge/", report_urge, name="report_urge"),
    path("applications/<int:pk>/report/return/", report_return, name="report_return"),
    path("applications/<int:pk>/report/inspect/", report_inspect, name="report_inspect"),
    path("applications/<int:pk>/report/fix/", report_fix, name="report_fix"),
]
