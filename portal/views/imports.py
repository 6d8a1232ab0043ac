"""データの取込: from the file to the confirmed import, one page for each question a person is asked."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import clock, files
from common.access import needs
from common.errors import Refused
from common.models import SheetImport, SheetMapping
from common.request import Request
from common.sheets import importing
from common.sheets.describing import blank_form
from common.sheets.exporting import Export, download, export_page
from common.sheets.fields import Context
from common.sheets.inspecting import book_of
from common.sheets.kinds import SheetKind, all_kinds, kind_of
from common.sheets.limits import from_settings
from common.sheets.results import result_file
from common.viewer import Access, Duty, Viewer

from ..duties import IMPORT
from ..import_columns import ColumnChoice
from ..import_forms import ListForm, SourceForm, UploadForm, sheets_with_rows
from ..import_pages import KindView, export_columns, history_of, lines_of, origin_of, rows_of
from ..import_texts import HEADINGS, STEP_OF, State, badge_of, outcome_of, progress_of, steps_at

PER_PAGE = 30
LAYOUT = "I-01"  # the message that names the ready-made layout which was recognised
OPEN = (State.UPLOADED, State.MAPPING, State.CHECKED, State.REFUSED, State.FAILED)  # the way of reading may change


@needs(IMPORT)
def import_list(request: Request) -> HttpResponse:
    """Imports of the viewer's office, newest first; headquarters, audit and the administrator see all."""
    form = ListForm(request.GET or None)
    runs = form.narrowed(SheetImport.objects.visible_to(request.viewer))
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.object_list, request.viewer),
        "narrowed": form.narrows,
        "may_import": request.viewer.may(IMPORT, Access.EDIT),
        "everyone": request.viewer.has(Duty.HS, Duty.HM, Duty.AD, Duty.AU),
    }
    return render(request, "portal/import_list.html", context)


@needs(IMPORT)
def import_export(request: Request) -> HttpResponseBase:
    """The imports of the list, all pages, written out."""
    runs = ListForm(request.GET or None).narrowed(SheetImport.objects.visible_to(request.viewer))
    trail = [("データの取込", reverse("portal:import_list"))]
    return export_page(request, Export("データの取込", export_columns(), runs, trail))


@needs(IMPORT, Access.EDIT)
def import_kinds(request: Request) -> HttpResponse:
    """Which sheet: those this person may bring in; those about one thing start from the page of that thing."""
    allowed = [kind for kind in all_kinds() if kind.allows(request.viewer)]
    context = {
        "kinds": [KindView(kind) for kind in allowed if not kind.parameters],
        "elsewhere": [kind for kind in allowed if kind.parameters],
    }
    return render(request, "portal/import_kinds.html", context)


def import_new(request: Request, kind: str) -> HttpResponse:
    """Choose the file; the columns are explained beside it. A file that can be read leads on to its own pages."""
    sheet, parameters = _kind(request, kind)
    origin = origin_of(sheet, parameters, request.viewer)
    ctx = Context(viewer=request.viewer, parameters=parameters, today=clock.today())
    if origin:
        try:
            sheet.prepare(ctx)
        except Refused as refused:  # the thing may no longer be changed
            messages.error(request, str(refused))
            return redirect(origin.url)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        try:
            return redirect(_begin(request, sheet, parameters, form))
        except (Refused, files.FileRefused) as refused:
            form.refuse(refused)
    limits = from_settings()
    context = {
        "kind": KindView(sheet, ctx),
        "form": form,
        "back": origin,
        "steps": steps_at(0),
        "limits": limits,
        "megabytes": limits.bytes // (1024 * 1024),
        "saved": SheetMapping.objects.visible_to(request.viewer).filter(kind=sheet.id)[:5],
    }
    return render(request, "portal/import_new.html", context, status=422 if form.errors else 200)


def import_form(request: Request, kind: str) -> HttpResponseBase:
    """The empty form of a kind as .xlsx, with its lists and one row as an example on a sheet of its own."""
    sheet, parameters = _kind(request, kind)
    if parameters:  # its form leaves prefilled, from the page of the thing itself
        raise Http404
    return download(f"{sheet.id}_{sheet.title}", blank_form(sheet.form_fields(Context())))


def import_detail(request: Request, pk: int) -> HttpResponse:
    """One import as it stands: the way on, the progress, the differences, or what became of it.

    htmx asks for the moving piece of a busy one; when that has ended, it is told to load the page anew.
    """
    run = _run(request, pk)
    if run.state in (State.UPLOADED, State.MAPPING):
        return redirect("portal:import_columns", run.pk)
    if request.htmx:
        if run.busy:
            return render(request, "portal/_import_progress.html", _context(request, run))
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _detail(request, run)


