"""支援後の状況: the answers of one grant, one answer with its comment and indicators, the overview."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import needs, require
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from regions.duties import STAGE

from ..duties import FOLLOW_UP, FOLLOW_UP_SUMMARY
from ..follow_up_list import (
    PAGE_ROWS,
    FollowUpFilters,
    follow_up_columns,
    follow_ups,
    kpis_of,
    stage_link,
    tally,
    word_of,
    years_of,
)
from ..follow_up_summary import summary_columns, summary_of
from ..forms.follow_up import CommentForm, FollowUpForm, FollowUpListForm
from ..models import FollowUp
from ..services import follow_ups as services
from ..state_badges import badge
from ..worklist import case_page
from .acting import acted
from .finding import application_for, posted


def application_follow_up(request: Request, pk: int) -> HttpResponse:
    """Every initiative of the grant in every year after it."""
    application = application_for(request, pk)
    require(request.viewer, FOLLOW_UP)
    rows = list(follow_ups(request.viewer, FollowUpFilters()).filter(application=application).order_by("fiscal_year"))
    context = {
        "application": application,
        "badge": badge(application, request.viewer),
        "rows": [(row, word_of(row)) for row in rows],
        "case_page": case_page(request.viewer),
    }
    return render(request, "subsidies/application_follow_up.html", context)


def follow_up_detail(request: Request, pk: int) -> HttpResponse:
    """One initiative in one year: the town writes and submits, the bureau comments and reads the stage anew."""
    row = _row(request, pk)
    form = FollowUpForm(posted(request), row)
    submits = services.may_submit(row, request.viewer) and request.POST.get("act") == "submit"
    if request.method == "POST" and not (submits or services.may_write(row, request.viewer)):
        raise PermissionDenied(services.WRITERS)

    def act() -> None:
        if submits:
            services.submit(follow_up_id=pk, viewer=request.viewer)
            return
        revision = request.POST.get("revision", "0")
        services.write(
            follow_up_id=pk, answer=form.answer(), viewer=request.viewer,
            revision=int(revision) if revision.isdecimal() else 0,
        )  # fmt: skip

    if acted(request, form, act, "提出しました。" if submits else "保存しました。承認者が提出します。"):
        return redirect("subsidies:follow_up_detail", pk)
    return _page(request, row, form, CommentForm())


@require_POST
def follow_up_comment(request: Request, pk: int) -> HttpResponse:
    """What the bureau says to the answer."""
    row = _row(request, pk)
    if not services.may_comment(row, request.viewer):
        raise PermissionDenied("コメントは、主管振興局の審査担当が書きます。")
    form = CommentForm(request.POST)

    def act() -> None:
        services.comment(follow_up_id=pk, text=form.cleaned_data["text"], viewer=request.viewer)

    if acted(request, form, act, "コメントを送りました。"):
        return redirect("subsidies:follow_up_detail", pk)
    return _page(request, row, FollowUpForm(None, row), form, refused=form)


@needs(FOLLOW_UP)
def follow_up_list(request: Request) -> HttpResponse:
    """How initiatives go on after the support, region by region."""
    form = FollowUpListForm(request.GET, years_of(request.viewer))
    filters = form.filters()
    rows = follow_ups(request.viewer, filters)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [(row, word_of(row)) for row in page.object_list],
        "tally": tally(rows),
        "reads_summary": request.viewer.may(FOLLOW_UP_SUMMARY),
    }
    return render(request, "subsidies/follow_up_list.html", context)


@needs(FOLLOW_UP)
def follow_up_export(request: Request) -> HttpResponseBase:
    """The overview, written out."""
    filters = FollowUpListForm(request.GET, years_of(request.viewer)).filters()
    trail = [("支援後の状況", reverse("subsidies:follow_up_list"))]
    return export_page(request, Export("支援後の状況", follow_up_columns(), follow_ups(request.viewer, filters), trail))


@needs(FOLLOW_UP_SUMMARY)
def follow_up_summary(request: Request) -> HttpResponse:
    """How many initiatives go on after the support, by year, program and region: numbers, no answers."""
    context = {"summary": summary_of(request.viewer), "reads_answers": request.viewer.may(FOLLOW_UP)}
    return render(request, "subsidies/follow_up_summary.html", context)


@needs(FOLLOW_UP_SUMMARY)
def follow_up_summary_export(request: Request) -> HttpResponseBase:
    """The numbers by year and region, written out."""
    trail = [("自走化の状況", reverse("subsidies:follow_up_summary"))]
    lines = summary_of(request.viewer).regions
    return export_page(request, Export("自走化の状況", summary_columns(), lines, trail))


def _row(request: Request, pk: int) -> FollowUp:
    known = FollowUp.objects.visible_to(request.viewer).for_list()
    row: FollowUp = get_object_or_404(known.select_related("application__call__ruleset"), pk=pk)
    return row


def _page(
    request: Request, row: FollowUp, form: FollowUpForm, comment: CommentForm, refused: CommentForm | None = None
) -> HttpResponse:
    viewer = request.viewer
    row.refresh_from_db(fields=["continues", "funding", "staffing", "obstacles", "national_scheme", "revision"])
    writes, submits = services.may_write(row, viewer), services.may_submit(row, viewer)
    reads_draft = row.answered_at is not None or viewer.is_municipal
    context = {
        "row": row,
        "form": form,
        "comment_form": comment,
        "refused_form": refused or form,
        "word": word_of(row),
        "kpis": kpis_of(row),
        "writes": writes and row.open,
        "submits": submits and row.open,
        "missing": services.missing(row),
        "reads": reads_draft,
        "comments": services.may_comment(row, viewer) and row.answered_at is not None,
        "stage": stage_link(row)
        if row.answered_at is not None
        and row.project.main_field_id
        and viewer.may(STAGE, Access.EDIT)
        and viewer.office.code == row.application.region.lead_bureau_id
        else "",
    }
    status = 422 if form.errors or (refused and refused.errors) else 200
    return render(request, "subsidies/follow_up_detail.html", context, status=status)


urls = [
    path("follow-ups/", follow_up_list, name="follow_up_list"),
    path("follow-ups/export/", follow_up_export, name="follow_up_export"),
    path("follow-ups/summary/", follow_up_summary, name="follow_up_summary"),
    path("follow-ups/summary/export/", follow_up_summary_export, name="follow_up_summary_export"),
    path("follow-ups/<int:pk>/", follow_up_detail, name="follow_up_detail"),
    path("follow-ups/<int:pk>/comment/", follow_up_comment, name="follow_up_comment"),
    path("applications/<int:pk>/follow-up/", application_follow_up, name="application_follow_up"),
]
