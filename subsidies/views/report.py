"""The performance report on the side of the towns: completion, writing, evidence, answers, submission; and to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import audit, clock, files
from common.access import require
from common.errors import Refused
from common.merging import Typed
from common.models import AuditEvent, StoredFile
from common.part_views import PartView
from common.request import Request
from common.sheets.exporting import download
from common.viewer import Access, Duty

from .. import sheet_forms
from ..dossier import takes_part
from ..duties import REPORT
from ..evidence import evidence_of
from ..forms.report import AnswersForm, CompleteForm, ConfirmForm, EvidenceForm, ReportStep
from ..models import Application, Report, ReportCost
from ..offers import problems_before
from ..reporting import ReportView, may_write, reads_content, report_of
from ..resources import ReportCostSheet
from ..services import completion, evidence
from ..services.advance import may_take
from ..services.drafts import even_split
from ..state_badges import badge
from ..states import State
from ..workflow import STEPS, Action
from .acting import acted
from .finding import application_for, posted


def work_complete(request: Request, pk: int) -> HttpResponse:
    """事業の完了の届出: the day on which the work was finished; the report is due from then."""
    application = application_for(request, pk)
    if not may_take(application, STEPS[Action.COMPLETE], request.viewer):
        raise PermissionDenied(f"「事業の完了の届出」は、代表市町村（{application.lead.name}）が行います。")
    form = CompleteForm(posted(request))

    def act() -> None:
        completion.complete(application_id=pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "事業の完了を届け出ました。続けて実績報告を作成してください。"):
        return redirect("subsidies:report_detail", pk)
    open_now = application.state in STEPS[Action.COMPLETE].sources
    context = {"application": application, "badge": badge(application, request.viewer), "form": form, "open": open_now}
    return render(request, "subsidies/work_complete.html", context, status=422 if form.errors else 200)


def report_detail(request: Request, pk: int) -> HttpResponse:
    """The report as it stands: figures beside the plan, what they would fix, words, indicators, evidence, rounds."""
    application, report = report_for(request, pk)
    viewer = request.viewer
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "report": report,
        "view": ReportView(application, report),
        "reads": reads_content(application, report, viewer),
        "may_write": may_write(application, viewer),
        "items": report.items.order_by("-round", "number"),
        "reminders": report.reminders.select_related("document").order_by("-sent_on"),
        "inspects": viewer.sees_internal,
    }
    return render(request, "subsidies/report_detail.html", context)


class ReportEdit(PartView):
    """実績報告の作成: typed by the planners together, saved by itself; a field officer writes her own lines."""

    template = "subsidies/report_edit.html"
    application: Application
    report: Report

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request = request
        self.application, self.report = report_for(request, pk)
        lines = completion.own_lines(self.application, request.viewer)
        self.lines = None if request.viewer.has(Duty.MP) else lines
        self.pieces_shown = ("subsidies/_report_sums.html",) if self.lines is None else ()  # type: ignore[misc]
        if self.application.state not in completion.WRITABLE:
            messages.warning(request, "提出した実績報告は書き換えられません。内容だけを表示します。")
            return redirect("subsidies:report_detail", pk)
        return super().dispatch(request, pk)  # type: ignore[return-value]

    def form(self, data: QueryDict | None = None) -> ReportStep:
        return ReportStep(self.report, data, lines=self.lines, more=self.more)

    def press(self, typed: Typed) -> Typed:
        """「均等に配分する」 shares out what the typed figures would fix."""
        if "even" not in self.request.POST or self.lines is not None:
            return typed
        codes = list(self.report.shares.values_list("municipality", flat=True))
        split = even_split(ReportView(self.application, self.report).reckoning.result.fixed_yen, codes)
        return typed | {f"share_{code}": [f"{yen:,}"] for code, yen in split.items()}

    @property
    def revision(self) -> int:
        return self.report.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.report.saved_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.application, internal=False).filter(action="report.save")
        return events.exclude(user_id=self.request.viewer.user_id)

    def next_url(self) -> str:
        name = {"leave": "report_detail", "evidence": "report_evidence"}.get(self.request.POST.get("go", ""))
        return reverse(f"subsidies:{name or 'report_edit'}", args=[self.application.pk])

    def keep(self, form: ReportStep) -> None:  # type: ignore[override]
        by: dict[str, Any] = {
            "application_id": self.application.pk,
            "revision": self.report.revision,
            "viewer": self.request.viewer,
        }
        if form.whole:
            completion.save_report(**by, draft=form.draft)
        else:
            completion.save_lines(**by, costs=form.costs.typed)

    def reload(self) -> None:
        self.application, self.report = report_for(self.request, self.application.pk)

    def context(self, form: ReportStep) -> dict[str, Any]:  # type: ignore[override]
        view = ReportView(self.application, self.report)
        rows = [
            (line, form.costs.cells(line.number))
            for line in view.lines
            if self.lines is None or line.number in self.lines
        ]
        return {
            "application": self.application,
            "badge": badge(self.application, self.request.viewer),
            "report": self.report,
            "view": view,
            "rows": rows,
            "whole": self.lines is None,
        }


def report_form(request: Request, pk: int) -> HttpResponseBase:
    """The costs of the report as they stand beside the plan, to be filled in offline; a field officer's own lines."""
    application, report = report_for(request, pk)
    own = completion.own_lines(application, request.viewer)
    if application.state not in completion.WRITABLE:
        messages.warning(request, "提出した実績報告は書き換えられません。内容だけを表示します。")
        return redirect("subsidies:report_detail", pk)
    completion.note_form(application, request.viewer)
    lines = [line for line in ReportView(application, report).lines if line.number in own]
    name = f"{ReportCostSheet.title}_{application.number}_{clock.today():%Y%m%d}"
    return download(name, sheet_forms.report_form(application, lines))