def import_columns(request: Request, pk: int) -> HttpResponse:
    """Which column is which field, with what was suggested and why; sheet and encoding can be changed above it."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    if run.state not in OPEN:
        return redirect("portal:import_detail", run.pk)
    try:
        seen = importing.inspect(run, request.viewer)
    except Refused as refused:
        return _columns(request, run, None, refused.problems)
    sent = request.POST if request.method == "POST" else None
    choice = ColumnChoice(seen, sent)
    if sent is None:
        return _columns(request, run, choice, [])
    problems = choice.problems()
    if not problems:
        try:
            run = importing.choose(
                run, mapping=choice.mapping, save_as=sent.get("save_as", "").strip()[:60] or None, viewer=request.viewer
            )
            importing.check(run, request.viewer)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("portal:import_detail", run.pk)
    return _columns(request, run, choice, problems)


@require_POST
def import_reread(request: Request, pk: int) -> HttpResponse:
    """Read another sheet of the book, or the text in another encoding, and ask for the columns again."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    form = SourceForm(request.POST)
    if form.is_valid():
        asked = {name: text for name, text in form.cleaned_data.items() if text}
        try:
            importing.choose(run, viewer=request.viewer, **asked)
        except Refused as refused:
            messages.error(request, str(refused))
    return redirect("portal:import_columns", run.pk)


@require_POST
def import_confirm(request: Request, pk: int) -> HttpResponse:
    """Write what the page showed. A second click finds it written and only shows it."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    if run.state in (State.WRITING, State.DONE):
        return redirect("portal:import_detail", run.pk)
    if request.POST.get("diff") != run.diff_sha256:
        return _detail(request, run, ["画面を開いた後に内容が変わりました。下の違いをもう一度確かめてください。"])
    return _act(request, run, importing.confirm, skip_errors=bool(request.POST.get("skip_errors")))


@require_POST
def import_discard(request: Request, pk: int) -> HttpResponse:
    """Give the import up before anything was written."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    if run.state == State.DISCARDED:
        return redirect("portal:import_detail", run.pk)
    return _act(request, run, importing.discard)


