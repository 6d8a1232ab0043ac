"""Programs with their rules to read, and calls with their budgets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import needs, require
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Duty

from ..call_budget import budget_of, total_of
from ..duties import BUDGET, CALL, LEDGER, PROGRAM, STUDIO
from ..exports import call_columns, program_columns
from ..forms.call import AllotForm, CallForm
from ..forms.review import AdmitLateForm
from ..models import Application, Call, Program, RuleSetVersion
from ..rulesets import edition_name, rules_of
from ..services import calls, submissions
from .finding import posted


@needs(PROGRAM)
def program_list(request: Request) -> HttpResponse:
    """All programs with their published versions and calls."""
    versions = RuleSetVersion.objects.visible_to(request.viewer).exclude(state="withdrawn", published_at=None)
    programs = Program.objects.visible_to(request.viewer).prefetch_related(
        Prefetch("rulesets", versions.defer("content")), Prefetch("calls", Call.objects.visible_to(request.viewer))
    )
    context = {"programs": programs, "may_write": request.viewer.may(STUDIO, Access.EDIT)}
    return render(request, "subsidies/program_list.html", context)


@needs(PROGRAM)
def program_export(request: Request) -> HttpResponseBase:
    """All programs, a line for each version of their rules, written out."""
    versions = RuleSetVersion.objects.visible_to(request.viewer).defer("content").select_related("program")
    trail = [("制度とルール", reverse("subsidies:program_list"))]
    rows = versions.order_by("program__order", "version")
    return export_page(request, Export("支援制度一覧", program_columns(), rows, trail))


@needs(PROGRAM)
def program_detail(request: Request, code: str) -> HttpResponse:
    """One program: every number with its unit and source, every rule with its wording, stage and source.

    Drafts are read in the studio; this page shows what is or was public.
    """
    program = get_object_or_404(Program.objects.visible_to(request.viewer), pk=code)
    known = list(RuleSetVersion.objects.visible_to(request.viewer).filter(program=program).order_by("-version"))
    versions = [row for row in known if row.published_at]
    wanted = request.GET.get("version", "")
    valid = [row for row in versions if row.state == RuleSetVersion.State.PUBLISHED] or versions
    chosen = next((row for row in versions if str(row.version) == wanted), valid[0] if valid else None)
    rules = rules_of(chosen) if chosen else None
    context = {
        "program": program,
        "versions": versions,
        "chosen": chosen,
        "rules": rules,
        "rows": [row for row in rules.walk() if row.enabled] if rules else [],
        "edition": edition_name(rules) if rules else "",
        "drafts": [row for row in known if row.in_studio],
        "sees_keys": request.viewer.may(PROGRAM, Access.EDIT),
        "sees_studio": request.viewer.may(STUDIO),
        "may_write": request.viewer.may(STUDIO, Access.EDIT),
    }
    return render(request, "subsidies/program_detail.html", context)


@needs(CALL)
def call_list(request: Request) -> HttpResponse:
    """All calls, the newest year first."""
    context = {
        "calls": _calls(request),
        "may_prepare": _may_prepare(request),
        "sees_ledger": request.viewer.may(LEDGER),
    }
    return render(request, "subsidies/call_list.html", context)


@needs(CALL)
def call_export(request: Request) -> HttpResponseBase:
    """All calls, written out."""
    trail = [("募集と配分", reverse("subsidies:call_list"))]
    return export_page(request, Export("募集一覧", call_columns(), _calls(request), trail))


def _calls(request: Request) -> QuerySet[Call]:
    rows: QuerySet[Call] = Call.objects.visible_to(request.viewer)
    return rows.select_related("program", "ruleset").defer("ruleset__content")


def _may_prepare(request: Request) -> bool:
    return request.viewer.may(CALL, Access.EDIT) or request.viewer.may(CALL, Access.SUBMIT)


def _call(request: Request, pk: int) -> Call:
    rows = Call.objects.visible_to(request.viewer).select_related("program", "ruleset", "series")
    call: Call = get_object_or_404(rows, pk=pk)
    return call


@needs(CALL)
def call_detail(request: Request, pk: int) -> HttpResponse:
    """One call with its dates and rules; for offices its budget by bureau (庁内限り)."""
    return _call_page(request, _call(request, pk))


def _call_page(
    request: Request, call: Call, *, allot: AllotForm | None = None, late: AdmitLateForm | None = None
) -> HttpResponse:
    viewer = request.viewer
    sees_budget = viewer.may(BUDGET)
    rows = budget_of(call) if sees_budget else []
    may_allot = viewer.may(BUDGET, Access.EDIT) or viewer.may(BUDGET, Access.SUBMIT)
    refused: Any = allot or late
    context = {
        "call": call,
        "sees_budget": sees_budget,
        "rows": rows,
        "total": total_of(rows),
        "allot_form": (allot or AllotForm(None, rows)) if may_allot else None,
        "late_form": (late or AdmitLateForm()) if viewer.is_bureau and viewer.has(Duty.BM) else None,
        "refused_form": refused,
        "may_prepare": _may_prepare(request),
        "may_open": viewer.may(CALL, Access.SUBMIT),
    }
    return render(request, "subsidies/call_detail.html", context)


def call_create(request: Request) -> HttpResponse:
    """Prepare a call."""
    _require_preparing(request)
    form = CallForm(posted(request), request.viewer)
    if request.method == "POST" and form.is_valid():
        try:
            call = calls.prepare_call(viewer=request.viewer, values=form.values())
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "募集を準備しました。配当を登録すると公開できます。")
            return redirect("subsidies:call_detail", call.pk)
    return render(request, "subsidies/call_form.html", {"form": form, "call": None})


def _require_preparing(request: Request) -> None:
    if not request.viewer.may(CALL, Access.SUBMIT):
        require(request.viewer, CALL, Access.EDIT)


def call_edit(request: Request, pk: int) -> HttpResponse:
    """Change a call."""
    call = _call(request, pk)
    _require_preparing(request)
    form = CallForm(posted(request), request.viewer, call)
    if request.method == "POST" and form.is_valid():
        try:
            calls.change_call(call_id=pk, viewer=request.viewer, values=form.values())
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "募集を変更しました。")
            return redirect("subsidies:call_detail", pk)
    return render(request, "subsidies/call_form.html", {"form": form, "call": call})


@require_POST
def call_open(request: Request, pk: int) -> HttpResponse:
    """Publish a call."""
    return _moved(request, pk, calls.open_call, "募集を公開しました。")


@require_POST
def call_close(request: Request, pk: int) -> HttpResponse:
    """Close a call."""
    return _moved(request, pk, calls.close_call, "募集を締め切りました。")


def _moved(request: Request, pk: int, act: Any, said: str) -> HttpResponse:
    call = _call(request, pk)
    require(request.viewer, CALL, Access.SUBMIT)
    try:
        act(call_id=call.pk, viewer=request.viewer)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        messages.success(request, said)
    return redirect("subsidies:call_detail", pk)


@require_POST
def call_allot(request: Request, pk: int) -> HttpResponse:
    """Set the budget of each bureau."""
    call = _call(request, pk)
    if not request.viewer.may(BUDGET, Access.SUBMIT):
        require(request.viewer, BUDGET, Access.EDIT)
    form = AllotForm(request.POST, budget_of(call))
    if form.is_valid():
        try:
            calls.allot(call_id=pk, viewer=request.viewer, amounts=form.amounts())
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "配当を登録しました。")
            return redirect("subsidies:call_detail", pk)
    return _call_page(request, call, allot=form)


@require_POST
def application_admit_late(request: Request, pk: int) -> HttpResponse:
    """締切後の受理: the bureau's decider admits one application, named by the number the town told."""
    call = _call(request, pk)
    if not (request.viewer.is_bureau and request.viewer.has(Duty.BM)):
        raise PermissionDenied("締切後の受理は、主管振興局の決裁者が認めます。")
    form = AdmitLateForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"].strip()
        waiting = Application.objects.awaiting_admission(request.viewer).filter(call=call, number=number).first()
        if waiting is None:
            form.add_error("number", "この番号の、締切を過ぎて提出を待つ申請はありません。")
        else:
            try:
                reason = form.cleaned_data["reason"]
                submissions.admit_late(application_id=waiting.pk, viewer=request.viewer, reason=reason)
            except Refused as refused:
                form.add_error("reason", refused.problems)
    if form.errors:
        return _call_page(request, call, late=form)
    messages.success(request, f"{form.cleaned_data['number']}の締切後の受理を認めました。")
    return redirect("subsidies:call_detail", pk)


urls = [
    path("programs/", program_list, name="program_list"),
    path("programs/export/", program_export, name="program_export"),
    path("programs/<slug:code>/", program_detail, name="program_detail"),
    path("calls/", call_list, name="call_list"),
    path("calls/export/", call_export, name="call_export"),
    path("calls/new/", call_create, name="call_create"),
    path("calls/<int:pk>/", call_detail, name="call_detail"),
    path("calls/<int:pk>/edit/", call_edit, name="call_edit"),
    path("calls/<int:pk>/open/", call_open, name="call_open"),
    path("calls/<int:pk>/close/", call_close, name="call_close"),
    path("calls/<int:pk>/allotments/", call_allot, name="call_allot"),
    path("calls/<int:pk>/late/", application_admit_late, name="application_admit_late"),
]
