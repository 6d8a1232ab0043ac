"""情報公開用の書き出し: prepared by staff of headquarters, approved by a decider, taken away with names masked."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import needs
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from ..duties import DISCLOSURE
from ..exports import disclosure_columns
from ..forms.disclosure import DisclosureForm
from ..forms.revocation import AnswerForm
from ..models import Application, Package
from ..services import packages
from .acting import acted
from .case_audit import taken_away
from .finding import posted


@needs(DISCLOSURE)
def disclosure_list(request: Request) -> HttpResponse:
    """The disclosures so far, newest first."""
    rows = _known(request).prefetch_related("applications__region")
    return render(request, "subsidies/disclosure_list.html", {"packages": rows[:200]})


@needs(DISCLOSURE)
def disclosure_export(request: Request) -> HttpResponseBase:
    """The disclosures so far, written out."""
    rows = _known(request).prefetch_related("applications")
    trail = [("情報公開用の書き出し", reverse("subsidies:disclosure_list"))]
    return export_page(request, Export("情報公開用の書き出し", disclosure_columns(), rows, trail))


@needs(DISCLOSURE, Access.EDIT)
def disclosure_new(request: Request) -> HttpResponse:
    """起案: the cases and why they are disclosed."""
    case = request.GET.get("case", "")
    known = Application.objects.visible_to(request.viewer).filter(pk=case).first() if case.isdecimal() else None
    form = DisclosureForm(posted(request), request.viewer, initial={"numbers": known.number if known else ""})

    def act() -> None:
        given = dict(form.cleaned_data)
        packages.ask_disclosure(application_ids=given.pop("numbers"), viewer=request.viewer, **given)

    if acted(request, form, act, "情報公開用の書き出しを起案しました。別の決裁者の承認を待ちます。"):
        return redirect("subsidies:disclosure_list")
    return render(request, "subsidies/disclosure_new.html", {"form": form})


@needs(DISCLOSURE)
def disclosure_detail(request: Request, pk: int) -> HttpResponse:
    """One disclosure: what it holds, who approved it, the file."""
    return _page(request, get_object_or_404(_known(request), pk=pk), AnswerForm())


@require_POST
@needs(DISCLOSURE, Access.SUBMIT)
def disclosure_decide(request: Request, pk: int) -> HttpResponse:
    """承認 or 不承認, as the pressed button says."""
    package = get_object_or_404(_known(request), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        act = packages.refuse if request.POST.get("act") == "refuse" else packages.approve
        try:
            act(package_id=pk, viewer=request.viewer, answer=form.cleaned_data["answer"])
        except Refused as refused:
            form.add_error("answer", refused.problems)
        else:
            messages.success(request, "記録しました。承認したものは、できあがるとダウンロードできます。")
            return redirect("subsidies:disclosure_detail", pk)
    return _page(request, package, form)


@needs(DISCLOSURE)
def disclosure_download(request: Request, pk: int) -> HttpResponseBase:
    """Take the file away; the download is written down on every case of it."""
    package = get_object_or_404(_known(request).filter(state=Package.State.MADE), pk=pk)
    return taken_away(package, request)


def _page(request: Request, package: Package, form: AnswerForm) -> HttpResponse:
    context = {
        "package": package,
        "cases": package.applications.select_related("region").order_by("pk"),
        "form": form,
        "own": request.viewer.stands_for(package.asked_by_id),
        "may_decide": package.state == Package.State.ASKED and request.viewer.may(DISCLOSURE, Access.SUBMIT),
    }
    return render(request, "subsidies/disclosure_detail.html", context)


def _known(request: Request) -> QuerySet[Package]:
    return Package.objects.visible_to(request.viewer).order_by("-id")


urls = [
    path("disclosures/", disclosure_list, name="disclosure_list"),
    path("disclosures/export/", disclosure_export, name="disclosure_export"),
    path("disclosures/new/", disclosure_new, name="disclosure_new"),
    path("disclosures/<int:pk>/", disclosure_detail, name="disclosure_detail"),
    path("disclosures/<int:pk>/decide/", disclosure_decide, name="disclosure_decide"),
    path("disclosures/<int:pk>/download/", disclosure_download, name="disclosure_download"),
]