@require_POST
def import_undo(request: Request, pk: int) -> HttpResponse:
    """Take the import back; refused, with the row named, when somebody changed a row since."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    if run.state in (State.UNDOING, State.UNDONE):
        return redirect("portal:import_detail", run.pk)
    return _act(request, run, importing.undo)


@require_POST
def import_retry(request: Request, pk: int) -> HttpResponse:
    """Try again what a worker could not end."""
    run = _run(request, pk)
    _demand(run, request.viewer)
    return _act(request, run, importing.check)


def import_result(request: Request, pk: int) -> HttpResponseBase:
    """The original with 結果 and メッセージ for each row, as .xlsx."""
    run = _run(request, pk)
    if not run.chunks.exists():
        raise Http404
    try:
        content = result_file(run, request.viewer)
    except Refused as refused:
        return _detail(request, run, refused.problems)
    return download(f"{run.file_name.rsplit('.', 1)[0]}_結果", content)


def import_original(request: Request, pk: int) -> HttpResponseBase:
    """The file as it came."""
    run = _run(request, pk)
    if run.file is None:
        raise Http404
    response: FileResponse = files.download(run.file, viewer=request.viewer)
    return response


def _run(request: Request, pk: int) -> SheetImport:
    return get_object_or_404(
        SheetImport.objects.visible_to(request.viewer).select_related("task", "file", "created_by"), pk=pk
    )


def _kind(request: Request, kind: str) -> tuple[SheetKind, dict[str, str]]:
    """Return a kind that this person may bring in, with what the address says it is about."""
    try:
        sheet = kind_of(kind)
    except KeyError as unknown:
        raise Http404 from unknown
    sheet.demand(request.viewer)
    parameters = {name: request.GET.get(name, "") for name in sheet.parameters}
    if not all(parameters.values()):
        raise Http404
    return sheet, parameters


def _demand(run: SheetImport, viewer: Viewer) -> None:
    kind_of(run.kind).demand(viewer)


def _act(request: Request, run: SheetImport, service: Any, **given: Any) -> HttpResponse:
    """Call one service on the run; what it refuses stands above the page, which shows the run as it is."""
    try:
        service(run, viewer=request.viewer, **given)
    except Refused as refused:
        run.refresh_from_db()
        return _detail(request, run, refused.problems)
    return redirect("portal:import_detail", run.pk)


def _context(request: Request, run: SheetImport) -> dict[str, Any]:
    """What every page of a run shows."""
    kind = kind_of(run.kind)
    try:
        origin = origin_of(kind, run.parameters, request.viewer)
    except (Http404, PermissionDenied):  # an auditor reads the run, not the draft that it fed
        origin = None
    shown, sentence, stopped = progress_of(run, run.task)
    query = f"?{urlencode(run.parameters)}" if run.parameters else ""
    return {
        "run": run,
        "title": kind.title,
        "task": run.task,
        "back": origin,
        "badge": badge_of(run, mine=kind.allows(request.viewer) and run.office_key == request.viewer.office.key),
        "progress": {"label": shown.label, "shape": shown.shape, "sentence": sentence},
        "stopped": stopped,
        "may_act": kind.allows(request.viewer),
        "may_import": kind.allows(request.viewer),
        "upload_url": reverse("portal:import_new", args=[run.kind]) + query,
    }


def _detail(request: Request, run: SheetImport, problems: list[str] | None = None) -> HttpResponse:
    """The page of a run, with what was refused above it."""
    context = _context(request, run)
    compared = run.state in (State.CHECKED, State.DONE, State.UNDONE) and run.rows > 0
    write = run.new + run.changed
    columns = reverse("portal:import_columns", args=[run.pk]) if run.state == State.CHECKED else ""
    context |= {
        "heading": HEADINGS[State(run.state)],
        "steps": steps_at(STEP_OF[State(run.state)], columns) if State(run.state) in STEP_OF else [],
        "problems": [{"text": one, "target": ""} for one in problems or []],
        "refused": run.problem.split("\n") if run.state == State.REFUSED else [],
        "outcome": outcome_of(run),
        "layout": next((one["text"] for one in run.messages if one["id"] == LAYOUT), ""),
        "notices": [one["text"] for one in run.messages if one["id"] != LAYOUT],
        "mapped": list(run.mapping),
        "may_remap": context["may_act"] and run.file is not None,
        "may_read_original": run.file is not None,
        "again": run.checked_at is not None,  # it was compared before: the same file may do now
        "dock": {
            "sentence": _dock_sentence(run),
            "count": write,
            "may_skip": bool(run.error and write and request.viewer.has(Duty.HS, Duty.AD)),
        },
        "history": history_of(run),
    }
    if compared:
        try:
            context |= rows_of(run, request.viewer, request.GET)
        except Refused as refused:  # its subject is closed to changes, or the kind has other columns by now
            context["hidden_rows"] = str(refused)
        except (PermissionDenied, ObjectDoesNotExist):
            context["hidden_rows"] = "対象を書き換えられる人だけに表示します。"
    return render(request, "portal/import_detail.html", context, status=422 if problems else 200)


def _dock_sentence(run: SheetImport) -> str:
    if run.error and not run.new + run.changed:
        return f"エラーが{run.error:,}行あるため取り込めません。"
    if run.error:
        return f"エラーが{run.error:,}行あるため、このままでは取り込めません。まだ何も書き込んでいません。"
    if not run.new + run.changed:
        return "取り込むものはありません。"
    return f"登録 {run.new:,}件、更新 {run.changed:,}件を、すべてまとめて書き込みます。あとで取り消せます。"


def _columns(request: Request, run: SheetImport, choice: ColumnChoice | None, problems: list[str]) -> HttpResponse:
    """The page of the columns; without a choice no table was found, and only the way of reading can be changed."""
    table = choice.seen.table if choice else None
    context = _context(request, run) | {
        "steps": steps_at(1),
        "problems": [{"text": one, "target": ""} for one in problems],
        "source_form": _source(run, table.sheet if table else run.sheet),
        "columns": choice.lines if choice else [],
        "options": choice.options if choice else [],
        "needed": choice.needed if choice else [],
        "layout": choice.seen.layout if choice else "",
        "saved": choice.seen.saved if choice else "",
        "rows": len(table.numbers) if table else 0,
        "notices": [one.text for one in table.notices if one.id != "E-03"] if table else [],
        "guessed": bool(table and any(one.id == "E-03" for one in table.notices)),
        "save_as": request.POST.get("save_as", ""),
    }
    return render(request, "portal/import_columns.html", context, status=422 if problems else 200)


def _source(run: SheetImport, sheet: str) -> SourceForm | None:
    """What may be read otherwise: another sheet, or the text in another encoding (also when this one does not fit)."""
    try:
        book = book_of(run)
    except Refused:
        return SourceForm.about((), sheet, run.encoding)
    return SourceForm.about(book.sheets, sheet, book.encoding)


def _begin(request: Request, kind: SheetKind, parameters: dict[str, str], form: UploadForm) -> str:
    """Keep the file and look into it; return the page that comes next.

    A book with several sheets is asked about, and so are columns without a known name; all else is compared at once.
    Raises Refused or FileRefused when the file is not accepted.
    """
    run = importing.start(
        form.cleaned_data["file"],
        kind=kind.id,
        viewer=request.viewer,
        parameters=parameters,
        encoding=form.cleaned_data["encoding"] or None,
    )
    if len(sheets_with_rows(book_of(run))) < 2:
        with suppress(Refused):  # what is wrong with the file stands on the page of the run
            importing.check(run, request.viewer)
    return reverse("portal:import_detail", args=[run.pk])
