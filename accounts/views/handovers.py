"""Hand-overs when staff change posts: the list, preparing, the preview, confirming, taking back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs, require
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear, parse_day, wareki
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Duty, OfficeKind

from .. import personal_work, services
from ..duties import HANDOVER
from ..exports import handover_columns
from ..handing_over import ENDS, STAYS, Sheet, left_without, offices_of, sheet_of
from ..models import Handover
from ..services import HandoverDraft, Move

PER_PAGE = 20


@needs(HANDOVER)
def handover_list(request: Request) -> HttpResponse:
    """Hand-overs of the own office, the prepared ones first; all offices for the administrator and headquarters."""
    rows = Handover.objects.visible_to(request.viewer).for_list()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_prepare": request.viewer.may(HANDOVER, Access.EDIT)}
    return render(request, "accounts/handover_list.html", context)


@needs(HANDOVER)
def handover_export(request: Request) -> HttpResponseBase:
    """The hand-overs of the list, written out."""
    rows = list(Handover.objects.visible_to(request.viewer).for_list())
    return export_page(request, Export("異動の引継ぎ一覧", handover_columns(), rows, [_list_step()]))


@needs(HANDOVER, Access.EDIT)
def handover_new(request: Request) -> HttpResponse:
    """Choose for many duties at once who takes over, on which day."""
    return _sheet_page(request, None)


def handover_edit(request: Request, pk: int) -> HttpResponse:
    """Change what was prepared."""
    handover = _handover(request, pk, Access.EDIT)
    if handover.state != Handover.State.PREPARED:
        messages.warning(request, f"「{handover.get_state_display()}」の引継ぎは変えられません。")
        return redirect("accounts:handover_detail", pk)
    return _sheet_page(request, handover)


def handover_detail(request: Request, pk: int) -> HttpResponse:
    """Before: who loses and gets what, and what stands in the way. After: what was done."""
    handover = _handover(request, pk)
    rows = list(handover.rows.select_related("post__office", "post__user", "office", "person", "successor"))
    prepared = handover.state == Handover.State.PREPARED
    officers = [row.person_id for row in rows if row.duty == Duty.MF] if prepared else []
    context = {
        "handover": handover,
        "rows": rows,
        "problems": services.problems_of(handover, rows) if prepared else [],
        "lost": left_without(handover, rows) if prepared else [],
        "work": personal_work.open_work(officers, handover.office_code) if officers else {},
        "prepared": prepared,
        "may_edit": prepared and _may(request, handover, Access.EDIT),
        "may_confirm": prepared and _may(request, handover, Access.SUBMIT),
        "may_undo": handover.state == Handover.State.CONFIRMED and _may(request, handover, Access.SUBMIT),
    }
    return render(request, "accounts/handover_detail.html", context)


@require_POST
def handover_confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm the whole hand-over."""
    return _act(request, pk, Access.SUBMIT, services.confirm_handover, "異動の引継ぎを確定しました。")


@require_POST
def handover_undo(request: Request, pk: int) -> HttpResponse:
    """Take a confirmed hand-over back, with the reason."""

    def undo(handover_id: int, *, viewer: object) -> object:
        return services.undo_handover(handover_id, reason=request.POST.get("reason", ""), viewer=request.viewer)

    return _act(request, pk, Access.SUBMIT, undo, "異動の引継ぎを取り消しました。")


@require_POST
def handover_discard(request: Request, pk: int) -> HttpResponse:
    """Throw away what was prepared."""
    handover = _handover(request, pk, Access.EDIT)
    try:
        services.discard_handover(handover.pk, viewer=request.viewer)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
        return redirect("accounts:handover_detail", pk)
    messages.success(request, "準備した引継ぎを削除しました。")
    return redirect("accounts:handover_list")


def _sheet_page(request: Request, handover: Handover | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    offices = offices_of(request.viewer)
    wanted = f"{handover.office_kind}:{handover.office_code}" if handover else data.get("office", offices[0][0])
    if wanted not in dict(offices):
        raise PermissionDenied("異動の引継ぎは、自分の所属について行います。")
    kind, code = wanted.split(":", 1)
    typed_day, wrong = data.get("on", ""), ""
    default = handover.effective_on if handover else FiscalYear.of(clock.today()).last_day.replace(month=4, day=1)
    try:
        on = parse_day(typed_day) if typed_day.strip() else default
    except ValueError as reason:
        on, wrong = default, f"異動の日：{reason}"
    chosen = (
        {row.post_id: str(row.successor_id or ENDS) for row in handover.rows.all() if row.post_id} if handover else {}
    )
    more = [word for word in re.split(r"[、,，\s]+", data.get("people", "")) if word]
    sheet = sheet_of(OfficeKind(kind), code, on, more=more, chosen=chosen)
    if sheet is None:
        raise PermissionDenied("この所属は登録されていません。")
    problems = [wrong] if wrong else []
    problems += [
        f"利用者ID「{name}」の利用者は登録されていません。システム管理者に登録を頼んでください。"
        for name in sheet.unknown
    ]
    if request.method == "POST":
        sheet = sheet.shown({line.post.pk: request.POST.get(f"move-{line.post.pk}", STAYS) for line in sheet.lines})
        if "save" in request.POST and not problems:
            try:
                saved = _save(request, handover, sheet, on)
            except Conflict as conflict:
                problems += conflict.problems
            except Refused as refused:
                problems += refused.problems
            else:
                messages.success(request, "引継ぎを準備しました。内容を確かめてから確定してください。")
                return redirect("accounts:handover_detail", saved.pk)
    context = {
        "handover": handover,
        "sheet": sheet,
        "offices": offices,
        "office": wanted,
        "on": typed_day if wrong else wareki(on),
        "note": data.get("note", handover.note if handover else ""),
        "people": data.get("people", ""),
        "problems": problems,
        "stays": STAYS,
        "ends": ENDS,
    }
    status = 422 if problems and request.method == "POST" else 200
    return render(request, "accounts/handover_form.html", context, status=status)


def _save(request: Request, handover: Handover | None, sheet: Sheet, on: date) -> Handover:
    moves = tuple(
        Move(line.post.pk, int(line.chosen) if line.chosen.isdecimal() else None)
        for line in sheet.lines
        if line.chosen == ENDS or line.chosen.isdecimal()
    )
    draft = HandoverDraft(sheet.kind, sheet.code, on, moves, request.POST.get("note", "")[:200])
    if handover is None:
        return services.prepare_handover(draft, viewer=request.viewer)
    revision = request.POST.get("revision", "")
    return services.change_handover(
        handover.pk, draft, revision=int(revision) if revision.isdecimal() else 0, viewer=request.viewer
    )


def _act(request: Request, pk: int, access: Access, service: Callable[..., object], done: str) -> HttpResponse:
    handover = _handover(request, pk, access)
    try:
        service(handover.pk, viewer=request.viewer)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        messages.success(request, done)
    return redirect("accounts:handover_detail", pk)


def _handover(request: Request, pk: int, access: Access = Access.READ) -> Handover:
    """The hand-over: 404 if this office may not know it, 403 if it is not one's duty."""
    handover: Handover = get_object_or_404(Handover.objects.visible_to(request.viewer), pk=pk)
    require(request.viewer, HANDOVER, access)
    return handover


def _may(request: Request, handover: Handover, access: Access) -> bool:
    viewer = request.viewer
    own = viewer.office.key == f"{handover.office_kind}:{handover.office_code}"
    return viewer.may(HANDOVER, access) and (own or viewer.has(Duty.AD))


def _list_step() -> tuple[str, str]:
    return "異動の引継ぎ", reverse("accounts:handover_list")
