"""保存と廃棄: what is kept until when, and the lists on which the end of things is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.access import needs, require
from common.errors import Conflict, Refused
from common.form_fields import DayField
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from ..duties import RETENTION
from ..exports import disposal_columns, retention_columns
from ..models import DisposalItem, DisposalList, Erased
from ..retention import services
from ..retention.classes import classes
from ..retention.register import Record, records

PER_PAGE = 50
TRAIL = "保存と廃棄"


class RegisterForm(forms.Form):
    """Which class, how it stands, words of the title."""

    kind = forms.ChoiceField(label="区分", required=False)
    show = forms.ChoiceField(
        label="状態",
        required=False,
        choices=[("", "すべて"), ("due", "廃棄の対象"), ("held", "廃棄できない"), ("listed", "リストに掲載")],
    )
    q = forms.CharField(label="題名・番号", required=False, widget=forms.TextInput(attrs={"size": 18}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.label_suffix = ""
        kinds = [("", "すべて"), *((one.code, one.label) for one in classes().values())]
        self.fields["kind"] = forms.ChoiceField(label="区分", required=False, choices=kinds)


class TreatmentForm(forms.Form):
    """What becomes of one thing, and why."""

    treatment = forms.ChoiceField(label="取扱い", choices=DisposalItem.Treatment.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=200,
        help_text="移管または延長のときに入力します。例：地域の合意の経緯を示す資料として残す。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    extended_until = DayField(
        label="延長後の最終日", required=False, help_text="延長のときに入力します。例：令和13年3月31日"
    )


class ReasonForm(forms.Form):
    """Why a list is given back."""

    reason = forms.CharField(label="差し戻す理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@needs(RETENTION)
def retention_list(request: Request) -> HttpResponse:
    """Everything finished, what is due first at the top, with the lists that were made."""
    form = RegisterForm(request.GET or None)
    found, today = _found(form, request), clock.today()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lists = list(DisposalList.objects.visible_to(request.viewer)[:20])
    context = {
        "form": form,
        "narrowed": bool(request.GET),
        "page": page,
        "rows": [(record, record.state(today)) for record in page.object_list],
        "lists": lists,
        "sees_lists": request.viewer.is_prefecture,
        "may_prepare": request.viewer.is_prefecture and request.viewer.may(RETENTION, Access.EDIT),
        "due": sum(_is_due(record) for record in found),
        "classes": classes().values(),
        "gone": Erased.objects.visible_to(request.viewer).count(),
    }
    return render(request, "portal/retention_list.html", context)


@needs(RETENTION)
def retention_export(request: Request) -> HttpResponseBase:
    """The register as the page narrows it, written out."""
    rows = _found(RegisterForm(request.GET or None), request)
    return export_page(
        request, Export("保存と廃棄", retention_columns(), rows, [(TRAIL, reverse("portal:retention_list"))])
    )


@require_POST
@needs(RETENTION, Access.EDIT)
def disposal_new(request: Request) -> HttpResponse:
    """Put what is due on a new list."""
    kind = request.POST.get("kind", "")
    try:
        made = services.prepare(viewer=request.viewer, kind=kind if kind in classes() else "")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:retention_list")
    messages.success(request, f"{made}を作りました。1件ずつ取扱いを確かめてください。")
    return redirect("portal:disposal_detail", made.pk)


def disposal_detail(request: Request, pk: int) -> HttpResponse:
    """One list with its lines, its history and what this person may do next."""
    return _detail(request, _list_or_404(request, pk))


def disposal_export(request: Request, pk: int) -> HttpResponseBase:
    """The lines of a list, written out."""
    standing = _list_or_404(request, pk)
    trail = [
        (TRAIL, reverse("portal:retention_list")),
        (str(standing), reverse("portal:disposal_detail", args=[standing.pk])),
    ]
    return export_page(request, Export(f"廃棄リスト_{standing.pk}", disposal_columns(), standing.items.all(), trail))


def disposal_item(request: Request, pk: int) -> HttpResponse:
    """Say what becomes of one thing, or take it off the list."""
    visible = DisposalItem.objects.visible_to(request.viewer)
    item = get_object_or_404(visible.select_related("list"), pk=pk)
    require(request.viewer, RETENTION, Access.EDIT)
    start = {"treatment": item.treatment, "reason": item.reason, "extended_until": item.extended_until}
    form = TreatmentForm(request.POST or None, initial=start)
    if request.method == "POST":
        try:
            if "take_out" in request.POST:
                services.take_out(item_id=item.pk, viewer=request.viewer)
                return redirect("portal:disposal_detail", item.list_id)
            if form.is_valid():
                services.treat(item_id=item.pk, viewer=request.viewer, **form.cleaned_data)
                return redirect("portal:disposal_detail", item.list_id)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 422 if form.errors else 200
    return render(request, "portal/disposal_item.html", {"form": form, "item": item}, status=status)


@require_POST
def disposal_propose(request: Request, pk: int) -> HttpResponse:
    """Ask for the decision."""
    standing = _list_or_404(request, pk, Access.EDIT)
    return _act(
        request, standing, lambda: services.propose(list_id=standing.pk, viewer=request.viewer), "決裁を求めました。"
    )


@require_POST
def disposal_decide(request: Request, pk: int) -> HttpResponse:
    """Decide the list."""
    standing = _list_or_404(request, pk, Access.SUBMIT)
    return _act(
        request,
        standing,
        lambda: services.decide(list_id=standing.pk, viewer=request.viewer),
        "廃棄リストを決定しました。保存用ファイルを作成しています。",
    )


@require_POST
def disposal_send_back(request: Request, pk: int) -> HttpResponse:
    """Give the list back with a reason."""
    standing, form = _list_or_404(request, pk, Access.SUBMIT), ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, standing, form, status=422)
    reason = form.cleaned_data["reason"]
    return _act(
        request,
        standing,
        lambda: services.send_back(list_id=standing.pk, viewer=request.viewer, reason=reason),
        "差し戻しました。",
    )


def disposal_archive(request: Request, pk: int) -> HttpResponseBase:
    """The archive of a decided list; who takes it is written down."""
    standing = _list_or_404(request, pk)
    if not standing.archive or not default_storage.exists(standing.archive.name):
        raise Http404
    audit.record(request.viewer, "disposal.look", standing, f"{standing}の保存用ファイルの取得", internal=True)
    response = FileResponse(
        default_storage.open(standing.archive.name), as_attachment=True, filename=f"廃棄リスト_{standing.pk}.zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _detail(
    request: Request, standing: DisposalList, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    wrote = standing.writers.filter(pk=viewer.user_id).exists()
    proposed = standing.state == DisposalList.State.PROPOSED
    context = {
        "list": standing,
        "items": [
            (item, classes()[item.kind].label, getattr(item, "erased", None))
            for item in standing.items.select_related("erased")
        ],
        "may_prepare": standing.state == DisposalList.State.DRAFT and viewer.may(RETENTION, Access.EDIT),
        "may_decide": proposed and viewer.may(RETENTION, Access.SUBMIT) and not wrote,
        "own_work": proposed and viewer.may(RETENTION, Access.SUBMIT) and wrote,
        "form": form or ReasonForm(),
        "events": audit.timeline(standing, internal=True)[:20],
        "archived": bool(standing.archive) and default_storage.exists(standing.archive.name),
        "wanted": standing.items.exclude(treatment=DisposalItem.Treatment.EXTEND).count(),
        "erased": Erased.objects.visible_to(viewer).filter(item__list=standing).count(),
        "carries_out": viewer.may(RETENTION, Access.EDIT) and standing.decided_by_id != viewer.user_id,
    }
    return render(request, "portal/disposal_detail.html", context, status=status)


def _act(request: Request, standing: DisposalList, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except (Refused, Conflict) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("portal:disposal_detail", standing.pk)


def _list_or_404(request: Request, pk: int, access: Access = Access.READ) -> DisposalList:
    standing: DisposalList = get_object_or_404(DisposalList.objects.visible_to(request.viewer), pk=pk)
    require(request.viewer, RETENTION, access)
    return standing


def _found(form: RegisterForm, request: Request) -> list[Record]:
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {"kind": "", "show": "", "q": ""}
    tests: dict[str, Callable[[Record], bool]] = {
        "": lambda record: True,
        "due": _is_due,
        "held": lambda record: record.is_due(clock.today()) and bool(record.held) and record.item is None,
        "listed": lambda record: record.item is not None,
    }
    words = asked["q"].split()
    return [
        record
        for record in records(request.viewer)
        if asked["kind"] in ("", record.kind)
        and tests[asked["show"]](record)
        and all(word in record.title or word in record.number for word in words)
    ]


def _is_due(record: Record) -> bool:
    return record.item is None and not record.held and record.is_due(clock.today())
