"""Progress reports: the list of a grant with the one that is due, writing, submitting, and what the bureau says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, register_converter, reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.models import AuditEvent
from common.part_views import PartView
from common.request import Request
from common.viewer import Access, Duty

from ..dossier import takes_part
from ..duties import PROGRESS
from ..forms.progress import BeginForm, CommentForm, ProgressStep
from ..kpi_actuals import kpi_lines
from ..models import Application, ProgressReport
from ..progress_days import wanted_of
from ..services import progress
from ..services.advance import sits_on
from ..state_badges import badge
from ..states import State
from ..workflow import Side
from .acting import acted
from .finding import application_for, posted


class DayConverter:
    """A day in an address: 2026-09-30."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")


def application_progress(request: Request, pk: int) -> HttpResponse:
    """遂行状況: every report of this grant, the one that is due, and a new one."""
    application = _application(request, pk)
    viewer = request.viewer
    writes = viewer.has(Duty.MP) and takes_part(application, viewer)
    if request.method == "POST" and not writes:
        raise PermissionDenied(progress.WRITES)
    wanted = wanted_of(application)
    day = wanted.as_of if wanted and wanted.as_of <= clock.today() else clock.today()
    form = BeginForm(posted(request), initial={"as_of": day})

    def act() -> None:
        progress.begin(application_id=pk, viewer=viewer, **form.cleaned_data)

    if acted(request, form, act, "遂行状況報告の作成を始めました。"):
        return redirect("subsidies:progress_edit", pk, form.cleaned_data["as_of"])
    reports = [row for row in application.progress_reports.order_by("-as_of") if _reads(application, row, request)]
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "reports": reports,
        "wanted": wanted,
        "met": progress.progress_accepted(application),
        "form": form,
        "writes": writes and application.state in (State.RUNNING, State.SUSPENDED),
    }
    return render(request, "subsidies/application_progress.html", context, status=422 if form.errors else 200)


def progress_detail(request: Request, pk: int, as_of: date) -> HttpResponse:
    """One report; the approver submits it, the bureau's reviewer accepts it or asks for more."""
    application, report = _report(request, pk, as_of)
    return _page(request, application, report, CommentForm())


@require_POST
def progress_submit(request: Request, pk: int, as_of: date) -> HttpResponse:
    """The lead's approver hands it in."""
    application, _ = _report(request, pk, as_of)
    require(request.viewer, PROGRESS, Access.SUBMIT)
    try:
        progress.submit(application_id=application.pk, as_of=as_of, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, " ".join(refused.problems))
    else:
        messages.success(request, "遂行状況を報告しました。")
    return redirect("subsidies:progress_detail", pk, as_of)


@require_POST
def progress_answer(request: Request, pk: int, as_of: date) -> HttpResponse:
    """The bureau's reviewer accepts the report, or sends it back with what is missing."""
    application, report = _report(request, pk, as_of)
    require(request.viewer, PROGRESS, Access.COMMENT)
    if not sits_on(application, Side.BUREAU, request.viewer):
        raise PermissionDenied("遂行状況の報告は、主管の振興局の審査担当が確認します。")
    form = CommentForm(request.POST)
    back = request.POST.get("act") == "return"
    service = progress.send_back if back else progress.accept

    def act() -> None:
        service(application_id=pk, as_of=as_of, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "遂行状況の報告を差し戻しました。" if back else "遂行状況の報告を確認しました。"):
        return redirect("subsidies:application_progress", pk)
    return _page(request, application, report, form)


class ProgressEdit(PartView):
    """遂行状況の作成: the planners together, a field officer for the initiatives assigned to her."""

    template = "subsidies/progress_edit.html"

    def dispatch(self, request: Request, pk: int, as_of: date) -> HttpResponse:  # type: ignore[override]
        self.request = request
        self.application, self.report = _report(request, pk, as_of)
        self.own = progress.writable_items(self.application, request.viewer)
        if self.report.state != ProgressReport.State.DRAFT:
            messages.warning(request, "提出した報告は書き換えられません。内容だけを表示します。")
            return redirect("subsidies:progress_detail", pk, as_of)
        return super().dispatch(request, pk, as_of)  # type: ignore[return-value]

    def form(self, data: QueryDict | None = None) -> ProgressStep:
        return ProgressStep(self.report, self.own, data, whole=self.request.viewer.has(Duty.MP))

    @property
    def revision(self) -> int:
        return self.report.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.report.saved_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.application, internal=False).filter(action="progress.save")
        return events.exclude(user_id=self.request.viewer.user_id)

    def next_url(self) -> str:
        name = "progress_detail" if self.request.POST.get("go") == "leave" else "progress_edit"
        return reverse(f"subsidies:{name}", args=[self.application.pk, self.report.as_of])

    def keep(self, form: ProgressStep) -> None:  # type: ignore[override]
        progress.save_progress(
            application_id=self.application.pk,
            as_of=self.report.as_of,
            draft=form.draft,
            revision=self.report.revision,
            viewer=self.request.viewer,
        )

    def reload(self) -> None:
        self.application, self.report = _report(self.request, self.application.pk, self.report.as_of)

    def context(self, form: ProgressStep) -> dict[str, Any]:  # type: ignore[override]
        return {
            "application": self.application,
            "badge": badge(self.application, self.request.viewer),
            "report": self.report,
            "kpis": kpi_lines(self.application) if not self.request.htmx else [],
        }


def _page(request: Request, application: Application, report: ProgressReport, form: CommentForm) -> HttpResponse:
    viewer = request.viewer
    draft = report.state == ProgressReport.State.DRAFT
    lead = sits_on(application, Side.LEAD, viewer)
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "report": report,
        "items": report.items.select_related("item__project"),
        "spent": report.spent.all(),
        "kpis": kpi_lines(application),
        "problems": progress.missing_in(report) if draft else [],
        "may_write": draft and takes_part(application, viewer) and viewer.may(PROGRESS, Access.EDIT),
        "may_submit": draft and lead and viewer.has(Duty.MA),
        "may_answer": report.state == ProgressReport.State.SUBMITTED
        and viewer.has(Duty.BS)
        and sits_on(application, Side.BUREAU, viewer),
        "form": form,
    }
    return render(request, "subsidies/progress_detail.html", context, status=422 if form.errors else 200)


def _application(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, PROGRESS)
    if application.granted_yen is None:
        raise Http404("交付決定の前です。")
    return application


def _report(request: Request, pk: int, as_of: date) -> tuple[Application, ProgressReport]:
    application = _application(request, pk)
    report = application.progress_reports.filter(as_of=as_of).first()
    if report is None or not _reads(application, report, request):
        raise Http404("この日の遂行状況報告はありません。")
    return application, report


def _reads(application: Application, report: ProgressReport, request: Request) -> bool:
    """The towns read their draft, offices what was submitted once."""
    return report.submitted_at is not None or takes_part(application, request.viewer) or request.viewer.has(Duty.AU)


urls = [
    path("applications/<int:pk>/progress/", application_progress, name="application_progress"),
    path("applications/<int:pk>/progress/<day:as_of>/", progress_detail, name="progress_detail"),
    path("applications/<int:pk>/progress/<day:as_of>/edit/", ProgressEdit.as_view(), name="progress_edit"),
    path("applications/<int:pk>/progress/<day:as_of>/submit/", progress_submit, name="progress_submit"),
    path("applications/<int:pk>/progress/<day:as_of>/answer/", progress_answer, name="progress_answer"),
]
