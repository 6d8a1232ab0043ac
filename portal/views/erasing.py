"""消去と廃棄簿: what a decided list will erase, the act itself, its log, and the register of what was erased."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common import clock
from common.access import require
from common.documents import DocumentError, open_pdf, pdf_answer
from common.documents.issuing import draw_later
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.form_fields import DayField
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from ..duties import RETENTION
from ..exports import erased_columns
from ..models import DisposalItem, DisposalList, Erased
from ..querysets import OF_REGISTER
from ..retention import services
from ..retention.classes import classes
from ..retention.extent import Amount, Extent, amount_of, summed
from ..retention.register import hindrances
from .holds import parted_or_404

PER_PAGE = 50
TRAIL = ("保存と廃棄", "portal:retention_list")
NOT_YOURS = "廃棄簿は、申請、協定、ビジョンまたは前進プランを見られる人だけが見られます。"


class CarryOutForm(forms.Form):
    """What the person must say before anything is erased."""

    count = forms.IntegerField(
        label="消去する件数",
        min_value=1,
        help_text="確かめるため、この画面の初めに示した件数を数字で入力してください。",
        widget=forms.TextInput(attrs={"size": 6, "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "消去する件数を数字で入力してください。例：3"},
    )
    handed_over_on = DayField(
        label="文書館に引き渡した日", help_text="移管するものを文書館に引き渡した日です。例：令和8年11月20日"
    )

    def __init__(self, data: Any, *, transfers: bool) -> None:
        super().__init__(data)
        if not transfers:
            del self.fields["handed_over_on"]


class ErasedForm(forms.Form):
    """Which class, which fiscal year, words."""

    kind = forms.ChoiceField(label="区分", required=False)
    year = forms.ChoiceField(label="年度", required=False)
    q = forms.CharField(label="番号・題名・地域", required=False, widget=forms.TextInput(attrs={"size": 24}))

    def __init__(self, data: Any, years: list[int]) -> None:
        super().__init__(data)
        self.label_suffix = ""
        kinds = [("", "すべて"), *((one.code, one.label) for one in classes().values())]
        self.fields["kind"] = forms.ChoiceField(label="区分", required=False, choices=kinds)
        named = [("", "すべて"), *((str(year), FiscalYear(year).wareki) for year in years)]
        self.fields["year"] = forms.ChoiceField(label="年度", required=False, choices=named)


def disposal_erase(request: Request, pk: int) -> HttpResponse:
    """What will be erased and what stays; then the act. Nobody but staff of headquarters who did not decide acts."""
    standing = get_object_or_404(DisposalList.objects.visible_to(request.viewer), pk=pk)
    require(request.viewer, RETENTION)
    if standing.state != DisposalList.State.DECIDED:
        raise Http404
    items = list(standing.items.exclude(treatment=DisposalItem.Treatment.EXTEND))
    transfers = any(item.treatment == DisposalItem.Treatment.TRANSFER for item in items)
    form = CarryOutForm(request.POST if request.method == "POST" else None, transfers=transfers)
    if request.method == "POST":
        require(request.viewer, RETENTION, Access.EDIT)
        if form.is_valid():
            try:
                task = services.carry_out(list_id=pk, viewer=request.viewer, **form.cleaned_data)
            except Conflict as changed:
                messages.error(request, str(changed))
                return redirect("portal:disposal_detail", pk)
            except Refused as refused:
                for problem in refused.problems:
                    form.add_error(None, problem)
            else:
                messages.success(request, "消去を始めました。終わると、廃棄の記録ができます。")
                return redirect("portal:task_detail", task.pk)
    hindered = hindrances(items)
    going = [item for item in items if (item.kind, item.key) not in hindered]
    amounts = _amounts(going)
    context = {
        "list": standing,
        "form": form,
        "total": len(items),
        "going": len(going),
        "held": [(item, hindered[item.kind, item.key]) for item in items if (item.kind, item.key) in hindered],
        "kinds": [(classes()[kind].label, many, amount) for kind, many, amount in amounts],
        "sums": summed([amount for _, _, amount in amounts]),
        "taken": services.taken(standing),
        "transfers": transfers,
        "may_act": request.viewer.is_prefecture and request.viewer.may(RETENTION, Access.EDIT),
        "decided_it": standing.decided_by_id == request.viewer.person,
    }
    return render(request, "portal/disposal_erase.html", context, status=422 if form.errors else 200)


def _amounts(items: list[DisposalItem]) -> list[tuple[str, int, Amount]]:
    """By class: how many things and how much goes of them."""
    keys: dict[str, list[str]] = defaultdict(list)
    for item in items:
        keys[item.kind].append(item.key)
    return [(kind, len(keys[kind]), amount_of(Extent(kind, keys[kind]))) for kind in classes() if kind in keys]


def disposal_log(request: Request, pk: int) -> HttpResponse:
    """D-34 as it was issued; while it is not drawn yet, the way to where its drawing can be followed."""
    standing = get_object_or_404(
        DisposalList.objects.visible_to(request.viewer).filter(log__isnull=False).select_related("log"), pk=pk
    )
    require(request.viewer, RETENTION)
    paper: Any = standing.log
    if not paper.pdf:
        address = reverse("portal:disposal_log", args=[pk])
        return redirect("portal:task_detail", draw_later(paper, request.viewer, address).pk)
    try:
        return pdf_answer(open_pdf(paper, request.viewer), paper.title)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect("portal:disposal_detail", pk)


def erased_list(request: Request) -> HttpResponse:
    """廃棄簿: the lines of what was erased, for whoever might read the things themselves before."""
    known = _known(request)
    form, rows = _narrowed(request, known)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "narrowed": bool(request.GET),
        "page": page,
        "rows": [(row, classes()[row.kind].label) for row in page.object_list],
        "sums": rows.order_by().aggregate(
            granted=Sum("granted_yen"), paid=Sum("paid_yen"), returned=Sum("returned_yen")
        ),
        "keeps": request.viewer.may(RETENTION),
    }
    return render(request, "portal/erased_list.html", context)


def erased_export(request: Request) -> HttpResponseBase:
    """The register as the page narrows it, written out."""
    _, rows = _narrowed(request, _known(request))
    return export_page(request, Export("廃棄簿", erased_columns(), rows, [("廃棄簿", reverse("portal:erased_list"))]))


def erased_detail(request: Request, name: str) -> HttpResponse:
    """One line: all that is left of a thing (`application-12`)."""
    kind, key = parted_or_404(name)
    row = get_object_or_404(_visible(request), kind=kind, ref=key)
    standing = row.item.list
    context = {
        "row": row,
        "label": classes()[row.kind].label,
        "list": standing if DisposalList.objects.visible_to(request.viewer).filter(pk=standing.pk).exists() else None,
        "keeps": request.viewer.may(RETENTION),
        "today": clock.today(),
    }
    return render(request, "portal/erased_detail.html", context)


def _visible(request: Request) -> QuerySet[Erased]:
    rows: QuerySet[Erased] = Erased.objects.visible_to(request.viewer).select_related("item__list")
    return rows


def _known(request: Request) -> QuerySet[Erased]:
    """The lines that the person may read. Raises PermissionDenied where she reads none of the four classes."""
    viewer = request.viewer
    if not (viewer.may(RETENTION) or any(viewer.may(action) for _, action, _ in OF_REGISTER)):
        raise PermissionDenied(NOT_YOURS)
    return _visible(request)


def _narrowed(request: Request, rows: QuerySet[Erased]) -> tuple[ErasedForm, QuerySet[Erased]]:
    years = sorted(set(rows.order_by().values_list("from_fy", flat=True)), reverse=True)
    form = ErasedForm(request.GET or None, years)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["year"]:
            rows = rows.filter(from_fy__lte=int(asked["year"]), to_fy__gte=int(asked["year"]))
        for word in asked["q"].split():
            rows = rows.filter(
                Q(item__title__icontains=word)
                | Q(item__number__icontains=word)
                | Q(order_number__icontains=word)
                | Q(region_name__icontains=word)
                | Q(lead__icontains=word)
                | Q(bureau_name__icontains=word)
            )
    return form, rows