def report_submit(request: Request, pk: int) -> HttpResponse:
    """提出: everything on one page, what is missing first; the approver of the lead hands it in."""
    application, report = report_for(request, pk)
    again = application.state == State.REPORT_RETURNED
    action = Action.REPORT_AGAIN if again else Action.REPORT
    if not may_take(application, STEPS[action], request.viewer):
        raise PermissionDenied(f"実績報告は、代表市町村（{application.lead.name}）の承認者が提出します。")
    form = ConfirmForm(posted(request))

    def act() -> None:
        completion.submit(application_id=pk, viewer=request.viewer)

    if acted(request, form, act, "実績報告を提出しました。検査の結果はお知らせで届きます。"):
        return redirect("subsidies:report_detail", pk)
    open_now = application.state in completion.WRITABLE
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "form": form,
        "report": report,
        "view": ReportView(application, report),
        "open": open_now,
        "problems": problems_before(application, action, request.viewer) if open_now and not form.is_bound else [],
    }
    return render(request, "subsidies/report_submit.html", context, status=422 if form.errors else 200)


def report_answers(request: Request, pk: int) -> HttpResponse:
    """補正の回答: what the bureau wants mended, item by item, with what was done."""
    application, report = report_for(request, pk)
    if not takes_part(application, request.viewer) or not request.viewer.has(Duty.MP, Duty.MA):
        raise PermissionDenied("補正の回答は、参加市町村の企画担当が行います。")
    last = report.items.order_by("-round").values_list("round", flat=True).first()
    if application.state != State.REPORT_RETURNED or last is None:
        return redirect("subsidies:report_detail", pk)
    items = list(report.items.filter(round=last))
    form = AnswersForm(posted(request), items=items)
    if request.method == "POST":
        require(request.viewer, REPORT, Access.EDIT)

    def act() -> None:
        completion.answer_items(application_id=pk, answers=form.answers, viewer=request.viewer)

    if acted(request, form, act, "回答を保存しました。"):
        return redirect("subsidies:report_answers", pk)
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "form": form,
        "due_on": items[0].due_on,
        "may_answer": request.viewer.has(Duty.MP),
        "may_submit": may_take(application, STEPS[Action.REPORT_AGAIN], request.viewer),
    }
    return render(request, "subsidies/report_answers.html", context, status=422 if form.errors else 200)


