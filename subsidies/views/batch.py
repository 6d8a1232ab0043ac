"""Batch work: select, preview, act, a result for each row, and what may be taken back again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs
from common.documents import DocumentError
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.sheets.writing import Column
from common.viewer import Viewer

from ..batch_acts import ACTS, NOT_YOURS, BatchAct, acts_for
from ..batch_letters import letters_archive, letters_of
from ..duties import BATCH
from ..forms.batch import FORMS, BatchForm
from ..models import Application, Batch, BatchRow
from ..services import batches
from ..worklist import case_page

PAGE_ROWS = 50
ROW_FACTS = ("call__program", "call__ruleset", "region", "lead", "lead_bureau", "evaluation")


@dataclass(frozen=True)
class Expected:
    """What would come of one application: a sentence, and whether it would work."""

    application: Application
    works: bool
    text: str


def batch_new(request: Request) -> HttpResponse:
    """Several applications and one act: what is given for all, what would come of each, then the act itself."""
    viewer = request.viewer
    possible = acts_for(viewer)
    if not possible:
        raise PermissionDenied(NOT_YOURS)
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(viewer, given.getlist("pk"))
    act = next((one for one in possible if one.code == given.get("act")), possible[0])
    form = FORMS[act.code](request.POST if request.method == "POST" else None)
    expected: list[Expected] = []
    if request.method == "POST" and form.is_valid() and chosen:
        expected = [_expected(one, act, viewer, form) for one in chosen]
        if request.POST.get("step") == "go" and (done := _started(request, act, form, chosen)):
            return done
    context = {
        "possible": possible,
        "act": act,
        "form": form,
        "chosen": chosen,
        "expected": expected,
        "works": sum(one.works for one in expected),
        "case_page": case_page(viewer),
        "at_once": batches.AT_ONCE,
    }
    return render(request, "subsidies/batch_new.html", context, status=422 if form.errors else 200)


def _started(request: Request, act: BatchAct, form: BatchForm, chosen: list[Application]) -> HttpResponse | None:
    """Begin the batch and lead to its results; None where it was refused, which the form says."""
    try:
        batch = batches.start(
            viewer=request.viewer,
            act=act.code,
            parameters=form.parameters(),
            application_ids=[one.pk for one in chosen],
        )
    except Refused as refused:
        form.add_error(None, refused.problems)
        return None
    return redirect("subsidies:batch_detail", batch.pk)


def _chosen(viewer: Viewer, keys: list[str]) -> list[Application]:
    known = Application.objects.visible_to(viewer).filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return list(known.select_related(*ROW_FACTS).order_by("lead_bureau__order", "submitted_at", "pk"))


def _expected(application: Application, act: BatchAct, viewer: Viewer, form: BatchForm) -> Expected:
    try:
        return Expected(application, True, act.preview(application, viewer, form.parameters()))
    except Refused as refused:
        return Expected(application, False, "\n".join(refused.problems))


def _found(request: Request, pk: int) -> Batch:
    batch: Batch = get_object_or_404(Batch.objects.visible_to(request.viewer), pk=pk)
    return batch


def batch_detail(request: Request, pk: int) -> HttpResponse:
    """The result of each row; the moving piece alone for htmx while the worker goes on."""
    batch = _found(request, pk)
    rows = list(batch.rows.select_related("application__region", "application__lead_bureau"))
    letters = letters_of(batch)
    drawn = sum(bool(paper.pdf) for paper in letters)
    count = {state: sum(row.state == state for row in rows) for state in BatchRow.State}
    own = batch.by_id == request.viewer.user_id and ACTS[batch.act].may(request.viewer)
    context: dict[str, Any] = {
        "batch": batch,
        "rows": rows,
        "total": len(rows),
        "waiting": count[BatchRow.State.WAITING],
        "finished": len(rows) - count[BatchRow.State.WAITING],
        "done": count[BatchRow.State.DONE],
        "refused": count[BatchRow.State.REFUSED],
        "undone": count[BatchRow.State.UNDONE],
        "percent": 100 * (len(rows) - count[BatchRow.State.WAITING]) // max(1, len(rows)),
        "letters": len(letters),
        "drawn": drawn,
        "going_on": bool(count[BatchRow.State.WAITING]) or drawn < len(letters),
        "letters_percent": 100 * drawn // max(1, len(letters)),
        "case_page": case_page(request.viewer),
        "may_retry": own and bool(count[BatchRow.State.REFUSED]) and not count[BatchRow.State.WAITING],
        "may_undo": own
        and batch.act == Batch.Act.RECEIVE
        and bool(count[BatchRow.State.DONE])
        and any(row.at and row.at.date() == clock.now().date() for row in rows),
    }
    return render(request, "subsidies/_batch_rows.html" if request.htmx else "subsidies/batch_detail.html", context)


def batch_letters(request: Request, pk: int) -> HttpResponseBase:
    """Every letter of a batch in one archive, to print and to send."""
    batch = _found(request, pk)
    try:
        archive = letters_archive(batch, request.viewer)
    except (Refused, DocumentError) as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:batch_detail", pk)
    name = f"通知書_{batch.get_act_display()}_{clock.today():%Y%m%d}_{batch.pk}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
def batch_retry(request: Request, pk: int) -> HttpResponse:
    """Try the refused rows again."""
    batch = _found(request, pk)
    try:
        batches.retry(batch_id=batch.pk, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "できなかった行をやり直しました。")
    return redirect("subsidies:batch_detail", pk)


@require_POST
def batch_undo(request: Request, pk: int) -> HttpResponse:
    """Take receipts back."""
    batch = _found(request, pk)
    try:
        undone = batches.undo(batch_id=batch.pk, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{undone}件の受付を取り消しました。")
    return redirect("subsidies:batch_detail", pk)


def batch_result_export(request: Request, pk: int) -> HttpResponseBase:
    """The result of each row, written out."""
    batch = _found(request, pk)
    rows = batch.rows.select_related("application__region", "application__lead_bureau").order_by("pk")
    trail = [
        ("まとめて処理", reverse("subsidies:batch_list")),
        (f"{batch.get_act_display()}の結果", reverse("subsidies:batch_detail", args=[batch.pk])),
    ]
    return export_page(request, Export(f"まとめて処理の結果_{batch.pk}", _row_columns(), rows, trail))


def _row_columns() -> list[Column[Any]]:
    return [
        Column("申請番号", lambda row: row.application.number, 22),
        Column("連携地域", lambda row: row.application.region.name, 28),
        Column("主管振興局", lambda row: row.application.lead_bureau.name, 18),
        Column("結果", lambda row: row.get_state_display(), 14),
        Column("内容", lambda row: row.message, 60),
        Column("処理日", lambda row: row.at, 12),
    ]


def _batches(request: Request) -> QuerySet[Batch]:
    rows: QuerySet[Batch] = Batch.objects.visible_to(request.viewer)
    counted = {state.value: Count("rows", filter=Q(rows__state=state)) for state in BatchRow.State}
    return rows.annotate(**{f"{name}_count": count for name, count in counted.items()}).order_by("-pk")


@needs(BATCH)
def batch_list(request: Request) -> HttpResponse:
    """What reviewers of this office did to several applications at once, newest first."""
    page = Paginator(_batches(request), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "subsidies/batch_list.html", {"page": page})


@needs(BATCH)
def batch_export(request: Request) -> HttpResponseBase:
    """The list, written out."""
    columns: list[Column[Any]] = [
        Column("番号", lambda row: row.pk, 8),
        Column("日付", lambda row: row.at, 12),
        Column("処理", lambda row: row.get_act_display(), 10),
        Column("処理した人", lambda row: row.who, 34),
        Column("済（件）", lambda row: row.done_count, 10),
        Column("できません（件）", lambda row: row.refused_count, 16),
        Column("取消し（件）", lambda row: row.undone_count, 12),
        Column("待機中（件）", lambda row: row.waiting_count, 12),
    ]
    trail = [
        ("申請・交付決定", reverse("subsidies:application_list")),
        ("まとめて処理", reverse("subsidies:batch_list")),
    ]
    return export_page(request, Export("まとめて処理一覧", columns, _batches(request), trail))


urls = [
    path("batches/", batch_list, name="batch_list"),
    path("batches/export/", batch_export, name="batch_export"),
    path("batches/new/", batch_new, name="batch_new"),
    path("batches/<int:pk>/", batch_detail, name="batch_detail"),
    path("batches/<int:pk>/letters.zip", batch_letters, name="batch_letters"),
    path("batches/<int:pk>/retry/", batch_retry, name="batch_retry"),
    path("batches/<int:pk>/undo/", batch_undo, name="batch_undo"),
    path("batches/<int:pk>/export/", batch_result_export, name="batch_result_export"),
]