def report_evidence(request: Request, pk: int) -> HttpResponse:
    """証拠書類: the files of each line; whoever writes the report adds and takes out."""
    application, report = report_for(request, pk)
    if not reads_content(application, report, request.viewer):
        raise PermissionDenied("証拠書類は、実績報告の提出の後に確認できます。")
    writes = may_write(application, request.viewer)
    if request.method == "POST" and not writes:
        raise PermissionDenied(completion.WRITES)
    own = completion.own_lines(application, request.viewer) if writes else set()
    lines = [row for row in report.costs.select_related("cost") if row.cost.number in own]
    form = EvidenceForm(posted(request), request.FILES or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            evidence.attach(application_id=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
        except files.FileRefused as refused:
            form.add_error("upload", refused)
        else:
            messages.success(request, "証拠書類を添付しました。")
            return redirect("subsidies:report_evidence", pk)
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "view": ReportView(application, report),
        "form": form,
        "writes": writes,
        "own": own,
    }
    return render(request, "subsidies/report_evidence.html", context, status=422 if form.errors else 200)


def evidence_file(request: Request, pk: int, file: int) -> HttpResponseBase:
    """One file of evidence; PDFs and pictures open in the browser."""
    application, report = report_for(request, pk)
    if not reads_content(application, report, request.viewer):
        raise PermissionDenied("証拠書類は、実績報告の提出の後に確認できます。")
    return files.download(_stored(report, file)[1], viewer=request.viewer, inline=True)


def evidence_remove(request: Request, pk: int, file: int) -> HttpResponse:
    """Ask once, then take the file away from its line."""
    application, report = report_for(request, pk)
    line, stored = _stored(report, file)
    number = line.cost.number
    if number not in completion.own_lines(application, request.viewer):
        raise PermissionDenied(completion.WRITES)
    if request.method == "POST":
        try:
            evidence.detach(application_id=pk, number=number, file_id=stored.pk, viewer=request.viewer)
        except Refused as refused:
            messages.error(request, " ".join(refused.problems))
        else:
            messages.success(request, f"「{stored.name}」を外しました。")
        return redirect("subsidies:report_evidence", pk)
    context = {"application": application, "file": stored, "number": number}
    return render(request, "subsidies/evidence_remove.html", context)


def report_for(request: Request, pk: int) -> tuple[Application, Report]:
    """Find the application and its report; 404 where either is not there, 403 for duties that read no reports."""
    application = application_for(request, pk)
    require(request.viewer, REPORT)
    report = report_of(application)
    if report is None:
        raise Http404("実績報告はまだ始まっていません。")
    return application, report


def _stored(report: Report, file: int) -> tuple[ReportCost, StoredFile]:
    """A file of this report with its line; 404 for any other."""
    found = next((pair for pair in evidence_of(report) if pair[1].pk == file), None)
    if found is None:
        raise Http404("この証拠書類はありません。")
    return found


urls = [
    path("applications/<int:pk>/complete/", work_complete, name="work_complete"),
    path("applications/<int:pk>/report/", report_detail, name="report_detail"),
    path("applications/<int:pk>/report/edit/", ReportEdit.as_view(), name="report_edit"),
    path("applications/<int:pk>/report/form/", report_form, name="report_form"),
    path("applications/<int:pk>/report/submit/", report_submit, name="report_submit"),
    path("applications/<int:pk>/report/answers/", report_answers, name="report_answers"),
    path("applications/<int:pk>/report/evidence/", report_evidence, name="report_evidence"),
    path("applications/<int:pk>/report/evidence/<int:file>/", evidence_file, name="evidence_file"),
    path("applications/<int:pk>/report/evidence/<int:file>/remove/", evidence_remove, name="evidence_remove"),
]
